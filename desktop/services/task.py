"""One piece of work on a thread of its own, reported on the main thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QThread, Signal

from desktop.core import errors
from desktop.core.errors import AppError

log = logging.getLogger(__name__)

Work = Callable[[threading.Event], Iterator[object]]


class Task(QThread):
    """Runs a generator: `produced` for each value, then exactly one of `done`, `cancelled` and `failed`.

    The only place that makes a thread for work. It has no parent: whoever made it keeps it until it has ended.
    Work that reports often limits itself; each value crosses to the main thread as one queued call.
    """

    produced = Signal(object)
    done = Signal()
    cancelled = Signal()
    failed = Signal(object)

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to end at its next step; returns at once."""
        self._stop.set()

    def end(self) -> None:
        """Wait for the last instructions of the thread: `finished` is emitted a moment before it has ended."""
        self.wait()

    def run(self) -> None:
        """The thread itself; use `start`."""
        try:
            for value in self._work(self._stop):
                self.produced.emit(value)
        except Exception as error:  # noqa: BLE001 - the border between work and window: nothing may pass unreported
            self.failed.emit(error)
        else:
            (self.cancelled if self._stop.is_set() else self.done).emit()


def reported(error: Exception) -> AppError:
    """An error of ours as it is; any other goes to the log and becomes the plain one."""
    if isinstance(error, AppError):
        return error
    log.error("unforeseen", exc_info=error)
    return errors.Unforeseen(detail=type(error).__name__)
