"""How loud it is: a row of small bars, the loudest of late, and a mark for sound that is too loud."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.i18n import _
from desktop.core.recording import Level, decibels
from desktop.ui.theme import GRID, VISIBLE, blend, legible, text_on

LOWEST_DB = -60.0
LOUD_DB = -6.0
"""From here on little is left before sound is too loud."""
QUIET_DB = -36.0
"""Speech whose peaks stay below is hard to hear."""

BAR, GAP = 3, 2
HEIGHT = 16
LAMP = 16
FRAME_MS = 40
RISE_MS, FALL_MS = 40.0, 220.0
"""Times in which most of a step up or down is done."""

RED, AMBER = QColor("#d92d20"), QColor("#b76e00")


def fraction(level: float) -> float:
    """The place on the scale, 0 to 1, of a part of full scale."""
    return min(1.0, max(0.0, 1 - decibels(level) / LOWEST_DB))


class LevelMeter(QWidget):
    """Moves smoothly to each level that it is told, and rests when there is nothing to show."""

    def __init__(self, height: int = HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level()
        self._shown = 0.0
        self._height = height
        self._since = QElapsedTimer()
        self._clock = QTimer(self, interval=FRAME_MS)
        self._clock.timeout.connect(self._on_frame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Level"))
        self._tell()

    def show_level(self, level: Level) -> None:
        """Show how loud it is."""
        self._level = level
        self._tell()
        self._move_on()

    def show_rest(self) -> None:
        """Show that nothing is measured."""
        self.show_level(Level())

    @property
    def shown(self) -> float:
        """How far the bars reach just now, 0 to 1."""
        return self._shown

    def sizeHint(self) -> QSize:
        return QSize(240, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self._height)

    def showEvent(self, event: QShowEvent) -> None:
        self._move_on()

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()

    # --- moving ---

    def _move_on(self) -> None:
        if self.isVisible() and not self._clock.isActive():
            self._since.restart()
            self._clock.start()

    @Slot()
    def _on_frame(self) -> None:
        wanted = fraction(self._level.peak)
        passed_ms = self._since.restart()
        part = 1 - math.exp(-passed_ms / (RISE_MS if wanted > self._shown else FALL_MS))
        self._shown += (wanted - self._shown) * part
        if abs(wanted - self._shown) < 0.002:
            self._shown = wanted
            self._clock.stop()
        self.update()

    def _tell(self) -> None:
        words = said(self._level)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            self.setToolTip(words)

    # --- drawing ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        self._draw_bars(painter, self.width() - LAMP - GRID)
        self._draw_lamp(painter, QRectF(self.width() - LAMP, (self.height() - LAMP) / 2, LAMP, LAMP))
        painter.end()

    def _draw_bars(self, painter: QPainter, room: int) -> None:
        palette = self.palette()
        ground = palette.color(self.backgroundRole())
        rest = blend(ground, palette.color(QPalette.ColorRole.WindowText), 0.13)
        calm = palette.color(QPalette.ColorRole.Accent)
        loud, held = legible(AMBER, ground, VISIBLE), palette.color(QPalette.ColorRole.WindowText)
        count = max(1, (room + GAP) // (BAR + GAP))
        loud_from = (1 - LOUD_DB / LOWEST_DB) * count
        held_at = math.ceil(fraction(self._level.held_peak) * count) - 1
        for at in range(count):
            lit = min(1.0, max(0.0, self._shown * count - at))
            colour = blend(rest, loud if at >= loud_from else calm, lit)
            if at == held_at:
                colour = held
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(at * (BAR + GAP), 0, BAR, self.height()), 1.5, 1.5)

    def _draw_lamp(self, painter: QPainter, place: QRectF) -> None:
        """A ring that becomes a full disc with a sign in it: seen without colours as well."""
        palette = self.palette()
        ground = palette.color(self.backgroundRole())
        disc = place.adjusted(1.5, 1.5, -1.5, -1.5)
        if not self._level.is_clipping:
            painter.setBrush(blend(ground, palette.color(QPalette.ColorRole.WindowText), 0.13))
            painter.drawEllipse(disc.adjusted(3, 3, -3, -3))
            return
        red = legible(RED, ground, VISIBLE)
        painter.setBrush(red)
        painter.drawEllipse(place)
        painter.setBrush(text_on(red))
        middle = place.center()
        painter.drawRoundedRect(QRectF(middle.x() - 1, middle.y() - 4.5, 2, 5.5), 1, 1)
        painter.drawEllipse(QRectF(middle.x() - 1.1, middle.y() + 2.3, 2.2, 2.2))


def said(level: Level) -> str:
    """A level in words."""
    peak = decibels(level.held_peak)
    if level.is_clipping:
        return _("Too loud: lower the volume of the microphone, or move away from it")
    if peak < LOWEST_DB:
        return _("Nothing to be heard")
    if peak < QUIET_DB:
        return _("Quiet")
    return _("Good")
