"""Keys pressed on Wayland: with a keyboard of our own where the compositor allows one, else by the portal.

Wayland tells nobody which keys are down or which window has them. sway and Hyprland tell the window to whoever asks
over their own sockets; elsewhere the text goes to whatever has the keyboard.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dbus_fast import Variant

from desktop.core.chords import chord as chord_of
from desktop.core.errors import TypingImpossible
from desktop.core.ports import Target
from desktop.system.bus import Refused
from desktop.system.keysyms import keysym_of, letter_keysym
from desktop.system.portal import Portal, said
from desktop.system.wayland import Compositor, Message, NoCompositor

TOOL_WITHIN_S = 5.0
BREATH_S = 0.001
MOST_KEYS = 200
FIRST_CODE = 9
VIRTUAL_KEYBOARDS = "zwp_virtual_keyboard_manager_v1"

INTERFACE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD, _UNTIL_REVOKED = 1, 2

_MASKS = {"shift": 1, "ctrl": 4, "alt": 8, "meta": 64}
_KEYCODES = {"v": 47, "ins": 110, "c": 46, "return": 28}
"""Of Linux, on the usual keymap."""
_XKB_V1 = 1
_USUAL_KEYMAP = """xkb_keymap {
    xkb_keycodes { include "evdev+aliases(qwerty)" };
    xkb_types { include "complete" };
    xkb_compat { include "complete" };
    xkb_symbols { include "pc+us+inet(evdev)" };
};"""
_PORTAL_MODIFIERS = {"ctrl": "control_l", "alt": "alt_l", "shift": "shift_l", "meta": "super_l"}


class _WaylandTypist:
    """What both ways have in common: how little is known."""

    def focused(self) -> Target | None:
        """The window that has the keyboard, where the compositor tells; else one without a number."""
        if "SWAYSOCK" in os.environ:
            return _sway_window()
        if "HYPRLAND_INSTANCE_SIGNATURE" in os.environ:
            return _hyprland_window()
        return Target(0, "")

    def is_there(self, target: Target) -> bool:
        """Whether the window is still open, where the compositor tells."""
        if target.window and "SWAYSOCK" in os.environ:
            return any(node.get("id") == target.window for node in _nodes(_told("swaymsg", "-r", "-t", "get_tree")))
        if target.window and "HYPRLAND_INSTANCE_SIGNATURE" in os.environ:
            clients = _told("hyprctl", "-j", "clients") or []
            return any(_address(one) == target.window for one in clients)
        return True

    def wait_for_release(self, within_s: float) -> str:
        """Nobody tells; the keyboard that presses for us has its own modifiers."""
        return ""

    def can_press(self, chord: str) -> bool:
        """Both ways make the keys that they need."""
        return True


class KeyboardTypist(_WaylandTypist):
    """A keyboard of our own, which wlroots lets programs have: sway, Hyprland, niri, river, labwc."""

    def __init__(self) -> None:
        """Raises TypingImpossible."""
        self._lock = threading.Lock()
        try:
            self._compositor = Compositor()
            manager = self._compositor.bind(VIRTUAL_KEYBOARDS, 1, _ignore)
            seat = self._compositor.bind("wl_seat", 1, _ignore)
            self._keyboard = self._compositor.new(_ignore)
            self._compositor.send(manager, 0, struct.pack("=II", seat, self._keyboard))
            self._use_keymap(_USUAL_KEYMAP)
        except NoCompositor as error:
            raise TypingImpossible(reason=str(error)) from error

    def press(self, chord: str, target: Target | None = None) -> None:
        """Raises TypingImpossible."""
        wanted = chord_of(chord)
        if wanted.key not in _KEYCODES:
            raise TypingImpossible(reason=f"there is no key for {wanted}")
        with self._talking():
            self._hold(sum(_MASKS[one] for one in wanted.modifiers))
            self._strike(_KEYCODES[wanted.key])
            self._hold(0)

    def type_text(self, text: str, target: Target | None = None) -> None:
        """With a key made for each letter. Raises TypingImpossible."""
        letters = text.replace("\r\n", "\n")
        with self._talking():
            for part, codes in _typable(letters):
                self._use_keymap(_keymap(list(codes)))
                for letter in part:
                    self._strike(codes[letter])
                    self._compositor.sync()
                    time.sleep(BREATH_S)
            self._use_keymap(_USUAL_KEYMAP)

    def close(self) -> None:
        """The keyboard goes with the connection."""
        self._compositor.close()

    @contextlib.contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
                self._compositor.sync()
        except (NoCompositor, OSError) as error:
            raise TypingImpossible(reason=str(error)) from error

    def _use_keymap(self, keymap: str) -> None:
        raw = keymap.encode() + b"\0"
        with tempfile.TemporaryFile() as file:
            file.write(raw)
            file.flush()
            self._compositor.send(self._keyboard, 0, struct.pack("=II", _XKB_V1, len(raw)), (file.fileno(),))
            self._compositor.sync()

    def _strike(self, code: int) -> None:
        for state in (1, 0):
            now = time.monotonic_ns() // 1_000_000 & 0xFFFFFFFF
            self._compositor.send(self._keyboard, 1, struct.pack("=III", now, code, state))

    def _hold(self, mask: int) -> None:
        self._compositor.send(self._keyboard, 2, struct.pack("=IIII", mask, 0, 0, 0))


class PortalTypist(_WaylandTypist):
    """The RemoteDesktop portal of GNOME and KDE: the user allows it once, and the desktop remembers that by a token."""

    def __init__(self, token: str, keep_token: Callable[[str], None]) -> None:
        """`token` is what `keep_token` was given last; it changes with each start. Raises TypingImpossible."""
        try:
            self._portal = Portal("typist", lambda name, values: None)
        except Refused as refused:
            raise said(refused, TypingImpossible) from refused
        try:
            self._session, fresh = self._portal.do(self._start(token))
        except Refused as refused:
            self._portal.close()
            raise said(refused, TypingImpossible) from refused
        keep_token(fresh)

    def press(self, chord: str, target: Target | None = None) -> None:
        """Raises TypingImpossible."""
        wanted = chord_of(chord)
        symbols = [keysym_of(_PORTAL_MODIFIERS[one]) for one in sorted(wanted.modifiers)]
        self._strike([*symbols, keysym_of(wanted.key)])

    def type_text(self, text: str, target: Target | None = None) -> None:
        """Raises TypingImpossible."""
        for letter in text:
            self._strike([letter_keysym(letter)])

    def close(self) -> None:
        """The session ends with the connection."""
        self._portal.close()

    async def _start(self, token: str) -> tuple[str, str]:
        handle = {"session_handle_token": Variant("s", self._portal.token())}
        made = await self._portal.request(INTERFACE, "CreateSession", "a{sv}", [], handle)
        session = str(made["session_handle"])
        options = {"types": Variant("u", _KEYBOARD), "persist_mode": Variant("u", _UNTIL_REVOKED)}
        if token:
            options["restore_token"] = Variant("s", token)
        await self._portal.request(INTERFACE, "SelectDevices", "oa{sv}", [session], options)
        granted = await self._portal.request(INTERFACE, "Start", "osa{sv}", [session, ""])
        return session, str(granted.get("restore_token", ""))

    def _strike(self, symbols: list[int]) -> None:
        try:
            for symbol, state in [*((one, 1) for one in symbols), *((one, 0) for one in reversed(symbols))]:
                body: list[Any] = [self._session, {}, symbol, state]
                self._portal.do(self._portal.call(INTERFACE, "NotifyKeyboardKeysym", "oa{sv}iu", body))
        except Refused as refused:
            raise said(refused, TypingImpossible) from refused


def _ignore(message: Message) -> None:
    """An object whose events say nothing to us."""


def _typable(text: str) -> Iterator[tuple[str, dict[str, int]]]:
    """The text in parts with no more kinds of letters than a keymap has room for, and the key of each."""
    part, codes = "", dict[str, int]()
    for letter in text:
        if letter not in codes and len(codes) == MOST_KEYS:
            yield part, codes
            part, codes = "", {}
        codes.setdefault(letter, FIRST_CODE + len(codes) - 8)
        part += letter
    yield part, codes


def _keymap(letters: list[str]) -> str:
    """A keymap with a key for each letter."""
    codes = "".join(f"<K{at}> = {FIRST_CODE + at};" for at in range(len(letters)))
    symbols = "".join(f"key <K{at}> {{[0x{letter_keysym(letter):x}]}};" for at, letter in enumerate(letters))
    return f"""xkb_keymap {{
        xkb_keycodes "made" {{ minimum = 8; maximum = 255; {codes} }};
        xkb_types "made" {{ include "complete" }};
        xkb_compat "made" {{ include "complete" }};
        xkb_symbols "made" {{ {symbols} }};
    }};"""


def _sway_window() -> Target | None:
    for node in _nodes(_told("swaymsg", "-r", "-t", "get_tree")):
        if node.get("focused") and node.get("pid"):
            about: Mapping[str, Any] = node.get("window_properties") or {}
            return Target(int(node["id"]), str(node.get("app_id") or about.get("class") or "").casefold())
    return None


def _hyprland_window() -> Target | None:
    window = _told("hyprctl", "-j", "activewindow") or {}
    return Target(_address(window), str(window.get("class", "")).casefold()) if window.get("address") else None


def _address(window: Mapping[str, Any]) -> int:
    return int(str(window.get("address", "0x0")), 16)


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for part in (*tree.get("nodes", ()), *tree.get("floating_nodes", ())):
            yield from _nodes(part)


def _told(*command: str) -> Any:
    """What a tool of the compositor says; None when it says nothing that can be read."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TOOL_WITHIN_S, check=True)
        return json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
