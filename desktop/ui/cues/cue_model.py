"""The cues as rows for the table: what a cell says, and which rows an edit has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.core.cues import Cue
from desktop.core.i18n import _, mark
from desktop.core.problems import FAST, GAP, LONG, OPEN, OVERLAP, SHORT, Problem
from desktop.core.rules import Rules
from desktop.ui.cues.cue_list import differing
from desktop.ui.cues.measures import shown_speed
from desktop.ui.cues.time_field import time_text

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns in their order."""

    NUMBER = 0
    START = 1
    END = 2
    DURATION = 3
    SPEED = 4
    SPEAKER = 5
    TEXT = 6
    NOTES = 7


TITLES = {
    Column.NUMBER: mark("No."),
    Column.START: mark("Start"),
    Column.END: mark("End"),
    Column.DURATION: mark("Length"),
    Column.SPEED: mark("Ch./s"),
    Column.SPEAKER: mark("Speaker"),
    Column.TEXT: mark("Text"),
    Column.NOTES: mark("Notes"),
}
HELP = {
    Column.DURATION: mark("How long the cue stands, in seconds"),
    Column.SPEED: mark("Characters per second"),
    Column.NOTES: mark("What breaks the rules of the style, and which cues were set by hand"),
}
TROUBLED = {
    FAST: Column.SPEED,
    SHORT: Column.DURATION,
    LONG: Column.DURATION,
    GAP: Column.END,
    OPEN: Column.END,
    OVERLAP: Column.END,
}
"""The column whose figure breaks the rule."""
CHANGEABLE = frozenset({Column.START, Column.END, Column.TEXT})


class CueModel(QAbstractTableModel):
    """Shows cues with their problems. A new list announces the rows that differ, and no others."""

    def __init__(self) -> None:
        super().__init__()
        self._cues: Sequence[Cue] = ()
        self._problems: dict[int, list[Problem]] = {}
        self._rules = Rules()

    # --- what is shown ---

    def show_cues(self, cues: Sequence[Cue], problems: Sequence[Problem], rules: Rules) -> None:
        """Show another list from its start."""
        self.beginResetModel()
        self._cues, self._problems, self._rules = cues, _by_row(problems), rules
        self.endResetModel()

    def take(self, cues: Sequence[Cue], problems: Sequence[Problem], rules: Rules) -> None:
        """Show what has become of the list: cues are compared from both ends."""
        first, last, last_before = differing(self._cues, cues)
        before, self._rules = self._problems, rules
        more = last - last_before
        # The rows that stay where they are or move by `more` keep their cells; in between they change.
        shared = min(last, last_before)
        top = QModelIndex()
        if more > 0:
            self.beginInsertRows(top, shared, shared + more - 1)
        elif more < 0:
            self.beginRemoveRows(top, shared, shared - more - 1)
        self._cues, self._problems = cues, _by_row(problems)
        if more > 0:
            self.endInsertRows()
        elif more < 0:
            self.endRemoveRows()
        troubled = _troubled(before, self._problems, first, last, last_before)
        for start, stop in _runs({*range(first, shared), *troubled}):
            self.dataChanged.emit(self.index(start, 0), self.index(stop, len(Column) - 1))

    @property
    def cues(self) -> Sequence[Cue]:
        """All of them."""
        return self._cues

    @property
    def rules(self) -> Rules:
        """What they were composed with."""
        return self._rules

    def problems_of(self, row: int) -> Sequence[Problem]:
        """What is wrong with one cue."""
        return self._problems.get(row, ())

    # --- Qt's model ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._cues)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._said(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_(TITLES[column])}: {self._said(row, column)}"
            case Qt.ItemDataRole.ToolTipRole:
                return self._told(row, column)
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _(TITLES[Column(section)])
            if role == Qt.ItemDataRole.ToolTipRole:
                return _(HELP.get(Column(section), ""))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsEditable if Column(index.column()) in CHANGEABLE else flags

    def _said(self, row: int, column: Column) -> str:
        return _SAYINGS[column](self, row)

    def notes_of(self, row: int) -> list[str]:
        """What is to be said about a cue: its problems, and whether a person has set it."""
        notes = [problem.said for problem in self.problems_of(row)]
        return [*notes, _("Set by hand")] if self._cues[row].is_pinned else notes

    def troubled_columns(self, row: int) -> set[Column]:
        """Whose figure breaks a rule."""
        return {TROUBLED[problem.code] for problem in self.problems_of(row) if problem.code in TROUBLED}

    def _told(self, row: int, column: Column) -> str:
        notes = self.notes_of(row)
        return "\n".join(notes if column is not Column.TEXT else [self._cues[row].text, *notes])


_SAYINGS: dict[Column, Callable[[CueModel, int], str]] = {
    Column.NUMBER: lambda model, row: str(row + 1),
    Column.START: lambda model, row: time_text(model.cues[row].start_ms),
    Column.END: lambda model, row: time_text(model.cues[row].end_ms),
    Column.DURATION: lambda model, row: f"{(model.cues[row].end_ms - model.cues[row].start_ms) / 1000:.2f}",
    Column.SPEED: lambda model, row: shown_speed(model.cues[row], model.rules),
    Column.SPEAKER: lambda model, row: model.cues[row].speaker,
    Column.TEXT: lambda model, row: model.cues[row].text,
    Column.NOTES: lambda model, row: ". ".join(model.notes_of(row)),
}


def _by_row(problems: Sequence[Problem]) -> dict[int, list[Problem]]:
    rows: dict[int, list[Problem]] = {}
    for problem in problems:
        rows.setdefault(problem.cue, []).append(problem)
    return rows


def _troubled(
    before: dict[int, list[Problem]], after: dict[int, list[Problem]], first: int, last: int, last_before: int
) -> Iterator[int]:
    """The rows outside of those that differ whose problems are no longer the same."""
    old = {
        row + (last - last_before if row >= last_before else 0): _known(found)
        for row, found in before.items()
        if not first <= row < last_before
    }
    new = {row: _known(found) for row, found in after.items() if not first <= row < last}
    return (row for row in {*old, *new} if old.get(row) != new.get(row))


def _known(problems: Sequence[Problem]) -> list[tuple[str, float, float]]:
    return [(one.code, one.value, one.limit) for one in problems]


def _runs(rows: set[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring rows together: the first and the last of each run."""
    start = last = -1
    for row in sorted(rows):
        if last >= 0 and row == last + 1:
            last = row
            continue
        if last >= 0:
            yield start, last
        start = last = row
    if last >= 0:
        yield start, last
