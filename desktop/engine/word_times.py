"""Words where they are said: the model's own times, corrected by what the speech detector heard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from desktop.core.coverage import Span
from desktop.core.transcript import Word
from desktop.engine.speech import PAD_FRAMES, Window
from desktop.engine.voice import FRAME_MS

TAIL_MS = 600
"""More speech than that after a word is not the rest of it."""
NEAR_MS = 2 * PAD_FRAMES * FRAME_MS
"""A word so far from speech at most has a wrong time; farther away it was not said, and stays to be seen."""


def placed(words: Sequence[Word], window: Window) -> list[Word]:
    """The words of a window at their places in the file: in order, none over another, none in silence."""
    found: list[Word] = []
    for word in words:
        start_ms, end_ms = _into_speech(_in_file(word, window), window.speech)
        if found:
            start_ms = max(start_ms, found[-1].start_ms)
            found[-1] = replace(found[-1], end_ms=min(found[-1].end_ms, start_ms))
        found.append(replace(word, start_ms=start_ms, end_ms=max(start_ms, end_ms)))
    return [_to_the_end(word, follower, window.speech) for word, follower in zip_longest(found, found[1:])]


def _to_the_end(word: Word, follower: Word | None, speech: Sequence[Span]) -> Word:
    """The last word of a stretch of speech lasts as long as that: the alignment tends to end it too soon."""
    for start_ms, end_ms in speech:
        if start_ms < word.end_ms < end_ms <= word.end_ms + TAIL_MS and (not follower or follower.start_ms >= end_ms):
            return replace(word, end_ms=end_ms)
    return word


def _in_file(word: Word, window: Window) -> Span:
    """Both ends lie in the stretch of sound that holds the middle of the word: between stretches there is silence."""
    start_ms, end_ms = (min(max(0, at_ms), window.length_ms) for at_ms in (word.start_ms, word.end_ms))
    starts = [span[0] for span in window.spans]
    at = max(0, bisect_right(starts, (start_ms + end_ms) / 2) - 1)
    window_ms, file_ms, length_ms = window.spans[at]
    left, right = (file_ms + min(max(0, one - window_ms), length_ms) for one in (start_ms, end_ms))
    return left, max(left, right)


def _into_speech(span: Span, speech: Sequence[Span]) -> Span:
    """The part of the span that is in the stretch of speech it shares most with; at the edge of the nearest one."""
    if not speech:
        return span
    start_ms, end_ms = span
    stretch = max(speech, key=lambda one: _shared_ms(span, one))
    if _shared_ms(span, stretch) < -NEAR_MS:
        return span
    start_ms = min(max(start_ms, stretch[0]), stretch[1])
    return start_ms, max(start_ms, min(end_ms, stretch[1]))


def _shared_ms(span: Span, other: Span) -> int:
    """How long both last together; below 0 how far they are from each other."""
    return min(span[1], other[1]) - max(span[0], other[0])
