"""A desktop without a tray: the window behaves like a normal one."""

from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.journeys.desk import Program, open_desk, wait_for


@pytest.mark.usefixtures("tools")
def test_closing_the_window_ends_the_program(home: Path, tmp_path: Path) -> None:
    with open_desk(tmp_path, tray=False) as desk:
        program = Program(desk, home)
        program.start(SAMPLES / "demo-short.flac")
        wait_for("the job to be done", lambda: program.states() == ["done"])
        wait_for("the keyboard in the window", lambda: desk.active() == "Undertone")
        desk.press("alt+F4")
        assert program.process
        assert program.process.wait(20) == 0
        program.start("--hidden")  # without a tray there would be no way back to a hidden window
        program.kill()
