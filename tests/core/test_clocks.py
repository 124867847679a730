"""One clock for all tracks."""

import random

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.clocks import (
    FIT_FROM_S,
    JUMP_S,
    MOST_DRIFT,
    SILENCE_FIT_S,
    STEADY_WINDOWS,
    DeviceClock,
    samples_to_fit,
    silence_to_fit,
)

RATE = 48_000
drifts = st.floats(-MOST_DRIFT * 0.9, MOST_DRIFT * 0.9)


def watched(
    clock: DeviceClock, off_s: float, drift: float, windows: int, seed: int = 0, jitter_s: float = 0.004
) -> float:
    """So many windows of a device that is off and drifts; what comes late comes late at random. The last value."""
    chance = random.Random(seed)
    for _window in range(windows):
        off_s += drift
        clock.note(off_s + chance.random() * jitter_s)
    return off_s


@given(drifts, st.integers(0, 999))
def test_a_slow_or_fast_clock_is_never_taken_for_lost_samples(drift: float, seed: int) -> None:
    clock = DeviceClock()
    off_s = 0.0
    for _minute in range(30):
        off_s = watched(clock, off_s, drift, 60, seed)
        assert clock.jump_s() == 0
    assert abs(clock.drift_s - off_s) < 0.01


@given(st.floats(0.0, 3.0), st.integers(0, 999))
def test_lateness_that_passes_is_never_taken_for_lost_samples(late_s: float, seed: int) -> None:
    """A busy machine: some windows come late, by anything, and the backlog comes then."""
    clock = DeviceClock()
    watched(clock, 0.0, 0.0, 20, seed)
    for share in (1.0, 0.6, 0.2):
        clock.note(late_s * share)
        assert clock.jump_s() == 0 or late_s * 0.8 < 0.015
    watched(clock, 0.0, 0.0, STEADY_WINDOWS)
    assert clock.jump_s() == 0


@given(st.floats(JUMP_S * 1.3, 20.0), drifts, st.integers(0, 999))
def test_samples_that_are_lost_are_found_to_some_milliseconds(lost_s: float, drift: float, seed: int) -> None:
    clock = DeviceClock()
    off_s = watched(clock, 0.0, drift, 60, seed)
    watched(clock, off_s + lost_s, drift, STEADY_WINDOWS, seed)
    assert abs(clock.jump_s() - lost_s) < 0.012
    clock.corrected(clock.jump_s())
    assert clock.jump_s() == 0


@given(drifts, drifts, st.integers(0, 999))
def test_two_tracks_stay_together_however_their_clocks_run(first: float, second: float, seed: int) -> None:
    """What is wanted is done: after ten minutes the second is at most some milliseconds away from the first."""
    leading, following = DeviceClock(), DeviceClock()
    at_first = at_second = put_in_s = 0.0
    for window in range(600):
        at_first = watched(leading, at_first, first, 1, seed + window)
        at_second += second
        watched(following, at_second - put_in_s, 0.0, 1, seed - window)
        count = max(-100, min(100, samples_to_fit(following, leading, RATE)))
        following.corrected(count / RATE, is_drift=True)
        put_in_s += count / RATE
    assert abs(at_second - put_in_s - at_first) < FIT_FROM_S + 0.01


def test_among_zeros_more_is_put_in_at_once() -> None:
    leading, following = DeviceClock(), DeviceClock()
    for _window in range(2):
        leading.note(0.0)
        following.note(SILENCE_FIT_S * 2)
    assert silence_to_fit(following, leading, RATE) > SILENCE_FIT_S * RATE
    assert silence_to_fit(leading, leading, RATE) == 0


def test_what_is_accepted_is_no_jump_any_more() -> None:
    clock = DeviceClock()
    watched(clock, -1.0, 0.0, STEADY_WINDOWS)
    assert clock.jump_s() < -JUMP_S
    clock.accept()
    watched(clock, -1.0, 0.0, STEADY_WINDOWS)
    assert clock.jump_s() == 0
