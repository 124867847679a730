"""Shortcuts on Wayland, by the portal: the desktop asks the user once, and tells us when the key goes down and up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from dbus_fast import Variant

from desktop.core.chords import Chord, hotkey
from desktop.core.errors import HotkeysImpossible
from desktop.core.i18n import _, mark
from desktop.core.ports import KeyNews, Purpose
from desktop.system.bus import Refused
from desktop.system.portal import Portal, said

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"

DESCRIPTIONS = {
    Purpose.DICTATE: mark("Dictate: hold to talk, or tap to start and end"),
    Purpose.DROP: mark("Insert the dictated text that waits"),
}
"""What the desktop shows in its dialog. Esc is not among them: nobody can lend it for a while here."""

_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "meta": "LOGO"}
_KEYS = {
    "esc": "Escape",
    "return": "Return",
    "enter": "KP_Enter",
    "tab": "Tab",
    "backspace": "BackSpace",
    "del": "Delete",
    "ins": "Insert",
    "home": "Home",
    "end": "End",
    "pgup": "Prior",
    "pgdown": "Next",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "print": "Print",
    "pause": "Pause",
    "scrolllock": "Scroll_Lock",
    "menu": "Menu",
    "help": "Help",
}


class PortalHotkey:
    """All shortcuts are bound at once, since a session can be asked only once (GNOME).

    The user may choose other keys in the dialog; `grab` says which. Nobody tells whether a key is down.
    """

    def __init__(self, on_key: Callable[[KeyNews], None], wanted: Mapping[Purpose, str]) -> None:
        """`wanted`: the shortcuts that will be grabbed, so that the user is asked once. Raises HotkeysImpossible."""
        self._on_key = on_key
        self._wanted = {purpose: text for purpose, text in wanted.items() if purpose in DESCRIPTIONS}
        self._bound: dict[Purpose, str] = {}
        """What is asked for and granted in the session."""
        self._triggers: dict[Purpose, str] = {}
        self._session = ""
        self._active: set[Purpose] = set()
        self._down: set[Purpose] = set()
        try:
            self._portal = Portal("hotkey", self._on_signal)
        except Refused as refused:
            raise said(refused, HotkeysImpossible) from refused

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        """Ask for a shortcut; the user decides, and may choose another key. Raises HotkeyUnfit, HotkeysImpossible."""
        if purpose not in DESCRIPTIONS:
            raise HotkeysImpossible(reason=_("it cannot lend a key for a while"))
        chord = hotkey(shortcut)
        if self._bound.get(purpose) != shortcut:
            self._wanted[purpose] = shortcut
            try:
                self._portal.do(self._bind())
            except Refused as refused:
                raise said(refused, HotkeysImpossible) from refused
        self._active.add(purpose)
        return self._triggers.get(purpose) or str(chord)

    def let_go(self, purpose: Purpose) -> None:
        """Its news are not told any more; the desktop keeps the key bound, so that it need not ask again."""
        self._active.discard(purpose)
        self._down.discard(purpose)

    def is_down(self, purpose: Purpose) -> bool | None:
        """Nobody tells."""
        return None

    def close(self) -> None:
        """The desktop lets the keys go."""
        self._portal.close()

    async def _bind(self) -> None:
        """A session of its own for each set of keys: only one binding is possible in each."""
        token = {"session_handle_token": Variant("s", self._portal.token())}
        made = await self._portal.request(INTERFACE, "CreateSession", "a{sv}", [], token)
        session = str(made["session_handle"])
        shortcuts = [
            [
                purpose.value,
                {
                    "description": Variant("s", _(DESCRIPTIONS[purpose])),
                    "preferred_trigger": Variant("s", trigger(hotkey(text))),
                },
            ]
            for purpose, text in self._wanted.items()
        ]
        try:
            answer = await self._portal.request(
                INTERFACE, "BindShortcuts", "oa(sa{sv})sa{sv}", [session, shortcuts, ""]
            )
        except Refused:
            await self._portal.close_session(session)
            raise
        if self._session:
            await self._portal.close_session(self._session)
        self._session, self._bound = session, dict(self._wanted)
        # GNOME may grant everything and list nothing: what is not listed has the keys that were asked for.
        for name, about in answer.get("shortcuts", []):
            told = about.get("trigger_description")
            if name in list(Purpose) and told and told.value:
                self._triggers[Purpose(name)] = str(told.value)

    def _on_signal(self, name: str, values: list[Any]) -> None:
        """The first press counts: some compositors tell repeats too (Hyprland)."""
        if name not in ("Activated", "Deactivated") or values[0] != self._session or values[1] not in list(Purpose):
            return
        purpose, is_down = Purpose(values[1]), name == "Activated"
        if purpose not in self._active or is_down == (purpose in self._down):
            return
        (self._down.add if is_down else self._down.discard)(purpose)
        self._on_key(KeyNews(purpose, is_down, time.monotonic_ns() // 1_000_000))


def trigger(chord: Chord) -> str:
    """A chord as the specification of shortcuts writes it: CTRL+ALT+space."""
    key = _KEYS.get(chord.key) or (chord.key.upper() if chord.key[:1] == "f" and chord.key[1:].isdigit() else chord.key)
    return "+".join([*(_MODIFIERS[one] for one in ("ctrl", "alt", "shift", "meta") if one in chord.modifiers), key])
