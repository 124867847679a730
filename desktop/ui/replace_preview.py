"""Every place that is about to be replaced, before and after, each of which can be left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.comparison import How, Piece
from desktop.core.i18n import _, _n
from desktop.core.names import clock
from desktop.core.search import Hit
from desktop.core.transcript import Transcript
from desktop.ui.marked_text import ground_of, height_of, laid_out, letters
from desktop.ui.theme import GRID, MARGIN

_AROUND = 36
"""Letters of text that are shown before a hit."""
_SIZE = (680, 460)
_ROW = 36
_BOX = 16

_Index = QModelIndex | QPersistentModelIndex
_STATE, _TEXT = Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DisplayRole


class ReplacePreview(QDialog):
    """Lists all places; `chosen` has those that are to be replaced."""

    chosen = Signal(object)

    def __init__(self, transcript: Transcript, changes: Sequence[tuple[Hit, str]], parent: QWidget) -> None:
        """`changes` are the places and what comes there, as `core.search.substitutes` gives them."""
        super().__init__(parent)
        self._model = _Changes(transcript, changes)
        self._all = _ThreeStates(_said(changes))
        self._all.setTristate(True)
        self._all.clicked.connect(self._on_all_clicked)
        self._list = _List(self._model)
        self._hint = QLabel(
            _("Space leaves a place as it is. All of it is one step that can be undone."), wordWrap=True
        )
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._buttons = QDialogButtonBox()
        self._replace = self._buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self._replace.setDefault(True)
        self._buttons.addButton(_("&Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        self._model.dataChanged.connect(self._on_choice_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GRID)
        layout.addWidget(self._all)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._hint)
        layout.addSpacing(GRID)
        layout.addWidget(self._buttons)
        self.setWindowTitle(_("Replace all"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._list.setFocus()
        self._on_choice_changed()

    @Slot()
    def _on_all_clicked(self) -> None:
        self._model.choose_all(self._model.chosen_count < self._model.rowCount())

    @Slot()
    def _on_choice_changed(self) -> None:
        count, most = self._model.chosen_count, self._model.rowCount()
        states = Qt.CheckState
        self._all.setCheckState(
            states.Checked if count == most else states.PartiallyChecked if count else states.Unchecked
        )
        self._replace.setText(_n("&Replace {count} place", "&Replace {count} places", count))
        self._replace.setEnabled(count > 0)

    @Slot()
    def _on_accepted(self) -> None:
        hits = self._model.chosen_hits()
        self.accept()
        self.chosen.emit(hits)


class _ThreeStates(QCheckBox):
    """A dash stands for "some": the style sheet knows only a tick."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.checkState() is Qt.CheckState.PartiallyChecked:
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            dash = QRect(0, 0, box.width() // 2, 2)
            dash.moveCenter(box.center())
            painter = QPainter(self)
            painter.fillRect(dash, self.palette().color(QPalette.ColorRole.Accent))
            painter.end()


class _Changes(QAbstractListModel):
    """The places, each chosen or not."""

    def __init__(self, transcript: Transcript, changes: Sequence[tuple[Hit, str]]) -> None:
        super().__init__()
        self._transcript = transcript
        self._changes = changes
        self._left = set[int]()

    @property
    def chosen_count(self) -> int:
        """How many will be replaced."""
        return len(self._changes) - len(self._left)

    def chosen_hits(self) -> list[Hit]:
        """Those that will be replaced."""
        return [hit for row, (hit, _text) in enumerate(self._changes) if row not in self._left]

    def choose_all(self, chosen: bool) -> None:
        """All or none."""
        self._left = set() if chosen else set(range(len(self._changes)))
        self.dataChanged.emit(self.index(0), self.index(len(self._changes) - 1), [_STATE])

    def pieces(self, row: int) -> list[Piece]:
        """The sentence around the place, with what goes and what comes."""
        hit, new = self._changes[row]
        text = self._transcript.segments[hit.segment].text
        before, after = text[: hit.start], text[hit.end :]
        if len(before) > _AROUND:
            before = "…" + (before[-_AROUND:].partition(" ")[2] or before[-_AROUND:])
        old, thin = text[hit.start : hit.end], "\u2009" if new else ""
        parts = ((before, How.SAME), (old, How.GONE), (thin, How.SAME), (new, How.NEW), (after, How.SAME))
        return [Piece(part.replace("\n", " "), how) for part, how in parts if part]

    def time_of(self, row: int) -> str:
        """When it is said."""
        return clock(self._transcript.segments[self._changes[row][0].segment].start_ms)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._changes)

    def data(self, index: _Index, role: int = _TEXT) -> Any:
        if role == _STATE:
            return Qt.CheckState.Unchecked if index.row() in self._left else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            hit, new = self._changes[index.row()]
            old = self._transcript.segments[hit.segment].text[hit.start : hit.end]
            words = _("{time}: “{old}” becomes “{new}”")
            return words.format(time=self.time_of(index.row()), old=old, new=new)
        return None

    def setData(self, index: _Index, value: Any, role: int = _STATE) -> bool:
        if role != _STATE:
            return False
        (self._left.discard if Qt.CheckState(value) is Qt.CheckState.Checked else self._left.add)(index.row())
        self.dataChanged.emit(index, index, [_STATE])
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


class _List(QListView):
    def __init__(self, model: _Changes) -> None:
        super().__init__()
        self._changes = model
        self.setModel(model)
        self.setItemDelegate(_Row(self, model))
        self.setUniformItemSizes(True)
        self.setAccessibleName(_("Places to replace"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setCurrentIndex(model.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space is for all that are marked, and the first of them decides for the rest."""
        marked = self.selectedIndexes()
        if event.key() == Qt.Key.Key_Space and marked:
            is_chosen = self._changes.data(marked[0], _STATE) is Qt.CheckState.Checked
            for index in marked:
                self._changes.setData(index, Qt.CheckState.Unchecked if is_chosen else Qt.CheckState.Checked)
        else:
            super().keyPressEvent(event)


class _Row(QStyledItemDelegate):
    """A box, the time, and the sentence with what goes and what comes in it."""

    def __init__(self, parent: QWidget, model: _Changes) -> None:
        super().__init__(parent)
        self._view = parent
        self._changes = model
        self._box_style = QCheckBox(parent)  # the style sheet draws the boxes of check boxes alone
        self._box_style.hide()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect = QRect(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = ground_of(option.palette, is_chosen)
        painter.save()
        painter.fillRect(rect, ground)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, option.palette.color(QPalette.ColorRole.Mid))
        box = QStyleOptionButton()
        box.rect = self._box(rect)
        is_on = self._changes.data(index, _STATE) is Qt.CheckState.Checked
        box.state = QStyle.StateFlag.State_Enabled | (
            QStyle.StateFlag.State_On if is_on else QStyle.StateFlag.State_Off
        )
        self._view.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, self._box_style)
        self._draw_words(painter, option, index, ground, is_on)
        painter.restore()

    def _draw_words(
        self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, ground: QColor, is_on: bool
    ) -> None:
        rect, wide = QRect(option.rect), option.fontMetrics.horizontalAdvance("0:00:00")
        start = rect.left() + _BOX + 3 * GRID
        times = QRect(start, rect.top(), wide, rect.height())
        room = QRect(start + wide + 2 * GRID, rect.top(), rect.width() - start - wide - 3 * GRID, rect.height())
        times = QStyle.visualRect(option.direction, rect, times)
        room = QStyle.visualRect(option.direction, rect, room)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(times, Qt.AlignmentFlag.AlignCenter, self._changes.time_of(index.row()))
        pieces = self._changes.pieces(index.row())
        if not is_on:
            pieces = [Piece(one.text, How.SAME) for one in pieces if one.how is not How.NEW and one.text != "\u2009"]
        layout = laid_out(pieces, letters(option.palette, ground), option.font, room.width(), most_lines=1)
        top = room.top() + (room.height() - height_of(layout)) / 2
        layout.draw(painter, QPointF(room.left(), top))
        line = layout.lineAt(0)
        if line.textLength() < len(layout.text()) and option.direction is Qt.LayoutDirection.LeftToRight:
            painter.drawText(QPointF(room.left() + line.naturalTextWidth(), top + line.ascent()), "…")

    def editorEvent(self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: _Index) -> bool:
        """The box answers to the mouse."""
        reach = self._box(QRect(option.rect)).adjusted(-6, -6, 6, 6)
        released = event.type() is QEvent.Type.MouseButtonRelease
        if released and isinstance(event, QMouseEvent) and reach.contains(event.position().toPoint()):
            is_on = self._changes.data(index, _STATE) is Qt.CheckState.Checked
            return self._changes.setData(index, Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)
        return super().editorEvent(event, model, option, index)

    def _box(self, rect: QRect) -> QRect:
        box = QRect(rect.left() + GRID, rect.center().y() - _BOX // 2, _BOX, _BOX)
        return QStyle.visualRect(self._view.layoutDirection(), rect, box)


def _said(changes: Sequence[tuple[Hit, str]]) -> str:
    segments = len({hit.segment for hit, _text in changes})
    places = _n("{count} place", "{count} places", len(changes))
    return f"{places}  ·  {_n('in {count} segment', 'in {count} segments', segments)}"
