"""The map of a file as a thin strip: which speech has text, what needs checking, what is still to be heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.i18n import _, mark
from desktop.core.names import clock
from desktop.ui.theme import GRID

HEIGHT = GRID
LEAST = 4
"""No place to check is narrower than so many pixels, however long the file."""
REACH = 3
"""So many pixels beside it, the pointer still means a place to check."""
DOTS_APART = 4
FAINT = 0.5
"""The share of the text's colour in lines, and of the accent in what is over or not sure yet."""

NAMES = {
    Kind.SILENCE: mark("Silence"),
    Kind.TEXT: mark("Speech with text"),
    Kind.MISSING: mark("Speech without text"),
    Kind.SUSPECT: mark("Doubtful text"),
}


class CoverageStrip(QWidget):
    """The map of one file. A click wishes to see that place in the text; the pointer is told what is there."""

    place_wanted = Signal(int)
    """A time in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._coverage = Coverage()
        self._length_ms = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Map of the file"))

    def show_coverage(self, coverage: Coverage, length_ms: int) -> None:
        """Show this map of a file that is so long."""
        self._coverage = coverage
        self._length_ms = max(length_ms, coverage.parts[-1].end_ms if coverage.parts else 0)
        self.setAccessibleDescription(coverage.said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20 * HEIGHT, HEIGHT)

    def part_at(self, x: float) -> Part | None:
        """What the pointer means: a place to check that is near goes before everything else."""
        reach = REACH + LEAST / 2
        near = [part for part in self._coverage.to_check if self._distance(part, x) <= reach]
        if near:
            return min(near, key=lambda part: self._distance(part, x))
        ms = self._ms_at(x)
        return next((part for part in self._coverage.parts if part.start_ms <= ms < part.end_ms), None)

    def place_of(self, ms: int) -> float:
        """Where a time lies, in pixels from the left."""
        along = self.width() * ms / max(1, self._length_ms)
        return self.width() - along if self._is_mirrored else along

    @property
    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _ms_at(self, x: float) -> int:
        along = self.width() - x if self._is_mirrored else x
        return round(self._length_ms * along / max(1, self.width()))

    def _distance(self, part: Part, x: float) -> float:
        left, right = sorted((self.place_of(part.start_ms), self.place_of(part.end_ms)))
        return max(left - x, x - right, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        part = self.part_at(x)
        if part and event.button() is Qt.MouseButton.LeftButton:
            ms = self._ms_at(x)
            self.place_wanted.emit(ms if part.start_ms <= ms < part.end_ms else part.start_ms)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos()).x()), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """Time and kind of what the pointer means."""
        part = self.part_at(x)
        if part is None:
            return _("Not heard yet")
        return f"{clock(part.start_ms)}–{clock(part.end_ms)}  {_(NAMES[part.kind])}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing = CoverageDrawing(painter, QRectF(self.rect()), self.palette(), self._is_mirrored)
        drawing.draw(self._coverage, self._length_ms)
        painter.end()


class CoverageDrawing:
    """Draws maps into a place, on whole pixels of the screen at any scale.

    Text is a full bar, speech without text a hollow box that stands out of it, doubtful text a bar of half the height,
    silence a line, and what is still to be heard a row of dots.
    """

    def __init__(self, painter: QPainter, place: QRectF, palette: QPalette, is_mirrored: bool) -> None:
        self._painter = painter
        self._palette = palette
        self._is_mirrored = is_mirrored
        self._to_screen = painter.deviceTransform()
        self._from_screen = self._to_screen.inverted()[0]
        on_screen = self._to_screen.mapRect(place)
        self._left, self._top = ceil(on_screen.left()), ceil(on_screen.top())
        self._width, self._height = int(on_screen.right()) - self._left, int(on_screen.bottom()) - self._top
        self._pixel = self._pixels(1)

    def draw(self, coverage: Coverage, length_ms: int, ahead_ms: int = 0, is_quiet: bool = False) -> None:
        """Draw it; `ahead_ms` is how far the work has come by estimate, `is_quiet` mutes the accent."""
        role = QPalette.ColorRole
        tone = self._palette.color(role.Accent)
        tone.setAlphaF(FAINT if is_quiet else 1)
        mark_tone, faint = self._palette.color(role.Text), self._palette.color(role.Text)
        faint.setAlphaF(FAINT)
        spans = _spans(_Same(coverage), max(1, length_ms), self._width, self._pixels(LEAST), self._pixel)
        heard = max((span.end for span in spans), default=0)
        ahead = round(self._width * ahead_ms / max(1, length_ms))
        coming = QColor(tone)
        coming.setAlphaF(FAINT)
        self._bar(heard, ahead, coming)
        for x in range(max(heard, ahead) + self._pixels(DOTS_APART) // 2, self._width, self._pixels(DOTS_APART)):
            self._line(x, x + self._pixel, faint)
        for span in spans:
            match span.kind:
                case Kind.SILENCE:
                    self._line(span.start, span.end, faint)
                case Kind.TEXT:
                    self._bar(span.start, span.end, tone)
                case Kind.MISSING:
                    self._box(span.start, span.end, mark_tone)
                case Kind.SUSPECT:
                    self._fill(span.start, span.end, self._height // 2, self._height - self._pixel, mark_tone)

    def _pixels(self, logical: int) -> int:
        return max(1, int(logical * self._to_screen.m11()))

    def _line(self, start: int, end: int, colour: QColor) -> None:
        top = (self._height - self._pixel) // 2
        self._fill(start, end, top, top + self._pixel, colour)

    def _bar(self, start: int, end: int, colour: QColor) -> None:
        self._fill(start, end, self._pixel, self._height - self._pixel, colour)

    def _box(self, start: int, end: int, colour: QColor) -> None:
        thick, bottom = self._pixel, self._height
        if end - start <= 2 * thick:
            self._fill(start, end, 0, bottom, colour)
            return
        self._fill(start, end, 0, thick, colour)
        self._fill(start, end, bottom - thick, bottom, colour)
        self._fill(start, start + thick, thick, bottom - thick, colour)
        self._fill(end - thick, end, thick, bottom - thick, colour)

    def _fill(self, start: int, end: int, top: int, bottom: int, colour: QColor) -> None:
        if end > start and bottom > top:
            left = self._width - end if self._is_mirrored else start
            on_screen = QRectF(self._left + left, self._top + top, end - start, bottom - top)
            self._painter.fillRect(self._from_screen.mapRect(on_screen), colour)


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the strip in pixels of the screen, from the side where the file begins."""

    start: int
    end: int
    kind: Kind


class _Same:
    """A coverage as a key: compared as the object that it is, for its parts are many."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage

    def __hash__(self) -> int:
        return id(self.coverage)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.coverage is self.coverage


@lru_cache(maxsize=256)  # a running row is painted ten times a second
def _spans(same: _Same, length_ms: int, width: int, least: int, apart: int) -> tuple[_Span, ...]:
    """What is seen of a map, in the order of painting. Places to check are `least` wide and stand `apart`."""
    scale = width / length_ms
    parts = [_Span(round(one.start_ms * scale), round(one.end_ms * scale), one.kind) for one in same.coverage.parts]
    heard = [_Span(0, parts[-1].end, Kind.SILENCE)] if parts else []
    text = _joined((span for span in parts if span.kind is Kind.TEXT), apart)
    marks = _joined((_widened(span, least, width) for span in parts if span.kind in (Kind.MISSING, Kind.SUSPECT)), 0)
    silence = _apart(heard, text, 0)
    return (*_apart(silence, marks, apart), *_apart(text, marks, apart), *marks)


def _joined(spans: Iterable[_Span], apart: int) -> list[_Span]:
    """One piece where a pause can hardly be seen: a file of an hour must not look like a bar code."""
    joined: list[_Span] = []
    for span in spans:
        if joined and span.kind is joined[-1].kind and span.start - joined[-1].end <= apart:
            joined[-1] = replace(joined[-1], end=max(span.end, joined[-1].end))
        elif span.end > span.start:
            joined.append(span)
    return joined


def _widened(span: _Span, least: int, width: int) -> _Span:
    missing = max(0, least - (span.end - span.start))
    start = max(0, min(span.start - missing // 2, width - least))
    return replace(span, start=start, end=max(span.end, start + least))


def _apart(spans: Sequence[_Span], marks: Sequence[_Span], apart: int) -> list[_Span]:
    """The spans without the marks and a seam around each; both in order."""
    rest: list[_Span] = []
    at = 0
    for span in spans:
        start = span.start
        while at < len(marks) and marks[at].end + apart <= start:
            at += 1
        place = at
        while place < len(marks) and marks[place].start - apart < span.end:
            if marks[place].start - apart > start:
                rest.append(replace(span, start=start, end=marks[place].start - apart))
            start = max(start, marks[place].end + apart)
            place += 1
        if start < span.end:
            rest.append(replace(span, start=start))
    return rest
