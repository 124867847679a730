"""`undertone dictate`: what it tells, what it says, and how little it imports."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.handover import DictationWord
from desktop.dictate import HELP, main
from desktop.services.single_instance import SingleInstance
from desktop.store.paths import Paths

HEAVY = """
    PySide6 filelock argparse multiprocessing numpy asyncio desktop.cli desktop.core.formats desktop.core.settings
""".split()


def run(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "desktop", "dictate", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("word", list(DictationWord))
def test_the_running_program_is_told(qtbot: QtBot, paths: Paths, word: DictationWord) -> None:
    running = SingleInstance(paths.socket)
    running.takes_dictation = True
    with qtbot.waitSignal(running.dictation_wanted) as told, run(f"--{word}") as process:
        qtbot.waitUntil(lambda: process.poll() is not None)
    running.close()
    assert told.args == [word]
    assert process.returncode == 0


def test_without_a_running_program_it_says_so(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--toggle"]) == 1
    assert "not running" in capsys.readouterr().err


def test_a_program_that_is_not_ready_says_so(qtbot: QtBot, paths: Paths) -> None:
    running = SingleInstance(paths.socket)
    with run("--press") as process:
        qtbot.waitUntil(lambda: process.poll() is not None)
        said = process.stderr.read() if process.stderr else ""
    running.close()
    assert process.returncode == 1
    assert "not ready" in said


@pytest.mark.parametrize("arguments", [[], ["--sing"], ["--press", "--release"], ["press"]])
def test_anything_else_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "--release" in capsys.readouterr().err


def test_help_names_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--help"])
    assert raised.value.code == 0
    told = capsys.readouterr().out
    assert all(f"--{word}" in told and text.split(":")[0] in told for word, text in HELP.items())


def test_nothing_heavy_is_imported_for_it(home: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "desktop", "dictate", "--press"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    imported = {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time")}
    assert "desktop.dictate" in imported
    assert not imported & set(HEAVY)
