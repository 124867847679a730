"""Ends the wait of a thread for what comes from outside, when somebody inside wants something of it."""

from __future__ import annotations

import contextlib
import os


class Waker:
    """Something to `select` beside a connection: readable once `wake` was called, until `clear` is."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()
        for end in (self._read_end, self._write_end):
            os.set_blocking(end, False)

    def fileno(self) -> int:
        """For select."""
        return self._read_end

    def wake(self) -> None:
        """From any thread; never waits, even where nobody listens any more."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._write_end, b".")

    def clear(self) -> None:
        """It has been noticed."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._read_end, 4096)

    def close(self) -> None:
        """Once the thread is over."""
        os.close(self._read_end)
        os.close(self._write_end)
