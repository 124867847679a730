"""The map of a file: which of its speech has text, which text has no speech, and where nothing is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Protocol

from desktop.core.i18n import _, _n

Span = tuple[int, int]
"""Start and end in milliseconds."""

REACH_MS = 500
"""How far from a segment speech still counts as its own: detection and word times differ by some tenths."""
SHORTEST_GAP_MS = 1000
"""Speech without text is worth a look from this length on; a breath or a click is shorter."""

LEAST_SEEN_MS = 100


class Kind(StrEnum):
    """What a part of the sound is."""

    SILENCE = "silence"
    TEXT = "text"
    MISSING = "missing"  # speech without text
    SUSPECT = "suspect"  # text that may not be what was said


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the sound that is all of one kind."""

    start_ms: int
    end_ms: int
    kind: Kind

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


class _Said(Protocol):
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def suspect(self) -> str: ...


@dataclass(frozen=True)
class Coverage:
    """All parts from the start of the sound to where it has been heard, without gaps, in order.

    Neighbours are never of one kind.
    """

    parts: tuple[Part, ...] = ()

    @cached_property
    def speech_ms(self) -> int:
        """How much speech there is, with text or without."""
        return sum(part.length_ms for part in self.parts if part.kind in (Kind.TEXT, Kind.MISSING))

    @cached_property
    def text_ms(self) -> int:
        """How much of the speech has text."""
        return sum(part.length_ms for part in self.parts if part.kind is Kind.TEXT)

    @property
    def fraction(self) -> float:
        """How much of the speech has text, 0 to 1; 1 where there is no speech."""
        return self.text_ms / self.speech_ms if self.speech_ms else 1.0

    @cached_property
    def to_check(self) -> tuple[Part, ...]:
        """The places that deserve a look: speech without text, text that is suspect."""
        return tuple(part for part in self.parts if part.kind in (Kind.MISSING, Kind.SUSPECT))

    @property
    def said(self) -> str:
        """How complete the text is, in one sentence; empty as long as nothing was heard."""
        if not self.parts:
            return ""
        if not self.speech_ms and not self.to_check:
            return _("No speech was heard")
        # Rounded down, in whole numbers: what is not complete never reads "100 %".
        percent = f"{1000 * self.text_ms // max(1, self.speech_ms) / 10:.1f}"
        share = _("{percent} % of the speech has text").format(percent=percent)
        if not self.speech_ms:
            return self.said_to_check
        share = share if self.text_ms < self.speech_ms else _("All speech has text")
        return f"{share}  ·  {self.said_to_check}" if self.to_check else share

    @property
    def said_to_check(self) -> str:
        """How many places deserve a look; empty when there are none."""
        count = len(self.to_check)
        return _n("{count} place to check", "{count} places to check", count) if count else ""

    def changed(self, start_ms: int, end_ms: int, before: Kind, after: Kind) -> Coverage:
        """The map with another kind for those parts between two times that are of the kind `before`."""
        cut: list[Part] = []
        for part in self.parts:
            start, end = max(part.start_ms, start_ms), min(part.end_ms, end_ms)
            if part.kind is not before or end <= start:
                cut.append(part)
                continue
            pieces = ((part.start_ms, start, before), (start, end, after), (end, part.end_ms, before))
            cut += [Part(left, right, kind) for left, right, kind in pieces if right > left]
        return Coverage(tuple(_merged(cut)))

    def joined(self, parts: Sequence[Part]) -> Coverage:
        """The map with what follows its end."""
        return Coverage(tuple(_merged(parts, self.parts)))


def parts_of(speech: Sequence[Span], said: Iterable[_Said], start_ms: int, end_ms: int) -> list[Part]:
    """The parts between two times. `speech` is what the speech detector heard, in order and apart from each other."""
    said = list(said)
    suspects = _united(seen(one.start_ms, one.end_ms) for one in said if one.suspect)
    sure = _united((one.start_ms, one.end_ms) for one in said if not one.suspect)
    reached = _united((start - REACH_MS, end + REACH_MS) for start, end in sure)
    unheard = _without(_without(speech, reached), suspects)
    missing = [gap for gap in unheard if gap[1] - gap[0] >= SHORTEST_GAP_MS]
    # What a person found right is text, also where the detector heard nothing.
    voiced = _united([*speech, *(span for span in sure if not _common([span], speech))])
    text = _without(_without(voiced, suspects), missing)
    marks = [
        *((start, end, Kind.TEXT) for start, end in text),
        *((start, end, Kind.MISSING) for start, end in missing),
        *((start, end, Kind.SUSPECT) for start, end in suspects),
    ]
    return list(_filled(sorted(marks), start_ms, end_ms))


def checked(heard: Coverage, original: Iterable[_Said], now: Iterable[_Said]) -> Coverage:
    """The map after a person has worked on the text: kept or reworded text is no longer suspect, text that was put
    where there was speech without it counts, and suspect text that was taken away is silence."""
    if original is now:
        return heard
    doubted = {(one.start_ms, one.end_ms) for one in now if one.suspect}
    settled = [one for one in original if one.suspect and (one.start_ms, one.end_ms) not in doubted]
    missing = [(part.start_ms, part.end_ms) for part in heard.parts if part.kind is Kind.MISSING]
    if not settled and not missing:
        return heard
    said = _united((one.start_ms, one.end_ms) for one in now if not one.suspect)
    coverage = heard
    for one in settled:
        start_ms, end_ms = seen(one.start_ms, one.end_ms)
        is_there = bool(_common([(start_ms, end_ms)], said))
        coverage = coverage.changed(start_ms, end_ms, Kind.SUSPECT, Kind.TEXT if is_there else Kind.SILENCE)
    heard_at = {(one.start_ms, one.end_ms) for one in original}
    added = _united((one.start_ms, one.end_ms) for one in now if (one.start_ms, one.end_ms) not in heard_at)
    for start_ms, end_ms in _common(missing, added):
        coverage = coverage.changed(start_ms, end_ms, Kind.MISSING, Kind.TEXT)
    return coverage


def seen(start_ms: int, end_ms: int) -> Span:
    """What a suspect text takes of the map: one made up at the edge of speech has no length, but is to be seen."""
    margin_ms = max(0, LEAST_SEEN_MS - (end_ms - start_ms) + 1) // 2
    return start_ms - margin_ms, end_ms + margin_ms


def _filled(marks: Iterable[tuple[int, int, Kind]], start_ms: int, end_ms: int) -> Iterator[Part]:
    at_ms = start_ms
    for marked_ms, until_ms, kind in marks:
        left_ms, right_ms = max(marked_ms, at_ms), min(until_ms, end_ms)
        if right_ms > left_ms:
            if left_ms > at_ms:
                yield Part(at_ms, left_ms, Kind.SILENCE)
            yield Part(left_ms, right_ms, kind)
            at_ms = right_ms
    if end_ms > at_ms:
        yield Part(at_ms, end_ms, Kind.SILENCE)


def _merged(parts: Iterable[Part], before: Sequence[Part] = ()) -> list[Part]:
    merged: list[Part] = list(before)
    for part in parts:
        if merged and merged[-1].kind is part.kind and merged[-1].end_ms == part.start_ms:
            merged[-1] = Part(merged[-1].start_ms, part.end_ms, part.kind)
        else:
            merged.append(part)
    return merged


def _united(spans: Iterable[Span]) -> list[Span]:
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        elif end > start:
            united.append((start, end))
    return united


def _common(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """What is in both; each in order and without overlaps."""
    common: list[Span] = []
    at = 0
    for start, end in left:
        while at < len(right) and right[at][1] <= start:
            at += 1
        for other in islice(right, at, None):
            if other[0] >= end:
                break
            common.append((max(start, other[0]), min(end, other[1])))
    return common


def _without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is in `spans` but not in `taken`."""
    rest: list[Span] = []
    for start, end in spans:
        at = start
        for left, right in _common([(start, end)], taken):
            if left > at:
                rest.append((at, left))
            at = right
        if at < end:
            rest.append((at, end))
    return rest
