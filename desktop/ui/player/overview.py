"""The whole file in one strip: its sound, the map of its text, and where one is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.core.coverage import Coverage
from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.core.peaks import Peaks
from desktop.ui.coverage_strip import NAMES, CoverageDrawing
from desktop.ui.player.sound_drawing import Columns
from desktop.ui.player.view import View
from desktop.ui.theme import GRID

SOUND_PX = 24
MAP_PX = GRID
GAP_PX = 3
HEIGHT = SOUND_PX + GAP_PX + MAP_PX + 2
LEAST_FRAME_PX = 10


class Overview(QWidget):
    """Shows all of a file. A press wishes for a time, and so does a drag; one of the frame moves what is in view."""

    place_wanted = Signal(int)
    """The time in milliseconds that was clicked."""
    view_wanted = Signal(int)
    """The time that is to be in the middle of what is in view."""

    def __init__(self) -> None:
        super().__init__()
        self._peaks = Peaks()
        self._coverage = Coverage()
        self._length_ms = 0
        self._playhead_ms = 0
        self._frame: View | None = None
        self._layer: QPixmap | None = None
        self._pressed: QPointF | None = None
        self._held_at = 0.5
        """Where the frame is held, as a share of it."""
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Overview of the sound"))

    def show_media(self, peaks: Peaks, length_ms: int) -> None:
        """Show the peaks of a file that is so long; they may grow."""
        self._peaks, self._length_ms = peaks, length_ms
        self.redraw()

    def show_coverage(self, coverage: Coverage) -> None:
        """Show which parts have text."""
        if coverage is not self._coverage:
            self._coverage = coverage
            self.setAccessibleDescription(coverage.said)
            self.redraw()

    def show_frame(self, frame: View | None) -> None:
        """Mark what is in view elsewhere."""
        self._frame = frame
        self.update()

    def set_playhead(self, ms: int) -> None:
        """Mark a time."""
        before, after = self._x_of(self._playhead_ms), self._x_of(ms)
        self._playhead_ms = ms
        if int(before) != int(after):
            for x in (before, after):
                self.update(int(x) - 3, 0, 7, self.height())

    def redraw(self) -> None:
        """The peaks have grown."""
        self._layer = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    # --- pointer ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or not self._length_ms:
            return
        self._pressed = event.position()
        frame = self._frame_place()
        inside = frame is not None and frame.left() <= event.position().x() <= frame.right()
        self._held_at = (event.position().x() - frame.left()) / frame.width() if frame and inside else 0.5
        if self._frame is None:
            self.place_wanted.emit(self._ms_at(event.position().x()))
        elif not inside:
            self._want_view(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if self._frame is None:
            self.place_wanted.emit(self._ms_at(event.position().x()))
        elif (event.position() - self._pressed).manhattanLength() > 2:
            self._want_view(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and self._frame is not None:
            is_click = (event.position() - self._pressed).manhattanLength() <= 2
            if is_click:
                self.place_wanted.emit(self._ms_at(event.position().x()))
        self._pressed = None

    def _want_view(self, x: float) -> None:
        if self._frame is not None:
            self.view_wanted.emit(round(self._raw_ms(x) + (0.5 - self._held_at) * self._frame.span_ms))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """Time and kind of what is at a place."""
        ms = self._ms_at(x)
        part = next((one for one in self._coverage.parts if one.start_ms <= ms < one.end_ms), None)
        return f"{clock(ms)}  {_(NAMES[part.kind])}" if part else clock(ms)

    # --- places ---

    @property
    def _view(self) -> View:
        return View.whole(self._length_ms, self.width())

    def _x_of(self, ms: float) -> float:
        return self._view.x_of(ms)

    def _raw_ms(self, x: float) -> float:
        return self._view.ms_at(x)

    def _ms_at(self, x: float) -> int:
        return round(min(max(self._raw_ms(x), 0), self._length_ms))

    def _frame_place(self) -> QRectF | None:
        if self._frame is None or not self._length_ms:
            return None
        left, right = self._x_of(self._frame.start_ms), self._x_of(self._frame.end_ms)
        missing = max(0.0, LEAST_FRAME_PX - (right - left)) / 2
        left, right = max(0.0, left - missing), min(float(self.width()), right + missing)
        return QRectF(left + 0.5, 0.5, right - left - 1, self.height() - 1)

    # --- painting ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layer = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None or self._layer.devicePixelRatio() != self.devicePixelRatioF():
            self._layer = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        palette = self.palette()
        accent, text = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Text)
        if not self._length_ms:
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place := self._frame_place():
            shade = QColor(palette.color(QPalette.ColorRole.Base))
            shade.setAlphaF(0.55)
            painter.fillRect(QRectF(0, 0, place.left(), self.height()), shade)
            painter.fillRect(QRectF(place.right(), 0, self.width() - place.right(), self.height()), shade)
            painter.setPen(QPen(accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 3, 3)
        x = min(max(self._x_of(self._playhead_ms), 1.0), self.width() - 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(text)
        painter.drawRoundedRect(QRectF(x - 1, 0, 2, self.height()), 1, 1)
        painter.end()

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(layer)
        if self._length_ms:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            place = QRectF(0, 1, self.width(), SOUND_PX)
            if self._peaks.length_ms:
                columns = Columns.of(self._peaks, self._view, place, ratio)
                columns.draw(painter, self.palette().color(QPalette.ColorRole.Text))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            # Never mirrored: it lies under the sound, which runs from left to right.
            strip = QRectF(0, HEIGHT - MAP_PX - 1, self.width(), MAP_PX)
            CoverageDrawing(painter, strip, self.palette(), is_mirrored=False).draw(self._coverage, self._length_ms)
        painter.end()
        return layer
