"""Draws the cells of the table of cues and opens their editors."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPalette, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.core.i18n import _
from desktop.ui import icons
from desktop.ui.cues.cue_editor import CueEditor
from desktop.ui.cues.cue_model import Column, CueModel, Index
from desktop.ui.cues.measures import length_of, shown_length, small
from desktop.ui.cues.time_field import TimeField, time_text
from desktop.ui.theme import GRID

if TYPE_CHECKING:
    from desktop.ui.cues.cue_table import CueTable

LINES = 2
"""So many lines of text are seen in a row."""
ICON = 16
BAR = 3
TINT = 0.16


class CueDelegate(QStyledItemDelegate):
    """One look for all columns: quiet figures, the text as it will stand, a mark with words for what is wrong."""

    def __init__(self, table: CueTable, model: CueModel) -> None:
        super().__init__(table)
        self._table = table
        self._model = model

    @staticmethod
    def row_height(font: QFont) -> int:
        """The height of every row."""
        return LINES * QFontMetrics(font).lineSpacing() + 2 * GRID

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _Cell(painter, option, index, self._model, self._table.playing_row == index.row()).draw()
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_height(option.font))

    # --- editors: they say themselves when they are done, see CueTable ---

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        cue = self._model.cues[index.row()]
        if index.column() == Column.TEXT:
            text = CueEditor(parent, cue, self._model.rules)
            text.ended.connect(self._table.on_text_ended)
            self._table.editor_opened(text, index)
            return text
        field = TimeField(parent, self._model.rules)
        field.show_time(cue.start_ms if index.column() == Column.START else cue.end_ms)
        field.setAccessibleName(_("Start of the cue") if index.column() == Column.START else _("End of the cue"))
        field.ended.connect(self._table.on_time_ended)
        self._table.editor_opened(field, index)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is being typed stays when the cue changes meanwhile."""

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """The table reports what was typed; nothing is written here."""

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        if isinstance(editor, CueEditor):
            rect.setHeight(max(rect.height(), editor.wanted_height()))
            room = self._table.viewport().rect()
            width = min(max(rect.width(), editor.wanted_width()), room.width())
            rect.setWidth(width) if option.direction is Qt.LayoutDirection.LeftToRight else rect.setLeft(
                rect.right() - width
            )
            rect.translate(-max(0, rect.right() - room.right()), 0)
            rect.translate(0, -max(0, min(rect.bottom() - room.bottom(), rect.top())))
        else:
            middle = rect.center().y()
            height = min(rect.height(), editor.sizeHint().height())
            rect.setTop(middle - height // 2)
            rect.setHeight(height)
        editor.setGeometry(rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return False  # Qt's own keys for editors would end them a second time


class _Cell:
    """One cell being drawn."""

    def __init__(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, model: CueModel, is_playing: bool
    ) -> None:
        self._painter = painter
        self._rect: QRect = option.rect
        self._palette: QPalette = option.palette
        self._font = QFont(option.font)
        self._mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        state: QStyle.StateFlag = option.state
        self._is_selected = bool(state & QStyle.StateFlag.State_Selected)
        self._is_focused = bool(state & QStyle.StateFlag.State_HasFocus)
        self._is_playing = is_playing
        self._column = Column(index.column())
        self._row = index.row()
        self._model = model
        self._cue = model.cues[self._row]
        self._problems = model.problems_of(self._row)

    def draw(self) -> None:
        self._background()
        inner = self._rect.adjusted(GRID - 1, GRID, -GRID + 1, -GRID)
        match self._column:
            case Column.NUMBER:
                self._number(inner)
            case Column.START:
                self._time(inner, self._cue.start_ms)
            case Column.END:
                self._time(inner, self._cue.end_ms, is_wrong=Column.END in self._model.troubled_columns(self._row))
            case Column.TEXT:
                self._text(inner)
            case Column.NOTES:
                self._notes(inner)
            case Column.SPEAKER:
                self._plain(inner, self._cue.speaker, quiet=True)
            case Column.DURATION | Column.SPEED:
                said = self._model.data(self._model.index(self._row, self._column))
                self._figure(inner, said, self._column in self._model.troubled_columns(self._row))

    def _background(self) -> None:
        line = self._palette.color(QPalette.ColorRole.Mid)
        self._painter.fillRect(self._rect.left(), self._rect.bottom(), self._rect.width(), 1, line)
        colour = self._palette.color(QPalette.ColorRole.Accent)
        if self._is_selected or self._is_playing:
            colour.setAlphaF(TINT if self._is_selected else TINT / 2)
            self._painter.fillRect(self._rect.adjusted(0, 0, 0, -1), colour)
        if self._is_focused:
            colour.setAlphaF(0.9)
            self._painter.setPen(colour)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(QRectF(self._rect).adjusted(0.5, 0.5, -0.5, -1.5), 3, 3)

    def _number(self, area: QRect) -> None:
        accent = self._palette.color(QPalette.ColorRole.Accent)
        if self._is_playing:
            bar = self._mirror(QRect(self._rect.left(), self._rect.top(), BAR, self._rect.height() - 1))
            self._painter.fillRect(bar, accent)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(accent)
            middle, left = area.center().y() + 0.5, float(area.left() + 1)
            points = [QPointF(left, middle - 4), QPointF(left + 6, middle), QPointF(left, middle + 4)]
            if self._mirrored:
                points = [QPointF(self._rect.left() + self._rect.right() - at.x(), at.y()) for at in points]
            self._painter.drawPolygon(QPolygonF(points))
        side = Qt.AlignmentFlag.AlignLeft if self._mirrored else Qt.AlignmentFlag.AlignRight
        self._line(area, str(self._row + 1), side, quiet=not self._is_playing)

    def _time(self, area: QRect, ms: int, is_wrong: bool = False) -> None:
        """The thousandths are there, but quiet."""
        if is_wrong:
            self._font.setWeight(QFont.Weight.Bold)
        whole, _point, thousandths = time_text(ms).partition(".")
        metrics = QFontMetrics(self._font)
        width = metrics.horizontalAdvance(f".{thousandths}")
        self._line(area, f".{thousandths}", Qt.AlignmentFlag.AlignRight, quiet=True)
        self._line(area.adjusted(0, 0, -width, 0), whole, Qt.AlignmentFlag.AlignRight)

    def _figure(self, area: QRect, said: str, is_wrong: bool = False, quiet: bool = False) -> None:
        if is_wrong:
            self._font.setWeight(QFont.Weight.Bold)
        self._line(area, said, Qt.AlignmentFlag.AlignRight, quiet)

    def _plain(self, area: QRect, said: str, quiet: bool) -> None:
        said = QFontMetrics(self._font).elidedText(said, Qt.TextElideMode.ElideRight, area.width())
        self._line(self._mirror(area), said, self._side(self._mirrored), quiet)

    def _text(self, area: QRect) -> None:
        """The lines as they will stand, and how long each is."""
        figures = small(self._font)
        gutter = lengths_width(self._font) - 3 * GRID
        room = area.adjusted(0, 0, -gutter - GRID, 0)
        metrics = QFontMetrics(self._font)
        lines = list(self._cue.lines)
        if len(lines) > LINES:
            lines = [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]
        height = metrics.lineSpacing()
        top = area.center().y() - len(lines) * height // 2 + 1
        most = self._model.rules.line_characters
        for number, line in enumerate(lines):
            place = QRect(room.left(), top + number * height, room.width(), height)
            self._painter.setFont(self._font)
            self._painter.setPen(self._palette.color(QPalette.ColorRole.Text))
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, place.width())
            self._say(self._mirror(place), self._side(_reads_leftwards(line)), shown)
            length = length_of(self._cue.lines[number], self._model.rules)
            figures.setWeight(QFont.Weight.Bold if length > most else QFont.Weight.Normal)
            self._painter.setFont(figures)
            role = QPalette.ColorRole.Text if length > most else QPalette.ColorRole.PlaceholderText
            self._painter.setPen(self._palette.color(role))
            beside = QRect(area.right() - gutter, place.top(), gutter + 1, height)
            said = shown_length(self._cue.lines[number], self._model.rules)
            self._say(self._mirror(beside), self._side(not self._mirrored), said)

    def _notes(self, area: QRect) -> None:
        """What is wrong, and that a person has set the cue; without room the icons alone."""
        notes = [("warning", problem.said) for problem in self._problems]
        if self._cue.is_pinned:
            notes.append(("pin", _("Set by hand")))
        if not notes:
            return
        if len(notes) > LINES:
            hidden = len(notes) - LINES + 1
            notes = [*notes[: LINES - 1], ("more", _("{count} more").format(count=hidden))]
        height = QFontMetrics(self._font).lineSpacing()
        top = area.center().y() - len(notes) * height // 2 + 1
        for number, (icon, said) in enumerate(notes):
            place = QRect(area.left(), top + number * height, area.width(), height)
            drawing = QRect(place.left(), place.center().y() - ICON // 2, ICON, ICON)
            _icon(icon).paint(self._painter, self._mirror(drawing))
            words = place.adjusted(ICON + GRID // 2 + 2, 0, 0, 0)
            if words.width() > 4 * ICON:
                self._plain(words, said, quiet=icon != "warning")

    def _line(self, area: QRect, text: str, side: Qt.AlignmentFlag, quiet: bool = False) -> None:
        role = QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.Text
        self._painter.setFont(self._font)
        self._painter.setPen(self._palette.color(role))
        self._say(area, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, text)

    def _say(self, area: QRect, side: Qt.AlignmentFlag, text: str) -> None:
        """Draw a text in its own direction: a full stop stands at the end of what it ends, whatever the window's."""
        directions = Qt.LayoutDirection
        leftwards = _reads_leftwards(text)
        self._painter.setLayoutDirection(directions.RightToLeft if leftwards else directions.LeftToRight)
        self._painter.drawText(area, side, text)

    def _side(self, right: bool) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter

    def _mirror(self, rect: QRect) -> QRect:
        if not self._mirrored:
            return rect
        return QRect(self._rect.left() + self._rect.right() - rect.right(), rect.top(), rect.width(), rect.height())


def lengths_width(font: QFont) -> int:
    """What a cell of text needs beside its lines."""
    figures = small(font)
    figures.setWeight(QFont.Weight.Bold)
    return QFontMetrics(figures).horizontalAdvance("000/00") + 3 * GRID


def _reads_leftwards(text: str) -> bool:
    """Whether the first letter that has a direction goes from right to left."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


@cache
def _icon(name: str) -> QIcon:
    return icons.icon(name)
