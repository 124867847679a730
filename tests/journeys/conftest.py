"""The desk and the program for journeys."""

import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.events import Heard
from desktop.core.formats import json
from desktop.core.jobs import Engine, JobState
from desktop.core.options import Options
from desktop.core.transcript import Transcript
from desktop.engine import media
from desktop.store.library import Library
from tests.conftest import SAMPLES
from tests.journeys.desk import Desk, Program, missing_tools, open_desk

MINUTE = SAMPLES / "demo-minute.flac"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """`UNDERTONE_PICTURES=folder` keeps what the screen showed when a journey failed."""
    report = yield
    desk = getattr(item, "funcargs", {}).get("desk")
    if report.failed and isinstance(desk, Desk) and (folder := os.environ.get("UNDERTONE_PICTURES")):
        desk.picture(Path(folder).absolute() / f"{item.name}-{report.when}.png")
    return report


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
    """A library with a minute that was heard by a poor model: doubtful words, doubtful text, speech without text."""
    path = tmp_path_factory.mktemp("shelf") / "library.sqlite3"
    told = json.read((Path(__file__).parent / "minute.json").read_text(encoding="utf-8"))
    library = Library(path, path.parent / "locks")
    job = library.add_job(MINUTE, Options(), media.inspect(MINUTE))
    library.append(job.id, Heard(told.segments, told.duration_ms, told.language, told.coverage.parts), 1000)
    heard = replace(library.job(job.id).stepped(JobState.RUNNING), engine=Engine("demo", "cpu", "int8", is_demo=True))
    library.save(heard.stepped(JobState.DONE))
    library.close()
    return path


@pytest.fixture
def heard(program: Program, shelf: Path) -> Transcript:
    """A minute of speech, heard and open, with the keyboard in its text."""
    library = program.home / "data" / "undertone" / "library.sqlite3"
    library.parent.mkdir(parents=True)
    shutil.copy(shelf, library)
    program.start()
    transcript = program.transcript()
    assert len(transcript.segments) > 10
    program.open_text()
    return transcript
