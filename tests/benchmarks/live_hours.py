"""A recording of hours, heard as it grows at many times real time: memory of the engine, and that nothing is lost.

python -m tests.benchmarks.live_hours [HOURS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import soundfile

from desktop.benchmark.models import Wanted
from desktop.benchmark.task import CTRANSLATE2
from desktop.core import events
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine.child import child_at_once
from desktop.engine.client import EngineClient
from desktop.engine.models import Models
from tests.tapes import Tape

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
RATE_HZ = 16_000
HOUR_MS = 3_600_000
AHEAD_MS = 120_000
"""The recording is at most so far ahead of what is heard: it is always at hand, and never whole."""


def main() -> None:
    """Print memory and time at each hour."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = Wanted("micro", CTRANSLATE2, True).make(folder / "models")
        client = EngineClient(Models(folder / "models", folder), child_at_once)
        options = Options(model=str(model), language="en", temperatures=(0.0,), max_new_tokens=12, device="cpu")
        client.prove(str(model), options, threading.Event(), is_live=True)
        heard = Place()
        recorder = threading.Thread(target=record, args=(folder / "long.mka", hours, heard), daemon=True)
        recorder.start()
        heard.begun.wait()
        follow(client, Work(folder / "long.mka", options, is_growing=True), heard)
        recorder.join()
        client.close()


class Place:
    """How far the engine is, for the recorder to wait for."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._moved = threading.Condition()
        self._at_ms = 0

    def move(self, at_ms: int) -> None:
        """It is there."""
        with self._moved:
            self._at_ms = max(self._at_ms, at_ms)
            self._moved.notify_all()

    def wait_for(self, at_ms: int) -> None:
        """Until it is there."""
        with self._moved:
            self._moved.wait_for(lambda: self._at_ms >= at_ms)


def record(path: Path, hours: float, heard: Place) -> None:
    """Speech with pauses of 0.3 to 20 s, ten seconds at a time."""
    at_ms = 0
    with Tape(path) as tape:
        heard.begun.set()
        for piece in speech(hours):
            tape.write(piece)
            at_ms += len(piece) * 1000 // RATE_HZ
            heard.wait_for(at_ms - AHEAD_MS)


def speech(hours: float) -> Iterator[np.ndarray]:
    """The sound."""
    said = [soundfile.read(SAMPLES / f"demo-{one}.flac", dtype="float32")[0] for one in ("minute", "pauses", "short")]
    dice, left = random.Random(4), round(hours * 3600 * RATE_HZ)
    while left > 0:
        whole = np.concatenate([dice.choice(said), np.zeros(int(dice.uniform(0.3, 20) * RATE_HZ), np.float32)])[:left]
        left -= len(whole)
        for at in range(0, len(whole), 10 * RATE_HZ):
            yield whole[at : at + 10 * RATE_HZ]


def follow(client: EngineClient, work: Work, heard: Place) -> None:
    """Hear it to its end."""
    began, mark_ms, covered_ms, gaps, segments = time.monotonic(), HOUR_MS // 4, 0, 0, 0
    engine = psutil.Process(client.child_pid)
    for news in client.transcribe(work, threading.Event()):
        if isinstance(news, events.Heard):
            for part in news.parts:
                gaps += part.start_ms != covered_ms
                covered_ms = part.end_ms
            segments += len(news.segments)
            heard.move(news.heard_ms)
            if news.heard_ms >= mark_ms:
                took_s = time.monotonic() - began
                size = engine.memory_info().rss >> 20
                print(f"{news.heard_ms / HOUR_MS:5.2f} h after {took_s:5.0f} s: engine {size} MB", flush=True)
                mark_ms += HOUR_MS // 4 if mark_ms < HOUR_MS else HOUR_MS
    print(f"{segments} segments; map to {covered_ms / HOUR_MS:.2f} h, {gaps} gaps in it")


if __name__ == "__main__":
    main()
