"""What reaches the program from below: signals of the system, and errors that nobody caught."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

log = logging.getLogger(__name__)


class EndOfSession(QObject):
    """SIGTERM and SIGINT as a signal of Qt: a logout, a shutdown and Ctrl+C send one of them."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        if sys.platform == "win32":
            return
        # Python runs its handlers only between two of its own instructions: a byte wakes the event loop up for it.
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.setblocking(False)
        signal.set_wakeup_fd(self._far.fileno())
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_woken)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def close(self) -> None:
        """Signals end the process again, as they do without this."""
        if sys.platform == "win32":
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._near.close()
        self._far.close()

    @Slot()
    def _on_woken(self) -> None:
        self._near.recv(64)
        self.wanted.emit()

    def _on_signal(self, _number: int, _frame: object) -> None:
        """Keeps the signal from ending the process; the byte that it leaves in the socket does the rest."""


class Uncaught(QObject):
    """Errors that nobody caught, in any thread: they go to the log, and `happened` carries their traceback."""

    happened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        sys.excepthook = self._report
        threading.excepthook = self._report_thread

    def _report(self, kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
        log.critical("unforeseen %s", kind.__name__, exc_info=(kind, error or kind(), at))
        self.happened.emit("".join(traceback.format_exception(kind, error, at)))

    def _report_thread(self, told: threading.ExceptHookArgs) -> None:
        self._report(told.exc_type, told.exc_value, told.exc_traceback)
