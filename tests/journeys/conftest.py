"""The desk and the program for journeys."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.transcript import Transcript
from tests.conftest import SAMPLES
from tests.journeys.desk import Desk, Program, missing_tools, open_desk, wait_for

MINUTE = SAMPLES / "demo-minute.flac"


@pytest.fixture(scope="session")
def tools() -> None:
    """What a desk needs is on this machine; else the test is skipped by name."""
    if missing := missing_tools():
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")


@pytest.fixture(scope="session")
def desk(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One screen for all journeys."""
    with open_desk(tmp_path_factory.mktemp("desk")) as one:
        yield one


@pytest.fixture
def program(desk: Desk, home: Path) -> Iterator[Program]:
    """The program, not started yet; it is ended with the test."""
    one = Program(desk, home)
    yield one
    if one.process and one.process.poll() is None:
        one.end()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the library lies once the minute was heard: one hearing is enough for all journeys."""
    return tmp_path_factory.mktemp("shelf") / "library.sqlite3"


@pytest.fixture
def heard(program: Program, shelf: Path) -> Transcript:
    """A minute of speech, heard and open, with the keyboard in its text."""
    library = program.home / "data" / "undertone" / "library.sqlite3"
    if shelf.exists():
        library.parent.mkdir(parents=True)
        shutil.copy(shelf, library)
        program.start()
    else:
        program.start(MINUTE)
        wait_for("the job to be done", lambda: program.states() == ["done"])
        with contextlib.closing(sqlite3.connect(library)) as db, contextlib.closing(sqlite3.connect(shelf)) as copy:
            db.backup(copy)
    transcript = program.transcript()
    assert len(transcript.segments) > 10
    program.open_text()
    return transcript
