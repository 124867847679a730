"""Measures how a model runs best here: compute types, threads and batches, a few seconds of real work for each."""

from __future__ import annotations

import tempfile
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import psutil

from desktop.core import errors, events
from desktop.core.options import AUTO, Options
from desktop.core.ports import StopFlag, Work
from desktop.core.tuning import Findings, Setup, Trial, Tuning, Tunings, best_of
from desktop.engine import hardware, limits, protocol
from desktop.engine.child import Child
from desktop.engine.client import EngineClient, StartChild
from desktop.engine.hardware import Rung
from desktop.engine.media import SAMPLE_RATE_HZ, MediaFile
from desktop.engine.models import Model, Models

TRIAL_S = 8.0
"""What each way is given to do takes about so long."""
ALL_S = 120.0
"""Nothing new is begun that would end later."""
LEAST_MS, MOST_MS = 60_000, 1_800_000
"""Of sound. With less than a minute there is no batch to speak of."""
CPU_WINDOWS, CARD_WINDOWS = (1, 4), (8, 32, 64)
MEMORY_OF_WORKERS = 4
"""Several batches at once of a model take less than so many times its size."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured with: speech to hear, how long each way is worked on, and how long all may take."""

    speech: Path
    start_child: StartChild = Child
    trial_s: float = TRIAL_S
    all_s: float = ALL_S
    clock: Callable[[], float] = time.monotonic


def tune(models: Models, options: Options, bench: Bench, stop: StopFlag) -> Iterator[Findings]:
    """What is known by now, before and after each trial; the last one is over and has what is worth keeping.

    Of the options only model, device and compute type count. Returns early once `stop` is set. Raises AppError when
    the model runs nowhere. Nothing else should be at work meanwhile.
    """
    began = bench.clock()
    model = models.find(options.model)
    findings = Findings(model.name, options.device)
    yield findings
    engine = EngineClient(models, bench.start_child)
    try:
        hello = engine.introduction(stop)
        chosen = engine.prove(options.model, options, stop)
    finally:
        engine.close()
    if hello is None or stop.is_set():
        return
    rung = Rung(chosen.device, chosen.compute_type)
    name = hardware.name_of(rung.device, hello.cards)
    plan = _Plan(model, rung, hello, options.compute_type == AUTO)
    findings = replace(findings, device=rung.device, hardware=name, to_come=plan.length)
    with tempfile.TemporaryDirectory(prefix="undertone-tune-", ignore_cleanup_errors=True) as folder:
        sound = _Sound(bench.speech, Path(folder) / "speech.wav")
        trials = _Trials(models, model, rung.device, name, bench, sound, stop)
        yield replace(findings, at_work=plan.usual)
        length_ms = LEAST_MS
        if (rough := trials.run(plan.usual, LEAST_MS)) and rough.factor:
            length_ms = min(MOST_MS, max(LEAST_MS, round(1000 * bench.trial_s * rough.factor)))
        known = {plan.usual: rough} if rough and length_ms == LEAST_MS else {}
        done: list[Trial] = []
        for setup in plan.setups(done):
            if stop.is_set():
                return
            findings = replace(findings, at_work=setup)
            yield findings
            trial = known.get(setup) or trials.run(setup, length_ms)
            if trial is None:
                return
            done.append(trial)
            findings = replace(findings.tried(trial), to_come=max(0, plan.length - len(findings.trials) - 1))
            yield findings
            factors = [one.factor for one in findings.trials if one.factor]
            if factors and bench.clock() - began + length_ms / 1000 / min(factors) > bench.all_s:
                break
        for setup in _rivals(findings, plan.usual):
            yield replace(findings, at_work=setup)
            again = trials.run(setup, length_ms)
            if again is None:
                return
            findings = findings.tried_again(again)
    best = findings.best
    kept = Tuning(model.name, model.size, rung.device, name, best.setup, best.factor) if best else None
    yield replace(findings, tuning=kept, to_come=0, is_over=True)


def gauge(models: Models, options: Options, bench: Bench, stop: StopFlag) -> Tuning | None:
    """How fast a model is here in the usual way: a minute of sound. None when stopped.

    Raises AppError when it runs nowhere.
    """
    last = None
    for findings in tune(models, options, bench, stop):
        last = findings
        if findings.trials:
            break
    trial = last.trials[0] if last and last.trials else None
    if last is None or trial is None:
        return None
    if trial.problem:
        raise errors.NothingTuned(model=last.model, reason=trial.problem)
    return Tuning(last.model, models.find(options.model).size, last.device, last.hardware, None, trial.factor)


def _rivals(findings: Findings, usual: Setup) -> tuple[Setup, ...]:
    """Another program may have been in the way of one of them: what would take the place of the usual way has to be
    faster twice."""
    best = findings.best
    return (usual, best.setup) if best and best.setup != usual else ()


class _Plan:
    """The ways to try: first how the processor is shared, then batches, then compute types, each with the best so far.

    As one after the other they are 5 to 8; all combinations would be dozens.
    """

    def __init__(self, model: Model, rung: Rung, hello: protocol.Hello, may_change_type: bool) -> None:
        cores = hardware.cpu_threads()
        usual = hardware.shared(cores, rung.device, model.size, False)
        self.usual = Setup(rung.compute_type, usual.workers, usual.each, hardware.windows(rung.is_card, model.size))
        available = psutil.virtual_memory().available
        has_room = min(available, limits.memory() or available) > MEMORY_OF_WORKERS * model.size
        splits = () if rung.is_card or not has_room else (1, 2, 4)
        self._splits = [hardware.split(cores, count) for count in splits if count <= cores]
        self._windows = CARD_WINDOWS if rung.is_card else CPU_WINDOWS
        known = hello.compute_types.get(rung.device, frozenset())
        preferred = hardware.CUDA_TYPES if rung.is_card else hardware.CPU_TYPES
        self._types = [kind for kind in preferred if kind in known] if may_change_type else []

    @property
    def length(self) -> int:
        """How many at most."""
        others = [one for one in self._splits if (one.workers, one.each) != (self.usual.workers, self.usual.threads)]
        return (
            1 + len(others) + len(self._windows) + len([one for one in self._types if one != self.usual.compute_type])
        )

    def setups(self, done: Sequence[Trial]) -> Iterator[Setup]:
        """One after the other; what comes next depends on what came of those before, which are `done` by then."""
        seen = {self.usual}
        yield self.usual
        changes = [
            *(partial(replace, workers=one.workers, threads=one.each) for one in self._splits),
            *(partial(replace, windows=count) for count in self._windows),
            *(partial(replace, compute_type=kind) for kind in self._types),
        ]
        for changed in changes:
            best = best_of(done)
            setup = changed(best.setup if best else self.usual)
            if setup not in seen:
                seen.add(setup)
                yield setup


class _Trials:
    """Runs one way after the other, each in a process of its own."""

    def __init__(
        self,
        models: Models,
        model: Model,
        device: str,
        hardware_name: str,
        bench: Bench,
        sound: _Sound,
        stop: StopFlag,
    ) -> None:
        self._models, self._model = models, model
        self._device, self._hardware = device, hardware_name
        self._bench, self._sound, self._stop = bench, sound, stop

    def run(self, setup: Setup, length_ms: int) -> Trial | None:
        """What comes of one way; None when stopped."""
        tuning = Tuning(self._model.name, self._model.size, self._device, self._hardware, setup, 1.0)
        engine = EngineClient(self._models, self._bench.start_child, tunings=lambda: Tunings((tuning,)))
        try:
            trial = self._heard(engine, setup, length_ms)
        except errors.AppError as error:
            trial = Trial(setup, problem=error.said_headline)
        finally:
            engine.close()
        return None if self._stop.is_set() else trial

    def _heard(self, engine: EngineClient, setup: Setup, length_ms: int) -> Trial:
        options = Options(
            str(self._model.path),
            language="en" if self._model.is_multilingual else AUTO,
            device=self._device,
            compute_type=setup.compute_type,
            temperatures=(0.0,),
        )
        sound = self._sound.of(length_ms)
        began = self._bench.clock()
        for news in engine.transcribe(Work(sound, options, end_ms=length_ms), self._stop):
            match news:
                case events.Started():
                    began = self._bench.clock()
                case events.Restarted(cause) | events.SteppedDown(_, cause):
                    return Trial(setup, problem=cause.said_headline)
                case events.Finished(notes):
                    if short := [one for one in notes if isinstance(one, errors.MemoryWasShort)]:
                        return Trial(setup, problem=short[0].said_headline)
                    return Trial(setup, length_ms / 1000 / max(1e-3, self._bench.clock() - began))
        return Trial(setup)  # it was stopped


class _Sound:
    """Speech as long as it is needed, over and over again."""

    def __init__(self, speech: Path, target: Path) -> None:
        self._speech, self._target = speech, target
        self._length_ms = 0

    def of(self, length_ms: int) -> Path:
        """A file that lasts at least so long. Raises AppError when there is no room for it."""
        if length_ms > self._length_ms:
            try:
                self._write(length_ms)
            except OSError as error:
                raise errors.TuningImpossible(reason=error.strerror or str(error)) from error
            self._length_ms = length_ms
        return self._target

    def _write(self, length_ms: int) -> None:
        with MediaFile(self._speech) as file:
            once = np.concatenate(list(file.blocks()))
        wanted = length_ms * SAMPLE_RATE_HZ // 1000
        whole = (np.clip(once, -1, 1) * 32767).astype("<i2")
        with self._target.open("wb") as raw, wave.open(raw, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(SAMPLE_RATE_HZ)
            for start in range(0, wanted, len(whole)):
                out.writeframes(whole[: wanted - start].tobytes())
