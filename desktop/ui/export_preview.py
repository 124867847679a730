"""The file of an export as it will be, before it is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.formats import FORMATS, WriteOptions, preview
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobId
from desktop.core.names import shown_name
from desktop.core.transcript import Transcript
from desktop.ui.choice_box import ChoiceBox
from desktop.ui.theme import GRID, MARGIN

PREVIEW_LINES = 200
PREVIEW_WAIT_MS = 80
"""A preview is made when nothing was chosen for so long."""


class ExportPreview(QWidget):
    """The beginning of one file in one format. It is made anew a moment after anything has changed."""

    changed = Signal()
    """Another file or another format is looked at."""
    transcript_wanted = Signal(int)
    """The text of a job is needed; answered with `show_transcript`."""

    def __init__(self, jobs: Sequence[Job], first: JobId | None) -> None:
        super().__init__()
        self._transcripts: dict[JobId, Transcript | None] = {}
        self._options = WriteOptions()
        self._clock = QTimer(self, singleShot=True, interval=PREVIEW_WAIT_MS)
        self._clock.timeout.connect(self.show_now)
        self._job = ChoiceBox([(job.id, shown_name(job.source)) for job in jobs], _("File of the preview"))
        self._job.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._job.setCurrentIndex(max(0, self._job.findData(first)))
        self._job.setVisible(len(jobs) > 1)
        self._format = ChoiceBox([(one.name, _(one.label)) for one in FORMATS.values()], _("Format of the preview"))
        self._about = QLabel()
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._page = QPlainTextEdit(readOnly=True)
        self._make_page()
        self._lay_out(len(jobs) > 1)
        for choice in (self._job, self._format):
            choice.currentIndexChanged.connect(self.changed)

    @property
    def format_name(self) -> str:
        """The format that is looked at."""
        return self._format.currentData() or ""

    def show_format(self, name: str) -> None:
        """Look at another format."""
        self._format.setCurrentIndex(max(0, self._format.findData(name)))

    def use_options(self, options: WriteOptions) -> None:
        """Write as these say."""
        self._options = options
        self._clock.start()

    def show_transcript(self, job_id: JobId, transcript: Transcript) -> None:
        """The text that was wanted."""
        self._transcripts[job_id] = transcript
        self._clock.start()

    @property
    def told(self) -> str:
        """What is said about the page."""
        return self._about.text()

    @Slot()
    def show_now(self) -> None:
        """Make the page without waiting."""
        job_id: JobId | None = self._job.currentData()
        if job_id is None:
            self._page.setPlainText("")
            self._about.setText("")
            return
        if job_id not in self._transcripts:
            self._transcripts[job_id] = None
            self.transcript_wanted.emit(job_id)
        transcript = self._transcripts[job_id]
        if transcript is None:
            self._about.setText(_("Reading the text…"))
            return
        text = preview(transcript, FORMATS[self.format_name], self._options, PREVIEW_LINES)
        scrolled = self._page.verticalScrollBar().value()
        self._page.setPlainText(text)
        self._page.verticalScrollBar().setValue(scrolled)
        lines = text.count("\n") + 1
        is_cut = lines >= PREVIEW_LINES
        self._about.setText(_("The first {count} lines").format(count=PREVIEW_LINES) if is_cut else "")

    def _make_page(self) -> None:
        self._page.setObjectName("preview")
        self._page.setAccessibleName(_("Preview"))
        self._page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._page.setTabChangesFocus(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPointSizeF(self.font().pointSizeF())
        self._page.setFont(font)

    def _lay_out(self, has_several: bool) -> None:
        head = QHBoxLayout()
        label = QLabel(_("Pre&view"))
        label.setBuddy(self._format)
        head.addWidget(label)
        head.addWidget(self._format)
        head.addWidget(self._job, 1)
        head.addStretch(0 if has_several else 1)
        head.addWidget(self._about)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self._page, 1)
