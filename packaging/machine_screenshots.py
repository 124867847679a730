"""Take the pictures of the window about this machine: the doctor, the monitor at work, and a measurement.

    .venv/bin/python packaging/machine_screenshots.py [FOLDER]

Needs what screenshots.py needs.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from screenshots import settle_in, take

from tests.journeys.desk import Program, open_desk, wait_for
from tests.sounds import long_sound

WINDOW = "This machine"


def main() -> None:
    """Take every picture in both themes."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as desk:
        sound = long_sound(Path(folder) / "Interview with Peter.flac", 900)
        for theme in ("light", "dark"):
            program = Program(desk, Path(folder) / theme)
            settle_in(program, theme)
            _picture_all(program, sound, target, theme)
            program.kill()


def _picture_all(program: Program, sound: Path, target: Path, theme: str) -> None:
    desk = program.desk
    program.start()
    desk.press("ctrl+shift+k")
    wait_for("the doctor", lambda: desk.window(WINDOW))
    take(desk, target / f"doctor-looking-{theme}.png", WINDOW)
    desk.run("xdotool", "sleep", "8")
    take(desk, target / f"doctor-{theme}.png", WINDOW)
    desk.press("Escape", "ctrl+shift+t")
    wait_for("the measurement", lambda: desk.window(WINDOW))
    desk.press("Tab", "Tab", "Tab", "alt+m")
    desk.run("xdotool", "sleep", "30")
    take(desk, target / f"tuning-{theme}.png", WINDOW)
    desk.run("xdotool", "sleep", "60")  # as long as it may take on a machine that is busy
    tunings = program.home / "data" / "undertone" / "tunings.json"
    wait_for("the end of it", tunings.exists)
    take(desk, target / f"tuned-{theme}.png", WINDOW)
    desk.press("Escape")
    program.run(sound)
    wait_for("a running interview", lambda: program.states() == ["running"])
    desk.press("F11")
    desk.run("xdotool", "sleep", "20")
    take(desk, target / f"monitor-{theme}.png", WINDOW)


if __name__ == "__main__":
    main()
