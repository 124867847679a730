"""Writes transcripts of one or several jobs as files: what, how, where; and what the files will hold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop.core.formats import FORMATS
from desktop.core.frames import FRAME_RATES
from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobId
from desktop.core.names import shown_name
from desktop.core.rules import DEFAULT, PRESETS, Rules
from desktop.core.settings import OWN_STYLE, about_setting
from desktop.core.transcript import Transcript
from desktop.ui import icons
from desktop.ui.choice_box import ChoiceBox
from desktop.ui.export_choices import AS_IT_IS, PAUSES, ExportChoices
from desktop.ui.export_preview import ExportPreview
from desktop.ui.file_dialogs import ask_for_folder
from desktop.ui.theme import GRID, MARGIN, hairline

SIZE = (980, 700)
SMALLEST = (760, 480)
FORMAT_COLUMNS = 3
MOST_FILES_SEEN = 5
TICK_WIDTH = 26
"""What the tick of a check box takes, in pixels."""


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
        self._make_files(jobs, chosen)
        self._preview = ExportPreview(jobs, next(iter(self.job_ids), None))
        self._make_formats()
        self._make_options(own_rules)
        self._make_place()
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
            previewed=self._preview.format_name,
        )

    @property
    def job_ids(self) -> list[JobId]:
        """The ticked jobs, in the order in which they are offered."""
        return [job_id for job_id, box in self._files.items() if box.isChecked()]

    @Slot(int, object)
    def show_transcript(self, job_id: JobId, transcript: Transcript) -> None:
        """The transcript that was wanted for the preview; it may come after the dialog was closed."""
        if isValid(self):
            self._preview.show_transcript(job_id, transcript)

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
        self._preview.show_format(choices.previewed or next(iter(choices.formats), ""))

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
        self._preview.use_options(choices.options(self._own_rules))

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
            self._preview.show_format(name)
        self._on_changed()

    @Slot()
    def _on_export(self) -> None:
        self.export_wanted.emit(self.job_ids, self.choices)
        self.accept()

    # --- folder ---

    @Slot()
    def _on_browse(self) -> None:
        ask_for_folder(self, _("Folder"), self._folder.text(), self._folder.setText)

    # --- the dialog ---

    def _make_files(self, jobs: Sequence[Job], chosen: Sequence[JobId] | None) -> None:
        self._files: dict[JobId, _NameBox] = {}
        for job in jobs:
            name = shown_name(job.source)
            box = _NameBox(name)
            box.setChecked(chosen is None or job.id in chosen)
            self._files[job.id] = box
        self._all = QCheckBox(_n("All {count} files", "All {count} files", len(jobs)))

    def _make_formats(self) -> None:
        self._formats = {one.name: QCheckBox(_(one.label)) for one in FORMATS.values()}
        for name, box in self._formats.items():
            box.setAccessibleName(_("Format {format}").format(format=box.text()))
            box.setToolTip(f"*{FORMATS[name].suffix}")

    def _make_options(self, own: Rules) -> None:
        styles = [(preset.name, _(preset.label)) for preset in PRESETS.values()]
        if own not in [preset.rules for preset in PRESETS.values()]:
            styles.append((OWN_STYLE, _("Own style")))
        self._style = ChoiceBox([*styles, (AS_IT_IS, _("Segments as they are"))], _("Subtitle style"))
        for at, preset in enumerate(PRESETS.values()):
            self._style.setItemData(at, _(preset.source), Qt.ItemDataRole.ToolTipRole)
        rates = [(0.0, _("Any time")), *((rate, f"{rate:g}") for rate in FRAME_RATES)]
        self._frame_rate = ChoiceBox(rates, _("Frame rate"))
        times = [("usual", _("As usual for the format")), ("yes", _("Yes")), ("no", _("No"))]
        self._times = ChoiceBox(times, _("Times in text"))
        pauses = [
            (ms, _("After a pause of {seconds} s").format(seconds=ms // 1000) if ms else _("For each segment"))
            for ms in PAUSES
        ]
        self._paragraphs = ChoiceBox(pauses, _("New paragraph"))
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
        self._collision = ChoiceBox([(value, _(label)) for value, label in about.choices.items()], _(about.label))
        self._collision.setToolTip(_(about.help))

    def _make_buttons(self) -> None:
        self._problem = QLabel(wordWrap=True)
        self._export = QPushButton(_("&Export"), default=True)
        self._cancel = QPushButton(_("&Cancel"), autoDefault=False)

    def _connect(self) -> None:
        for file in self._files.values():
            file.toggled.connect(self._on_changed)
        self._all.clicked.connect(self._on_all)
        self._preview.changed.connect(self._on_changed)
        self._preview.transcript_wanted.connect(self.transcript_wanted)
        for box in self._formats.values():
            box.toggled.connect(self._on_format_ticked)
        for choice in (self._style, self._frame_rate, self._times, self._paragraphs, self._collision):
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
        sides.addWidget(self._preview)
        sides.setStretchFactor(1, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, MARGIN - GRID // 2, MARGIN, MARGIN)
        foot.setSpacing(GRID)
        foot.addWidget(self._problem, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(sides, 1)
        column.addWidget(hairline())
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
