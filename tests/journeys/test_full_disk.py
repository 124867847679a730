"""The disk of the library is full when the program is quit: nothing that was typed is lost."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desktop.core.reading import read
from desktop.core.transcript import Transcript
from tests.journeys.desk import Desk, Program, wait_for

TYPED = "typed on a full disk "
PUT_BACK = (976, 70)
"""Where the button of a notice is in a window of the usual size."""


class Disk:
    """A disk of 3 MB on which the library of the program lies."""

    def __init__(self, folder: Path) -> None:
        self._fill = folder / "fill"

    def fill(self) -> None:
        """Leave no byte of room."""
        with self._fill.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        """Make room again."""
        self._fill.unlink()


@pytest.fixture
def disk(home: Path) -> Iterator[Disk]:
    """Mounting one needs root."""
    folder = home / "data"
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "undertone-test", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield Disk(folder)
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def unkept(disk: Disk, desk: Desk, program: Program, heard: Transcript) -> Iterator[str]:
    """The program with an edit that it cannot keep; the text that it shows of the first segment."""
    disk.fill()
    desk.type_text(TYPED)
    desk.press("Escape")
    yield TYPED + heard.segments[0].text
    if program.process and program.process.poll() is None:
        program.end()  # before its disk goes


def quit_and_be_asked(desk: Desk, program: Program) -> None:
    desk.press("ctrl+q")
    wait_for("the question", lambda: question(desk))
    assert program.process
    assert program.process.poll() is None


def question(desk: Desk) -> int:
    """The window of the question: the second one of the program, and the newest."""
    windows = desk.run("xdotool", "search", "--onlyvisible", "--name", "^Undertone$").split()
    return max(map(int, windows)) if len(windows) > 1 else 0


def test_going_back_is_the_default_and_trying_again_keeps_the_edits(
    desk: Desk, program: Program, disk: Disk, unkept: str
) -> None:
    quit_and_be_asked(desk, program)
    desk.press("Return")
    wait_for("the question to be gone", lambda: not question(desk))
    quit_and_be_asked(desk, program)
    first = question(desk)
    desk.press("alt+t")
    wait_for("another question, for the disk is still full", lambda: question(desk) not in (0, first))
    assert program.texts()[0] != unkept
    disk.free()
    desk.press("alt+t")
    assert program.process
    assert program.process.wait(20) == 0
    assert program.texts()[0] == unkept


def test_edits_can_be_saved_elsewhere(desk: Desk, program: Program, unkept: str, tmp_path: Path) -> None:
    quit_and_be_asked(desk, program)
    desk.press("alt+s")
    wait_for("the choice of a folder", lambda: desk.window("Save elsewhere"))
    desk.press("Escape")
    wait_for("the question again", lambda: question(desk))
    desk.press("alt+s")
    wait_for("the choice of a folder", lambda: desk.window("Save elsewhere"))
    desk.type_text(str(tmp_path))
    desk.press("Return")
    assert program.process
    assert program.process.wait(20) == 0
    copy = tmp_path / "demo-minute.json"
    assert read(copy.read_bytes(), copy.name).transcript.segments[0].text == unkept
    assert not list(program.home.glob("undertone-*")), "the user knows where the copy is"


def test_at_the_end_of_the_session_a_copy_is_saved_and_offered_at_the_next_start(
    desk: Desk, program: Program, disk: Disk, heard: Transcript, unkept: str
) -> None:
    assert program.end() == 0
    (copy,) = program.home.glob("undertone-1 *.json")
    disk.free()
    assert program.texts()[0] != unkept
    program.start()
    program.open_text()
    x, y, *_size = desk.place_of(desk.window() or "")
    desk.click(x + PUT_BACK[0], y + PUT_BACK[1])
    wait_for("the edits to be back", lambda: program.texts()[0] == unkept)
    wait_for("the copy to be gone", lambda: not copy.exists())
    program.open_text()
    desk.press("ctrl+z")
    wait_for("the step to be undone", lambda: program.transcript().segments == heard.segments)
