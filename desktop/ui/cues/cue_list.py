"""The cues of a transcript with their problems, kept up with every edit at the cost of what it touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop.core.cues import Composer, Cue
from desktop.core.problems import OVERLAP, Problem, problems
from desktop.core.rules import DEFAULT, Rules
from desktop.core.transcript import Transcript

FIRST_PIECE = 200
PIECE = 1_000


class CueList:
    """What was composed last. A long transcript may be composed piece by piece, from its start."""

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self.rules = rules
        self.cues: Sequence[Cue] = ()
        self.problems: Sequence[Problem] = ()
        self._composer = Composer(rules)

    def compose(self, transcript: Transcript, up_to: int | None = None) -> None:
        """Bring both lists up to date, with the first segments alone if `up_to` says so."""
        if up_to is not None and up_to < len(transcript.segments):
            transcript = replace(transcript, segments=transcript.segments[:up_to])
        before, self.cues = self.cues, self._composer.compose(transcript)
        self.problems = self._found(before)

    def pieces(self, transcript: Transcript) -> Iterator[int]:
        """Compose the whole piece by piece; each yields how many segments are done."""
        up_to = 0
        while up_to < len(transcript.segments):
            up_to = beyond(up_to)
            self.compose(transcript, up_to)
            yield up_to

    def _found(self, before: Sequence[Cue]) -> Sequence[Problem]:
        """The problems; only cues that differ from those before, and the ones beside them, are looked at."""
        cues, rules = self.cues, self.rules
        first, last, last_before = differing(before, cues)
        if first == last == last_before:
            return self.problems
        start, stop = max(0, first - 1), min(len(cues), last + 1)
        found = [replace(one, cue=one.cue + start) for one in problems(cues[start:stop], rules)]
        if any(one.code == OVERLAP for one in (*self.problems, *found)):
            return problems(cues, rules)  # such cues reach beyond their neighbours
        more = len(cues) - len(before)
        head = [one for one in self.problems if one.cue < start]
        tail = [replace(one, cue=one.cue + more) for one in self.problems if one.cue >= last_before]
        near = [one for one in found if one.cue < last]
        return [*head, *near, *tail]


def beyond(segments: int) -> int:
    """How many segments are composed next: a screen full, then as many as a moment allows."""
    return segments + PIECE if segments else FIRST_PIECE


def differing(before: Sequence[Cue], after: Sequence[Cue]) -> tuple[int, int, int]:
    """Where two lists differ: the first row, and the row behind the last one, after and before."""
    short = min(len(before), len(after))
    first = 0
    while first < short and looks_like(before[first], after[first]):
        first += 1
    tail = 0
    while tail < short - first and looks_like(before[-1 - tail], after[-1 - tail]):
        tail += 1
    return first, len(after) - tail, len(before) - tail


def looks_like(one: Cue, other: Cue) -> bool:
    """Whether two cues are the same to the reader; their places in the transcript may differ."""
    return one is other or (
        (one.start_ms, one.end_ms, one.lines, one.speaker, one.is_pinned)
        == (other.start_ms, other.end_ms, other.lines, other.speaker, other.is_pinned)
    )
