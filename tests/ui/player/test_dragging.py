"""What the pointer holds, and what letting go of it changes."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.document import Document
from desktop.core.editing import SHORTEST_MS
from desktop.core.transcript import Segment, Transcript, Word
from desktop.ui.player.dragging import Grip, Hold, dragged, snapped
from desktop.ui.player.regions import Regions


def segment(start_ms: int, end_ms: int, text: str = "one two") -> Segment:
    return Segment(start_ms, end_ms, "").reworded(text)


THREE = Transcript((segment(1000, 2000), segment(2000, 3000), segment(4000, 5000)))


def after(transcript: Transcript, grip: Grip, by_ms: int) -> tuple[Segment, ...]:
    return Document.of(transcript).did(dragged(transcript, grip, by_ms)).current.segments


def times(segments: tuple[Segment, ...]) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in segments]


# --- what is held ---


@pytest.mark.parametrize(
    ("ms", "hold", "at"),
    [
        (1000, Hold.START, 0),
        (970, Hold.START, 0),
        (1500, Hold.WHOLE, 0),
        (1960, Hold.SEAM, 0),
        (2000, Hold.SEAM, 0),
        (2040, Hold.SEAM, 0),
        (3030, Hold.END, 1),
        (4020, Hold.START, 2),
        (4500, Hold.WHOLE, 2),
    ],
)
def test_near_an_edge_the_edge_is_held_and_inside_the_segment(ms: int, hold: Hold, at: int) -> None:
    assert Regions(THREE).grip(ms, 50) == Grip(hold, at)


def test_a_seam_can_be_split() -> None:
    regions = Regions(THREE)
    assert regions.grip(1980, 50, splits_seams=True) == Grip(Hold.END, 0)
    assert regions.grip(2020, 50, splits_seams=True) == Grip(Hold.START, 1)
    assert regions.grip(1010, 50, splits_seams=True) == Grip(Hold.START, 0)


def test_where_nothing_is_said_nothing_is_held() -> None:
    assert Regions(THREE).grip(3500, 50) is None
    assert Regions(Transcript(())).grip(0, 50) is None


def test_a_segment_of_a_few_pixels_can_still_be_held_in_its_middle() -> None:
    tiny = Regions(Transcript((segment(1000, 1060),)))
    assert [tiny.grip(ms, 50).hold for ms in (970, 1010, 1030, 1050, 1090)] == [  # type: ignore[union-attr]
        Hold.START, Hold.START, Hold.WHOLE, Hold.END, Hold.END,
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 3000)), max_size=30), st.integers(0, 8000))
def test_what_is_in_view_is_found_even_where_segments_overlap(spans: list[tuple[int, int]], ms: int) -> None:
    ordered = sorted(spans)
    transcript = Transcript(tuple(Segment(start, start + length, "x") for start, length in ordered))
    regions = Regions(transcript)
    found = regions.between(ms, ms + 700)
    seen = [n for n, one in enumerate(transcript.segments) if one.start_ms <= ms + 700 and one.end_ms >= ms]
    assert set(seen) <= set(found)
    at = regions.at(ms)
    under = [n for n, one in enumerate(transcript.segments) if one.start_ms <= ms < one.end_ms]
    assert at == (under[-1] if under else None)


# --- what letting go does ---


def test_an_edge_goes_where_it_is_let_go() -> None:
    assert times(after(THREE, Grip(Hold.START, 0), 300))[0] == (1300, 2000)
    assert times(after(THREE, Grip(Hold.END, 1), 400))[1] == (2000, 3400)


def test_an_edge_stops_at_the_neighbour_and_before_the_other_edge() -> None:
    assert times(after(THREE, Grip(Hold.END, 1), 5000))[1] == (2000, 4000)
    assert times(after(THREE, Grip(Hold.START, 2), -5000))[2] == (3000, 5000)
    assert times(after(THREE, Grip(Hold.START, 0), 5000))[0] == (2000 - SHORTEST_MS, 2000)


def test_a_seam_moves_both() -> None:
    moved = after(THREE, Grip(Hold.SEAM, 0), 250)
    assert times(moved) == [(1000, 2250), (2250, 3000), (4000, 5000)]
    assert times(after(THREE, Grip(Hold.SEAM, 0), 9000))[:2] == [(1000, 2900), (2900, 3000)]
    assert times(after(THREE, Grip(Hold.SEAM, 0), -9000))[:2] == [(1000, 1100), (1100, 3000)]


def test_a_whole_segment_takes_its_words_along_and_keeps_its_length() -> None:
    moved = after(THREE, Grip(Hold.WHOLE, 2), -400)[2]
    before = THREE.segments[2]
    assert (moved.start_ms, moved.end_ms) == (3600, 4600)
    assert [word.start_ms for word in moved.words] == [word.start_ms - 400 for word in before.words]
    assert times(after(THREE, Grip(Hold.WHOLE, 2), -4000))[2] == (3000, 4000)
    assert times(after(THREE, Grip(Hold.WHOLE, 1), 4000))[1] == (3000, 4000)
    assert times(after(THREE, Grip(Hold.WHOLE, 0), -4000))[0] == (0, 1000)


def test_what_did_not_move_changes_nothing() -> None:
    for hold in Hold:
        assert not dragged(THREE, Grip(hold, 0), 0)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    segments, at_ms = [], 0
    for _number in range(draw(st.integers(2, 6))):
        start_ms = at_ms + draw(st.sampled_from([0, 0, 30, 500]))
        at_ms = start_ms + draw(st.integers(20, 3000))
        words = (Word(start_ms, (start_ms + at_ms) // 2, " a", 1.0), Word((start_ms + at_ms) // 2, at_ms, " b", 1.0))
        segments.append(Segment(start_ms, at_ms, "a b", words))
    return Transcript(tuple(segments))


@given(transcripts(), st.data())
def test_no_drag_makes_neighbours_overlap_or_loses_a_word(transcript: Transcript, data: st.DataObject) -> None:
    hold = data.draw(st.sampled_from(Hold))
    last = len(transcript.segments) - (2 if hold is Hold.SEAM else 1)
    grip = Grip(hold, data.draw(st.integers(0, last)))
    if hold is Hold.SEAM:
        left = replace(transcript.segments[grip.at], end_ms=transcript.segments[grip.at + 1].start_ms)
        segments = (*transcript.segments[: grip.at], left, *transcript.segments[grip.at + 1 :])
        transcript = replace(transcript, segments=segments)
    segments = after(transcript, grip, data.draw(st.integers(-5000, 5000)))
    assert [one.text for one in segments] == [one.text for one in transcript.segments]
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(segments))
    assert all(0 <= one.start_ms <= one.end_ms for one in segments)
    for one in segments:
        assert len(one.words) == 2
        assert all(one.start_ms <= word.start_ms <= word.end_ms <= one.end_ms for word in one.words)


# --- snapping ---


def test_an_edge_comes_to_the_nearest_target_within_reach() -> None:
    assert snapped([1000], 480, [1400, 1500, 2000], 60) == (500, 1500)
    assert snapped([1000], 450, [1400, 1600], 30) == (450, None)
    assert snapped([1000], 5, [], 30) == (5, None)


def test_of_a_whole_segment_the_edge_that_is_nearer_snaps() -> None:
    assert snapped([1000, 2000], 100, [1130, 2110], 50) == (110, 2110)
