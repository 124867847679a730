"""Draws what is in sight of a transcript: text, time and speaker, and the marks that say what there is to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPalette, QPen, QPolygonF

from desktop.core.coverage import Part
from desktop.core.i18n import _, _n
from desktop.core.names import clock
from desktop.ui.document.column import SIGN, Column, margin_font
from desktop.ui.document.page import CAPTION_PX, Row
from desktop.ui.document.paragraph import BASELINE, LINE_PX
from desktop.ui.document.places import Spot
from desktop.ui.theme import GRID, RADIUS

TINT = 0.10
CHOSEN_TINT = 0.16
SAID_TINT = 0.24
FOUND_TINT = 0.30
BAR = 3
BLEED = 4
"""Tints reach so far above and below the lines."""


Span = tuple[int, int]
"""From where to where in the text of a segment."""


class Zone(Enum):
    """What there is at a point of the page."""

    NOTHING = auto()
    TIME = auto()
    SPEAKER = auto()
    TEXT = auto()
    CAPTION = auto()
    WRITE = auto()
    TRANSCRIBE = auto()


@dataclass(frozen=True, slots=True)
class Marks:
    """What is to be seen of a row besides its text."""

    is_current: bool = False
    is_hovered: bool = False
    is_visited: bool = False
    has_editor: bool = False
    """The editor that lies over it draws the text."""
    speaker: str = ""
    """The name to be shown, if any."""
    is_turn: bool = False
    """Whether the speaker begins here."""
    said: Spot | None = None
    """The word at the playhead."""
    doubtful: tuple[Spot, ...] = ()
    found: tuple[Span, ...] = ()
    """What was searched for."""
    found_now: Span | None = None
    is_flagged: bool = False
    """Whether somebody marked a moment of it while it was recorded."""
    hovered: Zone = Zone.NOTHING


class PagePainter:
    """Draws into one viewport, in the colours of its palette."""

    def __init__(self, painter: QPainter, column: Column, palette: QPalette, font: QFont) -> None:
        self._painter = painter
        self._column = column
        self._palette = palette
        self._plain = margin_font(font)
        self._strong = margin_font(font, QFont.Weight.DemiBold)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def draw(self, row: Row, marks: Marks, clip: QRectF) -> None:
        """One segment."""
        lines = self._column.lines(row.top, row.bottom - row.top)
        if marks.is_visited:
            self._ground(lines, TINT)
        for span in marks.found:
            self._found(row, span, span == marks.found_now)
        if marks.said:
            self._said(row, marks.said)
        for spot in marks.doubtful:
            self._doubtful(row, spot)
        if not marks.has_editor:
            tone = QPalette.ColorRole.PlaceholderText if row.segment.suspect else QPalette.ColorRole.Text
            self._painter.setPen(self._palette.color(tone))
            row.paragraph.layout.draw(self._painter, lines.topLeft(), [], clip)
        self._margin(row, marks)

    def chosen(self, top: float, bottom: float) -> None:
        """The ground of segments that are chosen, with a bar beside them."""
        lines = self._column.lines(top, bottom - top)
        self._ground(lines, CHOSEN_TINT)
        bar = lines.adjusted(-GRID, -BLEED, 0, BLEED)
        bar.setWidth(BAR)
        if self._column.is_mirrored:
            bar.moveRight(lines.right() + GRID)
        self._fill(bar, self._tone(1.0), BAR / 2)

    def caption(self, top: float, part: Part, hovered: Zone, is_visited: bool) -> None:
        """Speech without text, and what can be done about it."""
        if is_visited:
            self._ground(self._column.lines(top, CAPTION_PX), TINT)
        self._time(top, part.start_ms, is_strong=is_visited, is_link=hovered is Zone.TIME)
        sign = self._column.sign(top).adjusted(2.5, 2.5, -2.5, -2.5)
        self._painter.setPen(self._palette.color(QPalette.ColorRole.Text))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(sign)
        for zone, place, text in caption_parts(self._column, self._plain, top, part):
            is_link = zone is not Zone.CAPTION
            font = QFont(self._plain)
            font.setUnderline(is_link and zone is hovered)
            role = QPalette.ColorRole.Link if is_link else QPalette.ColorRole.PlaceholderText
            self._text(place, text, font, role)

    # --- beneath the text ---

    def _ground(self, lines: QRectF, strength: float) -> None:
        self._fill(lines.adjusted(-GRID, -BLEED, GRID, BLEED), self._tone(strength), RADIUS)

    def _said(self, row: Row, spot: Spot) -> None:
        """The word at the playhead: on a ground of its own, and with a line under it."""
        for place in self._places(row, spot.start, spot.end):
            self._fill(place.adjusted(-2, 2, 2, -1), self._tone(SAID_TINT), 4)
            self._fill(QRectF(place.left() - 2, place.bottom() - 3, place.width() + 4, 2), self._tone(1.0), 1)

    def _found(self, row: Row, span: Span, is_current: bool) -> None:
        """Framed; the current one on a ground of its own."""
        for place in self._places(row, *span):
            if is_current:
                self._fill(place.adjusted(-2, 1, 2, -1), self._tone(FOUND_TINT), 4)
            self._painter.setPen(QPen(self._tone(1.0), 1.6 if is_current else 1))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(place.adjusted(-1.5, 1.5, 1.5, -1.5), 4, 4)

    def _doubtful(self, row: Row, spot: Spot) -> None:
        tone = self._palette.color(QPalette.ColorRole.PlaceholderText)
        pen = QPen(tone, 1.4, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.1, 2.2])
        self._painter.setPen(pen)
        for place in self._places(row, spot.start, spot.end):
            y = place.top() + BASELINE + 3.5
            self._painter.drawLine(QPointF(place.left() + 1, y), QPointF(place.right() - 0.5, y))

    def _places(self, row: Row, start: int, end: int) -> Iterable[QRectF]:
        left_top = self._column.lines(row.top, 0).topLeft()
        return (place.translated(left_top) for place in row.paragraph.rects(start, end))

    # --- the margin ---

    def _margin(self, row: Row, marks: Marks) -> None:
        hovered = marks.hovered
        self._time(row.top, row.segment.start_ms, marks.is_current, hovered is Zone.TIME)
        sign = self._column.sign(row.top)
        both = SIGN / 2 if marks.is_flagged and row.segment.suspect else 0
        if marks.is_flagged:
            self._flag(sign.translated(-both, 0))
        if row.segment.suspect:
            place = sign.translated(both, 0)
            font = QFont(self._strong)
            font.setBold(True)
            self._text(place, "?", font, QPalette.ColorRole.Text, Qt.AlignmentFlag.AlignHCenter)
        place = self._column.speaker(row.top, LINE_PX)
        if marks.speaker:
            is_strong = marks.is_turn
            font = QFont(self._strong if is_strong else self._plain)
            font.setUnderline(hovered is Zone.SPEAKER)
            name = QFontMetricsF(font).elidedText(marks.speaker, Qt.TextElideMode.ElideRight, place.width())
            self._text(place, name, font, QPalette.ColorRole.Text if is_strong else QPalette.ColorRole.PlaceholderText)
        elif marks.is_hovered and not row.segment.speaker:
            self._person(place, hovered is Zone.SPEAKER)

    def _time(self, top: float, ms: int, is_strong: bool, is_link: bool) -> None:
        font = QFont(self._plain)
        font.setUnderline(is_link)
        role = QPalette.ColorRole.Link if is_link else QPalette.ColorRole.PlaceholderText
        role = QPalette.ColorRole.Text if is_strong and not is_link else role
        self._text(self._column.time(top, LINE_PX), clock(ms), font, role, Qt.AlignmentFlag.AlignRight)

    def _flag(self, place: QRectF) -> None:
        """A pole and a cloth."""
        self._painter.setPen(QPen(self._tone(1.0), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        self._painter.setBrush(self._tone(1.0))
        foot, top = QPointF(place.left() + 2.5, place.bottom()), QPointF(place.left() + 2.5, place.top() + 0.5)
        self._painter.drawLine(foot, top)
        self._painter.drawPolygon(QPolygonF([top, top + QPointF(8, 3), top + QPointF(0, 6)]))

    def _person(self, place: QRectF, is_lit: bool) -> None:
        """Head and shoulders, at the place where a name could stand."""
        centre = QPointF(place.center())
        if self._column.speakers:
            centre.setX(place.right() - 8 if self._column.is_mirrored else place.left() + 8)
        role = QPalette.ColorRole.Link if is_lit else QPalette.ColorRole.PlaceholderText
        self._painter.setPen(QPen(self._palette.color(role), 1.4, c=Qt.PenCapStyle.RoundCap))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath()
        path.addEllipse(centre + QPointF(0, -2.5), 2.6, 2.6)
        path.moveTo(centre + QPointF(-5, 6.5))
        path.cubicTo(centre + QPointF(-5, 0.8), centre + QPointF(5, 0.8), centre + QPointF(5, 6.5))
        self._painter.drawPath(path)

    # --- strokes ---

    def _text(
        self,
        place: QRectF,
        text: str,
        font: QFont,
        role: QPalette.ColorRole,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """A line of the margin, on the base line of the text beside it. Sides are those of people who read ltr."""
        self._painter.setFont(font)
        self._painter.setPen(self._palette.color(role))
        width = QFontMetricsF(font).horizontalAdvance(text)
        is_right = (side == Qt.AlignmentFlag.AlignRight) != self._column.is_mirrored
        x = place.right() - width if is_right else place.left()
        if side == Qt.AlignmentFlag.AlignHCenter:
            x = place.center().x() - width / 2
            self._painter.drawText(QPointF(x, place.center().y() + QFontMetricsF(font).capHeight() / 2), text)
            return
        self._painter.drawText(QPointF(round(x), round(place.top() + BASELINE)), text)

    def _fill(self, place: QRectF, colour: QColor, radius: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(place, radius, radius)

    def _tone(self, strength: float) -> QColor:
        tone = self._palette.color(QPalette.ColorRole.Accent)
        tone.setAlphaF(strength)
        return tone


def caption_parts(column: Column, font: QFont, top: float, part: Part) -> list[tuple[Zone, QRectF, str]]:
    """The sentence of a caption and the wishes beside it, each with its place."""
    seconds = max(1, round(part.length_ms / 1000))
    said = _n("{count} second of speech without text", "{count} seconds of speech without text", seconds)
    wishes = [(Zone.TRANSCRIBE, _("Transcribe this")), (Zone.WRITE, _("Write here"))]
    lines, metrics = column.lines(top, CAPTION_PX), QFontMetricsF(font)
    room = lines.width() - sum(metrics.horizontalAdvance(text) + 2 * GRID for _zone, text in wishes)
    parts, passed = [], 0.0
    for zone, text in [(Zone.CAPTION, metrics.elidedText(said, Qt.TextElideMode.ElideRight, max(0, room))), *wishes]:
        width = metrics.horizontalAdvance(text)
        left = lines.right() - passed - width if column.is_mirrored else lines.left() + passed
        parts.append((zone, QRectF(left, top, width, CAPTION_PX), text))
        passed += width + (2 * GRID if text else 0)
    return parts
