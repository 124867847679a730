"""The whole benchmark: from what the user asked for to tables, JSON and picture."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.benchmark import picture, report, words
from desktop.benchmark.plan import Plan
from desktop.benchmark.rounds import Absence, Outcome, Run, Tell, joined, measured
from desktop.benchmark.suite import QUICK_ROWS, ROWS, cases_of
from desktop.benchmark.tables import Table
from desktop.benchmark.task import CONTESTANTS
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.engine import media

QUICK_SIZE, QUICK_MINUTES = "tiny", 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line, and where the program's own files lie."""

    samples: Path
    demo_model: Path
    output: Path
    rows: tuple[str, ...] = ()
    """None: all that can be measured here."""
    size: str = "base"
    minutes: float = 10.0
    repeats: int = 3
    model: Path | None = None
    device: str = ""
    """Empty: the graphics card if there is one."""
    contestants: tuple[str, ...] = ()
    language: str = "en"
    audio: Path | None = None
    references: Path | None = None
    quick: bool = False


def run(wish: Wish, tell: Tell, show: Callable[[str], None]) -> list[Path]:
    """Measure row by row, show each table when it is there; returns the files that were written, if anything ran.

    An interrupt keeps what was measured until then. Raises AppError and KeyboardInterrupt.
    """
    plan = _plan(wish, tell)
    facts = {"machine": report.machine(), "settings": _settings(plan)}
    if facts["machine"]["load_before"] > report.BUSY:
        tell(_("Other programs are busy on this machine: the figures will be worse than they could be."))
    everything: list[Run | Absence] = []
    tables: list[Table] = []
    try:
        for row, cases in cases_of(plan, wish.rows or (QUICK_ROWS if wish.quick else tuple(ROWS))):
            began = len(everything)
            for one in measured(cases, row.rounds or plan.repeats, plan.folder / "models", tell):
                everything.append(one)
            for table in row.tables(plan, joined(everything[began:])):
                tables.append(table)
                show(f"\n{table}")
    finally:
        found = joined(everything)
        written = _written(wish.output, facts, found, tables) if found.runs else []
    return written


def _plan(wish: Wish, tell: Tell) -> Plan:
    import ctranslate2

    device = wish.device or ("cuda" if ctranslate2.get_cuda_device_count() else "cpu")
    sources, said, length_s = _material(wish, tell)
    plan = Plan(
        samples=wish.samples,
        folder=wish.output / "made",
        demo_model=wish.demo_model,
        size=wish.size,
        minutes=wish.minutes,
        repeats=wish.repeats,
        model=wish.model,
        device=device,
        types=tuple(sorted(ctranslate2.get_supported_compute_types(device))),
        contestants=wish.contestants or CONTESTANTS,
        language=wish.language,
        audio=sources,
        audio_s=length_s,
        references=said,
        quick=wish.quick,
    )
    return replace(plan, size=QUICK_SIZE, minutes=QUICK_MINUTES, repeats=1) if wish.quick else plan


def _material(wish: Wish, tell: Tell) -> tuple[tuple[Path, ...], tuple[str, ...], float]:
    """The user's recordings that have a text, with these texts and how long they are together."""
    if wish.audio is None or wish.references is None:
        return (), (), 0.0
    found, length_ms = [], 0
    for source in sorted(wish.audio.iterdir()):
        said = words.reference_of(source, wish.references)
        if said is None or source.suffix in words.REFERENCES:
            continue
        try:
            length_ms += media.inspect(source, threading.Event().is_set).duration_ms
        except AppError as error:
            tell(str(error))
            continue
        found.append((source.absolute(), said))
    if not found:
        tell(_("No recording in {folder} has its text in {texts}.").format(folder=wish.audio, texts=wish.references))
    return tuple(source for source, _said in found), tuple(said for _source, said in found), length_ms / 1000


def _settings(plan: Plan) -> dict[str, Any]:
    return {
        "size": plan.size,
        "minutes": plan.minutes,
        "repeats": plan.repeats,
        "model": str(plan.model or ""),
        "device": plan.device,
        "compute_type": plan.compute_type,
        "language": plan.language,
    }


def _written(folder: Path, facts: dict[str, Any], outcome: Outcome, tables: list[Table]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.json"
    report.write_results(results, facts, outcome, tables)
    groups = picture.bars(outcome)
    if not groups:
        return [results]
    drawing = folder / "picture.svg"
    footer = _("Time in relation to ours, shorter is better. {machine}").format(machine=report.in_a_line(facts))
    drawing.write_text(picture.drawn(_("Speech to text on this machine"), groups, footer), encoding="utf-8")
    return [results, drawing]
