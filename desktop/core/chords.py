"""Keys pressed together, as every system has to be told them: which modifiers, which key."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.errors import HotkeyUnfit
from desktop.core.i18n import _
from desktop.core.shortcuts import RESERVED, canonical

MODIFIERS = ("ctrl", "alt", "shift", "meta")

FREE_KEYS = frozenset([*(f"f{number}" for number in range(1, 36)), "pause", "scrolllock", "print", "menu", "help"])
"""Keys that write nothing and move nothing: nobody misses them."""

PASTES = frozenset({"ctrl+v", "ctrl+shift+v", "shift+ins"})
"""What text is inserted with: as a shortcut it would call itself."""


_SAID = {"pgup": "PgUp", "pgdown": "PgDown", "scrolllock": "ScrollLock"}


@dataclass(frozen=True, slots=True)
class Chord:
    """One key with modifiers, all in lower case and by the names that Qt gives them."""

    modifiers: frozenset[str]
    key: str

    def __str__(self) -> str:
        """As Qt writes it: Ctrl+Alt+Space."""
        names = [*(one for one in MODIFIERS if one in self.modifiers), self.key]
        return "+".join(_SAID.get(name, name.capitalize()) for name in names)


def chord(shortcut: str) -> Chord:
    """The chord that a shortcut means."""
    text = canonical(shortcut)
    held, _plus, key = text.removesuffix("++").rpartition("+") if not text.endswith("++") else (text[:-2], "+", "+")
    return Chord(frozenset(held.split("+")) - {""}, key.replace(" ", ""))


def hotkey(shortcut: str) -> Chord:
    """The chord of a shortcut that is to work in every program. Raises HotkeyUnfit for one that others need."""
    found = chord(shortcut)
    is_typing = not found.modifiers - {"shift"} and found.key not in FREE_KEYS
    if ", " in shortcut:
        reason = _("only one step is possible")
    elif not found.key or found.key in ("control", "ctrl", "shift", "alt", "meta"):
        reason = _("a key is missing")
    elif is_typing:
        reason = _("other programs need it for typing")
    elif canonical(shortcut) in RESERVED or canonical(shortcut) in PASTES:
        reason = _("it belongs to copy and paste")
    else:
        return found
    raise HotkeyUnfit(shortcut=shortcut, reason=reason)
