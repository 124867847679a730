"""Sound files for the tests, made of the samples that ship with the program."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import soundfile

from tests.conftest import SAMPLES

RATE_HZ = 16_000


def samples_of(name: str) -> np.ndarray:
    """One of the samples as float32."""
    sound, rate_hz = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32")
    assert rate_hz == RATE_HZ
    return sound


def said_in(name: str) -> str:
    """What is said in a sample."""
    segments = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["segments"]
    return " ".join(segment["text"] for segment in segments)


def plain(text: str) -> str:
    """Lower case, words only: for word error rates."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def write_sound(path: Path, sound: np.ndarray, rate_hz: int = RATE_HZ, **how: str) -> Path:
    """A file in the format that its name says."""
    soundfile.write(path, sound, rate_hz, **how)
    return path


def long_sound(path: Path, seconds: int) -> Path:
    """Speech with pauses, as long as wanted, the same every time."""
    piece = np.concatenate([samples_of("demo-minute"), samples_of("demo-pauses")])
    return write_sound(path, np.resize(piece, seconds * RATE_HZ))


def with_ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg; a failure of it is a failure of the test."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)
