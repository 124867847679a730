"""States of jobs, and the order of the queue."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import errors
from desktop.core.jobs import STEPS, IllegalStep, Job, JobQueue, JobState
from desktop.core.media import Media
from desktop.core.options import Options

MEDIA = Media(1, "h", 10_000)


def jobs(*states: JobState) -> JobQueue:
    queue = JobQueue()
    for number, state in enumerate(states, 1):
        queue.put(Job(number, Path(f"{number}.mp3"), state=state, media=MEDIA))
    return queue


@pytest.mark.parametrize(("before", "after"), list(itertools.product(JobState, JobState)))
def test_only_the_steps_of_the_table_are_possible(before: JobState, after: JobState) -> None:
    job = Job(1, Path("talk.mp3"), state=before)
    if after in STEPS[before]:
        assert job.stepped(after).state is after
    else:
        with pytest.raises(IllegalStep):
            job.stepped(after)


@pytest.mark.parametrize("state", list(JobState))
def test_everything_but_done_can_come_to_wait_again(state: JobState) -> None:
    reachable, seen = {state}, set[JobState]()
    while reachable - seen:
        one = (reachable - seen).pop()
        seen.add(one)
        reachable |= STEPS[one]
    assert (JobState.WAITING in reachable) is (state is not JobState.DONE)


def test_waiting_again_forgets_the_error() -> None:
    job = Job(1, Path("talk.mp3"), state=JobState.FAILED, error=errors.NotMedia(name="talk.mp3"))
    assert job.stepped(JobState.WAITING).error is None


def test_next_is_the_first_that_waits_and_has_been_looked_into() -> None:
    queue = jobs(JobState.DONE, JobState.PAUSED, JobState.WAITING, JobState.WAITING)
    queue.put(replace(queue[3], media=None))
    assert (queue.next() or queue[1]).id == 4


def test_what_waits_is_told_in_order_as_far_as_it_has_been_looked_into() -> None:
    queue = jobs(JobState.WAITING, JobState.RUNNING, JobState.WAITING, JobState.WAITING, JobState.FAILED)
    queue.put(replace(queue[3], media=None))
    queue.move([4], before=1)
    assert [job.id for job in queue.waiting()] == [4, 1]


def test_moving_keeps_the_others_in_order() -> None:
    queue = jobs(*[JobState.WAITING] * 5)
    queue.move([2, 4], before=1)
    assert queue.order() == (2, 4, 1, 3, 5)
    queue.move([2], before=None)
    assert queue.order() == (4, 1, 3, 5, 2)


@given(st.permutations(range(1, 8)), st.sets(st.integers(1, 7)), st.integers(0, 8))
def test_moving_never_loses_or_doubles_a_job(order: list[int], moving: set[int], before: int) -> None:
    queue = JobQueue()
    for number in order:
        queue.put(Job(number, Path("x")))
    queue.move(moving, before or None)
    assert sorted(queue.order()) == sorted(order)
    assert [one for one in queue.order() if one in moving] == [one for one in order if one in moving]
    assert [one for one in queue.order() if one not in moving] == [one for one in order if one not in moving]


def test_the_fraction_is_of_the_sound() -> None:
    job = Job(1, Path("x"), media=MEDIA, heard_ms=2500)
    assert job.fraction == 0.25
    assert replace(job, state=JobState.DONE).fraction == 1
    assert replace(job, media=None).fraction == 0


def test_options_come_back_and_devices_do_not_change_the_text() -> None:
    options = Options(language="de", temperatures=(0.0,), beam_size=1)
    assert Options.from_record(options.to_record()) == options
    assert Options.from_record({"language": "de", "of a later version": 1}).language == "de"
    same = replace(options, device="cuda", compute_type="int8", batch_size=4)
    assert same.fingerprint() == options.fingerprint()
    for other in (
        {"beam_size": 2},
        {"mode": "precise"},
        {"languages": "per-window"},
        {"prompt": "A talk."},
        {"hotwords": "Anna"},
    ):
        assert replace(options, **other).fingerprint() != options.fingerprint()


def test_options_of_an_earlier_version_have_the_defaults_of_what_it_did_not_know() -> None:
    earlier = {"model": "small", "language": "de", "task": "transcribe", "device": "cpu", "compute_type": "int8"}
    earlier_options = Options.from_record({**earlier, "temperatures": [0.0, 0.2], "vad": False})
    assert earlier_options == Options(
        "small", "de", device="cpu", compute_type="int8", temperatures=(0.0, 0.2), vad=False
    )
    assert (earlier_options.mode, earlier_options.languages, earlier_options.batch_size) == ("fast", "file", 0)
