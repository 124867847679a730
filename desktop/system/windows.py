"""What Windows is asked for by hotkey, typist and clipboard, through ctypes: a thread with a window that nobody sees.

Written by the documentation; not run yet on any Windows.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import Future
from ctypes import wintypes
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

user32: Any = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined]
kernel32: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]

HWND_MESSAGE = -3
WM_APP, WM_QUIT = 0x8000, 0x0012

KEYS = {
    "backspace": 0x08,
    "tab": 0x09,
    "return": 0x0D,
    "shift": 0x10,
    "ctrl": 0x11,
    "alt": 0x12,
    "pause": 0x13,
    "esc": 0x1B,
    "space": 0x20,
    "pgup": 0x21,
    "pgdown": 0x22,
    "end": 0x23,
    "home": 0x24,
    "left": 0x25,
    "up": 0x26,
    "right": 0x27,
    "down": 0x28,
    "print": 0x2C,
    "ins": 0x2D,
    "del": 0x2E,
    "help": 0x2F,
    "meta": 0x5B,
    "menu": 0x5D,
    "scrolllock": 0x91,
    **{f"f{number}": 0x6F + number for number in range(1, 25)},
}

_PROCEDURE = ctypes.WINFUNCTYPE(  # type: ignore[attr-defined]
    ctypes.c_ssize_t, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM
)

user32.DefWindowProcW.restype = ctypes.c_ssize_t
user32.DefWindowProcW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
user32.CreateWindowExW.restype = wintypes.HWND
user32.CreateWindowExW.argtypes = [
    wintypes.DWORD,
    wintypes.LPCWSTR,
    wintypes.LPCWSTR,
    wintypes.DWORD,
    *[ctypes.c_int] * 4,
    wintypes.HWND,
    wintypes.HMENU,
    wintypes.HINSTANCE,
    wintypes.LPVOID,
]
user32.GetForegroundWindow.restype = wintypes.HWND
user32.PostMessageW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
kernel32.GetModuleHandleW.restype = wintypes.HMODULE
kernel32.GetModuleHandleW.argtypes = [wintypes.LPCWSTR]


class _Class(ctypes.Structure):
    _fields_ = [
        ("style", wintypes.UINT),
        ("procedure", _PROCEDURE),
        ("class_extra", ctypes.c_int),
        ("window_extra", ctypes.c_int),
        ("instance", wintypes.HINSTANCE),
        ("icon", wintypes.HICON),
        ("cursor", wintypes.HANDLE),
        ("background", wintypes.HBRUSH),
        ("menu_name", wintypes.LPCWSTR),
        ("class_name", wintypes.LPCWSTR),
    ]


def key_code(name: str) -> int:
    """The virtual key of a name that Qt gives; 0 if this layout has none."""
    if name in KEYS:
        return KEYS[name]
    if len(name) != 1:
        return 0
    if name.isascii() and name.isalnum():
        return ord(name.upper())
    found = user32.VkKeyScanW(ctypes.c_wchar(name))
    return 0 if found in (-1, 0xFFFF) else found & 0xFF


def is_down(code: int) -> bool:
    """Whether a key is down in this moment."""
    return bool(user32.GetAsyncKeyState(code) & 0x8000)


class MessageThread:
    """A thread whose window takes messages; what is asked for is done on it."""

    def __init__(self, name: str, on_message: Callable[[int, int, int], int | None]) -> None:
        """`on_message` gets each message with its two values; None leaves it to Windows."""
        self._on_message = on_message
        self._asked: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.window = 0
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(name, started), name=name, daemon=True)
        self._thread.start()
        started.result()

    def ask(self, do: Callable[[], T]) -> T:
        """Do it on the thread and wait for what comes of it."""
        if threading.current_thread() is self._thread:
            return do()
        answer: Future[T] = Future()

        def answered() -> None:
            try:
                answer.set_result(do())
            except BaseException as error:  # handed to who asked
                answer.set_exception(error)
                if not isinstance(error, Exception):
                    raise

        self._asked.put(answered)
        user32.PostMessageW(self.window, WM_APP, 0, 0)
        return answer.result()

    def close(self) -> None:
        """End the thread."""
        user32.PostMessageW(self.window, WM_QUIT, 0, 0)
        self._thread.join()

    def _run(self, name: str, started: Future[None]) -> None:
        self._procedure = _PROCEDURE(self._take)  # kept: Windows holds only its address
        instance = kernel32.GetModuleHandleW(None)
        made = _Class(procedure=self._procedure, instance=instance, class_name=f"Undertone {name}")
        user32.RegisterClassW(ctypes.byref(made))
        self.window = user32.CreateWindowExW(
            0, made.class_name, None, 0, 0, 0, 0, 0, HWND_MESSAGE, None, instance, None
        )
        started.set_result(None)
        message = wintypes.MSG()
        while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            user32.TranslateMessage(ctypes.byref(message))
            user32.DispatchMessageW(ctypes.byref(message))
        user32.DestroyWindow(self.window)
        user32.UnregisterClassW(made.class_name, instance)

    def _take(self, window: int, kind: int, first: int, second: int) -> int:
        if kind == WM_APP:
            try:
                while True:
                    self._asked.get_nowait()()
            except Empty:
                return 0
        answer = self._on_message(kind, first, second)
        return int(user32.DefWindowProcW(window, kind, first, second)) if answer is None else answer
