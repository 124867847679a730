"""A second start and the running instance."""

import os
import socket
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import handover
from desktop.core.handover import DictationWord, Handover
from desktop.services.single_instance import SingleInstance
from desktop.system.instance import hand_over, tell

WISH = Handover((Path("/m/talk.mp3"), Path(os.fsdecode(b"/m/\xff\n.mp3"))), hidden=True)


def test_a_wish_travels_as_one_line_whatever_its_names_hold() -> None:
    line = WISH.to_line()
    assert line.count(b"\n") == 1
    assert handover.read_line(line) == WISH


@pytest.mark.parametrize(
    "line",
    [
        b'{"do": "dictate", "word": "sing"}',
        b'{"do": "dictate"}',
        b"",
        b"\n",
        b"{}",
        b"[1]",
        b'{"do": "open"}',
        b'{"do": "x", "paths": [], "hidden": 0}',
        b"\xff",
    ],
)
def test_a_line_that_is_not_ours_is_refused(line: bytes) -> None:
    assert handover.read_line(line) is None


def test_files_are_handed_over_to_the_running_instance(qtbot: QtBot, tmp_path: Path) -> None:
    address = str(tmp_path / "socket")
    running = SingleInstance(address)
    answers: list[bool] = []
    second = threading.Thread(target=lambda: answers.append(hand_over(address, WISH)))
    with qtbot.waitSignal(running.opened) as told:
        second.start()
    qtbot.waitUntil(lambda: not second.is_alive())
    running.close()
    assert told.args == [WISH]
    assert answers == [True]


def test_nobody_listening_means_no(tmp_path: Path) -> None:
    assert not hand_over(str(tmp_path / "socket"), WISH)


def test_a_socket_that_a_killed_instance_left_behind_is_taken_over(qtbot: QtBot, tmp_path: Path) -> None:
    address = str(tmp_path / "socket")
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(address)
    dead.close()
    assert not hand_over(address, WISH)
    running = SingleInstance(address)
    answers: list[bool] = []
    second = threading.Thread(target=lambda: answers.append(hand_over(address, WISH)))
    with qtbot.waitSignal(running.opened):
        second.start()
    qtbot.waitUntil(lambda: not second.is_alive())
    running.close()
    assert answers == [True]


@pytest.mark.parametrize("word", list(DictationWord))
def test_a_word_for_dictation_is_taken_or_refused(qtbot: QtBot, tmp_path: Path, word: DictationWord) -> None:
    address = str(tmp_path / "socket")
    running = SingleInstance(address)
    answers: list[bool | None] = []

    def ask() -> None:
        answers.extend([tell(address, word)])

    refused = threading.Thread(target=ask)
    refused.start()
    qtbot.waitUntil(lambda: not refused.is_alive())
    running.takes_dictation = True
    taken = threading.Thread(target=ask)
    with qtbot.waitSignal(running.dictation_wanted) as told:
        taken.start()
    qtbot.waitUntil(lambda: not taken.is_alive())
    running.close()
    assert answers == [False, True]
    assert told.args == [word]
    assert tell(address, word) is None
