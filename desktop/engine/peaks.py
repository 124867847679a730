"""The peaks of a file, part by part while it is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop.core.peaks import BIN_MS, FACTOR, LEVELS, PART_BINS, TOP, PeaksPart
from desktop.core.ports import Stopped
from desktop.engine.media import SAMPLES_PER_MS, MediaFile, Samples

BIN_SAMPLES = BIN_MS * SAMPLES_PER_MS
PART_SAMPLES = PART_BINS * BIN_SAMPLES

Values = npt.NDArray[np.float32]


def peaks(source: Path, track: int, stopped: Callable[[], bool] = lambda: False) -> Iterator[PeaksPart]:
    """All parts of the peaks of one sound track, on the clock of the picture. Raises AppError, or Stopped.

    Sound that starts later than the picture has silence before it.
    """
    with MediaFile(source, track) as file:
        file.prove()
        waiting = [np.zeros(file.start_offset_ms() * SAMPLES_PER_MS, np.float32)]
        length = len(waiting[0])
        for block in file.blocks():
            waiting.append(block)
            length += len(block)
            if length < PART_SAMPLES:
                continue
            sound = np.concatenate(waiting)
            whole = len(sound) // PART_SAMPLES * PART_SAMPLES
            for at in range(0, whole, PART_SAMPLES):
                if stopped():
                    raise Stopped
                yield part_of(sound[at : at + PART_SAMPLES])
            waiting, length = [sound[whole:]], len(sound) - whole
        rest = np.concatenate(waiting)
        if len(rest):
            yield part_of(rest)


def part_of(sound: Samples) -> PeaksPart:
    """The peaks of some sound; what is left over at the end is one more value at each level."""
    sound = _filled(sound, BIN_SAMPLES).reshape(-1, BIN_SAMPLES)
    high: Values = np.abs(sound).max(axis=1)
    power: Values = np.einsum("ij,ij->i", sound, sound) / BIN_SAMPLES
    highs, means = [_packed(high)], [_packed(np.sqrt(power))]
    for _level in range(1, LEVELS):
        high = _filled(high, FACTOR).reshape(-1, FACTOR).max(axis=1)
        power = _filled(power, FACTOR).reshape(-1, FACTOR).mean(axis=1)
        highs.append(_packed(high))
        means.append(_packed(np.sqrt(power)))
    return PeaksPart(tuple(highs), tuple(means))


def _packed(amplitudes: Values) -> bytes:
    return bytes(np.rint(TOP * np.sqrt(np.clip(amplitudes, 0, 1))).astype(np.uint8))


def _filled(values: Values, to: int) -> Values:
    missing = -len(values) % to
    return np.pad(values, (0, missing)) if missing else values
