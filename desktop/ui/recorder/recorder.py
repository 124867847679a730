"""All views of the one recording, kept in step."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from PySide6.QtCore import QObject, QPoint, QSettings, QSignalBlocker, Signal, Slot

from desktop.core.errors import AppError, NoMicrophone, SourceMissing
from desktop.core.events import Preview
from desktop.core.jobs import Job, JobId
from desktop.core.recording import Device, Gap, Mark, State, Status
from desktop.core.transcript import Segment
from desktop.ui.commands import Commands
from desktop.ui.notices import Notices
from desktop.ui.recorder.read_along import ReadAlong
from desktop.ui.recorder.recorder_page import RecorderPage
from desktop.ui.recorder.recovered_bar import RecoveredBar
from desktop.ui.recorder.script import Script
from desktop.ui.recorder.small_recorder import SmallRecorder
from desktop.ui.recorder.sources import Choice, SourcesMenu

MEMORY = "small_recorder"


class Recorder(QObject):
    """Takes the news of a recording and shows it everywhere; what is pressed anywhere becomes one wish."""

    start_wanted = Signal(object)
    """Devices to record from, one for each track."""
    pause_wanted = Signal()
    resume_wanted = Signal()
    mark_wanted = Signal()
    stop_wanted = Signal()
    device_wanted = Signal(object)
    """Another device for the running recording."""
    devices_wanted = Signal()
    """The devices that there are now shall be told: somebody looks at them."""
    choice_changed = Signal(object)
    """What is to be recorded from, for the settings."""
    live_wanted = Signal(bool)
    page_wanted = Signal()
    """The large recorder shall be seen."""
    called = Signal()
    """A recording is about to start: the window turns to it, where it is."""
    state_changed = Signal(object)
    """A `State`: all views show it."""
    second_passed = Signal(int)
    """So long is the recording by now, in milliseconds."""
    ended = Signal(object)
    """The id of the job of the recording that is over; None if none came about."""

    def __init__(self, commands: Commands, memory: QSettings, notices: Notices) -> None:
        super().__init__()
        self._commands, self._memory, self._notices = commands, memory, notices
        self._state = State.IDLE
        self._there: tuple[Device, ...] | None = None
        self._is_called = False
        self._choice = Choice()
        self._script = Script()
        self._is_ending = False
        self._seconds = 0
        self.job_id: JobId | None = None
        """Of the running recording, once it is known."""
        self.menu = SourcesMenu()
        self.page = RecorderPage(commands, self.menu)
        self.small = SmallRecorder(commands, memory)
        self.read_along = ReadAlong(memory)
        self.recovered = RecoveredBar()
        self._connect()
        self._show_state()
        self._show_sources()

    # --- news ---

    @Slot(object)
    def show_state(self, state: State) -> None:
        """Show where the recorder stands."""
        was, self._state = self._state, state
        if was is State.IDLE and state is not State.IDLE:
            self._begin()
        ended = self.job_id
        if state is State.IDLE and was is not State.IDLE:
            self._end()
        self._show_state()
        self.state_changed.emit(state)
        if state is State.IDLE and was is not State.IDLE:
            self.ended.emit(ended)

    @Slot(object)
    def show_status(self, status: Status) -> None:
        """Show time, level, room and silence."""
        self.menu.show_running(status.devices if self._state is not State.IDLE else ())
        self.page.running.show_status(status)
        self.small.show_status(status)
        self.read_along.show_time(status.elapsed_ms)
        if status.elapsed_ms // 1000 != self._seconds:
            self._seconds = status.elapsed_ms // 1000
            self.second_passed.emit(status.elapsed_ms)

    @Slot(object)
    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show what there is to record from."""
        self._there = tuple(devices)
        self.menu.show_devices(devices)
        self._show_sources()
        if self._is_called:
            self._start()

    def show_choice(self, choice: Choice, is_live: bool) -> None:
        """Show what the settings say."""
        self._choice = choice
        self.menu.show_choice(choice)
        self._show_sources()
        self.page.ready.show_live(is_live)
        if self._state is State.IDLE:
            self.page.running.show_live(is_live)

    def show_room(self, free_bytes: int, lasts_ms: int) -> None:
        """Show how much fits on the disk, before a recording."""
        self.page.ready.show_room(free_bytes, lasts_ms)

    @Slot(object)
    def show_job(self, job: Job) -> None:
        """The job of the running recording."""
        if self._state is not State.IDLE:
            self.job_id = job.id

    @Slot(int, int, object)
    def show_heard(self, job_id: JobId, position: int, segments: Sequence[Segment]) -> None:
        """Show what is certain from this position on."""
        if self.job_id in (None, job_id) and self.is_running:
            self._script.hear(position, segments)
            self._show_script()

    @Slot(object)
    def show_preview(self, preview: Preview) -> None:
        """Show what is being said."""
        if self.is_running:
            self._script.guess(preview)
            self._show_script()

    @Slot(int)
    def show_behind(self, ms: int) -> None:
        """Show how far the text is behind the sound."""
        self.page.running.show_behind(ms)

    @Slot(object)
    def show_mark(self, mark: Mark) -> None:
        """Show a moment that was flagged."""
        self._script.mark(mark)
        self._show_script()

    @Slot(object)
    def show_gap(self, gap: Gap) -> None:
        """Show where sound is missing."""
        self._script.miss(gap)
        self._show_script()

    @Slot(object)
    def show_warning(self, error: AppError) -> None:
        """Say what the user should know at once."""
        self._notices.show_error(error)

    @property
    def is_running(self) -> bool:
        """Whether there is a recording."""
        return self._state is not State.IDLE

    @property
    def state(self) -> State:
        """Where the recorder stands."""
        return self._state

    @property
    def elapsed_ms(self) -> int:
        """How long the recording is, in whole seconds."""
        return 1000 * self._seconds

    # --- wishes ---

    @Slot()
    def record(self) -> None:
        """Start with the remembered devices at once."""
        if self._state is not State.IDLE:
            return
        self._is_called = True
        self.called.emit()
        self.devices_wanted.emit()
        if self._is_called and self._there is not None:  # else it starts when it is known what there is
            self._start()

    @Slot()
    def look(self) -> None:
        """Somebody looks at what can be recorded from."""
        self.devices_wanted.emit()

    @Slot()
    def pause_or_go_on(self) -> None:
        """The one that makes sense."""
        if self._state is State.PAUSED:
            self.resume_wanted.emit()
        elif self._state is State.RECORDING:
            self.pause_wanted.emit()

    def close(self) -> None:
        """Take away the windows of the recorder."""
        self.small.hide()
        self.read_along.close()

    # --- in step ---

    def _connect(self) -> None:
        commands = self._commands
        commands.record.triggered.connect(self.record)
        commands.record_pause.triggered.connect(self.pause_or_go_on)
        commands.record_mark.triggered.connect(self.mark_wanted)
        commands.record_stop.triggered.connect(self.stop_wanted)
        commands.small_recorder.toggled.connect(self._on_small_toggled)
        commands.read_along.triggered.connect(self._on_read_along)
        self.small.shown_changed.connect(self._on_small_shown)
        self.small.recorder_wanted.connect(self.page_wanted)
        self.menu.aboutToShow.connect(self.devices_wanted)
        self.menu.choice_changed.connect(self._on_choice_changed)
        self.menu.device_wanted.connect(self.device_wanted)
        self.page.ready.live_wanted.connect(self.live_wanted)
        self.page.running.other_device_wanted.connect(self._on_other_device_wanted)

    def _start(self) -> None:
        self._is_called = False
        devices = self._choice.devices(self._there or ())
        if not devices:
            self._notices.show_error(NoMicrophone())
            return
        if len(devices) < len(self._choice.kinds):
            self._notices.show_error(SourceMissing(name=devices[0].name))
        self.start_wanted.emit(devices)

    def _show_sources(self) -> None:
        self.page.ready.show_devices(self._choice.devices(self._there or ()), self._there is not None)

    def _begin(self) -> None:
        self._script = Script()
        self._seconds = 0
        self._show_script()
        self.page.running.show_status(Status())
        self.page.running.show_behind(0)
        if str(self._memory.value(MEMORY, "false")) == "true":
            self.small.show()

    def _end(self) -> None:
        self.menu.show_running(())
        self.job_id = None
        self._is_ending = True
        self.small.hide()
        self._is_ending = False

    def _show_state(self) -> None:
        self._commands.allow_recording(self._state)
        self.page.show_state(self._state)
        self.small.show_state(self._state)
        self.read_along.show_state(self._state)

    def _show_script(self) -> None:
        lines = self._script.lines
        self.page.running.show_lines(lines)
        self.small.show_script(self._script)
        self.read_along.show_lines(lines)

    @Slot(object)
    def _on_choice_changed(self, choice: Choice) -> None:
        self._choice = choice
        self._show_sources()
        self.choice_changed.emit(choice)

    @Slot()
    def _on_other_device_wanted(self) -> None:
        button = self.page.running.silence.button
        self.menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    @Slot(bool)
    def _on_small_toggled(self, is_on: bool) -> None:
        self._memory.setValue(MEMORY, "true" if is_on else "false")
        self.small.setVisible(is_on)

    @Slot(bool)
    def _on_small_shown(self, is_shown: bool) -> None:
        # A recording that ends takes it away, too; what is remembered is the wish of the user.
        with QSignalBlocker(self._commands.small_recorder) if self._is_ending else nullcontext():
            self._commands.small_recorder.setChecked(is_shown)

    @Slot()
    def _on_read_along(self) -> None:
        self.read_along.show()
        self.read_along.raise_()
        self.read_along.activateWindow()
