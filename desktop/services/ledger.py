"""Reads and writes of the library in the order in which they were asked for, off the window's thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import AppError
from desktop.services.task import Task, reported


@dataclass(frozen=True, slots=True)
class _Entry:
    work: Callable[[], Any]
    then: Callable[[Any], None] | None


@dataclass(frozen=True, slots=True)
class _Result:
    then: Callable[[Any], None] | None
    value: Any = None
    error: AppError | None = None


class Ledger(QObject):
    """Does one thing after the other. `failed` tells of what could not be read or written."""

    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._start()

    def do(self, work: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        """Run `work` after everything asked for before; `then` gets its result, on the main thread."""
        self._entries.put(_Entry(work, then))

    def close(self) -> None:
        """Wait until all that was asked for is done; results are no longer handed on."""
        self._task.produced.disconnect(self._on_produced)
        self._task.failed.disconnect(self._on_failed)
        self._entries.put(None)
        self._task.wait()

    def _start(self) -> None:
        self._task = Task(self._work)
        self._task.produced.connect(self._on_produced)
        self._task.failed.connect(self._on_failed)
        self._task.start()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """A bug in one entry: it is told, and the next entries go on."""
        self._task.end()
        self.failed.emit(reported(error))
        self._start()

    def _work(self, _stop: threading.Event) -> Iterator[_Result]:
        while (entry := self._entries.get()) is not None:
            try:
                yield _Result(entry.then, entry.work())
            except AppError as error:
                yield _Result(None, error=error)

    @Slot(object)
    def _on_produced(self, result: _Result) -> None:
        if result.error:
            self.failed.emit(result.error)
        elif result.then:
            result.then(result.value)
