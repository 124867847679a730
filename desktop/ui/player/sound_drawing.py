"""Draws the peaks of a stretch of sound: how loud it gets, faint, and inside it how loud it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.core.peaks import TOP, Peaks
from desktop.ui.player.view import View

QUIETEST = 36
"""What never gets louder than this (2 % of the amplitude) is not blown up any further."""
SHAPE = 1.3
"""Amplitudes to the power of 0.65: quiet speech is seen beside loud."""
HAIRLINE = 0.5
"""Even silence has a line of twice this height."""
SHARES = (0.28, 0.5)
"""How much of a tone there is in the loudest, and once more in the mean inside it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The sound in a place, one column for each pixel of the screen: the loudest, and the mean inside it."""

    loudest: list[QRectF]
    means: list[QRectF]
    scale: float

    @staticmethod
    def of(peaks: Peaks, view: View, place: QRectF, scale: float) -> Columns:
        """What is in view, on a screen with so many pixels a point."""
        count = int(view.width * scale) + 1
        heights = _heights(max(QUIETEST, peaks.loudest()), place.height() / 2)
        middle, left, width = place.center().y(), place.left(), 1 / scale
        columns = peaks.columns(view.start_ms, view.ms_per_px / scale, count)
        loudest = [max(HAIRLINE, heights[high]) for high, _mean in columns]
        means = [heights[mean] for _high, mean in columns]
        return Columns(
            [QRectF(left + at * width, middle - half, width, 2 * half) for at, half in enumerate(loudest)],
            [QRectF(left + at * width, middle - half, width, 2 * half) for at, half in enumerate(means) if half],
            scale,
        )

    def draw(self, painter: QPainter, tone: QColor, shares: tuple[float, float] = SHARES) -> None:
        """Draw all of them. A polygon around them would look the same, and takes Qt twenty times as long (6.11)."""
        painter.setPen(Qt.PenStyle.NoPen)
        for columns, share in zip((self.loudest, self.means), shares, strict=True):
            painter.setBrush(_faint(tone, share))
            painter.drawRects(columns)

    def parted(self, places: Iterable[QRectF]) -> tuple[Columns, Columns]:
        """Those inside any of the places, and those outside."""
        inside = bytearray(len(self.loudest) + 1)
        for place in places:
            first, last = (round(max(0.0, x) * self.scale) for x in (place.left(), place.right()))
            last = min(last, len(inside))
            if last > first:
                inside[first:last] = b"\1" * (last - first)
        parts: tuple[tuple[list[QRectF], list[QRectF]], ...] = (([], []), ([], []))
        for mine, columns in enumerate((self.loudest, self.means)):
            for column in columns:
                parts[0 if inside[round(column.left() * self.scale)] else 1][mine].append(column)
        return Columns(*parts[0], self.scale), Columns(*parts[1], self.scale)


@lru_cache(maxsize=16)
def _heights(loudest: int, most: float) -> tuple[float, ...]:
    """Half the height of a column for each value."""
    return tuple(most * min(1.0, (value / loudest) ** SHAPE) for value in range(TOP + 1))


def _faint(colour: QColor, share: float) -> QColor:
    faint = QColor(colour)
    faint.setAlphaF(share)
    return faint
