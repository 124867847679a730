"""How late a 10 ms timer of the window is while a file is transcribed on every core."""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

MINUTES = 20
TICK_MS = 10


def main() -> None:
    """Set the stage, then run the program in this process with a timer beside it."""
    from tests.journeys.desk import Program, open_desk
    from tests.sounds import long_sound

    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as desk:
        program = Program(desk, Path(folder))
        (program.home / "run").mkdir(mode=0o700)
        os.environ.update(program.environment)
        late_ms = _lateness(long_sound(Path(folder) / "long.flac", 60 * MINUTES))
    quantile = statistics.quantiles(late_ms, n=1000)
    print(f"{len(late_ms)} ticks of {TICK_MS} ms while {MINUTES} minutes were transcribed and shown")
    median, most = statistics.median(late_ms), max(late_ms)
    print(f"late by: median {median:.1f} ms, 99.9 % {quantile[-1]:.1f} ms, most {most:.1f} ms")


def _lateness(source: Path) -> list[float]:
    from PySide6.QtCore import Qt, QTimer

    from desktop.app import program
    from desktop.core.handover import Handover
    from desktop.store.paths import Paths

    late_ms: list[float] = []
    due = 0.0

    def tick() -> None:
        nonlocal due
        now = time.monotonic()
        if due:
            late_ms.append(max(0.0, 1000 * (now - due)))
        due = now + TICK_MS / 1000

    timers = []
    original = program.App.start

    def start(self: program.App, wish: Handover) -> None:
        original(self, wish)
        timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        timer.timeout.connect(tick)
        self._files.ran_dry.connect(self.stop)
        timer.start()
        timers.append(timer)

    program.App.start = start  # type: ignore[method-assign]
    sys.argv = ["undertone"]
    paths = Paths.default()
    paths.prepare()
    program.run(Handover((source,)), paths)
    return late_ms


if __name__ == "__main__":
    main()
