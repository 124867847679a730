"""Finds the waveform of the file that is shown: from the last time, or by listening to it in the background."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.media import Media
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.ports import Drawer, PeaksShelf
from desktop.services.task import Task, reported


class Listening(QObject):
    """The waveform of one file at a time; that of another one stops the work on the one before at once."""

    known = Signal(object)
    """The whole `Peaks`, as they were kept."""
    heard = Signal(object)
    """A tuple of `PeaksPart` that goes on where the one before ended."""
    done = Signal()
    failed = Signal(object)
    """The AppError that says why there is no waveform, or only a part of it."""

    def __init__(self, drawer: Drawer, shelf: PeaksShelf) -> None:
        super().__init__()
        self._drawer = drawer
        self._shelf = shelf
        self._task: Task | None = None
        self._leaving: set[Task] = set()

    @property
    def is_at_work(self) -> bool:
        """Whether more is to come."""
        return self._task is not None

    def listen(self, source: Path, media: Media, track: int) -> None:
        """Find the waveform of a sound track; it counts from 1, 0 is the default one."""
        self.leave()

        def work(stop: Event) -> Iterator[object]:
            if kept := self._shelf.read(media.content_hash, track):
                yield kept
                return
            peaks = Peaks()
            for parts in self._drawer.draw(source, track, stop):
                for part in parts:
                    peaks.add(part)
                yield parts
            if not stop.is_set():
                self._shelf.write(media.content_hash, track, peaks)

        task = self._task = Task(work)
        task.produced.connect(self._on_produced)
        task.done.connect(self._on_done)
        task.failed.connect(self._on_failed)
        task.finished.connect(self._on_finished)
        task.start()

    def leave(self) -> None:
        """The waveform is wanted no longer; nothing more is told of it."""
        if self._task:
            self._leaving.add(self._task)
            self._task.cancel()
            self._task = None

    def close(self) -> None:
        """Leave, and wait until the last process has ended."""
        self.leave()
        for task in self._leaving:
            task.end()
        self._leaving.clear()

    @Slot(object)
    def _on_produced(self, news: Peaks | tuple[PeaksPart, ...]) -> None:
        if self.sender() is self._task:
            (self.known if isinstance(news, Peaks) else self.heard).emit(news)

    @Slot()
    def _on_done(self) -> None:
        if self.sender() is self._task:
            self._let_go()
            self.done.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self.sender() is self._task:
            self._let_go()
            self.failed.emit(reported(error))

    def _let_go(self) -> None:
        if self._task:
            self._leaving.add(self._task)
            self._task = None

    @Slot()
    def _on_finished(self) -> None:
        task = self.sender()
        if isinstance(task, Task) and task in self._leaving:
            task.end()
            self._leaving.discard(task)
