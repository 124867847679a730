"""From segments to what cues are made of: clean words at their times, and what belongs together in one stretch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import or_

from desktop.core.composer import Units
from desktop.core.line_breaks import (
    CLAUSE,
    INSIDE_A_WORD,
    SENTENCE,
    Shape,
    needs_no_space,
    price,
    shapes_in,
    spaceless_prices,
    width,
)
from desktop.core.rules import Rules
from desktop.core.transcript import Segment
from desktop.core.words import Word, pieces, spread

_ZERO_WIDTH_JOINER = "\u200d"
# Control characters end lines, cues or whole files for one reader or another; U+FFFE makes ffmpeg drop the cue, and a
# byte order mark means nothing inside a text. Half surrogates cannot be written as UTF-8 at all.
_CLEAN = (
    dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
    | dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
    | {0xFEFF: ""}
)
_LONGEST_WORD = 80
"""What is wider than this and than a whole cue is no word, and is cut wherever a line is full."""


def cleaned(text: str) -> str:
    """The text without control characters and what UTF-8 cannot hold; white space stays as long as it was."""
    return text if text.isascii() and text.isprintable() else text.translate(_CLEAN)


def one_line(text: str) -> str:
    """The text without line breaks, control characters and what UTF-8 cannot hold; other spaces and marks stay."""
    return re.sub(" +", " ", cleaned(text)).strip()


def beginning(text: str, most: int) -> str:
    """At most `most` characters of the text (1 or more); no accent or joined emoji is parted from its base."""
    at = most
    while 0 < at < len(text) and _belong_together(text[at - 1], text[at]):
        at -= 1
    return text[: at or most]


def _belong_together(left: str, right: str) -> bool:
    is_mark = unicodedata.category(right).startswith("M") or "\U0001f3fb" <= right <= "\U0001f3ff"
    return is_mark or _ZERO_WIDTH_JOINER in (left, right)


def spoken(segment: Segment) -> tuple[Word, ...]:
    """The words that say the text of a segment; where nobody timed them, spread over its time by their length."""
    if segment.words and not segment.is_edited:
        return segment.words
    return segment.reworded(segment.text).words


@dataclass(slots=True)
class Stretch:
    """Words that follow one another, as units to compose, with what it takes to write the cues.

    Unit `k` holds the words from `begins[k]` up to `begins[k + 1]`. A place is a segment of the stretch and a word of
    it; parts of a word that no line could hold are words of the same place.
    """

    units: Units
    begins: list[int]
    words: list[Word]
    places: list[tuple[int, int]]


def stretch_of(
    segments: Sequence[Segment], languages: Sequence[str], least_ms: int, wall_ms: int, rules: Rules
) -> Stretch:
    """The words of the segments between two times that they may not leave."""
    return _Weaver(least_ms, wall_ms, rules).woven(segments, languages)


class _Weaver:
    """Joins the words of segments, one after the other."""

    def __init__(self, least_ms: int, wall_ms: int, rules: Rules) -> None:
        self._least_ms, self._wall_ms, self._rules = least_ms, wall_ms, rules
        self._line = rules.line_characters * rules.unit
        self._most = max(self._line * rules.lines, _LONGEST_WORD)
        self._units = Units([], [], [], [], [], [], [])
        self._begins: list[int] = []
        self._words: list[Word] = []
        self._places: list[tuple[int, int]] = []
        self._at_ms = least_ms
        self._left: Shape | None = None
        self._is_first = True

    def woven(self, segments: Sequence[Segment], languages: Sequence[str]) -> Stretch:
        """All of the words, with their times in order."""
        speaker = segments[0].speaker
        for number, (segment, language) in enumerate(zip(segments, languages, strict=True)):
            self._add(number, segment, language, segment.speaker != speaker)
            speaker = segment.speaker
        self._set_times()
        return Stretch(self._units, [*self._begins, len(self._words)], self._words, self._places)

    def _add(self, number: int, segment: Segment, language: str, is_turn: bool) -> None:
        units, left, is_first = self._units, self._left, self._is_first
        low_ms = max(self._at_ms, min(segment.start_ms, self._wall_ms))
        high_ms = max(low_ms, min(segment.end_ms, self._wall_ms))
        shape_of, offset, is_joint = shapes_in(language), 0, True
        parts, prices = self._parts(segment)
        words, places, begins = self._words, self._places, self._begins
        for place, word in parts:
            text, start_ms, end_ms = word.text, word.start_ms, word.end_ms
            if (
                is_joint
                and left
                and not text[0].isspace()
                and not (needs_no_space(left.bare[-1]) or needs_no_space(text[0]))
            ):
                text = " " + text
            right = shape_of(text)
            if not low_ms <= start_ms <= high_ms:
                start_ms = low_ms if start_ms < low_ms else high_ms
            if not start_ms <= end_ms <= high_ms:
                end_ms = start_ms if end_ms < start_ms else high_ms
            low_ms = start_ms
            cost: int | None = 0
            if left:
                cost = price(left, right, is_first) if is_joint or right.may_start else prices.get(offset)
                if cost is None and not self._may_grow(left, right):
                    cost = INSIDE_A_WORD
                if is_joint and cost is not None:
                    cost = min(CLAUSE, cost)
            if cost is None:
                units.ends[-1] = end_ms
                units.widths[-1] += right.width + right.space_width
            else:
                begins.append(len(words))
                units.starts.append(start_ms)
                units.ends.append(end_ms)
                units.widths.append(right.width)
                units.spaces.append(right.space_width)
                units.prices.append(cost)
                units.is_turn.append(is_turn and is_joint)
                is_first = left is None or cost == SENTENCE
            offset += len(word.text)
            if text is not word.text or start_ms != word.start_ms or end_ms != word.end_ms:
                word = Word(start_ms, end_ms, text, word.probability)  # noqa: PLW2901 - the same, but in order
            words.append(word)
            places.append((number, place))
            left, is_joint = right, False
        self._left, self._is_first, self._at_ms = left, is_first, low_ms

    def _may_grow(self, left: Shape, right: Shape) -> bool:
        """Whether the last unit may take in what stands right behind it: what no cue can hold is no word."""
        return self._units.widths[-1] + right.width <= self._most or _belong_together(left.bare[-1], right.bare[0])

    def _parts(self, segment: Segment) -> tuple[Iterable[tuple[int, Word]], dict[int, int]]:
        """The words of a segment with their positions, none blank, and where they may part other than at spaces."""
        words = spoken(segment)
        texts = [word.text for word in words]
        text = "".join(texts)
        parts: Iterable[tuple[int, Word]] = enumerate(words)
        is_simple = text.isprintable() and text.count(" ") <= len(words) and self._are_simple(texts)
        if is_simple and text.isascii():
            return parts, {}
        if not is_simple:
            parts = _without_blanks((place, part) for place, word in parts for part in _clean_parts(word))
        is_spaced = not any(map(needs_no_space, text))
        if not is_spaced:
            parts = self._lettered(list(parts))
        prices: dict[int, int] = {}
        if not is_simple:
            parts, prices = self._sliced(parts)
        if not is_spaced:
            texts = [part.text for _, part in parts]
            prices |= spaceless_prices("".join(texts), accumulate(map(len, texts)))
        return parts, prices

    def _sliced(self, parts: Iterable[tuple[int, Word]]) -> tuple[list[tuple[int, Word]], dict[int, int]]:
        """The parts, those too long for a word in slices, and where these part."""
        found, cuts, offset = list[tuple[int, Word]](), dict[int, int](), 0
        for place, part in parts:
            for number, one in enumerate(self._slices(part)):
                if number:
                    cuts[offset] = INSIDE_A_WORD
                found.append((place, one))
                offset += len(one.text)
        return found, cuts

    def _are_simple(self, texts: Sequence[str]) -> bool:
        longest = self._most // 2
        return all(text and text[-1] != " " and len(text) <= longest for text in texts)

    def _lettered(self, parts: list[tuple[int, Word]]) -> list[tuple[int, Word]]:
        """The parts; letters for each long one of a script without spaces, which has many words."""
        longest = self._line // 2
        if max(map(width, [part.text for _, part in parts]), default=0) <= longest:
            return parts
        return [(place, one) for place, part in parts for one in self._letters(part, longest)]

    def _letters(self, word: Word, longest: int) -> list[Word]:
        is_short = width(word.text) <= longest
        return [word] if is_short or not any(map(needs_no_space, word.text)) else _parted(word, pieces(word.text))

    def _slices(self, word: Word) -> list[Word]:
        """The word; parts of it, each as wide as a line, if it is too long for a word and for a cue."""
        if width(word.text.strip()) <= self._most:
            return [word]
        texts, at = [], 0
        while at < len(word.text):
            rest = word.text[at : at + 4 * self._line]
            fitting = sum(wide <= self._line for wide in accumulate(map(width, rest)))
            texts.append(beginning(rest, max(1, fitting)))
            at += len(texts[-1])
        return _parted(word, texts)

    def _set_times(self) -> None:
        """Bring starts and ends in order, on frames if wanted, and see where there is a pause."""
        units, rules, frames = self._units, self._rules, self._rules.frames
        if frames:
            least_ms = frames.up_ms(self._least_ms)
            units.starts = [max(least_ms, frames.down_ms(start_ms)) for start_ms in units.starts]
            units.ends = [max(least_ms, frames.up_ms(end_ms)) for end_ms in units.ends]
        starts, pause_ms, may_turn = units.starts, rules.pause_ms, rules.dash and rules.lines > 1
        if starts:
            pairs = zip(units.ends, [*starts[1:], units.ends[-1]], strict=True)  # here min() takes three times as long
            units.ends = [end_ms if end_ms < next_ms else next_ms for end_ms, next_ms in pairs]
        turns = [False] * len(starts) if may_turn else units.is_turn
        pauses = [start_ms - end_ms >= pause_ms for start_ms, end_ms in zip(starts[1:], units.ends, strict=False)]
        units.is_cut = list(map(or_, [False, *pauses], turns)) if starts else []


def _clean_parts(word: Word) -> list[Word]:
    """The word in clean text; more than one if spaces stand inside. A blank one carries the space at its end."""
    text = re.sub(" +", " ", cleaned(word.text))
    texts = re.findall(r"\s*\S+", text)
    parts = _parted(word, texts) if texts else []
    behind = text[sum(map(len, texts)) :]
    return [*parts, Word(word.end_ms, word.end_ms, behind, word.probability)] if behind else parts


def _parted(word: Word, texts: Sequence[str]) -> list[Word]:
    """The parts of a word, which share its time."""
    if len(texts) == 1:
        return [word if texts[0] == word.text else replace(word, text=texts[0])]
    parts = spread(texts, word.start_ms, word.end_ms)
    return [replace(part, probability=word.probability) for part in parts]


def _without_blanks(parts: Iterable[tuple[int, Word]]) -> list[tuple[int, Word]]:
    """The parts with their places; what is blank goes before the next one."""
    found, space = [], ""
    for place, part in parts:
        if not part.text.strip():
            space += part.text
        else:
            found.append((place, replace(part, text=re.sub(" +", " ", space + part.text)) if space else part))
            space = ""
    return found
