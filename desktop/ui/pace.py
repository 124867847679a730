"""How fast a job goes, how far it is by now and how long it still takes; and how that is said."""

from __future__ import annotations

import time
from dataclasses import dataclass

from desktop.core.i18n import _
from desktop.core.jobs import Job, JobState
from desktop.core.names import clock, rough_duration, speed

WINDOW_MS = 30_000
"""The engine hears this much at a time: an estimate never runs further ahead."""
MEASURED_MS = 20_000
"""What was measured on this machine counts like so much work on the file itself, which may be harder or easier."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A running job, and when its last window had been heard."""

    job: Job
    heard_at_s: float

    @staticmethod
    def of(job: Job) -> Pace:
        """The pace from here on."""
        return Pace(job, time.monotonic())

    @property
    def factor(self) -> float:
        """Seconds of sound heard in one second of work; 0 as long as it is not known."""
        return self.job.heard_ms / self.job.worked_ms if self.job.worked_ms else 0.0

    @property
    def expected(self) -> float:
        """As `factor`, from the start on where the engine was measured."""
        measured = self.job.engine.factor
        if not measured:
            return self.factor
        return (self.job.heard_ms + MEASURED_MS * measured) / (self.job.worked_ms + MEASURED_MS)

    def heard_ms(self) -> int:
        """The estimate of what is heard by now, so that a bar moves smoothly between two windows."""
        since_ms = 1000 * (time.monotonic() - self.heard_at_s) * self.factor
        return min(self.job.heard_ms + int(min(since_ms, WINDOW_MS)), self.job.duration_ms)

    def fraction(self) -> float:
        """0 to 1."""
        return self.heard_ms() / self.job.duration_ms if self.job.duration_ms else 0.0

    def seconds_left(self) -> float | None:
        """None as long as nothing can be said."""
        if not self.expected or not self.job.duration_ms:
            return None
        return (self.job.duration_ms - self.heard_ms()) / 1000 / self.expected


def state_line(job: Job, pace: Pace | None = None) -> str:
    """Where a job stands, in a few words."""
    if job.is_being_recorded:
        return _("Being recorded")
    if job.state is JobState.RUNNING:
        return _running(pace or Pace.of(job))
    if job.state is JobState.DONE:
        return _done(job)
    if job.state is JobState.FAILED:
        return job.error.said_headline if job.error else _("Failed")
    return _resting(job).format(at=clock(job.heard_ms))


def _resting(job: Job) -> str:
    match job.state:
        case JobState.WAITING if job.media is None:
            return _("Looking into the file…")
        case JobState.WAITING:
            return _("Waiting, goes on at {at}") if job.heard_ms else _("Waiting")
        case JobState.PAUSED:
            return _("Paused at {at}") if job.heard_ms else _("Paused")
        case JobState.INTERRUPTED:
            return _("Interrupted at {at}. Resume?") if job.heard_ms else _("Left from last time. Resume?")
        case _:
            return _("Stopped at {at}. Resume?") if job.heard_ms else _("Stopped. Resume?")


def _running(pace: Pace) -> str:
    left = pace.seconds_left()
    if left is None:
        return _("Transcribing…")
    if not pace.factor:
        return _("{left} left").format(left=rough_duration(left))
    return _("{speed} · {left} left").format(left=rough_duration(left), speed=speed(pace.factor))


def _done(job: Job) -> str:
    if job.notes:
        return job.notes[0].said_headline
    done = _("Done · {speed}").format(speed=speed(Pace.of(job).factor)) if job.worked_ms else _("Done")
    to_check = job.coverage.said_to_check
    return f"{done} · {to_check}" if to_check else done
