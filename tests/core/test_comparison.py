"""Beside what was heard: every change is found once, named, and can be taken back."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import comparison, editing
from desktop.core.comparison import Change, Difference, How
from desktop.core.document import Document, Edit
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word


def heard(*texts: str) -> Transcript:
    """A segment a second, its words side by side."""
    return Transcript(tuple(segment(1000 * at, text) for at, text in enumerate(texts)))


def segment(start_ms: int, text: str, end_ms: int | None = None) -> Segment:
    end_ms = end_ms or start_ms + 900
    words, step = text.split(), (end_ms - start_ms) // max(1, len(text.split()))
    spoken = (
        Word(start_ms + step * at, start_ms + step * (at + 1), (" " if at else "") + word, 0.9)
        for at, word in enumerate(words)
    )
    return Segment(start_ms, end_ms, text, tuple(spoken))


def after(original: Transcript, *edits: Edit) -> Transcript:
    return Document.of(original, edits).current


def marked(difference: Difference) -> str:
    """The text with [what is gone] and {what is new}."""
    signs = {How.SAME: "%s", How.GONE: "[%s]", How.NEW: "{%s}"}
    return "".join(signs[piece.how] % piece.text for piece in difference.pieces)


FIVE = ("One of them.", "The quick brown fox.", "It jumps far.", "Over there.", "The end.")


def test_the_same_has_no_differences() -> None:
    original = heard(*FIVE)
    assert comparison.compared(original, original) == []
    assert comparison.compared(original, heard(*FIVE)) == []  # equal values, as after a restart


def test_changed_words_stand_between_those_that_stayed() -> None:
    original = heard(*FIVE)
    (found,) = comparison.compared(original, after(original, editing.reworded(original, 1, "The slow brown, fat fox.")))
    assert marked(found) == "The[ quick brown]{ slow brown, fat} fox."
    assert found.positions == (1,)
    assert found.changes == (Change.TEXT,)
    assert (found.start_ms, found.end_ms) == (1000, 1900)
    assert "".join(piece.text for piece in found.before_pieces) == "The quick brown fox."
    assert "".join(piece.text for piece in found.after_pieces) == "The slow brown, fat fox."


def test_what_was_deleted_is_shown_where_it_was() -> None:
    original = heard(*FIVE)
    (found,) = comparison.compared(original, after(original, editing.deleted(original, [2])))
    assert (marked(found), found.positions, found.changes) == ("[It jumps far.]", (), (Change.TEXT,))


def test_what_was_put_in_is_new() -> None:
    original = heard("One.", "Two.")
    (found,) = comparison.compared(original, after(original, editing.inserted(original, 900, 1000, "Hm.")))
    assert (marked(found), found.positions) == ("{Hm.}", (1,))


def test_a_split_is_one_difference_without_changed_words() -> None:
    original = heard(*FIVE)
    (found,) = comparison.compared(original, after(original, editing.split(original, 1, len("The quick "))))
    assert (marked(found), found.positions, found.changes) == ("The quick brown fox.", (1, 2), (Change.CUTS,))


def test_a_merge_is_one_difference_without_changed_words() -> None:
    original = heard(*FIVE)
    (found,) = comparison.compared(original, after(original, editing.merged(original, 1, 3)))
    assert marked(found) == "The quick brown fox. It jumps far. Over there."
    assert (len(found.before), found.positions, found.changes) == (3, (1,), (Change.CUTS,))


def test_other_times_speakers_and_lines_are_named() -> None:
    original = heard(*FIVE)
    now = after(original, editing.retimed(original, 0, 100, 900))
    now = after(now, editing.spoken_by(now, [2], "Anna"))
    now = after(now, editing.reworded(now, 4, "The\nend."))
    found = comparison.compared(original, now)
    assert [one.changes for one in found] == [(Change.TIMES,), (Change.SPEAKER,), (Change.LINES,)]


def test_a_boundary_moved_a_little_does_not_join_neighbours() -> None:
    original = Transcript(tuple(segment(1000 * at, text, 1000 * at + 1000) for at, text in enumerate(FIVE)))
    shifted = Transcript(tuple(segment(1000 * at + 300, text, 1000 * at + 1300) for at, text in enumerate(FIVE)))
    found = comparison.compared(original, shifted)
    assert [(len(one.before), len(one.after)) for one in found] == [(1, 1)] * 5


def test_letters_of_scripts_without_spaces_are_compared_one_by_one() -> None:
    original = heard("你好世界")
    (found,) = comparison.compared(original, after(original, editing.reworded(original, 0, "你好地界")))
    assert marked(found) == "你好[世]{地}界"


def test_everything_merged_into_one_is_compared_in_a_moment() -> None:
    original = heard(*["the same and the same again"] * 3000)
    now = after(original, editing.merged(original, 0, 2999))
    now = after(now, editing.reworded(now, 0, now.segments[0].text.replace("again", "again,")))
    (found,) = comparison.compared(original, now)
    assert "".join(piece.text for piece in found.after_pieces) == now.segments[0].text


@pytest.mark.parametrize(
    "edit",
    [
        editing.reworded(heard(*FIVE), 1, "Other words"),
        editing.deleted(heard(*FIVE), [2]),
        editing.deleted(heard(*FIVE), [0, 1, 2, 3, 4]),
        editing.split(heard(*FIVE), 1, len("The quick ")),
        editing.merged(heard(*FIVE), 1, 3),
        editing.retimed(heard(*FIVE), 0, 100, 1000),
        editing.spoken_by(heard(*FIVE), [0, 4], "Anna"),
        editing.inserted(heard(*FIVE), 1900, 2000, "Hm."),
    ],
    ids=lambda edit: edit.label,
)
def test_a_difference_can_be_taken_back(edit: Edit) -> None:
    original = heard(*FIVE)
    now = after(original, edit)
    for _time in range(len(comparison.compared(original, now))):
        now = after(now, comparison.put_back(original, now, comparison.compared(original, now)[0]))
    assert now.segments == original.segments


def test_what_was_deleted_comes_back_although_its_neighbour_has_spread() -> None:
    original = heard(*FIVE)
    now = after(original, editing.deleted(original, [2]))
    now = after(now, editing.retimed(now, 1, 1000, 2300))
    gone = next(one for one in comparison.compared(original, now) if not one.positions)
    assert after(now, comparison.put_back(original, now, gone)).segments == original.segments


words = st.sampled_from(["one", "two", "Two,", "three", "ß", "世界"])
lines = st.lists(words, min_size=1, max_size=5).map(" ".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Transcript, Transcript]:
    """A transcript before and after some steps of any kind."""
    original = heard(*draw(st.lists(lines, min_size=1, max_size=6)))
    now = original
    for _time in range(draw(st.integers(0, 4))):
        count = len(now.segments)
        if not count:
            break
        at = draw(st.integers(0, count - 1))
        last = draw(st.integers(at, min(at + 2, count - 1)))
        text = now.segments[at].text
        steps = (
            lambda now, at=at: editing.reworded(now, at, draw(lines)),
            lambda now, at=at: editing.deleted(now, [at]),
            lambda now, at=at, last=last: editing.merged(now, at, last),
            lambda now, at=at, text=text: editing.split(now, at, draw(st.integers(0, len(text)))),
            lambda now, at=at: editing.spoken_by(now, [at], draw(words)),
            lambda now, at=at: editing.retimed(now, at, draw(st.integers(0, 6000)), draw(st.integers(0, 6000))),
        )
        now = after(now, draw(st.sampled_from(steps))(now))
    return original, now


@given(edited())
def test_each_changed_segment_is_in_exactly_one_difference(both: tuple[Transcript, Transcript]) -> None:
    original, now = both
    found = comparison.compared(original, now)
    positions = [at for one in found for at in one.positions]
    assert len(positions) == len(set(positions))
    assert all(
        now.segments[at] is segment for one in found for at, segment in zip(one.positions, one.after, strict=True)
    )

    def keys(segments: object) -> Counter[tuple[object, ...]]:
        return Counter((one.start_ms, one.end_ms, one.text, one.speaker) for one in segments)

    untouched = [one for at, one in enumerate(now.segments) if at not in positions]
    before = [one for difference in found for one in difference.before]
    assert keys(untouched) + keys(before) == keys(original.segments)


@given(edited())
def test_both_texts_can_be_read_from_the_pieces(both: tuple[Transcript, Transcript]) -> None:
    for one in comparison.compared(*both):
        assert one.changes
        assert "".join(piece.text for piece in one.after_pieces).split() == [
            word for segment in one.after for word in segment.text.split()
        ] or any("世" in segment.text for segment in one.after)
        for how, segments in ((How.NEW, one.before), (How.GONE, one.after)):
            text = "".join(piece.text for piece in one.pieces if piece.how is not how)
            assert "".join(text.split()) == "".join("".join(segment.text.split()) for segment in segments)
