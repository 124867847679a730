"""From the key to the text in another program: real keys, a real sound server, the real engine.

`UNDERTONE_SOAK=20 pytest tests/journeys/test_dictation.py` does each of them twenty times, and `soak_dictation.py`
has more of them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from tests.conftest import SAMPLES
from tests.journeys.desk import Desk, Program, wait_for
from tests.journeys.studio import TOOLS, Studio, open_studio
from tests.journeys.test_typing import Another

MINUTE = SAMPLES / "demo-minute.flac"
SAID = "My bird takes our report on a bright house."
SAID_S = 3.9
KEY = ("keydown", "ctrl", "keydown", "alt", "keydown", "d")
KEY_UP = ("keyup", "d", "keyup", "alt", "keyup", "ctrl")
ASSISTIVE = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
TIMES = int(os.environ.get("UNDERTONE_SOAK", "1"))


@pytest.fixture(autouse=True, params=range(TIMES))
def turn(request: pytest.FixtureRequest) -> None:
    """How often each test is done."""


@dataclass
class Booth:
    """The program in the tray, another program with a text field, and somebody who speaks."""

    desk: Desk
    program: Program
    studio: Studio
    target: Another
    sentence: Path

    def start(self) -> None:
        self.program.start("--hidden", wait=False)
        wait_for("the shortcut", self.takes_the_key)

    def takes_the_key(self) -> bool:
        return "dictation is ready" in self.log()

    def log(self) -> str:
        return "".join(file.read_text() for file in self.program.home.rglob("undertone.log"))

    def keys(self, *arguments: str) -> None:
        self.desk.run("xdotool", *arguments)

    def dictations(self) -> list[tuple[object, ...]]:
        return list(self.program.rows("SELECT outcome, text, sound FROM dictations ORDER BY id"))

    def outcome(self, *wanted: str) -> None:
        wait_for(f"{wanted} and not {self.dictations()}", lambda: [row[0] for row in self.dictations()] == list(wanted))

    def text(self, wanted: str) -> None:
        """Wait for a text in the other program, and for the clipboard to be what it was."""
        wait_for("some text", lambda: self.target.text)
        assert self.target.text == wanted, self.target("keys")
        copied = ("xclip", "-selection", "clipboard", "-o")
        wait_for("the clipboard as before", lambda: self.desk.run(*copied) == "old")

    def speak_and_wait(self) -> None:
        self.studio.speak(self.sentence)
        self.keys("sleep", str(SAID_S + 0.35))

    def hold_and_speak(self) -> None:
        """The whole of a usual dictation."""
        self.keys(*KEY)
        self.speak_and_wait()
        self.keys(*KEY_UP)

    def heard(self) -> list[Path]:
        """The files of sound that there are."""
        return sorted((self.program.home / "data" / "undertone" / "dictations").glob("*.mka"))

    def end(self) -> None:
        assert self.program.end() == 0
        assert "Traceback" not in self.program.said()


def awake(studio: Studio, microphone: str) -> subprocess.Popen[bytes]:
    """Play silence: without anything, such a microphone sleeps and brings its first sound two seconds late."""
    silence = ["pacat", "--raw", "--latency-msec=40", "-d", microphone, "/dev/zero"]
    return subprocess.Popen(silence, env=studio.environment, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def studio(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    with open_studio(tmp_path_factory.mktemp("studio")) as one:
        silence = awake(one, "usb")
        yield one
        silence.kill()
        silence.wait()


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first sentence of the sample."""
    path = tmp_path_factory.mktemp("voice") / "sentence.wav"
    with av.open(str(MINUTE)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("pcm_s16le", rate=source.streams.audio[0].rate, layout="mono")
        for frame in source.decode(audio=0):
            if frame.time > SAID_S:
                break
            frame.pts = None
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


@pytest.fixture
def own(request: pytest.FixtureRequest) -> dict[str, object]:
    """Settings of this test alone: `@pytest.mark.parametrize("own", [{…}], indirect=True)`."""
    return dict(getattr(request, "param", {}))


@pytest.fixture
def booth(desk: Desk, program: Program, studio: Studio, sentence: Path, own: dict[str, object]) -> Iterator[Booth]:
    file = program.home / "config" / "undertone" / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    usual = {"version": 1, "language": "en", "dictation": True, "dictation_shortcut": "Ctrl+Alt+D"}
    file.write_text(json.dumps(usual | own))
    desk.environment["PULSE_SERVER"] = studio.server
    target = Another(desk, "target")
    target.copy(text="old")
    target.take_keyboard()
    one = Booth(desk, program, studio, target, sentence)
    one.start()
    yield one
    one.keys(*KEY_UP, "keyup", "Escape")
    studio.hush()
    target.end()
    del desk.environment["PULSE_SERVER"]


def test_held_spoken_and_let_go_the_text_is_in_the_other_program(booth: Booth) -> None:
    booth.hold_and_speak()
    booth.text(f"{SAID} ")
    booth.outcome("inserted")
    ((_outcome, text, sound),) = booth.dictations()
    assert text == f"{SAID} "
    assert isinstance(sound, bytes)
    assert [os.fsencode(path) for path in booth.heard()] == [sound]
    booth.end()


def test_tapped_and_tapped_again_then_cancelled_then_silent(booth: Booth) -> None:
    """One start of the program for three: Esc and silence leave neither text nor sound."""
    booth.keys("key", "ctrl+alt+d")
    booth.speak_and_wait()
    booth.keys("key", "ctrl+alt+d")
    booth.text(f"{SAID} ")
    booth.outcome("inserted")

    booth.keys("key", "ctrl+alt+d", "sleep", "0.6")
    assert len(booth.heard()) == 2
    booth.keys("key", "Escape")
    wait_for("the sound to be gone", lambda: len(booth.heard()) == 1)

    booth.keys(*KEY, "sleep", "1.3", *KEY_UP)
    wait_for("a word about a microphone that is mute", lambda: "MicrophoneSilent" in booth.log())
    wait_for("the sound to be gone", lambda: len(booth.heard()) == 1)
    booth.outcome("inserted")
    booth.target("clear")
    booth.keys("key", "a")
    wait_for("a key that belongs to the other program", lambda: booth.target.text == "a")
    booth.end()


@pytest.mark.skipif(not ASSISTIVE.exists(), reason="at-spi2-core is not installed")
def test_a_text_fits_in_with_what_stands_at_the_caret(booth: Booth) -> None:
    wait_for("programs to be asked", lambda: "what stands at their caret" in booth.log())
    telling = Another(booth.desk, "telling", QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
    telling.take_keyboard()
    booth.desk.type_text("They say: , and more")
    booth.desk.press("Home", "ctrl+Right", "ctrl+Right", "ctrl+Right")
    booth.hold_and_speak()
    wait_for("the text", lambda: telling.text == f"They say: my{SAID[2:]}, and more")
    telling.end()
    booth.end()


def test_the_engine_dies_while_somebody_speaks_and_nothing_is_missing(booth: Booth) -> None:
    booth.keys(*KEY)
    booth.studio.speak(booth.sentence)
    booth.keys("sleep", "2")
    for pid in booth.program.engine_pids():
        os.kill(pid, signal.SIGKILL)
    booth.keys("sleep", str(SAID_S - 1.5), *KEY_UP)
    booth.text(f"{SAID} ")
    booth.end()


def test_the_program_is_killed_while_somebody_speaks_and_the_text_waits_at_the_next_start(booth: Booth) -> None:
    booth.keys(*KEY)
    booth.speak_and_wait()
    booth.program.kill()
    booth.keys(*KEY_UP)
    assert len(booth.heard()) == 1
    booth.start()
    booth.outcome("waiting")
    assert booth.dictations()[0][1] == f"{SAID} "
    booth.target.take_keyboard()
    assert booth.program.run("dictate", "--insert").returncode == 0
    booth.text(f"{SAID} ")
    booth.outcome("inserted")
    booth.end()


def test_while_files_are_heard_dictation_comes_first(booth: Booth) -> None:
    assert booth.program.run(MINUTE).returncode == 0
    wait_for("the file to be heard", lambda: booth.program.states() == ["running"])
    booth.target.take_keyboard()
    assert booth.program.run("dictate", "--press").returncode == 0
    booth.speak_and_wait()
    assert booth.program.run("dictate", "--release").returncode == 0
    booth.text(f"{SAID} ")
    wait_for("the file to be done", lambda: booth.program.states() == ["done"])
    booth.end()
