"""A clock that runs smoothly over reports that do not."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.player.clock import JUMP_MS, PlayClock


def test_it_stands_still_until_it_runs() -> None:
    clock = PlayClock()
    clock.rest(1234)
    assert (clock.at(0), clock.at(99), clock.is_running) == (1234, 1234, False)
    clock.hear(9999, 100)
    assert clock.at(101) == 1234
    clock.run(2000, 1.0, 200)
    assert clock.is_running
    assert round(clock.at(200.05)) == 2050
    clock.rest(3000)
    assert clock.at(300) == 3000


def test_it_runs_as_fast_as_it_is_told() -> None:
    for rate in (0.5, 1.5, 2.0):
        clock = PlayClock()
        clock.run(0, rate, 0)
        assert clock.at(0.1) == 100 * rate


def test_it_waits_for_a_device_that_takes_its_time_to_begin() -> None:
    clock = PlayClock()
    clock.run(5000, 1.0, 0)
    assert clock.at(1.0) == clock.at(2.0) <= 5200
    clock.hear(5040, 2.0)  # the sound begins
    shown = [clock.at(2.0)]
    for step in range(1, 41):
        now = 2 + step * 0.05
        clock.hear(5040 + step * 50, now)
        shown.append(clock.at(now))
    assert shown == sorted(shown)
    assert abs(shown[-1] - (5040 + 2000)) < 30


@given(st.floats(0.05, 1.0), st.floats(0.5, 2), st.lists(st.floats(-0.02, 0.04), min_size=5, max_size=40))
def test_it_runs_on_between_reports_that_are_far_apart(step_s: float, rate: float, late_s: list[float]) -> None:
    clock = PlayClock()
    clock.run(0, rate, 0)
    for number, late in enumerate(late_s, 1):
        clock.hear(number * step_s * rate * 1000, number * step_s + late)
    for share in (0.25, 0.5, 0.75, 1.0):
        now = (len(late_s) + share) * step_s
        assert abs(clock.at(now) - now * rate * 1000) < 50 * rate


def test_it_waits_when_a_report_does_not_come() -> None:
    clock = PlayClock()
    clock.run(0, 1.0, 0)
    for number in range(1, 5):
        clock.hear(number * 250, number * 0.25)
    assert 1250 <= clock.at(5) == clock.at(6) <= 1400


def test_a_report_of_another_place_is_a_jump() -> None:
    clock = PlayClock()
    clock.run(60_000, 1.0, 0)
    clock.hear(10_000, 0.1)
    assert clock.at(0.1) == 10_000


@given(st.lists(st.tuples(st.floats(0.02, 0.1), st.floats(-45, 5)), min_size=1, max_size=100), st.floats(0.5, 2))
def test_it_never_goes_back_and_stays_near_the_sound(reports: list[tuple[float, float]], rate: float) -> None:
    clock = PlayClock()
    clock.run(0, rate, 0)
    now, before = 0.0, 0.0
    for wait_s, late_ms in reports:
        now += wait_s
        clock.hear(max(0, now * 1000 * rate + late_ms), now)
        shown = clock.at(now)
        assert shown >= before
        assert abs(shown - now * 1000 * rate) < 50 < JUMP_MS
        before = shown
