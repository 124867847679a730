"""Jobs and the queue they wait in: states, legal steps, order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from desktop.core.coverage import Coverage
from desktop.core.errors import AppError
from desktop.core.media import Media
from desktop.core.options import Options

JobId = int


class JobState(StrEnum):
    """Where a job stands. Everything but DONE can be resumed: from where it was left."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DONE = "done"


class IllegalStep(ValueError):
    """A change of state that the table below does not have: a bug in the caller."""


STEPS: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset(
        {JobState.RUNNING, JobState.PAUSED, JobState.CANCELLED, JobState.INTERRUPTED, JobState.FAILED}
    ),
    JobState.RUNNING: frozenset(
        {
            JobState.WAITING,
            JobState.PAUSED,
            JobState.CANCELLED,
            JobState.INTERRUPTED,
            JobState.FAILED,
            JobState.DONE,
        }
    ),
    JobState.PAUSED: frozenset({JobState.WAITING, JobState.CANCELLED}),
    JobState.CANCELLED: frozenset({JobState.WAITING}),
    JobState.INTERRUPTED: frozenset({JobState.WAITING, JobState.CANCELLED}),
    JobState.FAILED: frozenset({JobState.WAITING, JobState.CANCELLED}),
    JobState.DONE: frozenset(),
}

RESUMABLE = frozenset({JobState.PAUSED, JobState.CANCELLED, JobState.INTERRUPTED, JobState.FAILED})


@dataclass(frozen=True, slots=True)
class Engine:
    """Which model heard a job, on what, and why there."""

    model: str = ""
    device: str = ""
    compute_type: str = ""
    reason: str = ""
    is_demo: bool = False
    factor: float = 0.0
    """So many seconds of sound in a second, where `undertone tune` has measured it; 0 where it has not."""

    def __str__(self) -> str:
        return f"{self.device.upper()} {self.compute_type}"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be transcribed with one set of options.

    `heard_ms` is the place in the file up to which everything is in the library; work goes on from there.
    `worked_ms` is the time spent so far.
    """

    id: JobId
    source: Path
    options: Options = Options()
    state: JobState = JobState.WAITING
    media: Media | None = None
    heard_ms: int = 0
    worked_ms: int = 0
    attempts: int = 0
    language: str = ""
    coverage: Coverage = Coverage()
    """Of what was heard so far."""
    bookmark: str = ""
    """Where the engine's listening stands at `heard_ms`, in its own words; handed back to it when work goes on."""
    engine: Engine = Engine()
    error: AppError | None = None
    notes: tuple[AppError, ...] = ()
    exported: tuple[Path, ...] = ()
    created_ms: int = 0
    """Milliseconds since 1970."""

    def stepped(self, state: JobState) -> Job:
        """The job in its next state. An error of an earlier attempt is gone once it waits again."""
        if state not in STEPS[self.state]:
            raise IllegalStep(f"{self.state} -> {state}")
        return replace(self, state=state, error=None if state is JobState.WAITING else self.error)

    @property
    def duration_ms(self) -> int:
        """Length of the sound; 0 as long as it is not known."""
        return self.media.duration_ms if self.media else 0

    @property
    def is_being_recorded(self) -> bool:
        """Whether its file still grows: only such a file is heard before it is known what is in it."""
        return self.state is JobState.RUNNING and self.media is None

    @property
    def fraction(self) -> float:
        """How much of the sound has been heard, 0 to 1."""
        if self.state is JobState.DONE:
            return 1.0
        return min(1.0, self.heard_ms / self.duration_ms) if self.duration_ms else 0.0

    @property
    def is_resumable(self) -> bool:
        """Whether Resume (or Retry) makes sense."""
        return self.state in RESUMABLE


@dataclass(slots=True)
class JobQueue:
    """The jobs in the order in which they will run.

    Holds no threads and starts nothing: it only answers "what is next?".
    """

    _jobs: dict[JobId, Job] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs.values()))

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._jobs

    def __getitem__(self, job_id: JobId) -> Job:
        return self._jobs[job_id]

    def put(self, job: Job) -> Job:
        """Add the job at the end, or take its new value in its old place."""
        self._jobs[job.id] = job
        return job

    def remove(self, job_id: JobId) -> Job:
        """Take the job out."""
        return self._jobs.pop(job_id)

    def next(self) -> Job | None:
        """The first job that waits; none while it has not been looked at (its media is not known)."""
        return next(self.waiting(), None)

    def waiting(self) -> Iterator[Job]:
        """The jobs that could run now, in their order."""
        return (job for job in self if job.state is JobState.WAITING and job.media)

    def has_work(self) -> bool:
        """Whether a job runs or waits."""
        return any(job.state in (JobState.RUNNING, JobState.WAITING) for job in self)

    def order(self) -> tuple[JobId, ...]:
        """The ids, first to last."""
        return tuple(self._jobs)

    def move(self, job_ids: Iterable[JobId], before: JobId | None) -> None:
        """Put the given jobs, in their present order, in front of `before`; at the end when it is None."""
        moving = set(job_ids)
        rest = [job for job in self if job.id not in moving]
        at = next((index for index, job in enumerate(rest) if job.id == before), len(rest))
        ordered = [*rest[:at], *(job for job in self if job.id in moving), *rest[at:]]
        self._jobs = {job.id: job for job in ordered}
