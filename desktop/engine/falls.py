"""What failed at work, and what is tried instead: once more, with less, or the next way to compute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from desktop.core import errors
from desktop.engine.hardware import Rung

OF_THE_DEVICE = (errors.EngineOutOfMemory, errors.CudaFailed, errors.CudaLibraryMissing, errors.DeviceUnusable)
"""What another way to compute may not run into."""

FOR_GOOD = ("not_supported", "no kernel image", "unsupported", "invalid device function", "arch_mismatch")
"""Parts of CUDA's messages after which the same way can only fail again."""

FEW_ON_CARD, FEW_ON_PROCESSOR = 4, 1
"""Windows together after the process has died for want of memory."""


class Falls:
    """The ways to compute that failed at work, for each model, until the program is started again."""

    def __init__(self) -> None:
        self.count = 0
        """Of changes: a process that was started before the last one is not what is wanted."""
        self._left: defaultdict[Path, dict[Rung, errors.AppError]] = defaultdict(dict)
        self._most: dict[tuple[Path, Rung], int] = {}

    def leave(self, model: Path, rung: Rung, cause: errors.AppError) -> None:
        """This way is not to be taken again."""
        self._left[model][rung] = cause
        self.count += 1

    def take_less(self, model: Path, rung: Rung) -> None:
        """Fewer windows together."""
        self._most[model, rung] = FEW_ON_CARD if rung.is_card else FEW_ON_PROCESSOR
        self.count += 1

    def most_windows(self, model: Path, rung: Rung) -> int:
        """How many together; 0: as many as usual."""
        return self._most.get((model, rung), 0)

    def left(self, model: Path) -> dict[Rung, str]:
        """The ways that were left, each with what happened."""
        return {rung: cause.said_headline for rung, cause in self._left[model].items()}

    def remaining(self, model: Path, rungs: Iterable[Rung]) -> tuple[Rung, ...]:
        """The ways that are worth a try."""
        return tuple(rung for rung in rungs if not is_hopeless(rung, self._left[model]))


def is_hopeless(rung: Rung, failed: Mapping[Rung, errors.AppError]) -> bool:
    """Whether a way has failed, or needs no less memory than one that had not enough of it on the same card."""
    return rung in failed or any(
        isinstance(cause, errors.EngineOutOfMemory) and one.device == rung.device and not rung.needs_less_than(one)
        for one, cause in failed.items()
        if one.is_card
    )


def is_worth_another_try(cause: errors.AppError, has_died: bool) -> bool:
    """Whether the same way may do it in a new process: after a reset of the driver it does, for want of memory not."""
    if isinstance(cause, errors.CudaFailed):
        return not any(mark in str(cause.facts.get("reason", "")).lower() for mark in FOR_GOOD)
    return has_died
