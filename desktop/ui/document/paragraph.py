"""One segment as lines of text: broken to the width of the column, and where its letters and words come to lie."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QTextLayout, QTextLine, QTextOption

from desktop.core.transcript import Segment
from desktop.ui.document import places

TEXT_PX = 16
LINE_PX = 24
MOST_CHARACTERS_A_LINE = 76
KEPT = 600
"""So many paragraphs stay laid out: some screens above and below."""

BASELINE = (LINE_PX * 64 * 4 // 5) / 64
"""Where a QTextDocument puts the letters in lines of a fixed height: at four fifths, in 64ths (Qt 6.11).
A paragraph and the editor above it have to agree to the pixel."""


@dataclass(frozen=True, slots=True)
class Style:
    """What decides how text is broken into lines and drawn."""

    font: QFont
    width: int
    is_mirrored: bool = False
    """The direction of text that has none of its own."""

    def is_right_to_left(self, text: str) -> bool:
        """The direction of a paragraph: that of its first letter that has one."""
        found = places.is_right_to_left(text)
        return self.is_mirrored if found is None else found

    def font_of(self, segment: Segment) -> QFont:
        """Slanted where the text is doubtful, if its script has slanted letters: else there would be empty boxes."""
        if not segment.suspect:
            return self.font
        font = QFont(self.font)
        font.setItalic(True)
        metrics = QFontMetrics(font)
        return font if all(metrics.inFontUcs4(ord(one)) for one in set(segment.text) if one != "\n") else self.font


class Paragraph:
    """The lines of one text, of equal height."""

    def __init__(self, layout: QTextLayout, text: str) -> None:
        self.layout = layout
        self.text = text

    @property
    def line_count(self) -> int:
        """At least 1: an empty text has a line to write in."""
        return max(1, self.layout.lineCount())

    def offset_at(self, x: float, y: float) -> int:
        """The place in the text that is nearest to a point."""
        number = min(max(0, int(y // LINE_PX)), self.line_count - 1)
        line = self.layout.lineAt(number)
        return places.letters(self.text, line.xToCursor(x)) if line.isValid() else 0

    def line_of(self, offset: int) -> int:
        """The number of the line with a place in the text."""
        line = self.layout.lineForTextPosition(places.units(self.text, offset))
        return line.lineNumber() if line.isValid() else 0

    def rects(self, start: int, end: int) -> Iterator[QRectF]:
        """What a part of the text covers, a rectangle for each of its lines."""
        first, last = places.units(self.text, start), places.units(self.text, end)
        for number in range(self.line_of(start), self.line_of(max(start, end - 1)) + 1):
            line = self.layout.lineAt(number)
            begins, ends = line.textStart(), line.textStart() + line.textLength()
            left, right = sorted((_x(line, max(first, begins)), _x(line, min(last, ends))))
            yield QRectF(left, number * LINE_PX, right - left, LINE_PX)


class Typesetter:
    """Makes paragraphs of segments and keeps those that were wanted last."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._made: OrderedDict[tuple[str, bool], Paragraph] = OrderedDict()
        sample = "The sound of some words that people say, one after the other."
        self._mean = max(1.0, QFontMetricsF(style.font).horizontalAdvance(sample) / len(sample))

    def paragraph(self, segment: Segment) -> Paragraph:
        """The lines of a segment."""
        key = segment.text, bool(segment.suspect)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Paragraph(self._laid_out(segment), segment.text)
            if len(self._made) > KEPT:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(key)
        return found

    def estimate(self, text: str) -> int:
        """About how many lines a text takes, from its length alone."""
        # Wide letters (Chinese, Japanese, Korean) take the room of nearly two others.
        if not text.isascii() and "\u2e80" <= max(text) <= "\uffef":
            room = self.style.width / TEXT_PX
        else:
            room = self.style.width / self._mean - 3  # a line ends some letters early, at a space
        return max(1, ceil(len(text) / max(1.0, room))) + text.count("\n")

    def _laid_out(self, segment: Segment) -> QTextLayout:
        layout = QTextLayout(places.shown(segment.text), self.style.font_of(segment))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if self.style.is_right_to_left(segment.text):
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        else:
            option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        top = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.style.width)
            line.setPosition(QPointF(0, top + BASELINE - line.ascent()))
            top += LINE_PX
        layout.endLayout()
        return layout


def _x(line: QTextLine, unit: int) -> float:
    found: tuple[float, int] = line.cursorToX(unit)  # type: ignore[assignment]
    return found[0]
