"""A slim bar in the recorder that says what is wrong with the sound, and what can be done about it at once."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui import icons
from desktop.ui.theme import GRID, RADIUS, blend

AMBER = QColor("#d9822b")
_ICON = 20


class WarningBar(QWidget):
    """Stays as long as what it warns of is so; goes by itself."""

    action_wanted = Signal()

    def __init__(self, action_text: str = "") -> None:
        super().__init__()
        self._headline, self._advice = QLabel(), QLabel(wordWrap=True)
        font = self._headline.font()
        font.setWeight(font.Weight.DemiBold)
        self._headline.setFont(font)
        self._headline.setWordWrap(True)
        for label in (self._headline, self._advice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._button = QPushButton(action_text, autoDefault=False)
        self._button.setVisible(bool(action_text))
        self._button.clicked.connect(self.action_wanted)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + GRID // 2, GRID, GRID + GRID // 2, GRID)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(_Sign(), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    @property
    def button(self) -> QPushButton:
        """What can be done at once."""
        return self._button

    @property
    def text(self) -> str:
        """What it says; empty when there is nothing to warn of."""
        return f"{self._headline.text()} {self._advice.text()}".strip() if not self.isHidden() else ""

    def warn(self, headline: str, advice: str) -> None:
        """Say it; a screen reader hears it once."""
        if not self.isHidden() and headline == self._headline.text():
            return
        self._headline.setText(headline)
        self._advice.setText(advice)
        self.setAccessibleName(f"{headline} {advice}")
        self.show()
        spoken = QAccessibleAnnouncementEvent(self, f"{headline} {advice}")
        spoken.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(spoken)

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = self.palette().color(QPalette.ColorRole.Base)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(blend(ground, AMBER, 0.4))
        painter.setBrush(blend(ground, AMBER, 0.12))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.end()


class _Sign(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_ICON, _ICON)

    def sizeHint(self) -> QSize:
        return QSize(_ICON, _ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.icon("warning").paint(painter, QRect(0, 0, _ICON, _ICON))
        painter.end()
