"""The keys of all commands, which can be changed; a key that something else has is refused, or taken from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.i18n import _
from desktop.core.shortcuts import EVERYWHERE, Command, Shortcuts
from desktop.ui import icons
from desktop.ui.command_list import name_of
from desktop.ui.theme import GRID

_KEY_WIDTH = 190
_SIGN = 18


def shortcuts_of(actions: Iterable[QAction], record: object = None) -> Shortcuts:
    """The commands with the keys that they have by default, and what the user has changed of them.

    Asked once, before `give_keys`: afterwards the actions have the user's keys.
    """
    commands = (
        Command(
            action.objectName(),
            tuple(keys.toString(QKeySequence.SequenceFormat.PortableText) for keys in action.shortcuts()),
            scope_of(action),
        )
        for action in actions
        if action.objectName()
    )
    return Shortcuts.of(commands, record)


def scope_of(action: QAction) -> str:
    """In which part of the window its key works: what its data says; everywhere if they say nothing."""
    scope = action.data()
    return scope if isinstance(scope, str) else EVERYWHERE


def give_keys(actions: Iterable[QAction], shortcuts: Shortcuts) -> None:
    """Let the actions have these keys."""
    for action in actions:
        if action.objectName():
            action.setShortcuts([QKeySequence(key) for key in shortcuts.keys(action.objectName())])


class ShortcutsPage(QWidget):
    """A row for each command: its name, its key, and the way back to the default."""

    changed = Signal(object)
    """The new `Shortcuts`; they hold at once."""

    def __init__(
        self, actions: Sequence[QAction], shortcuts: Shortcuts, scopes: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        """`scopes` are the names of the parts of the window, as a person reads them."""
        super().__init__(parent)
        self._shortcuts = shortcuts
        self._search = QLineEdit(placeholderText=_("Search commands or keys"), clearButtonEnabled=True)
        self._rows = {
            action.objectName(): _Row(action, scopes.get(scope_of(action), ""))
            for action in actions
            if action.objectName()
        }
        self._nothing = QLabel(_("No command has these words."))
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._nothing.hide()
        self._reset_all = QPushButton(_("Reset all keys"), autoDefault=False)
        self._reset_all.clicked.connect(self._on_reset_all)
        self._search.setAccessibleName(_("Search commands or keys"))
        self._search.textChanged.connect(self._on_searched)
        for row in self._rows.values():
            row.key_wanted.connect(self._on_key_wanted)
            row.taking_wanted.connect(self._on_taking_wanted)
            row.reset_wanted.connect(self._on_reset_wanted)
        self._lay_out()
        self.show_shortcuts(shortcuts)

    def show_shortcuts(self, shortcuts: Shortcuts) -> None:
        """Show these keys."""
        self._shortcuts = shortcuts
        for name, row in self._rows.items():
            row.show_keys(shortcuts.keys(name), shortcuts.is_changed(name))
        self._reset_all.setEnabled(bool(shortcuts.changed))

    # --- changes ---

    @Slot(str, str)
    def _on_key_wanted(self, name: str, key: str) -> None:
        row = self._rows[name]
        if not key:
            self._change(self._shortcuts.with_keys(name, ()))
            return
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        other = self._shortcuts.conflict(name, key)
        if refusal := self._shortcuts.refusal(name, key):
            row.refuse(_(refusal).format(key=shown), "")
        elif other:
            words = _("{key} belongs to “{command}”.")
            row.refuse(words.format(key=shown, command=self._rows[other].title), key)
        else:
            self._change(self._shortcuts.with_keys(name, (key,)))

    @Slot(str, str)
    def _on_taking_wanted(self, name: str, key: str) -> None:
        self._change(self._shortcuts.taken_over(name, key))

    @Slot(str)
    def _on_reset_wanted(self, name: str) -> None:
        self._change(self._shortcuts.reset(name))

    @Slot()
    def _on_reset_all(self) -> None:
        self._change(Shortcuts(self._shortcuts.commands))

    def _change(self, shortcuts: Shortcuts) -> None:
        self.show_shortcuts(shortcuts)
        self.changed.emit(shortcuts)

    # --- the page ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isWindow():
            self.close()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_searched(self) -> None:
        words = self._search.text().casefold().split()
        for row in self._rows.values():
            row.setHidden(not row.has(words))
        self._nothing.setHidden(any(not row.isHidden() for row in self._rows.values()))

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(0)
        for row in self._rows.values():
            column.addWidget(row)
        column.addWidget(self._nothing)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self._search, 1)
        top.addWidget(self._reset_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addWidget(scroll, 1)


class _Row(QWidget):
    """One command. A key that is refused is not shown as if it held: the row says why, and what can be done."""

    key_wanted = Signal(str, str)
    taking_wanted = Signal(str, str)
    reset_wanted = Signal(str)

    def __init__(self, action: QAction, scope: str) -> None:
        super().__init__()
        self._name = action.objectName()
        self.title = name_of(action).rstrip("…")
        self._scope = scope
        self._keys: tuple[str, ...] = ()
        self._refused = ""
        icon = QLabel()
        icon.setPixmap(action.icon().pixmap(_SIGN, _SIGN))
        icon.setFixedWidth(_SIGN)
        label = QLabel(self.title, wordWrap=True)
        place = QLabel(scope)
        place.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._more = QLabel()
        self._more.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._field = _KeyField()
        self._field.setMaximumSequenceLength(1)
        self._field.setFixedWidth(_KEY_WIDTH)
        self._field.setAccessibleName(_("Key for “{command}”").format(command=self.title))
        self._field.editingFinished.connect(self._on_typed)
        label.setBuddy(self._field)
        self._remove = _button("cancel", _("No key"), _("No key for “{command}”").format(command=self.title))
        self._remove.clicked.connect(self._on_remove)
        self._reset = _button("undo", _("Reset"), _("Reset “{setting}”").format(setting=self.title))
        self._reset.clicked.connect(self._on_reset)
        first = QHBoxLayout()
        first.setSpacing(GRID)
        first.addWidget(icon)
        first.addWidget(label, 1)
        for widget in (self._more, place, self._field, self._remove, self._reset):
            first.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID // 2 + 1, 0, GRID // 2)
        layout.setSpacing(GRID // 2)
        layout.addLayout(first)
        layout.addWidget(self._trouble())

    def show_keys(self, keys: Sequence[str], is_changed: bool) -> None:
        """Show these; the field has the first."""
        self._keys = tuple(keys)
        with QSignalBlocker(self._field):
            self._field.setKeySequence(QKeySequence(keys[0] if keys else ""))
        others = ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys[1:])
        self._more.setText(_("also {keys}").format(keys=others) if others else "")
        self._remove.setVisible(bool(keys))
        self._reset.setVisible(is_changed)
        self._refusal.hide()
        self._field.setAccessibleDescription("")

    def refuse(self, words: str, key: str) -> None:
        """Say why the key cannot be had; `key` is given if it can be taken from where it is."""
        self.show_keys(self._keys, self._reset.isVisibleTo(self))
        self._refused = key
        self._words.setText(words)
        self._take.setVisible(bool(key))
        self._refusal.show()
        self._field.setAccessibleDescription(words)

    def has(self, words: Sequence[str]) -> bool:
        """Whether all these words stand in its name, its place or its keys."""
        keys = (QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in self._keys)
        text = " ".join((self.title, self._scope, *keys)).casefold()
        return all(word in text for word in words)

    def _trouble(self) -> QWidget:
        self._refusal = QWidget()
        sign = QLabel()
        sign.setPixmap(icons.icon("warning").pixmap(_SIGN, _SIGN))
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._take = QPushButton(_("Take it from there"), autoDefault=False)
        self._take.clicked.connect(self._on_take)
        layout = QHBoxLayout(self._refusal)
        layout.setContentsMargins(0, 0, 0, GRID // 2)
        layout.setSpacing(GRID)
        layout.addWidget(sign)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._take)
        self._refusal.hide()
        return self._refusal

    @Slot()
    def _on_typed(self) -> None:
        key = self._field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if key and key not in self._keys[:1]:
            self.key_wanted.emit(self._name, key)

    @Slot()
    def _on_remove(self) -> None:
        self._field.setFocus()
        self.key_wanted.emit(self._name, "")

    @Slot()
    def _on_take(self) -> None:
        self._field.setFocus()
        self.taking_wanted.emit(self._name, self._refused)

    @Slot()
    def _on_reset(self) -> None:
        self._field.setFocus()
        self.reset_wanted.emit(self._name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()


class _KeyField(QKeySequenceEdit):
    """Takes any key but those that lead out of it; Qt's own one keeps Shift+Tab and Escape (6.11)."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backtab:
            self.focusNextPrevChild(False)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _button(icon: str, name: str, spoken: str) -> QToolButton:
    """Keeps its place when it is hidden."""
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setToolTip(name)
    button.setAccessibleName(spoken)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    kept = button.sizePolicy()
    kept.setRetainSizeWhenHidden(True)
    button.setSizePolicy(kept)
    return button
