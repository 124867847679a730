"""The history as a list: which entries are found, under which day, and how each is drawn."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractListModel, QDateTime, QLocale, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.core.dictated import OUTCOMES, Entry, EntryId, Outcome
from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.ui import icons
from desktop.ui.document.places import is_right_to_left
from desktop.ui.theme import GRID, RADIUS, blend

ENTRY_ROLE = Qt.ItemDataRole.UserRole
DAY_ROLE = Qt.ItemDataRole.UserRole + 1
"""The day above a row; empty where the row before is of the same one."""

Index = QModelIndex | QPersistentModelIndex

_SIGN = 16
_DAY_FORMAT = "dddd, d MMMM"


class HistoryModel(QAbstractListModel):
    """The entries that have all words of the search, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._all: dict[EntryId, Entry] = {}
        self._hidden: frozenset[EntryId] = frozenset()
        self._words: list[str] = []
        self._rows: list[Entry] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all, whatever is searched for."""
        return not self._all.keys() - self._hidden

    @property
    def ids(self) -> frozenset[EntryId]:
        """Those of all entries."""
        return frozenset(self._all)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these and no others."""
        self._all = {entry.id: entry for entry in entries}
        self._reset()

    def show_entry(self, entry: Entry) -> None:
        """Show a new entry, or the new value of a known one."""
        self._all[entry.id] = entry
        row = self.row_of(entry.id)
        if row < 0:
            if self._is_found(entry):
                row = bisect.bisect_left([_place(one) for one in self._rows], _place(entry))
                self.beginInsertRows(QModelIndex(), row, row)
                self._rows.insert(row, entry)
                self.endInsertRows()
        elif not self._is_found(entry) or self._rows[row].spoken_ms != entry.spoken_ms:
            self._reset()
            return
        else:
            self._rows[row] = entry
        changed = self.index(max(0, row)), self.index(min(len(self._rows) - 1, row + 1))
        self.dataChanged.emit(*changed)

    def remove(self, entry_ids: Collection[EntryId]) -> None:
        """These are no more."""
        for entry_id in entry_ids:
            self._all.pop(entry_id, None)
        self._reset()

    def hide(self, entry_ids: Collection[EntryId]) -> None:
        """Leave these out for a while."""
        self._hidden = frozenset(entry_ids)
        self._reset()

    def search(self, text: str) -> None:
        """Show only what has all these words in its text or its program."""
        self._words = text.casefold().split()
        self._reset()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, entry_id: EntryId) -> int:
        """The row of an entry; -1 if it is not shown."""
        return next((row for row, entry in enumerate(self._rows) if entry.id == entry_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown_text(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{shown_text(entry)}, {about(entry)}"
            case _ if role == ENTRY_ROLE:
                return entry
            case _ if role == DAY_ROLE:
                before = self.entry(index.row() - 1)
                return "" if before and day(before) == day(entry) else day(entry)
            case _:
                return None

    def _reset(self) -> None:
        self.beginResetModel()
        self._rows = sorted(filter(self._is_found, self._all.values()), key=_place)
        self.endResetModel()

    def _is_found(self, entry: Entry) -> bool:
        text = f"{entry.text} {entry.program}".casefold()
        return entry.id not in self._hidden and all(word in text for word in self._words)


def _place(entry: Entry) -> tuple[int, int]:
    return -entry.spoken_ms, -entry.id


def shown_text(entry: Entry) -> str:
    """The text on one line, or what stands for it."""
    return " ".join(entry.text.split()) or _(OUTCOMES[Outcome.SPOKEN])


def day(entry: Entry) -> str:
    """Today, yesterday, or a date."""
    spoken = QDateTime.fromMSecsSinceEpoch(entry.spoken_ms).date()
    ago = spoken.daysTo(QDateTime.currentDateTime().date())
    if ago in (0, 1):
        return _("Yesterday") if ago else _("Today")
    return QLocale().toString(spoken, _DAY_FORMAT if ago < 300 else f"{_DAY_FORMAT} yyyy")


def time_of_day(entry: Entry) -> str:
    """10:42, as people write it here."""
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(entry.spoken_ms).time(), QLocale.FormatType.ShortFormat)


def about(entry: Entry) -> str:
    """When, where and how long, on one line."""
    parts = (time_of_day(entry), entry.program, clock(entry.duration_ms) if entry.duration_ms else "")
    return "  ·  ".join(part for part in parts if part)


class HistoryDelegate(QStyledItemDelegate):
    """Two lines: the beginning of the text, and when and where; a sign where it did not get there."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = 2 * _line(option.fontMetrics) + 2 * GRID
        return QSize(200, height + (_day_height(option.fontMetrics) if index.data(DAY_ROLE) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        assert isinstance(entry, Entry)
        palette = option.palette
        metrics, place = option.fontMetrics, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if heading := index.data(DAY_ROLE):
            self._paint_day(
                painter, QRect(place.topLeft(), QSize(place.width(), _day_height(metrics))), heading, palette
            )
            place.setTop(place.top() + _day_height(metrics))
        self._paint_ground(painter, place, option, palette)
        inner = place.adjusted(GRID + 2, GRID, -GRID - 2, -GRID)
        upper = QRect(inner.topLeft(), QSize(inner.width(), _line(metrics)))
        lower = upper.translated(0, _line(metrics))
        is_mirrored = is_right_to_left(entry.text)
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        how = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(palette.color(QPalette.ColorRole.Text if entry.text else QPalette.ColorRole.PlaceholderText))
        usual = painter.layoutDirection()
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight)
        painter.drawText(upper, how, metrics.elidedText(shown_text(entry), Qt.TextElideMode.ElideRight, upper.width()))
        painter.setLayoutDirection(usual)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        if entry.outcome is not Outcome.INSERTED and entry.text:
            sign = QRect(lower.right() + 1 - _SIGN, lower.center().y() - _SIGN // 2 + 1, _SIGN, _SIGN)
            icons.icon("waiting").paint(painter, sign)
            lower.setRight(sign.left() - GRID)
        line = metrics.elidedText(about(entry), Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()

    def _paint_day(self, painter: QPainter, place: QRect, heading: str, palette: QPalette) -> None:
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        room = place.adjusted(GRID + 2, 0, -GRID, -GRID // 2)
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom, heading)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)

    def _paint_ground(self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, palette: QPalette) -> None:
        state = option.state
        window, accent = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.Accent)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(blend(window, accent, 0.18))
            painter.drawRoundedRect(place.adjusted(0, 1, -1, -1), RADIUS, RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(blend(window, palette.color(QPalette.ColorRole.Text), 0.05))
            painter.drawRoundedRect(place.adjusted(0, 1, -1, -1), RADIUS, RADIUS)
        widget = option.widget
        if state & QStyle.StateFlag.State_HasFocus and isinstance(widget, QWidget) and widget.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(accent)
            painter.drawRoundedRect(place.adjusted(0, 1, -1, -2), RADIUS, RADIUS)


def _line(metrics: QFontMetrics) -> int:
    return round(metrics.height() * 1.3)


def _day_height(metrics: QFontMetrics) -> int:
    return metrics.height() + 2 * GRID
