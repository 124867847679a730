"""The map of a file: every millisecond is of one kind, and of the right one."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import doubts
from desktop.core.coverage import LEAST_SEEN_MS, REACH_MS, SHORTEST_GAP_MS, Coverage, Kind, Part, Span, parts_of
from desktop.core.transcript import Segment

LENGTH_MS = 30_000
SILENCE, TEXT, MISSING, SUSPECT = Kind.SILENCE, Kind.TEXT, Kind.MISSING, Kind.SUSPECT

places = st.integers(0, LENGTH_MS)
spans = st.tuples(places, places).map(lambda edges: (min(edges), max(edges)))
lengths = spans.filter(lambda span: span[1] - span[0] >= LEAST_SEEN_MS)
segments = st.lists(
    st.tuples(lengths, st.sampled_from(["", doubts.UNSURE])).map(lambda drawn: segment(*drawn[0], drawn[1])), max_size=8
)


@st.composite
def speech(draw: st.DrawFn) -> list[Span]:
    """What a detector hears: stretches in order and apart from each other."""
    edges = sorted(draw(st.sets(places, max_size=16)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def maps(draw: st.DrawFn) -> Coverage:
    """Any map of 30 s."""
    edges = sorted({0, LENGTH_MS, *draw(st.sets(places, max_size=8))})
    return Coverage().joined([Part(start, end, draw(st.sampled_from(Kind))) for start, end in pairwise(edges)])


def segment(start_ms: int, end_ms: int, suspect: str = "") -> Segment:
    return Segment(start_ms, end_ms, "word", suspect=suspect)


def suspect(start_ms: int, end_ms: int) -> Segment:
    return segment(start_ms, end_ms, doubts.UNSURE)


def plain(parts: Sequence[Part]) -> list[tuple[int, int, str]]:
    return [(part.start_ms, part.end_ms, str(part.kind)) for part in parts]


def is_whole(parts: Sequence[Part], start_ms: int, end_ms: int) -> bool:
    """Whether there are no gaps from the start to the end, no empty parts, and no neighbours of one kind."""
    if start_ms == end_ms:
        return not parts
    return (
        (parts[0].start_ms, parts[-1].end_ms) == (start_ms, end_ms)
        and all(part.length_ms > 0 for part in parts)
        and all(one.end_ms == other.start_ms and one.kind is not other.kind for one, other in pairwise(parts))
    )


def kinds_within(parts: Sequence[Part], span: Span) -> set[Kind]:
    return {part.kind for part in parts if part.start_ms < span[1] and part.end_ms > span[0]}


# --- parts of what was heard -----------------------------------------------------------------------------------------


@given(speech(), segments, spans)
def test_parts_are_without_gaps_and_neighbours_differ(heard: list[Span], said: list[Segment], span: Span) -> None:
    assert is_whole(parts_of(heard, said, *span), *span)


@given(speech(), segments)
def test_speech_is_never_silence(heard: list[Span], said: list[Segment]) -> None:
    parts = parts_of(heard, said, 0, LENGTH_MS)
    assert all(SILENCE not in kinds_within(parts, span) for span in heard)


@given(speech(), segments)
def test_suspect_text_is_suspect_and_nothing_else(heard: list[Span], said: list[Segment]) -> None:
    parts = parts_of(heard, said, 0, LENGTH_MS)
    edges = sorted({0, LENGTH_MS, *(edge for one in said for edge in (one.start_ms, one.end_ms))})
    for place in pairwise(edges):
        is_suspect = any(one.suspect and one.start_ms <= place[0] and place[1] <= one.end_ms for one in said)
        assert kinds_within(parts, place) == {SUSPECT} if is_suspect else SUSPECT not in kinds_within(parts, place)


@given(speech(), segments)
def test_missing_is_speech_that_no_text_reaches_and_not_short(heard: list[Span], said: list[Segment]) -> None:
    sure = [one for one in said if not one.suspect and one.end_ms > one.start_ms]
    for part in parts_of(heard, said, 0, LENGTH_MS):
        if part.kind is MISSING:
            assert part.length_ms >= SHORTEST_GAP_MS
            assert any(start <= part.start_ms and part.end_ms <= end for start, end in heard)
            assert all(part.start_ms >= one.end_ms + REACH_MS or part.end_ms <= one.start_ms - REACH_MS for one in sure)


@given(speech(), segments, st.lists(places, max_size=4))
def test_the_parts_of_a_part_are_those_of_the_whole(heard: list[Span], said: list[Segment], cuts: list[int]) -> None:
    whole = parts_of(heard, said, 0, LENGTH_MS)
    edges = sorted({0, LENGTH_MS, *cuts})
    joined = Coverage()
    for start_ms, end_ms in pairwise(edges):
        joined = joined.joined(parts_of(heard, said, start_ms, end_ms))
    assert list(joined.parts) == whole


def test_suspect_text_without_a_length_is_seen_all_the_same() -> None:
    parts = parts_of([(320, 1920)], [suspect(1920, 1920)], 0, 9000)
    assert plain(parts)[1:] == [(320, 1870, "missing"), (1870, 1970, "suspect"), (1970, 9000, "silence")]


def test_silence_alone_is_one_part_and_no_time_is_none() -> None:
    assert plain(parts_of((), (), 500, 9000)) == [(500, 9000, "silence")]
    assert parts_of((), (), 500, 500) == []


def test_speech_with_text_is_text_to_the_edges_of_the_speech() -> None:
    assert plain(parts_of([(1000, 4000)], [segment(1300, 3700)], 0, 6000)) == [
        (0, 1000, "silence"),
        (1000, 4000, "text"),
        (4000, 6000, "silence"),
    ]


def test_speech_without_text_is_missing_from_one_second_on() -> None:
    assert plain(parts_of([(0, 1000)], (), 0, 1000)) == [(0, 1000, "missing")]
    assert plain(parts_of([(0, 999)], (), 0, 1000)) == [(0, 999, "text"), (999, 1000, "silence")]


def test_text_reaches_half_a_second_into_the_speech_around_it() -> None:
    assert plain(parts_of([(0, 9000)], [segment(3000, 5000)], 0, 9000)) == [
        (0, 2500, "missing"),
        (2500, 5500, "text"),
        (5500, 9000, "missing"),
    ]
    assert plain(parts_of([(0, 9000)], [segment(0, 4000), segment(5999, 9000)], 0, 9000)) == [(0, 9000, "text")]


def test_suspect_text_is_marked_with_speech_under_it_and_without() -> None:
    assert plain(parts_of([(0, 4000)], [segment(0, 2000), suspect(2000, 4000), suspect(5000, 6000)], 0, 7000)) == [
        (0, 2000, "text"),
        (2000, 4000, "suspect"),
        (4000, 5000, "silence"),
        (5000, 6000, "suspect"),
        (6000, 7000, "silence"),
    ]


def test_suspect_text_does_not_fill_the_speech_beside_it() -> None:
    assert plain(parts_of([(0, 6000)], [suspect(0, 1000)], 0, 6000)) == [(0, 1000, "suspect"), (1000, 6000, "missing")]


def test_text_that_was_found_right_is_text_also_where_no_speech_was_heard() -> None:
    assert plain(parts_of([(0, 1500)], [segment(0, 1500), segment(4000, 5000)], 0, 6000)) == [
        (0, 1500, "text"),
        (1500, 4000, "silence"),
        (4000, 5000, "text"),
        (5000, 6000, "silence"),
    ]


def test_what_lies_outside_is_cut_off() -> None:
    assert plain(parts_of([(0, 9000)], [segment(0, 4000), suspect(4000, 9000)], 3000, 5000)) == [
        (3000, 4000, "text"),
        (4000, 5000, "suspect"),
    ]


# --- the map of a file -----------------------------------------------------------------------------------------------


@given(maps(), spans, st.sampled_from(Kind), st.sampled_from(Kind))
def test_a_change_keeps_the_map_whole_and_touches_one_kind_between_two_times(
    coverage: Coverage, span: Span, before: Kind, after: Kind
) -> None:
    changed = coverage.changed(*span, before, after)
    assert is_whole(changed.parts, 0, LENGTH_MS)
    edges = sorted({0, LENGTH_MS, *span, *(part.start_ms for part in coverage.parts)})
    for place in pairwise(edges):
        (was,), (became,) = kinds_within(coverage.parts, place), kinds_within(changed.parts, place)
        is_inside = span[0] <= place[0] and place[1] <= span[1]
        assert became is (after if is_inside and was is before else was)


@given(maps(), maps())
def test_what_follows_is_joined_without_a_seam(first: Coverage, second: Coverage) -> None:
    following = [Part(one.start_ms + LENGTH_MS, one.end_ms + LENGTH_MS, one.kind) for one in second.parts]
    joined = first.joined(following)
    assert is_whole(joined.parts, 0, 2 * LENGTH_MS)
    for kind in Kind:
        apart = [part.length_ms for part in (*first.parts, *following) if part.kind is kind]
        assert sum(part.length_ms for part in joined.parts if part.kind is kind) == sum(apart)


@given(maps())
def test_the_share_of_speech_with_text_is_one_exactly_when_nothing_is_missing(coverage: Coverage) -> None:
    assert 0 <= coverage.fraction <= 1
    assert (coverage.fraction == 1) is all(part.kind is not MISSING for part in coverage.parts)
    assert {part.kind for part in coverage.to_check} <= {MISSING, SUSPECT}


def test_a_suspicion_that_is_taken_away_becomes_text_and_one_with_its_neighbours() -> None:
    coverage = Coverage((Part(0, 2000, TEXT), Part(2000, 4000, SUSPECT), Part(4000, 5000, TEXT)))
    assert plain(coverage.changed(2000, 3000, SUSPECT, TEXT).parts) == [
        (0, 3000, "text"),
        (3000, 4000, "suspect"),
        (4000, 5000, "text"),
    ]
    assert plain(coverage.changed(2000, 4000, SUSPECT, TEXT).parts) == [(0, 5000, "text")]
    assert coverage.changed(0, 2000, SUSPECT, TEXT) == coverage


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((), ""),
        ((Part(0, 9000, SILENCE),), "No speech was heard"),
        ((Part(0, 9000, TEXT),), "All speech has text"),
        ((Part(0, 9000, TEXT), Part(9000, 9500, SUSPECT)), "All speech has text  ·  1 place to check"),
        ((Part(0, 1000, TEXT), Part(1000, 2000, MISSING)), "50.0 % of the speech has text  ·  1 place to check"),
        ((Part(0, 9999, MISSING),), "0.0 % of the speech has text  ·  1 place to check"),
        ((Part(0, 1000, TEXT), Part(1000, 10_000, MISSING)), "10.0 % of the speech has text  ·  1 place to check"),
        (
            (Part(0, 1000, MISSING), Part(1000, 9_999_000, TEXT), Part(9_999_000, 10_000_000, MISSING)),
            "99.9 % of the speech has text  ·  2 places to check",
        ),
    ],
)
def test_a_sentence_says_how_complete_the_text_is(parts: tuple[Part, ...], said: str) -> None:
    assert Coverage(parts).said == said


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_the_percentage_is_rounded_down(text_ms: int, missing_ms: int) -> None:
    parts = (Part(0, text_ms, TEXT), Part(text_ms, text_ms + missing_ms, MISSING))
    shown, _percent, _rest = Coverage(parts).said.partition(" %")
    assert round(10 * float(shown)) == 1000 * text_ms // (text_ms + missing_ms)
