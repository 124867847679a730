"""The pictures of the recorder: a real sound server, and the demo voices speaking into it."""

import json
import tempfile
from pathlib import Path

from screenshots.stage import THEMES, rest, settle_in, take
from tests.conftest import SAMPLES
from tests.journeys.desk import Program, open_desk, wait_for
from tests.journeys.studio import WEBCAM, Studio, open_studio

MINUTE, PAUSES = SAMPLES / "demo-minute.flac", SAMPLES / "demo-pauses.flac"


def take_all(target: Path) -> None:
    """Every picture in both themes."""
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as desk, open_studio(Path(folder)) as studio:
        desk.environment["PULSE_SERVER"] = studio.server
        studio.pactl(
            "load-module",
            "module-null-sink",
            "sink_name=headphones",
            "sink_properties=device.description=Headphones",
        )
        studio.pactl("set-default-sink", "headphones")
        for theme in THEMES:
            program = Program(desk, Path(folder) / theme)
            settle_in(program, theme)
            _picture_recording(program, studio, target, theme)
            _picture_silence(program, target, theme)
            _picture_two_tracks(program, studio, target, theme)
            program.kill()


def _picture_recording(program: Program, studio: Studio, target: Path, theme: str) -> None:
    """Ready, while somebody speaks, paused; the small recorder; reading along."""
    desk = program.desk
    program.start()
    desk.press("F12")
    take(desk, target / f"recorder-{theme}.png")
    studio.speak(MINUTE)
    desk.press("ctrl+r")
    wait_for("some text", lambda: len(program.texts()) > 1)
    desk.press("ctrl+m")
    wait_for("more text", lambda: len(program.texts()) > 5)
    take(desk, target / f"recording-{theme}.png")
    desk.press("ctrl+shift+b")
    take(desk, target / f"small-recorder-{theme}.png", "Recorder")
    desk.press("ctrl+shift+b", "F5")
    wait_for("the view to read along", lambda: desk.window("Read along"))
    take(desk, target / f"read-along-{theme}.png", "Read along")
    desk.press("Escape", "ctrl+shift+space")
    studio.hush()
    take(desk, target / f"recording-paused-{theme}.png")
    desk.press("ctrl+d")
    wait_for("the text to be whole", lambda: program.states() == ["done"])
    take(desk, target / f"recorded-{theme}.png")
    program.end()


def _picture_silence(program: Program, target: Path, theme: str) -> None:
    """A microphone that delivers nothing."""
    _set(program, microphone=WEBCAM)
    program.start()
    program.desk.press("ctrl+r")
    rest(program.desk, 5)
    take(program.desk, target / f"silent-input-{theme}.png")
    program.desk.press("ctrl+d")
    wait_for("the end of it", lambda: program.rows("SELECT * FROM recordings WHERE finished") * 2)
    rest(program.desk, 1)
    program.end()


def _picture_two_tracks(program: Program, studio: Studio, target: Path, theme: str) -> None:
    """Both sides of a call, and what is offered after a crash."""
    _set(program, microphone="", sources="both")
    program.start()
    studio.speak(MINUTE)
    studio.speak(PAUSES, "headphones")
    program.desk.press("ctrl+r")
    job_id = wait_for("a third job", lambda: len(program.rows("SELECT * FROM recordings")) == 3) and 3
    wait_for("text of both", lambda: len({one.speaker for one in program.transcript(job_id).segments}) == 2)
    wait_for("more text", lambda: len(program.texts(job_id)) > 4)
    take(program.desk, target / f"recording-two-{theme}.png")
    program.kill()
    studio.hush()
    program.start()
    rest(program.desk, 2)
    take(program.desk, target / f"recovered-{theme}.png")


def _set(program: Program, **changes: object) -> None:
    file = program.home / "config" / "undertone" / "settings.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
