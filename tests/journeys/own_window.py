"""A program that pastes into a window of its own, for a journey: how long, and what is there then, as JSON.

Its text field is written in Python, as the editor's is: it holds the lock of Python while it waits for the clipboard.
"""

import json
import sys
import threading
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.core.insertion import Text, insert
from desktop.system.clipboard.apart import ClipboardApart
from desktop.system.typist.x11 import X11Typist


class Field(QPlainTextEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)


def main() -> None:
    app = QApplication([])
    field = Field()
    field.show()
    field.activateWindow()
    QApplication.clipboard().setText("old")
    typist, clipboard = X11Typist(), ClipboardApart()

    def dictate() -> None:
        while not (target := typist.focused()):
            time.sleep(0.02)
        clipboard.keep()
        insert(Text("Into our own window.", target), typist, clipboard, threading.Event())
        while clipboard.is_lent():
            time.sleep(0.02)
        typist.press("Ctrl+V", target)  # what we gave back

    inserting = threading.Thread(target=dictate)
    looking = QTimer(interval=50)
    looking.timeout.connect(lambda: app.quit() if not inserting.is_alive() and "old" in field.toPlainText() else None)
    looking.start()
    inserting.start()
    app.exec()
    print(json.dumps(field.toPlainText()))
    clipboard.close()
    typist.close()


if __name__ == "__main__":
    sys.exit(main())
