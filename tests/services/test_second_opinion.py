"""A stretch is heard again on an engine of its own, with nothing of the sound beside it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import errors, events
from desktop.core.jobs import Engine, Job
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.ports import StopFlag, Work
from desktop.core.transcript import Segment, Word
from desktop.services.second_opinion import SecondOpinion

JOB = Job(id=1, source=Path("/m/talk.mp4"), options=Options(), language="en", media=Media(1, "x", 60_000, 2000))


class Engines:
    """Answers with three words, the outer ones in the margins; waits to be stopped for the model “slow”."""

    def __init__(self) -> None:
        self.asked: list[Work] = []
        self.closed = 0

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        self.asked.append(work)
        yield events.Started(Engine("small"))
        if work.options.model == "slow":
            stop.wait(10)
            return
        if work.options.model == "broken":
            raise errors.ModelBroken(model="broken", reason="empty")
        words = (
            Word(9_800, 9_990, " before", 0.9),
            Word(10_100, 10_900, " inside", 0.9),
            Word(12_050, 12_150, " after", 0.9),
        )
        yield events.Heard((Segment(9_800, 12_150, "before inside after", words),), 12_200, "en")
        yield events.Finished()

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def engines() -> Engines:
    return Engines()


@pytest.fixture
def opinion(qtbot: QtBot, engines: Engines) -> Iterator[SecondOpinion]:
    opinion = SecondOpinion(engines)
    yield opinion
    opinion.close()
    assert engines.closed


def test_the_stretch_is_heard_on_the_clock_of_the_sound_without_its_margins(
    qtbot: QtBot, opinion: SecondOpinion, engines: Engines
) -> None:
    answers: list[tuple[Segment, ...]] = []
    opinion.arrived.connect(answers.append)
    with qtbot.waitSignal(opinion.ended):
        opinion.ask(JOB, 10_000, 12_000, Options(model="small"))
    (work,) = engines.asked
    assert (work.start_ms, work.end_ms, work.language) == (7800, 10_200, "en")
    (found,) = answers
    assert found == (Segment(10_100, 10_900, "inside", found[0].words),)
    assert [word.text for word in found[0].words] == [" inside"]


def test_another_language_forgets_the_one_that_was_found(
    qtbot: QtBot, opinion: SecondOpinion, engines: Engines
) -> None:
    with qtbot.waitSignal(opinion.ended):
        opinion.ask(JOB, 10_000, 12_000, Options(language="de"))
    assert engines.asked[0].language == ""


def test_a_new_question_ends_the_one_before(qtbot: QtBot, opinion: SecondOpinion) -> None:
    opinion.ask(JOB, 10_000, 12_000, Options(model="slow"))
    answers: list[tuple[Segment, ...]] = []
    opinion.arrived.connect(answers.append)
    with qtbot.waitSignal(opinion.ended):
        opinion.ask(JOB, 20_000, 22_000, Options(model="small"))
    assert len(answers) == 1


def test_cancel_ends_it_without_an_answer(qtbot: QtBot, opinion: SecondOpinion) -> None:
    opinion.arrived.connect(lambda _answer: pytest.fail("nobody asked any more"))
    opinion.ask(JOB, 10_000, 12_000, Options(model="slow"))
    with qtbot.waitSignal(opinion.ended):
        opinion.cancel()


def test_a_failure_is_told(qtbot: QtBot, opinion: SecondOpinion) -> None:
    failures: list[Exception] = []
    opinion.failed.connect(failures.append)
    with qtbot.waitSignal(opinion.ended):
        opinion.ask(JOB, 10_000, 12_000, Options(model="broken"))
    assert [type(one) for one in failures] == [errors.ModelBroken]
