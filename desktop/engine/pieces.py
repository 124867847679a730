"""Speech that still goes on, cut into pieces at pauses: soon enough to be read along, long enough to be understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.engine.speech import (
    PAD_FRAMES,
    SETTLED_FRAMES,
    Cutter,
    Frames,
    Window,
    best_cut,
    stretches_of,
)
from desktop.engine.voice import FRAME_MS, Probabilities, VoiceState

MOST_FRAMES = 20_000 // FRAME_MS
SILENT_FRAMES = 2000 // FRAME_MS
"""Silence of this length is done with: what has been heard moves on."""

Pauses = tuple[tuple[int, int], ...]
PAUSES: Pauses = ((4_000, 900), (8_000, 550), (14_000, 450), (20_000, 300))
"""Up to which length a piece ends only with a pause of which length, in milliseconds. The longer it is already, the
sooner it ends: short ones are understood less well, and somebody waits for the long ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Unfinished:
    """What of a track is in no piece yet."""

    number: int
    """How many pieces of this track have come before."""
    window: Window
    nothing_before_ms: int
    """Up to here nothing is said that is in no piece."""


class PieceCutter(Cutter):
    """Ends a window at the first pause that is long enough, or where it becomes too long.

    Where it ends depends on the sound alone, unless there is so much of it (`is_behind`) that longer pieces save work,
    or it stops coming.
    """

    is_behind = False
    count = 0

    def __init__(
        self,
        start_ms: int,
        vad: bool,
        voice: VoiceState | None = None,
        pauses: Pauses = PAUSES,
        most_frames: int = MOST_FRAMES,
    ) -> None:
        super().__init__(start_ms, vad, voice)
        self._pauses = pauses
        self._most = most_frames

    def stalled(self) -> Iterator[Window]:
        """No sound comes for a while: what was said is a piece, if anything was."""
        probabilities = self._sound.probabilities
        if stretches_of(probabilities):
            yield self._taken(len(probabilities))

    def unfinished(self) -> Unfinished:
        """What is left as it is now."""
        probabilities = self._sound.probabilities
        stretches = stretches_of(probabilities)
        silent = max(0, (stretches[0][0] if stretches else len(probabilities)) - PAD_FRAMES) if self._vad else 0
        window = self._sound.window(len(probabilities), self.start_ms, self._vad)
        return Unfinished(self.count, window, self.start_ms + silent * FRAME_MS)

    def _cut(self, probabilities: Probabilities, is_all: bool) -> int | None:
        count = len(probabilities)
        stretches = stretches_of(probabilities)
        if (stretches[0][0] if stretches else count) >= SILENT_FRAMES:
            return SILENT_FRAMES - PAD_FRAMES
        if not stretches:
            return count if is_all and count else None
        full = stretches[0][0] + self._most
        cut = _silent_cut(stretches, count) if self.is_behind else _paused_cut(stretches, count, self._pauses)
        if cut is not None and cut <= full:
            return cut
        if count >= full + SETTLED_FRAMES:
            known = probabilities[: full + SETTLED_FRAMES]
            return best_cut(known, stretches_of(known), full, self._vad)
        return count if is_all else None

    def _taken(self, cut: int) -> Window:
        self.count += 1
        return super()._taken(cut)


def _paused_cut(stretches: list[Frames], count: int, pauses: Pauses) -> int | None:
    """The middle of the first pause that ends a piece."""
    start = stretches[0][0]
    followers = [*(first for first, _last in stretches[1:]), count]
    for (_first, last), follower in zip(stretches, followers, strict=True):
        pause = _pause_frames(last - start, pauses)
        if follower - last >= pause:
            return last + pause // 2
    return None


def _silent_cut(stretches: list[Frames], count: int) -> int | None:
    """As `_paused_cut`, only where nobody speaks for long."""
    followers = [*(first for first, _last in stretches[1:]), count]
    ends = (
        last for (_first, last), follower in zip(stretches, followers, strict=True) if follower - last >= SILENT_FRAMES
    )
    end = next(ends, None)
    return None if end is None else end + SILENT_FRAMES // 2


def _pause_frames(length: int, pauses: Pauses) -> int:
    """How long a pause must be that ends a piece of so many frames."""
    return next((pause_ms for most_ms, pause_ms in pauses if length * FRAME_MS < most_ms), pauses[-1][1]) // FRAME_MS
