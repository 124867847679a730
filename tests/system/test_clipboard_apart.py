"""The clipboard in a process of its own, where that process or the clipboard fails: nobody waits for ever."""

import os
import signal
from threading import Lock

import pytest

from desktop.core.errors import ClipboardUnusable
from desktop.core.ports import Target
from desktop.system.clipboard.apart import ClipboardApart
from desktop.system.clipboard.null import NullClipboard


class Unsendable(Exception):
    """As some libraries raise them: with a part of the system in it."""

    def __init__(self) -> None:
        super().__init__("said by a library")
        self.part = Lock()


class Odd(NullClipboard):
    """Fails in a way that nobody foresaw."""

    def __init__(self) -> None:
        super().__init__("odd")

    def put(self, text: str) -> None:
        raise Unsendable

    def is_lent(self) -> bool:
        return True


def test_whatever_a_clipboard_raises_is_said_to_the_one_who_asked() -> None:
    clipboard = ClipboardApart(Odd)
    try:
        with pytest.raises(ClipboardUnusable, match="Unsendable"):
            clipboard.put("Hi.")
        with pytest.raises(ClipboardUnusable, match="odd"):
            clipboard.offer("Hi.", Target(1, "editor"))
        assert clipboard.is_lent(), "and it goes on"
    finally:
        clipboard.close()


def test_a_process_that_ends_leaves_nobody_waiting_and_is_started_again() -> None:
    clipboard = ClipboardApart(Odd)
    try:
        first = clipboard.pid
        os.kill(first, signal.SIGKILL)
        with pytest.raises(ClipboardUnusable):
            clipboard.wait_read(10.0)
        with pytest.raises(ClipboardUnusable, match="odd"):
            clipboard.offer("Hi.", None)
        assert clipboard.pid != first
    finally:
        clipboard.close()
