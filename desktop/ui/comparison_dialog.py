"""What a person has changed, beside what was heard; each change leads to its place and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPalette, QResizeEvent, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core import comparison, editing
from desktop.core.comparison import Change, Difference, How, Piece
from desktop.core.i18n import _, _n, mark
from desktop.core.names import clock
from desktop.core.transcript import Segment, Transcript
from desktop.ui.marked_text import ground_of, height_of, laid_out, letters
from desktop.ui.theme import GRID, MARGIN

_SIZE = (860, 600)
_SMALLEST = (560, 360)
_BATCH = 60
_INLINE, _COLUMNS = "inline", "columns"

_NAMES = {
    Change.SPEAKER: mark("Speaker"),
    Change.TIMES: mark("Times"),
    Change.LINES: mark("Line breaks"),
    Change.CUTS: mark("Split or merged"),
}

_Index = QModelIndex | QPersistentModelIndex


class ComparisonDialog(QDialog):
    """Stays open beside the text: what is taken back here changes there."""

    place_wanted = Signal(int)
    """A time in ms that is to be shown in the text."""
    edit_wanted = Signal(object)

    def __init__(self, original: Transcript, current: Transcript, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._original = original
        self._current = current
        self._count = QLabel()
        self._only = QCheckBox(_("&Only changes"))
        self._only.setChecked(True)
        self._way = QComboBox()
        self._way.addItem(_("In one text"), _INLINE)
        self._way.addItem(_("Side by side"), _COLUMNS)
        self._way.setAccessibleName(_("Way of showing"))
        self._model = _Rows()
        self._list = _List(self._model)
        self._empty = QLabel(_("The text is as it was heard."), alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._go = QPushButton(_("&Go to place"), autoDefault=False)
        self._revert = QPushButton(_("&Revert this"), autoDefault=False)
        self._revert_all = QPushButton(_("Revert &all"), autoDefault=False)
        self._close = QPushButton(_("&Close"), autoDefault=False)
        self._make()
        self._lay_out()
        self._compare()
        self._list.setFocus()

    def take(self, original: Transcript, current: Transcript) -> None:
        """The transcript after an edit, or with more at its end."""
        self._original, self._current = original, current
        self._compare()

    # --- what differs ---

    def _compare(self) -> None:
        at_ms, row = self._present()
        self._model.show_rows(self._rows())
        count = self._model.count
        self._count.setText(_n("{count} difference", "{count} differences", count))
        self._list.setVisible(self._model.rowCount() > 0)
        self._empty.setVisible(self._model.rowCount() == 0)
        self._revert_all.setEnabled(self._current.segments != self._original.segments)
        self._list.setCurrentIndex(self._model.index(self._model.nearest(at_ms, row)))
        self._on_current_changed()

    def _rows(self) -> list[Row]:
        differences = comparison.compared(self._original, self._current)
        rows = [Row(difference=one) for one in differences]
        if not self._only.isChecked():
            changed = {at for one in differences for at in one.positions}
            rows += [Row(segment=one) for at, one in enumerate(self._current.segments) if at not in changed]
            rows.sort(key=lambda row: row.start_ms)
        return rows

    def _present(self) -> tuple[int, int]:
        row = self._list.currentIndex().row()
        return (self._model.row(row).start_ms, row) if row >= 0 else (0, 0)

    # --- what is wanted ---

    @Slot()
    def _on_go(self) -> None:
        if self._list.currentIndex().isValid():
            self.place_wanted.emit(self._present()[0])

    @Slot()
    def _on_revert(self) -> None:
        row = self._list.currentIndex().row()
        difference = self._model.row(row).difference if row >= 0 else None
        if difference is not None:
            self.edit_wanted.emit(comparison.put_back(self._original, self._current, difference))

    @Slot()
    def _on_revert_all(self) -> None:
        self.edit_wanted.emit(editing.all_reverted(self._current, self._original))

    @Slot()
    def _on_current_changed(self) -> None:
        row = self._list.currentIndex().row()
        self._go.setEnabled(row >= 0)
        self._revert.setEnabled(row >= 0 and self._model.row(row).difference is not None)

    @Slot()
    def _on_only_changed(self) -> None:
        self._compare()

    @Slot()
    def _on_way_changed(self) -> None:
        self._list.show_columns(self._way.currentData() == _COLUMNS)

    # --- the dialog ---

    def _make(self) -> None:
        self.setWindowTitle(_("Compare with original"))
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._go.setToolTip(QKeySequence("Return").toString(QKeySequence.SequenceFormat.NativeText))
        self._only.toggled.connect(self._on_only_changed)
        self._way.activated.connect(self._on_way_changed)
        self._list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._list.place_wanted.connect(self._on_go)
        self._list.revert_wanted.connect(self._on_revert)
        self._go.clicked.connect(self._on_go)
        self._revert.clicked.connect(self._on_revert)
        self._revert_all.clicked.connect(self._on_revert_all)
        self._close.clicked.connect(self.close)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(MARGIN)
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(self._only)
        top.addWidget(self._way)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._go)
        foot.addWidget(self._revert)
        foot.addWidget(self._revert_all)
        foot.addStretch(1)
        foot.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GRID + GRID // 2)
        layout.addLayout(top)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._empty, 1)
        layout.addLayout(foot)


@dataclass(frozen=True)
class Row:
    """A difference, or a segment that is as it was heard."""

    difference: Difference | None = None
    segment: Segment | None = None

    @property
    def start_ms(self) -> int:
        """When it begins."""
        shown = self.difference or self.segment
        assert shown
        return shown.start_ms

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its text, with what is gone before what is new."""
        if self.difference:
            return self.difference.pieces
        return (Piece(self.segment.text, How.SAME),) if self.segment else ()

    @cached_property
    def note(self) -> str:
        """What has changed apart from words."""
        if not self.difference:
            return ""
        notes = []
        for change in self.difference.changes:
            if change in _NAMES:
                old, new = (_detail(change, side) for side in (self.difference.before, self.difference.after))
                notes.append(f"{_(_NAMES[change])}: {old} → {new}" if old != new else _(_NAMES[change]))
        return "  ·  ".join(notes)

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        if not self.difference:
            return f"{clock(self.start_ms)}: {self.pieces[0].text}"
        old = "".join(piece.text for piece in self.difference.before_pieces).strip()
        new = "".join(piece.text for piece in self.difference.after_pieces).strip()
        words = _("{time}: “{old}” became “{new}”").format(time=clock(self.start_ms), old=old, new=new)
        return f"{words}. {self.note}" if self.note else words


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def count(self) -> int:
        """How many differences there are."""
        return sum(row.difference is not None for row in self._rows)

    def row(self, number: int) -> Row:
        """One of them."""
        return self._rows[number]

    def nearest(self, at_ms: int, number: int) -> int:
        """The row of that time, or the one that has come to its place."""
        same = next((at for at, row in enumerate(self._rows) if row.start_ms == at_ms), None)
        return min(number, len(self._rows) - 1) if same is None else same

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._rows[index.row()].spoken if role == Qt.ItemDataRole.AccessibleTextRole else None


class _List(QListView):
    place_wanted = Signal()
    revert_wanted = Signal()

    def __init__(self, model: _Rows) -> None:
        super().__init__()
        self._drawn = _Drawn(self, model)
        self.setModel(model)
        self.setItemDelegate(self._drawn)
        self.setAccessibleName(_("Differences"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Ten hours are laid out in steps, so that the window shows at once.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.doubleClicked.connect(self.place_wanted)

    def show_columns(self, shown: bool) -> None:
        """Both texts beside each other, or in one."""
        self._drawn.in_columns = shown
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.place_wanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.revert_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()


class _Drawn(QStyledItemDelegate):
    """The time, the text with its changes, and under it what else has changed."""

    in_columns = False

    def __init__(self, view: QListView, model: _Rows) -> None:
        super().__init__(view)
        self._view = view
        self._rows = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = self._rows.row(index.row())
        high = max(height_of(one) for one in self._layouts(option, row, self._view.viewport().width()))
        note = option.fontMetrics.height() + GRID // 2 if row.note else 0
        return QSize(0, round(high) + note + 2 * GRID + 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, rect = self._rows.row(index.row()), QRect(option.rect)
        palette, role = option.palette, QPalette.ColorRole
        painter.save()
        painter.fillRect(rect, ground_of(palette, self._is_chosen(option)))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, palette.color(role.Mid))
        painter.setPen(palette.color(role.PlaceholderText))
        wide, line = self._time_width(option), option.fontMetrics.height()
        place = QRect(rect.left() + GRID, rect.top() + GRID, wide, line)
        place = QStyle.visualRect(option.direction, rect, place)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, clock(row.start_ms))
        room = self._room(option, rect.width())
        layouts = self._layouts(option, row, rect.width())
        step = room + 3 * GRID
        for number, layout in enumerate(layouts):
            left = rect.left() + wide + 3 * GRID + number * step
            place = QStyle.visualRect(
                option.direction, rect, QRect(round(left), rect.top(), round(room), rect.height())
            )
            painter.setPen(palette.color(role.Text))
            layout.draw(painter, QPointF(place.left(), rect.top() + GRID))
        if row.note:
            painter.setPen(palette.color(role.PlaceholderText))
            place = QRect(
                rect.left() + wide + 3 * GRID, rect.bottom() - GRID - line, rect.width() - wide - 4 * GRID, line
            )
            painter.drawText(QStyle.visualRect(option.direction, rect, place), Qt.AlignmentFlag.AlignLeading, row.note)
        painter.restore()

    def _layouts(self, option: QStyleOptionViewItem, row: Row, width: int) -> list[QTextLayout]:
        forms = letters(option.palette, ground_of(option.palette, self._is_chosen(option)))
        room = self._room(option, width)
        if not self.in_columns:
            return [laid_out(row.pieces, forms, option.font, room)]
        without = (How.NEW, How.GONE)
        sides = [[piece for piece in row.pieces if piece.how is not how] for how in without]
        return [laid_out(side, forms, option.font, room) for side in sides]

    def _room(self, option: QStyleOptionViewItem, width: int) -> float:
        whole = max(80, width - self._time_width(option) - 4 * GRID)
        return (whole - 3 * GRID) / 2 if self.in_columns else whole

    def _time_width(self, option: QStyleOptionViewItem) -> int:
        return option.fontMetrics.horizontalAdvance("0:00:00")

    def _is_chosen(self, option: QStyleOptionViewItem) -> bool:
        return bool(option.state & QStyle.StateFlag.State_Selected)


def _detail(change: Change, side: Sequence[Segment]) -> str:
    """How it is on one side, if it can be said in a word."""
    if change is Change.SPEAKER:
        return ", ".join(dict.fromkeys(one.speaker or "–" for one in side))
    if change is Change.TIMES:
        return f"{_exact(side[0].start_ms)}–{_exact(side[-1].end_ms)}"
    return str(len(side)) if change is Change.CUTS else ""


def _exact(ms: int) -> str:
    """A time to the hundredth of a second: changes may be that small."""
    return f"{clock(ms)}.{ms // 10 % 100:02}"
