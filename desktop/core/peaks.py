"""How loud a file is all along its length, coarse and fine, so that its waveform is drawn from a few values a pixel."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

BIN_MS = 10
"""The finest value stands for so much sound."""
FACTOR = 4
"""Each level has one value for so many of the finer level."""
LEVELS = 6
PART_BINS = FACTOR ** (LEVELS - 1)
"""Parts hold so many of the finest values, one of the coarsest: then each level grows by whole values."""
PART_MS = PART_BINS * BIN_MS

TOP = 255
"""Values are 255 times the square root of the amplitude: eight bits then tell quiet speech from silence."""

SOUND_REACH_MS = 1000
"""How far around a place the quiet and the loud are looked for that belong to it."""
QUIET_SHARE = 0.3
"""What is quieter than this share of the way from the quietest to the loudest counts as quiet."""
LEAST_CONTRAST = 12
"""Where quiet and loud are no further apart than this, nothing begins or ends."""
LEAST_QUIET_BINS = 4
"""A shorter dip is the closure of a consonant, not a pause."""

_MAGIC = b"UTPEAKS1"
_HEAD = struct.Struct("<8sII")


@dataclass(frozen=True, slots=True)
class PeaksPart:
    """What follows the peaks known so far: for each level, finest first, the highest value and the mean power."""

    highs: tuple[bytes, ...]
    means: tuple[bytes, ...]


class Peaks:
    """The loudness of a file as far as it is known. The first value lies at 0 on the clock of the cues.

    It only ever grows: whoever draws it can keep what is drawn already.
    """

    def __init__(self) -> None:
        self._highs = [bytearray() for _ in range(LEVELS)]
        self._means = [bytearray() for _ in range(LEVELS)]
        self._loudest: int | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Peaks) and (self._highs, self._means) == (other._highs, other._means)

    __hash__ = None  # type: ignore[assignment]

    @property
    def length_ms(self) -> int:
        """How much sound is in it."""
        return len(self._highs[0]) * BIN_MS

    def add(self, part: PeaksPart) -> None:
        """Append what follows; every part but the last is whole."""
        for mine, more in ((self._highs, part.highs), (self._means, part.means)):
            for level, values in zip(mine, more, strict=True):
                level.extend(values)
        self._loudest = None

    def columns(self, start_ms: float, ms_per_column: float, count: int) -> list[tuple[int, int]]:
        """The highest value and the mean of each column from a time on, both 0 to 255; the list ends with the sound.

        No column looks at more than a handful of values, however much of the file it stands for.
        """
        level, bin_ms = 0, float(BIN_MS)
        while level + 1 < LEVELS and bin_ms * FACTOR <= ms_per_column:
            level, bin_ms = level + 1, bin_ms * FACTOR
        highs, means = self._highs[level], self._means[level]
        step = ms_per_column / bin_ms
        at = start_ms / bin_ms
        columns: list[tuple[int, int]] = []
        known = len(highs)
        if step <= 1:  # slices of one cost more than an index
            for column in range(count):
                place = int(at + column * step)
                if place >= known:
                    break
                columns.append((highs[place], means[place]) if place >= 0 else (0, 0))
            return columns
        first = int(at)
        for column in range(1, count + 1):
            last = int(at + column * step)
            if first >= known:
                break
            high, mean = highs[max(0, first) : max(0, last)], means[max(0, first) : max(0, last)]
            columns.append((max(high), sum(mean) // len(mean)) if high else (0, 0))
            first = last
        return columns

    def loudest(self) -> int:
        """The highest value of all but the rarest: a single click does not make everything else small."""
        if self._loudest is None:
            coarse = sorted(self._highs[LEVELS - 2])
            self._loudest = coarse[int(len(coarse) * 0.98)] if coarse else 0
        return self._loudest

    def edges(self, start_ms: int, end_ms: int) -> list[int]:
        """The times between two where it falls silent or begins to sound, in order."""
        first = max(0, (start_ms - SOUND_REACH_MS) // BIN_MS)
        means = self._means[0][first : (end_ms + SOUND_REACH_MS) // BIN_MS]
        if not means or max(means) - min(means) < LEAST_CONTRAST:
            return []
        threshold = min(means) + QUIET_SHARE * (max(means) - min(means))
        found = (BIN_MS * (first + place) for place in _turns([value > threshold for value in means]))
        return [at_ms for at_ms in found if start_ms <= at_ms <= end_ms]

    def to_bytes(self) -> bytes:
        """Its form as a file, which `from_bytes` reads."""
        body = b"".join(bytes(level) for kind in (self._highs, self._means) for level in kind)
        return _HEAD.pack(_MAGIC, len(self._highs[0]), zlib.crc32(body)) + body

    @classmethod
    def from_bytes(cls, content: bytes) -> Self | None:
        """The peaks of a file; None if it is of another version, cut off or damaged."""
        if len(content) < _HEAD.size:
            return None
        magic, bins, checksum = _HEAD.unpack_from(content)
        body = memoryview(content)[_HEAD.size :]
        sizes = [-(-bins // FACTOR**level) for level in range(LEVELS)]
        if magic != _MAGIC or len(body) != 2 * sum(sizes) or zlib.crc32(body) != checksum:
            return None
        peaks = cls()
        at = 0
        for kind in (peaks._highs, peaks._means):
            for level, size in zip(kind, sizes, strict=True):
                level.extend(body[at : at + size])
                at += size
        return peaks


def _turns(sounds: list[bool]) -> Iterator[int]:
    """The places where a pause begins or ends; dips that are too short are no pauses."""
    place = 0
    while place < len(sounds):
        end = place
        while end < len(sounds) and sounds[end] == sounds[place]:
            end += 1
        if not sounds[place] and end - place >= LEAST_QUIET_BINS:
            if place > 0:
                yield place
            if end < len(sounds):
                yield end
        place = end
