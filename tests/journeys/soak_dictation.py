"""Speech through a microphone into another program, on desks that are not kind; too long for every day.

`UNDERTONE_SOAK=20 pytest tests/journeys/soak_dictation.py` does each of them twenty times. Without speech, the same
ways into a program are in `test_typing.py`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from desktop.core.ports import Purpose
from desktop.system.hotkey.x11 import X11Hotkey
from tests.journeys.desk import wait_for
from tests.journeys.test_dictation import (
    KEY,
    KEY_UP,
    MINUTE,
    SAID,
    SAID_S,
    Booth,
    awake,
    booth,
    own,
    sentence,
    studio,
    turn,
)
from tests.journeys.test_typing import COPIES, LONG, Another, copied_on

TEXT = f"{SAID} "


@pytest.fixture
def third(booth: Booth) -> Iterator[Another]:
    """One more program with a text field."""
    one = Another(booth.desk, "third")
    yield one
    one.end()


def test_nothing_is_in_the_way(booth: Booth) -> None:
    booth.hold_and_speak()
    booth.text(TEXT)
    booth.outcome("inserted")
    booth.end()


def test_a_target_that_reads_the_clipboard_late(booth: Booth) -> None:
    booth.target("delay 2500")
    booth.hold_and_speak()
    booth.text(TEXT)
    booth.end()


def test_the_user_copies_while_speaking(booth: Booth) -> None:
    booth.keys(*KEY)
    booth.studio.speak(booth.sentence)
    booth.keys("sleep", "1")
    booth.target.copy(text="newer")
    booth.keys("sleep", str(SAID_S - 0.65), *KEY_UP)
    wait_for("the text", lambda: booth.target.text == TEXT)
    wait_for("what was copied", lambda: booth.desk.run("xclip", "-selection", "clipboard", "-o") == "newer")
    booth.end()


@pytest.mark.parametrize("kind", COPIES)
def test_other_things_on_the_clipboard(booth: Booth, kind: str) -> None:
    booth.target.copy(**COPIES[kind])
    before = copied_on(booth.desk)
    assert before
    booth.hold_and_speak()
    wait_for("the text", lambda: booth.target.text == TEXT)
    booth.outcome("inserted")
    wait_for("the clipboard as before", lambda: copied_on(booth.desk) == before)
    booth.end()


@pytest.mark.parametrize("locks", [["Num_Lock"], ["Caps_Lock"], ["Num_Lock", "Caps_Lock"]], ids="+".join)
def test_locks(booth: Booth, locks: list[str]) -> None:
    booth.keys("key", *locks)
    try:
        booth.hold_and_speak()
        booth.text(TEXT)
    finally:
        booth.keys("key", *locks)
    booth.end()


def test_pressed_twice_in_a_row(booth: Booth) -> None:
    """A tap starts, the second ends it before a word was said; the third is a hold."""
    booth.keys("key", "--delay", "20", "ctrl+alt+d", "ctrl+alt+d", "sleep", "0.8")
    booth.hold_and_speak()
    booth.text(TEXT)
    booth.end()


def test_ctrl_is_still_held(booth: Booth) -> None:
    booth.keys(*KEY)
    booth.speak_and_wait()
    booth.keys("keyup", "d", "keyup", "alt", "sleep", "1.5")
    assert booth.target.text == ""
    booth.keys("keyup", "ctrl")
    booth.text(TEXT)
    booth.end()


def test_the_target_is_closed(booth: Booth, third: Another) -> None:
    third.take_keyboard()
    booth.keys(*KEY)
    booth.studio.speak(booth.sentence)
    booth.keys("sleep", "2")
    third.end()
    booth.keys("sleep", str(SAID_S - 1.65), *KEY_UP)
    booth.outcome("waiting")
    assert booth.target.text == ""
    booth.target.take_keyboard()
    booth.keys("key", "ctrl+alt+v")
    booth.text(TEXT)
    booth.outcome("inserted")
    booth.end()


def test_the_focus_moves(booth: Booth, third: Another) -> None:
    """Held to talk, the text belongs to the window in which the key went down."""
    third.take_keyboard()
    booth.keys(*KEY)
    booth.studio.speak(booth.sentence)
    booth.keys("sleep", "2")
    booth.target.take_keyboard()
    booth.keys("sleep", str(SAID_S - 1.65), *KEY_UP)
    booth.outcome("waiting")
    assert booth.target.text == third.text == ""
    booth.keys("key", "ctrl+alt+v")
    booth.text(TEXT)
    booth.end()


def test_the_microphone_is_pulled_out(booth: Booth) -> None:
    """What was said until then is there."""
    booth.studio.plug_in("second", "Second Microphone")
    booth.studio.pactl("set-default-source", "second-microphone")
    silence = awake(booth.studio, "second")
    booth.keys("sleep", "2")
    try:
        booth.keys(*KEY)
        booth.studio.speak(booth.sentence, "second")
        booth.keys("sleep", "2.4")
        unplug(booth, "second")
        booth.keys("sleep", "1", *KEY_UP)
        wait_for("some text", lambda: booth.target.text)
        assert booth.target.text.split()[:3] == TEXT.split()[:3]
    finally:
        booth.studio.pactl("set-default-source", "usb-microphone")
        silence.kill()
        silence.wait()
    booth.target("clear")
    booth.hold_and_speak()
    booth.text(TEXT)
    booth.end()


def unplug(booth: Booth, name: str) -> None:
    """Take a microphone away, and what it was made of."""
    modules = [line.split("\t") for line in booth.studio.pactl("list", "short", "modules").splitlines()]
    for number, _module, arguments, *_rest in reversed([one for one in modules if len(one) > 2]):
        if f"source_name={name}-microphone" in arguments or f"sink_name={name}" in arguments:
            booth.studio.pactl("unload-module", number)


def test_nobody_speaks(booth: Booth) -> None:
    booth.keys(*KEY, "sleep", "1.5", *KEY_UP)
    wait_for("a word about it", lambda: "MicrophoneSilent" in booth.log())
    wait_for("the sound to be gone", lambda: not booth.heard())
    assert booth.target.text == ""
    booth.outcome()
    booth.end()


@pytest.mark.parametrize("own", [{"dictation_sounds": True}], indirect=True)
def test_the_start_sound_is_on(booth: Booth) -> None:
    """Its loudspeaker is heard by the microphone."""
    loop = booth.studio.pactl(
        "load-module", "module-loopback", "source=speakers.monitor", "sink=usb", "latency_msec=20"
    )
    try:
        booth.hold_and_speak()
        booth.text(TEXT)
    finally:
        booth.studio.pactl("unload-module", loop)
    booth.end()


OTHER_SCRIPTS = "Птица 漢字 😀"


@pytest.mark.parametrize("own", [{"dictation_words": [["bird", OTHER_SCRIPTS]]}], indirect=True)
def test_text_in_other_scripts(booth: Booth) -> None:
    booth.hold_and_speak()
    booth.text(TEXT.replace("bird", OTHER_SCRIPTS))
    booth.end()


@pytest.mark.parametrize("own", [{"dictation_words": [["bird", LONG]]}], indirect=True)
def test_two_thousand_characters(booth: Booth) -> None:
    booth.hold_and_speak()
    booth.text(TEXT.replace("bird", LONG))
    booth.end()


def test_files_are_heard_meanwhile(booth: Booth) -> None:
    assert booth.program.run(MINUTE).returncode == 0
    wait_for("the file to be heard", lambda: booth.program.states() == ["running"])
    booth.target.take_keyboard()
    booth.hold_and_speak()
    booth.text(TEXT)
    wait_for("the file to be done", lambda: booth.program.states() == ["done"])
    booth.end()


def test_the_engine_is_killed(booth: Booth) -> None:
    booth.keys(*KEY)
    booth.studio.speak(booth.sentence)
    booth.keys("sleep", "2")
    for pid in booth.program.engine_pids():
        os.kill(pid, signal.SIGKILL)
    booth.keys("sleep", str(SAID_S - 1.5), *KEY_UP)
    booth.text(TEXT)
    booth.end()


def test_the_program_is_killed(booth: Booth) -> None:
    booth.keys(*KEY)
    booth.speak_and_wait()
    booth.program.kill()
    booth.keys(*KEY_UP)
    booth.start()
    booth.outcome("waiting")
    booth.target.take_keyboard()
    booth.keys("key", "ctrl+alt+v")
    booth.text(TEXT)
    booth.end()


def test_the_shortcut_belongs_to_another_program(booth: Booth) -> None:
    """It is said; a word on the command line does the same."""
    booth.end()
    other = X11Hotkey(lambda _news: None, booth.desk.display)
    try:
        other.grab(Purpose.DICTATE, "Ctrl+Alt+D")
        booth.program.start("--hidden", wait=False)
        wait_for("a word about it", lambda: "HotkeyTaken" in booth.log())
        booth.target.take_keyboard()
        assert booth.program.run("dictate", "--press").returncode == 0
        booth.speak_and_wait()
        assert booth.program.run("dictate", "--release").returncode == 0
        booth.text(TEXT)
    finally:
        other.close()
    booth.end()
