"""Shortcuts on Windows: RegisterHotKey, which needs no hook that Windows could silently take away.

Windows tells only the press; until it is over the key is looked at. Not run yet on any Windows.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

from desktop.core.chords import Chord, chord, hotkey
from desktop.core.errors import HotkeyTaken, HotkeyUnfit
from desktop.core.i18n import _
from desktop.core.ports import KeyNews, Purpose
from desktop.system.windows import MessageThread, is_down, key_code, user32

WM_HOTKEY, WM_TIMER = 0x0312, 0x0113
LOOK_EVERY_MS = 15
_MODIFIERS = {"alt": 1, "ctrl": 2, "shift": 4, "meta": 8}
_NO_REPEAT = 0x4000
_ALREADY_REGISTERED = 1409


class WindowsHotkey:
    """One registration for each purpose; its number is the place of the purpose among all."""

    def __init__(self, on_key: Callable[[KeyNews], None]) -> None:
        self._on_key = on_key
        self._codes: dict[Purpose, tuple[Chord, int]] = {}
        self._down: set[Purpose] = set()
        self._thread = MessageThread("hotkey", self._on_message)

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        """Take a shortcut in place of the one that this purpose had. Raises HotkeyTaken or HotkeyUnfit."""
        wanted = chord(shortcut) if purpose is Purpose.CANCEL else hotkey(shortcut)
        code = key_code(wanted.key)
        if not code:
            raise HotkeyUnfit(shortcut=shortcut, reason=_("this keyboard has no such key"))
        self._thread.ask(lambda: self._replace(purpose, wanted, code))
        return str(wanted)

    def let_go(self, purpose: Purpose) -> None:
        """The key belongs to the other programs again."""
        self._thread.ask(lambda: self._let_go(purpose))

    def is_down(self, purpose: Purpose) -> bool | None:
        """Whether its key is down."""
        return purpose in self._codes and is_down(self._codes[purpose][1])

    def close(self) -> None:
        """Let everything go."""
        for purpose in Purpose:
            self.let_go(purpose)
        self._thread.close()

    # All that follows is done on the thread.

    def _replace(self, purpose: Purpose, wanted: Chord, code: int) -> None:
        before = self._codes.get(purpose)
        if before == (wanted, code):
            return
        self._let_go(purpose)
        if not self._register(purpose, wanted, code):
            error = ctypes.get_last_error()  # type: ignore[attr-defined]
            if before:
                self._register(purpose, *before)
            if error == _ALREADY_REGISTERED:
                raise HotkeyTaken(shortcut=str(wanted))
            raise HotkeyUnfit(shortcut=str(wanted), reason=_("Windows refuses it ({code})").format(code=error))

    def _register(self, purpose: Purpose, wanted: Chord, code: int) -> bool:
        flags = _NO_REPEAT | sum(_MODIFIERS[one] for one in wanted.modifiers)
        done = bool(user32.RegisterHotKey(self._thread.window, _number(purpose), flags, code))
        if done:
            self._codes[purpose] = wanted, code
        return done

    def _let_go(self, purpose: Purpose) -> None:
        if self._codes.pop(purpose, None):
            user32.UnregisterHotKey(self._thread.window, _number(purpose))
            self._tell(purpose, down=False)

    def _on_message(self, kind: int, first: int, _second: int) -> int | None:
        if kind == WM_HOTKEY:
            self._tell(list(Purpose)[first - 1], down=True)
            user32.SetTimer(self._thread.window, 1, LOOK_EVERY_MS, None)
            return 0
        if kind == WM_TIMER:
            for purpose in list(self._down):
                if not self.is_down(purpose):
                    self._tell(purpose, down=False)
            if not self._down:
                user32.KillTimer(self._thread.window, 1)
            return 0
        return None

    def _tell(self, purpose: Purpose, down: bool) -> None:
        if down == (purpose in self._down):
            return
        (self._down.add if down else self._down.discard)(purpose)
        self._on_key(KeyNews(purpose, down, time.monotonic_ns() // 1_000_000))


def _number(purpose: Purpose) -> int:
    return list(Purpose).index(purpose) + 1
