"""The picture of a video with the cue over it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.i18n import _

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

TEXT_SHARE = 1 / 17
"""The height of a letter's line by that of the picture: some 42 characters then fit beside each other."""
LEAST_TEXT_PX = 11
BOTTOM_SHARE = 1 / 15
LINE_HEIGHT = 1.25
OUTLINE_SHARE = 1 / 6
WIDEST_SHARE = 0.94
MOST_LINES = 3
RESTS = 1.5
"""After a picture took so long to convert, the window has this many times as long for other things."""


class VideoPane(QWidget):
    """Shows pictures as large as fits, black around them, and up to three lines of text near their lower edge."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: QVideoFrame | None = None
        self._picture = QImage()
        self._lines: tuple[str, ...] = ()
        self._free_at_s = 0.0
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self._on_late)
        self.setMinimumSize(160, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Picture"))

    @Slot(object)
    def show_frame(self, frame: QVideoFrame) -> None:
        """Show a picture of the player; pictures that come too fast for this machine are left out, but for the last."""
        self._frame = frame
        wait_s = self._free_at_s - time.monotonic()
        if wait_s <= 0:
            self._on_late()
        elif not self._late.isActive():
            self._late.start(int(1000 * wait_s) + 1)

    def show_cue(self, lines: Sequence[str]) -> None:
        """Show these lines over the picture; none for no cue."""
        shown = tuple(line.strip() for line in lines if line.strip())[:MOST_LINES]
        if shown != self._lines:
            self._lines = shown
            self.setAccessibleDescription(" ".join(shown))
            self.update()

    def clear(self) -> None:
        """Show nothing: the file was let go of."""
        self._frame = None
        self._picture = QImage()
        self._late.stop()
        self.show_cue(())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    @Slot()
    def _on_late(self) -> None:
        if self._frame is None or not self.isVisible():
            return
        began_s = time.monotonic()
        self._picture = self._frame.toImage()
        self._frame = None
        ended_s = time.monotonic()
        self._free_at_s = ended_s + RESTS * (ended_s - began_s)
        self.update()

    # --- painting ---

    def picture_place(self) -> QRectF:
        """Where the picture lies."""
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.isEmpty():
            return QRectF(self.rect())
        return QRectF(
            (self.width() - size.width()) // 2, (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        place = self.picture_place()
        if not self._picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._picture)
        if self._lines:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_cue(painter, place)
        painter.end()

    def _paint_cue(self, painter: QPainter, place: QRectF) -> None:
        font = self._fitting_font(place)
        metrics = QFontMetricsF(font)
        line_px = font.pixelSize() * LINE_HEIGHT
        outline = QPainterPath()
        bottom = place.bottom() - place.height() * BOTTOM_SHARE
        for number, line in enumerate(reversed(self._lines)):
            base = bottom - metrics.descent() - number * line_px
            left = place.center().x() - metrics.horizontalAdvance(line) / 2
            outline.addText(QPointF(left, base), font, line)
        width = max(2.0, font.pixelSize() * OUTLINE_SHARE)
        edge = QPen(QColor(0, 0, 0, 230), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(outline, edge)
        painter.fillPath(outline, Qt.GlobalColor.white)

    def _fitting_font(self, place: QRectF) -> QFont:
        """As large as is usual on a screen; smaller when a line would not fit beside it."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        pixels = max(LEAST_TEXT_PX, int(place.height() * TEXT_SHARE))
        font.setPixelSize(pixels)
        widest = max(QFontMetricsF(font).horizontalAdvance(line) for line in self._lines)
        room = place.width() * WIDEST_SHARE
        if widest > room:
            font.setPixelSize(max(6, int(pixels * room / widest)))
        return font
