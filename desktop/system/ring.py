"""What a device delivers, kept until the writer takes it: one hand writes, another reads, and neither ever waits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop.system.clock import Clock

Block = npt.NDArray[Any]
"""Samples by channels: int16, or int32 for devices that measure more finely."""


class Ring:
    """Made once, with room for some seconds; nothing is allocated while sound comes.

    When it is full, what comes is counted as lost, and everything after it too until the reader has come to the place:
    so the loss is one hole, of which the reader learns exactly where it is and how long.
    """

    def __init__(self, room: int, channels: int, rate_hz: int, dtype: str, clock: Clock) -> None:
        """`room` is in samples of each channel."""
        self._clock = clock
        self._blocks = np.zeros((room, channels), dtype)
        self._room = room
        self._rate_hz = rate_hz
        self._arrived = 0
        self._written = 0
        self._lost = 0
        self._read = 0
        self._lost_told = 0
        self._earliest_s = math.inf
        self.first_s: float | None = None
        """When something came for the first time."""
        self.last_s = 0.0
        """When something came last."""

    def write(self, block: Block) -> None:
        """Called by the device, on its thread: copies, looks at the clock, and does nothing else."""
        now_s = self._clock.now_s()
        count = len(block)
        self._arrived += count
        self._earliest_s = min(self._earliest_s, now_s - self._arrived / self._rate_hz)
        self.first_s = now_s if self.first_s is None else self.first_s
        self.last_s = now_s
        if self._lost != self._lost_told or count > self._room - (self._written - self._read):
            self._lost += count
            return
        at = self._written % self._room
        head = min(count, self._room - at)
        self._blocks[at : at + head] = block[:head]
        self._blocks[: count - head] = block[head:]
        self._written += count  # last: what the reader sees is there

    def read(self) -> tuple[Block, int]:
        """All that has come, and how many samples are lost after it."""
        lost = self._lost  # first: what is lost came after all that is there
        at = self._read % self._room
        count = self._written - self._read
        head = min(count, self._room - at)
        block = np.concatenate((self._blocks[at : at + head], self._blocks[: count - head]))
        gone = lost - self._lost_told
        self._read += count
        self._lost_told = lost
        return block, gone

    @property
    def arrived(self) -> int:
        """How many samples have come, lost or not."""
        return self._arrived

    def earliest_s(self) -> float:
        """When its first sample would have come at the latest, judged by the earliest delivery since last asked."""
        earliest_s, self._earliest_s = self._earliest_s, math.inf
        return earliest_s

    def first_sample_s(self) -> float:
        """As `earliest_s`, which can still be asked."""
        return self._earliest_s
