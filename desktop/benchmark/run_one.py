"""One measurement in a process that does nothing else: `python -m desktop.benchmark.run_one`, JSON in and JSON out."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from desktop.benchmark import usage
from desktop.benchmark.contestants import Contestant, Piece, contestant_for
from desktop.benchmark.models import Wanted
from desktop.benchmark.task import Figures, Task


def main() -> None:
    """Do what stdin asks for and say on stdout what came out of it; a failure ends the process with a traceback."""
    # The libraries print what they like: their stdout goes where the log goes.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    try:
        answer = _answer(asked)
    except ImportError as error:
        answer = {"missing": error.name or str(error)}
    with answers:
        json.dump(answer, answers)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    if "model" in asked:
        return {"path": str(Wanted(**asked["model"]).make(Path(asked["folder"])))}
    return {"figures": measure(Task.from_record(asked["task"])).to_record()}


def measure(task: Task) -> Figures:
    """Load, then transcribe with an eye on clock, processor and memory. Raises ImportError."""
    contestant = contestant_for(task)
    try:
        began_s = time.monotonic()
        contestant.load()
        load_s = time.monotonic() - began_s
        before, model_before = usage.of_tree(os.getpid()), usage.of_one(contestant.model_pid)
        heard = _Heard(task)
        stop_s = heard.listen(contestant)
        # A process that was ended for being stopped has taken its figures with it.
        after, model_after = usage.of_tree(os.getpid()), usage.of_one(contestant.model_pid)
        again = _Heard(task)
        if task.times > 1:
            again.listen(contestant)
    finally:
        contestant.close()
    return Figures(
        load_s=load_s,
        wall_s=heard.wall_s,
        again_s=again.wall_s,
        cpu_s=after.cpu_s - before.cpu_s,
        first_s=heard.first_s,
        stop_s=stop_s,
        peak_mb=after.peak_mb,
        minor_faults=max(0, model_after.minor_faults - model_before.minor_faults),
        windows=heard.windows,
        tokens=heard.tokens,
        text_hash=hashlib.sha256("\n".join(heard.texts).encode()).hexdigest()[:16],
        texts=tuple(heard.texts) if task.keeps_text else (),
    )


class _Heard:
    """What one pass over the files has brought."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.wall_s = self.first_s = 0.0
        self.windows = self.tokens = 0
        self.texts = [""] * len(task.sources)

    def listen(self, contestant: Contestant) -> float:
        """Hear everything, or as far as the task says; returns the seconds from the wish to stop to its fulfilment."""
        stop, wished_s = threading.Event(), [0.0]
        timer = threading.Timer(self._task.stop_after_s, self._wish, (stop, wished_s))
        if self._task.stop_after_s:
            timer.start()
        began_s = time.monotonic()
        self._count(contestant.hear(stop), began_s)
        ended_s = time.monotonic()
        timer.cancel()
        self.wall_s = ended_s - began_s
        self.first_s = self.first_s or self.wall_s
        return max(0.0, ended_s - wished_s[0]) if wished_s[0] else 0.0

    def _count(self, pieces: Iterable[Piece], began_s: float) -> None:
        for piece in pieces:
            if piece.text and not self.first_s:
                self.first_s = piece.at_s - began_s
            self.windows += piece.windows
            self.tokens += piece.tokens
            self.texts[piece.file] = f"{self.texts[piece.file]} {piece.text}".strip()

    @staticmethod
    def _wish(stop: threading.Event, wished_s: list[float]) -> None:
        wished_s[0] = time.monotonic()
        stop.set()


if __name__ == "__main__":
    main()
