"""Measurements in turn, A B C A B C, each in a fresh process: what slows the machine for a while slows all alike."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import desktop
from desktop.benchmark.models import Wanted
from desktop.benchmark.task import Figures, Task
from desktop.core.i18n import _

Ask = Callable[[dict[str, Any]], dict[str, Any]]
Tell = Callable[[str], None]

PACKAGES = {"whisper": "openai-whisper", "_pywhispercpp": "pywhispercpp"}


class LeftOut(Exception):
    """A contestant cannot take part; its text is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a table: a task within a row, and the group of lines that it is compared with."""

    row: str
    group: str
    name: str
    task: Task
    audio_s: float
    model: Wanted | None = None
    """To be made before; None for a model that is there."""


@dataclass(frozen=True, slots=True)
class Run:
    """One case measured once."""

    case: Case
    round: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Absence:
    """A case that was left out, and why."""

    case: Case
    sentence: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was measured."""

    runs: tuple[Run, ...] = ()
    absences: tuple[Absence, ...] = ()

    def of_row(self, row: str) -> Outcome:
        """The part of one row."""
        return Outcome(
            tuple(run for run in self.runs if run.case.row == row),
            tuple(absence for absence in self.absences if absence.case.row == row),
        )

    def cases(self) -> tuple[Case, ...]:
        """The cases that were measured, each once, in their order."""
        return tuple(dict.fromkeys(run.case for run in self.runs))

    def figures(self, case: Case) -> list[Figures]:
        """Of each round."""
        return [run.figures for run in self.runs if run.case == case]

    def median(self, case: Case) -> Figures:
        """Figure by figure the median of the rounds; texts and hash are those of the first."""
        rounds = self.figures(case)
        first = asdict(rounds[0])
        for field in fields(Figures):
            if isinstance(first[field.name], int | float):
                middle = statistics.median(getattr(one, field.name) for one in rounds)
                first[field.name] = round(middle) if isinstance(first[field.name], int) else middle
        return Figures(**first)


def measured(
    cases: Sequence[Case], repeats: int, folder: Path, tell: Tell, ask: Ask | None = None
) -> Iterator[Run | Absence]:
    """Every case `repeats` times, in turn; who cannot take part is left out with a sentence and not asked again."""
    ask = ask or in_a_fresh_process
    out: set[Case] = set()
    for number in range(1, repeats + 1):
        for case in cases:
            if case in out:
                continue
            try:
                if number == 1 and case.model is not None:
                    _asked(ask, case, {"model": asdict(case.model), "folder": str(folder)})
                answer = _asked(ask, case, {"task": case.task.to_record()})
            except LeftOut as reason:
                out.add(case)
                tell(str(reason))
                yield Absence(case, str(reason))
                continue
            run = Run(case, number, Figures.from_record(answer["figures"]))
            tell(f"{case.row:<13} {case.group}, {case.name}: {run.figures.wall_s:.1f} s ({number}/{repeats})")
            yield run


def in_a_fresh_process(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer of `run_one`. Raises LeftOut with the last thing that a process said which died."""
    root = Path(desktop.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "desktop.benchmark.run_one"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise LeftOut(_("its process failed ({reason})").format(reason=last.strip()[:200]))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _asked(ask: Ask, case: Case, asked: dict[str, Any]) -> dict[str, Any]:
    name = case.name if case.name != case.group else case.task.contestant
    try:
        answer = ask(asked)
    except LeftOut as reason:
        raise LeftOut(_("{name} is left out: {reason}.").format(name=name, reason=reason)) from reason
    if "missing" in answer:
        library = answer["missing"]
        sentence = _("{name} is left out: {library} is not installed. Install it with: pip install 'undertone[bench]'")
        raise LeftOut(sentence.format(name=name, library=PACKAGES.get(library, library)))
    return answer


def joined(outcomes: Iterable[Run | Absence]) -> Outcome:
    """All runs and absences as one value."""
    everything = list(outcomes)
    return Outcome(
        tuple(one for one in everything if isinstance(one, Run)),
        tuple(one for one in everything if isinstance(one, Absence)),
    )
