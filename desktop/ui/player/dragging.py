"""What the pointer takes hold of in a waveform, and the step that letting go makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto

from desktop.core.document import Edit, Splice
from desktop.core.editing import SHORTEST_MS, retimed
from desktop.core.i18n import mark
from desktop.core.transcript import Segment, Transcript


class Hold(Enum):
    """What of a segment is held."""

    START = auto()
    END = auto()
    SEAM = auto()  # the end of one that is the start of the next
    WHOLE = auto()


@dataclass(frozen=True, slots=True)
class Grip:
    """What is held: `at` is the position of the segment, at a seam that of the one before it."""

    hold: Hold
    at: int

    def edges(self, transcript: Transcript) -> tuple[int, ...]:
        """The times that move with it."""
        one = transcript.segments[self.at]
        match self.hold:
            case Hold.START:
                return (one.start_ms,)
            case Hold.WHOLE:
                return (one.start_ms, one.end_ms)
            case _:
                return (one.end_ms,)


def dragged(transcript: Transcript, grip: Grip, by_ms: int) -> Edit:
    """The step that moves what is held by so much, as far as there is room."""
    one = transcript.segments[grip.at]
    match grip.hold:
        case Hold.START:
            return retimed(transcript, grip.at, one.start_ms + by_ms, one.end_ms)
        case Hold.END:
            return retimed(transcript, grip.at, one.start_ms, one.end_ms + by_ms)
        case Hold.SEAM:
            return _seam_moved(transcript, grip.at, one.end_ms + by_ms)
        case Hold.WHOLE:
            return _moved(transcript, grip.at, by_ms)


def snapped(edges_ms: Iterable[int], by_ms: int, targets_ms: Iterable[int], reach_ms: float) -> tuple[int, int | None]:
    """How far to move so that an edge meets the nearest target within reach, and that target."""
    best: tuple[float, int, int | None] = (reach_ms, by_ms, None)
    targets = list(targets_ms)
    for edge in edges_ms:
        for target in targets:
            away = abs(edge + by_ms - target)
            if away < best[0]:
                best = (away, target - edge, target)
    return best[1], best[2]


def _seam_moved(transcript: Transcript, at: int, to_ms: int) -> Edit:
    left, right = transcript.segments[at : at + 2]
    to_ms = min(max(to_ms, left.start_ms + SHORTEST_MS), right.end_ms - SHORTEST_MS)
    if not left.start_ms < to_ms < right.end_ms:
        return Edit(mark("Change times"), ())
    pieces = (_alone(left, left.start_ms, to_ms), _alone(right, to_ms, right.end_ms))
    return Edit(mark("Change times"), (Splice(at, (left, right), pieces),))


def _alone(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    """The segment at another place, as if it had no neighbours."""
    return retimed(Transcript((segment,)), 0, start_ms, end_ms).splices[0].inserted[0]


def _moved(transcript: Transcript, at: int, by_ms: int) -> Edit:
    """The segment elsewhere with all its words: its text was at the wrong place."""
    one = transcript.segments[at]
    least_ms = transcript.segments[at - 1].end_ms if at else 0
    most_ms = transcript.segments[at + 1].start_ms if at + 1 < len(transcript.segments) else None
    if by_ms < 0:
        by_ms = min(max(by_ms, least_ms - one.start_ms), 0)
    elif most_ms is not None:
        by_ms = max(min(by_ms, most_ms - one.end_ms), 0)
    words = tuple(replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in one.words)
    moved = replace(one, start_ms=one.start_ms + by_ms, end_ms=one.end_ms + by_ms, words=words)
    return Edit(mark("Move"), (Splice(at, (one,), (moved,)),))
