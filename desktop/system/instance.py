"""Talks to the running instance over its local socket. Imports no Qt."""

from __future__ import annotations

import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.handover import ACCEPTED, DictationWord, Handover

if TYPE_CHECKING:
    from filelock import FileLock

ANSWER_WITHIN_S = 2.0
START_WITHIN_S = 10.0
ASK_EVERY_S = 0.2


def claim(lock_file: Path) -> FileLock | None:
    """The right to be the running instance; it ends with the process. None when another has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(lock_file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def hand_over_soon(address: str, wish: Handover) -> bool:
    """As `hand_over`, to an instance that is only just starting."""
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        if hand_over(address, wish):
            return True
        threading.Event().wait(ASK_EVERY_S)
    return False


def hand_over(address: str, wish: Handover) -> bool:
    """Whether an instance listens at `address` and has taken over what this start was asked to do."""
    return tell(address, wish) is True


def tell(address: str, wish: Handover | DictationWord) -> bool | None:
    """Whether the instance that listens at `address` does what it is asked to; None when nobody listens."""
    try:
        answer = (
            _over_pipe(address, wish.to_line()) if sys.platform == "win32" else _over_socket(address, wish.to_line())
        )
    except OSError:
        return None
    return answer == ACCEPTED


def _over_socket(address: str, line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(ANSWER_WITHIN_S)
        connection.connect(address)
        connection.sendall(line)
        with connection.makefile("rb") as answer:
            return answer.readline()


def _over_pipe(address: str, line: bytes) -> bytes:
    # Windows lets a named pipe be opened like a file.
    with Path(rf"\\.\pipe\{address}").open("r+b", buffering=0) as pipe:
        pipe.write(line)
        return pipe.readline()
