"""Journeys with the recorder of the real program: keys, a real sound server, the real engine."""

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import SAMPLES
from tests.journeys.desk import Desk, Program, wait_for
from tests.journeys.studio import TOOLS, WEBCAM, Studio, open_studio

MINUTE = SAMPLES / "demo-minute.flac"


@pytest.fixture(scope="module")
def studio(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    with open_studio(tmp_path_factory.mktemp("studio")) as one:
        yield one


@pytest.fixture
def speaker(desk: Desk, studio: Studio) -> Iterator[Studio]:
    """The program hears the studio."""
    desk.environment["PULSE_SERVER"] = studio.server
    yield studio
    studio.hush()
    del desk.environment["PULSE_SERVER"]


def settle_in(program: Program, **settings: object) -> None:
    file = program.home / "config" / "undertone" / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"version": 1, "language": "en", "notify": False, **settings}))


def recorded(program: Program) -> int:
    """How many recordings there are."""
    return len(program.rows("SELECT * FROM recordings"))


def test_one_key_records_and_the_words_are_there_when_it_is_stopped(
    desk: Desk, program: Program, speaker: Studio
) -> None:
    settle_in(program)
    program.start()
    speaker.speak(MINUTE)
    desk.press("ctrl+r")
    wait_for("a recording", lambda: recorded(program) == 1)
    desk.press("ctrl+m")
    wait_for("the mark", lambda: program.rows("SELECT * FROM marks"))
    wait_for("some text", lambda: len(program.texts()) > 3)
    desk.press("ctrl+d")
    wait_for("the job to be done", lambda: program.states() == ["done"])
    assert "keyboard on Tuesday" in " ".join(program.texts())
    assert program.end() == 0


def test_what_a_crash_cut_off_is_offered_and_heard_to_its_end(desk: Desk, program: Program, speaker: Studio) -> None:
    settle_in(program, sources="both")
    program.start()
    speaker.speak(MINUTE)
    speaker.speak(SAMPLES / "demo-pauses.flac", "speakers")
    desk.press("ctrl+r")
    wait_for("text of both tracks", lambda: {one.speaker for one in program.transcript().segments} == {"Me", "Them"})
    program.kill()
    speaker.hush()
    kept = program.texts()
    program.start()
    wait_for("the recording in the queue", lambda: program.states() == ["interrupted"])
    desk.run("xdotool", "sleep", "1")
    desk.press("alt+r")
    wait_for("the job to be done", lambda: program.states() == ["done"])
    assert set(kept) <= set(program.texts())


def test_quitting_asks_and_a_silent_microphone_is_called_out(desk: Desk, program: Program, speaker: Studio) -> None:
    settle_in(program, microphone=WEBCAM)
    program.start()
    desk.press("ctrl+r")
    wait_for("a recording", lambda: recorded(program) == 1)
    desk.press("ctrl+q")
    assert program.process
    desk.run("xdotool", "sleep", "1")
    desk.press("Escape")
    desk.run("xdotool", "sleep", "1")
    assert program.process.poll() is None
    desk.press("ctrl+q")
    desk.run("xdotool", "sleep", "1")
    desk.press("Left", "Return")
    assert program.process.wait(20) == 0
    (finished,) = program.rows("SELECT finished FROM recordings")
    assert finished == (1,)
