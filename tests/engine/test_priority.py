"""The engine process lowers its own priority."""

import os
import subprocess
import sys

from desktop.engine import priority


class FakeKernel32:
    def __init__(self) -> None:
        self.said: list[tuple[int, int]] = []

    def GetCurrentProcess(self) -> int:
        return -1

    def SetPriorityClass(self, process: int, given: int) -> int:
        self.said.append((process, given))
        return 1


def test_on_windows_the_class_is_below_normal() -> None:
    kernel32 = FakeKernel32()
    priority.give_way(kernel32)
    assert kernel32.said == [(-1, 0x4000)]


def test_elsewhere_the_process_is_nicer_than_its_parent() -> None:
    script = "import os; from desktop.engine import priority; priority.give_way(); print(os.nice(0))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert int(told) == min(19, os.nice(0) + priority.NICENESS)
