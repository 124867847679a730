"""The window about this machine in the real program: the doctor, its report, the monitor, and a measurement."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import Desk, Program, wait_for
from tests.sounds import long_sound

WINDOW = "This machine"
LITTLE_SOUND = """import sys
from desktop.__main__ import main
from desktop.engine import tuning
tuning.LEAST_MS = tuning.MOST_MS = 8000
sys.exit(main())
"""


@pytest.fixture
def program(desk: Desk, tmp_path: Path) -> Iterator[Program]:
    made = Program(desk, tmp_path / "user")
    config = made.home / "config" / "undertone"
    config.mkdir(parents=True)
    (config / "settings.json").write_text(json.dumps({"version": 1, "language": "en", "temperatures": [0.0]}))
    yield made
    made.kill()


def copied(desk: Desk) -> str:
    return desk.run("timeout", "2", "xclip", "-selection", "clipboard", "-out")


def test_the_doctor_looks_and_its_report_can_be_sent(desk: Desk, program: Program) -> None:
    program.start()
    desk.press("ctrl+shift+k")
    wait_for("the doctor", lambda: desk.window(WINDOW))

    def report() -> str:
        desk.press("alt+r")
        told = copied(desk)
        return told if "self-test of the model" in told else ""

    told = wait_for("a whole report", report, 0.5)
    assert "cpu int8: " in told
    assert str(program.home) not in told
    desk.press("Escape")
    wait_for("the window to close", lambda: not desk.window(WINDOW))
    assert program.end() == 0


def test_a_measurement_is_kept_and_used(desk: Desk, program: Program) -> None:
    program.command = [sys.executable, "-c", LITTLE_SOUND]
    done = program.run("tune", "--compute-type", "float32", "--json")
    program.command = [sys.executable, "-m", "desktop"]
    assert done.returncode == 0, done.stderr
    kept = json.loads(done.stdout)
    assert kept["device"] == "cpu"
    program.start()
    program.run(long_sound(program.home / "talk.flac", 60))
    wait_for("the text", lambda: program.states() == ["done"])
    ((told,),) = program.rows("SELECT engine FROM jobs")
    engine = json.loads(str(told))
    assert engine["factor"] == kept["factor"]
    assert engine["compute_type"] == "float32", "which nobody would choose without having measured"


def test_the_program_can_be_left_in_the_middle_of_all_that(desk: Desk, program: Program) -> None:
    program.start()
    desk.press("ctrl+shift+t")
    wait_for("the page", lambda: desk.window(WINDOW))
    desk.press("alt+m")
    wait_for("an engine", program.engine_pids)
    desk.press("Escape", "F11")
    wait_for("the monitor", lambda: desk.window(WINDOW))
    desk.press("Escape", "ctrl+shift+k")
    assert program.end() == 0
    assert "Traceback" not in program.said()
