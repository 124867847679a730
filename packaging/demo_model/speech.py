"""What a synthesiser says: samples at 16 kHz, and when each word and each phone is spoken."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 16_000
WINDOW_S = 30.0
"""What Whisper hears at a time."""
SILENCE = ""
"""The phone of a pause."""
_SOUND_LEVEL = 0.01
_MARGIN = RATE_HZ // 40

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Speech:
    """One sentence as it sounds; all times in seconds from its first sample."""

    samples: Samples
    words: tuple[tuple[float, float], ...]
    """Start and end of each word of the text."""
    phones: tuple[tuple[float, str], ...]
    """Start and name of each phone, in order; each lasts until the next."""

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return len(self.samples) / RATE_HZ

    def trimmed(self) -> "Speech":
        """Without the silence before and after, but for a fortieth of a second."""
        loud = np.flatnonzero(np.abs(self.samples) > _SOUND_LEVEL)
        if not len(loud):
            return self
        first = max(0, int(loud[0]) - _MARGIN)
        last = min(len(self.samples), int(loud[-1]) + _MARGIN)
        shift, end = first / RATE_HZ, (last - first) / RATE_HZ
        words = tuple((_within(a - shift, end), _within(b - shift, end)) for a, b in self.words)
        phones = tuple((_within(at - shift, end), name) for at, name in self.phones)
        return Speech(self.samples[first:last], words, phones)

    def stretched(self, factor: float) -> "Speech":
        """Played slower by `factor`: all frequencies fall, as if the mouth were larger."""
        samples = resampled(self.samples, round(len(self.samples) * factor))
        words = tuple((a * factor, b * factor) for a, b in self.words)
        return Speech(samples, words, tuple((at * factor, name) for at, name in self.phones))


def resampled(samples: Samples, length: int) -> Samples:
    """The same sound in `length` samples, band-limited, by its spectrum."""
    if length == len(samples):
        return samples
    spectrum, kept = np.fft.rfft(samples), np.zeros(length // 2 + 1, complex)
    size = min(len(spectrum), len(kept))
    kept[:size] = spectrum[:size]
    return (np.fft.irfft(kept, length) * (length / len(samples))).astype(np.float32)


def _within(seconds: float, end: float) -> float:
    return min(max(seconds, 0.0), end)
