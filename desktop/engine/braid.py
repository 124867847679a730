"""Several tracks of one recording, each heard on its own, told as one: in the order of time, with one map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any

from desktop.core.coverage import Kind, Part
from desktop.core.transcript import Segment, Word

_WORST_FIRST = (Kind.SUSPECT, Kind.MISSING, Kind.TEXT, Kind.SILENCE)


@dataclass(frozen=True, slots=True)
class Strand:
    """One track: how far it is heard, and what of that cannot be told yet, because another track is not so far."""

    heard_ms: int
    voice: str = ""
    """What the speech detector remembers there, as text."""
    before: str = ""
    """The text before, where it is passed on."""
    segments: tuple[Segment, ...] = ()
    parts: tuple[Part, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)

    @staticmethod
    def from_record(record: dict[str, Any]) -> Strand:
        """The strand that `to_record` wrote."""
        segments = tuple(_segment(one) for one in record["segments"])
        parts = tuple(Part(one["start_ms"], one["end_ms"], Kind(one["kind"])) for one in record["parts"])
        return Strand(record["heard_ms"], record["voice"], record["before"], segments, parts)


@dataclass(slots=True)
class Braid:
    """The tracks, and up to where they have been told together."""

    strands: list[Strand]
    told_ms: int
    _silent_ms: dict[int, int] = field(default_factory=dict)

    def add(self, track: int, strand: Strand) -> None:
        """What has been heard of a track after what was added before; the strand says how far it reaches."""
        kept = self.strands[track]
        self.strands[track] = replace(
            strand, segments=(*kept.segments, *strand.segments), parts=(*kept.parts, *strand.parts)
        )

    def note_silence(self, track: int, until_ms: int) -> None:
        """Nothing is said on a track up to there, beyond what has been added."""
        self._silent_ms[track] = until_ms

    def told(self, is_end: bool = False) -> tuple[tuple[Segment, ...], tuple[Part, ...]]:
        """What can be told now: nothing that is heard later will start before it. `told_ms` is its end."""
        reached = [max(one.heard_ms, self._silent_ms.get(track, 0)) for track, one in enumerate(self.strands)]
        until_ms = max(self.told_ms, max(reached) if is_end else min(reached))
        segments = [one for strand in self.strands for one in strand.segments if one.start_ms < until_ms or is_end]
        parts = tuple(_together([strand.parts for strand in self.strands], self.told_ms, until_ms))
        for track, strand in enumerate(self.strands):
            self.strands[track] = replace(
                strand,
                segments=tuple(one for one in strand.segments if one.start_ms >= until_ms and not is_end),
                parts=tuple(_between(strand.parts, until_ms, max(until_ms, strand.heard_ms))),
            )
        self.told_ms = until_ms
        return tuple(sorted(segments, key=lambda one: (one.start_ms, one.end_ms))), parts


def _together(maps: Sequence[Sequence[Part]], start_ms: int, end_ms: int) -> Iterator[Part]:
    """One map of several: what deserves a look on one track does so in the whole."""
    cut = [list(_between(parts, start_ms, end_ms)) for parts in maps]
    edges = sorted({start_ms, end_ms, *(edge for parts in cut for one in parts for edge in (one.start_ms, one.end_ms))})
    places = [0] * len(cut)
    found: Part | None = None
    for left_ms, right_ms in pairwise(edges):
        kinds = {Kind.SILENCE}
        for number, parts in enumerate(cut):
            while places[number] < len(parts) and parts[places[number]].end_ms <= left_ms:
                places[number] += 1
            if places[number] < len(parts) and parts[places[number]].start_ms <= left_ms:
                kinds.add(parts[places[number]].kind)
        kind = next(one for one in _WORST_FIRST if one in kinds)
        if found and found.kind is kind:
            found = replace(found, end_ms=right_ms)
            continue
        if found:
            yield found
        found = Part(left_ms, right_ms, kind)
    if found:
        yield found


def _between(parts: Sequence[Part], start_ms: int, end_ms: int) -> Iterator[Part]:
    for part in parts:
        left_ms, right_ms = max(part.start_ms, start_ms), min(part.end_ms, end_ms)
        if right_ms > left_ms:
            yield Part(left_ms, right_ms, part.kind)


def _segment(record: dict[str, Any]) -> Segment:
    return Segment(**{**record, "words": tuple(Word(**one) for one in record["words"])})
