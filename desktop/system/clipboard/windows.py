"""The clipboard of Windows: the text is promised, and Windows asks for it when somebody pastes; that is the receipt.

Not run yet on any Windows.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator
from ctypes import wintypes

from desktop.core.errors import ClipboardUnusable
from desktop.core.ports import Target
from desktop.system.windows import MessageThread, kernel32, user32

QUIET_MS = 250
OPEN_WITHIN_S = 1.0
WM_RENDERFORMAT, WM_RENDERALLFORMATS, WM_DESTROYCLIPBOARD, WM_TIMER = 0x0305, 0x0306, 0x0307, 0x0113
CF_UNICODETEXT = 13
_MOVEABLE = 2
_BY_HANDLE = frozenset({2, 3, 9, 14, 0x80, 0x82, 0x83, 0x8E})
"""Bitmaps, palettes and metafiles are no memory; Windows makes bitmaps and palettes of the DIB that comes with them."""

for _function in ("GetClipboardData", "SetClipboardData"):
    getattr(user32, _function).restype = wintypes.HANDLE
user32.SetClipboardData.argtypes = [wintypes.UINT, wintypes.HANDLE]
user32.OpenClipboard.argtypes = [wintypes.HWND]
user32.GetClipboardOwner.restype = wintypes.HWND
kernel32.GlobalAlloc.restype = wintypes.HGLOBAL
kernel32.GlobalAlloc.argtypes = [wintypes.UINT, ctypes.c_size_t]
kernel32.GlobalLock.restype = ctypes.c_void_p
for _function in ("GlobalLock", "GlobalUnlock", "GlobalSize"):
    getattr(kernel32, _function).argtypes = [wintypes.HGLOBAL]
kernel32.GlobalSize.restype = ctypes.c_size_t


class WindowsClipboard:
    """Nobody tells who reads: a history that ignores the marks may be taken for the target."""

    def __init__(self) -> None:
        self._text = ""
        self._kept: dict[int, bytes] | None = None
        self._is_lent = False
        self._is_read = threading.Event()
        self._thread = MessageThread("clipboard", self._on_message)

    def keep(self) -> None:
        """Windows keeps it until `offer`, which is quick here."""

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        """Lend the clipboard to a text. Raises ClipboardUnusable."""
        self._thread.ask(lambda: self._lend(text))

    def wait_read(self, within_s: float) -> bool:
        """Wait until somebody has taken the text."""
        return self._is_read.wait(within_s)

    def is_lent(self) -> bool:
        """Whether the text is still there."""
        return self._is_lent

    def give_back(self) -> None:
        """What was kept comes back in a moment."""
        self._thread.ask(lambda: user32.SetTimer(self._thread.window, 1, QUIET_MS, None))

    def put(self, text: str) -> None:
        """Copy a text for good. Raises ClipboardUnusable."""
        self._thread.ask(lambda: self._put(text))

    def close(self) -> None:
        """Give back what is not given back yet."""
        with contextlib.suppress(ClipboardUnusable):
            self._thread.ask(self._restore)
        self._thread.close()

    # All that follows is done on the thread.

    def _lend(self, text: str) -> None:
        user32.KillTimer(self._thread.window, 1)  # what gives back the text before would take this one away
        with self._opened():
            if not self._is_lent:
                self._kept = dict(_contents())
            self._is_lent = False  # emptying tells us that we lost it
            user32.EmptyClipboard()
            self._text, self._is_lent = text, True
            self._is_read.clear()
            user32.SetClipboardData(CF_UNICODETEXT, None)
            _set_mark("ExcludeClipboardContentFromMonitorProcessing")
            _set_mark("CanIncludeInClipboardHistory")
            _set_mark("CanUploadToCloudClipboard")

    def _put(self, text: str) -> None:
        with self._opened():
            self._is_lent, self._kept = False, None
            user32.EmptyClipboard()
            _set(CF_UNICODETEXT, _raw(text))

    def _restore(self) -> None:
        if not self._is_lent:
            return
        with self._opened():
            self._is_lent = False
            user32.EmptyClipboard()
            for kind, data in (self._kept or {}).items():
                _set(kind, data)
        self._kept = None

    def _on_message(self, kind: int, first: int, _second: int) -> int | None:
        if kind == WM_RENDERFORMAT and first == CF_UNICODETEXT:
            _set(CF_UNICODETEXT, _raw(self._text))
            self._is_read.set()
        elif kind == WM_RENDERALLFORMATS:
            with contextlib.suppress(ClipboardUnusable):
                self._restore()
        elif kind == WM_DESTROYCLIPBOARD:
            self._is_lent = False  # somebody copied: that stays
        elif kind == WM_TIMER:
            with contextlib.suppress(ClipboardUnusable):  # held open by another program: tried again in a moment
                self._restore()
                user32.KillTimer(self._thread.window, 1)
        else:
            return None
        return 0

    @contextlib.contextmanager
    def _opened(self) -> Iterator[None]:
        """One program at a time has it open; the others wait."""
        until = time.monotonic() + OPEN_WITHIN_S
        while not user32.OpenClipboard(self._thread.window):
            if time.monotonic() > until:
                raise ClipboardUnusable(reason="another program holds it open")
            time.sleep(0.01)
        try:
            yield
        finally:
            user32.CloseClipboard()


def _contents() -> Iterator[tuple[int, bytes]]:
    """Every format that is memory."""
    kind = user32.EnumClipboardFormats(0)
    while kind:
        handle = None if kind in _BY_HANDLE else user32.GetClipboardData(kind)
        place = kernel32.GlobalLock(handle) if handle else None
        if place:
            yield kind, ctypes.string_at(place, kernel32.GlobalSize(handle))
            kernel32.GlobalUnlock(handle)
        kind = user32.EnumClipboardFormats(kind)


def _set(kind: int, data: bytes) -> None:
    handle = kernel32.GlobalAlloc(_MOVEABLE, max(1, len(data)))
    ctypes.memmove(kernel32.GlobalLock(handle), data, len(data))
    kernel32.GlobalUnlock(handle)
    user32.SetClipboardData(kind, handle)


def _set_mark(name: str) -> None:
    _set(user32.RegisterClipboardFormatW(name), b"\0\0\0\0")


def _raw(text: str) -> bytes:
    return (text.replace("\r\n", "\n").replace("\n", "\r\n") + "\0").encode("utf-16-le")
