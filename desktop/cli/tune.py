"""`undertone tune`: measure how a model runs best here, and keep that."""

from __future__ import annotations

import argparse
import json
import sys
import threading

from desktop import cli
from desktop.cli.interruption import interruptible
from desktop.cli.place import Place
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.names import speed
from desktop.core.options import AUTO, Options
from desktop.core.tuning import MEASURED_WITH, Findings, Trial
from desktop.engine.tuning import Bench, tune
from desktop.store.tunings import TuningsFile

BAR = 24


def run_tune(arguments: argparse.Namespace) -> int:
    """Print a row as soon as it is measured; keeps nothing when it is stopped."""
    try:
        place = Place.of_the_user()
        findings = _measured(place, arguments)
        if findings is None:
            return cli.INTERRUPTED
        if problem := findings.problem:
            raise problem
        assert findings.tuning
        TuningsFile(place.paths.tunings).keep(findings.tuning)
    except AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    print(json.dumps(findings.tuning.to_record(), ensure_ascii=False) if arguments.json else _verdict(findings))
    return cli.DONE


def _measured(place: Place, arguments: argparse.Namespace) -> Findings | None:
    """All that was found; None when Ctrl+C came first."""
    stop = threading.Event()

    settings = place.settings.options()
    options = Options(
        model=arguments.model or settings.model,
        device=arguments.device or settings.device,
        compute_type=arguments.compute_type or AUTO,
    )
    findings = None
    with interruptible(stop.set):
        for findings in tune(place.models, options, Bench(place.paths.samples / MEASURED_WITH), stop):
            if not arguments.json:
                _tell(findings)
    return findings if findings and findings.is_over else None


def _tell(findings: Findings) -> None:
    """Progress goes to stderr, where the next line takes its place; rows go to stdout, and stay."""
    is_screen = sys.stderr.isatty()
    if is_screen:
        print("\r\x1b[K", end="", file=sys.stderr)
    if findings.at_work and is_screen:
        print(_("  trying {setup}…").format(setup=findings.at_work.said), end="", flush=True, file=sys.stderr)
    if findings.is_over or findings.at_work:
        return
    if not findings.trials:
        if not findings.hardware:
            print(_("{model}: looking at the machine, then some seconds for each way.").format(model=findings.model))
        return
    if len(findings.trials) == 1:
        print(f"{findings.device.upper()} {findings.hardware}")
        print(f"  {_('type'):14} {_('batches × threads'):18} {_('windows'):>8} {_('speed'):>8}")
    print(_row(findings.trials[-1], max(one.factor for one in findings.trials)), flush=True)


def _row(trial: Trial, fastest: float) -> str:
    setup = trial.setup
    way = f"  {setup.compute_type:14} {f'{setup.workers} × {setup.threads}':18} {setup.windows:8}"
    if trial.problem:
        return f"{way} {_('failed: {problem}').format(problem=trial.problem)}"
    bar = "█" * max(1, round(BAR * trial.factor / fastest))
    return f"{way} {speed(trial.factor):>8}  {bar}"


def _verdict(findings: Findings) -> str:
    assert findings.tuning
    told = _("Best: {setup}, {speed}.").format(setup=findings.tuning.said, speed=speed(findings.tuning.factor))
    return f"{told} {findings.gain}"
