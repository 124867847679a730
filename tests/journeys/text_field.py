"""Another program with a text field and a clipboard, for journeys: obeys one word a line, and answers one line each.

It is a process of its own, so that nothing but the X server lies between it and what is tested.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from PySide6.QtCore import QByteArray, QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QPlainTextEdit


class Field(QPlainTextEdit):
    """A text field whose program may be busy when it is to paste."""

    def __init__(self) -> None:
        super().__init__()
        self.delay = QTimer(self, singleShot=True)
        self.delay.timeout.connect(self.paste)
        self.pressed: list[str] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.pressed.append(f"{event.modifiers().value:x}+{event.key():x}")
        if event.matches(QKeySequence.StandardKey.Paste) and self.delay.interval():
            self.delay.start()
            return
        super().keyPressEvent(event)


class Ear(QObject):
    """Brings each line from the thread that reads to the one of the window."""

    said = Signal(str)

    def listen(self) -> None:
        for line in sys.stdin:
            self.said.emit(line)
        os._exit(0)


class Program(QObject):
    """Does what it is told."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._field = Field()
        self._field.setWindowTitle(name)
        self._field.resize(500, 300)
        self._field.show()
        self._ear = Ear()
        self._ear.said.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._ear.listen, daemon=True).start()
        self._answer("ready")

    def _answer(self, value: Any) -> None:
        print(json.dumps(value), flush=True)

    def _obey(self, line: str) -> None:
        word, _, rest = line.strip().partition(" ")
        clipboard = QApplication.clipboard()
        value: Any = None
        match word:
            case "text":
                value = self._field.toPlainText()
            case "clear":
                self._field.delay.stop()
                self._field.clear()
                self._field.pressed.clear()
            case "keys":
                value = self._field.pressed
            case "delay":
                self._field.delay.setInterval(int(rest))
            case "focus":
                self._field.raise_()
                self._field.activateWindow()
                self._field.setFocus()
            case "hide":
                self._field.hide()
            case "empty":
                clipboard.clear()
            case "copy":
                clipboard.setMimeData(_mime(json.loads(rest)))
        self._answer(value)


def _mime(wanted: dict[str, Any]) -> QMimeData:
    """Text, HTML, an image of that size, or that many bytes of a format of one's own."""
    data = QMimeData()
    if "text" in wanted:
        data.setText(wanted["text"])
    if "html" in wanted:
        data.setHtml(wanted["html"])
    if "image" in wanted:
        image = QImage(wanted["image"], wanted["image"], QImage.Format.Format_RGB32)
        image.fill(QColor("#246"))
        for at in range(wanted["image"]):
            image.setPixelColor(at, at * at % wanted["image"], QColor(at % 256, 99, 200))
        data.setImageData(image)
    if "bytes" in wanted:
        data.setData("application/x-large", QByteArray(bytes(range(256)) * (wanted["bytes"] // 256)))
    return data


if __name__ == "__main__":
    app = QApplication(sys.argv)
    program = Program(sys.argv[1])
    sys.exit(app.exec())
