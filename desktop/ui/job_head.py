"""What the chosen job is and how it is heard, above its text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.catalogue import DEMO_LABEL
from desktop.core.coverage import Coverage
from desktop.core.errors import AppError
from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobState
from desktop.core.languages import LANGUAGES
from desktop.core.media import AudioTrack
from desktop.core.names import clock, shown_name
from desktop.ui import icons
from desktop.ui.commands import LOCKED, Choices, Commands, language_choices, mode_choices, task_choices
from desktop.ui.coverage_strip import CoverageStrip
from desktop.ui.option_box import OptionBox


class JobHead(QWidget):
    """Shows one job, or the options of several that are chosen."""

    options_wanted = Signal(dict)
    mend_wanted = Signal()
    """The button beside a failure: go on with the job."""
    place_wanted = Signal(int)
    """A time in milliseconds that was clicked in the map."""

    def __init__(self, models: Choices, commands: Commands) -> None:
        super().__init__()
        self._export = QToolButton()
        self._export.setMenu(commands.export_menu)
        self._views = QToolButton()
        self._views.setDefaultAction(commands.show_cues)
        self._views.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._names = QToolButton()
        self._names.setDefaultAction(commands.names)
        self._jobs: list[Job] = []
        self._name = QLabel()
        self._about = QLabel()
        self._language = self._choice("language", _("Language"), language_choices())
        self._task = self._choice("task", _("Write"), task_choices())
        self._mode = self._choice("mode", _("Way of working"), mode_choices())
        self._model = self._choice("model", _("Model"), models)
        self._track = self._choice("audio_track", _("Sound track"), [])
        self._map = _Map(commands)
        self._map.strip.place_wanted.connect(self.place_wanted)
        self._trouble = _Trouble()
        self._trouble.button.clicked.connect(self.mend_wanted)
        self._lay_out()

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Show name, state and options of the chosen jobs."""
        self._jobs = list(jobs)
        if not jobs:
            return
        job = jobs[0]
        several = len(jobs) > 1
        count = _n("{count} file chosen", "{count} files chosen", len(jobs))
        self._name.setText(count if several else shown_name(job.source))
        self._about.setText("" if several else _about(job))
        self._about.setVisible(bool(self._about.text()))
        self._map.show_job(None if several else job)
        self._offer_tracks(None if several else job)
        for box in self._boxes:
            box.show_jobs(jobs)
        self._trouble.show_job(None if several else job)
        self._options.setVisible(any(one.state not in LOCKED for one in jobs))
        self._export.setEnabled(any(one.heard_ms for one in jobs))

    def show_models(self, choices: Choices) -> None:
        """Offer these models from now on."""
        self._model.show_choices(choices)

    @Slot(bool)
    def hide_strip(self, wanted: bool) -> None:
        """The strip is not needed where the waveform shows the same."""
        self._map.strip.setVisible(not wanted)

    @property
    def _boxes(self) -> tuple[OptionBox, ...]:
        return self._language, self._task, self._model, self._mode, self._track

    def _offer_tracks(self, job: Job | None) -> None:
        """The sound tracks of the file, where there is a choice."""
        tracks = job.media.tracks if job and job.media else ()
        self._track.setVisible(len(tracks) > 1)
        offered = [(0, _("Default track")), *((track.number, _track_label(track)) for track in tracks)]
        if [(self._track.itemData(row), self._track.itemText(row)) for row in range(self._track.count())] != offered:
            with QSignalBlocker(self._track):
                self._track.clear()
                for number, label in offered:
                    self._track.addItem(label, number)

    def _choice(self, option: str, label: str, choices: Choices) -> OptionBox:
        box = OptionBox(option, label, choices)
        box.activated.connect(self._on_activated)
        return box

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        box = self.sender()
        if isinstance(box, OptionBox):
            self.options_wanted.emit({box.property("option"): box.currentData()})

    def _lay_out(self) -> None:
        font = self._name.font()
        font.setPixelSize(18)
        font.setWeight(font.Weight.DemiBold)
        self._name.setFont(font)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._about.setForegroundRole(self._about.palette().ColorRole.PlaceholderText)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._export.setText(_("Export"))
        self._export.setIcon(icons.icon("export"))
        self._export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._name, 1)
        first.addWidget(self._views)
        first.addWidget(self._export)
        self._options = QWidget()
        options = QHBoxLayout(self._options)
        options.setContentsMargins(0, 4, 0, 0)
        options.setSpacing(0)
        for box in self._boxes:
            options.addWidget(box)
            options.addSpacing(6)
        options.addWidget(self._names)
        options.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(24, 12, 16, 8)
        head.setSpacing(4)
        head.addLayout(first)
        head.addWidget(self._about)
        head.addWidget(self._map)
        head.addWidget(self._options)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._trouble)


class _Map(QWidget):
    """How much of a file's speech has text: the strip, the sentence, and the way to the places to check."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.strip = CoverageStrip()
        self._said = QLabel()
        self._said.setForegroundRole(self._said.palette().ColorRole.PlaceholderText)
        self._steps = [QToolButton(), QToolButton()]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._said, 1)
        layout.addWidget(self.strip, 1)
        layout.addSpacing(8)
        for step, action in zip(self._steps, (commands.previous_place, commands.next_place), strict=True):
            step.setDefaultAction(action)
            layout.addWidget(step)

    def show_job(self, job: Job | None) -> None:
        coverage = job.coverage if job else Coverage()
        # There from the first moment of work, so that the text does not jump when the first words arrive.
        self.setVisible(bool(coverage.parts) or bool(job and job.state is JobState.RUNNING and not job.heard_ms))
        self.strip.show_coverage(coverage, job.duration_ms if job else 0)
        self._said.setText(coverage.said)
        for step in self._steps:
            step.setVisible(bool(coverage.to_check))


class _Trouble(QFrame):
    """What went wrong with a job, what to do, and the button that does it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self._headline = QLabel()
        self._advice = QLabel()
        self.button = QPushButton(_("Resume"))
        self._icon = QLabel()
        for label in (self._headline, self._advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._advice.setForegroundRole(self._advice.palette().ColorRole.PlaceholderText)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._advice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self._icon)
        layout.addLayout(words, 1)
        layout.addWidget(self.button)
        self.hide()

    def show_job(self, job: Job | None) -> None:
        error = _trouble_of(job) if job else None
        self.setVisible(error is not None or bool(job and job.is_resumable))
        if job is None:
            return
        name = "failed" if error and job.state is JobState.FAILED else "info"
        self._icon.setPixmap(icons.icon(name).pixmap(24, 24))
        self._headline.setText(error.said_headline if error else _left_at(job))
        self._advice.setText(error.said_advice if error else _("What was heard is kept."))
        self.button.setText(_("Try again") if job.state is JobState.FAILED and not job.heard_ms else _("Resume"))
        self.button.setVisible(job.is_resumable)


def _trouble_of(job: Job) -> AppError | None:
    if job.state is JobState.FAILED:
        return job.error
    return job.notes[0] if job.notes else None


def _left_at(job: Job) -> str:
    at = clock(job.heard_ms)
    match job.state:
        case JobState.PAUSED:
            return _("Paused at {at}.").format(at=at)
        case JobState.INTERRUPTED:
            return _("Interrupted at {at}.").format(at=at)
        case _:
            return _("Stopped at {at}.").format(at=at)


def _track_label(track: AudioTrack) -> str:
    """`Track 2 · ger · Commentary`."""
    number = _("Track {number}").format(number=track.number)
    return " · ".join(part for part in (number, track.language, track.title) if part)


def _about(job: Job) -> str:
    parts = [clock(job.duration_ms)] if job.duration_ms else []
    if job.language:
        parts.append(_(LANGUAGES.get(job.language, job.language)))
    if job.engine.model:
        parts += [_(DEMO_LABEL) if job.engine.is_demo else job.engine.model, str(job.engine)]
    return "  ·  ".join(parts)
