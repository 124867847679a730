"""Words to segments: cut where sentences end and where people pause, so that a segment reads as one thing said."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.transcript import Word

PAUSE_MS = 900
"""A pause of this length ends a segment wherever it stands."""
LONGEST_MS = 15_000
SHORTEST_CUT_MS = 3_000
"""A segment that is too long is not cut so near to its ends if it can be helped."""

_ENDS = (".", "?", "!", "…", "。", "？", "！", "؟", "।")
CLAUSE_ENDS = (",", ";", ":", "–", "—", "、", "，", "；", "：", "،", "؛")
OPENING = "\"'“‘„«([{¿¡「『"
CLOSING = "\"'”’»)]}」』"
# A full stop behind these is no end of a sentence. Single letters (initials) are none either.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st vs etc nr fig vol approx dept inc ltd jr sr e.g i.e u.s u.k a.m p.m "
    "bzw ca z.b d.h u.a usw hr fr str abs evtl ggf sog m mme mlle sra sres ud uds av".split()
)


def segmented(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """The words in their order, parted into segments; none is empty, none lasts over 15 s if it has two words."""
    parts: list[list[Word]] = []
    for word in words:
        if parts and not _ends_between(parts[-1], word):
            parts[-1].append(word)
        else:
            parts.append([word])
    return [tuple(piece) for part in parts for piece in _short_enough(part)]


def _ends_between(part: Sequence[Word], follower: Word) -> bool:
    last = part[-1]
    if not _may_part(last.text, follower.text):
        return False
    return follower.start_ms - last.end_ms >= PAUSE_MS or ends_sentence(last.text, follower.text)


def ends_sentence(text: str, follower: str) -> bool:
    """Whether a sentence ends with this word if the follower comes next; abbreviations end none."""
    said = text.strip().rstrip(CLOSING)
    if not said.endswith(_ENDS):
        return False
    if not said.endswith("."):
        return True
    stem = said.rstrip(".").lstrip(OPENING).lower()
    is_short = stem in _ABBREVIATIONS or all(len(part) == 1 and part.isalpha() for part in stem.split("."))
    goes_on = follower.strip()[:1].islower() or (stem.isdigit() and follower.strip()[:1].isdigit())
    return not is_short and not goes_on


def bare(text: str) -> tuple[int, int]:
    """Where in a word the word itself stands, without the marks around it; all of it where there is nothing else."""
    end = len(text.rstrip(CLOSING + "".join((*_ENDS, *CLAUSE_ENDS))))
    start = len(text) - len(text.lstrip(OPENING))
    return (start, end) if start < end else (0, len(text))


def _may_part(text: str, follower: str) -> bool:
    """Whether a new word begins there: what Whisper writes without a space is a part of the word before it."""
    return follower[:1].isspace() or not (text[-1:].isascii() and follower[:1].isascii())


def _short_enough(part: Sequence[Word]) -> list[Sequence[Word]]:
    """Cut in two at the clearest break until no piece is too long."""
    if len(part) < 2 or part[-1].end_ms - part[0].start_ms <= LONGEST_MS:
        return [part]
    at = max(range(1, len(part)), key=lambda place: _break(part, place))
    return [*_short_enough(part[:at]), *_short_enough(part[at:])]


def _break(part: Sequence[Word], at: int) -> tuple[bool, bool, int]:
    """How good a place to cut is: first not at a rim and not inside a word, then by clause end and pause."""
    left, right = part[at - 1], part[at]
    rim_ms = min(left.end_ms - part[0].start_ms, part[-1].end_ms - right.start_ms)
    clause_ms = 1000 if left.text.rstrip().endswith(CLAUSE_ENDS) else 0
    return _may_part(left.text, right.text), rim_ms >= SHORTEST_CUT_MS, right.start_ms - left.end_ms + clause_ms
