"""How fast the queue goes, as the news of its jobs tell."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.errors import AllFail, ManyFailed
from desktop.core.jobs import Job, JobState
from desktop.core.media import Media
from desktop.core.throughput import Figures, Throughput

MEDIA = Media(size=1, content_hash="h", duration_ms=600_000)


def job(number: int = 1, state: JobState = JobState.WAITING, heard_ms: int = 0) -> Job:
    return Job(number, Path("talk.mp3"), state=state, media=MEDIA, heard_ms=heard_ms)


def ended(throughput: Throughput, number: int, state: JobState, at_s: float = 0.0) -> object:
    for step in (JobState.WAITING, JobState.RUNNING):
        throughput.note(job(number, step), at_s)
    return throughput.note(job(number, state), at_s)


def test_what_was_heard_in_the_time_of_work() -> None:
    throughput = Throughput()
    throughput.note(job(), 0)
    throughput.note(job(state=JobState.RUNNING), 100)  # the time before is no work
    throughput.note(job(state=JobState.RUNNING, heard_ms=300_000), 130)
    figures = throughput.figures(130)
    assert figures.factor == pytest.approx(10)
    assert figures.hours_per_hour == pytest.approx(10)
    throughput.note(job(state=JobState.DONE, heard_ms=600_000), 160)
    figures = throughput.figures(1000)  # neither is the time after
    assert figures == Figures(0.0, pytest.approx(60), pytest.approx(10), 1, 0)


def test_work_that_was_done_before_counts_for_nothing() -> None:
    throughput = Throughput()
    throughput.note(job(state=JobState.DONE, heard_ms=600_000), 0)
    throughput.note(job(2, JobState.FAILED), 0)
    throughput.note(job(3, JobState.RUNNING, 500_000), 0)
    throughput.note(job(3, JobState.RUNNING, 510_000), 10)
    assert throughput.figures(10) == Figures(pytest.approx(1), 0.0, pytest.approx(1), 0, 0)


def test_a_recording_is_no_work_of_the_queue() -> None:
    throughput = Throughput()
    throughput.note(replace(job(state=JobState.RUNNING), media=None), 0)
    throughput.note(replace(job(state=JobState.RUNNING, heard_ms=5000), media=None), 5)
    assert throughput.figures(5) == Figures()


def test_an_hour_ago_is_forgotten() -> None:
    throughput = Throughput()
    ended(throughput, 1, JobState.DONE, 0)
    ended(throughput, 2, JobState.DONE, 3000)
    throughput.note(job(3, JobState.RUNNING), 3000)
    assert throughput.figures(3900).files_per_hour == pytest.approx(4)
    assert throughput.figures(3900).done == 2, "the failures since the start are told among all"


def test_more_than_one_in_twenty_is_said_and_again_when_it_has_doubled() -> None:
    throughput = Throughput()
    told = []
    for number in range(120):
        state = JobState.FAILED if number % 10 == 0 else JobState.DONE
        if warning := ended(throughput, number, state):
            told.append((type(warning), warning.facts["failed"]))  # type: ignore[attr-defined]
    assert told == [(ManyFailed, 3), (ManyFailed, 6), (ManyFailed, 12)]


def test_a_few_failures_among_many_files_are_not_said() -> None:
    throughput = Throughput()
    states = [JobState.DONE] * 100 + [JobState.FAILED] + [JobState.DONE] * 50 + [JobState.FAILED] * 3
    assert not any(ended(throughput, number, state) for number, state in enumerate(states))


def test_where_one_fails_after_the_other_all_do() -> None:
    throughput = Throughput()
    told = [ended(throughput, number, JobState.FAILED) for number in range(5)]
    assert [type(one) for one in told if one] == [ManyFailed, AllFail]
    assert isinstance(told[-1], AllFail)
