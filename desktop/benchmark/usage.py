"""Processor time, memory and page faults of a process and of those that it started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """Up to now. Where the system does not tell, without psutil, everything is 0."""

    cpu_s: float = 0.0
    peak_mb: float = 0.0
    minor_faults: int = 0


def of_tree(pid: int) -> Usage:
    """The process with all that it started, also those of them that ended and were waited for."""
    every = [_of_one(one) for one in _tree(pid)] if PROC.is_dir() else list(_told_by_psutil(pid))
    return Usage(
        sum(one.cpu_s for one in every), sum(one.peak_mb for one in every), sum(one.minor_faults for one in every)
    )


def of_one(pid: int) -> Usage:
    """The process alone."""
    return _of_one(pid) if PROC.is_dir() else next(_told_by_psutil(pid), Usage())


def _of_one(pid: int) -> Usage:
    try:
        fields = _stat(pid)
        status = (PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Usage()  # it ended just now
    peak_kb = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    # proc(5), counted from the state, which is the third: user and system time, also of children that ended.
    ticks = sum(map(int, fields[11:15]))
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), peak_kb / 1024, int(fields[7]))


def _tree(pid: int) -> Iterator[int]:
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:
                continue
    waiting = [pid]
    while waiting:
        yield waiting[-1]
        waiting.extend(parents.get(waiting.pop(), ()))


def _stat(pid: int) -> list[str]:
    # The name of the program stands in brackets and may hold spaces and brackets itself.
    text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def _told_by_psutil(pid: int) -> Iterator[Usage]:
    try:
        import psutil
    except ImportError:
        return
    own = psutil.Process(pid)
    for process in (own, *own.children(recursive=True)):
        times, memory = process.cpu_times(), process.memory_info()
        peak = getattr(memory, "peak_wset", memory.rss)
        yield Usage(times.user + times.system, peak / (1 << 20), 0)
