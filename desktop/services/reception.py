"""Takes in what was dropped: makes jobs of it at once, then looks into each file."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError
from desktop.core.jobs import Job, JobState
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.ports import Inspector, Library, Stopped
from desktop.services.intake import Intake
from desktop.services.task import Task, Work, reported


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking into the file of a job has shown: its media, or an older job on the same sound, or an error."""

    job: Job
    media: Media | None = None
    twin: Job | None = None
    error: AppError | None = None


class Reception(QObject):
    """Serves one drop after the other, off the window's thread."""

    added = Signal(object)
    looked = Signal(object)
    said = Signal(object)
    """A sentence or an AppError for the user."""
    emptied = Signal()

    def __init__(self, library: Library, inspector: Inspector) -> None:
        super().__init__()
        self._library = library
        self._inspector = inspector
        self._waiting: list[Work] = []
        self._task: Task | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every file that came in has been looked at."""
        return self._task is None and not self._waiting

    def take_in(self, paths: Sequence[Path], options: Options) -> None:
        """Make jobs of files, and of the media files in folders."""
        self._queue(partial(self._take_in, paths, options))

    def look_into(self, jobs: Sequence[Job]) -> None:
        """Look again into files that could not be read, or that were never looked at."""
        if jobs:
            self._queue(partial(self._look_at_all, jobs))

    def close(self, within_ms: int) -> None:
        """Leave what is not looked at yet; the jobs are in the library already."""
        self._waiting.clear()
        if self._task:
            self._task.cancel()
            self._task.wait(within_ms)

    def _queue(self, work: Work) -> None:
        self._waiting.append(work)
        self._serve_next()

    def _serve_next(self) -> None:
        if self._task is None and self._waiting:
            self._task = Task(self._waiting.pop(0))
            self._task.produced.connect(self._on_produced)
            self._task.failed.connect(self._on_failed)
            self._task.finished.connect(self._on_finished)
            self._task.start()

    def _take_in(self, paths: Sequence[Path], options: Options, stop: threading.Event) -> Iterator[object]:
        intake = Intake(paths)
        jobs = []
        for path in intake.files():
            jobs.append(self._library.add_job(path, options))
            yield jobs[-1]
        yield from intake.refused
        if sentence := intake.left_out_sentence():
            yield sentence
        yield from self._look_at_all(jobs, stop)

    def _look_at_all(self, jobs: Sequence[Job], stop: threading.Event) -> Iterator[Looked]:
        for job in jobs:
            if stop.is_set():
                return
            try:
                yield self._look_at(job, stop)
            except AppError as error:
                yield Looked(job, error=error)
            except Stopped:
                return

    def _look_at(self, job: Job, stop: threading.Event) -> Looked:
        media = self._inspector.inspect(job.source, stop)
        twins = [twin for twin in self._library.twins(media, job.options) if twin.id != job.id]
        twins.sort(key=lambda twin: twin.state is not JobState.DONE)
        if twins and not job.attempts:
            self._library.discard(job.id)
            return Looked(job, twin=twins[0])
        self._library.set_media(job, media)
        return Looked(job, media)

    @Slot(object)
    def _on_produced(self, news: object) -> None:
        match news:
            case Job():
                self.added.emit(news)
            case Looked():
                self.looked.emit(news)
            case _:
                self.said.emit(news)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.said.emit(reported(error))

    @Slot()
    def _on_finished(self) -> None:
        if self._task:
            self._task.end()
        self._task = None
        self._serve_next()
        if self.is_empty:
            self.emptied.emit()
