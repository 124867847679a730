"""A file that is being recorded, read as it grows."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from desktop.core.recording import flag_of

LOOK_EVERY_S = 0.02
ASK_EVERY_S = 0.5
"""How often the recorder's lock is tried, to see whether the recorder is alive."""
STALLED_S = 1.5
"""When nothing is added for so long, what was said is taken to be complete."""
AHEAD = 2

Thing = TypeVar("Thing")


class Growth:
    """The file for a reader that goes from its beginning to its end: reading waits for what is not there yet.

    It ends when the recorder has finished or is dead, when `is_stopped`, and when it is `left`.
    """

    def __init__(self, path: Path, is_stopped: Callable[[], bool]) -> None:
        self._path = path
        self._is_stopped = is_stopped
        self._file: BinaryIO | None = None
        self.left = threading.Event()
        """Set by anybody: whoever waits does so no longer."""
        self._asked = 0.0

    def wait(self) -> None:
        """Until there is something to read, or never will be."""
        while not self._is_there() and not self._is_over():
            self.left.wait(LOOK_EVERY_S)

    def read(self, size: int) -> bytes:
        """At least one byte; none at the end of the recording."""
        if self._file is None:
            self._file = self._path.open("rb", buffering=0)
        while not (found := self._file.read(size)):
            if self._is_over():
                return self._file.read(size)  # what came between the two looks
            self.left.wait(LOOK_EVERY_S)
        return found

    @property
    def is_at_end(self) -> bool:
        """Whether everything that is there has been read."""
        return self._file is not None and self._file.tell() >= os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()

    def _is_there(self) -> bool:
        try:
            return self._path.stat().st_size > 0
        except OSError:
            return False

    def _is_over(self) -> bool:
        if self.left.is_set() or self._is_stopped():
            return True
        flag = flag_of(self._path)
        if (now := time.monotonic()) - self._asked < ASK_EVERY_S:
            return not flag.exists()
        self._asked = now
        return not _is_held(flag)


def _is_held(flag: Path) -> bool:
    """Whether another process has the lock, as filelock takes it; unlike filelock, no flag is made where none is."""
    try:
        descriptor = os.open(flag, os.O_RDWR)
    except OSError:
        return False
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def awaited(things: Iterator[Thing], left: threading.Event) -> Iterator[Thing | None]:
    """The things, made on a thread of their own; None when nothing has come for a while.

    `left` is set once nobody waits for them any more: then their maker gives up.
    """
    made: queue.Queue[tuple[Thing] | None] = queue.Queue(AHEAD)

    def is_put(thing: tuple[Thing] | None) -> bool:
        while not left.is_set():
            with contextlib.suppress(queue.Full):
                made.put(thing, timeout=LOOK_EVERY_S)
                return True
        return False

    def make() -> None:
        try:
            for thing in things:
                if not is_put((thing,)):
                    return
        finally:
            is_put(None)

    with ThreadPoolExecutor(1, "tail") as thread:
        making = thread.submit(make)
        try:
            while True:
                try:
                    thing = made.get(timeout=STALLED_S)
                except queue.Empty:
                    yield None
                    continue
                if thing is None:
                    break
                yield thing[0]
            making.result()
        finally:
            left.set()
