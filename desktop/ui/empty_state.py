"""What the window shows when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from desktop.core.i18n import _
from desktop.ui import icons

OFFER_WIDTH = 460


class EmptyState(QFrame):
    """What to do when there is nothing: one picture, one sentence, one button. Without a model, the way to one."""

    models_wanted = Signal()

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
        self._offer = QLabel(wordWrap=True)
        self._offer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._offer.setFixedWidth(OFFER_WIDTH)
        self._models = QPushButton(_("Models…"))
        self._models.clicked.connect(self.models_wanted)
        self._offer.hide()
        self._models.hide()
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        widgets = (picture, 24), (headline, 8), (quiet, 24), (button, 24), (self._offer, 8), (self._models, 0)
        for widget, gap in widgets:
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            layout.addSpacing(gap)
        layout.addStretch(3)

    def show_offer(self, sentence: str) -> None:
        """Say that a model is wanted, with the way to one; an empty sentence when there is one."""
        self._offer.setText(sentence)
        # A layout that centres a label gives it the height of its hint, not the one for its width.
        self._offer.setFixedHeight(self._offer.heightForWidth(OFFER_WIDTH))
        self._offer.setVisible(bool(sentence))
        self._models.setVisible(bool(sentence))

    def show_drag(self, dragging: bool) -> None:
        """Show that files can be let go here."""
        self.setProperty("dragging", dragging)
        self.style().unpolish(self)
        self.style().polish(self)
