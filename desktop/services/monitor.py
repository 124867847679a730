"""Watches the machine while somebody looks, or while the queue works, and says when something is too much."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AllFail
from desktop.core.jobs import Job, JobId, JobState
from desktop.core.throughput import Figures, Throughput
from desktop.core.usage import Limits, Strain, Usage
from desktop.services.errand import Errand

LOOK_S, GUARD_S = 1.0, 5.0
"""Between two samples while somebody looks, and while only the limits are watched."""
KEPT_S = 300.0


class Meter(Protocol):
    """Tells how much of the machine is in use."""

    def watch(self) -> Iterator[Callable[[], Usage]]:
        """A function that tells how things are, for as long as the iterator is kept."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The machine and the queue at one moment."""

    usage: Usage
    figures: Figures


class Monitor(QObject):
    """Takes no samples while nobody looks and nothing works. Says once what is too much, and when that is over."""

    sampled = Signal(object)
    """The newest `Moment`; `moments` has those before."""
    warned = Signal(object)
    """An AppError for the user about failures."""
    strained = Signal(object, object)
    """A `Strain` has begun: the AppError says it, and what is done about it."""
    relieved = Signal(object)
    """It is over."""
    all_fail = Signal()
    """One job after the other fails."""

    def __init__(self, meter: Meter, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._meter = meter
        self._clock = clock
        self._limits = Limits()
        self._throughput = Throughput()
        self._moments: deque[Moment] = deque()
        self._running: set[JobId] = set()
        self._is_watched = False
        self._is_guarding = True
        self._interval_s = 0.0
        self._errand = Errand()
        self._errand.produced.connect(self._on_sampled)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The last minutes, oldest first."""
        return tuple(self._moments)

    @property
    def figures(self) -> Figures:
        """How the queue goes."""
        return self._throughput.figures(self._clock())

    @property
    def strains(self) -> frozenset[Strain]:
        """What there is too much of just now."""
        return self._limits.passed

    @Slot(bool)
    def watch(self, is_watched: bool) -> None:
        """Somebody begins to look, or ends it."""
        self._is_watched = is_watched
        self._pace()

    def guard(self, is_guarding: bool) -> None:
        """Whether to watch the limits while the queue works, though nobody looks."""
        self._is_guarding = is_guarding
        self._pace()

    @Slot(object)
    def note_job(self, job: Job) -> None:
        """Take a job's new value."""
        warning = self._throughput.note(job, self._clock())
        (self._running.add if job.state is JobState.RUNNING else self._running.discard)(job.id)
        self._pace()
        if warning:
            self.warned.emit(warning)
            if isinstance(warning, AllFail):
                self.all_fail.emit()

    def close(self) -> None:
        """Take no more samples."""
        self._is_watched = False
        self._running.clear()
        self._errand.close()

    def _pace(self) -> None:
        # A strain that has begun is watched to its end, also while the queue rests because of it.
        is_needed = self._is_guarding and (self._running or self._limits.passed)
        wanted = LOOK_S if self._is_watched else GUARD_S if is_needed else 0.0
        if wanted == self._interval_s:
            return
        self._interval_s = wanted
        if wanted:
            self._errand.begin(partial(_samples, self._meter, wanted))
        else:
            self._errand.cancel()

    @Slot(object)
    def _on_sampled(self, usage: Usage) -> None:
        moment = Moment(usage, self._throughput.figures(self._clock()))
        self._moments.append(moment)
        while self._moments[0].usage.at_s < usage.at_s - KEPT_S:
            self._moments.popleft()
        before = self._limits.passed
        problems = self._limits.take(usage)
        for strain, problem in problems.items():
            self.strained.emit(strain, problem)
        for strain in before - self._limits.passed:
            self.relieved.emit(strain)
        self.sampled.emit(moment)
        self._pace()


def _samples(meter: Meter, interval_s: float, stop: threading.Event) -> Iterator[Usage]:
    for sample in meter.watch():
        while not stop.is_set():
            yield sample()
            stop.wait(interval_s)
