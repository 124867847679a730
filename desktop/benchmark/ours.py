"""This program among the contestants."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from desktop.benchmark.contestants import Piece
from desktop.benchmark.task import Task
from desktop.benchmark.vocabulary import count_tokens
from desktop.core import events
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine.client import EngineClient
from desktop.engine.models import Models


class Ours:
    """The engine of this program, in a process of its own as the program has it."""

    def __init__(self, task: Task) -> None:
        self._task = task
        # Only the folder that the task names is looked at.
        nowhere = Path(os.devnull)
        self._client = EngineClient(Models(nowhere, nowhere))
        self._options = Options(
            model=task.model,
            language=task.language,
            device=task.device,
            compute_type=task.compute_type,
            beam_size=task.beam_size,
            temperatures=task.temperatures,
            mode=task.contestant.removeprefix("ours-"),
            batch_size=task.batch_size,
            max_new_tokens=task.tokens,
        )

    @property
    def model_pid(self) -> int:
        return self._client.child_pid or 0

    def load(self) -> None:
        self._client.prove(self._task.model, self._options, threading.Event())

    def hear(self, stop: threading.Event) -> Iterator[Piece]:
        work = [Work(Path(source), self._options) for source in self._task.sources]
        for number, one in enumerate(work):
            upcoming = work[number + 1 : number + 1 + self._task.look_ahead]
            for news in self._client.transcribe(one, stop, upcoming):
                if isinstance(news, events.Heard) and news.segments:
                    text = " ".join(segment.text for segment in news.segments)
                    yield Piece(number, text, 1, count_tokens(text))
            if stop.is_set():
                return

    def close(self) -> None:
        self._client.close()
