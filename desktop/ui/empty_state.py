"""What the window shows when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from desktop.core.i18n import _
from desktop.ui import icons


class EmptyState(QFrame):
    """What to do when there is nothing: one picture, one sentence, one button."""

    def __init__(self, choose: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("empty")
        picture = QLabel()
        picture.setPixmap(icons.app_icon().pixmap(96, 96))
        headline = QLabel(_("Drop audio or video here, or press Ctrl+O"))
        font = headline.font()
        font.setPixelSize(20)
        headline.setFont(font)
        quiet = QLabel(_("Speech becomes text and subtitles on this machine. Nothing leaves it."))
        quiet.setForegroundRole(quiet.palette().ColorRole.PlaceholderText)
        button = QPushButton(_("Choose files…"))
        button.clicked.connect(choose)
        button.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for widget, gap in ((picture, 24), (headline, 8), (quiet, 24), (button, 0)):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            layout.addSpacing(gap)
        layout.addStretch(3)

    def show_drag(self, dragging: bool) -> None:
        """Show that files can be let go here."""
        self.setProperty("dragging", dragging)
        self.style().unpolish(self)
        self.style().polish(self)
