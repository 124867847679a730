"""Work in the background of which there is one piece at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop.services.task import Task, Work, reported


class Errand(QObject):
    """Runs one piece of work; another one begins when the one before has been left. `close` it in the end."""

    produced = Signal(object)
    """What the work yields."""
    failed = Signal(object)
    """The AppError that ended it."""
    ended = Signal()
    """It is done, has failed or was left, and nothing else waits: nothing is at work."""

    def __init__(self) -> None:
        super().__init__()
        self._task: Task | None = None
        self._next: Task | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a piece of work has not ended."""
        return self._task is not None

    def begin(self, work: Work) -> None:
        """Do this, and leave whatever is being done."""
        self._next = Task(work)
        if self._task:
            self._task.cancel()
        else:
            self._go_on()

    @Slot()
    def cancel(self) -> None:
        """Leave what is being done."""
        self._next = None
        if self._task:
            self._task.cancel()

    def close(self) -> None:
        """Leave what is being done, and wait until nothing of it is left."""
        self.cancel()
        if self._task:
            self._task.wait()

    def _go_on(self) -> None:
        self._task, self._next = self._next, None
        if self._task is None:
            self.ended.emit()
            return
        self._task.produced.connect(self.produced)
        self._task.failed.connect(self._on_failed)
        self._task.finished.connect(self._on_finished)
        self._task.start()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(reported(error))

    @Slot()
    def _on_finished(self) -> None:
        if self._task:
            self._task.end()
        self._task = None
        self._go_on()
