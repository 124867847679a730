"""Times that fall on the frames of a picture: 23.976, 24, 25, 29.97 or 30 of them a second."""

from __future__ import annotations

FRAME_RATES = (23.976, 24.0, 25.0, 29.97, 30.0)

# Television rates are a thousandth slower than they say: 24000 frames in 1001 seconds.
_EXACT = {23.976: (24_000, 1_001), 29.97: (30_000, 1_001)}


class Frames:
    """The frames of one rate, counted from zero. Each begins at a whole millisecond, the one nearest to its time."""

    def __init__(self, rate: float) -> None:
        self._frames, seconds = _EXACT.get(rate, (round(rate * 1_000), 1_000))
        self._ms = seconds * 1_000

    def at_ms(self, frame: int) -> int:
        """When a frame begins."""
        return (2 * frame * self._ms + self._frames) // (2 * self._frames)

    def shown_at(self, at_ms: int) -> int:
        """The frame that is shown at this time: the last one that has begun."""
        frame = at_ms * self._frames // self._ms
        return frame + 1 if self.at_ms(frame + 1) <= at_ms else frame - (self.at_ms(frame) > at_ms)

    def not_before(self, at_ms: int) -> int:
        """The first frame that begins at this time or later."""
        frame = self.shown_at(at_ms)
        return frame + (self.at_ms(frame) < at_ms)

    def down_ms(self, at_ms: int) -> int:
        """The time itself if a frame begins there, else when the one before it began."""
        return self.at_ms(self.shown_at(at_ms))

    def up_ms(self, at_ms: int) -> int:
        """The time itself if a frame begins there, else when the next one begins."""
        return self.at_ms(self.not_before(at_ms))

    def moved_ms(self, at_ms: int, frames: int) -> int:
        """As many frames later than the one shown at this time; earlier if negative."""
        return self.at_ms(self.shown_at(at_ms) + frames)

    def count(self, length_ms: int) -> int:
        """How many frames last at least so long."""
        return -(-length_ms * self._frames // self._ms)
