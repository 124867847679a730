"""What is kept up with an edit is what would be found anew; a long transcript is composed piece by piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.cues import compose
from desktop.core.problems import problems
from desktop.core.rules import PRESETS
from desktop.core.transcript import Transcript
from desktop.ui.cues import cue_edits
from desktop.ui.cues.cue_list import CueList
from tests.ui.cues.talk import after, talk, talks

PRESET_NAMES = st.sampled_from(list(PRESETS))


@given(talks(), PRESET_NAMES, st.data())
def test_after_edits_cues_and_problems_are_those_that_would_be_found_anew(
    transcript: Transcript, preset: str, data: st.DataObject
) -> None:
    rules = PRESETS[preset].rules
    kept_up = CueList(rules)
    kept_up.compose(transcript)
    for _edit in range(3):
        assert list(kept_up.cues) == compose(transcript, rules)
        assert list(kept_up.problems) == problems(kept_up.cues, rules)
        if not kept_up.cues:
            return
        row = data.draw(st.integers(0, len(kept_up.cues) - 1))
        cue = kept_up.cues[row]
        match data.draw(st.integers(0, 3)):
            case 0:
                edit = cue_edits.reworded(transcript, cue, "Something else,\nin two lines")
            case 1:
                edit = cue_edits.deleted(transcript, [cue])
            case 2:
                edit = cue_edits.split(transcript, cue, cue.text, len(cue.text) // 2, 0)
            case _:
                by_ms = data.draw(st.integers(-900, 900))
                edit = cue_edits.retimed(transcript, kept_up.cues, row, cue.start_ms, cue.end_ms + by_ms, False)
        transcript = after(transcript, edit) if edit else transcript
        kept_up.compose(transcript)


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 2_345])
def test_piece_by_piece_is_the_same_as_all_at_once(count: int) -> None:
    transcript = talk(count, letter_ms=45)
    cues = CueList()
    pieces = list(cues.pieces(transcript))
    assert (pieces[-1] if pieces else 0) >= count
    assert list(cues.cues) == compose(transcript)
    assert list(cues.problems) == problems(compose(transcript), cues.rules)
