"""Draws what stands still in a waveform: the ruler, the sound, the segments over it and the speech without text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPalette, QPen

from desktop.core.coverage import Kind, Part
from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.core.peaks import Peaks
from desktop.core.transcript import Segment
from desktop.ui.player.regions import Regions
from desktop.ui.player.sound_drawing import Columns
from desktop.ui.player.view import View

RULER_PX = 20
LABEL_PX = 12
ROOM_FOR_TIME_PX = 84
TEXT_PX = 18
"""The line of text at the top of a segment."""
ROUND_PX = 4
LEAST_REGION_PX = 5
"""Segments that are narrower on average are drawn as one where they are neighbours."""
LEAST_TEXT_PX = 28
IN_SEGMENTS = (0.45, 1.0)
"""How strong the sound is drawn where there is text: its loudest, and the mean."""
TEXT_INSET_PX = 7


@dataclass(frozen=True, slots=True)
class Scene:
    """All that there is to draw."""

    view: View
    height: float
    length_ms: int
    peaks: Peaks
    regions: Regions
    missing: Sequence[Part] = ()
    chosen: frozenset[int] = frozenset()
    changed: Mapping[int, Segment] | None = None
    """Segments as they are while they are dragged."""

    @property
    def place(self) -> QRectF:
        """Where the sound is, below the ruler."""
        return QRectF(0, RULER_PX, self.view.width, self.height - RULER_PX)


class CanvasDrawing:
    """Draws a scene in the colours of a palette."""

    def __init__(self, painter: QPainter, scene: Scene, palette: QPalette, font: QFont) -> None:
        self._painter = painter
        self._scene = scene
        self._view = scene.view
        self._accent = palette.color(QPalette.ColorRole.Accent)
        self._text = palette.color(QPalette.ColorRole.Text)
        self._quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        self._line = palette.color(QPalette.ColorRole.Mid)
        self._base = palette.color(QPalette.ColorRole.Base)
        self._font = QFont(font)
        self._font.setPixelSize(LABEL_PX)
        self._metrics = QFontMetricsF(self._font)

    def draw(self) -> None:
        """Draw it."""
        painter = self._painter
        painter.fillRect(QRectF(0, 0, self._view.width, self._scene.height), self._base)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        self._draw_ruler()
        regions = self._seen_regions()
        places = [place for _at, place in regions] if regions is not None else self._merged()
        for part in self._scene.missing:
            self._draw_missing(part)
        if regions is None:
            self._fill(places, 0.12)
        else:
            self._fill([place for at, place in regions if at not in self._scene.chosen], 0.10)
            self._fill([place for at, place in regions if at in self._scene.chosen], 0.24)
        self._draw_sound(places)
        for at, place in regions or ():
            self._draw_region(at, place)

    # --- time ---

    def _draw_ruler(self) -> None:
        step = self._view.step_ms(ROOM_FOR_TIME_PX)
        painter = self._painter
        first = int(self._view.start_ms // step)
        for number in range(first, int(self._view.end_ms // step) + 1):
            ms = number * step
            x = round(self._view.x_of(ms)) + 0.5
            painter.setPen(QPen(self._line, 1))
            painter.drawLine(QPointF(x, RULER_PX - 6), QPointF(x, self._scene.height))
            painter.setPen(self._quiet)
            painter.drawText(QPointF(x + 4, RULER_PX - 7), _time(ms, step))
        painter.setPen(QPen(self._line, 1))
        painter.drawLine(QPointF(0, RULER_PX - 0.5), QPointF(self._view.width, RULER_PX - 0.5))

    # --- sound ---

    def _draw_sound(self, places: Sequence[QRectF]) -> None:
        place = self._scene.place.adjusted(0, TEXT_PX, 0, -4)
        self._draw_unheard(place)
        if not self._scene.peaks.length_ms:
            return
        columns = Columns.of(self._scene.peaks, self._view, place, self._painter.device().devicePixelRatioF())
        inside, outside = columns.parted(places)
        outside.draw(self._painter, self._text)
        inside.draw(self._painter, self._accent, IN_SEGMENTS)

    def _draw_unheard(self, place: QRectF) -> None:
        """A row of dots where nobody has listened yet."""
        known = max(0.0, self._view.x_of(self._scene.peaks.length_ms))
        end = min(self._view.width, self._view.x_of(self._scene.length_ms))
        pen = QPen(_faint(self._text, 0.5), 1.5, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.1, 4])
        self._painter.setPen(pen)
        if end > known:
            self._painter.drawLine(QPointF(known, place.center().y()), QPointF(end, place.center().y()))

    # --- segments ---

    def _seen_regions(self) -> list[tuple[int, QRectF]] | None:
        """The segments in view and their places; None when they are too many to be told apart."""
        seen = self._scene.regions.between(self._view.start_ms, self._view.end_ms)
        if len(seen) > self._view.width / LEAST_REGION_PX:
            return None
        return [(at, self._place_of(self._segment(at))) for at in seen]

    def _segment(self, at: int) -> Segment:
        changed = self._scene.changed or {}
        return changed.get(at, self._scene.regions.transcript.segments[at])

    def _place_of(self, one: Segment | Part) -> QRectF:
        place = self._scene.place
        left, right = self._view.x_of(one.start_ms), self._view.x_of(one.end_ms)
        return QRectF(left, place.top(), max(1.0, right - left), place.height())

    def _merged(self) -> list[QRectF]:
        """The places of segments that stand closer than a pixel, as one."""
        segments = self._scene.regions.transcript.segments
        spans: list[list[float]] = []
        for at in self._scene.regions.between(self._view.start_ms, self._view.end_ms):
            one = segments[at]
            if spans and one.start_ms - spans[-1][1] < self._view.ms_per_px:
                spans[-1][1] = max(spans[-1][1], one.end_ms)
            else:
                spans.append([one.start_ms, one.end_ms])
        place = self._scene.place
        scale = self._view.ms_per_px
        return [
            QRectF(self._view.x_of(start), place.top(), max(1.0, (end - start) / scale), place.height())
            for start, end in spans
        ]

    def _fill(self, places: Sequence[QRectF], share: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(_faint(self._accent, share))
        for place in places:
            self._painter.drawRoundedRect(_apart(place), ROUND_PX, ROUND_PX)

    def _draw_region(self, at: int, place: QRectF) -> None:
        """Its outline and its text; a doubtful one has a broken outline and slanted text."""
        one = self._segment(at)
        is_chosen = at in self._scene.chosen
        pen = QPen(self._accent if is_chosen else _faint(self._accent, 0.55), 2 if is_chosen else 1)
        if one.suspect:
            pen = QPen(self._text, 1.5 if is_chosen else 1)
            pen.setDashPattern([4, 3])
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = pen.widthF() / 2
        self._painter.drawRoundedRect(
            _apart(place).adjusted(inset, inset, -inset, -inset), ROUND_PX - inset, ROUND_PX - inset
        )
        self._label(place, " ".join(one.text.split()), is_slanted=bool(one.suspect))

    def _draw_missing(self, part: Part) -> None:
        """Speech without text: a hollow box that is hatched, since nothing else is."""
        if part.end_ms < self._view.start_ms or part.start_ms > self._view.end_ms:
            return
        place = _apart(self._place_of(part))
        painter = self._painter
        painter.save()
        outline = QPainterPath()
        outline.addRoundedRect(place, ROUND_PX, ROUND_PX)
        painter.setClipPath(outline)
        painter.setPen(QPen(_faint(self._text, 0.30), 1))
        gap, height = 8, place.height()
        # From the place's own start, so that the hatching stays with it while one scrolls; only where it is seen.
        first = max(0, int((-place.left() - height) // gap))
        last = ceil((min(place.right(), self._view.width) - place.left()) / gap)
        for number in range(first, last + ceil(height / gap) + 1):
            x = place.left() + gap * number
            painter.drawLine(QPointF(x, place.top()), QPointF(x - height, place.bottom()))
        painter.restore()
        painter.setPen(QPen(_faint(self._text, 0.75), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), ROUND_PX, ROUND_PX)
        whole, short = _("Speech without text"), _("No text")
        fits = self._metrics.horizontalAdvance(whole) <= place.width() - 2 * TEXT_INSET_PX
        self._label(place, whole if fits else short, is_slanted=False, has_ground=True)

    def _label(self, place: QRectF, text: str, is_slanted: bool, has_ground: bool = False) -> None:
        """A line of text at the top, from where the place begins to be in view."""
        left = max(place.left(), 0.0) + TEXT_INSET_PX
        right = min(place.right(), self._view.width) - TEXT_INSET_PX
        if right - left < LEAST_TEXT_PX or not text:
            return
        font = QFont(self._font)
        font.setItalic(is_slanted)
        elided = self._metrics.elidedText(text[:300], Qt.TextElideMode.ElideRight, right - left)
        box = QRectF(left, place.top() + 3, min(right - left, self._metrics.horizontalAdvance(elided)), TEXT_PX - 3)
        self._painter.setFont(font)
        if has_ground:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(_faint(self._base, 0.88))
            self._painter.drawRoundedRect(box.adjusted(-3, 0, 3, 1), ROUND_PX - 1, ROUND_PX - 1)
        self._painter.setPen(self._text)
        self._painter.drawText(
            QRectF(left, box.top(), right - left, box.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine,
            elided,
        )


def missing_parts(parts: Sequence[Part]) -> list[Part]:
    """The speech without text."""
    return [part for part in parts if part.kind is Kind.MISSING]


def _apart(place: QRectF) -> QRectF:
    """A little space between neighbours, where there is any to spare."""
    gap = 1.0 if place.width() > LEAST_REGION_PX else 0.0
    return place.adjusted(gap / 2, 1, -gap / 2, -2)


def _faint(colour: QColor, share: float) -> QColor:
    faint = QColor(colour)
    faint.setAlphaF(share)
    return faint


def _time(ms: int, step_ms: int) -> str:
    """A time of the ruler, as fine as its steps are."""
    if step_ms >= 1000:
        return clock(ms)
    digits = 1 if step_ms >= 100 else 2
    return f"{clock(ms)}.{ms % 1000 // 10 ** (3 - digits):0{digits}}"
