"""Peaks as a value: they grow, columns are read from them, they survive as a file, and they tell where sound begins."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.peaks import BIN_MS, FACTOR, LEVELS, PART_BINS, PART_MS, Peaks, PeaksPart


def merged(values: bytes, pick: object) -> bytes:
    return bytes(pick(values[at : at + FACTOR]) for at in range(0, len(values), FACTOR))  # type: ignore[operator]


def part_of(highs: bytes, means: bytes | None = None) -> PeaksPart:
    """A part whose coarser levels follow from the finest."""
    levels, lower = [highs], [highs if means is None else means]
    for _level in range(1, LEVELS):
        levels.append(merged(levels[-1], max))
        lower.append(merged(lower[-1], lambda values: sum(values) // len(values)))
    return PeaksPart(tuple(levels), tuple(lower))


def peaks_of(highs: bytes, means: bytes | None = None) -> Peaks:
    peaks = Peaks()
    for at in range(0, len(highs), PART_BINS):
        part = None if means is None else means[at : at + PART_BINS]
        peaks.add(part_of(highs[at : at + PART_BINS], part))
    return peaks


def test_peaks_grow_part_by_part() -> None:
    peaks = Peaks()
    assert (peaks.length_ms, peaks.loudest(), peaks.columns(0, 10, 5)) == (0, 0, [])
    peaks.add(part_of(bytes([10] * PART_BINS)))
    assert (peaks.length_ms, peaks.loudest()) == (PART_MS, 10)
    peaks.add(part_of(bytes([99] * 50)))
    assert peaks.length_ms == PART_MS + 500
    assert peaks.loudest() == 99
    assert peaks.columns(PART_MS - 10, 10, 3) == [(10, 10), (99, 99), (99, 99)]


@given(st.binary(min_size=1, max_size=3 * PART_BINS), st.floats(0.5, 40_000), st.floats(0, 40_000))
def test_columns_together_hold_what_is_loud_and_end_with_the_sound(
    highs: bytes, ms_per_column: float, start_ms: float
) -> None:
    peaks = peaks_of(highs)
    columns = peaks.columns(0, ms_per_column, int(peaks.length_ms / ms_per_column) + 2)
    if ms_per_column >= 2 * BIN_MS:
        assert max(high for high, _mean in columns) == max(highs)
    assert {high for high, _mean in columns} <= set(highs)
    left_ms = peaks.length_ms - start_ms
    later = peaks.columns(start_ms, ms_per_column, 10_000)
    assert abs(len(later) * ms_per_column - max(0, left_ms)) <= 2 * ms_per_column + BIN_MS or len(later) == 10_000


def test_a_click_stays_where_it_is_at_every_scale() -> None:
    at_ms = 123_450
    highs = bytearray(60_000)
    highs[at_ms // BIN_MS] = 200
    peaks = peaks_of(bytes(highs))
    for ms_per_column in (2.5, 10, 33, 100, 450, 3000, 20_000):
        columns = peaks.columns(0, ms_per_column, int(600_000 / ms_per_column))
        found = [number for number, (high, _mean) in enumerate(columns) if high]
        assert found
        # A coarse value that lies across two columns belongs to one of them.
        assert all(abs(number * ms_per_column - at_ms) <= 2 * ms_per_column + BIN_MS for number in found)


def test_a_single_click_does_not_make_the_rest_small() -> None:
    highs = bytearray([50] * 600 * 256)
    highs[5000] = 255
    assert peaks_of(bytes(highs)).loudest() == 50


@given(st.binary(max_size=2 * PART_BINS + 7))
def test_they_come_back_from_a_file(highs: bytes) -> None:
    peaks = peaks_of(highs)
    content = peaks.to_bytes()
    assert Peaks.from_bytes(content) == peaks
    assert Peaks.from_bytes(content[:-1]) is None
    assert Peaks.from_bytes(content + b"x") is None


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_file_that_is_damaged_anywhere_is_noticed(highs: bytes, data: st.DataObject) -> None:
    content = bytearray(peaks_of(highs).to_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    assert Peaks.from_bytes(bytes(content)) is None


@given(st.binary(max_size=64))
def test_other_files_are_no_peaks(content: bytes) -> None:
    assert Peaks.from_bytes(content) is None


def spoken(*spans: tuple[int, int], length: int = 1000, loud: int = 150, quiet: int = 20) -> Peaks:
    means = bytearray([quiet] * length)
    for start, end in spans:
        means[start:end] = bytes([loud] * (end - start))
    return peaks_of(bytes(means))


def test_sound_begins_and_ends_at_edges() -> None:
    peaks = spoken((100, 200), (240, 300))
    assert peaks.edges(0, 10_000) == [1000, 2000, 2400, 3000]
    assert peaks.edges(1900, 2500) == [2000, 2400]
    assert peaks.edges(1200, 1800) == []


def test_the_closure_of_a_consonant_is_no_edge() -> None:
    assert spoken((100, 150), (153, 200)).edges(0, 5_000) == [1000, 2000]


def test_where_all_is_as_loud_nothing_begins() -> None:
    assert spoken(loud=25).edges(0, 10_000) == []
    assert Peaks().edges(0, 1000) == []


@pytest.mark.parametrize(("loud", "quiet"), [(30, 5), (250, 120)])
def test_what_is_quiet_depends_on_what_is_loud_nearby(loud: int, quiet: int) -> None:
    assert spoken((100, 200), loud=loud, quiet=quiet).edges(0, 5_000) == [1000, 2000]


@given(st.binary(max_size=600), st.integers(0, 6000), st.integers(0, 6000))
def test_edges_are_in_order_and_where_they_were_asked_for(means: bytes, start_ms: int, length_ms: int) -> None:
    edges = peaks_of(means).edges(start_ms, start_ms + length_ms)
    assert all(one < other for one, other in pairwise(edges))
    assert all(start_ms <= edge <= start_ms + length_ms for edge in edges)
