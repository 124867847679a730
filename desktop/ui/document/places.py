"""Where the words of a segment stand in its text, and how places in a text move when it is changed.

A place in a text is counted in letters, as Python does it. Qt counts UTF-16 units, in which an emoji takes two.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop.core.transcript import Segment
from desktop.core.words import Word

LINE_SEPARATOR = "\u2028"
"""Breaks a line inside a paragraph of Qt; `\\n` would begin another one."""

_SHOWN = str.maketrans({"\n": LINE_SEPARATOR, "\r": LINE_SEPARATOR, "\u2029": LINE_SEPARATOR, "\x00": " "})


@dataclass(frozen=True, slots=True)
class Spot:
    """A word, and from where to where it stands in the text of its segment, without the space before it."""

    word: Word
    start: int
    end: int


@lru_cache(maxsize=2048)
def spots(segment: Segment) -> tuple[Spot, ...]:
    """Every word of a segment that can be found in its text, in order; where nobody timed them, by their length."""
    words = segment.words
    if not words or segment.is_edited:
        words = segment.reworded(segment.text).words
    found: list[Spot] = []
    at = 0
    for word in words:
        text = word.text.strip()
        start = segment.text.find(text, at) if text else -1
        if start >= 0:
            at = start + len(text)
            found.append(Spot(word, start, at))
    return tuple(found)


def moved(places: Sequence[Spot], before: str, after: str) -> tuple[Spot, ...]:
    """The words of a text that is being changed: those not touched, where they have come to stand."""
    start, end, now = changed_part(before, after)
    ahead = [one for one in places if one.end <= start]
    behind = [Spot(one.word, one.start + now - end, one.end + now - end) for one in places if one.start >= end]
    return (*ahead, *behind)


def spot_at(places: Sequence[Spot], offset: int) -> int:
    """The number of the word at a place in the text: the one it stands in, before or right behind; -1 without words."""
    number = bisect_right(places, offset, key=_start) - 1
    if number < 0:
        return 0 if places else -1
    is_behind = offset > places[number].end and number + 1 < len(places)
    return number + 1 if is_behind else number


def spot_at_ms(places: Sequence[Spot], ms: int) -> int:
    """The number of the word that is being said at a time, up to the start of the next one; -1 before the first."""
    return bisect_right(places, ms, key=_start_ms) - 1


def shown(text: str) -> str:
    """The text as one paragraph of Qt, letter for letter."""
    return text.translate(_SHOWN)


def units(text: str, offset: int) -> int:
    """A place in the text as Qt counts it."""
    return offset if text.isascii() else offset + sum(letter > "\uffff" for letter in text[:offset])


def letters(text: str, units_before: int) -> int:
    """A place that Qt has counted as Python counts it."""
    if text.isascii():
        return min(units_before, len(text))
    left = units_before
    for offset, letter in enumerate(text):
        if left <= 0:
            return offset
        left -= 2 if letter > "\uffff" else 1
    return len(text)


def changed_part(before: str, after: str) -> tuple[int, int, int]:
    """What is different: its start in both, its end before and its end after."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    same = next((at for at in range(most - start) if before[-1 - at] != after[-1 - at]), most - start)
    return start, len(before) - same, len(after) - same


def is_right_to_left(text: str) -> bool | None:
    """Whether the first letter with a direction goes to the left; None if no letter has one."""
    for letter in text:
        match unicodedata.bidirectional(letter):
            case "R" | "AL":
                return True
            case "L":
                return False
    return None


def _start(spot: Spot) -> int:
    return spot.start


def _start_ms(spot: Spot) -> int:
    return spot.word.start_ms
