"""One engine process seen from the program: started, spoken to, watched, ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from desktop.core import errors
from desktop.core.ports import StopFlag
from desktop.engine import cuda, deaths, hardware, protocol
from desktop.engine import process as engine_process

POLL_S = 0.05
STOP_WITHIN_S = 0.35
SILENCE_S = 60.0
HELLO_S = 120.0
"""A driver that does not answer must not be waited for; a cold disk may take a while to give the libraries."""
STDERR_KEPT = 8192

Main = Callable[[Connection, str, bool], None]

_STARTING = threading.Lock()
"""The environment is changed while a process starts, and that of the program is one for all its threads."""


class ChildDied(Exception):
    """The process ended without having finished its request. Everything it sent before has been delivered."""

    def __init__(self, cause: errors.AppError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Child:
    """A spawned engine process. Reading goes on to the end of the connection before the process is joined."""

    def __init__(
        self, with_model: bool, with_cards: bool = True, silence_s: float = SILENCE_S, main: Main = engine_process.main
    ) -> None:
        """Without cards it does not ask the driver for any. `main` is what the process runs."""
        self._silence_s = silence_s
        self._memory_kills = deaths.memory_kills()
        self._stderr = _StderrFile()
        # "spawn": a fork after Qt or CUDA has started is unsafe.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=main,
            args=(theirs, self._stderr.name, with_model),
            name="undertone-engine",
            daemon=True,
        )
        with _STARTING, _no_interrupts(), _environment(with_cards):
            self._process.start()
        theirs.close()
        self._sending = threading.Lock()
        self._last_sign = time.monotonic()
        self._kept: dict[int, deque[protocol.Report]] = defaultdict(deque)
        self._forgotten: set[int] = set()
        self.hello: protocol.Hello | None = None

    @property
    def pid(self) -> int:
        """The process id, for the log and for tests that kill it."""
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.is_alive()

    def send(self, request: protocol.Request) -> None:
        """Raises ChildDied when nobody is there to read it."""
        try:
            with self._sending:
                self._connection.send(request)
        except OSError as error:
            raise self._died() from error

    def tell(self, request: protocol.Request) -> None:
        """As `send`, from any thread; that nobody is there, whoever reads the reports finds out."""
        with self._sending, contextlib.suppress(OSError):
            self._connection.send(request)

    def report(self) -> protocol.Report | None:
        """The next report on anything; None when there is none for a moment. Raises ChildDied."""
        return self._receive()

    def reports(self, stop: StopFlag, number: int = 0) -> Iterator[protocol.Report]:
        """The reports on a request, up to and including the one that ends it; those on others are kept for them.

        Once `stop` is set the process is asked to stop, and is ended if it does not answer in time; what it had
        sent by then is delivered first. Raises ChildDied.
        """
        deadline: float | None = None
        while True:
            if stop.is_set() and deadline is None:
                self.send(protocol.Stop(number))
                deadline = time.monotonic() + STOP_WITHIN_S
            report = self._next(number)
            if report is not None:
                yield report
                if isinstance(report, _LAST):
                    return
            elif deadline is not None and time.monotonic() > deadline:
                self.kill()
                return

    def say_hello(self, stop: StopFlag) -> protocol.Hello | None:
        """Wait until the process is up; None when `stop` came first, and then the process is gone."""
        deadline = time.monotonic() + HELLO_S
        while self.hello is None and not stop.is_set():
            if time.monotonic() > deadline:
                self.kill()
                raise ChildDied(errors.EngineSilent())
            report = self._receive()
            if isinstance(report, protocol.Hello):
                self.hello = report
                self._stderr.hide()
        if self.hello is None:
            self.kill()
        return self.hello

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()
        self._process.join()
        self._connection.close()
        self._stderr.remove()

    def forget(self, number: int) -> None:
        """Nobody will ask for the reports on this request any more."""
        self._kept.pop(number, None)
        self._forgotten.add(number)
        self.send(protocol.Stop(number))

    def _next(self, number: int) -> protocol.Report | None:
        """The next report on a request; None when there is none for a moment."""
        if kept := self._kept[number]:
            return kept.popleft()
        report = self._receive()
        if report is None or isinstance(report, protocol.Heartbeat):
            return None
        about = getattr(report, "number", 0)
        if about == number:
            return report
        if about not in self._forgotten and not isinstance(report, protocol.Progress):
            self._kept[about].append(report)
        return None

    def _receive(self) -> protocol.Report | None:
        try:
            if self._connection.poll(POLL_S):
                report = cast(protocol.Report, self._connection.recv())
                self._last_sign = time.monotonic()
                return report
        except (EOFError, OSError) as error:
            raise self._died() from error
        if time.monotonic() - self._last_sign > self._silence_s:
            self.kill()
            raise ChildDied(errors.EngineSilent())
        return None

    def _died(self) -> ChildDied:
        self._process.join(timeout=5)
        cause = deaths.classify(self._process.exitcode, self._stderr.end(), deaths.memory_kills() > self._memory_kills)
        self.kill()
        return ChildDied(cause)


def child_at_once(with_model: bool, with_cards: bool = True) -> Child:
    """A process that does not give way to other programs: for recordings that still go on."""
    return Child(with_model, with_cards, main=engine_process.main_at_once)


_LAST = (
    protocol.Loaded,
    protocol.Proved,
    protocol.Inspected,
    protocol.Drawn,
    protocol.Done,
    protocol.Stopped,
    protocol.Failed,
)


class _StderrFile:
    """What the process writes to stderr. Its name goes as soon as the process has it open: nothing is left behind."""

    def __init__(self) -> None:
        try:
            descriptor, self.name = tempfile.mkstemp(prefix="undertone-engine-", suffix=".log")
        except OSError:  # a full disk is no reason not to start
            descriptor, self.name = os.open(os.devnull, os.O_RDWR), os.devnull
        self._file = os.fdopen(descriptor, "rb")

    def hide(self) -> None:
        """Take the name away where the system allows that for open files."""
        if self.name != os.devnull:
            with contextlib.suppress(OSError):
                Path(self.name).unlink()

    def end(self) -> str:
        """The last lines."""
        if self._file.closed:
            return ""
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(0, size - STDERR_KEPT))
        return self._file.read().decode("utf-8", "replace")

    def remove(self) -> None:
        """Close it and take the name away, if it is still there."""
        self._file.close()
        self.hide()


@contextlib.contextmanager
def _environment(with_cards: bool) -> Iterator[None]:
    """What libraries read once, when the process starts. The user's own choices stay."""
    wanted = hardware.environment(os.environ) | ({} if with_cards else cuda.HIDDEN)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """Ctrl+C between the start of the process and its first line would make it print a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
