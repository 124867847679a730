"""The monitor: when it measures, what it keeps, and what it says."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.errors import AllFail, AppError, MemoryNearlyFull
from desktop.core.jobs import Job, JobState
from desktop.core.media import Media
from desktop.core.usage import Strain, Usage
from desktop.services import monitor as module
from desktop.services.monitor import Moment, Monitor

WAITING = Job(1, Path("talk.mp3"), media=Media(1, "h", 60_000))
RUNNING = replace(WAITING, state=JobState.RUNNING)
DONE = replace(WAITING, state=JobState.DONE)


class FakeMeter:
    """Says what it is told to say, and counts who listens."""

    def __init__(self) -> None:
        self.used = 10
        self.at_s = 0.0
        self.listening = 0
        self.was_taken = threading.Semaphore(0)

    def watch(self) -> Iterator[Callable[[], Usage]]:
        self.listening += 1
        try:
            yield self._sample
        finally:
            self.listening -= 1

    def _sample(self) -> Usage:
        self.at_s += 1
        return Usage(self.at_s, 0.5, self.used, 100)


@pytest.fixture
def meter() -> FakeMeter:
    return FakeMeter()


@pytest.fixture
def monitor(qtbot: QtBot, meter: FakeMeter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    monkeypatch.setattr(module, "LOOK_S", 0.01)
    monkeypatch.setattr(module, "GUARD_S", 0.02)
    made = Monitor(meter)
    yield made
    made.close()
    assert meter.listening == 0


def test_nothing_is_measured_while_nobody_looks_and_nothing_works(monitor: Monitor, meter: FakeMeter) -> None:
    monitor.note_job(WAITING)
    monitor.note_job(DONE)
    assert (meter.listening, meter.at_s) == (0, 0.0)


def test_it_measures_while_somebody_looks(qtbot: QtBot, monitor: Monitor, meter: FakeMeter) -> None:
    with qtbot.waitSignal(monitor.sampled) as caught:
        monitor.watch(True)
    moment = caught.args[0]
    assert isinstance(moment, Moment)
    assert moment.usage.load == 0.5
    qtbot.waitUntil(lambda: len(monitor.moments) > 2)
    monitor.watch(False)
    qtbot.waitUntil(lambda: meter.listening == 0)


def test_only_the_last_minutes_are_kept(
    qtbot: QtBot, monitor: Monitor, meter: FakeMeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_S", 3.0)
    monitor.watch(True)
    qtbot.waitUntil(lambda: meter.at_s > 8)
    qtbot.waitUntil(lambda: len(monitor.moments) == 4)


def test_a_queue_at_work_is_guarded(qtbot: QtBot, monitor: Monitor, meter: FakeMeter) -> None:
    meter.used = 95
    with qtbot.waitSignal(monitor.strained) as caught:
        monitor.note_job(WAITING)
        monitor.note_job(RUNNING)
    assert caught.args[0] is Strain.MEMORY
    assert isinstance(caught.args[1], MemoryNearlyFull)
    monitor.note_job(DONE)
    assert monitor.strains == {Strain.MEMORY}, "until it is over, whatever the queue does"
    with qtbot.waitSignal(monitor.relieved):
        meter.used = 50
    qtbot.waitUntil(lambda: meter.listening == 0)


def test_guarding_can_be_left_off(monitor: Monitor, meter: FakeMeter) -> None:
    monitor.guard(False)
    monitor.note_job(RUNNING)
    assert meter.listening == 0


def test_failures_are_said_as_they_come(monitor: Monitor) -> None:
    told: list[AppError] = []
    all_failed: list[bool] = []
    monitor.warned.connect(told.append)
    monitor.all_fail.connect(lambda: all_failed.append(True))
    monitor.guard(False)
    for number in range(5):
        for state in (JobState.WAITING, JobState.RUNNING, JobState.FAILED):
            monitor.note_job(replace(WAITING, id=number, state=state))
    assert isinstance(told[-1], AllFail)
    assert all_failed == [True]
    assert monitor.figures.failed == 5
