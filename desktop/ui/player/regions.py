"""The segments of a transcript by their place in time: which are in view, and what the pointer means."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from desktop.core.transcript import Transcript
from desktop.ui.player.dragging import Grip, Hold


class Regions:
    """All segments of one transcript. Some may lie over others, as imported ones do."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self._starts = [one.start_ms for one in transcript.segments]
        self._reaches = list(accumulate((one.end_ms for one in transcript.segments), max))

    def between(self, start_ms: float, end_ms: float) -> range:
        """The positions of those that may be seen between two times."""
        return range(bisect_left(self._reaches, start_ms), bisect_right(self._starts, end_ms))

    def at(self, ms: float) -> int | None:
        """The position of the one at a time; the last of several."""
        segments = self.transcript.segments
        return next((one for one in reversed(self.between(ms, ms)) if segments[one].end_ms > ms), None)

    def grip(self, ms: float, reach_ms: float, splits_seams: bool = False) -> Grip | None:
        """What the pointer takes hold of: the edge within reach, else the segment under it.

        Where one ends as the next starts, both are held, or with `splits_seams` only the one under the pointer.
        """
        near = self._edges(ms, reach_ms)
        if not near:
            inside = self.at(ms)
            return None if inside is None else Grip(Hold.WHOLE, inside)
        away, hold, at = min(near, key=lambda one: abs(one[0]))
        segments = self.transcript.segments
        before = at - 1 if hold is Hold.START else at
        touches = 0 <= before < len(segments) - 1 and segments[before].end_ms == segments[before + 1].start_ms
        if touches and not splits_seams:
            return Grip(Hold.SEAM, before)
        if touches:
            return Grip(Hold.START, before + 1) if away <= 0 else Grip(Hold.END, before)
        return Grip(hold, at)

    def _edges(self, ms: float, reach_ms: float) -> list[tuple[float, Hold, int]]:
        """The edges within reach: how far each lies from the pointer, whose and which it is.

        In the middle third of a segment that is only a few pixels wide the pointer means the segment.
        """
        found: list[tuple[float, Hold, int]] = []
        for at in self.between(ms - reach_ms, ms + reach_ms):
            one = self.transcript.segments[at]
            inside = min(reach_ms, (one.end_ms - one.start_ms) / 3)
            if -reach_ms <= ms - one.start_ms <= inside:
                found.append((one.start_ms - ms, Hold.START, at))
            if -inside <= ms - one.end_ms <= reach_ms:
                found.append((one.end_ms - ms, Hold.END, at))
        return found
