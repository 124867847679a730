"""Collects Python's garbage on the main thread alone.

The collector runs in whatever thread makes the next object. On a worker's thread it may free a widget or a timer that
is part of a cycle, and Qt aborts over that (seen with PySide6 6.11: "Timers cannot be stopped from another thread").
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 1000


class Collector(QObject):
    """Takes the place of the automatic collection for as long as it lives."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    @Slot()
    def pass_over(self) -> None:
        """What is there now stays for long, as a transcript of 100,000 words: it is not searched for garbage again."""
        gc.freeze()

    @Slot()
    def _on_timeout(self) -> None:
        """Collect the oldest generation that is due, by the thresholds that Python itself would use."""
        due = [
            age
            for age, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > most
        ]
        if due:
            gc.collect(due[-1])
