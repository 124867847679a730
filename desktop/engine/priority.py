"""The engine process gives way to the window and to the user's other programs."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Protocol

NICENESS = 5
"""Of 19: all of the processor while nobody else wants it, a fair part when somebody does."""

_BELOW_NORMAL_PRIORITY_CLASS = 0x4000


class _Kernel32(Protocol):
    def GetCurrentProcess(self) -> int: ...  # noqa: N802 - names of the Windows API

    def SetPriorityClass(self, process: int, priority: int) -> int: ...  # noqa: N802


def give_way(kernel32: _Kernel32 | None = None) -> None:
    """Lower the priority of this process for good."""
    if sys.platform == "win32" and kernel32 is None:
        kernel32 = ctypes.windll.kernel32
    if kernel32 is not None:
        kernel32.SetPriorityClass(kernel32.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)
