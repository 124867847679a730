"""Everybody that takes part, behind the same calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from desktop.benchmark import task as tasks
from desktop.benchmark.task import Task


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that can be read from here on, and the work that was done for it."""

    file: int
    text: str
    windows: int
    tokens: int
    at_s: float = field(default_factory=time.monotonic)


class Contestant(Protocol):
    """Loads once, then hears the files of its task as often as wanted."""

    @property
    def model_pid(self) -> int:
        """The process that runs the model."""

    def load(self) -> None: ...

    def hear(self, stop: threading.Event) -> Iterator[Piece]:
        """All files; leaves as soon as it can once `stop` is set."""

    def close(self) -> None: ...


def contestant_for(task: Task) -> Contestant:
    """Raises ImportError, here or in `load`, when its library is not installed."""
    from desktop.benchmark.others import FasterWhisper, OpenAIWhisper, WhisperCpp
    from desktop.benchmark.ours import Ours

    kinds: dict[str, Callable[[Task], Contestant]] = {
        tasks.OURS_FAST: Ours,
        tasks.OURS_PRECISE: Ours,
        tasks.FW_SEQUENTIAL: FasterWhisper,
        tasks.FW_BATCHED: FasterWhisper,
        tasks.OPENAI: OpenAIWhisper,
        tasks.WHISPER_CPP: WhisperCpp,
    }
    return kinds[task.contestant](task)


def longest(tokens: int, prompt: int) -> int:
    """What CTranslate2 must be told for so many tokens: it halves the length it is given, which counts the prompt."""
    return 2 * tokens - prompt if tokens else 0
