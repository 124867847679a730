"""Text for reading along, laid out in paragraphs one below the other; the newest part of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from desktop.ui.recorder.script import Kind, Line
from desktop.ui.recorder.words import with_dots

PAUSE_MS = 2500
"""After a longer pause a paragraph begins."""
LONG_CHARACTERS = 320
KEPT = 60
"""So many lines of the script are laid out; what is older has gone by."""
LINE_HEIGHT = 1.32
BETWEEN = 0.45
"""Between paragraphs, in parts of a line."""


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph: what is certain, and a guess behind it."""

    start_ms: int
    sure: str = ""
    guess: str = ""
    speaker: str = ""


def paragraphs(lines: Sequence[Line]) -> list[Said]:
    """The text as it is read: without times, a new paragraph for each speaker and after each pause."""
    found: list[Said] = []
    end_ms = 0
    for line in (one for one in lines if one.kind in (Kind.SAID, Kind.PREVIEW)):
        last = found[-1] if found else None
        is_new = (
            last is None
            or last.speaker != line.speaker
            or line.at_ms - end_ms > PAUSE_MS
            or len(last.sure) > LONG_CHARACTERS
        )
        base = Said(line.at_ms, speaker=line.speaker) if is_new or last is None else found.pop()
        text = line.text.replace("\n", " ")
        if line.kind is Kind.SAID:
            found.append(Said(base.start_ms, f"{base.sure} {text}".strip(), base.guess, base.speaker))
        else:
            found.append(Said(base.start_ms, base.sure, f"{base.guess} {text}".strip(), base.speaker))
        end_ms = max(end_ms, line.end_ms or line.at_ms)
    return found


class Roll:
    """A long roll of paragraphs. What is certain keeps its place on it while more is added below."""

    def __init__(self) -> None:
        self._font = QFont()
        self._width = 1.0
        self._placed: list[tuple[Said, QTextLayout, float]] = []

    def set_shape(self, font: QFont, width: float) -> None:
        """Lay out anew for letters and lines of this size."""
        if (font, width) != (self._font, self._width):
            self._font, self._width = font, max(1.0, width)
            said = [one for one, _layout, _top in self._placed]
            self._placed = []
            self.show(said)

    def show(self, said: Sequence[Said]) -> None:
        """Show these paragraphs; those that are there already keep their place."""
        start = self._placed[0][2] if self._placed else 0.0
        there = {one.start_ms: at for at, (one, _layout, _top) in enumerate(self._placed)}
        first = next((at for at, one in enumerate(said) if one.start_ms in there), None)
        if first is not None:  # what stands before it has gone by
            said = said[first:]
            self._placed = self._placed[there[said[0].start_ms] :]
            start = self._placed[0][2]
        kept = 0
        while kept < min(len(said), len(self._placed)) and self._placed[kept][0] == said[kept]:
            kept += 1
        self._placed = self._placed[:kept]
        top = self.bottom + self._gap if kept else start
        for one in said[kept:]:
            layout, height = self._laid_out(one)
            self._placed.append((one, layout, top))
            top += height + self._gap

    @property
    def bottom(self) -> float:
        """Where the last paragraph ends."""
        if not self._placed:
            return 0.0
        _said, layout, top = self._placed[-1]
        return top + layout.lineCount() * self.line_height

    @property
    def line_height(self) -> float:
        """From one line to the next."""
        return round(QFontMetricsF(self._font).height() * LINE_HEIGHT / 1.2)

    def draw(self, painter: QPainter, from_top: float, height: float, sure: QColor, guess: QColor) -> None:
        """Draw what lies between two heights."""
        for said, layout, top in self._placed:
            lines_end = top + layout.lineCount() * self.line_height
            if lines_end < from_top or top > from_top + height:
                continue
            painter.setPen(sure)
            slanted = QTextCharFormat()
            slanted.setForeground(guess)
            span = QTextLayout.FormatRange()
            span.start, span.length, span.format = _guess_start(said), len(_whole(said)), slanted
            painter.save()
            layout.draw(painter, QPointF(0, top - from_top), [span] if said.guess else [])
            painter.restore()

    @property
    def _gap(self) -> float:
        return round(self.line_height * BETWEEN)

    def _laid_out(self, said: Said) -> tuple[QTextLayout, float]:
        layout = QTextLayout(_whole(said), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        spans = []
        if said.speaker:
            name = QTextLayout.FormatRange()
            bold = QTextCharFormat()
            bold.setFontWeight(QFont.Weight.Bold)
            name.start, name.length, name.format = 0, len(said.speaker) + 1, bold
            spans.append(name)
        if said.guess:
            slant = QTextLayout.FormatRange()
            slanted = QTextCharFormat()
            slanted.setFontItalic(True)
            slant.start, slant.length, slant.format = _guess_start(said), len(with_dots(said.guess)), slanted
            spans.append(slant)
        layout.setFormats(spans)
        layout.beginLayout()
        at = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            line.setPosition(QPointF(0, at))
            at += self.line_height
        layout.endLayout()
        return layout, at


def _whole(said: Said) -> str:
    start = f"{said.speaker}: " if said.speaker else ""
    guess = with_dots(said.guess) if said.guess else ""
    return f"{start}{said.sure}{' ' if said.sure and guess else ''}{guess}"


def _guess_start(said: Said) -> int:
    return len(_whole(said)) - (len(with_dots(said.guess)) if said.guess else 0)
