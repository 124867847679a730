"""What a person has changed in a transcript, word by word, beside what was heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property

from desktop.core import editing
from desktop.core.document import Edit
from desktop.core.i18n import mark
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import pieces

_MANY_WORDS = 2_000
"""In a stretch of more words the frequent ones are not matched by themselves: that would take minutes."""


class How(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Change(StrEnum):
    """What differs between what was heard and what is there."""

    TEXT = "text"
    SPEAKER = "speaker"
    TIMES = "times"
    LINES = "lines"
    """Only the breaks between lines."""
    CUTS = "cuts"
    """Split, merged, or cut elsewhere."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that share one fate."""

    text: str
    how: How


@dataclass(frozen=True)
class Difference:
    """A stretch of sound whose segments are not those that were heard. Either side may be empty."""

    before: tuple[Segment, ...]
    after: tuple[Segment, ...]
    positions: tuple[int, ...]
    """Where those of `after` stand in the present transcript."""

    @property
    def start_ms(self) -> int:
        """When it begins."""
        return min(one.start_ms for one in (*self.before, *self.after))

    @property
    def end_ms(self) -> int:
        """When it ends."""
        return max(one.end_ms for one in (*self.before, *self.after))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Both texts in one: words that are gone stand before those that came in their place."""
        return tuple(_pieces(_text(self.before), _text(self.after)))

    @property
    def before_pieces(self) -> tuple[Piece, ...]:
        """The text that was heard."""
        return tuple(piece for piece in self.pieces if piece.how is not How.NEW)

    @property
    def after_pieces(self) -> tuple[Piece, ...]:
        """The text that is there."""
        return tuple(piece for piece in self.pieces if piece.how is not How.GONE)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs, the most important first; never empty."""
        old, new = self.before, self.after
        is_text = any(piece.how is not How.SAME for piece in self.pieces)
        both = bool(old and new)
        return tuple(
            change
            for change, holds in (
                (Change.TEXT, is_text or not both),
                (Change.SPEAKER, both and {one.speaker for one in old} != {one.speaker for one in new}),
                (Change.CUTS, both and (len(old), len(new)) != (1, 1)),
                (Change.TIMES, both and (old[0].start_ms, old[-1].end_ms) != (new[0].start_ms, new[-1].end_ms)),
                (Change.LINES, both and not is_text and len(old) == len(new) == 1 and old[0].text != new[0].text),
            )
            if holds
        ) or (Change.CUTS,)


def compared(original: Transcript, current: Transcript) -> list[Difference]:
    """Every difference in the order of time. Segments that are as they were cost next to nothing."""
    old, new = _left_over(original.segments, current.segments)
    found, old, new = _paired(old, new)
    for olds, news in _linked([one for _at, one in old], [one for _at, one in new]):
        before, after = tuple(old[at][1] for at in olds), tuple(new[at][1] for at in news)
        found.append(Difference(before, after, tuple(new[at][0] for at in news)))
    return sorted(found, key=lambda one: (one.start_ms, one.end_ms))


def put_back(original: Transcript, current: Transcript, difference: Difference) -> Edit:
    """The step that makes this stretch what was heard again."""
    if difference.positions:
        return editing.reverted(current, original, difference.positions[0])
    start_ms, end_ms = difference.start_ms, difference.end_ms
    sharing = (
        at for at, one in enumerate(current.segments) if _overlap_ms(one.start_ms, one.end_ms, start_ms, end_ms) > 0
    )
    if (at := next(sharing, None)) is not None:
        return editing.reverted(current, original, at)
    at = editing.position_at(current, start_ms)
    return editing.replaced(current, at, at - 1, difference.before, mark("Revert"))


_Numbered = list[tuple[int, Segment]]


def _left_over(old: Sequence[Segment], new: Sequence[Segment]) -> tuple[_Numbered, _Numbered]:
    """The segments that have no equal on the other side, with their positions."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] is not new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] is not new[-1 - at]), most - head)
    olds = [(at, old[at]) for at in range(head, len(old) - tail)]
    news = [(at, new[at]) for at in range(head, len(new) - tail)]
    both = Counter(_key(one) for _at, one in olds) & Counter(_key(one) for _at, one in news)
    return list(_without(olds, both)), list(_without(news, both))


def _without(numbered: _Numbered, keys: Counter[object]) -> Iterator[tuple[int, Segment]]:
    left = Counter(keys)
    for at, one in numbered:
        key = _key(one)
        if left[key]:
            left[key] -= 1
        else:
            yield at, one


def _key(one: Segment) -> object:
    return one.start_ms, one.end_ms, one.text, one.speaker


def _paired(old: _Numbered, new: _Numbered) -> tuple[list[Difference], _Numbered, _Numbered]:
    """Those that kept their place in the sound, which are nearly all, and the rest of both sides."""
    places = {(one.start_ms, one.end_ms): (at, one) for at, one in old}
    found, rest = list[Difference](), list[tuple[int, Segment]]()
    for at, one in new:
        mate = places.pop((one.start_ms, one.end_ms), None)
        if mate:
            found.append(Difference((mate[1],), (one,), (at,)))
        else:
            rest.append((at, one))
    taken = {id(one.before[0]) for one in found}
    return found, [(at, one) for at, one in old if id(one) not in taken], rest


def _linked(old: Sequence[Segment], new: Sequence[Segment]) -> list[tuple[list[int], list[int]]]:
    """Those that are about the same sound, as positions; the rest stands alone.

    Sharing half of the shorter one counts. Less is a neighbour that was stretched a little, and would chain everything.
    """
    group_of: dict[tuple[bool, int], tuple[list[int], list[int]]] = {}
    for side, ones in ((False, old), (True, new)):
        for at in range(len(ones)):
            group_of[side, at] = ([], [at]) if side else ([at], [])
    first = 0
    for at, one in enumerate(new):
        while first < len(old) and old[first].end_ms <= one.start_ms:
            first += 1
        for other in range(first, len(old)):
            if old[other].start_ms >= one.end_ms:
                break
            if _is_same_sound(old[other], one):
                _unite(group_of, (False, other), (True, at))
    groups = {id(group): group for group in group_of.values()}
    return [(sorted(olds), sorted(news)) for olds, news in groups.values()]


def _unite(
    group_of: dict[tuple[bool, int], tuple[list[int], list[int]]], one: tuple[bool, int], other: tuple[bool, int]
) -> None:
    kept, taken = group_of[one], group_of[other]
    if kept is taken:
        return
    if sum(map(len, kept)) < sum(map(len, taken)):
        kept, taken = taken, kept
    kept[0].extend(taken[0])
    kept[1].extend(taken[1])
    for at in taken[0]:
        group_of[False, at] = kept
    for at in taken[1]:
        group_of[True, at] = kept


def _is_same_sound(one: Segment, other: Segment) -> bool:
    shorter_ms = min(one.end_ms - one.start_ms, other.end_ms - other.start_ms)
    return 2 * _overlap_ms(one.start_ms, one.end_ms, other.start_ms, other.end_ms) > shorter_ms


def _overlap_ms(start_ms: int, end_ms: int, other_start_ms: int, other_end_ms: int) -> int:
    return min(end_ms, other_end_ms) - max(start_ms, other_start_ms)


def _text(segments: Sequence[Segment]) -> str:
    return editing.joined(segments).text.strip() if segments else ""


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = pieces(before), pieces(after)
    old_keys, new_keys = [one.strip() for one in old], [one.strip() for one in new]
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old_keys[at] != new_keys[at]), most)
    tail = next((at for at in range(most - head) if old_keys[-1 - at] != new_keys[-1 - at]), most - head)
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield Piece("".join(new[:head]), How.SAME)
    many = max(old_end, new_end) - head > _MANY_WORDS
    matcher = SequenceMatcher(None, old_keys[head:old_end], new_keys[head:new_end], autojunk=many)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("".join(new[head + new_from : head + new_to]), How.SAME)
            continue
        if old_to > old_from:
            yield Piece("".join(old[head + old_from : head + old_to]), How.GONE)
        if new_to > new_from:
            yield Piece("".join(new[head + new_from : head + new_to]), How.NEW)
    if tail:
        yield Piece("".join(new[new_end:]), How.SAME)
