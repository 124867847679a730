"""The ring between a device and the writer."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from desktop.system.ring import Ring
from tests.system.room import HandClock

ROOM = 50


def block(first: int, count: int) -> npt.NDArray[np.int16]:
    """Samples of two channels that tell their number."""
    return np.stack([np.arange(first, first + count), -np.arange(first, first + count)], axis=1).astype(np.int16)


@given(st.lists(st.integers(0, ROOM + 10), max_size=60))
def test_everything_comes_out_in_order_and_what_is_lost_is_told_where_it_is_missing(steps: list[int]) -> None:
    """Each number writes a block of so many samples; 0 reads."""
    clock = HandClock()
    ring = Ring(ROOM, 2, 8000, "int16", clock)
    written = 0
    told: list[int] = []

    def read() -> None:
        samples, lost = ring.read()
        assert (samples[:, 0] == -samples[:, 1]).all()
        told.extend(samples[:, 0].tolist())
        told.extend([-1] * lost)

    for count in steps:
        if count:
            ring.write(block(written, count))
            written += count
        else:
            read()
    read()
    read()
    assert len(told) == written
    assert all(number in (-1, place) for place, number in enumerate(told))


@given(st.lists(st.integers(1, ROOM), max_size=30))
def test_a_reader_that_keeps_up_loses_nothing(counts: list[int]) -> None:
    ring = Ring(ROOM, 2, 8000, "int16", HandClock())
    for count in counts:
        ring.write(block(0, count))
        samples, lost = ring.read()
        assert (len(samples), lost) == (count, 0)


def test_the_earliest_delivery_tells_when_the_first_sample_was() -> None:
    clock = HandClock()
    ring = Ring(ROOM, 2, 10, "int16", clock)
    assert ring.first_s is None
    for late_s in (0.3, 0.1, 0.2):
        before_s = clock.time_s
        clock.time_s += 1 + late_s
        ring.write(block(0, 10))
        ring.read()
        clock.time_s = before_s + 1
    assert ring.first_s == 1001.3
    assert round(ring.first_sample_s() - 1000, 6) == 0.1
    assert round(ring.earliest_s() - 1000, 6) == 0.1
    assert ring.earliest_s() == float("inf")
