"""A sound server of its own without any hardware, what is played through it, and how that is listened to."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.sound_daemon import open_sound_daemon

RATE_HZ = 48_000
TOOLS = ("pulseaudio", "parec", "pactl")

SCENARIO = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication
app = QApplication([])
from desktop.ui.player.playback import Playback
playback, told = Playback(), []
playback.failed.connect(lambda error: told.append(["failed", type(error).__name__]))
playback.position_changed.connect(lambda ms: told.append([time.monotonic(), ms]))
playback.open(Path(sys.argv[1]))
steps = json.loads(sys.argv[2])
for at_ms, call in steps:
    QTimer.singleShot(at_ms, lambda call=call: eval(call, {"playback": playback}))
QTimer.singleShot(int(sys.argv[3]), app.quit)
app.exec()
playback.close()
print(json.dumps(told))
"""


@dataclass
class Recording:
    """What came out of the speakers, and what the player said meanwhile."""

    sound: np.ndarray
    began_s: float
    """The time of the first sample on the clock of `time.monotonic`."""
    told: list[list[Any]]

    def tones(self, window_s: float = 0.02) -> Iterator[tuple[float, float]]:
        """The time and the frequency of every piece of so many seconds that is no silence."""
        size = int(window_s * RATE_HZ)
        shape, length = np.hanning(size), 1 << 14
        for at in range(0, len(self.sound) - size, size // 4):
            piece = self.sound[at : at + size]
            if np.abs(piece).max() < 0.02:
                continue
            power = np.abs(np.fft.rfft(piece * shape, length))
            top = int(power.argmax())
            if 0 < top < len(power) - 1:
                left, middle, right = power[top - 1 : top + 2]
                yield (
                    self.began_s + (at + size / 2) / RATE_HZ,
                    (top + 0.5 * (left - right) / (left - 2 * middle + right)) * (RATE_HZ / length),
                )


@dataclass
class Speakers:
    """A sound server with a sink that goes nowhere."""

    server: str
    folder: Path
    _chunks: list[tuple[float, bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PULSE_SERVER": self.server, "QT_QPA_PLATFORM": "offscreen"}

    def play(self, source: Path, steps: list[tuple[int, str]], length_ms: int) -> Recording:
        """Run a player of its own process through these steps, each after so many milliseconds, and listen."""
        self._chunks = []
        recorder = subprocess.Popen(
            [
                "parec",
                "-d",
                "speakers.monitor",
                "--format=s16le",
                f"--rate={RATE_HZ}",
                "--channels=1",
                "--latency-msec=5",
            ],
            stdout=subprocess.PIPE,
            env=self.environment,
        )
        listener = threading.Thread(target=self._listen, args=(recorder,))
        listener.start()
        try:
            said = subprocess.run(
                [sys.executable, "-c", SCENARIO, str(source), json.dumps(steps), str(length_ms)],
                env=self.environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
        finally:
            recorder.kill()
            recorder.wait()
            listener.join()
        assert said.stderr == ""
        counts = np.cumsum([len(chunk) // 2 for _when, chunk in self._chunks])
        began_s = min(when - count / RATE_HZ for (when, _chunk), count in zip(self._chunks, counts, strict=True))
        sound = np.frombuffer(b"".join(chunk for _when, chunk in self._chunks), np.int16) / 32768
        return Recording(sound, float(began_s), json.loads(said.stdout))

    def _listen(self, recorder: subprocess.Popen[bytes]) -> None:
        assert recorder.stdout
        while chunk := recorder.stdout.read1(4096):  # type: ignore[attr-defined]
            self._chunks.append((time.monotonic(), chunk))
        recorder.stdout.close()


@contextlib.contextmanager
def open_speakers(folder: Path) -> Iterator[Speakers]:
    """Start the server, and end it."""
    with open_sound_daemon(folder) as daemon:
        daemon.load(f"module-null-sink sink_name=speakers rate={RATE_HZ}")
        yield Speakers(daemon.address, folder)
