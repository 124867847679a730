"""From a window of sound to segments: read, timed, judged, and where there is doubt, heard again in another way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from desktop.core import doubts
from desktop.core.coverage import Kind, Part, parts_of
from desktop.core.options import Options
from desktop.core.sentences import segmented
from desktop.core.transcript import Segment, Word
from desktop.engine.speech import Window
from desktop.engine.whisper import Encoded, Reading, Recogniser
from desktop.engine.word_times import placed

PIECES = 4
"""A window in doubt is heard again in so many: sentences that were lost in a full window are found in short ones."""
LEAST_PROBABILITY = 1e-4
LEAST_ECHO_WORDS = 4
SHORTEST_JUDGED_MS = 400


@dataclass(frozen=True, slots=True)
class Hearing:
    """One way to understand a window."""

    segments: tuple[Segment, ...]
    parts: tuple[Part, ...]
    avg_logprob: float
    text: str
    temperature: float = 0.0

    @property
    def doubtful_ms(self) -> int:
        """How much of the window has text that is suspect, or speech and no text."""
        return sum(part.length_ms for part in self.parts if part.kind in (Kind.SUSPECT, Kind.MISSING))

    @property
    def is_doubtful(self) -> bool:
        """Whether it is worth hearing again."""
        return self.doubtful_ms > 0 or any(segment.suspect for segment in self.segments)

    @property
    def is_stuck(self) -> bool:
        """Whether the model goes round in circles or says nothing: then chance helps."""
        return self.is_doubtful and (not self.segments or any(one.suspect == doubts.REPEATS for one in self.segments))

    @property
    def _cost(self) -> tuple[int, float]:
        return self.doubtful_ms, -self.avg_logprob

    @staticmethod
    def best(hearings: Sequence[Hearing]) -> Hearing:
        """The one with the least doubt; of several the one that the model is surest of."""
        return min(hearings, key=lambda one: one._cost)


@dataclass(frozen=True, slots=True)
class Task:
    """A window and how it is to be read."""

    window: Window
    options: Options
    language: str
    prompt: tuple[int, ...]

    @property
    def hint(self) -> str:
        """What the model was told that it might repeat."""
        return f"{self.options.hotwords} {self.options.prompt}".strip()


class Listener:
    """Hears windows with one model."""

    def __init__(self, recogniser: Recogniser, check: Callable[[], None]) -> None:
        """`check` may leave between two steps by raising."""
        self._recogniser = recogniser
        self._check = check

    def heard(self, tasks: Sequence[Task], encoded: Encoded) -> list[Hearing]:
        """Windows with the same options, decoded together, each as it is understood at first."""
        options = tasks[0].options
        prompts = [task.prompt for task in tasks]
        readings = self._recogniser.read(encoded.all, prompts, options, options.temperatures[0])
        words = self._words(tasks, encoded, readings)
        return [_understood(*each) for each in zip(tasks, readings, words, strict=True)]

    def understood(self, task: Task, encoded: object, reading: Reading) -> Hearing:
        """The segments of a window that was read, at their places in the file."""
        (words,) = self._aligned([task], encoded, [reading])
        return _understood(task, reading, words)

    def _words(self, tasks: Sequence[Task], encoded: Encoded, readings: Sequence[Reading]) -> Iterator[list[Word]]:
        """The words of each window: on a card of all at once, which is faster only there."""
        is_one_language = len({task.language for task in tasks}) == 1
        if not self._recogniser.is_cpu and is_one_language and all(map(self._recogniser.has_words, readings)):
            yield from self._aligned(tasks, encoded.all, readings)
            return
        for row, (task, reading) in enumerate(zip(tasks, readings, strict=True)):
            self._check()
            yield from self._aligned([task], encoded.one(row), [reading])

    def _aligned(self, tasks: Sequence[Task], encoded: object, readings: Sequence[Reading]) -> list[list[Word]]:
        lengths = [len(task.window.samples) for task in tasks]
        return self._recogniser.words(encoded, readings, tasks[0].language, tasks[0].options.task, lengths)

    def settled(self, task: Task, encoded: Encoded, row: int, first: Hearing) -> Hearing:
        """The hearing with the least doubt among all ways to hear the window; the first one if there is none."""
        if not first.is_doubtful or len(task.options.temperatures) < 2:
            return first
        tried = [first]
        for hearing in self._other_ways(task, encoded, row, tried):
            tried.append(hearing)
            if not hearing.is_doubtful:
                break
        return Hearing.best(tried)

    def _other_ways(self, task: Task, encoded: Encoded, row: int, tried: Sequence[Hearing]) -> Iterator[Hearing]:
        """In short pieces, with the silence that was left out; against loops without repetition, then by chance."""
        pieces = task.window.pieces(PIECES)
        if len(pieces) > 1:
            yield self._heard_anew([replace(task, window=piece) for piece in pieces], task.window)
        if whole := task.window.unabridged():
            yield self._heard_anew([replace(task, window=whole)], task.window)
        if not Hearing.best(tried).is_stuck:
            return
        alone = encoded.one(row)
        for temperature in (0.0, *task.options.temperatures[1:]):
            self._check()
            (reading,) = self._recogniser.read(alone, [task.prompt], task.options, temperature, allow_loops=False)
            yield self.understood(task, alone, reading)

    def _heard_anew(self, tasks: Sequence[Task], window: Window) -> Hearing:
        """The window made of other windows that cover it."""
        tasks = [task for task in tasks if len(task.window.samples)]
        features = [self._recogniser.features(task.window.samples) for task in tasks]
        encoded = self._recogniser.encode(features, self._check)
        self._check()
        hearings = self.heard(tasks, encoded)
        segments = tuple(segment for one in hearings for segment in one.segments)
        parts = tuple(parts_of(window.speech, segments, window.start_ms, window.end_ms))
        text = " ".join(one.text for one in hearings if one.text)
        return Hearing(segments, parts, min(one.avg_logprob for one in hearings), text)


def _understood(task: Task, reading: Reading, words: Sequence[Word]) -> Hearing:
    window = task.window
    segments = _segments(placed(words, window), task, reading)
    parts = tuple(parts_of(window.speech, segments, window.start_ms, window.end_ms))
    return Hearing(segments, parts, reading.avg_logprob, reading.text, reading.temperature)


def _segments(words: Sequence[Word], task: Task, reading: Reading) -> tuple[Segment, ...]:
    pieces = segmented(words)
    edges = [task.window.start_ms, *(piece[-1].end_ms for piece in pieces)]
    limits = [*(piece[0].start_ms for piece in pieces[1:]), task.window.end_ms]
    segments = tuple(
        _segment(piece, limit_ms - edge_ms, task, reading)
        for piece, edge_ms, limit_ms in zip(pieces, edges, limits, strict=False)
    )
    # Where the window goes round in circles, no single turn shows it.
    if doubts.is_loop(reading.text) and not any(segment.suspect for segment in segments):
        return tuple(replace(segment, suspect=doubts.REPEATS) for segment in segments)
    return _without_echoes(segments, doubts.plain_words(task.hint))


def _without_echoes(segments: tuple[Segment, ...], hint: Sequence[str]) -> tuple[Segment, ...]:
    """The segments; those that together say the whole hint, word by word, are marked. Nobody talks like that."""
    if len(hint) < LEAST_ECHO_WORDS:
        return segments
    said = [doubts.plain_words(segment.text) for segment in segments]
    runs = list(doubts.runs_of(hint, [word for words in said for word in words]))
    ends = accumulate(map(len, said))
    places = [range(end - len(words), end) for end, words in zip(ends, said, strict=True)]
    return tuple(
        replace(segment, suspect=segment.suspect or doubts.ECHO)
        if any(run.start <= place.start and place.stop <= run.stop for run in runs)
        else segment
        for segment, place in zip(segments, places, strict=True)
    )


def _segment(words: Sequence[Word], room_ms: int, task: Task, reading: Reading) -> Segment:
    window, start_ms, end_ms = task.window, words[0].start_ms, words[-1].end_ms
    text = "".join(word.text for word in words).strip()
    # Word times are good to a tenth of a second or two: what is shorter is judged with its neighbourhood.
    margin_ms = max(0, SHORTEST_JUDGED_MS - (end_ms - start_ms)) // 2
    left_ms, right_ms = start_ms - margin_ms, end_ms + margin_ms
    spoken_ms = sum(max(0, min(end, right_ms) - max(start, left_ms)) for start, end in window.speech)
    # The model's own score is that of the whole window; the words say how sure it is of this part.
    logprob = sum(math.log(max(word.probability, LEAST_PROBABILITY)) for word in words) / len(words)
    evidence = doubts.Evidence(
        text=text,
        room_ms=room_ms,
        avg_logprob=logprob,
        no_speech_prob=reading.no_speech_prob,
        speech=spoken_ms / (right_ms - left_ms),
        clearness=window.clearness(left_ms, right_ms),
        hint=task.hint,
    )
    return Segment(
        start_ms,
        end_ms,
        text,
        tuple(words),
        round(reading.avg_logprob, 4),
        round(reading.no_speech_prob, 4),
        round(doubts.compression(text), 4),
        reading.temperature,
        doubts.doubt(evidence),
        task.language if task.options.languages == "per-window" else "",
    )
