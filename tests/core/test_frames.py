"""Frames: times that a picture of a given rate can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.frames import FRAME_RATES, Frames

rates = st.sampled_from(FRAME_RATES).map(Frames)
times = st.integers(0, 100 * 3_600_000)


@pytest.mark.parametrize(
    ("rate", "frame", "ms"),
    [(24.0, 1, 42), (24.0, 20, 833), (25.0, 7, 280), (23.976, 24, 1_001), (29.97, 30, 1_001), (30.0, 2, 67)],
)
def test_frames_begin_at_the_nearest_millisecond(rate: float, frame: int, ms: int) -> None:
    assert Frames(rate).at_ms(frame) == ms


def test_television_rates_are_exact_over_ten_hours() -> None:
    assert Frames(29.97).at_ms(30_000 * 36) == 1_001_000 * 36
    assert Frames(23.976).at_ms(24_000 * 36) == 1_001_000 * 36


@given(rates, times)
def test_the_frames_around_a_time_are_the_nearest_ones(frames: Frames, at_ms: int) -> None:
    shown, following = frames.shown_at(at_ms), frames.not_before(at_ms)
    assert frames.at_ms(shown) <= at_ms < frames.at_ms(shown + 1)
    assert frames.at_ms(following - 1) < at_ms <= frames.at_ms(following)


@given(rates, times)
def test_a_frame_stays_where_it_is(frames: Frames, at_ms: int) -> None:
    whole_ms = frames.down_ms(at_ms)
    assert frames.down_ms(whole_ms) == frames.up_ms(whole_ms) == frames.moved_ms(whole_ms, 0) == whole_ms
    assert frames.moved_ms(frames.moved_ms(whole_ms, 2), -2) == whole_ms


@given(rates, st.integers(1, 10_000))
def test_frames_counted_for_a_length_last_so_long_and_not_one_too_many(frames: Frames, length_ms: int) -> None:
    count = frames.count(length_ms)
    assert frames.at_ms(count - 1) <= length_ms <= frames.at_ms(count) + 1
