"""The table of cues: moves, selects and edits in place; what a person wants goes out as signals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QPersistentModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QMenu, QStyleOptionViewItem, QTableView, QWidget

from desktop.core.cues import Cue
from desktop.core.i18n import _
from desktop.core.problems import Problem
from desktop.core.rules import Rules
from desktop.ui.cues.cue_delegate import ICON, CueDelegate, lengths_width
from desktop.ui.cues.cue_editor import CueEditor, Ending
from desktop.ui.cues.cue_model import Column, CueModel, Index
from desktop.ui.cues.time_field import TimeField
from desktop.ui.theme import GRID

NOTE_WIDTHS = (ICON + 2 * GRID, 270)
NARROWEST_TEXT = 120
SAMPLE = "nobody in the town knew what would happen when the moon came "
WIDEST_SPEAKER = 120
HOUR_MS = 3_600_000


class CueTable(QTableView):
    """Shows cues. Enter or a double click opens a cell, Tab goes to the text of the next cue."""

    text_typed = Signal(int, str)
    """A row and its new text."""
    time_typed = Signal(int, int, int)
    """A row, and its new start and end."""
    split_wanted = Signal(int, str, int)
    """A row, its text as typed, and where to cut it."""
    row_chosen = Signal(int)
    """The current row is another one."""
    seek_wanted = Signal(int)
    """Play from here, in milliseconds."""
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = CueModel()
        self._keys: Sequence[QAction] = ()
        self._needed: tuple[bool, bool, set[str]] = (False, False, set())
        self.playing_row = -1
        self._starts: list[int] = []
        self._editor: QWidget | None = None
        self._edited = QPersistentModelIndex()
        self._menu: QMenu | None = None
        self._empty = _Empty(self)
        self.setModel(self._model)
        self.setItemDelegate(CueDelegate(self, self._model))
        self._make()

    # --- what is shown ---

    def show_cues(self, cues: Sequence[Cue], problems: Sequence[Problem], rules: Rules) -> None:
        """Show other cues from their start."""
        self._model.show_cues(cues, problems, rules)
        self._after_change()
        if cues:
            self.setCurrentIndex(self._model.index(0, Column.TEXT))

    def take(self, cues: Sequence[Cue], problems: Sequence[Problem], rules: Rules) -> None:
        """Show what has become of the cues; the current row stays where it is."""
        self._model.take(cues, problems, rules)
        self._after_change()

    def say(self, text: str) -> None:
        """What stands in place of the rows as long as there are none."""
        self._empty.setText(text)
        self._empty.setVisible(bool(text))

    def show_playing(self, ms: int) -> None:
        """Mark the cue that is said at this time; follow it as long as it is in sight."""
        row = bisect_right(self._starts, ms) - 1
        before, self.playing_row = self.playing_row, row
        if row == before:
            return
        was_in_sight = self._is_in_sight(before)
        for one in (before, row):
            self._repaint_row(one)
        if was_in_sight and not self._is_in_sight(row) and not self.is_editing:
            self.scrollTo(self._model.index(row, Column.TEXT), QAbstractItemView.ScrollHint.PositionAtCenter)

    def choose(self, row: int, column: Column = Column.TEXT) -> None:
        """Make a row the current one and bring it into sight."""
        if not 0 <= row < len(self._starts):
            return
        index = self._model.index(row, column)
        is_far = not self._is_in_sight(row)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        hint = QAbstractItemView.ScrollHint
        self.scrollTo(index, hint.PositionAtCenter if is_far else hint.EnsureVisible)

    def row_at(self, ms: int) -> int:
        """The last cue that has begun at this time; the first before all of them."""
        return max(0, bisect_right(self._starts, ms) - 1)

    @property
    def cues(self) -> Sequence[Cue]:
        """All that are shown."""
        return self._model.cues

    @property
    def row(self) -> int:
        """The current row, or -1."""
        return self.currentIndex().row()

    def chosen_rows(self) -> list[int]:
        """The selected rows in their order."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def _after_change(self) -> None:
        cues = self._model.cues
        self._starts = [cue.start_ms for cue in cues]
        self.playing_row = min(self.playing_row, len(cues) - 1)
        speakers = {cue.speaker for cue in cues} - {""}
        needed = (len(cues) > 999, bool(cues) and cues[-1].start_ms >= HOUR_MS, speakers)
        if needed != self._needed:
            self._needed = needed
            self.setColumnHidden(Column.SPEAKER, not speakers)
            self._fit_columns()

    def _is_in_sight(self, row: int) -> bool:
        top = self.rowViewportPosition(row)
        return row >= 0 and top >= 0 and top + self.rowHeight(row) <= self.viewport().height()

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            top = self.rowViewportPosition(row)
            self.viewport().update(QRect(0, top, self.viewport().width(), self.rowHeight(row)))

    # --- editing in place ---

    @property
    def is_editing(self) -> bool:
        """Whether a cell is open."""
        return self._editor is not None

    def open_cell(self, column: Column = Column.TEXT) -> None:
        """Type in a cell of the current row."""
        if self.row >= 0:
            self.choose(self.row, column)
            self.edit(self._model.index(self.row, column))

    def editor_opened(self, editor: QWidget, index: Index) -> None:
        """The delegate has made an editor."""
        self._editor, self._edited = editor, QPersistentModelIndex(index)

    @Slot()
    def open_text(self) -> None:
        """Type in the text of the current row."""
        self.open_cell(Column.TEXT)

    @Slot()
    def finish_editing(self) -> None:
        """Take what is typed in an open cell."""
        if isinstance(self._editor, CueEditor):
            self.on_text_ended(Ending.TAKE)
        elif self._editor is not None:
            self.on_time_ended(True)

    @Slot(object)
    def on_text_ended(self, ending: Ending) -> None:
        """The user leaves the text of a cue."""
        editor = self._editor
        if not isinstance(editor, CueEditor):
            return
        row, text, caret = self._edited.row(), editor.text, editor.caret
        is_changed = text != editor.cue.text
        self._close(editor)
        if row < 0:  # the cue went while it was typed
            return
        if ending is Ending.SPLIT:
            self.split_wanted.emit(row, text, caret)
        elif ending is not Ending.LEAVE and is_changed:
            self.text_typed.emit(row, text)
        if ending in (Ending.NEXT, Ending.PREVIOUS):
            beside = row + (1 if ending is Ending.NEXT else -1)
            if 0 <= beside < len(self._starts):
                self.choose(beside)
                self.open_cell()

    @Slot(bool)
    def on_time_ended(self, is_taken: bool) -> None:
        """The user leaves a time."""
        editor = self._editor
        if not isinstance(editor, TimeField):
            return
        row, column, ms = self._edited.row(), self._edited.column(), editor.ms
        self._close(editor)
        if is_taken and ms is not None and row >= 0:
            cue = self._model.cues[row]
            is_start = column == Column.START
            self.time_typed.emit(row, ms if is_start else cue.start_ms, cue.end_ms if is_start else ms)

    def _close(self, editor: QWidget) -> None:
        self._editor = None  # first: closing moves the focus, and that ends an editor as well
        self.closeEditor(editor, CueDelegate.EndEditHint.NoHint)

    # --- keys and mouse ---

    def currentChanged(self, current: Index, previous: Index) -> None:
        self.finish_editing()
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.row_chosen.emit(current.row())

    def event(self, event: QEvent) -> bool:
        # The window has keys of its own, such as Delete for the queue: here they mean cues.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action_of(event)
        if action:
            action.trigger()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            column = Column(max(0, self.currentIndex().column()))
            self.open_cell(column if column in (Column.START, Column.END) else Column.TEXT)
        elif event.key() == Qt.Key.Key_Space:
            self._play()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._play()
            return
        super().mouseDoubleClickEvent(event)
        if isinstance(self._editor, CueEditor):
            # The lines stand in the middle of the cell, and at the top of the editor.
            lines, height = len(self._editor.cue.lines), QFontMetrics(self.font()).lineSpacing()
            offset = event.position().y() - self.visualRect(index).center().y()
            line = min(max(0, int(offset / height + lines / 2)), lines - 1)
            self._editor.put_caret(line, round(event.position().x()) - self._editor.x())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._menu and self.row >= 0:
            at = event.globalPos()
            if event.reason() is QContextMenuEvent.Reason.Keyboard:
                at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            self._menu.popup(at)

    def use_menu(self, menu: QMenu) -> None:
        """What a right click offers."""
        self._menu = menu

    def use_actions(self, actions: Sequence[QAction]) -> None:
        """What has keys here."""
        self._keys = actions

    def _action_of(self, event: QKeyEvent) -> QAction | None:
        pressed = QKeySequence(event.keyCombination())
        return next((one for one in self._keys if pressed in one.shortcuts()), None)

    def _is_own(self, event: QKeyEvent) -> bool:
        undoes = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        return undoes or self._action_of(event) is not None

    def _play(self) -> None:
        if self.row >= 0:
            self.seek_wanted.emit(self._model.cues[self.row].start_ms)

    # --- layout ---

    def initViewItemOption(self, option: QStyleOptionViewItem) -> None:
        super().initViewItemOption(option)
        # The style would paint chosen rows in the full accent, below what the delegate draws.
        option.palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)

    def _make(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setAccessibleName(_("Cues"))
        self.setObjectName("cues")
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(CueDelegate.row_height(self.font()))
        self.setHorizontalHeader(_Titles(self))
        self.setColumnHidden(Column.SPEAKER, True)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        self._empty.setGeometry(self.viewport().geometry())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.verticalHeader().setDefaultSectionSize(CueDelegate.row_height(self.font()))
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Figures as wide as they must be, and the rest for text and notes."""
        metrics = QFontMetrics(self.font())
        titles = self.horizontalHeader()
        is_long, has_hours, _speakers = self._needed
        time = "00:00:00.000" if has_hours else "00:00.000"
        samples = {
            Column.NUMBER: "000000" if is_long else "0000",
            Column.START: time,
            Column.END: time,
            Column.DURATION: "00.00",
            Column.SPEED: "000",
        }
        left = self.viewport().width()
        for column, sample in samples.items():
            title = QFontMetrics(titles.font()).horizontalAdvance(
                str(self._model.headerData(column, Qt.Orientation.Horizontal))
            )
            width = max(metrics.horizontalAdvance(sample), title) + 2 * GRID
            self.setColumnWidth(column, width)
            left -= width
        if not self.isColumnHidden(Column.SPEAKER):
            names = (*self._needed[2], str(self._model.headerData(Column.SPEAKER, Qt.Orientation.Horizontal)))
            width = min(WIDEST_SPEAKER, max(map(metrics.horizontalAdvance, names)) + 2 * GRID)
            self.setColumnWidth(Column.SPEAKER, width)
            left -= width
        # Lines as long as the style allows come first; without room for words, notes are icons.
        rules = self._model.rules
        letter = metrics.horizontalAdvance(SAMPLE) / len(SAMPLE)
        lines = round(letter * rules.line_characters * rules.unit) + lengths_width(self.font())
        notes = max(NOTE_WIDTHS[0], min(NOTE_WIDTHS[1], left - lines))
        self.setColumnWidth(Column.NOTES, notes)
        self.setColumnWidth(Column.TEXT, max(NARROWEST_TEXT, left - notes))


class _Titles(QHeaderView):
    """The names of the columns, as quiet as captions."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setFixedHeight(QFontMetrics(font).height() + GRID + GRID // 2)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's own name
        palette = self.palette()
        painter.save()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, palette.color(QPalette.ColorRole.Mid))
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        is_figure = Column(logicalIndex) < Column.SPEAKER
        at_right = not is_mirrored if Column(logicalIndex) is Column.NUMBER else is_figure or is_mirrored
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        title = self.model().headerData(logicalIndex, self.orientation())
        if rect.width() <= NOTE_WIDTHS[0]:
            title = ""
        area = rect.adjusted(GRID - 1, 0, -GRID + 1, 0)
        shown = QFontMetrics(self.font()).elidedText(title, Qt.TextElideMode.ElideRight, area.width() + 1)
        painter.drawText(area, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.fillRect(0, self.height() - 1, self.viewport().width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()
        super().paintEvent(event)  # type: ignore[arg-type]


class _Empty(QLabel):
    """Says why there are no rows."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
