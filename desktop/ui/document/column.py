"""Where times, speakers and text stand beside each other, from the start of the line of reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetrics

from desktop.ui.document.paragraph import BASELINE, MOST_CHARACTERS_A_LINE, TEXT_PX
from desktop.ui.theme import GRID

EDGE = 3 * GRID
"""Left and right of everything; signs stand in it."""
SIGN = 12
SPACE = 2 * GRID
"""Between time, speaker and text."""
MOST_SPEAKER = 136
LEAST_SPEAKER = 56
LEAST_TEXT = 160
MARGIN_PX = TEXT_PX - 3
"""The size of letters in the margin."""


def margin_font(font: QFont, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of times and speakers."""
    small = QFont(font)
    small.setPixelSize(MARGIN_PX)
    small.setWeight(weight)
    return small


@dataclass(frozen=True, slots=True)
class Column:
    """The horizontal places of one width of the window. All are mirrored where people read from right to left."""

    room: int
    times: int
    speakers: int
    """0 where nobody is named: then only a narrow strip lies between time and text."""
    text: int
    is_mirrored: bool

    @staticmethod
    def of(room: int, font: QFont, speakers: Iterable[str], is_mirrored: bool) -> Column:
        """The column for a window that is `room` pixels wide."""
        times = QFontMetrics(margin_font(font)).horizontalAdvance("0:00:00")
        names = QFontMetrics(margin_font(font, QFont.Weight.DemiBold))
        widest = max((names.horizontalAdvance(name) + 2 for name in speakers), default=0)
        most = min(MOST_SPEAKER, max(LEAST_SPEAKER, room // 7))
        speaker = min(max(widest, LEAST_SPEAKER), most) if widest else 0
        fixed = 2 * EDGE + times + _between(speaker)
        line = QFontMetrics(font).averageCharWidth() * MOST_CHARACTERS_A_LINE
        return Column(room, times, speaker, max(LEAST_TEXT, min(line, room - fixed)), is_mirrored)

    def sign(self, top: float) -> QRectF:
        """The square of a sign, beside the time and towards the edge; its middle is that of the letters."""
        return self._placed((EDGE - SIGN) / 2, SIGN, round(top + BASELINE) - 5 - SIGN / 2, SIGN)

    def time(self, top: float, height: float) -> QRectF:
        """The place of a time."""
        return self._placed(EDGE, self.times, top, height)

    def speaker(self, top: float, height: float) -> QRectF:
        """The place of a name, or of the sign that offers to give one."""
        left = EDGE + self.times + (SPACE if self.speakers else 0)
        width = self.speakers or _between(0)
        return self._placed(left, width, top, height)

    def lines(self, top: float, height: float) -> QRectF:
        """The place of text."""
        return self._placed(EDGE + self.times + _between(self.speakers), self.text, top, height)

    def _placed(self, left: float, width: float, top: float, height: float) -> QRectF:
        return QRectF(self.room - left - width if self.is_mirrored else left, top, width, height)


def _between(speaker: int) -> int:
    return speaker + 2 * SPACE if speaker else EDGE
