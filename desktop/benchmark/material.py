"""Speech with pauses, of any length and the same every time, put together from the program's samples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

Sound = npt.NDArray[np.float32]

RATE_HZ = 16_000
SAMPLES = ("demo-minute", "demo-pauses", "demo-short")
NOISE = 1e-4  # about -80 dB: what a quiet room leaves in a good recording
LONG_PAUSE = 0.12
CLIP_S = 5.0


class Material:
    """Sound files in one folder, each made when it is first asked for."""

    def __init__(self, samples: Path, folder: Path) -> None:
        self._samples = samples
        self._folder = folder
        self._sentences: list[Sound] = []

    def speech(self, seconds: float, seed: int = 0, kind: str = "flac") -> Path:
        """One file of so many seconds: sentences in any order, pauses of 0.3 to 12 s, louder and softer passages."""
        path = self._folder / f"speech-{seconds:g}s-{seed}.{kind}"
        if not path.exists():
            self._write(path, self._spoken(seed), round(seconds * RATE_HZ))
        return path

    def clips(self, count: int, seconds: float = CLIP_S) -> tuple[Path, ...]:
        """Many short files, each with another beginning of speech."""
        return tuple(self.speech(seconds, seed=1000 + number) for number in range(count))

    def _write(self, path: Path, pieces: Iterator[Sound], length: int) -> None:
        """Piece by piece, so that ten hours need no memory; the file has its name only when it is whole."""
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with soundfile.SoundFile(unfinished, "w", RATE_HZ, channels=1, format=path.suffix[1:].upper()) as file:
            while length > 0:
                piece = next(pieces)[:length]
                file.write(piece)
                length -= len(piece)
        unfinished.replace(path)

    def _spoken(self, seed: int) -> Iterator[Sound]:
        if not self._sentences:
            self._sentences = [sentence for name in SAMPLES for sentence in self._sentences_of(name)]
        random = np.random.default_rng(seed)
        while True:
            loudness = random.uniform(0.4, 1.0)
            for number in random.permutation(len(self._sentences)):
                pause_s = random.uniform(2.0, 12.0) if random.random() < LONG_PAUSE else random.uniform(0.3, 1.2)
                loudness = float(np.clip(loudness * random.uniform(0.9, 1.1), 0.4, 1.0))
                piece = np.concatenate([self._sentences[number] * loudness, np.zeros(int(pause_s * RATE_HZ))])
                noise = random.standard_normal(len(piece), np.float32) * NOISE
                yield np.clip(piece + noise, -1.0, 1.0).astype(np.float32)

    def _sentences_of(self, name: str) -> list[Sound]:
        sound, _rate_hz = soundfile.read(self._samples / f"{name}.flac", dtype="float32")
        said = json.loads((self._samples / f"{name}.json").read_text(encoding="utf-8"))["segments"]
        samples_per_ms = RATE_HZ // 1000
        return [sound[one["start_ms"] * samples_per_ms : one["end_ms"] * samples_per_ms] for one in said]
