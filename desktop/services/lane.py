"""One engine of the queue, and the job that it is at work on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.jobs import Job, JobId, JobState
from desktop.core.options import AUTO
from desktop.core.ports import Transcriber
from desktop.services.task import Task, Work


class Lane(QObject):
    """Works on one job after the other; two lanes work side by side. It says whose news they are."""

    produced = Signal(object, object)
    """This lane, and what its work yields."""
    failed = Signal(object, object)
    """This lane, and an exception that nobody foresaw."""
    ended = Signal(object)
    """This lane: it is free."""

    def __init__(self, transcriber: Transcriber, device: str = "") -> None:
        """`device` is the card that it works on; without one it is the first lane, which takes whatever comes."""
        super().__init__()
        self.transcriber = transcriber
        self.device = device
        self.job_id: JobId | None = None
        """What it is at work on."""
        self.leave_as = JobState.WAITING
        """What becomes of the job if it is left."""
        self.is_leaving = False
        self.was_checked = False
        """A person has worked on the text meanwhile."""
        self._task: Task | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether it has a job."""
        return self._task is not None

    def takes(self, job: Job) -> bool:
        """Whether it may work on this job: not where a person has chosen another device for it."""
        return not self.device or job.options.device in (AUTO, self.device)

    def begin(self, job_id: JobId, work: Work) -> None:
        """Work on a job; only where it has none."""
        assert self._task is None
        self.job_id = job_id
        self.leave_as = JobState.WAITING
        self.is_leaving = self.was_checked = False
        self._task = Task(work)
        self._task.produced.connect(self._on_produced)
        self._task.failed.connect(self._on_failed)
        self._task.finished.connect(self._on_finished)
        self._task.start()

    def leave(self, state: JobState) -> None:
        """Ask the work to end at its next step; the job is then in this state."""
        if self._task:
            self.leave_as = state
            self.is_leaving = True
            self._task.cancel()

    def wait(self, within_ms: int) -> None:
        """Wait until it has ended."""
        if self._task:
            self._task.wait(within_ms)

    @Slot(object)
    def _on_produced(self, news: object) -> None:
        self.produced.emit(self, news)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self.failed.emit(self, error)

    @Slot()
    def _on_finished(self) -> None:
        if self._task:
            self._task.end()
        self._task = self.job_id = None
        self.ended.emit(self)
