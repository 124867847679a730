"""Installs models one after the other, beside everything else, and only those that somebody has asked for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.catalogue import Installed, Progress
from desktop.core.errors import AppError
from desktop.services.errand import Errand

Bring = Callable[[str, threading.Event], Iterator[Progress | Installed]]
"""Installs what is wanted: a name, a name on the hub, a folder or a zip."""


class ModelShop(QObject):
    """What is wanted waits its turn. What is left keeps the bytes that have come."""

    progressed = Signal(str, object)
    """What was asked for, and its Progress."""
    installed = Signal(str)
    """The name by which it can be chosen."""
    failed = Signal(str, object)
    """What was asked for, and the AppError."""
    left = Signal(str)
    """It was cancelled."""
    changed = Signal()
    """Something else waits or is at work, or nothing any more."""

    def __init__(self, bring: Bring) -> None:
        super().__init__()
        self._bring = bring
        self._waiting: deque[str] = deque()
        self._at_work = ""
        self._has_ended = False
        self._errand = Errand()
        self._errand.produced.connect(self._on_produced)
        self._errand.failed.connect(self._on_failed)
        self._errand.ended.connect(self._on_ended)

    @property
    def at_work(self) -> str:
        """What is being installed; empty when nothing is."""
        return self._at_work

    @property
    def waiting(self) -> tuple[str, ...]:
        """What comes next."""
        return tuple(self._waiting)

    @Slot(str)
    def install(self, wanted: str) -> None:
        """Install this when its turn comes; twice is once."""
        if wanted != self._at_work and wanted not in self._waiting:
            self._waiting.append(wanted)
            self._go_on()
            self.changed.emit()

    @Slot(str)
    def cancel(self, wanted: str) -> None:
        """Leave this at once."""
        if wanted == self._at_work:
            self._errand.cancel()
        elif wanted in self._waiting:
            self._waiting.remove(wanted)
            self.left.emit(wanted)
            self.changed.emit()

    def close(self) -> None:
        """Leave everything."""
        self._waiting.clear()
        self._errand.close()

    def _go_on(self) -> None:
        if not self._at_work and self._waiting:
            self._at_work = self._waiting.popleft()
            self._has_ended = False
            self._errand.begin(partial(self._bring, self._at_work))

    @Slot(object)
    def _on_produced(self, news: Progress | Installed) -> None:
        if isinstance(news, Installed):
            self._has_ended = True
            self.installed.emit(news.name)
        else:
            self.progressed.emit(self._at_work, news)

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self._has_ended = True
        self.failed.emit(self._at_work, error)

    @Slot()
    def _on_ended(self) -> None:
        wanted, self._at_work = self._at_work, ""
        if not self._has_ended:
            self.left.emit(wanted)
        self._go_on()
        self.changed.emit()
