"""Words with their places in the sound, and how they keep them while a person types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate

Span = tuple[int, int]

SURE = 1.0
"""The probability of a word that a person has written."""

# Space and what follows it up to the next space; scripts without spaces are taken letter by letter.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff"
_ON_TOP = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a"  # marks of these scripts that stand on the letter before them
_PIECES = re.compile(rf"\s*(?:[{_SPACELESS}][{_ON_TOP}]*|[^\s{_SPACELESS}]+)|\s+$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its place in the sound. `text` carries the space before it, as Whisper writes it."""

    start_ms: int
    end_ms: int
    text: str
    probability: float


def realigned(words: Sequence[Word], text: str, start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """The words of a text that was typed over these, which lie between the two times.

    Words that stay keep their times to the millisecond, also where their case or punctuation changes. New words take
    the place of those that they replace, or of the gap they were typed into, and share it by their length.
    """
    after = pieces(text)
    kept = _kept(words, after)
    found: list[Word] = []
    at = old = 0
    while at < len(after):
        if at in kept:
            first, last, length = kept[at]
            found += _said_as(words[first:last], "".join(after[at : at + length]))
            at, old = at + length, last
            continue
        stop = next((place for place in range(at, len(after)) if place in kept), len(after))
        replaced = words[old : kept[stop][0] if stop in kept else len(words)]
        if replaced:
            left_ms, right_ms = replaced[0].start_ms, replaced[-1].end_ms
        else:
            left_ms = found[-1].end_ms if found else start_ms
            right_ms = words[old].start_ms if old < len(words) else end_ms
        found += spread(after[at:stop], left_ms, right_ms)
        at, old = stop, old + len(replaced)
    if found and words and words[0].text[:1].isspace() and not found[0].text[:1].isspace():
        found[0] = replace(found[0], text=f" {found[0].text}")  # as Whisper begins a text
    return tuple(found)


def spread(texts: Sequence[str], start_ms: int, end_ms: int) -> list[Word]:
    """Words whose times nobody knows: the longer one is, the more of the stretch it gets."""
    lengths = list(accumulate((len(text.strip()) + 1 for text in texts), initial=0))
    if not texts:
        return []
    edges = [start_ms + max(0, end_ms - start_ms) * done // lengths[-1] for done in lengths]
    return [Word(left, right, text, SURE) for left, right, text in zip(edges, edges[1:], texts, strict=False)]


def pieces(text: str) -> list[str]:
    """The text in words, each with the space before it; letters where the script has no spaces. Nothing is lost."""
    found = [one for one in _PIECES.findall(text) if one]
    if len(found) > 1 and not found[-1].strip():
        found[-2:] = ["".join(found[-2:])]
    return found


def is_spaceless(letter: str) -> bool:
    """Whether its script is written without spaces: Thai, Lao, Burmese, Khmer, Chinese, Japanese (not Korean)."""
    return re.match(f"[{_SPACELESS}]", letter) is not None


def _kept(words: Sequence[Word], after: Sequence[str]) -> dict[int, tuple[int, int, int]]:
    """The words that are in both: where they begin in `after`, their numbers (first, one behind the last), and how many
    pieces they take there."""
    before = pieces("".join(word.text for word in words))
    place_of = _places(list(map(_key, before)), list(map(_key, after)))
    kept = {}
    for (first, last), (begin, end) in _groups(words, before):
        place = place_of.get(begin)
        if place is not None and all(place_of.get(begin + step) == place + step for step in range(end - begin)):
            kept[place] = (first, last, end - begin)
    return kept


def _places(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Which place of `after` each place of `before` is found at. Most of a text is usually the same at both ends."""
    least = min(len(before), len(after))
    head = next((at for at in range(least) if before[at] != after[at]), least)
    tail = next((at for at in range(least - head) if before[-1 - at] != after[-1 - at]), least - head)
    inner = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    blocks = [(0, 0, head), *((left + head, right + head, size) for left, right, size in inner.get_matching_blocks())]
    blocks.append((len(before) - tail, len(after) - tail, tail))
    return {left + step: right + step for left, right, size in blocks for step in range(size)}


def _groups(words: Sequence[Word], before: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """The least runs of words and of pieces that are the same text: Whisper hears “well” and “-known” as two words,
    and several letters of Chinese as one."""
    word_ends = {end: number for number, end in enumerate(accumulate(len(word.text) for word in words), 1)}
    first = begin = 0
    for piece, end in enumerate(accumulate(map(len, before)), 1):
        if end in word_ends:
            yield (first, word_ends[end]), (begin, piece)
            first, begin = word_ends[end], piece


def _said_as(words: Sequence[Word], text: str) -> list[Word]:
    """Words that were said, in another spelling."""
    said = "".join(word.text for word in words)
    plain = said.strip()
    if text.strip() == plain:
        skipped = len(said) - len(said.lstrip())
        ends = [min(max(0, end - skipped), len(plain)) for end in accumulate(len(word.text) for word in words)]
        parts = [plain[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
        parts[0] = text[: len(text) - len(text.lstrip())] + parts[0]
        parts[-1] += text[len(text.rstrip()) :]
        return [replace(word, text=part) for word, part in zip(words, parts, strict=True)]
    probability = min(word.probability for word in words)
    return [Word(words[0].start_ms, words[-1].end_ms, text, probability)]


def _key(piece: str) -> str:
    """What stays the same when only case or punctuation changes: that was said at the same time."""
    plain = "".join(one for one in piece.casefold() if unicodedata.category(one)[0] in "LNMS")
    return plain or piece.strip()
