"""How a model runs best on one machine: what was tried, how fast each way was, and which one is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from desktop.core.errors import NothingTuned
from desktop.core.i18n import _, _n

MEASURED_WITH = "demo-minute.flac"
"""Of the program's own samples: speech as it is usually heard."""
CLEARLY = 1.04
"""A way has to be so many times as fast as the best one before it: less is chance."""


@dataclass(frozen=True, slots=True)
class Setup:
    """One way to run a model on a device."""

    compute_type: str
    workers: int
    """Batches that are worked on at once."""
    threads: int
    """Of the processor, for each of them."""
    windows: int
    """Of 30 seconds, together in a batch."""

    @property
    def said(self) -> str:
        """In a few words."""
        windows = _n("{count} window", "{count} windows", self.windows)
        return _("{type}, {workers} × {threads} threads, {windows}").format(
            type=self.compute_type, workers=self.workers, threads=self.threads, windows=windows
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one way: how many seconds of sound it hears in a second, or why it failed."""

    setup: Setup
    factor: float = 0.0
    problem: str = ""

    def beats(self, other: Trial | None) -> bool:
        """Whether it is worth leaving the other for it."""
        return not self.problem and (other is None or self.factor > CLEARLY * other.factor)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a model runs best on a device of this machine, or only how fast it is there in the usual way."""

    model: str
    size: int
    """Of the model in bytes: another one of the same name is not the one that was measured."""
    device: str
    hardware: str
    """The name of the processor or of the card: it may have been replaced."""
    setup: Setup | None
    """The best way that was found; None where only the usual one was tried."""
    factor: float

    @property
    def said(self) -> str:
        """The way in a few words."""
        return self.setup.said if self.setup else _("the usual way")

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)

    @staticmethod
    def from_record(record: dict[str, Any]) -> Tuning:
        """What `to_record` wrote. Raises TypeError, ValueError or KeyError for anything else."""
        setup = None if record["setup"] is None else Setup(**record["setup"])
        tuning = Tuning(**record | {"setup": setup, "factor": float(record["factor"])})
        if (setup and min(setup.workers, setup.threads, setup.windows) < 1) or tuning.factor <= 0:
            raise ValueError(record)
        return tuning


@dataclass(frozen=True, slots=True)
class Tunings:
    """All of a machine."""

    all: tuple[Tuning, ...] = ()

    def of_model(self, model: str, size: int) -> Tunings:
        """Those of one model."""
        return Tunings(tuple(one for one in self.all if one.model == model and one.size == size))

    def on(self, device: str, hardware: str) -> Tuning | None:
        """The one for a device, if that is still the same piece of hardware."""
        return next((one for one in self.all if one.device == device and one.hardware == hardware), None)

    @property
    def best(self) -> Tunings:
        """Those that tell how a model runs best."""
        return Tunings(tuple(one for one in self.all if one.setup))

    def speeds(self, device: str, hardware: str) -> dict[str, float]:
        """How fast each model is on a device, if that is still the same piece of hardware."""
        return {one.model: one.factor for one in self.all if one.device == device and one.hardware == hardware}

    def joined(self, tuning: Tuning) -> Tunings:
        """With this one in the place of an older one of the same model on the same device.

        A first try does not take the place of a best way that still holds.
        """
        before = self.best.of_model(tuning.model, tuning.size).on(tuning.device, tuning.hardware)
        if before and not tuning.setup:
            return self
        rest = (one for one in self.all if (one.model, one.device) != (tuning.model, tuning.device))
        return Tunings((*rest, tuning))


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known so far."""

    model: str
    device: str
    hardware: str = ""
    trials: tuple[Trial, ...] = ()
    at_work: Setup | None = None
    """What is being tried."""
    to_come: int = 0
    """About so many more will be tried."""
    tuning: Tuning | None = None
    """The end: what is to be kept. None at the end: nothing worked."""
    is_over: bool = False

    @property
    def best(self) -> Trial | None:
        """The best by now; where two are about as fast, the earlier one, which is closer to what is usual."""
        return best_of(self.trials)

    @property
    def gain(self) -> str:
        """What the end is worth, and that it counts from now on."""
        first = next((one.factor for one in self.trials if one.factor), 0.0)
        percent = round(100 * (self.tuning.factor / first - 1)) if self.tuning and first else 0
        usual = _("That is the usual way.")
        gain = _("{percent} % faster than the usual way.").format(percent=percent) if percent > 0 else usual
        return f"{gain} {_('It is used from now on.')}"

    @property
    def problem(self) -> NothingTuned | None:
        """Why there is nothing to keep at the end."""
        if not self.is_over or self.tuning:
            return None
        return NothingTuned(model=self.model, reason=next((one.problem for one in self.trials if one.problem), "?"))

    def tried(self, trial: Trial) -> Findings:
        """With one more trial."""
        return replace(self, trials=(*self.trials, trial), at_work=None)

    def tried_again(self, again: Trial) -> Findings:
        """With the mean of two runs of the same way; one that failed once has failed."""
        trials = [one if one.setup != again.setup else _mean(one, again) for one in self.trials]
        return replace(self, trials=tuple(trials), at_work=None)


def _mean(one: Trial, other: Trial) -> Trial:
    problem = one.problem or other.problem
    return Trial(one.setup, 0.0 if problem else (one.factor + other.factor) / 2, problem)


def best_of(trials: Iterable[Trial]) -> Trial | None:
    """The fastest; an earlier one unless a later one is clearly faster."""
    best: Trial | None = None
    for trial in trials:
        if trial.beats(best):
            best = trial
    return best
