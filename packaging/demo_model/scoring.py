"""How right a transcript is: words, sentences and times, against what is said in the recording."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import jiwer
import numpy as np

from demo_model.recordings import Recording, Said, Span


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word of a transcript; times in seconds."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class HeardSegment:
    """A piece of a transcript with its words, which have times only if the recogniser gives them."""

    span: Span
    words: tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """How far times are from the truth, in milliseconds."""

    errors_ms: tuple[float, ...]

    @property
    def median(self) -> float:
        """Half of them are at most so far away."""
        return float(np.median(self.errors_ms)) if self.errors_ms else float("nan")

    @property
    def p95(self) -> float:
        """Nineteen of twenty are at most so far away."""
        return float(np.percentile(self.errors_ms, 95)) if self.errors_ms else float("nan")


@dataclass(frozen=True, slots=True)
class Score:
    """A transcript of a long recording."""

    word_errors: float
    lost_sentences: int
    """With no text for most of their time, and most of their words missing or wrong."""
    misheard_sentences: int
    """There is text for them, but most of their words are wrong."""
    sentences: int
    sentence_times: Times
    word_times: Times


def plain(text: str) -> list[str]:
    """The words alone: no marks, no capitals."""
    kept = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    return kept.split()


def word_errors(pairs: Iterable[tuple[str, str]]) -> float:
    """The share of wrong, missing and added words over all pairs of what is said and what was heard."""
    said, heard = zip(*((" ".join(plain(a)), " ".join(plain(b))) for a, b in pairs), strict=True)
    return float(jiwer.wer(list(said), list(heard)))


def score(recording: Recording, heard: Sequence[HeardSegment]) -> Score:
    """Words are matched as the word error rate matches them; times are compared for the words that are right."""
    said_words = [(one, place) for one in recording.said for place in range(len(one.words))]
    heard_words = [(segment, place) for segment in heard for place in range(len(segment.words))]
    said_texts = [plain(one.sentence.text)[place] for one, place in said_words]
    heard_texts = [" ".join(plain(segment.words[place].text)) or "-" for segment, place in heard_words]
    result = jiwer.process_words(" ".join(said_texts), " ".join(heard_texts) or "-")
    matches = {
        said: found
        for chunk in result.alignments[0]
        if chunk.type == "equal"
        for said, found in zip(
            range(chunk.ref_start_idx, chunk.ref_end_idx), range(chunk.hyp_start_idx, chunk.hyp_end_idx), strict=True
        )
    }
    right: dict[int, int] = {}
    sentence_errors, word_time_errors = [], []
    for number, (one, place) in enumerate(said_words):
        if number not in matches:
            continue
        right[id(one)] = right.get(id(one), 0) + 1
        segment, at = heard_words[matches[number]]
        word_time_errors += _distances(one.words[place], segment.words[at].span)
        sentence_errors += _edge_distances(one, place, segment, at)
    wrong = [one for one in recording.said if 2 * right.get(id(one), 0) < len(one.words)]
    lost = sum(2 * _covered_s(one.span, heard) < one.span[1] - one.span[0] for one in wrong)
    times = Times(tuple(sentence_errors)), Times(tuple(word_time_errors))
    return Score(result.wer, lost, len(wrong) - lost, len(recording.said), *times)


def _covered_s(span: tuple[float, float], heard: Sequence[HeardSegment]) -> float:
    """How much of a span has text."""
    words = (word.span for segment in heard for word in segment.words)
    return sum(max(0.0, min(end, span[1]) - max(start, span[0])) for start, end in words)


def _edge_distances(one: Said, place: int, segment: HeardSegment, at: int) -> list[float]:
    """Where a sentence and a segment begin or end with the same word."""
    found = []
    if place == 0 and at == 0:
        found.append(1000 * abs(segment.span[0] - one.span[0]))
    if place == len(one.words) - 1 and at == len(segment.words) - 1:
        found.append(1000 * abs(segment.span[1] - one.span[1]))
    return found


def _distances(said: Span, heard: Span) -> list[float]:
    return [1000 * abs(a - b) for a, b in itertools.zip_longest(said, heard)]
