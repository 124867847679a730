"""Keys pressed on Windows by SendInput, and never into the window of an administrator, which takes none from us.

Not run yet on any Windows.
"""

from __future__ import annotations

import ctypes
import time
from ctypes import wintypes
from pathlib import PureWindowsPath

from desktop.core.chords import chord as chord_of
from desktop.core.errors import TargetElevated, TargetMoved, TypingImpossible
from desktop.core.ports import Target
from desktop.system.windows import is_down, kernel32, key_code, user32

LOOK_EVERY_S = 0.01
_KEYBOARD, _KEY_UP, _UNICODE = 1, 2, 4
_QUERY_LIMITED = 0x1000
_ACCESS_DENIED = 5
_HELD = {"ctrl": (0x11,), "shift": (0x10,), "alt": (0x12,), "meta": (0x5B, 0x5C)}

kernel32.OpenProcess.restype = wintypes.HANDLE
kernel32.OpenProcess.argtypes = [wintypes.DWORD, wintypes.BOOL, wintypes.DWORD]
kernel32.CloseHandle.argtypes = [wintypes.HANDLE]
kernel32.QueryFullProcessImageNameW.argtypes = [
    wintypes.HANDLE,
    wintypes.DWORD,
    wintypes.LPWSTR,
    ctypes.POINTER(wintypes.DWORD),
]
user32.GetWindowThreadProcessId.argtypes = [wintypes.HWND, ctypes.POINTER(wintypes.DWORD)]
user32.IsWindow.argtypes = [wintypes.HWND]


class _KeyInput(ctypes.Structure):
    _fields_ = [
        ("code", wintypes.WORD),
        ("scan", wintypes.WORD),
        ("flags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("extra", ctypes.c_size_t),
    ]


class _Union(ctypes.Union):
    # The mouse's part is the largest one: Windows checks the size of the whole.
    _fields_ = [("key", _KeyInput), ("room", ctypes.c_byte * (32 if ctypes.sizeof(ctypes.c_void_p) == 8 else 24))]


class _Input(ctypes.Structure):
    _fields_ = [("kind", wintypes.DWORD), ("what", _Union)]


class WindowsTypist:
    """SendInput puts all keys of a chord into the queue at once: no key of the user gets between them."""

    def focused(self) -> Target | None:
        """The window in the foreground."""
        window = user32.GetForegroundWindow()
        return Target(int(window), self._program(window)) if window else None

    def is_there(self, target: Target) -> bool:
        """Whether the window is still open."""
        return bool(user32.IsWindow(target.window))

    def wait_for_release(self, within_s: float) -> str:
        """Wait until no Ctrl, Shift, Alt or Windows key is down."""
        until = time.monotonic() + within_s
        while True:
            held = [name.capitalize() for name, codes in _HELD.items() if any(map(is_down, codes))]
            if not held or time.monotonic() >= until:
                return "+".join(held)
            time.sleep(LOOK_EVERY_S)

    def can_press(self, chord: str) -> bool:
        """Windows knows keys by their place: every keyboard has them."""
        return bool(key_code(chord_of(chord).key))

    def press(self, chord: str, target: Target | None = None) -> None:
        """Raises TypingImpossible, TargetElevated, or TargetMoved."""
        self._check(target)
        wanted = chord_of(chord)
        codes = [*(key_code(one) for one in sorted(wanted.modifiers)), key_code(wanted.key)]
        self._send([*((code, 0, 0) for code in codes), *((code, 0, _KEY_UP) for code in reversed(codes))])

    def type_text(self, text: str, target: Target | None = None) -> None:
        """Raises TypingImpossible, TargetElevated, or TargetMoved."""
        self._check(target)
        raw = text.replace("\r\n", "\n").replace("\n", "\r").encode("utf-16-le")
        units = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]
        self._send([(0, unit, flags) for unit in units for flags in (_UNICODE, _UNICODE | _KEY_UP)])

    def close(self) -> None:
        """Nothing is held."""

    def _check(self, target: Target | None) -> None:
        now = user32.GetForegroundWindow()
        if target and target.window and int(now or 0) != target.window:
            raise TargetMoved
        if now and self._is_elevated(now):
            raise TargetElevated(program=self._program(now) or "?")

    def _send(self, keys: list[tuple[int, int, int]]) -> None:
        inputs = (_Input * len(keys))()
        for one, (code, scan, flags) in zip(inputs, keys, strict=True):
            one.kind = _KEYBOARD
            one.what.key = _KeyInput(code, scan, flags, 0, 0)
        if user32.SendInput(len(keys), inputs, ctypes.sizeof(_Input)) != len(keys):
            raise TypingImpossible(reason="Windows refused the keys")

    def _process(self, window: int) -> int:
        process = wintypes.DWORD()
        user32.GetWindowThreadProcessId(window, ctypes.byref(process))
        return process.value

    def _is_elevated(self, window: int) -> bool:
        """A program with fewer rights may not even ask the name of one with more (0x0400: all that can be asked)."""
        handle = kernel32.OpenProcess(0x0400, False, self._process(window))
        if handle:
            kernel32.CloseHandle(handle)
            return False
        return bool(ctypes.get_last_error() == _ACCESS_DENIED)  # type: ignore[attr-defined]

    def _program(self, window: int) -> str:
        handle = kernel32.OpenProcess(_QUERY_LIMITED, False, self._process(window))
        if not handle:
            return ""
        name, length = ctypes.create_unicode_buffer(1024), wintypes.DWORD(1024)
        kernel32.QueryFullProcessImageNameW(handle, 0, name, ctypes.byref(length))
        kernel32.CloseHandle(handle)
        return PureWindowsPath(name.value).stem.casefold()
