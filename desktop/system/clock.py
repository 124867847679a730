"""The time that recordings go by."""

from __future__ import annotations

import sys
import threading
import time


class Clock:
    """The machine's own; tests have one that they turn by hand."""

    def now_s(self) -> float:
        """Seconds since some moment; never set back. On Linux and macOS it stands still while the machine sleeps."""
        return time.monotonic()

    def asleep_s(self) -> float:
        """Grows, against `now_s`, by the time the machine has slept."""
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
        return time.time() - time.monotonic()

    def wait(self, woken: threading.Event, seconds: float) -> None:
        """So long, or until somebody sets the event."""
        woken.wait(seconds)
