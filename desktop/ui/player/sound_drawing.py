"""Draws the peaks of a stretch of sound: how loud it gets, faint, and inside it how loud it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from desktop.core.peaks import TOP, Peaks
from desktop.ui.player.view import View

QUIETEST = 36
"""What never gets louder than this (2 % of the amplitude) is not blown up any further."""
SHAPE = 1.3
"""Amplitudes to the power of 0.65: quiet speech is seen beside loud."""
HAIRLINE = 0.5
"""Even silence has a line of twice this height."""


def sound_shapes(peaks: Peaks, view: View, place: QRectF, scale: float) -> tuple[QPolygonF, QPolygonF]:
    """The outlines of the loudest and of the mean, one column for each pixel of a screen with so many a point."""
    count = int(view.width * scale) + 1
    columns = peaks.columns(view.start_ms, view.ms_per_px / scale, count)
    heights = _heights(max(QUIETEST, peaks.loudest()), place.height() / 2)
    middle, left = place.center().y(), place.left()
    width = 1 / scale
    return (
        _outline([max(HAIRLINE, heights[high]) for high, _mean in columns], left, middle, width),
        _outline([heights[mean] for _high, mean in columns], left, middle, width),
    )


def draw_sound(painter: QPainter, shapes: tuple[QPolygonF, QPolygonF], tones: tuple[QColor, QColor]) -> None:
    """Fill the outlines: the loudest in the first tone, the mean in the second."""
    painter.setPen(Qt.PenStyle.NoPen)
    for shape, tone in zip(shapes, tones, strict=True):
        painter.setBrush(tone)
        painter.drawPolygon(shape)


@lru_cache(maxsize=16)
def _heights(loudest: int, most: float) -> tuple[float, ...]:
    """Half the height of a column for each value."""
    return tuple(most * min(1.0, (value / loudest) ** SHAPE) for value in range(TOP + 1))


def _outline(heights: Sequence[float], left: float, middle: float, width: float) -> QPolygonF:
    places = [left + width * column for column in range(len(heights))]
    upper = [QPointF(x, middle - height) for x, height in zip(places, heights, strict=True)]
    lower = [QPointF(x, middle + height) for x, height in zip(places, heights, strict=True)]
    return QPolygonF(upper + lower[::-1])
