"""The desk and the program for journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import Desk, Program, missing_tools, open_desk


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
