"""Subtitles that were edited elsewhere, put back onto the words that were heard."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise

from desktop.core.i18n import mark
from desktop.core.names import clock
from desktop.core.reading.notes import Notes
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word, pieces, realigned, spread

KEPT = mark("Doubtful text at {detail} was kept: a cue reaches over it that says something else.")
REPLACED = mark("Doubtful text at {detail} gave way to the cue in its place.")

_SMALL, _LARGE = 2_000, 1_000_000
"""Two stretches are compared in every way if the product of their lengths is no larger: it takes that many steps.
The second holds where nothing is found that parts them."""
_RUNS = (4, 2, 1)
"""How many words in a row, found once in both, are taken for the same place."""
_PARTS, _LEAST = 32, 20
"""Into how many parts a stretch is cut by time, and the least words of one."""

# What turns one text into the other: another word in place of one costs less than one taken away and one put in, so
# that words around a replaced one are never mistaken for their equals beside them.
_RESPELLED, _REPLACED, _MOVED = 1, 4, 3


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word, and which segment it was heard in."""

    word: Word
    segment: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is compared: a word between spaces, or a letter of a script without spaces."""

    text: str
    at_ms: int

    @property
    def key(self) -> str:
        """The same for words that differ in case or punctuation alone."""
        return _plain(self.text)


@dataclass(frozen=True, slots=True)
class _Group:
    """Some words, and how many pieces they are: Whisper hears “well” and “-known” as two words, and several letters of
    Chinese as one."""

    word: int
    word_end: int
    pieces: int


def onto(transcript: Transcript, imported: Transcript, notes: Notes) -> list[Segment]:
    """The imported cues with the words of the transcript: pinned segments, their lines and times as they were imported.

    Words that are in both keep their times to the millisecond, also where case or punctuation differ; others share the
    place of those that they replace. Speakers, languages and figures are those of the words. Doubtful text that is not
    among the cues stays: subtitles are usually written without it, so nobody has seen it.
    """
    heard = [_Heard(word, at) for at, segment in enumerate(transcript.segments) for word in _words_of(segment)]
    matching = _Matching(heard, imported.segments)
    if unseen := set(_unseen(transcript, imported.segments, matching, notes)):
        # Once more without its words: they are in no cue, so that nothing of them shall be taken for one.
        matching = _Matching([one for one in heard if one.segment not in unseen], imported.segments)
    found = [_segment(cue, words, base) for cue, words, base in matching.cues(transcript)]
    return sorted([*found, *(transcript.segments[at] for at in sorted(unseen))], key=lambda one: one.start_ms)


def _words_of(segment: Segment) -> tuple[Word, ...]:
    if segment.words and not segment.is_edited:
        return segment.words
    return realigned(segment.words, segment.text, segment.start_ms, segment.end_ms)


def _segment(cue: Segment, words: Sequence[Word], base: Segment | None) -> Segment:
    """A cue as a segment like the one that most of its words were heard in."""
    if base is None:
        return replace(cue, is_pinned=True)
    return replace(
        base,
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
        text=cue.text,
        words=tuple(words),
        speaker=cue.speaker or base.speaker,
        suspect=base.suspect if cue.text.split() == base.text.split() else "",
        is_pinned=True,
    )


def _unseen(transcript: Transcript, cues: Sequence[Segment], matching: _Matching, notes: Notes) -> Iterator[int]:
    """The places of doubtful segments that are not among the cues; notes what became of those that a cue reaches over.

    Such a one is among them if half of its words stand in these cues, or if one of them holds nothing else that was
    heard: then its text was written in the place of this one.
    """
    order = sorted(range(len(cues)), key=lambda at: cues[at].start_ms)
    starts = [cues[at].start_ms for at in order]
    latest = list(accumulate((cues[at].end_ms for at in order), max))
    said = matching.said()
    for at, segment in enumerate(transcript.segments):
        if not segment.suspect:
            continue
        before = bisect_left(starts, max(segment.end_ms, segment.start_ms + 1))
        over: list[int] = []
        while before and latest[before - 1] > segment.start_ms:
            before -= 1
            if cues[order[before]].end_ms > segment.start_ms:
                over.append(order[before])
        found = sum(said[cue][at] for cue in over)
        is_replaced = any(said[cue].keys() <= {at} for cue in over)
        if is_replaced and not found:
            notes.add(0, REPLACED, clock(segment.start_ms))
        elif not is_replaced and 2 * found < len(_words_of(segment)):
            if over:
                notes.add(0, KEPT, clock(segment.start_ms))
            yield at


class _Matching:
    """Which words that were heard stand in which cue."""

    def __init__(self, heard: Sequence[_Heard], cues: Sequence[Segment]) -> None:
        self._heard = heard
        self._cues = cues
        self._groups: dict[int, _Group] = {}
        """By their first piece."""
        before = list(self._heard_pieces())
        parts = [pieces(cue.text) for cue in cues]
        self._after = [_Piece(text, cue.start_ms) for cue, texts in zip(cues, parts, strict=True) for text in texts]
        self._edges = list(pairwise(accumulate(map(len, parts), initial=0)))
        self._place_of = {place: old for old, place in _aligned(before, self._after)}
        self._kept = [self._kept_in(begin, end) for begin, end in self._edges]

    def said(self) -> list[Counter[int]]:
        """How many words of which segment stand in each cue."""
        return [
            Counter(self._heard[at].segment for group in groups.values() for at in range(group.word, group.word_end))
            for groups in self._kept
        ]

    def cues(self, transcript: Transcript) -> Iterator[tuple[Segment, list[Word], Segment | None]]:
        """Each cue with its words, and the segment that most of those that it replaces were heard in."""
        for at, (first, last) in enumerate(self._ranges()):
            segments = Counter(one.segment for one in self._heard[first:last]).most_common(1)
            base = transcript.segments[segments[0][0]] if segments else None
            yield self._cues[at], self._words(at, first, last), base

    def _heard_pieces(self) -> Iterator[_Piece]:
        """The pieces of all segments; notes on the way how they go together with words."""
        word = piece = 0
        while word < len(self._heard):
            end = word
            while end < len(self._heard) and self._heard[end].segment == self._heard[word].segment:
                end += 1
            texts = [one.word.text for one in self._heard[word:end]]
            ends = {length: word + number for number, length in enumerate(accumulate(map(len, texts)), 1)}
            begin, length = piece, 0
            for text in pieces("".join(texts)):
                length += len(text)
                yield _Piece(text, self._heard[word].word.start_ms)
                piece += 1
                if length in ends:
                    self._groups[begin] = _Group(word, ends[length], piece - begin)
                    word, begin = ends[length], piece
            word = end

    def _kept_in(self, begin: int, end: int) -> dict[int, _Group]:
        """The groups that stand whole in a cue, by the piece of it that they begin with."""
        kept = {}
        for at in range(begin, end):
            place = self._place_of.get(at, -1)
            group = self._groups.get(place)
            if group and at + group.pieces <= end:
                steps = range(1, group.pieces)
                if all(self._place_of.get(at + step) == place + step for step in steps):
                    kept[at] = group
        return kept

    def _ranges(self) -> list[tuple[int, int]]:
        """The words of each cue: those found in it, and of those between two cues the ones nearer in time."""
        first_after = [min((one.word for one in groups.values()), default=len(self._heard)) for groups in self._kept]
        first_after = [*accumulate(reversed(first_after), min)][::-1]
        last_of = (max((one.word_end for one in groups.values()), default=0) for groups in self._kept)
        middles = [one.word.start_ms + one.word.end_ms for one in self._heard]
        edges = [0]
        for (cue, following), last, most in zip(
            pairwise(self._cues), accumulate(last_of, max), first_after[1:], strict=False
        ):
            least = max(edges[-1], last)
            edges.append(bisect_left(middles, cue.end_ms + following.start_ms, least, max(least, most)))
        return list(pairwise([*edges, len(self._heard)])) if self._cues else []

    def _words(self, number: int, first: int, last: int) -> list[Word]:
        """The words of a cue, whose words that were heard lie in a range: kept ones, and what stands between them."""
        cue, kept, (at, end) = self._cues[number], self._kept[number], self._edges[number]
        if first == last:
            return list(cue.words)
        found: list[Word] = []
        while at < end:
            if group := kept.get(at):
                found += self._said_as(group, "".join(one.text for one in self._after[at : at + group.pieces]))
                at, first = at + group.pieces, group.word_end
                continue
            stop = next((place for place in range(at, end) if place in kept), end)
            following = kept[stop].word if stop in kept else last
            if replaced := [one.word for one in self._heard[first:following]]:
                left_ms, right_ms = replaced[0].start_ms, replaced[-1].end_ms
            else:
                left_ms = found[-1].end_ms if found else cue.start_ms
                right_ms = self._heard[following].word.start_ms if stop in kept else cue.end_ms
            found += spread([one.text for one in self._after[at:stop]], left_ms, right_ms)
            at, first = stop, following
        return found

    def _said_as(self, group: _Group, text: str) -> Sequence[Word]:
        words = [one.word for one in self._heard[group.word : group.word_end]]
        if len(words) == 1:
            is_first = words[0].text[:1].isspace() and not text[:1].isspace()
            return [replace(words[0], text=f" {text}" if is_first else text)]
        return realigned(words, text, words[0].start_ms, words[-1].end_ms)


@lru_cache(100_000)
def _plain(text: str) -> str:
    plain = "".join(one for one in text.casefold() if unicodedata.category(one)[0] in "LNMS")
    return plain or text.strip()


def _aligned(left: Sequence[_Piece], right: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Places of pieces that are the same in both, in no order.

    Takes about linear time: only what lies between runs of words that are found once in both, or else between the same
    two times, is compared in every way.
    """
    waiting = [(0, len(left), 0, len(right))]
    while waiting:
        left_at, left_end, right_at, right_end = waiting.pop()
        while left_at < left_end and right_at < right_end and left[left_at].key == right[right_at].key:
            yield left_at, right_at
            left_at, right_at = left_at + 1, right_at + 1
        while left_at < left_end and right_at < right_end and left[left_end - 1].key == right[right_end - 1].key:
            left_end, right_end = left_end - 1, right_end - 1
            yield left_end, right_end
        mine, others = left[left_at:left_end], right[right_at:right_end]
        steps = len(mine) * len(others)
        anchors = _parting(mine, others) if steps > _SMALL else []
        if anchors:
            edges = pairwise([(0, 0), *anchors, (len(mine), len(others))])
            waiting += [
                (left_at + one, left_at + two, right_at + three, right_at + four)
                for (one, three), (two, four) in edges
                if two > one and four > three
            ]
        elif 0 < steps <= _LARGE:
            yield from ((left_at + one, right_at + other) for one, other in _compared(mine, others))


def _compared(left: Sequence[_Piece], right: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Places of what is the same, where one text becomes the other at the least cost."""
    mine, others = [(one.key, one.text.strip()) for one in left], [(one.key, one.text.strip()) for one in right]
    costs = [[_MOVED * number for number in range(len(others) + 1)]]
    for key, text in mine:
        above = costs[-1]
        row = [above[0] + _MOVED]
        for number, (other_key, other_text) in enumerate(others):
            changed = _REPLACED if key != other_key else _RESPELLED if text != other_text else 0
            row.append(min(above[number] + changed, above[number + 1] + _MOVED, row[number] + _MOVED))
        costs.append(row)
    one, other = len(mine), len(others)
    while one and other:
        key, text = mine[one - 1]
        other_key, other_text = others[other - 1]
        changed = _REPLACED if key != other_key else _RESPELLED if text != other_text else 0
        if costs[one][other] == costs[one - 1][other - 1] + changed:
            one, other = one - 1, other - 1
            if changed != _REPLACED:
                yield one, other
        elif costs[one][other] == costs[one - 1][other] + _MOVED:
            one -= 1
        else:
            other -= 1


def _parting(left: Sequence[_Piece], right: Sequence[_Piece]) -> list[tuple[int, int]]:
    """Places that belong together, by the longest runs that there are, else by time."""
    return next(filter(None, (_anchors(left, right, run) for run in _RUNS)), None) or _same_time(left, right)


def _anchors(left: Sequence[_Piece], right: Sequence[_Piece], run: int) -> list[tuple[int, int]]:
    """Where runs of words begin that are found once in both, as many of them as are in the same order."""
    mine, others = _once(left, run), _once(right, run)
    pairs = [(at, others[words]) for words, at in mine.items() if words in others]
    return _increasing(pairs)


def _once(some: Sequence[_Piece], run: int) -> dict[tuple[str, ...], int]:
    keys = [one.key for one in some]
    runs = list(zip(*(keys[step:] for step in range(run)), strict=False))
    count = Counter(runs)
    return {words: at for at, words in enumerate(runs) if count[words] == 1}


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs, sorted by their first, whose second grows too (patience sorting)."""
    tops: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        before.append(chain[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [other]
        chain[pile : pile + 1] = [number]
    found = []
    number = chain[-1] if chain else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _same_time(left: Sequence[_Piece], right: Sequence[_Piece]) -> list[tuple[int, int]]:
    """Some places where both are at the same time, where cues begin; none where the times part neither."""
    found = [(0, 0)]
    for near in range(0, len(left), max(_LEAST, len(left) // _PARTS)):
        other = bisect_left(right, left[near].at_ms, key=lambda one: one.at_ms)
        if found[-1][1] < other < len(right):
            mine = bisect_left(left, right[other].at_ms, key=lambda one: one.at_ms)
            if found[-1][0] < mine < len(left):
                found.append((mine, other))
    return found[1:]
