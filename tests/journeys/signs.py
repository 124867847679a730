"""The windows of dictation in a process of their own, told what to show: one word a line, and one answer to each."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.core.dictation import Dictation, Stage, Take, Waiting
from desktop.core.errors import TargetMoved
from desktop.store.paths import Paths
from desktop.ui import icons
from desktop.ui.dictation.overlay import Overlay
from desktop.ui.dictation.waiting_window import WaitingWindow

SPOKEN = Take(1, Stage.PRESSED)


class Ear(QObject):
    """Brings each line from the thread that reads to the one of the windows."""

    said = Signal(str)

    def listen(self) -> None:
        for line in sys.stdin:
            self.said.emit(line.strip())
        os._exit(0)


class Signs(QObject):
    """Does what it is told; what the windows want is told in the next answer."""

    def __init__(self, memory: Path) -> None:
        super().__init__()
        self.overlay = Overlay(QSettings(str(memory), QSettings.Format.IniFormat))
        self.waiting = WaitingWindow()
        self._wishes: list[str] = []
        self.waiting.drop_wanted.connect(lambda number: self._wishes.append(f"drop {number}"))
        self.waiting.copy_wanted.connect(lambda text: self._wishes.append(f"copy {text}"))
        self.waiting.dismiss_wanted.connect(lambda number: self._wishes.append(f"dismiss {number}"))
        self.overlay.place_changed.connect(lambda place: self._wishes.append(f"place {place}"))
        self._ear = Ear()
        self._ear.said.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._ear.listen, daemon=True).start()

    def _obey(self, line: str) -> None:
        answer = ""
        match line.partition(" "):
            case ["press", _, _]:
                self.overlay.show_dictation(Dictation(takes=(SPOKEN,), key_is_down=True))
            case ["hear", _, text]:
                take = Take(1, Stage.LATCHED, is_open=True)
                self.overlay.show_dictation(Dictation(takes=(take,)))
                self.overlay.show_level(0.2)
                self.overlay.show_text(text)
            case ["keep", _, text]:
                waiting = (Waiting(1, text),)
                self.overlay.show_dictation(Dictation(waiting=waiting))
                self.waiting.show_waiting(waiting)
                self.waiting.show_reason(TargetMoved())
            case ["gone", _, _]:
                self.waiting.show_waiting(())
            case ["button", _, name]:
                buttons = self.waiting.findChildren(QPushButton)
                button = next(one for one in buttons if one.text().startswith(name))
                place = button.mapToGlobal(button.rect().center())
                answer = f"{place.x()} {place.y()}"
            case ["wishes", _, _]:
                answer = "; ".join(self._wishes)
                self._wishes.clear()
        print(answer, flush=True)


if __name__ == "__main__":
    app = QApplication(sys.argv)
    icons.use(Paths.default().icons)
    signs = Signs(Path(sys.argv[1]))
    sys.exit(app.exec())
