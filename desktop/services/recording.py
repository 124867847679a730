"""Record, and read along: the recorder as the window and the tray see it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core import events
from desktop.core.errors import AppError
from desktop.core.jobs import Job, JobId, JobState
from desktop.core.media import Media
from desktop.core.ports import Awake, Inspector, Library, Microphones, Recorder, Take, Transcriber
from desktop.core.recording import (
    STEPS,
    Device,
    Gap,
    Mark,
    Recovered,
    Saved,
    State,
    Status,
    Switched,
    TakeNews,
    Warned,
)
from desktop.core.settings import Settings
from desktop.services.keeping import folder_of, found_cut_off, kept, new_path, set_aside
from desktop.services.ledger import Ledger
from desktop.services.task import Task, reported
from desktop.services.transcription import Step, work_on

LEAVE_WITHIN_MS = 8000
"""For the file to be closed properly; the live text is left where it is."""

log = logging.getLogger(__name__)


class Recording(QObject):
    """Wishes come in as calls, news go out as signals. One recording at a time.

    While it runs its job belongs to it and not to the queue; `handed_over` tells when that ends.
    """

    state_changed = Signal(object)
    """A `State`."""
    metered = Signal(object)
    """A `Status`, about ten times a second while recording."""
    devices_changed = Signal(object)
    """All devices there are now: a tuple of `Device`."""
    switched = Signal(object)
    """The devices of the running recording, one for each track: a tuple of `Device`."""
    job_changed = Signal(object)
    """The `Job` of the recording is new or has another value."""
    heard = Signal(int, int, object)
    """Job id, position of the first segment, and the segments of one piece, in the library already."""
    preview_changed = Signal(object)
    """An `events.Preview`: what is being said just now."""
    behind_changed = Signal(int)
    """By how many milliseconds the text is behind the sound."""
    loading = Signal(object)
    engine_changed = Signal(object)
    warned = Signal(object)
    """An `AppError` that does not end the recording."""
    failed = Signal(object)
    """An `AppError` that does. What was recorded before is safe: then `finished` follows."""
    marked = Signal(object)
    """A `Mark`, in the library already."""
    gapped = Signal(object)
    """A `Gap`, in the library already."""
    finished = Signal(object)
    """The `Job` of a recording that is over. Its text may still be catching up: then `job_changed` goes on."""
    handed_over = Signal(object)
    """A `Job` that the recorder has nothing more to do with: from here on it is one like any other."""
    recovered = Signal(object)
    """A `Recovered`: a recording that was cut off, with its file repaired. Its job is handed over as well."""

    _seen = Signal(object)

    def __init__(
        self,
        recorder: Recorder,
        microphones: Microphones,
        library: Library,
        inspector: Inspector,
        transcriber: Transcriber,
        resolve_model: Callable[[str], str],
        awake: Awake,
        settings: Settings,
        folder: Path,
    ) -> None:
        """`transcriber`, `inspector` and `awake` are for recordings alone; `folder` is where the settings name none."""
        super().__init__()
        self._recorder = recorder
        self._microphones = microphones
        self._library = library
        self._inspector = inspector
        self._transcriber = transcriber
        self._resolve_model = resolve_model
        self._awake = awake
        self._settings = settings
        self._folder = folder
        self._ledger = Ledger()
        self._ledger.failed.connect(self.warned)
        self._seen.connect(self._on_devices_seen)
        self._there: tuple[Device, ...] = ()
        self._unwatch: Callable[[], None] | None = None
        self._state = State.IDLE
        self._status = Status()
        self._take: Take | None = None
        self._take_task: Task | None = None
        self._live_task: Task | None = None
        self._recovery: Task | None = None
        self._job: Job | None = None
        self._media: Media | None = None
        self._is_live = False
        self._leave_as = JobState.WAITING
        self._heard_ms = 0
        self._behind_ms = 0

    # --- what there is ---

    @property
    def state(self) -> State:
        """Where the recorder stands."""
        return self._state

    @property
    def status(self) -> Status:
        """As last told."""
        return self._status

    @property
    def is_busy(self) -> bool:
        """Whether sound is being recorded."""
        return self._take_task is not None

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices there are, as last seen."""
        return self._there

    # --- wishes ---

    @Slot()
    def look_for_devices(self) -> None:
        """Tell which devices there are, now and whenever there are others."""
        if self._unwatch is None:
            self._unwatch = self._microphones.watch(self._seen.emit)
        else:
            self.devices_changed.emit(self._there)

    @Slot(object)
    def start(self, devices: Sequence[Device]) -> None:
        """Record from one device, or from two as two tracks; how, the settings say."""
        if self._state is not State.IDLE:
            return
        self._leave_live(JobState.WAITING)
        options = self._settings.record_options()
        self._is_live = self._settings.live
        try:
            options = replace(options, model=self._resolve_model(options.model))
        except AppError as error:
            self._is_live = False
            self.warned.emit(error)
        path = new_path(folder_of(self._settings, self._folder))
        self._job = self._media = None
        self._heard_ms = self._behind_ms = 0
        self._take = self._recorder.take(devices, path)
        work = kept(self._take, path, options, devices, self._library, self._inspector)
        self._take_task = Task(lambda _stop: work)
        self._take_task.produced.connect(self._on_produced)
        self._take_task.failed.connect(self._on_take_failed)
        self._take_task.finished.connect(self._on_take_finished)
        self._take_task.start()
        self._step_to(State.STARTING)
        if self._settings.keep_awake:
            self._ledger.do(self._awake.hold, self._on_awake)

    @Slot()
    def pause(self) -> None:
        """Leave out what comes from here on."""
        if self._take:
            self._take.pause()

    @Slot()
    def resume(self) -> None:
        """Go on recording."""
        if self._take:
            self._take.resume()

    @Slot()
    def mark(self, text: str = "") -> None:
        """Flag this moment."""
        if self._take:
            self._take.mark(text)

    @Slot()
    def stop(self) -> None:
        """End the recording; its text catches up."""
        if self._take:
            self._take.stop()
            self._step_to(State.STOPPING)

    @Slot(object)
    def switch_to(self, device: Device) -> None:
        """Go on with another device, on the track of its kind."""
        if self._take:
            self._take.switch_to(device)

    @Slot()
    def recover(self) -> None:
        """Find recordings that were cut off, repair their files, tell of them."""
        if self._recovery is None:
            self._recovery = Task(partial(found_cut_off, self._library, self._inspector, self._recorder))
            self._recovery.produced.connect(self._on_recovered)
            self._recovery.failed.connect(self._on_recovery_failed)
            self._recovery.start()

    @Slot(int)
    def discard(self, job_id: JobId) -> None:
        """Forget a recording with its text, and delete its file."""
        self._ledger.do(partial(self._discard, job_id))

    @Slot(object)
    def use_settings(self, settings: Settings) -> None:
        """Settings for the next recording."""
        self._settings = settings

    def close(self) -> None:
        """End the recording cleanly, leave its text where it is, let everything go."""
        if self._unwatch:
            self._unwatch()
            self._unwatch = None
        if self._take:
            self._take.stop()
        self._leave_live(JobState.INTERRUPTED)
        for task in (self._take_task, self._recovery):
            if task:
                task.cancel()
                task.wait(LEAVE_WITHIN_MS)
        self._ledger.do(self._awake.release)
        self._ledger.close()
        self._transcriber.close()
        self._inspector.close()

    # --- sound ---

    @Slot(object)
    def _on_produced(self, news: TakeNews | Job) -> None:
        match news:
            case Status():
                self._show_status(news)
            case Job():
                self._on_job(news)
            case Mark():
                self.marked.emit(news)
            case Gap():
                self.gapped.emit(news)
            case Switched(devices):
                self.switched.emit(devices)
            case Warned(error):
                log.info("recording: %s", type(error).__name__)
                self.warned.emit(error)
            case Saved():
                pass  # the job with its length follows

    def _show_status(self, status: Status) -> None:
        if self._state is not State.STOPPING or status.state is State.STOPPING:
            self._step_to(status.state)
        self._status = status
        self.metered.emit(status)
        self._measure_behind()

    def _on_job(self, job: Job) -> None:
        self._media = job.media
        if self._job is None:
            self._show(job)
            if self._is_live:
                self._start_live(job)
        else:
            self._show(self._job)

    @Slot(object)
    def _on_take_failed(self, error: Exception) -> None:
        self.failed.emit(reported(error))

    @Slot()
    def _on_take_finished(self) -> None:
        if self._take_task:
            self._take_task.end()
        self._take = self._take_task = None
        self._ledger.do(self._awake.release)
        self._step_to(State.IDLE)
        self._status = Status()
        if self._job:
            job = self._job
            if not self._is_live:
                self._ledger.do(partial(set_aside, job, self._library), self._on_set_aside)
            self.finished.emit(job)
            if self._live_task is None and self._is_live:
                self.handed_over.emit(job)

    @Slot(object)
    def _on_set_aside(self, job: Job) -> None:
        self._show(job)
        self.handed_over.emit(job)

    def _on_awake(self, problem: str | None) -> None:
        if problem:
            log.info("cannot keep the machine awake: %s", problem.splitlines()[0])

    def _step_to(self, state: State) -> None:
        if state is not self._state and state in STEPS[self._state]:
            self._state = state
            self.state_changed.emit(state)

    # --- text ---

    def _start_live(self, job: Job) -> None:
        self._leave_as = JobState.WAITING
        self._live_task = Task(partial(self._hear, job))
        self._live_task.produced.connect(self._on_step)
        self._live_task.failed.connect(self._on_live_failed)
        self._live_task.finished.connect(self._on_live_finished)
        self._live_task.start()

    def _hear(self, job: Job, stop: threading.Event) -> Iterator[Step]:
        return work_on(
            job, self._library, self._inspector, self._transcriber, stop, lambda: self._leave_as, is_growing=True
        )

    @Slot(object)
    def _on_step(self, step: Step) -> None:
        if self._job is None or step.job.id != self._job.id:
            return  # of the recording before, whose text was left
        match step.news:
            case events.Loading():
                self.loading.emit(step.news)
            case events.Started(engine):
                self.engine_changed.emit(engine)
            case events.Preview():
                self.preview_changed.emit(step.news)
                return
            case events.Working(at_ms):
                self._heard_ms = max(self._heard_ms, at_ms)
                self._measure_behind()
                return
            case events.Heard(segments, heard_ms):
                self._heard_ms = max(self._heard_ms, heard_ms)
                self._show(step.job)
                self.heard.emit(step.job.id, step.position, segments)
                self._measure_behind()
                return
            case events.Restarted(cause):
                self.warned.emit(cause)
        self._show(step.job)

    @Slot(object)
    def _on_live_failed(self, error: Exception) -> None:
        problem = reported(error)
        if self._job:
            self._show(replace(self._job, state=JobState.FAILED, error=problem))
            self._ledger.do(partial(self._library.save, self._job))

    @Slot()
    def _on_live_finished(self) -> None:
        self._end_live()
        if self._job and not self.is_busy:
            self.handed_over.emit(self._job)

    def _leave_live(self, state: JobState) -> None:
        """The text of the last recording is left where it is; the queue may go on with it."""
        if self._live_task is None:
            return
        self._leave_as = state
        self._live_task.finished.disconnect(self._on_live_finished)
        self._live_task.cancel()
        self._live_task.wait()
        job = self._job
        self._end_live()
        if job and not self.is_busy:
            self._ledger.do(partial(self._library.job, job.id), self.handed_over.emit)

    def _end_live(self) -> None:
        if self._live_task:
            self._live_task.end()
        self._live_task = None
        self._transcriber.close()

    def _measure_behind(self) -> None:
        if self._live_task is None:
            return
        behind_ms = max(0, self._status.elapsed_ms - self._heard_ms)
        if behind_ms != self._behind_ms:
            self._behind_ms = behind_ms
            self.behind_changed.emit(behind_ms)

    # --- small things ---

    def _show(self, job: Job) -> None:
        self._job = replace(job, media=job.media or self._media)
        self.job_changed.emit(self._job)

    def _discard(self, job_id: JobId) -> None:
        source = self._library.job(job_id).source
        self._library.forget(job_id)
        source.unlink(missing_ok=True)

    @Slot(object)
    def _on_recovered(self, found: Recovered | Warned) -> None:
        if isinstance(found, Warned):
            self.warned.emit(found.error)
            return
        self.recovered.emit(found)
        self.handed_over.emit(found.job)

    @Slot(object)
    def _on_recovery_failed(self, error: Exception) -> None:
        self.warned.emit(reported(error))

    @Slot(object)
    def _on_devices_seen(self, there: tuple[Device, ...]) -> None:
        self._there = there
        self.devices_changed.emit(there)
