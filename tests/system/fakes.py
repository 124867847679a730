"""For tests of what is written for another system: its modules are loaded on a fake, and forgotten again."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from desktop.system import clipboard as clipboards
from desktop.system import typist as typists

NEVER = threading.Event()


def forget(names: Iterable[str]) -> None:
    """Modules that have a fake in them must not be found by anybody else."""
    for name in names:
        sys.modules.pop(name, None)
        package, _dot, short = name.rpartition(".")
        vars(sys.modules.get(package, ModuleType(""))).pop(short, None)


def until(holds: Callable[[], object]) -> None:
    """Wait for it."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


@contextmanager
def hands() -> Iterator[tuple[Any, Any]]:
    typist, clipboard = typists.choose("", lambda token: None), clipboards.choose()
    yield typist, clipboard
    clipboard.close()
    typist.close()
