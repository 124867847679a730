"""Samples lost while both cores are kept busy, and memory over hours.

The first is real: a counted signal goes through a sound server, PortAudio and the recorder's own process into a file.
The second runs the recorder against a clock that is turned by hand, so that hours pass in minutes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

from desktop.core.recording import Status
from tests.journeys.sound_server import RATE, counted, numbers_in, open_sound_server, recorded
from tests.system.room import MIC, SPEAKERS, Room, Source, running

LEAD_S = 2.0
AHEAD_MS = 2000
"""The player must not run dry on the busy machine: what it does not play cannot be recorded."""


def main() -> None:
    """Both parts, with their figures on stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of real sound (default 10)")
    parser.add_argument("--hours", type=float, default=3, help="of sound by hand (default 3)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.minutes:
            _real(Path(folder), arguments.minutes)
        if arguments.hours:
            _by_hand(Path(folder), arguments.hours)


def _busy() -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # whoever kills the benchmark does not leave a busy machine behind
        sum(range(10_000))


def _real(folder: Path, minutes: float) -> None:
    burners = [multiprocessing.get_context("spawn").Process(target=_busy, daemon=True) for _core in range(2)]
    for burner in burners:
        burner.start()
    path = folder / "real.mka"
    sound = counted(60 * minutes)
    with open_sound_server(folder) as server:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            server.environment[f"XDG_{name}_HOME"] = str(folder)
        recorder = subprocess.Popen(
            [sys.executable, "-m", "desktop", "record", "--device", "Desk", "--system", "--output", str(path)],
            env={**server.environment, "PULSE_SERVER": server.address, "PYTHONPATH": str(Path.cwd())},
            stderr=subprocess.PIPE,
            text=True,
        )
        while not path.exists():
            time.sleep(0.1)
        time.sleep(LEAD_S)
        process = psutil.Process(recorder.pid)
        player = server.play(sound, ahead_ms=AHEAD_MS)
        time.sleep(min(20, 30 * minutes))
        early = process.memory_info().rss
        player.wait()
        time.sleep(LEAD_S)
        used_s = sum(process.cpu_times()[:2])
        late = process.memory_info().rss
        recorder.send_signal(signal.SIGINT)
        _out, said = recorder.communicate()
    for burner in burners:
        burner.kill()
    print(f"{minutes:g} minutes of two tracks, {RATE} Hz stereo each, both cores kept busy; the recorder says:")
    print(said.strip())
    for name, samples in zip(("microphone", "system"), recorded(path), strict=True):
        numbers = numbers_in(samples)
        zeros = int((numbers < 0).sum())
        real = numbers[numbers >= 0]
        missing = int(real[-1] - real[0] + 1 - len(real))
        swapped = int((np.diff(real) < 1).sum())
        print(f"{name}: {len(real)} samples, {missing} lost, {swapped} out of order ({zeros} zeros of the player's)")
    print(f"processor time {used_s:.1f} s, memory {early >> 20} MB early, {late >> 20} MB late")


def _by_hand(folder: Path, hours: float) -> None:
    mic, system = Source(MIC), Source(SPEAKERS, ppm=80)
    room = Room(mic, system)
    room.clock.step_s = 0.05
    process = psutil.Process()
    sizes: list[tuple[int, int]] = []
    began_s = time.monotonic()
    next_ms = 0
    for news in running(room.take(folder / "hand.mka", mic, system), {}, round(3_600_000 * hours)):
        if isinstance(news, Status) and news.elapsed_ms >= next_ms:
            sizes.append((news.elapsed_ms, process.memory_info().rss))
            next_ms = news.elapsed_ms + round(360_000 * hours)
    took_s = time.monotonic() - began_s
    print(f"{hours:g} hours by hand in {took_s:.0f} s ({3600 * hours / took_s:.0f} times real time); memory in MB:")
    print("  ".join(f"{at_ms / 3_600_000:.1f} h: {rss / (1 << 20):.1f}" for at_ms, rss in sizes))
    print(f"threads left: {[one.name for one in threading.enumerate() if one.name == 'sound device']}")


if __name__ == "__main__":
    main()
