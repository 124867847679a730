"""Runs the job queue: one file after the other on each engine, on threads, with everything kept as it comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core import events
from desktop.core.errors import AppError, JobElsewhere
from desktop.core.i18n import _
from desktop.core.jobs import STEPS, Job, JobId, JobQueue, JobState
from desktop.core.names import shown_name
from desktop.core.ports import Awake, Exporter, Inspector, Library, Transcriber, Work
from desktop.core.settings import Settings
from desktop.services.exporting import Exported, export_job
from desktop.services.lane import Lane
from desktop.services.ledger import Ledger
from desktop.services.reception import Looked, Reception
from desktop.services.task import reported
from desktop.services.transcription import Step, looked_ahead, work_on

if TYPE_CHECKING:
    from desktop.services.importing import Imported

MINUTE_MS = 60_000
LEAVE_WITHIN_MS = 3000

log = logging.getLogger(__name__)


class FileQueue(QObject):
    """The queue as the window and the tray see it. Wishes come in as calls, news go out as signals."""

    job_changed = Signal(object)
    """A job is new or has another value."""
    removed = Signal(list)
    reordered = Signal(tuple)
    heard = Signal(int, int, object)
    """Job id, position of the first segment, and the segments of one window, in the library already."""
    loading = Signal(object)
    engine_changed = Signal(object)
    stepped_down = Signal(object)
    """A `SteppedDown` of the engine; `engine_changed` tells next what goes on instead."""
    held_changed = Signal(bool)
    ran_dry = Signal(int, int)
    """Nothing is left to do: how many jobs were done and how many failed since work began."""
    already_there = Signal(object)
    """A file that was added has this finished or begun job."""
    said = Signal(object)
    """A sentence or an AppError for the user."""
    exported = Signal(object, list)
    """A job and the files that were written for it."""
    imported = Signal(object, list)
    """A job that is done, and notes on what was odd in its file."""
    export_failed = Signal(object, object, list)
    """A job, the AppError, and the formats that could not be written."""

    def __init__(
        self,
        library: Library,
        inspector: Inspector,
        transcriber: Transcriber,
        exporter: Callable[[Settings], Exporter],
        resolve_model: Callable[[str], str],
        awake: Awake,
        settings: Settings,
        ledger: Ledger,
    ) -> None:
        """`ledger` is closed with the queue."""
        super().__init__()
        self._library = library
        self._inspector = inspector
        self._exporter = exporter
        self._resolve_model = resolve_model
        self._awake = awake
        self._settings = settings
        self._jobs = JobQueue()
        self._ledger = ledger
        self._ledger.failed.connect(self.said)
        self._lanes: list[Lane] = []
        self.add_engine(transcriber)
        self._reception = Reception(library, inspector)
        self._reception.added.connect(self._show)
        self._reception.looked.connect(self._on_looked)
        self._reception.said.connect(self.said)
        self._reception.emptied.connect(self._run_next)
        self._held = not settings.start_at_once
        self._outcome = {JobState.DONE: 0, JobState.FAILED: 0}
        self._idle = QTimer(self, singleShot=True, interval=MINUTE_MS * settings.idle_minutes)
        self._idle.timeout.connect(self._on_idle)

    # --- what there is ---

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of the queue, in its order."""
        return tuple(self._jobs)

    @property
    def is_held(self) -> bool:
        """Whether waiting jobs are kept waiting."""
        return self._held

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work."""
        return any(lane.is_at_work for lane in self._lanes)

    @property
    def left_over(self) -> list[JobId]:
        """The jobs that an earlier run of the program did not come to the end of."""
        return [job.id for job in self._jobs if job.state is JobState.INTERRUPTED]

    def add_engine(self, transcriber: Transcriber, device: str = "") -> None:
        """Work on another job beside, on a card of its own; the queue closes the engine in the end."""
        lane = Lane(transcriber, device)
        lane.produced.connect(self._on_produced)
        lane.failed.connect(self._on_work_failed)
        lane.ended.connect(self._on_work_finished)
        self._lanes.append(lane)
        if device:
            self._run_next()

    def restore(self) -> None:
        """Show the queue as it was left; go on with it at once if the settings say so."""
        for job in self._library.jobs(queued_only=True):
            if job.state is not JobState.RUNNING:  # another program is at work on it
                self._show(job)
        for job in sorted(self._jobs, key=lambda one: one.id)[-1:]:
            self.engine_changed.emit(job.engine)
        for job in self._jobs:
            if job.state is JobState.WAITING:
                self._store(job.stepped(JobState.INTERRUPTED))
        if self._settings.resume_by_itself:
            self.resume(self.left_over)

    # --- wishes: files ---

    def add(self, paths: Iterable[Path]) -> None:
        """Queue files and the media files in folders."""
        try:
            options = replace(self._settings.options(), model=self._resolve_model(self._settings.model))
        except AppError as error:
            self.said.emit(error)
            return
        self._reception.take_in(list(paths), options)

    def transcribe_again(self, job_ids: Sequence[JobId]) -> None:
        """New jobs on the same files with the same options; the old transcripts stay."""
        for job in self._chosen(job_ids):
            self._ledger.do(
                partial(self._library.add_job, job.source, job.options, job.media), then=self._on_added_again
            )

    def remove(self, job_ids: Sequence[JobId]) -> None:
        """Take jobs out of the queue; what they heard stays in the library."""
        here = [job.id for job in self._chosen(job_ids)]
        self.cancel([job_id for job_id in here if self._jobs[job_id].state is JobState.RUNNING])
        for job_id in here:
            self._jobs.remove(job_id)
        self._ledger.do(partial(self._library.set_queued, here, False))
        self.removed.emit(here)

    def put_back(self, job_ids: Sequence[JobId]) -> None:
        """Undo `remove`."""
        self._ledger.do(partial(self._put_back, job_ids), self._on_put_back)

    def _put_back(self, job_ids: Sequence[JobId]) -> list[Job]:
        self._library.set_queued(job_ids, True)
        return [self._library.job(job_id) for job_id in job_ids]

    def _on_put_back(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            # One that was removed at work is about to be left, or was left before it had begun.
            is_left = job.state is JobState.RUNNING or (job.state is JobState.WAITING and self._lane_of(job.id))
            self._show(job.stepped(JobState.CANCELLED) if is_left else job)
        self._store_order()
        self._reception.look_into([job for job in jobs if job.media is None and job.state is JobState.WAITING])
        self._run_next()

    def move(self, job_ids: Sequence[JobId], before: JobId | None) -> None:
        """Change the order in which jobs run."""
        self._jobs.move(job_ids, before)
        self._store_order()

    def change_options(self, job_ids: Sequence[JobId], **changes: object) -> None:
        """Other options for jobs that neither run nor are done; what they have heard stays."""
        for job in self._chosen(job_ids):
            if job.state not in (JobState.RUNNING, JobState.DONE):
                options = replace(job.options, **changes)  # type: ignore[arg-type]
                # A language that was detected gives way to one that is chosen.
                language = "" if "language" in changes else job.language
                self._store(replace(job, options=options, language=language))

    # --- wishes: work ---

    def start(self) -> None:
        """Work on what waits, and go on with what was interrupted."""
        self._hold(False)
        self.resume(self.left_over)
        self._run_next()

    def hold(self) -> None:
        """Stop the running job after its present step and start no other; `start` goes on."""
        self._hold(True)
        for lane in self._lanes:
            job = self._job_of(lane)
            if job and job.state is JobState.RUNNING:  # and has not been left already, to rest otherwise
                self._leave(lane, JobState.WAITING)

    def pause(self, job_ids: Sequence[JobId]) -> None:
        """Set jobs aside until they are resumed; others run meanwhile."""
        self._set_aside(job_ids, JobState.PAUSED)

    def cancel(self, job_ids: Sequence[JobId]) -> None:
        """Stop jobs at once; what was heard is kept."""
        self._set_aside(job_ids, JobState.CANCELLED)

    def resume(self, job_ids: Sequence[JobId]) -> None:
        """Let jobs that stopped or failed wait for their turn again, from where they were left."""
        unknown = []
        for job in self._chosen(job_ids):
            if job.is_resumable:
                self._store(job.stepped(JobState.WAITING))
                if job.media is None:
                    unknown.append(self._jobs[job.id])
        self._reception.look_into(unknown)
        self._run_next()

    def close(self) -> None:
        """Leave the running job where it is, keep everything, end the processes."""
        self._held = True
        for lane in self._lanes:
            self._leave(lane, JobState.INTERRUPTED)
        self._reception.close(LEAVE_WITHIN_MS)
        for lane in self._lanes:
            lane.wait(LEAVE_WITHIN_MS)
        self._ledger.close()
        for lane in self._lanes:
            lane.transcriber.close()
        self._inspector.close()
        self._awake.release()

    # --- wishes: transcripts ---

    @Slot(int)
    def read_map(self, job_id: JobId) -> None:
        """A person has worked on the text of a job: its map is read again."""
        if lane := self._lane_of(job_id):
            lane.was_checked = True
        self._read_coverage(job_id)

    def _read_coverage(self, job_id: JobId) -> None:
        self._ledger.do(partial(self._library.job, job_id), self._on_coverage_read)

    def _on_coverage_read(self, read: Job) -> None:
        if read.id in self._jobs and self._jobs[read.id].coverage != read.coverage:
            self._show(replace(self._jobs[read.id], coverage=read.coverage))

    def export(self, job_ids: Sequence[JobId], formats: Sequence[str], exporter: Exporter | None = None) -> None:
        """Write the transcripts as files; where and how the settings say, unless an exporter is given."""
        exporter = exporter or self._exporter(self._settings)
        for job in self._chosen(job_ids):
            self._ledger.do(partial(export_job, job, tuple(formats), self._library, exporter), self._on_exported)

    def import_subtitles(self, paths: Iterable[Path]) -> None:
        """Subtitles and transcripts of others as jobs that are done; with the sound that lies beside them."""
        for path in paths:
            self._ledger.do(partial(self._import, path), self._on_imported)

    def _import(self, path: Path) -> Imported:
        from desktop.services.importing import import_file, sound_of

        sound, media = sound_of(path), None
        if sound:
            try:
                media = self._inspector.inspect(sound, threading.Event())
            except AppError:
                sound = None  # the text is worth having without it
        return import_file(path, self._library, self._settings.options(), sound, media)

    def _on_imported(self, imported: Imported) -> None:
        self._show(imported.job)
        self.imported.emit(imported.job, list(imported.notes))

    @Slot(object)
    def use_settings(self, settings: Settings) -> None:
        """Settings for what is added and done from here on."""
        before, self._settings = self._settings, settings
        if settings.start_at_once is not before.start_at_once and not self.is_busy:
            self._hold(not settings.start_at_once)
            self._run_next()
        if settings.keep_awake is not before.keep_awake:
            self._stay_awake()
        if settings.idle_minutes != before.idle_minutes:
            self._idle.setInterval(MINUTE_MS * settings.idle_minutes)

    # --- what comes in ---

    @Slot(object)
    def _on_looked(self, looked: Looked) -> None:
        if looked.job.id not in self._jobs:
            return
        job = self._jobs[looked.job.id]
        if looked.twin:
            self._show_twin(job, looked.twin)
        elif looked.error and job.state is JobState.WAITING:
            self._outcome[JobState.FAILED] += 1
            self._store(replace(job.stepped(JobState.FAILED), error=looked.error))
        elif looked.media:
            self._show(replace(job, media=looked.media))
            self._run_next()

    def _show_twin(self, job: Job, twin: Job) -> None:
        self._jobs.remove(job.id)
        self.removed.emit([job.id])
        if twin.state is JobState.RUNNING and twin.id not in self._jobs:
            self.said.emit(JobElsewhere(name=shown_name(twin.source)))
            return
        if twin.id not in self._jobs:
            self._show(twin)
            self._ledger.do(partial(self._library.set_queued, [twin.id], True))
        self.resume([twin.id])  # dropping what was stopped or has failed means: go on with it
        self.already_there.emit(self._jobs[twin.id])

    # --- work ---

    @Slot()
    def _run_next(self) -> None:
        if self._held:
            return
        for lane in self._lanes:
            job = None if lane.is_at_work else self._next_for(lane)
            if job and not self._held:  # who hears of the one before may hold the queue
                self._begin(lane, job)
        if not self.is_busy:
            self._report_dry()

    def _next_for(self, lane: Lane) -> Job | None:
        """The first job that waits and that no other lane alone may work on."""
        others = {one.device for one in self._lanes if one is not lane}
        waiting = (job for job in self._jobs.waiting() if lane.takes(job) and job.options.device not in others)
        return next(waiting, None)

    def _begin(self, lane: Lane, job: Job) -> None:
        self._idle.stop()
        # What another lane will take must not be worked on ahead.
        ahead = self._jobs.waiting() if len(self._lanes) == 1 else ()
        upcoming = looked_ahead(one for one in ahead if one.id != job.id)
        lane.begin(job.id, partial(self._work, lane, job, self._settings, upcoming))
        self._show(job.stepped(JobState.RUNNING))  # at once: a wish that comes now is about a running job
        self._stay_awake()

    def _work(
        self, lane: Lane, job: Job, settings: Settings, upcoming: Sequence[Work], stop: threading.Event
    ) -> Iterator[object]:
        def left_as() -> JobState:
            return lane.leave_as

        for step in work_on(job, self._library, self._inspector, lane.transcriber, stop, left_as, upcoming):
            job = step.job
            yield step
        if job.state is JobState.DONE and settings.auto_export:
            yield export_job(job, settings.export_formats, self._library, self._exporter(settings))

    @Slot(object, object)
    def _on_produced(self, lane: Lane, news: Step | Exported) -> None:
        if isinstance(news, Exported):
            self._on_exported(news)
            return
        job = news.job
        match news.news:
            case events.Loading():
                self.loading.emit(news.news)
            case events.Started(engine):
                self.engine_changed.emit(engine)
            case events.Heard(segments):
                self._take_over(lane, job)  # first: who hears of the segments asks for the map with them
                self.heard.emit(job.id, news.position, segments)
                return
            case events.Restarted(cause):
                log.info("the engine died: %s", type(cause).__name__)
                self.said.emit(_("{cause} It was started again and goes on.").format(cause=cause.said_headline))
            case events.SteppedDown(left, cause):
                log.info("%s failed at work: %s", left, type(cause).__name__)
                self.stepped_down.emit(news.news)
            case events.Working():
                return  # the bar moves by what is heard; decoding runs far ahead of it
        self._take_over(lane, job)

    def _take_over(self, lane: Lane, job: Job) -> None:
        """The worker's view of a job becomes ours, unless the user has decided otherwise meanwhile."""
        if job.id not in self._jobs:
            return
        ours = self._jobs[job.id]
        if lane.was_checked:  # the worker does not know what a person has found right meanwhile
            job = replace(job, coverage=ours.coverage)
            self._read_coverage(job.id)
        if lane.is_leaving and job.state not in self._outcome:
            # What the user wished meanwhile holds at once, and in the end.
            has_left = job.state is not JobState.RUNNING
            (self._store if has_left else self._show)(replace(job, state=ours.state, options=ours.options))
        else:
            self._show(job)
            if job.state in self._outcome:
                self._outcome[job.state] += 1

    @Slot(object, object)
    def _on_work_failed(self, lane: Lane, error: Exception) -> None:
        problem = reported(error)
        if job := self._job_of(lane):
            self._store(replace(job, state=JobState.FAILED, error=problem))

    @Slot()
    def _on_work_finished(self) -> None:
        self._run_next()
        if not self.is_busy:
            self._idle.start()
            self._stay_awake()

    def _set_aside(self, job_ids: Sequence[JobId], state: JobState) -> None:
        for job in self._chosen(job_ids):
            if lane := self._lane_of(job.id):
                self._leave(lane, state)
            elif state in STEPS[job.state]:
                self._store(job.stepped(state))

    def _leave(self, lane: Lane, state: JobState) -> None:
        job = self._job_of(lane)
        if job is None or state not in STEPS[job.state]:
            return
        lane.leave(state)
        self._show(job.stepped(state))

    def _report_dry(self) -> None:
        if any(self._outcome.values()) and not self._jobs.has_work() and self._reception.is_empty:
            self.ran_dry.emit(self._outcome[JobState.DONE], self._outcome[JobState.FAILED])
            self._outcome = dict.fromkeys(self._outcome, 0)
            if not self._settings.start_at_once:
                self._hold(True)

    @Slot()
    def rest(self) -> None:
        """Free the memory of the model now, unless it is at work."""
        self._on_idle()

    @Slot()
    def _on_idle(self) -> None:
        if not self.is_busy:
            for lane in self._lanes:
                lane.transcriber.close()
        if self._reception.is_empty:
            self._inspector.close()

    # --- exports ---

    def _on_exported(self, result: Exported) -> None:
        if result.error:
            self.export_failed.emit(result.job, result.error, list(result.left))
        if result.written:
            if result.job.id in self._jobs and self._jobs[result.job.id].state is JobState.DONE:
                self._store(replace(self._jobs[result.job.id], exported=result.written))
            self.exported.emit(result.job, list(result.written))

    # --- small things ---

    def _job_of(self, lane: Lane) -> Job | None:
        return self._jobs[lane.job_id] if lane.job_id is not None and lane.job_id in self._jobs else None

    def _lane_of(self, job_id: JobId) -> Lane | None:
        return next((lane for lane in self._lanes if lane.job_id == job_id), None)

    def _chosen(self, job_ids: Sequence[JobId]) -> list[Job]:
        return [self._jobs[job_id] for job_id in job_ids if job_id in self._jobs]

    @Slot(object)
    def _show(self, job: Job) -> None:
        self._jobs.put(job)
        self.job_changed.emit(job)

    def _store(self, job: Job) -> None:
        self._show(job)
        self._ledger.do(partial(self._library.save, job))

    def _store_order(self) -> None:
        order = self._jobs.order()
        self._ledger.do(partial(self._library.set_order, order))
        self.reordered.emit(order)

    def _hold(self, held: bool) -> None:
        if held is not self._held:
            self._held = held
            self.held_changed.emit(held)

    def _on_added_again(self, job: Job) -> None:
        self._show(job)
        self._run_next()

    def _stay_awake(self) -> None:
        if self.is_busy and self._settings.keep_awake:
            self._ledger.do(self._awake.hold, self._on_awake)
        else:
            self._ledger.do(self._awake.release)

    def _on_awake(self, problem: str | None) -> None:
        if problem:
            log.info("cannot keep the machine awake: %s", problem.splitlines()[0])
