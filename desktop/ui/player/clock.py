"""A steady clock from the player's reports, which come a few to twenty times a second and each a little late."""

from __future__ import annotations

JUMP_MS = 300
"""A report that is so far from the clock means another place."""
STALE_S = 0.12
"""A report that is missing for so long means that the sound has stopped: a device may take a second to wake up."""
LONGEST_STEP_MS = 2000
"""The player reports once for each frame of the file: of FLAC in 8 kHz, every half second."""
PULL = 0.15
PULL_MS = 50
"""How much of a difference the reports of so long take away: they scatter by some 40 ms, the clock is not to."""


class PlayClock:
    """Where in the file the sound is, at any moment. While it runs it never goes back but for a jump."""

    def __init__(self) -> None:
        self._anchor_ms = 0.0
        self._anchor_s = 0.0
        self._told_ms = 0.0
        self._reported_s = 0.0
        self._reported_ms: float | None = None
        """The last report; None if there was none since it began to run."""
        self._step_ms = 0.0
        """From one report to the next."""
        self._rate = 0.0

    @property
    def is_running(self) -> bool:
        """Whether it moves."""
        return self._rate > 0

    def rest(self, at_ms: float) -> None:
        """Stand still at a time."""
        self._anchor_ms = self._told_ms = at_ms
        self._rate = 0.0

    def run(self, at_ms: float, rate: float, now_s: float) -> None:
        """Run from a time on, `rate` times as fast as other clocks."""
        self._anchor_ms = self._told_ms = at_ms
        self._anchor_s = self._reported_s = now_s
        self._reported_ms = None
        self._rate = rate

    def hear(self, reported_ms: float, now_s: float) -> None:
        """Take in a report of the player."""
        if not self.is_running:
            return
        ahead_ms = self._reached(now_s) - reported_ms
        step_ms = 0 if self._reported_ms is None else reported_ms - self._reported_ms
        if 0 < step_ms <= LONGEST_STEP_MS:
            self._step_ms = step_ms
        is_first = self._reported_ms is None
        if abs(ahead_ms) > JUMP_MS:
            self.run(reported_ms, self._rate, now_s)
        elif is_first and ahead_ms < 0:  # it has waited for the device
            self._anchor_ms, self._anchor_s = reported_ms, now_s
        else:
            left = (1 - PULL) ** max(1.0, step_ms / PULL_MS)
            self._anchor_ms, self._anchor_s = reported_ms + ahead_ms * left, now_s
        self._reported_ms, self._reported_s = reported_ms, now_s

    def at(self, now_s: float) -> float:
        """The time in the file."""
        if self.is_running:
            self._told_ms = max(self._told_ms, self._reached(now_s))
        return self._told_ms

    def _reached(self, now_s: float) -> float:
        due_s = 0.0 if self._reported_ms is None else self._step_ms / 1000 / self._rate
        return self._anchor_ms + 1000 * self._rate * (min(now_s, self._reported_s + due_s + STALE_S) - self._anchor_s)
