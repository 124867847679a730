"""The offer after a crash: a recording that was cut off, how long it is and what was said in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.i18n import _, _n
from desktop.core.jobs import JobId
from desktop.core.names import clock, shown_name
from desktop.core.recording import Recovered
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN, blend

MOST_LETTERS = 60
"""Of the first and of the last words."""
_ICON = 24


class RecoveredBar(QWidget):
    """Shows one after the other; each stays until something is chosen."""

    resume_wanted = Signal(int)
    """The id of the job whose text shall be heard to its end."""
    open_wanted = Signal(int)
    discard_wanted = Signal(int)
    """Text and sound shall be deleted; the user has agreed."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[Recovered] = []
        self._headline, self._words = QLabel(), QLabel(wordWrap=True)
        font = self._headline.font()
        font.setWeight(font.Weight.DemiBold)
        self._headline.setFont(font)
        self._words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (self._headline, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.resume = QPushButton(_("&Resume"), autoDefault=False)
        self.open = QPushButton(_("Op&en"), autoDefault=False)
        self.discard = QPushButton(_("&Discard…"), autoDefault=False, flat=True)
        self.resume.setToolTip(_("Hear the rest of it and open it"))
        self.open.setToolTip(_("Open it as it is"))
        self.resume.clicked.connect(self._on_resume)
        self.open.clicked.connect(self._on_open)
        self.discard.clicked.connect(self._on_discard)
        self._lay_out()
        self.hide()

    def offer(self, found: Recovered) -> None:
        """Offer a recording."""
        if all(one.job.id != found.job.id for one in self._waiting):
            self._waiting.append(found)
        self._show()

    def forget(self, job_ids: Sequence[JobId]) -> None:
        """These jobs are gone, or go on already."""
        self._waiting = [one for one in self._waiting if one.job.id not in job_ids]
        self._show()

    @property
    def shown(self) -> Recovered | None:
        """The one that is offered."""
        return self._waiting[0] if self._waiting else None

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if found := self.shown:
            more = len(self._waiting) - 1
            name, length = shown_name(found.job.source), clock(found.duration_ms)
            headline = _("“{name}” was cut off, and is saved: {length}").format(name=name, length=length)
            more_text = _n("{count} more", "{count} more", more)
            self._headline.setText(f"{headline}   ({more_text})" if more else headline)
            self._words.setText(said_words(found.said))
            self.setAccessibleName(f"{headline}. {self._words.text()}")

    def _take(self) -> JobId:
        job_id = self._waiting.pop(0).job.id
        self._show()
        return job_id

    @Slot()
    def _on_resume(self) -> None:
        self.resume_wanted.emit(self._take())

    @Slot()
    def _on_open(self) -> None:
        self.open_wanted.emit(self._take())

    @Slot()
    def _on_discard(self) -> None:
        found = self.shown
        if found is None:
            return
        box = QMessageBox(self)
        box.setWindowTitle("Undertone")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(_("Delete this recording of {length}?").format(length=clock(found.duration_ms)))
        box.setInformativeText(_("Its sound and its text cannot be brought back."))
        delete = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(_("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        if box.clickedButton() is delete:
            self.discard_wanted.emit(self._take())

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._words)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, GRID + GRID // 2, MARGIN, GRID + GRID // 2)
        layout.setSpacing(GRID)
        layout.addSpacing(_ICON + GRID)
        layout.addLayout(words, 1)
        layout.addSpacing(GRID)
        for button in (self.discard, self.open, self.resume):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent)
        ground = blend(palette.color(QPalette.ColorRole.Window), accent, 0.1)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.fillRect(0, self.height() - 1, self.width(), 1, blend(ground, accent, 0.25))
        left = MARGIN if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else self.width() - MARGIN - _ICON
        icons.icon("record").paint(painter, QRect(left, (self.height() - _ICON) // 2, _ICON, _ICON))
        painter.end()


def said_words(said: str) -> str:
    """The first and the last words of a text."""
    text = " ".join(said.split())
    if not text:
        return _("Nothing of it was heard yet.")
    if len(text) <= 2 * MOST_LETTERS:
        return f"“{text}”"
    first = text[:MOST_LETTERS].rsplit(" ", 1)[0]
    last = text[-MOST_LETTERS:].split(" ", 1)[-1]
    return f"“{first} … {last}”"
