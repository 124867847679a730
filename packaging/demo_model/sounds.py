"""What else is heard: noise, tones, music-like sounds, and the room that everything sounds in."""

import numpy as np

from demo_model.speech import RATE_HZ, Samples

Random = np.random.Generator
KINDS = ("zeros", "white", "pink", "brown", "hum", "tone", "sweep", "melody", "clicks")
_SLOPES = {"white": 0.0, "pink": 0.5, "brown": 1.0}
_SCALE = 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12]) / 12)


def other_sound(random: Random, count: int, kind: str = "") -> Samples:
    """`count` samples without speech, with an effective value of 1 (but for zeros), of a kind or of any."""
    kind = kind or str(random.choice(KINDS))
    if kind == "zeros":
        return np.zeros(count, np.float32)
    sound = noise(random, count, kind) if kind in _SLOPES else _MAKERS[kind](random, count)
    return (sound / (np.sqrt(np.mean(np.square(sound))) + 1e-9)).astype(np.float32)


def noise(random: Random, count: int, kind: str) -> Samples:
    """White, pink or brown noise."""
    if kind == "white":
        return random.standard_normal(count, np.float32)
    size = _fast_size(count)
    spectrum = random.standard_normal(size + 2, np.float32).view(np.complex64)
    spectrum /= np.maximum(np.arange(len(spectrum), dtype=np.float32), 1) ** np.float32(_SLOPES[kind])
    return np.fft.irfft(spectrum, size)[:count]


def room(random: Random) -> Samples:
    """How a click sounds in a small or middle-sized room: the direct sound, then echoes that die away."""
    fade_s = random.uniform(0.05, 0.4)
    times = np.arange(round(fade_s * RATE_HZ)) / RATE_HZ
    echoes = random.standard_normal(len(times), np.float32) * np.exp(-6.9 * times / fade_s)
    echoes *= random.uniform(0.1, 0.8) / (np.sqrt(np.sum(np.square(echoes))) + 1e-9)
    echoes[: round(random.uniform(0.001, 0.01) * RATE_HZ)] = 0
    echoes[0] = 1.0
    return echoes.astype(np.float32)


def in_room(samples: Samples, response: Samples) -> Samples:
    """The sound as it is heard in the room, as long as before."""
    size = _fast_size(len(samples) + len(response))
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
    return heard[: len(samples)].astype(np.float32)


def _fast_size(count: int) -> int:
    """A power of two: other lengths can take the transform a hundred times as long."""
    return 1 << (count - 1).bit_length()


def _hum(random: Random, count: int) -> Samples:
    mains = random.choice((50.0, 60.0)) * random.uniform(0.99, 1.01)
    return sum(_wave(count, mains * overtone, random) / overtone for overtone in range(1, 8))


def _tone(random: Random, count: int) -> Samples:
    return _wave(count, np.exp(random.uniform(np.log(60), np.log(6000))), random)


def _sweep(random: Random, count: int) -> Samples:
    lowest, highest = np.sort(np.exp(random.uniform(np.log(80), np.log(6000), 2)))
    times = np.arange(count) / RATE_HZ
    turns = 0.5 - 0.5 * np.cos(2 * np.pi * times * random.uniform(0.05, 1.0))
    return np.sin(2 * np.pi * np.cumsum(lowest + (highest - lowest) * turns) / RATE_HZ)


def _melody(random: Random, count: int) -> Samples:
    """Notes of a scale with overtones, one or several at a time."""
    sound, at = np.zeros(count, np.float32), 0
    root, beat_s = random.uniform(80, 400), random.uniform(0.12, 0.9)
    fade, voices = random.uniform(1, 8), random.integers(1, 4)
    while at < count:
        length = min(count - at, round(RATE_HZ * beat_s * random.choice((1, 1, 2, 3))))
        times = np.arange(length, dtype=np.float32) / RATE_HZ
        for _ in range(voices):
            pitch = root * random.choice(_SCALE) * random.choice((1, 1, 2))
            for overtone in range(1, 6):
                loudness = np.exp(-fade * times) / np.float32(overtone)
                sound[at : at + length] += np.sin(np.float32(2 * np.pi * pitch * overtone) * times) * loudness
        at += length
    return sound


def _clicks(random: Random, count: int) -> Samples:
    sound = np.zeros(count)
    for at in random.integers(0, count, max(1, round(count / RATE_HZ * random.uniform(0.5, 12)))):
        burst = random.standard_normal(min(count - at, random.integers(20, 1200)))
        sound[at : at + len(burst)] += burst * np.exp(-np.arange(len(burst)) / random.uniform(10, 300))
    return sound


def _wave(count: int, pitch_hz: float, random: Random) -> Samples:
    turns = pitch_hz / RATE_HZ * np.arange(count) + random.uniform()
    return np.sin((2 * np.pi * (turns % 1.0)).astype(np.float32))


_MAKERS = {"hum": _hum, "tone": _tone, "sweep": _sweep, "melody": _melody, "clicks": _clicks}
