"""Where the caret is after an edit, and after its way back."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.core import editing
from desktop.core.document import Edit
from desktop.core.transcript import Segment, Transcript
from desktop.ui.document.landing import landing
from desktop.ui.document.page import mapped, touches

TEXT = Transcript(
    tuple(Segment(1000 * at, 1000 * at + 900, text) for at, text in enumerate(("One.", "Two of it.", "Three.")))
)


def after(edit: Edit) -> Transcript:
    segments = list(TEXT.segments)
    for splice in edit.splices:
        splice.applied(segments)
    return replace(TEXT, segments=tuple(segments))


def test_after_a_split_it_stands_at_the_second_half() -> None:
    edit = editing.split(TEXT, 1, 4)
    assert landing(edit, (1, 4)) == (2, 0)
    assert landing(edit.inverse, (2, 0)) == (1, 4)


def test_after_a_merge_it_stands_at_the_seam_or_where_it_was() -> None:
    edit = editing.merged(TEXT, 0, 1)
    assert landing(edit, (1, 0)) == (0, 5)
    assert landing(edit, (0, 2)) == (0, 2)
    assert landing(edit, (2, 3)) == (0, 4)
    assert landing(edit.inverse, (0, 4)) == (1, 0)


def test_after_a_change_of_text_it_stands_behind_what_is_different() -> None:
    edit = editing.reworded(TEXT, 1, "Two bits of it.")
    assert landing(edit, (0, 0)) == (1, 9)
    assert landing(edit.inverse, (1, 0)) == (1, 4)


def test_of_many_changes_its_own_segment_goes_first() -> None:
    edit = editing.rewritten(TEXT, {0: "Ones.", 2: "Threes."})
    assert landing(edit, (2, 0)) == (2, 6)
    assert landing(edit, (1, 0)) == (0, 4)


def test_it_stays_where_no_text_changes() -> None:
    assert landing(editing.spoken_by(TEXT, [0, 1], "Anna"), (1, 3)) is None
    assert landing(editing.retimed(TEXT, 1, 1100, 1800), (0, 0)) is None
    assert landing(Edit("", ()), (0, 0)) is None


def test_after_deleting_it_stands_at_what_comes_then() -> None:
    edit = editing.deleted(TEXT, [0, 1])
    assert landing(edit, (1, 3)) == (0, 0)
    assert landing(edit.inverse, (0, 0)) == (0, 0)


@given(st.integers(0, 2), st.integers(0, 9))
def test_a_caret_is_never_lost_by_merging(number: int, offset: int) -> None:
    offset = min(offset, len(TEXT.segments[number].text))
    place = landing(editing.merged(TEXT, 0, 2), (number, offset))
    assert place
    text = after(editing.merged(TEXT, 0, 2)).segments[place[0]].text
    assert text[place[1] :].startswith(TEXT.segments[number].text[offset:])


def test_segments_are_followed_through_an_edit() -> None:
    edit = editing.deleted(TEXT, [0, 2])
    assert [mapped(edit, number) for number in range(3)] == [0, 0, 1]
    assert [touches(edit, number) for number in range(3)] == [True, False, True]
    split = editing.split(TEXT, 1, 4)
    assert [mapped(split, number) for number in range(3)] == [0, 1, 3]
