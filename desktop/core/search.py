"""Find and replace in a transcript: plain words or regular expressions, within each segment."""

from __future__ import annotations

import time
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from desktop.core.document import Edit
from desktop.core.errors import PatternTooSlow, PatternWrong, ReplacementWrong
from desktop.core.i18n import _, mark
from desktop.core.transcript import Segment, Transcript

if TYPE_CHECKING:
    from regex import Match, Pattern

LONGEST_S = 0.5
"""A pattern that has not gone through the whole transcript by then is given up: the window waits for it."""

_FEW_SPLICES = 8
"""From here on searching everything again is quicker than shifting what was found."""

_LETTER = r"[^\W\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
"""A letter of a word; where a script has no spaces, nobody can say where a word ends."""
_EDGE = rf"(?:(?<!{_LETTER})|(?!{_LETTER}))", rf"(?:(?!{_LETTER})|(?<!{_LETTER}))"

_MISTAKES = {
    "missing )": mark("a ) is missing"),
    "unbalanced parenthesis": mark("this ) was never opened"),
    "unterminated character set": mark("a ] is missing"),
    "nothing to repeat": mark("there is nothing before it to repeat"),
    "multiple repeat": mark("it repeats a repetition"),
    "bad escape (end of pattern)": mark("nothing follows the backslash"),
    "bad character range": mark("the range runs backwards"),
    "min repeat greater than max repeat": mark("the smaller number comes first"),
    "no such group": mark("the pattern has no such group"),
    "unknown group": mark("the pattern has no such group"),
    "invalid group reference": mark("the pattern has no such group"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. As long as case does not matter, “strasse” finds “Straße”, too.

    In plain text a space finds any kind of space, also a line break, and composed letters find those in parts.
    """

    text: str
    is_pattern: bool = False
    whole_words: bool = False
    match_case: bool = False


class Hit(NamedTuple):
    """A place in the text of a segment, from the letter at `start` up to the one before `end`. Never empty."""

    segment: int
    start: int
    end: int


def hits(transcript: Transcript, query: Query) -> list[Hit]:
    """Every place, in order. Raises PatternWrong or PatternTooSlow."""
    return _hits(enumerate(transcript.segments), query) if query.text else []


def updated(found: Sequence[Hit], transcript: Transcript, edit: Edit, query: Query) -> list[Hit]:
    """The hits of a transcript that was just edited, from those before; the same as `hits`, but quicker."""
    if len(edit.splices) > _FEW_SPLICES or not query.text:
        return hits(transcript, query)
    now = list(found)
    for splice in edit.splices:
        first = bisect_left(now, splice.at, key=_segment)
        last = bisect_left(now, splice.at + len(splice.removed), first, key=_segment)
        shift = len(splice.inserted) - len(splice.removed)
        after = [Hit(at + shift, start, end) for at, start, end in now[last:]] if shift else now[last:]
        now[first:] = [*_hits(enumerate(splice.inserted, splice.at), query), *after]
    return now


def substitutes(transcript: Transcript, query: Query, replacement: str, chosen: Iterable[Hit]) -> list[tuple[Hit, str]]:
    """What comes in the place of each of these hits, in order; those that are no longer there are left out.

    In the replacement of a pattern `\\1` stands for its first group. Raises ReplacementWrong, PatternTooSlow.
    """
    wanted = set(chosen)
    places = sorted({hit.segment for hit in wanted if hit.segment < len(transcript.segments)})
    segments = ((at, transcript.segments[at]) for at in places)
    found = ((Hit(at, *match.span()), match) for at, match in _matches(segments, query))
    return [
        (hit, _expanded(match, replacement) if query.is_pattern else replacement)
        for hit, match in found
        if hit in wanted
    ]


def replacements(transcript: Transcript, query: Query, replacement: str, chosen: Iterable[Hit]) -> dict[int, str]:
    """The new text of every segment that changes when these hits are replaced."""
    new = {}
    by_segment = groupby(substitutes(transcript, query, replacement, chosen), lambda one: one[0].segment)
    for at, ones in by_segment:
        old, parts, done = transcript.segments[at].text, list[str](), 0
        for hit, text in ones:
            parts += old[done : hit.start], text
            done = hit.end
        parts.append(old[done:])
        if (joined := "".join(parts)) != old:
            new[at] = joined
    return new


def _hits(segments: Iterable[tuple[int, Segment]], query: Query) -> list[Hit]:
    if query.is_pattern:
        return [Hit(at, *match.span()) for at, match in _matches(segments, query)]
    # The short way, many times quicker: it is gone with every letter that is typed. No plain match is empty.
    find = _compiled(query).finditer
    return [Hit._make((at, *match.span())) for at, segment in segments for match in find(segment.text)]


def _matches(segments: Iterable[tuple[int, Segment]], query: Query) -> Iterator[tuple[int, Match[str]]]:
    """Every match that has any letters, in the order of the text."""
    pattern = _compiled(query)
    due = time.monotonic() + LONGEST_S
    try:
        for at, segment in segments:
            # Plain text cannot run away, and looking at the clock makes the search three times slower.
            left = max(1e-3, due - time.monotonic()) if query.is_pattern else None
            found = [match for match in pattern.finditer(segment.text, timeout=left) if match.end() > match.start()]
            if query.is_pattern:
                found.sort(key=lambda match: match.start())  # (?r) searches backwards
                if time.monotonic() > due:
                    raise PatternTooSlow
            for match in found:
                yield at, match
    except TimeoutError as error:
        raise PatternTooSlow from error


@lru_cache(maxsize=16)
def _compiled(query: Query) -> Pattern[str]:
    import regex

    flags = 0 if query.match_case else regex.IGNORECASE | regex.FULLCASE
    text = query.text if query.is_pattern else "".join(map(_plain, unicodedata.normalize("NFC", query.text)))
    try:
        pattern = regex.compile(text, flags)
        return regex.compile(f"{_EDGE[0]}(?:{text}){_EDGE[1]}", flags) if query.whole_words else pattern
    except regex.error as error:
        place = min((error.pos or 0) + 1, len(query.text))
        raise PatternWrong(place=place, reason=_said(error.msg)) from error
    except (RecursionError, OverflowError, MemoryError) as error:
        raise PatternTooSlow from error


def _plain(letter: str) -> str:
    """A pattern for the letter itself."""
    import regex

    if letter.isspace():
        return r"\s"
    apart = unicodedata.normalize("NFD", letter)
    whole = regex.escape(letter)
    return whole if apart == letter else f"(?:{whole}|{regex.escape(apart)})"


def _expanded(match: Match[str], replacement: str) -> str:
    import regex

    try:
        expanded: str = match.expand(replacement)
    except (regex.error, IndexError, ValueError, OverflowError) as error:
        raise ReplacementWrong(reason=_said(getattr(error, "msg", None) or str(error))) from error
    return expanded


def _said(mistake: str) -> str:
    """The mistake in plain words; rare ones as the library names them, in English."""
    return _(_MISTAKES[mistake]) if mistake in _MISTAKES else mistake


def _segment(hit: Hit) -> int:
    return hit.segment
