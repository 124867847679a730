"""The clipboard in a process of its own.

Whoever has copied something answers each paste of it, also one into a window of Undertone itself. That window holds the
lock of Python while it waits for the answer, so a thread beside it could never give it: the window would stand still,
format by format, until Qt gives up. And the text does not stay there if this program is killed.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from desktop.core.errors import AppError, ClipboardUnusable
from desktop.core.i18n import _
from desktop.core.ports import Clipboard, Target
from desktop.system.clipboard import attend, choose

AT_ONCE = ("keep", "give_back")
"""What is not waited for, and done in the order in which it was wanted."""
WAITING = 3
"""Calls that may wait at the same time."""
CLOSED_WITHIN_S = 10.0


class ClipboardApart:
    """A `Clipboard` whose work is done in another process; a new one is started should it die."""

    def __init__(self, make: Callable[[], Clipboard] = choose) -> None:
        """`make` is called in that process."""
        self._make = make
        self._helper = _Helper(make)

    @property
    def pid(self) -> int:
        """The process id, for the log and for tests that kill it."""
        return self._helper.pid

    def keep(self) -> None:
        """Begin to remember what is there."""
        self._alive().tell("keep")

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        """Lend the clipboard to a text for one reader. Raises ClipboardUnusable."""
        self._alive().ask("offer", text, reader, with_selection)

    def wait_read(self, within_s: float) -> bool:
        """Wait until the reader has taken the text; whether it has. Raises ClipboardUnusable."""
        return bool(self._helper.ask("wait_read", within_s))

    def is_lent(self) -> bool:
        """Whether the text is still there."""
        try:
            return bool(self._helper.ask("is_lent"))
        except ClipboardUnusable:
            return False

    def give_back(self) -> None:
        """What was kept comes back once nobody reads any more."""
        self._helper.tell("give_back")

    def put(self, text: str) -> None:
        """Copy a text for good. Raises ClipboardUnusable."""
        self._alive().ask("put", text)

    def close(self) -> None:
        """Give back what is not given back yet, and end the process."""
        self._helper.close()

    def _alive(self) -> _Helper:
        if not self._helper.is_alive:
            self._helper.close()
            self._helper = _Helper(self._make)
        return self._helper


class _Helper:
    """The process, and what was asked of it."""

    def __init__(self, make: Callable[[], Clipboard]) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, make), name="undertone-clipboard", daemon=True)
        self._process.start()
        theirs.close()
        self._sending = threading.Lock()
        self._asked: dict[int, Future[Any]] = {}
        self._is_over = False
        self._numbers = itertools.count()
        self._reader = threading.Thread(target=self._read, name="clipboard", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        return self._reader.is_alive()

    def tell(self, name: str) -> None:
        with self._sending, contextlib.suppress(OSError):
            self._connection.send((None, name, ()))

    def ask(self, name: str, *arguments: Any) -> Any:
        """What comes of a call. Raises what it raises, and ClipboardUnusable when the process is gone."""
        answer: Future[Any] = Future()
        with self._sending:
            number = next(self._numbers)
            self._asked[number] = answer
            with contextlib.suppress(OSError):  # whoever reads finds out
                self._connection.send((number, name, arguments))
        if self._is_over:
            self._give_up()
        return answer.result()

    def close(self) -> None:
        self.tell("close")
        self._process.join(CLOSED_WITHIN_S)
        self._process.kill()
        self._process.join()
        self._reader.join()
        self._connection.close()

    def _read(self) -> None:
        try:
            while True:
                number, value, error = self._connection.recv()
                answer = self._asked.pop(number)
                if error:
                    answer.set_exception(error)
                else:
                    answer.set_result(value)
        except (EOFError, OSError):  # it ended
            pass
        finally:
            self._is_over = True  # first: who asks from now on gives up itself
            self._give_up()

    def _give_up(self) -> None:
        while self._asked:
            with contextlib.suppress(KeyError):
                _number, answer = self._asked.popitem()
                answer.set_exception(ClipboardUnusable(reason=_("its process ended")))


def serve(connection: Connection, make: Callable[[], Clipboard]) -> None:
    """Do what is asked for until the other end says so, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the program, which ends this process
    clipboard = make()
    sending = threading.Lock()

    def answer(number: int, name: str, arguments: tuple[Any, ...]) -> None:
        value = error = None
        try:
            value = getattr(clipboard, name)(*arguments)
        except AppError as failure:
            error = failure
        except Exception as failure:  # noqa: BLE001 - said where the call came from; not all of them can be sent there
            error = ClipboardUnusable(reason=type(failure).__name__)  # its words may be those of the text
        with sending, contextlib.suppress(OSError):
            connection.send((number, value, error))

    def work() -> None:
        with ThreadPoolExecutor(WAITING) as pool:
            while True:
                try:
                    number, name, arguments = connection.recv()
                except (EOFError, OSError):
                    break
                if name == "close":
                    break
                if name in AT_ONCE:
                    getattr(clipboard, name)()
                else:
                    pool.submit(answer, number, name, arguments)
            clipboard.close()  # whoever waits for a reader does not any longer

    attend(work)
