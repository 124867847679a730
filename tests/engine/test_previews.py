"""When a preview is worth making, and what is told of it."""

import numpy as np
import pytest

from desktop.core.options import Options
from desktop.core.transcript import Segment
from desktop.engine import protocol
from desktop.engine.pieces import PieceCutter, Unfinished
from desktop.engine.previews import LEAST_SPEECH_MS, Previewer
from desktop.engine.speech import Window
from tests.models import recogniser_of
from tests.sounds import RATE_HZ, plain, said_in, samples_of

OPTIONS = Options(language="en")


class Stub:
    """No model is asked."""


def unfinished(speech_end_ms: int, end_ms: int = 0, number: int = 0, speech_ms: int = 1000) -> Unfinished:
    speech = ((speech_end_ms - speech_ms, speech_end_ms),)
    samples = np.zeros(16 * speech_ms, np.float32)
    return Unfinished(number, Window(samples, (), 0, end_ms or speech_end_ms, speech), 0)


def previewer() -> tuple[Previewer, list[protocol.Report]]:
    told: list[protocol.Report] = []
    return Previewer(7, Stub(), OPTIONS, told.append), told  # type: ignore[arg-type]


def test_a_preview_is_due_when_more_was_said() -> None:
    one, _told = previewer()
    assert one.is_due(0, unfinished(2000))
    one.take(0, unfinished(2000), "Hello", "")
    assert not one.is_due(0, unfinished(2000, 9000)), "nothing more was said"
    assert not one.is_due(0, unfinished(2100)), "too little"
    assert one.is_due(0, unfinished(2900))
    assert one.is_due(0, unfinished(2000, number=1)), "another piece"
    assert one.is_due(1, unfinished(2000)), "another track"


def test_no_preview_is_made_of_a_click_or_of_silence() -> None:
    one, _told = previewer()
    assert not one.is_due(0, unfinished(2000, speech_ms=LEAST_SPEECH_MS - 50))
    assert not one.is_due(0, Unfinished(0, Window(np.zeros(0, np.float32), (), 0, 1000), 900))


def test_what_is_told_replaces_what_was_told_until_the_piece_is_over() -> None:
    one, told = previewer()
    one.take(0, unfinished(2000), "Hello word", "Me")
    one.take(0, unfinished(2500), "Hello world", "Me")
    one.take(0, unfinished(2500), "Hello world", "Me")
    one.settle(0, "Me", is_over=True)
    one.settle(0, "Me", is_over=True)
    assert told == [
        protocol.Preview(7, 1000, "Hello word", 0, "Me"),
        protocol.Preview(7, 1000, "Hello world", 5, "Me"),
        protocol.Preview(7, 1000, "", 0, "Me"),
    ]


def test_a_model_that_goes_round_in_circles_is_not_shown() -> None:
    one, told = previewer()
    one.take(0, unfinished(2000), "and so on " * 12, "")
    assert not told


def test_what_is_held_back_stands_in_front() -> None:
    one, told = previewer()
    held = (Segment(500, 900, "Yes."), Segment(950, 990, "I see."))
    one.take(0, unfinished(2000), "Yes", "Me")
    one.settle(0, "Me", True, held)
    one.take(0, unfinished(4000, number=1), "And then", "Me")
    one.take(0, unfinished(5000, number=1), "And then we", "Me")
    one.settle(0, "Me", False)
    texts = [(note.start_ms, note.text, note.text[: note.stable]) for note in told]  # type: ignore[union-attr]
    assert texts == [
        (1000, "Yes", ""),
        (500, "Yes. I see.", "Yes. I see."),
        (500, "Yes. I see. And then", "Yes. I see."),
        (500, "Yes. I see. And then we", "Yes. I see. And"),
        (3000, "And then we", "And"),
    ]


@pytest.mark.parametrize("slow_s", [0.0, 1000.0])
def test_the_demo_model_previews_a_sentence_on_a_slow_machine_and_on_a_fast_one(slow_s: float) -> None:
    told: list[protocol.Report] = []
    one = Previewer(1, recogniser_of(workers=1), OPTIONS, told.append, slow_s)
    sound = samples_of("demo-short")
    for end in (RATE_HZ, 2 * RATE_HZ, len(sound)):
        cutter = PieceCutter(0, True)
        list(cutter.fed(sound[:end]))
        one.hear(0, cutter.unfinished(), lambda _encoded: "en", "", "")
    last = told[-1]
    assert isinstance(last, protocol.Preview)
    assert plain(last.text) == plain(said_in("demo-short"))
