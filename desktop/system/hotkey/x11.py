"""Shortcuts on X11: the server itself matches the keys, and nobody else sees them."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import xcffib
from xcffib.xproto import AccessError, GrabMode, KeyPressEvent, KeyReleaseEvent, Mapping, MappingNotifyEvent

from desktop.core.chords import Chord, chord, hotkey
from desktop.core.errors import HotkeysImpossible, HotkeyTaken, HotkeyUnfit
from desktop.core.i18n import _
from desktop.core.ports import KeyNews, Purpose
from desktop.system.keysyms import keysym_of
from desktop.system.x11 import (
    DETECTABLE_AUTO_REPEAT,
    GRABS_USE_XKB_STATE,
    XKB_CORE_KEYBOARD,
    Keyboard,
    Loop,
    Server,
    Unreachable,
    held_codes,
)

log = logging.getLogger(__name__)

MODIFIER_BITS = 0xFF


@dataclass(frozen=True, slots=True)
class _Grab:
    shortcut: str
    code: int
    masks: tuple[int, ...]


class X11Hotkey:
    """Passive grabs, for every state of NumLock, CapsLock and ScrollLock.

    While a key of ours is down, the server sends us every other one too: that is how Esc cancels during a hold.
    """

    def __init__(self, on_key: Callable[[KeyNews], None], display: str | None = None) -> None:
        """Raises Unreachable."""
        self._on_key = on_key
        self._grabs: dict[Purpose, _Grab] = {}
        self._down: dict[int, Purpose] = {}
        self._loop = Loop("hotkey", self._start, display)

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        """Take a shortcut in place of the one that this purpose had.

        Raises HotkeyTaken, HotkeyUnfit, or HotkeysImpossible when the server is gone.
        """
        wanted = chord(shortcut) if purpose is Purpose.CANCEL else hotkey(shortcut)
        try:
            self._loop.ask(lambda: self._replace(purpose, wanted, shortcut))
        except Unreachable as error:
            raise HotkeysImpossible(reason=str(error)) from error
        return str(wanted)

    def let_go(self, purpose: Purpose) -> None:
        """The key belongs to the other programs again."""
        with contextlib.suppress(Unreachable):
            self._loop.ask(lambda: self._let_go(purpose))

    def is_down(self, purpose: Purpose) -> bool | None:
        """Whether its key is down, asked from the server."""
        try:
            return self._loop.ask(lambda: self._is_down(purpose))
        except Unreachable:
            return None

    def close(self) -> None:
        """The server lets all grabs go with the connection."""
        self._loop.close()

    # All that follows is done on the thread of the loop.

    def _start(self, server: Server) -> Callable[[Any], None]:
        self._server = server
        self._keyboard = Keyboard(server)
        flags = DETECTABLE_AUTO_REPEAT | GRABS_USE_XKB_STATE
        server.xkb.PerClientFlags(XKB_CORE_KEYBOARD, flags, flags, 0, 0, 0).reply()
        return self._on_event

    def _is_down(self, purpose: Purpose) -> bool:
        return purpose in self._grabs and self._grabs[purpose].code in held_codes(self._server)

    def _replace(self, purpose: Purpose, wanted: Chord, shortcut: str) -> None:
        grab = self._found(wanted, shortcut)
        before = self._grabs.get(purpose)
        if before and (before.code, before.masks) == (grab.code, grab.masks):
            return
        self._take(grab)
        self._let_go(purpose)
        self._grabs[purpose] = grab

    def _found(self, wanted: Chord, shortcut: str) -> _Grab:
        code, _column = self._keyboard.key(keysym_of(wanted.key))
        masks = [self._keyboard.mask_of(one) for one in wanted.modifiers]
        if not code or not all(masks):
            raise HotkeyUnfit(shortcut=shortcut, reason=_("this keyboard has no such key"))
        return _Grab(shortcut, code, tuple(sum(masks) | locks for locks in self._keyboard.lock_masks()))

    def _take(self, grab: _Grab) -> None:
        server = self._server
        asked = [
            server.core.GrabKeyChecked(False, server.root, mask, grab.code, GrabMode.Async, GrabMode.Async)
            for mask in grab.masks
        ]
        taken = False
        for one in asked:
            try:
                one.check()
            except AccessError:
                taken = True
        if taken:
            self._release(grab)
            raise HotkeyTaken(shortcut=str(chord(grab.shortcut)))

    def _release(self, grab: _Grab) -> None:
        for mask in grab.masks:
            self._server.core.UngrabKey(grab.code, self._server.root, mask)
        self._server.sync()

    def _let_go(self, purpose: Purpose) -> None:
        grab = self._grabs.pop(purpose, None)
        if grab:
            self._release(grab)
            self._release_of(grab.code)

    def _on_event(self, event: Any) -> None:
        if isinstance(event, MappingNotifyEvent):
            if event.request != Mapping.Pointer:
                self._on_new_keyboard()
        elif isinstance(event, KeyPressEvent):
            self._press(event.detail, event.state & MODIFIER_BITS)
        elif isinstance(event, KeyReleaseEvent):
            self._release_of(event.detail)

    def _press(self, code: int, state: int) -> None:
        """A key that repeats is pressed again and again, and released once."""
        if code in self._down:
            return
        for purpose, grab in self._grabs.items():
            # The modifiers of the key that is held down do not matter to Esc.
            if code == grab.code and (state in grab.masks or purpose is Purpose.CANCEL):
                self._down[code] = purpose
                self._tell(purpose, is_down=True)
                return

    def _release_of(self, code: int) -> None:
        purpose = self._down.pop(code, None)
        if purpose:
            self._tell(purpose, is_down=False)

    def _tell(self, purpose: Purpose, is_down: bool) -> None:
        self._on_key(KeyNews(purpose, is_down, time.monotonic_ns() // 1_000_000))

    def _on_new_keyboard(self) -> None:
        """Another layout may have the key elsewhere. One that it lacks is kept: the next layout may have it again."""
        self._keyboard = Keyboard(self._server)
        for purpose, grab in list(self._grabs.items()):
            try:
                fresh = self._found(chord(grab.shortcut), grab.shortcut)
                if fresh != grab:
                    self._release(grab)
                    self._take(fresh)
                    self._grabs[purpose] = fresh
            except (HotkeyTaken, HotkeyUnfit):
                log.info("The new keyboard layout does not have the shortcut of %s", purpose)
            except xcffib.Error:
                log.info("The server refused the shortcut of %s on the new layout", purpose)
