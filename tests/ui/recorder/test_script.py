"""The order of what is said, guessed, flagged and missing."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.events import Preview
from desktop.core.recording import Gap, Mark
from desktop.core.transcript import Segment
from desktop.ui.recorder.script import Kind, Script
from tests.ui.recorder.news import said

TIMES = st.integers(0, 60_000)


def texts(script: Script) -> list[str]:
    return [line.text for line in script.lines]


@given(st.lists(TIMES, unique=True), st.lists(TIMES), st.lists(TIMES), TIMES)
def test_lines_stand_in_the_order_of_time_and_guesses_last(
    starts: list[int], marks: list[int], gaps: list[int], guess_ms: int
) -> None:
    script = Script()
    for at in marks:
        script.mark(Mark(at))
    script.hear(0, [Segment(at, at + 1, f"word {at}") for at in sorted(starts)])
    for at in gaps:
        script.miss(Gap(at, 1000, "paused"))
    script.guess(Preview(guess_ms, "and then"))
    *sure, last = script.lines
    assert len(sure) == len(starts) + len(marks) + len(gaps)
    assert [line.at_ms for line in sure] == sorted(line.at_ms for line in sure)
    assert last.kind is Kind.PREVIEW


def test_a_guess_is_over_when_its_words_are_certain() -> None:
    script = Script()
    script.guess(Preview(4000, "we will sent", stable=7))
    assert script.lines[-1].stable == 7
    script.hear(0, said("Good morning."))
    assert texts(script) == ["Good morning.", "we will sent"]
    script.hear(1, said("We will send it.", start_ms=4000))
    assert texts(script) == ["Good morning.", "We will send it."]


def test_each_speaker_has_a_guess_of_their_own() -> None:
    script = Script()
    script.guess(Preview(100, "yes", speaker="Me"))
    script.guess(Preview(50, "no", speaker="Them"))
    assert texts(script) == ["no", "yes"]
    script.hear(0, said("No, never.", speaker="Them"))
    assert texts(script) == ["No, never.", "yes"]
    script.guess(Preview(0, "", speaker="Me"))
    assert texts(script) == ["No, never."]


def test_segments_that_come_again_take_the_place_of_those_before() -> None:
    script = Script()
    script.hear(0, said("One.", "Too."))
    script.hear(1, said("Two.", "Three.", start_ms=4000))
    assert texts(script) == ["One.", "Two.", "Three."]


@given(st.lists(st.text("ab cd", min_size=1), max_size=8), st.text("ef gh", max_size=30), st.integers(0, 60))
def test_the_last_words_fit_and_are_the_end_of_what_was_said(parts: list[str], guess: str, most: int) -> None:
    script = Script()
    script.hear(0, said(*parts))
    script.guess(Preview(10**6, guess))
    sure, guessed = script.last_words(most)
    assert len(sure) + len(guessed) <= most
    assert " ".join(part.strip() for part in parts if part.strip()).endswith(sure)
    assert guess.strip().endswith(guessed)
