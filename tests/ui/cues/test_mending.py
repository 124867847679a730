"""Mending everything: one step, nothing worse than before, no word lost."""

from hypothesis import given, settings

from desktop.core.cues import compose
from desktop.core.document import Document
from desktop.core.editing import pinned
from desktop.core.problems import problems
from desktop.core.rules import DEFAULT
from desktop.core.transcript import Transcript
from desktop.ui.cues.mending import Mending
from tests.ui.cues.talk import after, said, talk, talks


def pinned_badly(count: int = 6) -> Transcript:
    """Cues that somebody has set too short, one line too long, and gaps that flicker."""
    transcript = talk(count, pause_ms=2_500)
    for at in range(count):
        one = transcript.segments[at]
        transcript = after(
            transcript,
            pinned(transcript, (at, 0), (at, len(one.words) - 1), one.text, one.start_ms, one.start_ms + 700),
        )
    return transcript


def mended(transcript: Transcript) -> tuple[Mending, Transcript]:
    mending = Mending(transcript, DEFAULT)
    while mending.go_on(1.0):
        pass
    return mending, after(transcript, mending.edit) if mending.edit else transcript


def test_all_that_can_be_mended_is_one_step() -> None:
    transcript = pinned_badly()
    before = problems(compose(transcript), DEFAULT)
    mending, edited = mended(transcript)
    left = problems(compose(edited), DEFAULT)
    assert len(left) < len(before) / 2
    assert (mending.count, mending.tried) == (len(before), len(before))
    assert said(edited) == said(transcript)
    document = Document.of(transcript).did(mending.edit)
    assert document.done == 1
    assert document.undone().current == transcript


def test_nothing_to_mend_is_no_step() -> None:
    mending, edited = mended(talk(4))
    assert not mending.edit
    assert edited == talk(4)


def test_mending_goes_on_in_small_steps() -> None:
    mending = Mending(pinned_badly(), DEFAULT)
    steps = 0
    while mending.go_on(0.0):
        steps += 1
        assert steps < 100_000
        if steps > 3:
            break
    assert steps > 3


@settings(max_examples=25)
@given(talks())
def test_mending_never_makes_it_worse_and_loses_no_word(transcript: Transcript) -> None:
    _mending, edited = mended(transcript)
    assert len(problems(compose(edited), DEFAULT)) <= len(problems(compose(transcript), DEFAULT))
    assert said(edited).split() == said(transcript).split()
