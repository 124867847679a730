"""Subtitle cues from the segments of a transcript: short enough to read, in order, never two at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from desktop.core.transcript import Segment, Transcript, Word

LINE_CHARACTERS = 42
LONGEST_MS = 7_000
READABLE_MS = 833
"""Five sixths of a second: a shorter cue is kept on the screen for this long where there is room."""
SHORTEST_MS = 100
"""A cue that starts sooner than this after the one before it has to wait."""

_CLAUSE_ENDS = tuple(".,;:?!…—。、，；：？！")
_CLAUSE_BONUS = 20
_INSIDE_A_WORD = 10_000

_ZERO_WIDTH_JOINER = "\u200d"
# Control characters end lines, cues or whole files for one reader or another; U+FFFE makes ffmpeg drop the cue, and a
# byte order mark means nothing inside a text. Half surrogates cannot be written as UTF-8 at all.
_CLEAN = (
    dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
    | dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
    | {0xFEFF: ""}
)


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands on the screen for a while: one or two lines, none of them empty, fit for any format.

    `words` is filled where their times were heard, not guessed: together they say the lines.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def compose(transcript: Transcript) -> list[Cue]:
    """The cues of a transcript: sorted, each at least `SHORTEST_MS` long, none over another."""
    cues = [cue for segment in transcript.segments for cue in _cues(segment)]
    return list(_one_after_the_other(sorted(cues, key=lambda cue: cue.start_ms)))


def one_line(text: str) -> str:
    """The text without line breaks, control characters and what UTF-8 cannot hold; other spaces and marks stay."""
    return _cleaned(text).strip()


def beginning(text: str, most: int) -> str:
    """At most `most` characters of the text (1 or more); no accent or joined emoji is parted from its base."""
    at = most
    while 0 < at < len(text) and _belong_together(text[at - 1], text[at]):
        at -= 1
    return text[: at or most]


def _cleaned(text: str) -> str:
    return re.sub(" +", " ", text.translate(_CLEAN))


def _belong_together(left: str, right: str) -> bool:
    is_mark = unicodedata.category(right).startswith("M") or "\U0001f3fb" <= right <= "\U0001f3ff"
    return is_mark or _ZERO_WIDTH_JOINER in (left, right)


def _one_after_the_other(cues: Sequence[Cue]) -> Iterator[Cue]:
    starts: list[int] = []
    for cue in cues:
        starts.append(max(cue.start_ms, starts[-1] + SHORTEST_MS if starts else 0))
    for cue, start_ms, limit_ms in zip(cues, starts, [*starts, None][1:], strict=True):
        end_ms = max(cue.end_ms, start_ms + READABLE_MS)
        yield replace(cue, start_ms=start_ms, end_ms=end_ms if limit_ms is None else min(end_ms, limit_ms))


def _cues(segment: Segment) -> list[Cue]:
    heard = () if segment.is_edited else _heard_words(segment)
    words = [piece for word in heard or _guessed_words(segment) for piece in _pieces(word) if piece.text.strip()]
    if not words:
        return []
    parts = _cut(words, LONGEST_MS if heard else None)
    starts = [segment.start_ms, *(part[0].start_ms for part in parts[1:])]
    ends = [*(part[-1].end_ms for part in parts[:-1]), segment.end_ms]
    return [
        Cue(start_ms, end_ms, _lines(part), tuple(part) if heard else ())
        for part, start_ms, end_ms in zip(parts, starts, ends, strict=True)
    ]


def _heard_words(segment: Segment) -> list[Word]:
    """The words in clean text, one after the other and inside their segment."""
    words: list[Word] = []
    at_ms = segment.start_ms
    for word in segment.words:
        start_ms = max(at_ms, min(word.start_ms, segment.end_ms))
        at_ms = max(start_ms, min(word.end_ms, segment.end_ms))
        words.append(replace(word, start_ms=start_ms, end_ms=at_ms, text=_cleaned(word.text)))
    return words


def _guessed_words(segment: Segment) -> list[Word]:
    """The words of a text whose times nobody knows: the longer a word, the more of the segment it gets."""
    texts = [f" {word}" for word in one_line(segment.text).split(" ")]
    return _spread(texts, segment.start_ms, segment.end_ms)


def _spread(texts: Sequence[str], start_ms: int, end_ms: int) -> list[Word]:
    lengths = list(accumulate(map(len, texts), initial=0))
    edges = [start_ms + max(0, end_ms - start_ms) * done // lengths[-1] for done in lengths]
    return [Word(left, right, text, 0.0) for left, right, text in zip(edges, edges[1:], texts, strict=False)]


def _pieces(word: Word) -> list[Word]:
    """The word, or the parts of one that is longer than a line: Chinese without word times is one such word."""
    texts, rest = [], word.text
    while len(rest.strip()) > LINE_CHARACTERS:
        texts.append(beginning(rest, LINE_CHARACTERS))
        rest = rest[len(texts[-1]) :]
    if not texts:
        return [word]
    return [replace(one, probability=word.probability) for one in _spread([*texts, rest], word.start_ms, word.end_ms)]


def _cut(words: list[Word], longest_ms: int | None) -> list[list[Word]]:
    """Cut in two, near the middle, until each part fits the screen."""
    fits = all(len(line) <= LINE_CHARACTERS for line in _lines(words))
    lasts_too_long = longest_ms is not None and words[-1].end_ms - words[0].start_ms > longest_ms
    if len(words) == 1 or (fits and not lasts_too_long):
        return [words]
    at = _middle(words, _CLAUSE_BONUS)
    return [*_cut(words[:at], longest_ms), *_cut(words[at:], longest_ms)]


def _lines(words: Sequence[Word]) -> tuple[str, ...]:
    text = _text(words)
    if len(text) <= LINE_CHARACTERS or len(words) == 1:
        return (text,)
    at = _middle(words, 0)
    return _text(words[:at]), _text(words[at:])


def _text(words: Sequence[Word]) -> str:
    return one_line("".join(word.text for word in words))


def _middle(words: Sequence[Word], clause_bonus: int) -> int:
    """Where to cut for two parts of like length; the end of a clause may be `clause_bonus` characters off."""
    lengths = list(accumulate(len(word.text) for word in words))

    def cost(at: int) -> int:
        left, right = words[at - 1].text, words[at].text
        bonus = clause_bonus if left.rstrip().endswith(_CLAUSE_ENDS) else 0
        return abs(lengths[-1] - 2 * lengths[at - 1]) - bonus + (0 if _may_part(left, right) else _INSIDE_A_WORD)

    return min(range(1, len(words)), key=cost)


def _may_part(left: str, right: str) -> bool:
    # Whisper hears “well” and “-known” as two words; only a space tells where one ends, but for scripts without spaces.
    return left[-1].isspace() or right[0].isspace() or _is_spaceless(left[-1]) or _is_spaceless(right[0])


def _is_spaceless(character: str) -> bool:
    """Whether the script is written without spaces: Thai, Lao, Burmese, Khmer, Chinese, Japanese (not Korean)."""
    is_hangul = "\uac00" <= character <= "\ud7af"
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1000" <= character <= "\u109f"
        or "\u1780" <= character <= "\u17ff"
        or (character >= "\u2e80" and not is_hangul)
    )
