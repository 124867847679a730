"""One piece of work at a time: the next one begins when the one before has been left."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import errors
from desktop.services.errand import Errand


@pytest.fixture
def errand(qtbot: QtBot) -> Iterator[Errand]:
    errand = Errand()
    yield errand
    errand.close()


def long(stop: threading.Event) -> Iterator[str]:
    """Goes on until it is stopped."""
    yield "begun"
    stop.wait(10)
    yield "left"


def short(_stop: threading.Event) -> Iterator[str]:
    yield "short"


def test_it_tells_what_the_work_yields_and_that_it_has_ended(qtbot: QtBot, errand: Errand) -> None:
    told: list[object] = []
    errand.produced.connect(told.append)
    assert not errand.is_at_work
    with qtbot.waitSignal(errand.ended):
        errand.begin(short)
        assert errand.is_at_work
    assert (told, errand.is_at_work) == (["short"], False)


def test_another_piece_begins_when_the_one_before_has_been_left(qtbot: QtBot, errand: Errand) -> None:
    told: list[object] = []
    ends: list[None] = []
    errand.produced.connect(told.append)
    errand.ended.connect(lambda: ends.append(None))
    with qtbot.waitSignal(errand.produced):
        errand.begin(long)
    with qtbot.waitSignal(errand.ended):
        errand.begin(long)  # the last wish counts
        errand.begin(short)
    assert told == ["begun", "left", "short"]
    assert len(ends) == 1, "in between something was at work"


def test_a_cancel_is_about_what_waits_too(qtbot: QtBot, errand: Errand) -> None:
    told: list[object] = []
    errand.produced.connect(told.append)
    with qtbot.waitSignal(errand.produced):
        errand.begin(long)
    with qtbot.waitSignal(errand.ended):
        errand.begin(short)
        errand.cancel()
    assert told == ["begun", "left"]


def test_a_failure_is_told_and_the_next_piece_begins(qtbot: QtBot, errand: Errand) -> None:
    def failing(stop: threading.Event) -> Iterator[str]:
        yield from long(stop)
        raise errors.FileMissing(name="talk.mp4")

    failures: list[Exception] = []
    errand.failed.connect(failures.append)
    with qtbot.waitSignal(errand.produced):
        errand.begin(failing)
    with qtbot.waitSignal(errand.ended):
        errand.begin(short)
    assert [type(one) for one in failures] == [errors.FileMissing]


def test_closing_waits_for_the_end(qtbot: QtBot, errand: Errand) -> None:
    ends: list[bool] = []

    def work(stop: threading.Event) -> Iterator[str]:
        yield from long(stop)
        ends.append(True)

    with qtbot.waitSignal(errand.produced):
        errand.begin(work)
    errand.close()
    assert ends == [True]
