"""How fast the queue goes and how much of it fails, as the news of its jobs tell."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from desktop.core.errors import AllFail, AppError, ManyFailed
from desktop.core.jobs import Job, JobId, JobState

NOW_S, LONG_S = 60.0, 3600.0
"""What "now" means for the speed, and how far back the rest is counted."""
LEAST_FAILED, FAILED_SHARE = 3, 0.05
"""So many jobs have failed, and they are more than this share of all: it is time to say so."""
IN_A_ROW = 5
"""Where so many fail one after the other, the next one will, too."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The last hour of work, and the failures since the start."""

    factor: float = 0.0
    """Seconds of sound in a second, just now; 0 while nothing is heard."""
    files_per_hour: float = 0.0
    hours_per_hour: float = 0.0
    done: int = 0
    failed: int = 0


class Throughput:
    """Counts what it is told of; times are seconds on a clock that only goes forward, and only work counts."""

    def __init__(self) -> None:
        self._states: dict[JobId, JobState] = {}
        self._at: dict[JobId, int] = {}
        """Where the jobs at work are."""
        self._heard: deque[tuple[float, int]] = deque()
        self._ended: deque[float] = deque()
        self._spans: deque[tuple[float, float]] = deque()
        self._since: float | None = None
        """When the present stretch of work began."""
        self._done = self._failed = self._failed_in_a_row = 0
        self._told_at = 0
        """So many had failed when it was said."""

    def note(self, job: Job, at_s: float) -> AppError | None:
        """Take a job's new value; what is to be said about failures, once each time it gets worse."""
        before = self._states.get(job.id)
        self._states[job.id] = job.state
        self._note_place(job, at_s)
        if before is None or before is job.state:
            return None
        if job.state is JobState.DONE:
            self._done += 1
            self._failed_in_a_row = 0
            self._ended.append(at_s)
        elif job.state is JobState.FAILED:
            self._failed += 1
            self._failed_in_a_row += 1
            return self._warning()
        return None

    def figures(self, now_s: float) -> Figures:
        """As things are now."""
        self._forget(now_s - LONG_S)
        busy = self._busy_s(now_s, LONG_S)
        heard = sum(ms for _at, ms in self._heard) / 1000
        recent = sum(ms for at, ms in self._heard if at > now_s - NOW_S) / 1000
        long = heard / busy if busy else 0.0
        factor = 0.0
        if self._since is not None:
            factor = recent / max(1.0, self._busy_s(now_s, NOW_S)) if recent else long
        return Figures(factor, 3600 * len(self._ended) / busy if busy else 0.0, long, self._done, self._failed)

    def _note_place(self, job: Job, at_s: float) -> None:
        runs = job.state is JobState.RUNNING and not job.is_being_recorded
        if job.id in self._at:
            if (more := job.heard_ms - self._at[job.id]) > 0:
                self._heard.append((at_s, more))
            if not runs:
                del self._at[job.id]
        if runs:
            self._since = at_s if self._since is None else self._since
            self._at[job.id] = job.heard_ms
        elif not self._at and self._since is not None:
            self._spans.append((self._since, at_s))
            self._since = None

    def _warning(self) -> AppError | None:
        count = self._done + self._failed
        if self._failed_in_a_row and self._failed_in_a_row % IN_A_ROW == 0:
            self._told_at = self._failed
            return AllFail(count=self._failed_in_a_row)
        is_worse = self._failed >= max(LEAST_FAILED, 2 * self._told_at)
        if is_worse and self._failed > FAILED_SHARE * count:
            self._told_at = self._failed
            return ManyFailed(failed=self._failed, count=count)
        return None

    def _busy_s(self, now_s: float, back_s: float) -> float:
        spans = [*self._spans, *([(self._since, now_s)] if self._since is not None else [])]
        return sum(max(0.0, end - max(start, now_s - back_s)) for start, end in spans)

    def _forget(self, before_s: float) -> None:
        while self._heard and self._heard[0][0] < before_s:
            self._heard.popleft()
        while self._ended and self._ended[0] < before_s:
            self._ended.popleft()
        while self._spans and self._spans[0][1] < before_s:
            self._spans.popleft()
