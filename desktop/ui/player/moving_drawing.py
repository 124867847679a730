"""Draws what moves over a waveform: the playhead, the stretch that is selected, the edge that is dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen, QPolygonF

from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.ui.player.canvas_drawing import RULER_PX
from desktop.ui.player.view import View

_SIGN_PX = 11


class MovingDrawing:
    """Draws it over the picture of what stands still, in the colours of a palette."""

    def __init__(self, painter: QPainter, view: View, size: QSize, palette: QPalette, font: QFont) -> None:
        self._painter = painter
        self._view = view
        self._width, self._height = size.width(), size.height()
        self._palette = palette
        self._font = QFont(font)
        self._font.setPixelSize(_SIGN_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def draw_playhead(self, ms: int) -> None:
        """Where the sound is."""
        x = self._view.x_of(ms)
        if not -8 <= x <= self._width + 8:
            return
        x = round(x)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._palette.color(QPalette.ColorRole.Text))
        self._painter.drawRect(QRectF(x - 0.75, 4, 1.5, self._height - 4))
        self._painter.drawPolygon(QPolygonF([QPointF(x - 5.5, 0), QPointF(x + 5.5, 0), QPointF(x, 8)]))

    def draw_stretch(self, start_ms: int, end_ms: int) -> None:
        """What is selected, with its length."""
        left, right = self._view.x_of(start_ms), self._view.x_of(end_ms)
        tone = self._palette.color(QPalette.ColorRole.Accent)
        fill = QColor(tone)
        fill.setAlphaF(0.18)
        self._painter.fillRect(QRectF(left, 0, right - left, self._height), fill)
        self._painter.setPen(QPen(tone, 1))
        for x in (left, right):
            self._painter.drawLine(QPointF(round(x) + 0.5, 0), QPointF(round(x) + 0.5, self._height))
        self._draw_sign((max(left, 0) + min(right, self._width)) / 2, _duration(end_ms - start_ms))

    def draw_dragged_edge(self, ms: int, snapped_ms: int | None) -> None:
        """Its time stands over it; a dotted line says that it has come to a place."""
        if snapped_ms is not None:
            self._painter.setPen(QPen(self._palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DotLine))
            x = round(self._view.x_of(snapped_ms)) + 0.5
            self._painter.drawLine(QPointF(x, RULER_PX), QPointF(x, self._height))
        self._draw_sign(self._view.x_of(ms), fine_clock(ms))

    def _draw_sign(self, x: float, text: str) -> None:
        """A small sign in the ruler."""
        painter = self._painter
        painter.setFont(self._font)
        width = painter.fontMetrics().horizontalAdvance(text) + 12
        left = min(max(x - width / 2, 2), self._width - width - 2)
        sign = QRectF(left, 1, width, RULER_PX - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._palette.color(QPalette.ColorRole.Accent))
        painter.drawRoundedRect(sign, 4, 4)
        painter.setPen(self._palette.color(QPalette.ColorRole.HighlightedText))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, text)


def fine_clock(ms: int) -> str:
    """`0:07.25`"""
    return f"{clock(ms)}.{max(0, ms) % 1000 // 10:02}"


def _duration(ms: int) -> str:
    """How long, as it is said of a stretch: `1.25 s`, `2:05`."""
    return _("{seconds} s").format(seconds=f"{ms / 1000:.2f}") if ms < 60_000 else clock(ms)
