"""How much of the processor and of the memory this process may take: containers and services are given less."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PROC, _SYS = Path("/proc/self"), Path("/sys")
_NO_LIMIT = 1 << 60
"""Version 1 of control groups writes a number as large as this for "no limit"."""


def physical_cores(sys_folder: Path = _SYS, allowed: set[int] | None = None) -> int:
    """Of the processors that this process may run on; two hyper-threads of a core count once."""
    return len({_siblings(sys_folder, cpu) for cpu in (affinity() if allowed is None else allowed)})


def affinity() -> set[int]:
    """The processors that this process may run on."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))


def cores(proc: Path = _PROC, sys_folder: Path = _SYS) -> float | None:
    """How many processors' time the control groups give, the least of all levels; None without a limit."""
    found = []
    for folder in _folders(proc, sys_folder, "cpu"):
        pair = _numbers(folder / "cpu.max")
        if not pair:  # version 1 has a file for each of the two; a quota of -1 is none
            pair = _numbers(folder / "cpu.cfs_quota_us") + _numbers(folder / "cpu.cfs_period_us")
        if len(pair) == 2 and min(pair) > 0:
            found.append(pair[0] / pair[1])
    return min(found, default=None)


def memory(proc: Path = _PROC, sys_folder: Path = _SYS) -> int | None:
    """How many bytes the control groups give, the least of all levels; None without a limit."""
    found = []
    for folder in _folders(proc, sys_folder, "memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            found += [number for number in _numbers(folder / name) if 0 < number < _NO_LIMIT]
    return min(found, default=None)


def _folders(proc: Path, sys_folder: Path, controller: str) -> Iterator[Path]:
    """Those of the groups that this process is in, innermost first: version 2 has one tree, version 1 one for each."""
    try:
        lines = (proc / "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    root = sys_folder / "fs" / "cgroup"
    for line in lines:
        _number, _colon, rest = line.partition(":")
        controllers, _colon, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        tree = root / controllers if controllers else root
        inner = tree / path.strip("/")
        yield from (one for one in (inner, *inner.parents) if one.is_relative_to(tree))
        # Within a container the path is that of the host, and the container's own group is the root.
    yield from (root, root / controller)


def _numbers(path: Path) -> tuple[int, ...]:
    """What the file holds; nothing where it says "max" or cannot be read."""
    try:
        return tuple(int(word) for word in path.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return ()


def _siblings(sys_folder: Path, cpu: int) -> str:
    # Two hyper-threads of one core name the same list.
    path = sys_folder / f"devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return str(cpu)
