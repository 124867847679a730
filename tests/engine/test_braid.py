"""Tracks heard each on its own and told as one: in order, complete, without gaps, also when work goes on later."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.transcript import Segment, Word
from desktop.engine.braid import Braid, Strand
from desktop.engine.front import Bookmark
from desktop.engine.voice import VoiceState

lengths = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=8)


def piece(track: int, start_ms: int, end_ms: int, is_speech: bool) -> Strand:
    """A piece that is said from its first to its last moment, or silence."""
    name = f"{track}:{start_ms}"
    words = (Word(start_ms, end_ms, name, 0.5),)
    said = (Segment(start_ms, end_ms, name, words, speaker=str(track)),) if is_speech else ()
    return Strand(end_ms, "", "", said, (Part(start_ms, end_ms, Kind.TEXT if is_speech else Kind.SILENCE),))


def pieces_of(track: int, found: list[tuple[int, bool]]) -> list[Strand]:
    ends = [0]
    for length, _is_speech in found:
        ends.append(ends[-1] + 100 * length + track)
    return [
        piece(track, start, end, is_speech)
        for (start, end), (_length, is_speech) in zip(pairwise(ends), found, strict=True)
    ]


Told = list[tuple[tuple[Segment, ...], tuple[Part, ...], int]]


def told_of(braid: Braid, pieces: list[tuple[int, Strand]], is_kept: bool = False) -> Told:
    """All that is told, in the order in which it is; where it is kept, by another process each time."""
    told: Told = []
    for number, (track, one) in enumerate(pieces):
        braid.add(track, one)
        told.append((*braid.told(number == len(pieces) - 1), braid.told_ms))
        if is_kept:
            text = Bookmark(VoiceState(), strands=tuple(braid.strands)).to_text()
            braid = Braid(list(Bookmark.from_text(text).strands), braid.told_ms)
    return told


def mixed(first: list[Strand], second: list[Strand], order: list[bool]) -> list[tuple[int, Strand]]:
    """The pieces of both tracks, each track in its order."""
    left = [first[:], second[:]]
    found = []
    for is_second in order:
        track = int(is_second) if left[int(is_second)] else int(not is_second)
        if left[track]:
            found.append((track, left[track].pop(0)))
    return [*found, *((track, one) for track in (0, 1) for one in left[track])]


def new_braid() -> Braid:
    return Braid([Strand(0), Strand(0)], 0)


@given(lengths, lengths, st.lists(st.booleans(), max_size=16))
def test_everything_is_told_once_and_in_the_order_of_time(
    first: list[tuple[int, bool]], second: list[tuple[int, bool]], order: list[bool]
) -> None:
    pieces = mixed(pieces_of(0, first), pieces_of(1, second), order)
    told = told_of(new_braid(), pieces)
    segments = [segment for found, _parts, _at in told for segment in found]
    assert [one.start_ms for one in segments] == sorted(one.start_ms for one in segments)
    assert sorted(one.text for one in segments) == sorted(one.text for _track, p in pieces for one in p.segments)
    for (found, _parts, at_ms), following in zip(told, [*told[1:], ((), (), 0)], strict=True):
        assert all(one.start_ms >= at_ms for one in following[0])
        assert all(one.start_ms < at_ms for one in found)


@given(lengths, lengths, st.lists(st.booleans(), max_size=16))
def test_the_map_of_both_has_no_gaps_and_shows_all_speech(
    first: list[tuple[int, bool]], second: list[tuple[int, bool]], order: list[bool]
) -> None:
    pieces = mixed(pieces_of(0, first), pieces_of(1, second), order)
    told = told_of(new_braid(), pieces)
    parts = [part for _found, parts, _at in told for part in parts]
    assert parts[0].start_ms == 0
    assert all(one.end_ms == other.start_ms for one, other in pairwise(parts))
    assert parts[-1].end_ms == told[-1][2] == max(one.heard_ms for _track, one in pieces)
    coverage = Coverage().joined(parts)
    for _track, one in pieces:
        for segment in one.segments:
            inside = [p for p in coverage.parts if p.start_ms < segment.end_ms and p.end_ms > segment.start_ms]
            assert {p.kind for p in inside} == {Kind.TEXT}


@given(lengths, lengths, st.lists(st.booleans(), max_size=16))
def test_work_that_goes_on_elsewhere_tells_the_same(
    first: list[tuple[int, bool]], second: list[tuple[int, bool]], order: list[bool]
) -> None:
    pieces = mixed(pieces_of(0, first), pieces_of(1, second), order)
    assert told_of(new_braid(), pieces, is_kept=True) == told_of(new_braid(), pieces)


def test_a_track_on_which_nobody_speaks_holds_nothing_up() -> None:
    braid = new_braid()
    braid.add(0, piece(0, 0, 5000, True))
    assert braid.told() == ((), ())
    braid.note_silence(1, 5200)
    segments, parts = braid.told()
    assert [one.text for one in segments] == ["0:0"]
    assert parts == (Part(0, 5000, Kind.TEXT),)
    assert braid.told_ms == 5000


def test_what_deserves_a_look_on_one_track_does_so_in_the_whole() -> None:
    braid = new_braid()
    kinds = (Kind.TEXT, Kind.SUSPECT, Kind.SILENCE, Kind.TEXT)
    mine = tuple(Part(100 * at, 100 * at + 100, kind) for at, kind in enumerate(kinds))
    theirs = (Part(0, 150, Kind.MISSING), Part(150, 400, Kind.SILENCE))
    braid.add(0, replace(Strand(400), parts=mine))
    braid.add(1, replace(Strand(400), parts=theirs))
    _segments, parts = braid.told()
    assert [(part.start_ms, part.kind) for part in parts] == [
        (0, Kind.MISSING),
        (100, Kind.SUSPECT),
        (200, Kind.SILENCE),
        (300, Kind.TEXT),
    ]
