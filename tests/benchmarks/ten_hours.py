"""Ten hours through the real program, killed on the way: memory, times to the end, and the same text after a resume.

python -m tests.benchmarks.ten_hours [HOURS] [HOUR OF THE KILL]
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import soundfile

from desktop.benchmark.models import Wanted
from desktop.benchmark.task import CTRANSLATE2

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
RATE_HZ = 16_000
HOUR_MS = 3_600_000
KNOWN_EVERY_S = 900
SILENCE_S = 6


def main() -> None:
    """Print what was seen."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    kill_ms = round(HOUR_MS * (float(sys.argv[2]) if len(sys.argv) > 2 else 0.9 * hours))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = Wanted("micro", CTRANSLATE2, True).make(folder / "models")
        known_ms = write_sound(folder / "long.flac", hours)
        run(folder, model, kill_ms)
        run(folder, model, 0)
        judge(json.loads((folder / "long.json").read_text("utf-8")), known_ms)


def write_sound(path: Path, hours: float) -> list[float]:
    """Speech with pauses of 0.3 to 8 s; every quarter of an hour, and at the very end, one known sentence alone.

    Returns where the known sentences start, in milliseconds.
    """
    pieces = [soundfile.read(SAMPLES / f"demo-{one}.flac", dtype="int16")[0] for one in ("minute", "pauses", "short")]
    known, dice = pieces.pop(), random.Random(4)
    total, at, starts_ms = round(hours * 3600 * RATE_HZ), 0, list[float]()
    silence = np.zeros(SILENCE_S * RATE_HZ, np.int16)
    with soundfile.SoundFile(path, "w", RATE_HZ, 1, subtype="PCM_16", format="FLAC") as file:
        while at < total - 200 * RATE_HZ:
            parts = [dice.choice(pieces), np.zeros(int(dice.uniform(0.3, 8) * RATE_HZ), np.int16)]
            if at > len(starts_ms) * KNOWN_EVERY_S * RATE_HZ:
                starts_ms.append(1000 * (at + len(silence)) / RATE_HZ)
                parts = [silence, known, silence, *parts]
            for part in parts:
                file.write(part)
                at += len(part)
        file.write(np.zeros(total - len(known) - at, np.int16))
        file.write(known)
    return [*starts_ms, 1000 * (total - len(known)) / RATE_HZ]


def run(folder: Path, model: Path, kill_ms: int) -> None:
    """Transcribe until the end or until the kill; tell of time and memory at each hour."""
    places = {f"XDG_{one}_HOME": str(folder / one.lower()) for one in ("DATA", "CONFIG", "STATE", "CACHE")}
    command = [sys.executable, "-m", "desktop", "transcribe", str(folder / "long.flac"), "--model", str(model)]
    command += ["--temperature", "0", "--max-new-tokens", "12", "--language", "en", "--json-progress"]
    command += ["--format", "json", "--output-dir", str(folder), "--overwrite"]
    environment = os.environ | places | {"HOME": name_of(folder), "XDG_RUNTIME_DIR": name_of(folder)}
    began, told = time.monotonic(), False
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
        for at_ms in progress(program):
            if not told:
                print(f"first news after {time.monotonic() - began:.1f} s")
                told, mark_ms = True, at_ms
            if at_ms >= mark_ms:
                mark_ms = (at_ms // HOUR_MS + 1) * HOUR_MS
                sizes = [one.memory_info().rss >> 20 for one in psutil.Process(program.pid).children()]
                took_s = time.monotonic() - began
                print(f"{at_ms / HOUR_MS:5.2f} h after {took_s:4.0f} s: engine {max(sizes, default=0)} MB", flush=True)
            if kill_ms and at_ms >= kill_ms:
                program.kill()
                print(f"killed at {at_ms / HOUR_MS:.2f} h")
                return
    print(f"ended with {program.returncode} after {time.monotonic() - began:.0f} s")


def name_of(folder: Path) -> str:
    """A home of its own, so that nothing of the user's is touched."""
    home = folder / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    return str(home)


def progress(program: "subprocess.Popen[str]") -> Iterator[int]:
    """How far the work is, as the program tells it."""
    assert program.stdout
    for line in program.stdout:
        news = json.loads(line)
        if news["event"] == "progress":
            yield news["at_ms"]


def judge(heard: dict[str, list], known_ms: list[float]) -> None:  # type: ignore[type-arg]
    """Compare with what is known of the sound."""
    segments, parts = heard["segments"], heard["map"]
    in_order = all(one["start_ms"] <= other["start_ms"] for one, other in zip(segments, segments[1:], strict=False))
    gaps = sum(one[1] != other[0] for one, other in zip(parts, parts[1:], strict=False))
    onsets = [part[0] for part in parts if part[2] != "silence"]
    late_ms = sorted(min((onset - at for onset in onsets), key=abs) for at in known_ms)
    print(f"{len(segments)} segments, in order: {in_order}; map to {parts[-1][1] / HOUR_MS:.2f} h, {gaps} gaps in it")
    first, last = round(late_ms[0]), round(late_ms[-1])
    print(f"{len(known_ms)} known sentences: heard {first} to {last} ms after the start of their sound")


if __name__ == "__main__":
    main()
