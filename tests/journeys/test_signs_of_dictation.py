"""The windows of dictation never take the keyboard: letters typed meanwhile land where they belong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import Desk, wait_for
from tests.journeys.test_typing import Another

FIELD = "Letter to Anna"


class Signs:
    """The windows of dictation (`signs.py`)."""

    def __init__(self, desk: Desk, memory: Path) -> None:
        script = Path(__file__).with_name("signs.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(memory)],
            env={**desk.environment, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, words: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def wishes(self) -> str:
        return self("wishes")


@pytest.fixture
def field(desk: Desk) -> Iterator[Another]:
    one = Another(desk, FIELD)
    with one.process:
        one("focus")
        wait_for("the keyboard in the field", lambda: desk.active() == FIELD)
        yield one
        one.process.kill()


@pytest.fixture
def signs(desk: Desk, tmp_path: Path) -> Iterator[Signs]:
    one = Signs(desk, tmp_path / "memory.ini")
    with one.process:
        yield one
        one.process.kill()


def test_no_window_of_dictation_takes_the_keyboard(desk: Desk, field: Another, signs: Signs) -> None:
    holder = desk.run("xdotool", "getwindowfocus")

    def types(letters: str) -> None:
        """The keyboard is where it was, and what is typed gets there."""
        assert desk.run("xdotool", "getwindowfocus") == holder
        assert desk.active() == FIELD
        before = field.text
        desk.type_text(letters)
        wait_for(f"the letters {letters}", lambda: field.text == before + letters)

    signs("press")
    overlay = wait_for("the sign", lambda: desk.window("^Dictation$"))
    types("a")
    signs("hear " + "we will send the report on Friday " * 4)
    types("b")

    x, y, width, height = desk.place_of(overlay)
    assert x == pytest.approx((1280 - width) / 2, abs=8)
    assert y > 400  # at the bottom
    desk.click(x + 20, y + height // 2)
    types("c")
    desk.drag((x + 20, y + 20), (x + 120, y - 180))
    assert wait_for("its new place", signs.wishes) == "place own"
    assert desk.place_of(overlay)[:2] == (x + 100, y - 200)
    types("d")

    signs("keep The text that waits.")
    wait_for("the text that waits", lambda: desk.window("^Text that waits$"))
    types("e")
    for button, wish in (("Insert", "drop 1"), ("Copy", "copy The text that waits.")):
        desk.click(*map(int, signs(f"button {button}").split()))
        assert wait_for(wish, signs.wishes) == wish
        types("f")
    signs("gone")
    wait_for("no window that waits", lambda: not desk.window("^Text that waits$"))
    types("g")
    assert field.text == "abcdeffg"
