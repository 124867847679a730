"""Time from the start to the visible tray icon, idle memory, and what a second start costs."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.journeys.desk import Desk, Program, open_desk, wait_for

RUNS = 7
HEAVY = ("ctranslate2", "numpy", "onnxruntime", "/av/", "faster_whisper")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as desk:
        starts, seconds, memory = [], [], []
        loaded: set[str] = set()
        for run in range(RUNS):
            program = Program(desk, Path(folder) / str(run))
            (program.home / "run").mkdir(parents=True, mode=0o700)
            began = time.monotonic()
            program.start("--hidden", wait=False)
            wait_for("the tray icon", lambda: _icon_is_shown(desk), look_every_s=0.005)
            starts.append(time.monotonic() - began)
            loaded |= _heavy_libraries(program)
            began = time.monotonic()
            program.run()
            seconds.append(time.monotonic() - began)
            memory.append(_resident_mb(program))
            program.end()
            wait_for("the icon to be gone", lambda: not _icon_is_shown(desk))
    python = sys.version.split()[0]
    print(f"Python {python}, {RUNS} starts, median (slowest)")
    print(f"start to visible tray icon   {statistics.median(starts):.2f} s ({max(starts):.2f} s)")
    print(f"second start, to its end     {statistics.median(seconds):.2f} s ({max(seconds):.2f} s)")
    print(f"idle memory, window shown    {statistics.median(memory):.0f} MB")
    print(f"heavy libraries in it        {', '.join(sorted(loaded)) or 'none'}")


def _icon_is_shown(desk: Desk) -> bool:
    return bool(desk.run("xdotool", "search", "--onlyvisible", "--class", "undertone"))


def _heavy_libraries(program: Program) -> set[str]:
    assert program.process
    maps = Path(f"/proc/{program.process.pid}/maps").read_text()
    return {name.strip("/") for name in HEAVY if name in maps}


def _resident_mb(program: Program) -> float:
    assert program.process
    lines = Path(f"/proc/{program.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
