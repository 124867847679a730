"""Writes transcripts of one or several jobs as files: what, how, where; and what the files will hold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop.core.formats import FORMATS, WriteOptions, preview
from desktop.core.frames import FRAME_RATES
from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobId
from desktop.core.names import shown_name
from desktop.core.rules import DEFAULT, PRESETS, Rules
from desktop.core.settings import about_setting
from desktop.core.transcript import Transcript
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN

PREVIEW_LINES = 200
PREVIEW_WAIT_MS = 80
"""A preview is made when nothing was chosen for so long."""
SIZE = (980, 700)
SMALLEST = (760, 480)
FORMAT_COLUMNS = 3
MOST_FILES_SEEN = 5
TICK_WIDTH = 26
"""What the tick of a check box takes, in pixels."""

OWN_STYLE = "own"
AS_IT_IS = "as-it-is"
TIMES = {"usual": None, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """All that a person chooses for an export, as plain values that settings can keep."""

    formats: tuple[str, ...] = ("srt", "vtt")
    style: str = "default"
    """The name of a preset, `own` for the rules that the table of cues shows, `as-it-is` for segments as they are."""
    frame_rate: float = 0.0
    times: str = "usual"
    paragraph_pause_ms: int = 0
    speakers: bool = True
    word_timestamps: bool = False
    suspects: bool = False
    folder: str = ""
    """Empty: beside each source."""
    collision: str = "rename"
    previewed: str = ""
    """The format whose preview was looked at last."""

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return {**asdict(self), "formats": list(self.formats)}

    @staticmethod
    def of(record: object) -> ExportChoices:
        """What `to_record` wrote; what cannot be read is as when first installed."""
        plain = ExportChoices()
        known = record if isinstance(record, dict) else {}
        values = {one.name: _read(one.name, known.get(one.name), getattr(plain, one.name)) for one in fields(plain)}
        return ExportChoices(**values)

    def options(self, own: Rules = DEFAULT) -> WriteOptions:
        """What a format is told; `own` are the rules that the table of cues shows."""
        rules = {OWN_STYLE: own, AS_IT_IS: None}.get(
            self.style, PRESETS[self.style].rules if self.style in PRESETS else own
        )
        return WriteOptions(
            word_timestamps=self.word_timestamps,
            suspects=self.suspects,
            rules=None if self.style == AS_IT_IS else rules,
            frame_rate=self.frame_rate,
            times=TIMES[self.times],
            speakers=self.speakers,
            paragraph_pause_ms=self.paragraph_pause_ms,
        )


def _read(name: str, value: Any, plain: Any) -> Any:
    """A stored value, or the plain one where it is not possible."""
    if name == "formats":
        return tuple(one for one in FORMATS if one in value) if isinstance(value, list | tuple) else plain
    if type(value) is not type(plain):
        return plain
    possible: dict[str, Sequence[object]] = {
        "style": (*PRESETS, OWN_STYLE, AS_IT_IS),
        "frame_rate": (0.0, *FRAME_RATES),
        "times": tuple(TIMES),
        "paragraph_pause_ms": PAUSES,
        "collision": tuple(about_setting("collision").choices),
        "previewed": ("", *FORMATS),
    }
    return value if value in possible.get(name, (value,)) else plain


PAUSES = (0, 1_000, 2_000, 3_000, 5_000)
"""From which length on a pause begins a paragraph, in milliseconds; 0: every segment is one."""


class ExportDialog(QDialog):
    """Choices on one side, the file as it will be on the other. Writes nothing itself."""

    export_wanted = Signal(list, object)
    """Job ids, and the `ExportChoices`: formats, folder, what happens when files exist, options."""
    transcript_wanted = Signal(int)
    """The transcript of a job is needed for the preview; answered with `show_transcript`."""

    def __init__(
        self,
        jobs: Sequence[Job],
        choices: ExportChoices,
        own_rules: Rules = DEFAULT,
        chosen: Sequence[JobId] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`jobs` are offered; the `chosen` ones are ticked, all of them if not said."""
        super().__init__(parent)
        self._own_rules = own_rules
        self._transcripts: dict[JobId, Transcript | None] = {}
        self._clock = QTimer(self, singleShot=True, interval=PREVIEW_WAIT_MS)
        self._clock.timeout.connect(self._show_preview)
        self._make_files(jobs, chosen)
        self._make_formats()
        self._make_options(own_rules)
        self._make_place()
        self._make_preview()
        self._make_buttons()
        self._lay_out()
        self._show(choices)
        self._connect()
        self._on_changed()
        self.setWindowTitle(_("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)

    # --- what is chosen ---

    @property
    def choices(self) -> ExportChoices:
        """As the form shows them."""
        return ExportChoices(
            formats=tuple(name for name, box in self._formats.items() if box.isChecked()),
            style=self._style.currentData(),
            frame_rate=self._frame_rate.currentData(),
            times=self._times.currentData(),
            paragraph_pause_ms=self._paragraphs.currentData(),
            speakers=self._speakers.isChecked(),
            word_timestamps=self._words.isChecked(),
            suspects=self._suspects.isChecked(),
            folder=os.path.expanduser(self._folder.text().strip()),
            collision=self._collision.currentData(),
            previewed=self._previewed.currentData() or "",
        )

    @property
    def job_ids(self) -> list[JobId]:
        """The ticked jobs, in the order in which they are offered."""
        return [job_id for job_id, box in self._files.items() if box.isChecked()]

    @Slot(int, object)
    def show_transcript(self, job_id: JobId, transcript: Transcript) -> None:
        """The transcript that was wanted for the preview; it may come after the dialog was closed."""
        if not isValid(self):
            return
        self._transcripts[job_id] = transcript
        self._clock.start()

    def _show(self, choices: ExportChoices) -> None:
        for name, box in self._formats.items():
            box.setChecked(name in choices.formats)
        for choice, value in (
            (self._style, choices.style),
            (self._frame_rate, choices.frame_rate),
            (self._times, choices.times),
            (self._paragraphs, choices.paragraph_pause_ms),
            (self._collision, choices.collision),
        ):
            choice.setCurrentIndex(max(0, choice.findData(value)))
        self._speakers.setChecked(choices.speakers)
        self._words.setChecked(choices.word_timestamps)
        self._suspects.setChecked(choices.suspects)
        self._folder.setText(choices.folder)
        self._previewed.setCurrentIndex(
            max(0, self._previewed.findData(choices.previewed or next(iter(choices.formats), "")))
        )

    @Slot()
    def _on_changed(self) -> None:
        choices, jobs = self.choices, self.job_ids
        self._all.setChecked(len(jobs) == len(self._files))
        self._problem.setText(_problem_of(choices, jobs))
        count = len(choices.formats) * len(jobs)
        self._export.setText(_n("&Export {count} file", "&Export {count} files", count) if count else _("&Export"))
        self._export.setEnabled(not self._problem.text())
        source = PRESETS[choices.style].source if choices.style in PRESETS else ""
        self._style.setToolTip(_(source) if source else "")
        self._clock.start()

    @Slot()
    def _on_all(self) -> None:
        is_wanted = len(self.job_ids) < len(self._files)
        for box in self._files.values():
            box.setChecked(is_wanted)
        self._on_changed()

    @Slot(bool)
    def _on_format_ticked(self, is_ticked: bool) -> None:
        """What is ticked is what one wants to see."""
        box = self.sender()
        name = next(name for name, one in self._formats.items() if one is box)
        if is_ticked:
            self._previewed.setCurrentIndex(self._previewed.findData(name))
        self._on_changed()

    @Slot()
    def _on_export(self) -> None:
        self.export_wanted.emit(self.job_ids, self.choices)
        self.accept()

    # --- preview ---

    @Slot()
    def _show_preview(self) -> None:
        job_id: JobId | None = self._shown_job.currentData()
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
        wanted = FORMATS[self._previewed.currentData()]
        text = preview(transcript, wanted, self.choices.options(self._own_rules), PREVIEW_LINES)
        scrolled = self._page.verticalScrollBar().value()
        self._page.setPlainText(text)
        self._page.verticalScrollBar().setValue(scrolled)
        lines = text.count("\n") + 1
        is_cut = lines >= PREVIEW_LINES
        self._about.setText(_("The first {count} lines").format(count=PREVIEW_LINES) if is_cut else "")

    # --- folder ---

    @Slot()
    def _on_browse(self) -> None:
        dialog = QFileDialog(self, _("Folder"), self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    # --- the dialog ---

    def _make_files(self, jobs: Sequence[Job], chosen: Sequence[JobId] | None) -> None:
        self._files: dict[JobId, _NameBox] = {}
        for job in jobs:
            name = shown_name(job.source)
            box = _NameBox(name)
            box.setChecked(chosen is None or job.id in chosen)
            self._files[job.id] = box
        self._all = QCheckBox(_n("All {count} files", "All {count} files", len(jobs)))
        self._shown_job = _Choice([(job.id, shown_name(job.source)) for job in jobs], _("File of the preview"))
        self._shown_job.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        first = next(iter(self.job_ids), None)
        self._shown_job.setCurrentIndex(max(0, self._shown_job.findData(first)))
        self._shown_job.setVisible(len(jobs) > 1)

    def _make_formats(self) -> None:
        self._formats = {one.name: QCheckBox(_(one.label)) for one in FORMATS.values()}
        for name, box in self._formats.items():
            box.setAccessibleName(_("Format {format}").format(format=box.text()))
            box.setToolTip(f"*{FORMATS[name].suffix}")

    def _make_options(self, own: Rules) -> None:
        styles = [(preset.name, _(preset.label)) for preset in PRESETS.values()]
        if own not in [preset.rules for preset in PRESETS.values()]:
            styles.append((OWN_STYLE, _("Own style")))
        self._style = _Choice([*styles, (AS_IT_IS, _("Segments as they are"))], _("Subtitle style"))
        for at, preset in enumerate(PRESETS.values()):
            self._style.setItemData(at, _(preset.source), Qt.ItemDataRole.ToolTipRole)
        rates = [(0.0, _("Any time")), *((rate, f"{rate:g}") for rate in FRAME_RATES)]
        self._frame_rate = _Choice(rates, _("Frame rate"))
        times = [("usual", _("As usual for the format")), ("yes", _("Yes")), ("no", _("No"))]
        self._times = _Choice(times, _("Times in text"))
        pauses = [
            (ms, _("After a pause of {seconds} s").format(seconds=ms // 1000) if ms else _("For each segment"))
            for ms in PAUSES
        ]
        self._paragraphs = _Choice(pauses, _("New paragraph"))
        self._speakers = QCheckBox(_("Names of s&peakers"))
        self._words = QCheckBox(_("Times of &words, where the format has them"))
        self._suspects = QCheckBox(_("&Doubtful text too"))
        self._suspects.setToolTip(_(about_setting("export_suspects").help))

    def _make_place(self) -> None:
        self._folder = QLineEdit(placeholderText=_("Beside each source"), clearButtonEnabled=True)
        self._folder.setAccessibleName(_("Folder"))
        self._browse = QToolButton()
        self._browse.setIcon(icons.icon("open-folder"))
        self._browse.setToolTip(_("Browse…"))
        self._browse.setAccessibleName(_("Browse for a folder"))
        self._browse.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        about = about_setting("collision")
        self._collision = _Choice([(value, _(label)) for value, label in about.choices.items()], _(about.label))
        self._collision.setToolTip(_(about.help))

    def _make_preview(self) -> None:
        self._previewed = _Choice([(one.name, _(one.label)) for one in FORMATS.values()], _("Format of the preview"))
        self._about = QLabel()
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._page = QPlainTextEdit(readOnly=True)
        self._page.setObjectName("preview")
        self._page.setAccessibleName(_("Preview"))
        self._page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._page.setTabChangesFocus(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPointSizeF(self.font().pointSizeF())
        self._page.setFont(font)

    def _make_buttons(self) -> None:
        self._problem = QLabel(wordWrap=True)
        self._export = QPushButton(_("&Export"), default=True)
        self._cancel = QPushButton(_("&Cancel"), autoDefault=False)

    def _connect(self) -> None:
        for file in self._files.values():
            file.toggled.connect(self._on_changed)
        self._all.clicked.connect(self._on_all)
        self._shown_job.currentIndexChanged.connect(self._on_changed)
        for box in self._formats.values():
            box.toggled.connect(self._on_format_ticked)
        for choice in (self._style, self._frame_rate, self._times, self._paragraphs, self._collision, self._previewed):
            choice.currentIndexChanged.connect(self._on_changed)
        for switch in (self._speakers, self._words, self._suspects):
            switch.toggled.connect(self._on_changed)
        self._folder.textChanged.connect(self._on_changed)
        self._browse.clicked.connect(self._on_browse)
        self._export.clicked.connect(self._on_export)
        self._cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(1)
        sides.setChildrenCollapsible(False)
        sides.addWidget(self._form())
        sides.addWidget(self._side_with_preview())
        sides.setStretchFactor(1, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, MARGIN - GRID // 2, MARGIN, MARGIN)
        foot.setSpacing(GRID)
        foot.addWidget(self._problem, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._export)
        line = QFrame()
        line.setObjectName("hairline")
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(sides, 1)
        column.addWidget(line)
        column.addLayout(foot)

    def _form(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GRID)
        if len(self._files) > 1:
            column.addWidget(_heading(_("Files")))
            column.addWidget(self._file_list())
        else:
            for box in self._files.values():
                column.addWidget(_Elided(box.name, _heading("").font()))
        column.addWidget(_heading(_("Formats")))
        column.addLayout(self._format_grid())
        column.addWidget(_heading(_("Subtitles")))
        style, rate, times, paragraph, taken = labels = [
            QLabel(text)
            for text in (_("St&yle"), _("F&rame rate"), _("&Times"), _("&New paragraph"), _("&If a file is there"))
        ]
        for label in labels:  # one width, so that the fields stand below each other
            label.setMinimumWidth(max(one.sizeHint().width() for one in labels))
        column.addLayout(_form([(style, self._style), (rate, self._frame_rate)]))
        column.addWidget(self._words)
        column.addWidget(_heading(_("Text")))
        column.addLayout(_form([(times, self._times), (paragraph, self._paragraphs)]))
        column.addWidget(self._speakers)
        column.addWidget(self._suspects)
        column.addWidget(_heading(_("Folder")))
        place = QHBoxLayout()
        place.setSpacing(GRID // 2)
        place.addWidget(self._folder, 1)
        place.addWidget(self._browse)
        column.addLayout(place)
        column.addLayout(_form([(taken, self._collision)]))
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setMinimumWidth(inside.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        return scroll

    def _file_list(self) -> QWidget:
        """All of them one below the other; many are scrolled."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        boxes: list[QCheckBox] = list(self._files.values())
        if len(boxes) > 2:
            boxes.insert(0, self._all)
        for box in boxes:
            column.addWidget(box)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setFixedHeight(min(len(boxes), MOST_FILES_SEEN) * boxes[0].sizeHint().height())
        return scroll

    def _format_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(MARGIN)
        boxes = list(self._formats.values())
        rows = -(-len(boxes) // FORMAT_COLUMNS)
        for at, box in enumerate(boxes):
            grid.addWidget(box, at % rows, at // rows)
        grid.setColumnStretch(FORMAT_COLUMNS - 1, 1)
        return grid

    def _side_with_preview(self) -> QWidget:
        side = QWidget()
        head = QHBoxLayout()
        label = QLabel(_("Pre&view"))
        label.setBuddy(self._previewed)
        head.addWidget(label)
        head.addWidget(self._previewed)
        head.addWidget(self._shown_job, 1)
        head.addStretch(0 if len(self._files) > 1 else 1)
        head.addWidget(self._about)
        column = QVBoxLayout(side)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self._page, 1)
        return side


class _Choice(QComboBox):
    """One of a few values, by what the user reads for them."""

    def __init__(self, choices: Sequence[tuple[Any, str]], name: str) -> None:
        super().__init__()
        for value, label in choices:
            self.addItem(label, value)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the form past a control must not change it


class _NameBox(QCheckBox):
    """A file to tick. A long name never forces the dialog wide."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setMinimumWidth(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - TICK_WIDTH
        elided = QFontMetrics(self.font()).elidedText(self.name, Qt.TextElideMode.ElideMiddle, room)
        self.setText(elided.replace("&", "&&"))


class _Elided(QLabel):
    """A name that never forces the dialog wide."""

    def __init__(self, name: str, font: QFont) -> None:
        super().__init__()
        self._name = name
        self.setFont(font)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setMinimumWidth(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setText(QFontMetrics(self.font()).elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width()))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    label.setContentsMargins(0, GRID // 2, 0, 0)
    return label


def _form(rows: Sequence[tuple[QLabel, QWidget]]) -> QGridLayout:
    """Labels and their fields, one below the other."""
    form = QGridLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(MARGIN)
    form.setVerticalSpacing(GRID)
    form.setColumnStretch(1, 1)
    for row, (label, field) in enumerate(rows):
        label.setBuddy(field)
        form.addWidget(label, row, 0)
        form.addWidget(field, row, 1)
    return form


def _problem_of(choices: ExportChoices, jobs: Sequence[JobId]) -> str:
    """Why nothing can be written as it stands."""
    if not jobs:
        return _("Choose at least one file.")
    if not choices.formats:
        return _("Choose at least one format.")
    if choices.folder and not Path(choices.folder).is_absolute():
        return _("The folder needs its whole path.")
    return ""
