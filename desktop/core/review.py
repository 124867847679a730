"""The words that the engine doubted: which they are, the way of a person through them, and how they are settled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core import doubts, editing
from desktop.core.coverage import Kind
from desktop.core.document import Edit, Splice
from desktop.core.i18n import _, mark
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import SURE, Word, pieces, spread

WHOLE = -1
"""In place of a word: all of the segment."""

THRESHOLD = 0.5
"""Words below it are doubted. With the demo model on 25 minutes of hard speech three in four of them were wrong, and
they held half of all errors; at 0.7 two in three of twice as many."""

BESIDE_MISSING = "beside-missing"
NEAR_MS = 1000
"""So far from speech without text a word may be cut off or misheard because of it."""


class Order(StrEnum):
    """Which doubt comes first."""

    TIME = "time"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that may not be what was said, or, where `word` is `WHOLE`, a segment."""

    segment: int
    word: int
    start_ms: int
    end_ms: int
    text: str
    probability: float
    reason: str
    """A code of `core.doubts`, or `BESIDE_MISSING`."""

    @property
    def said(self) -> str:
        """Why it is doubted, in one sentence."""
        if self.word == WHOLE:
            return doubts.said(self.reason)
        percent = _("The engine was {percent} % sure").format(percent=round(100 * self.probability))
        return _("Beside speech without text") if self.reason == BESIDE_MISSING else percent

    @property
    def identity(self) -> tuple[int, int, str, bool]:
        """What stays the same when other segments come and go."""
        return self.start_ms, self.end_ms, self.text, self.word == WHOLE


def doubted(transcript: Transcript, threshold: float = THRESHOLD, beside_missing: bool = False) -> list[Doubt]:
    """All doubts in the order of time. A person's words are never doubted; a doubtful segment is one doubt."""
    near = _near_missing(transcript) if beside_missing else {}
    found = []
    for at, segment in enumerate(transcript.segments):
        if segment.suspect:
            text = segment.text.strip()
            found.append(Doubt(at, WHOLE, segment.start_ms, segment.end_ms, text, 0.0, segment.suspect))
            continue
        unsure = [number for number, word in enumerate(segment.words) if word.probability < threshold]
        wanted = sorted({*unsure, *near.get(at, ())})
        if wanted and _has_its_words(segment):
            found += [
                _doubt(at, number, segment.words[number], number in unsure)
                for number in wanted
                if any(map(str.isalnum, segment.words[number].text))
            ]
    return found


def span(segment: Segment, word: int) -> tuple[int, int]:
    """Where a word stands in the text of its segment, without the spaces around it."""
    text = segment.text
    if word == WHOLE:
        return len(text) - len(text.lstrip()), len(text.rstrip())
    *_before, last = _spans(text, segment.words[: word + 1])
    return last


def accepted(transcript: Transcript, doubt: Doubt) -> Edit:
    """The text is right as it is; a person's word from here on."""
    segment = transcript.segments[doubt.segment]
    chosen = range(len(segment.words)) if doubt.word == WHOLE else (doubt.word,)
    words = tuple(
        replace(word, probability=SURE) if number in chosen else word for number, word in enumerate(segment.words)
    )
    right = replace(segment.kept() if doubt.word == WHOLE else segment, words=words)
    return Edit(mark("Accept word"), (Splice(doubt.segment, (segment,), (right,)),))


def corrected(transcript: Transcript, doubt: Doubt, text: str) -> Edit:
    """What a person typed in place of the doubt: the same accepts it, nothing takes it away."""
    segment, text = transcript.segments[doubt.segment], " ".join(text.split())
    start, end = span(segment, doubt.word)
    if text == " ".join(segment.text[start:end].split()):
        return accepted(transcript, doubt)
    left, right = segment.text[:start], segment.text[end:]
    if not text:  # one of the two spaces around it goes, too
        left, right = (left, right.lstrip()) if not left.strip() else (left.rstrip(), right)
    if not (left + text + right).strip():
        return editing.deleted(transcript, [doubt.segment])
    if doubt.word == WHOLE:
        new = segment.reworded(left + text + right)
        words = tuple(replace(word, probability=SURE) for word in new.words)
    else:  # known to the word, so that a neighbour that sounds the same is not taken for it
        words = _with_word(segment.words, doubt.word, text)
        new = replace(segment, text=left + text + right)
    return Edit(mark("Correct word"), (Splice(doubt.segment, (segment,), (replace(new, words=words),)),))


@dataclass(frozen=True, slots=True)
class Walk:
    """A person on the way through the doubts: which are left, where the person stands, and how many there were."""

    doubts: tuple[Doubt, ...]
    order: Order
    at: int
    total: int

    @staticmethod
    def of(found: Sequence[Doubt], order: Order = Order.TIME, from_ms: int = 0) -> Walk:
        """All of them ahead; the first is the one at this time or later."""
        ordered = tuple(sorted(found, key=_keys[order]))
        at = next((at for at, one in enumerate(ordered) if one.start_ms >= from_ms), 0) if order is Order.TIME else 0
        return Walk(ordered, order, at, len(ordered))

    @property
    def current(self) -> Doubt | None:
        """The one to settle; none if all are."""
        return self.doubts[self.at] if self.doubts else None

    def moved(self, by: int) -> Walk:
        """At another one, round the end."""
        return replace(self, at=(self.at + by) % len(self.doubts)) if self.doubts else self

    def ordered(self, order: Order) -> Walk:
        """The same ones in another order, at the same place."""
        doubts_now = tuple(sorted(self.doubts, key=_keys[order]))
        return replace(self, doubts=doubts_now, order=order, at=doubts_now.index(self.current) if self.current else 0)

    def renewed(self, found: Sequence[Doubt]) -> Walk:
        """After the text has changed: at the same doubt; if that is settled, at the one that follows it."""
        ordered = tuple(sorted(found, key=_keys[self.order]))
        return Walk(ordered, self.order, self._place_in(ordered), max(self.total, len(ordered)))

    def grown(self, found: Sequence[Doubt]) -> Walk:
        """After more has been heard: there are more to settle, and none has been."""
        settled = self.total - len(self.doubts)
        return replace(self.renewed(found), total=settled + len(found))

    def at_the_new(self, before: Walk) -> Walk:
        """At the first doubt that was not there before, if any: undoing leads back to what it brings back."""
        known = {one.identity for one in before.doubts}
        return next((replace(self, at=at) for at, one in enumerate(self.doubts) if one.identity not in known), self)

    def _place_in(self, ordered: Sequence[Doubt]) -> int:
        current = self.current
        if current is None or not ordered:
            return 0
        same = [at for at, one in enumerate(ordered) if one.identity == current.identity]
        if same:
            return min(same, key=lambda at: abs(ordered[at].segment - current.segment))
        return bisect_left(ordered, _keys[self.order](current), key=_keys[self.order]) % len(ordered)


def _has_its_words(segment: Segment) -> bool:
    """Whether the words are those of the text; nearly always to the letter, which is quick to see."""
    return "".join(word.text for word in segment.words) == segment.text or not segment.is_edited


def _doubt(at: int, number: int, word: Word, is_unsure: bool) -> Doubt:
    reason = doubts.UNSURE if is_unsure else BESIDE_MISSING
    return Doubt(at, number, word.start_ms, word.end_ms, word.text.strip(), word.probability, reason)


def _near_missing(transcript: Transcript) -> dict[int, set[int]]:
    """The words next to speech without text, by segment. A person's are not among them."""
    near: dict[int, set[int]] = {}
    for part in transcript.coverage.parts:
        if part.kind is not Kind.MISSING:
            continue
        after = editing.position_at(transcript, (part.start_ms + part.end_ms) // 2)
        for at, number in ((after - 1, -1), (after, 0)):
            if 0 <= at < len(transcript.segments) and (words := transcript.segments[at].words):
                word = words[number]
                apart_ms = max(part.start_ms - word.end_ms, word.start_ms - part.end_ms)
                if apart_ms <= NEAR_MS and word.probability < SURE:
                    near.setdefault(at, set()).add(number % len(words))
    return near


def _with_word(words: Sequence[Word], number: int, text: str) -> tuple[Word, ...]:
    """The words with what was typed in place of one of them."""
    old, after = words[number], words[number + 1 :]
    space = old.text[: len(old.text) - len(old.text.lstrip())]
    new = spread(pieces(space + text), old.start_ms, old.end_ms) if text else []
    if after and not text and not number:
        after = (replace(after[0], text=after[0].text.lstrip()), *after[1:])
    return (*words[:number], *new, *after)


def _spans(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    at = 0
    for word in words:
        plain = word.text.strip()
        start = max(at, text.find(plain, at))
        at = min(start + len(plain), len(text))
        yield start, at


def _by_time(doubt: Doubt) -> tuple[float, int, int]:
    return doubt.start_ms, doubt.segment, doubt.word


def _by_doubt(doubt: Doubt) -> tuple[float, int, int]:
    return doubt.probability, doubt.segment, doubt.word


_keys = {Order.TIME: _by_time, Order.DOUBT: _by_doubt}
