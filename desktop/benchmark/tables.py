"""Tables of what was measured: medians of the rounds, and how they compare with ours."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from desktop.benchmark.rounds import Case, Outcome
from desktop.benchmark.task import OURS_FAST, Figures
from desktop.core.i18n import _

Row = tuple[str, ...]

EVEN = 0.02


@dataclass(frozen=True, slots=True)
class Table:
    """A title, headings, lines of text and what should be known about them."""

    title: str
    headings: Row
    rows: tuple[Row, ...]
    notes: Row = ()

    def noting(self, *notes: str) -> Table:
        """The table with more to know about it."""
        return replace(self, notes=(*self.notes, *notes))

    def __str__(self) -> str:
        columns = [_justified(column) for column in zip(self.headings, *self.rows, strict=True)]
        lines = [self.title, *("  ".join(line) for line in zip(*columns, strict=True)), *self.notes]
        return "\n".join(line.rstrip() for line in lines)


@dataclass(frozen=True, slots=True)
class Measure:
    """A case with its medians, and those of ours in the same group, if ours took part."""

    case: Case
    median: Figures
    ours: Figures | None

    @property
    def ratio(self) -> float:
        """How many times the wall time of ours; 0 when there is nothing to compare."""
        return self.median.wall_s / self.ours.wall_s if self.ours and self.ours.wall_s else 0.0


def measures(outcome: Outcome) -> list[Measure]:
    """Every case with what it is compared with: the first of ours in its group."""
    ours: dict[tuple[str, str], Figures] = {}
    for case in outcome.cases():
        if case.task.contestant == OURS_FAST:
            ours.setdefault((case.row, case.group), outcome.median(case))
    return [Measure(case, outcome.median(case), ours.get((case.row, case.group))) for case in outcome.cases()]


def compared(title: str, outcome: Outcome, columns: Sequence[str] = ()) -> Table:
    """One line a case; without `columns` all of them but the ones for many files."""
    chosen = columns or [name for name in COLUMNS if name not in ("files", "hours")]
    found = measures(outcome)
    groups = len({one.case.group for one in found}) > 1
    headings = (*([""] if groups else []), "", *(COLUMNS[name][0] for name in chosen))
    rows, before = [], ""
    for one in found:
        group = one.case.group if one.case.group != before else ""
        before = one.case.group
        rows.append((*([group] if groups else []), one.case.name, *(COLUMNS[name][1](one) for name in chosen)))
    return Table(title, headings, tuple(rows), left_out(outcome))


def left_out(outcome: Outcome) -> Row:
    """The sentences about those who did not take part, each once."""
    return tuple(dict.fromkeys(absence.sentence for absence in outcome.absences))


def growth(title: str, outcome: Outcome) -> Table:
    """How much more memory the longest file takes than the next shorter one, for each hour that it is longer."""
    rows = []
    by_name: dict[str, list[Measure]] = {}
    for one in measures(outcome):
        by_name.setdefault(one.case.name, []).append(one)
    for name, some in by_name.items():
        *_shorter, one, longest = [some[0], *sorted(some, key=_length_s)]
        hours = (_length_s(longest) - _length_s(one)) / 3600
        if hours:
            rows.append((name, f"{(longest.median.peak_mb - one.median.peak_mb) / hours:+.0f}"))
    return Table(title, ("", "MB"), tuple(rows))


def uneven(outcome: Outcome) -> list[str]:
    """A note about those who wrote more or fewer tokens for a window than the others; random weights have a limit."""
    rates = {
        one.case.name: one.median.tokens / one.median.windows
        for one in measures(outcome)
        if one.median.windows and one.case.task.tokens
    }
    if not rates:
        return []
    usual = statistics.median(rates.values())
    odd = [f"{name} {rate:.1f}" for name, rate in rates.items() if abs(rate - usual) > EVEN * usual]
    note = _("Tokens for a window are {usual:.1f} with most, but: {odd}.")
    return [note.format(usual=usual, odd=", ".join(odd))] if odd else []


def seconds(value: float) -> str:
    """Two digits that mean something, as far as a second has them."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def share(value: float) -> str:
    """As a percentage."""
    return f"{100 * value:.2f} %"


def _length_s(one: Measure) -> float:
    return one.case.audio_s


def _per_hour(one: Measure, amount: float) -> str:
    return f"{amount * 3600 / one.median.wall_s:.0f}" if one.median.wall_s else ""


def _faults_per_window(one: Measure) -> str:
    return f"{one.median.minor_faults / one.median.windows:.0f}" if one.median.windows else ""


def _per_window(one: Measure) -> str:
    return f"{one.median.wall_s / one.median.windows:.3f}" if one.median.windows else ""


COLUMNS: dict[str, tuple[str, Callable[[Measure], str]]] = {
    "load": ("load s", lambda one: seconds(one.median.load_s)),
    "wall": ("wall s", lambda one: seconds(one.median.wall_s)),
    "ratio": ("x ours", lambda one: f"{one.ratio:.2f}" if one.ratio else ""),
    "speed": ("x real time", lambda one: f"{one.case.audio_s / one.median.wall_s:.1f}" if one.median.wall_s else ""),
    "hours": ("hours/h", lambda one: _per_hour(one, one.case.audio_s / 3600)),
    "files": ("files/h", lambda one: _per_hour(one, len(one.case.task.sources))),
    "cpu": ("CPU s", lambda one: seconds(one.median.cpu_s)),
    "first": ("first text s", lambda one: seconds(one.median.first_s)),
    "peak": ("peak MB", lambda one: f"{one.median.peak_mb:.0f}" if one.median.peak_mb else ""),
    "faults": ("faults/window", _faults_per_window),
    "window": ("s/window", _per_window),
    "windows": ("windows", lambda one: str(one.median.windows)),
    "tokens": ("tokens", lambda one: str(one.median.tokens)),
}


def _justified(column: Sequence[str]) -> list[str]:
    """Names to the left, numbers to the right, each with its heading."""
    width = max(map(len, column))
    is_numbers = all(_NUMBER.fullmatch(cell) for cell in column[1:])
    return [cell.rjust(width) if is_numbers and len(column) > 1 else cell.ljust(width) for cell in column]


_NUMBER = re.compile(r"([+-]?[0-9.]+( %)?)?")
