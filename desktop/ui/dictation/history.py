"""What was dictated: to be found, read, copied, inserted once more, heard, recognised by another model, or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.dictated import OUTCOMES, Entry, EntryId, Outcome
from desktop.core.errors import AppError
from desktop.core.i18n import _, _n
from desktop.core.languages import LANGUAGES
from desktop.core.names import clock
from desktop.core.options import AUTO
from desktop.core.settings import UNKEPT, Settings, about_setting
from desktop.ui import icons
from desktop.ui.dictation.history_model import HistoryDelegate, HistoryModel, day, time_of_day
from desktop.ui.notices import Notices
from desktop.ui.player.playback import Playback, State
from desktop.ui.theme import GRID, MARGIN

UNDO_MS = 6_000
"""What is deleted can be had back for so long, as long as the window is open."""
GOES_MS = 350
"""The keyboard is back in the other program by then."""
READ_PX = 16
_LIST_WIDTH = 300
_FIRST_SIZE = (860, 560)
_SMALLEST = (720, 380)


class HistoryWindow(QDialog):
    """A list of all dictations, and the one that is chosen. Nothing is changed here: wishes go out."""

    look_wanted = Signal()
    """The window was opened: it wants all entries."""
    copy_wanted = Signal(int)
    insert_wanted = Signal(int)
    """Insert it where the keyboard is; this window is gone by then."""
    hear_again_wanted = Signal(int, str)
    """Recognise the sound of an entry once more with a model."""
    forget_wanted = Signal(object)
    """Ids of entries, a tuple."""
    forget_all_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, models: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = HistoryModel()
        self._doomed: frozenset[EntryId] = frozenset()
        self._is_all_doomed = False
        self._shown: EntryId = 0
        self._search = QLineEdit(placeholderText=_("Search dictations"), clearButtonEnabled=True)
        self.list = _List(self.model)
        self.entry = _EntryView(models)
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._kept = QLabel(wordWrap=True)
        self._change = QPushButton(_("C&hange…"), autoDefault=False, flat=True)
        self._forget_all = QPushButton(_("Delete &all"), autoDefault=False)
        self._close = QPushButton(_("&Close"), autoDefault=False)
        self._notices = Notices()
        self._undo_time = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._undo_time.timeout.connect(self._forget_now)
        self._make()
        self._lay_out()
        self.use_settings(Settings())
        self._show_chosen()

    # --- what is shown ---

    @Slot(object)
    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, the newest chosen unless another one is."""
        self.model.show_entries(entries)
        self._choose(self._shown)

    @Slot(object)
    def show_entry(self, entry: Entry) -> None:
        """Show a new entry, or the new value of a known one."""
        self.model.show_entry(entry)
        self._choose(self._shown)

    @Slot(object)
    def forget(self, entry_ids: Sequence[EntryId]) -> None:
        """These are no more."""
        self.model.remove(entry_ids)
        self._choose(self._shown)

    @Slot(object)
    def show_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these models, as value and label, from now on."""
        self.entry.show_models(models)

    @Slot(object)
    def use_settings(self, settings: Settings) -> None:
        """Say how long text and sound are kept."""
        times = about_setting("dictation_history").choices
        if settings.dictation_history == UNKEPT:
            self._kept.setText(_("Dictations are not kept."))
            return
        text, sound = _(times[settings.dictation_history]), _(times[settings.dictation_sound_time])
        self._kept.setText(
            _("Kept: the text {text}, the sound {sound}.").format(text=_small(text), sound=_small(sound))
        )

    @Slot(object)
    def show_error(self, error: AppError) -> None:
        """Say what failed."""
        self.entry.show_working(False)
        self._notices.show_error(error)

    def open(self) -> None:
        """Bring the window up."""
        self.show()
        self.raise_()
        self.activateWindow()

    # --- choosing ---

    def _choose(self, entry_id: EntryId) -> None:
        row = self.model.row_of(entry_id)
        index = self.model.index(max(0, row))
        self.list.setCurrentIndex(index)
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        entry = self.model.entry(self.list.currentIndex().row())
        self._shown = entry.id if entry else 0
        self.entry.show_entry(entry)
        is_empty = self.model.is_empty
        self._empty.setText(
            _("What you dictate will be listed here.") if is_empty else _("No dictation has these words.")
        )
        self._stack.setCurrentIndex(0 if entry else 1)
        self._forget_all.setEnabled(not is_empty)

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        self.model.search(text)
        self._choose(self._shown)

    @Slot(QModelIndex)
    def _on_current(self, _index: QModelIndex) -> None:
        if not self._undo_time.isActive():
            self._notices.dismiss_all()
        self._show_chosen()

    # --- wishes ---

    @Slot()
    def _on_copy(self) -> None:
        if self._shown:
            self.copy_wanted.emit(self._shown)
            self._notices.show_notice(_("Copied."), seconds=2)

    @Slot()
    def _on_insert(self) -> None:
        entry_id = self._shown
        if entry_id:
            self.hide()
            QTimer.singleShot(GOES_MS, self, lambda: self.insert_wanted.emit(entry_id))

    @Slot(str)
    def _on_hear_again(self, model: str) -> None:
        self.entry.show_working(True)
        self.hear_again_wanted.emit(self._shown, model)

    @Slot()
    def _on_forget(self) -> None:
        if self._shown:
            row = self.list.currentIndex().row()
            after = self.model.entry(row + 1) or self.model.entry(row - 1)
            self._doom(self._doomed | {self._shown}, after.id if after else 0)

    @Slot()
    def _on_forget_all(self) -> None:
        self._is_all_doomed = True
        self._doom(self.model.ids, 0)

    def _doom(self, entry_ids: frozenset[EntryId], then: EntryId) -> None:
        self.entry.silence()
        self._doomed = entry_ids
        self.model.hide(entry_ids)
        self._choose(then)
        self._notices.dismiss_all()
        deleted = _n("{count} dictation was deleted.", "{count} dictations were deleted.", len(entry_ids))
        self._notices.show_notice(deleted, _("Undo"), self._undo, UNDO_MS / 1000)
        self._undo_time.start()

    def _undo(self) -> None:
        self._undo_time.stop()
        back = max(self._doomed, default=0)
        self._doomed, self._is_all_doomed = frozenset(), False
        self.model.hide(())
        self._choose(back)

    @Slot()
    def _forget_now(self) -> None:
        doomed, is_all = self._doomed, self._is_all_doomed
        self._doomed, self._is_all_doomed = frozenset(), False
        self._undo_time.stop()
        self._notices.dismiss_all()
        if is_all:
            self.forget_all_wanted.emit()
        elif doomed:
            self.forget_wanted.emit(tuple(sorted(doomed)))
        self.model.remove(doomed)
        self.model.hide(())
        self._choose(self._shown)

    # --- the window ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_wanted.emit()
        self.list.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        self.entry.silence()
        if self._doomed:
            self._forget_now()
        super().hideEvent(event)

    def _make(self) -> None:
        self.setWindowTitle(_("Dictations"))
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_FIRST_SIZE)
        self._search.setAccessibleName(_("Search dictations"))
        self._search.textChanged.connect(self._on_searched)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._kept.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._change.setAccessibleName(_("Change how long dictations are kept"))
        self._change.clicked.connect(self.settings_wanted)
        self._forget_all.clicked.connect(self._on_forget_all)
        self._close.clicked.connect(self.close)
        self.entry.copy.clicked.connect(self._on_copy)
        self.entry.insert.clicked.connect(self._on_insert)
        self.entry.forget.clicked.connect(self._on_forget)
        self.entry.model_chosen.connect(self._on_hear_again)
        QShortcut(QKeySequence.StandardKey.Find, self, self._search.setFocus)
        for text, icon, key, do in (
            (_("Copy"), "copy", QKeySequence.StandardKey.Copy, self._on_copy),
            (_("Insert again"), "insert", QKeySequence("Ctrl+Return"), self._on_insert),
            (_("Hear it"), "play", QKeySequence("Space"), self.entry.on_play),
            (_("Delete"), "remove", QKeySequence.StandardKey.Delete, self._on_forget),
        ):
            action = QAction(icons.icon(icon), text, self.list)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(do)
            self.list.addAction(action)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self._search)
        left.addWidget(self.list, 1)
        right = QWidget()
        self._stack = QStackedLayout(right)
        self._stack.addWidget(self.entry)
        self._stack.addWidget(self._empty)
        line = QFrame()
        line.setObjectName("hairline")
        line.setFixedWidth(1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._forget_all)
        foot.addSpacing(GRID)
        foot.addWidget(self._kept, 1)
        foot.addWidget(self._change)
        foot.addWidget(self._close)
        grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(GRID + GRID // 2)
        grid.addLayout(left, 0, 0)
        grid.addWidget(line, 0, 1)
        grid.addWidget(right, 0, 2)
        grid.addWidget(self._notices, 1, 0, 1, 3)
        grid.addLayout(foot, 2, 0, 1, 3)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(0, 1)


class _List(QListView):
    """The entries, under their days."""

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(HistoryDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(_LIST_WIDTH)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Dictations"))
        self.viewport().setAutoFillBackground(False)


class _EntryView(QWidget):
    """One dictation: its text to read, where it came from, and what can be done with it."""

    model_chosen = Signal(str)

    def __init__(self, models: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self._names: dict[str, str] = {}
        self._playback = Playback()
        self._playback.state_changed.connect(self._on_state)
        self._playback.failed.connect(self._on_failed)
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setAccessibleName(_("Text"))
        font = self._text.font()
        font.setPixelSize(READ_PX)
        self._text.setFont(font)
        self._about, self._heard, self._state = QLabel(wordWrap=True), QLabel(wordWrap=True), QLabel(wordWrap=True)
        for quiet in (self._about, self._heard):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            quiet.setTextFormat(Qt.TextFormat.PlainText)
        self._heard.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.insert = QPushButton(icons.icon("insert"), _("&Insert again"), autoDefault=False)
        self.insert.setToolTip(_("This window closes, and the text goes where the keyboard was before (Ctrl+Enter)"))
        self.copy = QPushButton(icons.icon("copy"), _("C&opy"), autoDefault=False)
        self.play, self.again, self.forget = QToolButton(), QToolButton(), QToolButton()
        self.play.clicked.connect(self.on_play)
        self.again.setIcon(icons.icon("retry"))
        self.again.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.again.setAccessibleName(_("Recognise again with another model"))
        self.forget.setIcon(icons.icon("remove"))
        self.forget.setAccessibleName(_("Delete"))
        self.forget.setToolTip(_("Delete"))
        self._models = QMenu(self.again)
        self._models.triggered.connect(self._on_model)
        self.again.setMenu(self._models)
        self.show_models(models)
        self._lay_out()
        self._on_state(State.EMPTY)

    def show_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these models from now on."""
        self._names = dict(models)
        self._models.clear()
        for value, label in models:
            self._models.addAction(label).setData(value)

    def show_entry(self, entry: Entry | None) -> None:
        """Show this dictation."""
        if entry == self._entry:
            return
        if entry is None or self._entry is None or entry.id != self._entry.id or entry.sound != self._entry.sound:
            self.silence()
        self._entry = entry
        self.show_working(False)
        if entry is None:
            return
        lines = escape(entry.text).replace("\n", "<br>")
        self._text.setText(f'<p style="line-height: 150%; margin: 0">{lines}</p>' if entry.text else "")
        self._text.setVisible(bool(entry.text))
        self._about.setText(self._said(entry))
        is_other = bool(entry.heard.strip()) and entry.heard.strip() != entry.text.strip()
        self._heard.setText(_("As it was heard: {text}").format(text=entry.heard.strip()) if is_other else "")
        self._heard.setVisible(is_other)
        has_sound = entry.sound is not None
        for button in (self.play, self.again):
            button.setEnabled(has_sound)
            button.setToolTip(button.accessibleName() if has_sound else _("Its sound is not kept any more"))
        for one in (self.copy, self.insert):
            one.setEnabled(bool(entry.text))
        self._say_state(entry)

    def show_working(self, is_working: bool) -> None:
        """Say that it is being recognised once more."""
        self.again.setEnabled(not is_working and bool(self._entry and self._entry.sound))
        if is_working:
            self._state.setText(_("It is being recognised once more…"))
            self._state.show()
        elif self._entry:
            self._say_state(self._entry)

    def silence(self) -> None:
        """Let go of the sound: it may be deleted."""
        self._playback.close()

    @Slot()
    def on_play(self) -> None:
        """Play the sound, or stop."""
        if self._playback.is_playing:
            self._playback.close()
        elif self._entry and self._entry.sound:
            self._playback.open(self._entry.sound)
            self._playback.play()

    @Slot(str)
    def _on_state(self, state: str) -> None:
        plays = state == State.PLAYING
        self.play.setIcon(icons.icon("stop" if plays else "play"))
        self.play.setAccessibleName(_("Stop") if plays else _("Hear it"))
        self.play.setToolTip(self.play.accessibleName())

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self._state.setText(str(error))
        self._state.show()

    @Slot(QAction)
    def _on_model(self, action: QAction) -> None:
        self.model_chosen.emit(action.data())

    def _said(self, entry: Entry) -> str:
        model = self._names.get(entry.model, entry.model) if entry.model != AUTO else ""
        parts = (
            f"{day(entry)}, {time_of_day(entry)}",
            clock(entry.duration_ms) if entry.duration_ms else "",
            entry.program,
            _(LANGUAGES.get(entry.language, "")) if entry.language in LANGUAGES else "",
            model,
        )
        return "  ·  ".join(part for part in parts if part)

    def _say_state(self, entry: Entry) -> None:
        is_fine = entry.outcome is Outcome.INSERTED
        self._state.setText("" if is_fine else f"{_(OUTCOMES[entry.outcome])}.")
        self._state.setVisible(not is_fine)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, GRID // 2, GRID, 0)
        column.setSpacing(GRID + GRID // 2)
        for label in (self._about, self._text, self._heard, self._state):
            column.addWidget(label)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        every: tuple[QAbstractButton, ...] = (self.insert, self.copy, self.play, self.again, self.forget)
        for button in every:
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button in every[:-1]:
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
