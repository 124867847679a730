"""What is said in a recording, with its marks and gaps, in the order of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from desktop.core.events import Preview
from desktop.core.recording import Gap, Mark
from desktop.core.transcript import Segment


class Kind(IntEnum):
    """What a line is; in this order where several are of one moment."""

    GAP = 0
    SAID = 1
    MARK = 2
    PREVIEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of text, a mark or a gap."""

    kind: Kind
    at_ms: int
    text: str = ""
    speaker: str = ""
    end_ms: int = 0
    gap: Gap | None = None
    stable: int = 0
    """So many characters of a guess will not change any more."""


class Script:
    """The lines of one recording. What is certain stays in order of time; what is a guess comes last."""

    def __init__(self) -> None:
        self._said: list[Line] = []
        self._signs: list[Line] = []
        self._previews: dict[str, Line] = {}
        self._lines: tuple[Line, ...] | None = ()

    def hear(self, position: int, segments: Sequence[Segment]) -> None:
        """Segments from this position on; a guess that begins before their end is over."""
        self._said[position:] = [
            Line(Kind.SAID, one.start_ms, one.text.strip(), one.speaker, one.end_ms) for one in segments
        ]
        for line in self._said[position:]:
            guess = self._previews.get(line.speaker)
            if guess and line.end_ms > guess.at_ms:
                del self._previews[line.speaker]
        self._lines = None

    def guess(self, preview: Preview) -> None:
        """What a speaker is saying just now; no text means nothing."""
        self._previews.pop(preview.speaker, None)
        if text := preview.text.strip():
            stable = max(0, preview.stable - preview.text.index(text))
            self._previews[preview.speaker] = Line(
                Kind.PREVIEW, preview.start_ms, text, preview.speaker, stable=min(stable, len(text))
            )
        self._lines = None

    def mark(self, mark: Mark) -> None:
        """A moment that was flagged."""
        self._sign(Line(Kind.MARK, mark.at_ms, mark.text.strip()))

    def miss(self, gap: Gap) -> None:
        """Sound that is not there."""
        self._sign(Line(Kind.GAP, gap.at_ms, gap=gap))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything, first to last."""
        if self._lines is None:
            sure = sorted((*self._said, *self._signs), key=_place)
            self._lines = (*sure, *sorted(self._previews.values(), key=_place))
        return self._lines

    def last_words(self, most: int) -> tuple[str, str]:
        """The end of what is certain and the guess after it, at most so many characters together."""
        guess = _end_of(" ".join(line.text for line in self._previews.values()), most)
        sure, room = "", most - len(guess)
        for line in reversed(self._said):
            if len(sure) >= room:
                break
            sure = f"{line.text} {sure}".strip()
        return _end_of(sure, room), guess

    def _sign(self, line: Line) -> None:
        self._signs.insert(bisect_right([one.at_ms for one in self._signs], line.at_ms), line)
        self._lines = None


def _place(line: Line) -> tuple[int, int]:
    return line.at_ms, line.kind


def _end_of(text: str, most: int) -> str:
    """The last words that fit."""
    if len(text) <= most:
        return text
    cut = text[max(0, len(text) - most) :] if most > 0 else ""
    return cut.split(" ", 1)[-1] if " " in cut else cut
