"""Records a shortcut that is to work in every program, and says whether it does."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.core.chords import hotkey
from desktop.core.errors import AppError, HotkeysImpossible
from desktop.core.i18n import _
from desktop.core.settings import About
from desktop.ui import icons
from desktop.ui.theme import GRID

_SIGN = 16
COMMAND = "undertone dictate --toggle"


class ShortcutField(QWidget):
    """A key that cannot be had is not taken: the field says why, and what can be done."""

    edited = Signal(object)
    recording = Signal(bool)
    """Keys are recorded now, or no more: until then the shortcut that is there must not act."""

    def __init__(self, about: About) -> None:
        super().__init__()
        self._shown = ""
        self._error: AppError | None = None
        self._reading = ""
        self._keys = _KeyField()
        self._keys.setAccessibleName(_(about.label))
        self._keys.setAccessibleDescription(_(about.help))
        self._keys.editingFinished.connect(self._on_typed)
        self._keys.recording.connect(self._on_recording)
        self._remove = QToolButton()
        self._remove.setIcon(icons.icon("cancel"))
        self._remove.setIconSize(QSize(_SIGN, _SIGN))
        self._remove.setToolTip(_("No key"))
        self._remove.setAccessibleName(_("No key for “{command}”").format(command=_(about.label)))
        self._remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._remove.clicked.connect(self._on_remove)
        self._sign = QLabel()
        self._sign.setFixedWidth(_SIGN)
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._copy = QPushButton(icons.icon("copy"), _("Copy the command"), autoDefault=False)
        self._copy.clicked.connect(self._on_copy)
        self._state = QWidget()
        self.setFocusProxy(self._keys)
        self._lay_out()
        self._show_state()

    @property
    def state(self) -> str:
        """What is said about the key."""
        return "" if self._state.isHidden() else self._words.text()

    def show_value(self, value: object) -> None:
        """Show this shortcut."""
        if value != self._shown:
            self._error, self._reading = None, ""
        self._shown = str(value)
        with QSignalBlocker(self._keys):
            self._keys.setKeySequence(QKeySequence(self._shown))
        self._remove.setVisible(bool(self._shown))
        self._show_state()

    def show_grabbed(self, reading: str, error: AppError | None = None) -> None:
        """Say how the shortcut reads that works now, or why none does."""
        self._reading, self._error = reading, error
        self._show_state()

    # --- recording ---

    @Slot()
    def _on_typed(self) -> None:
        typed = self._keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if not typed or typed == self._shown:
            self.show_value(self._shown)
            return
        try:
            hotkey(typed)
        except AppError as error:
            self.show_value(self._shown)
            self._error = error
            self._show_state()
            return
        self.show_value(typed)
        self.edited.emit(typed)

    @Slot(bool)
    def _on_recording(self, is_recording: bool) -> None:
        self.recording.emit(is_recording)
        self._show_state()

    @Slot()
    def _on_remove(self) -> None:
        self._keys.setFocus()
        self.edited.emit("")

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(COMMAND)

    def _show_state(self) -> None:
        icon, words = "", ""
        if self._error:
            icon, words = "warning", str(self._error)
        elif self._keys.hasFocus():
            icon, words = "info", _("Press the keys together. They are taken from all other programs.")
        elif self._shown and self._reading:
            icon, words = "done", _("{key} works in every program.").format(key=self._reading)
        self._state.setVisible(bool(words))
        self._copy.setVisible(isinstance(self._error, HotkeysImpossible))
        self._words.setText(words)
        role = QPalette.ColorRole.WindowText if self._error else QPalette.ColorRole.PlaceholderText
        self._words.setForegroundRole(role)
        if icon:
            self._sign.setPixmap(icons.icon(icon).pixmap(_SIGN, _SIGN))

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(GRID // 2)
        first.addWidget(self._keys, 1)
        first.addWidget(self._remove)
        said = QHBoxLayout(self._state)
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(GRID - 2)
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID - 2)
        layout.addLayout(first)
        layout.addWidget(self._state)
        layout.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)


class _KeyField(QKeySequenceEdit):
    """Takes one step of keys; Tab and Esc lead out of it."""

    recording = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.recording.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.recording.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not event.modifiers() & _HOLDING:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        elif event.key() == Qt.Key.Key_Escape and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)


_HOLDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
