"""The rows of the table: what they say, and which of them an edit announces."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt

from desktop.core.cues import Cue, compose
from desktop.core.problems import Problem
from desktop.core.rules import DEFAULT
from desktop.core.words import Word
from desktop.ui.cues.cue_model import Column, CueModel, differing
from tests.ui.cues.talk import talk

CUES = compose(talk(has_speakers=True))


def model_of(cues: Sequence[Cue], problems: Sequence[Problem] = ()) -> CueModel:
    model = CueModel()
    model.show_cues(cues, problems, DEFAULT)
    return model


def row_of(model: CueModel, row: int) -> list[str]:
    return [model.data(model.index(row, column)) for column in Column]


def fast(row: int) -> Problem:
    return Problem(row, "fast", 24.0, 20.0)


class Mirror:
    """Keeps a copy of the rows by what the model announces alone, as a view does."""

    def __init__(self, model: CueModel) -> None:
        self._model = model
        self.announced: set[int] = set()
        self.rows = self._all()
        self._leaving: tuple[int, int] = (0, 0)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.dataChanged.connect(self._on_changed)

    def _all(self) -> list[tuple[str, ...]]:
        return [self._row(row) for row in range(self._model.rowCount())]

    def _row(self, row: int) -> tuple[str, ...]:
        return tuple(row_of(self._model, row)[1:])

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.rows[first:first] = [self._row(row) for row in range(first, last + 1)]
        self.announced |= set(range(first, last + 1))

    def _on_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        del self.rows[first : last + 1]

    def _on_changed(self, start: QModelIndex, stop: QModelIndex) -> None:
        for row in range(start.row(), stop.row() + 1):
            self.rows[row] = self._row(row)
            self.announced.add(row)


def test_a_row_says_all_about_its_cue() -> None:
    cue = Cue(62_345, 64_845, ("And did you", "believe him?"), speaker="Anna", is_pinned=True)
    assert row_of(model_of([cue], [fast(0)]), 0)[:-1] == [
        "1",
        "1:02.345",
        "1:04.845",
        "2.50",
        "9.6",
        "Anna",
        "And did you\nbelieve him?",
    ]


def test_notes_say_the_problems_and_that_a_cue_was_set_by_hand() -> None:
    model = model_of([replace(CUES[0], is_pinned=True)], [fast(0)])
    notes = row_of(model, 0)[Column.NOTES]
    assert notes == f"{fast(0).said}. Set by hand"
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) == f"{fast(0).said}\nSet by hand"
    assert model.data(model.index(0, 7), Qt.ItemDataRole.AccessibleTextRole) == f"Notes: {notes}"


def test_only_text_and_times_can_be_changed() -> None:
    model = model_of(CUES)
    changeable = [column for column in Column if model.flags(model.index(0, column)) & Qt.ItemFlag.ItemIsEditable]
    assert changeable == [Column.START, Column.END, Column.TEXT]


def test_an_edit_in_the_middle_announces_its_row_alone() -> None:
    model = model_of(CUES)
    mirror = Mirror(model)
    changed = [*CUES[:3], replace(CUES[3], lines=("Else.",)), *CUES[4:]]
    model.take(changed, (), DEFAULT)
    assert mirror.announced == {3}


def test_other_places_in_the_transcript_change_no_row() -> None:
    model = model_of(CUES)
    mirror = Mirror(model)
    model.take([replace(cue, first=(cue.first[0] + 1, 0)) for cue in CUES], (), DEFAULT)
    assert not mirror.announced
    assert model.cues[0].first == (1, 0)


def test_a_problem_that_goes_announces_its_row() -> None:
    model = model_of(CUES, [fast(1), fast(4)])
    mirror = Mirror(model)
    model.take(CUES, [fast(4)], DEFAULT)
    assert mirror.announced == {1}


def test_a_problem_that_moves_with_its_row_announces_nothing() -> None:
    model = model_of(CUES, [fast(4)])
    mirror = Mirror(model)
    model.take([CUES[0], CUES[0], *CUES[1:]], [fast(5)], DEFAULT)
    assert len(mirror.announced) == 1


cue_lists = st.lists(
    st.builds(
        lambda at, text, pinned: Cue(at, at + 10, (text,), (Word(at, at, text, 1.0),), is_pinned=pinned),
        st.integers(0, 3),
        st.sampled_from(("a", "b")),
        st.booleans(),
    ),
    max_size=9,
)
problem_rows = st.sets(st.integers(0, 8), max_size=4)


@given(cue_lists, cue_lists, problem_rows, problem_rows)
def test_what_is_announced_is_all_that_changed(
    before: list[Cue], after: list[Cue], troubled: set[int], then: set[int]
) -> None:
    model = model_of(before, [fast(row) for row in sorted(troubled) if row < len(before)])
    mirror = Mirror(model)
    model.take(after, [fast(row) for row in sorted(then) if row < len(after)], DEFAULT)
    assert mirror.rows == [tuple(row_of(model, row)[1:]) for row in range(len(after))]
    assert [model.cues[row] for row in range(model.rowCount())] == after


@given(cue_lists, cue_lists)
def test_lists_are_the_same_outside_of_where_they_differ(before: list[Cue], after: list[Cue]) -> None:
    first, last, last_before = differing(before, after)
    assert before[:first] == after[:first]
    assert before[last_before:] == after[last:]
    assert first <= min(last, last_before)


@pytest.mark.parametrize("column", list(Column))
def test_every_column_has_a_title(column: Column) -> None:
    model = CueModel()
    assert model.headerData(column, Qt.Orientation.Horizontal)
    assert model.headerData(column, Qt.Orientation.Vertical) is None
