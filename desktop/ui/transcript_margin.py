"""The margin of the transcript: when each paragraph is said, and signs for what needs checking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.core.names import clock

if TYPE_CHECKING:
    from desktop.ui.transcript_page import TranscriptPage

MARGIN = 24
SIGN = 12
"""The side of the square that a sign stands in, between time and text."""


class TranscriptMargin(QWidget):
    """Beside the text, as far as it is in sight."""

    def __init__(self, page: TranscriptPage) -> None:
        super().__init__(page)
        self._page = page

    def wanted_width(self) -> int:
        """Room for the longest time."""
        return QFontMetrics(self._font()).horizontalAdvance("0:00:00") + 2 * MARGIN

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), 0)

    def place(self) -> None:
        """Stand beside the text."""
        viewport = self._page.viewport().geometry()
        width = self.wanted_width()
        left = viewport.right() + 1 if self._is_mirrored else viewport.left() - width
        self.setGeometry(QRect(left, viewport.top(), width, viewport.height()))
        self.update()

    @property
    def _is_mirrored(self) -> bool:
        return self._page.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._page.told_at(event.pos().y()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for paragraph in self._page.paragraphs_in_sight():
            self._time(painter, paragraph.first_line, paragraph.segment.start_ms)
            if paragraph.segment.suspect:
                self._question(painter, paragraph.first_line)
            for line, part in paragraph.gaps:
                self._time(painter, line, part.start_ms)
                self._box(painter, line)
        painter.end()

    def _time(self, painter: QPainter, line: QRectF, ms: int) -> None:
        place = QRectF(MARGIN, line.top(), self.width() - 2 * MARGIN, line.height())
        side = Qt.AlignmentFlag.AlignLeft if self._is_mirrored else Qt.AlignmentFlag.AlignRight
        painter.drawText(place, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, clock(ms))

    def _sign(self, line: QRectF) -> QRectF:
        left = (MARGIN - SIGN) // 2 + 1
        if not self._is_mirrored:
            left = self.width() - left - SIGN
        return QRectF(left, round(line.center().y()) - SIGN // 2, SIGN, SIGN)

    def _question(self, painter: QPainter, line: QRectF) -> None:
        font = self._font()
        font.setWeight(QFont.Weight.Bold)
        painter.save()
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self._sign(line), Qt.AlignmentFlag.AlignCenter, "?")
        painter.restore()

    def _box(self, painter: QPainter, line: QRectF) -> None:
        """Hollow, as in the strip above the text."""
        painter.save()
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawRect(self._sign(line).adjusted(2.5, 0.5, -2.5, -0.5))
        painter.restore()

    def _font(self) -> QFont:
        font = QFont(self._page.font())
        font.setPixelSize(self._page.font().pixelSize() - 3)
        return font
