"""Shortcuts on macOS: Carbon's RegisterEventHotKey, which tells press and release, needs no consent, and works while a
password field has the keyboard.

Its events come to the main run loop, which Qt keeps. Not run yet on any Mac.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import time
from collections.abc import Callable
from typing import Any

import Quartz

from desktop.core.chords import Chord, chord, hotkey
from desktop.core.errors import HotkeyTaken, HotkeyUnfit
from desktop.core.i18n import _
from desktop.core.ports import KeyNews, Purpose
from desktop.system.macos import key_code, on_main

carbon: Any = ctypes.CDLL(ctypes.util.find_library("Carbon"))

_KEYBOARD_CLASS = int.from_bytes(b"keyb", "big")
_PRESSED, _RELEASED = 5, 6
_DIRECT_OBJECT, _HOTKEY_ID = int.from_bytes(b"----", "big"), int.from_bytes(b"hkid", "big")
_SIGNATURE = int.from_bytes(b"UNDT", "big")
_EXISTS = -9878
_MODIFIERS = {"ctrl": 1 << 8, "shift": 1 << 9, "alt": 1 << 11, "meta": 1 << 12}
"""Carbon's own; by the names that Qt has for them on a Mac, see `FLAGS`."""


class _EventType(ctypes.Structure):
    _fields_ = [("kind_class", ctypes.c_uint32), ("kind", ctypes.c_uint32)]


class _HotKeyId(ctypes.Structure):
    _fields_ = [("signature", ctypes.c_uint32), ("number", ctypes.c_uint32)]


_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)

carbon.GetEventDispatcherTarget.restype = ctypes.c_void_p
carbon.GetEventKind.argtypes = [ctypes.c_void_p]
carbon.GetEventKind.restype = ctypes.c_uint32
carbon.InstallEventHandler.argtypes = [
    ctypes.c_void_p,
    _HANDLER,
    ctypes.c_ulong,
    ctypes.POINTER(_EventType),
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_void_p),
]
carbon.RegisterEventHotKey.argtypes = [
    ctypes.c_uint32,
    ctypes.c_uint32,
    _HotKeyId,
    ctypes.c_void_p,
    ctypes.c_uint32,
    ctypes.POINTER(ctypes.c_void_p),
]
carbon.UnregisterEventHotKey.argtypes = [ctypes.c_void_p]
carbon.RemoveEventHandler.argtypes = [ctypes.c_void_p]
carbon.GetEventParameter.argtypes = [
    ctypes.c_void_p,
    ctypes.c_uint32,
    ctypes.c_uint32,
    ctypes.c_void_p,
    ctypes.c_ulong,
    ctypes.c_void_p,
    ctypes.c_void_p,
]


class MacHotkey:
    """Carbon is asked on the main thread, which is also where the news are told."""

    def __init__(self, on_key: Callable[[KeyNews], None]) -> None:
        self._on_key = on_key
        self._grabs: dict[Purpose, tuple[Chord, int, ctypes.c_void_p]] = {}
        self._down: set[Purpose] = set()
        self._shown: set[Purpose] = set()
        self._handler = _HANDLER(self._on_event)  # kept: Carbon holds only its address
        self._installed = ctypes.c_void_p()
        on_main(self._install, None)

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        """Take a shortcut in place of the one that this purpose had. Raises HotkeyTaken or HotkeyUnfit."""
        wanted = chord(shortcut) if purpose is Purpose.CANCEL else hotkey(shortcut)
        try:
            on_main(lambda: self._grab(purpose, wanted))
        except TimeoutError:
            raise HotkeyUnfit(shortcut=shortcut, reason=_("the window does not answer")) from None
        return str(wanted)

    def let_go(self, purpose: Purpose) -> None:
        """The key belongs to the other programs again."""
        with contextlib.suppress(TimeoutError):
            on_main(lambda: self._let_go(purpose))

    def is_down(self, purpose: Purpose) -> bool | None:
        """As Carbon has told, and as the keyboard says, for a release that Carbon never tells.

        The keyboard is believed only once it has shown this press: nobody promises that it shows any.
        """
        grab = self._grabs.get(purpose)
        if purpose not in self._down or grab is None:
            return False
        _chord, code, _made = grab
        if Quartz.CGEventSourceKeyState(Quartz.kCGEventSourceStateHIDSystemState, code):
            self._shown.add(purpose)
        elif purpose in self._shown:
            self._down.discard(purpose)
        return purpose in self._down

    def close(self) -> None:
        """Let everything go. Where the main thread waits for this one, the program ends, and the shortcuts with it."""
        with contextlib.suppress(TimeoutError):
            on_main(self._close)

    # All that follows is done on the main thread.

    def _install(self) -> None:
        kinds = (_EventType * 2)(_EventType(_KEYBOARD_CLASS, _PRESSED), _EventType(_KEYBOARD_CLASS, _RELEASED))
        target = carbon.GetEventDispatcherTarget()
        carbon.InstallEventHandler(target, self._handler, 2, kinds, None, ctypes.byref(self._installed))

    def _grab(self, purpose: Purpose, wanted: Chord) -> None:
        before = self._grabs.get(purpose)
        if before and before[0] == wanted:
            return
        code = key_code(wanted.key, wanted.modifiers)
        if code is None:
            raise HotkeyUnfit(shortcut=str(wanted), reason=_("this keyboard has no such key"))
        made = ctypes.c_void_p()
        flags = sum(_MODIFIERS[one] for one in wanted.modifiers)
        number = _HotKeyId(_SIGNATURE, list(Purpose).index(purpose))
        target = carbon.GetEventDispatcherTarget()
        status = carbon.RegisterEventHotKey(code, flags, number, target, 0, ctypes.byref(made))
        if status == _EXISTS:
            raise HotkeyTaken(shortcut=str(wanted))
        if status:
            raise HotkeyUnfit(shortcut=str(wanted), reason=_("macOS refuses it ({code})").format(code=status))
        self._let_go(purpose)
        self._grabs[purpose] = wanted, code, made

    def _let_go(self, purpose: Purpose) -> None:
        grab = self._grabs.pop(purpose, None)
        if grab:
            carbon.UnregisterEventHotKey(grab[-1])
            self._tell(purpose, is_down=False)

    def _close(self) -> None:
        for purpose in list(self._grabs):
            self._let_go(purpose)
        carbon.RemoveEventHandler(self._installed)

    def _on_event(self, _call: int, event: int, _own: int) -> int:
        told = _HotKeyId()
        size = ctypes.sizeof(told)
        carbon.GetEventParameter(event, _DIRECT_OBJECT, _HOTKEY_ID, None, size, None, ctypes.byref(told))
        if told.signature != _SIGNATURE:
            return -9874  # not ours: let the next one have it
        self._tell(list(Purpose)[told.number], carbon.GetEventKind(event) == _PRESSED)
        return 0

    def _tell(self, purpose: Purpose, is_down: bool) -> None:
        if is_down == (purpose in self._down):
            return
        (self._down.add if is_down else self._down.discard)(purpose)
        self._shown.discard(purpose)
        self._on_key(KeyNews(purpose, is_down, time.monotonic_ns() // 1_000_000))
