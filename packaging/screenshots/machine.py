"""The pictures of the window about this machine: the doctor, the monitor at work, and a measurement."""

import tempfile
from pathlib import Path

from screenshots.stage import THEMES, rest, settle_in, take
from tests.journeys.desk import Program, open_desk, wait_for
from tests.sounds import long_sound

WINDOW = "This machine"


def take_all(target: Path) -> None:
    """Every picture in both themes."""
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as desk:
        sound = long_sound(Path(folder) / "Interview with Peter.flac", 900)
        for theme in THEMES:
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
    rest(desk, 8)
    take(desk, target / f"doctor-{theme}.png", WINDOW)
    desk.press("Escape", "ctrl+shift+t")
    wait_for("the measurement", lambda: desk.window(WINDOW))
    desk.press("Tab", "Tab", "Tab", "alt+m")
    rest(desk, 30)
    take(desk, target / f"tuning-{theme}.png", WINDOW)
    rest(desk, 60)  # as long as it may take on a machine that is busy
    tunings = program.home / "data" / "undertone" / "tunings.json"
    wait_for("the end of it", tunings.exists)
    take(desk, target / f"tuned-{theme}.png", WINDOW)
    desk.press("Escape")
    program.run(sound)
    wait_for("a running interview", lambda: program.states() == ["running"])
    desk.press("F11")
    rest(desk, 20)
    take(desk, target / f"monitor-{theme}.png", WINDOW)
