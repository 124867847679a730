"""The last second of loudness, as a row of bars that walks along with the voice."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from desktop.core.i18n import _
from desktop.core.recording import decibels
from desktop.ui.theme import VISIBLE, blend, legible

COUNT = 16
BAR, GAP, HEIGHT = 3, 2, 22
LOWEST_DB, HIGHEST_DB = -54.0, -12.0
"""The range of a voice, as its power: rooms are below, shouting is above."""
LEAST = BAR / HEIGHT
"""A bar of silence is a dot."""


class LevelBars(QWidget):
    """Quiet is a row of dots; a voice makes them grow."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: deque[float] = deque([0.0] * COUNT, COUNT)
        self._is_live = False
        self.setFixedSize(QSize(COUNT * (BAR + GAP) - GAP, HEIGHT))
        self.setAccessibleName(_("Level"))

    @property
    def bars(self) -> list[float]:
        """How high they are, 0 to 1, the newest last."""
        return list(self._bars)

    def show_level(self, level: float) -> None:
        """One more bar: how loud it is, as a part of full scale."""
        self._is_live = True
        self._bars.append(min(1.0, max(0.0, (decibels(level) - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB))))
        self.update()

    def show_rest(self) -> None:
        """What was heard stays to be seen, in grey: nothing is heard any more."""
        self._is_live = False
        self.update()

    def clear(self) -> None:
        """Begin with silence."""
        self._bars.extend([0.0] * COUNT)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.Base)
        grey = blend(ground, palette.color(QPalette.ColorRole.PlaceholderText), 0.55)
        accent = legible(palette.color(QPalette.ColorRole.Accent), ground, VISIBLE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for at, part in enumerate(self._bars):
            high = HEIGHT * max(LEAST, part)
            colour = accent if self._is_live and part > LEAST else grey
            painter.setBrush(colour)
            bar = QRectF(at * (BAR + GAP), (HEIGHT - high) / 2, BAR, high)
            painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
        painter.end()
