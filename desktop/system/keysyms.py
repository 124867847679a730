"""The numbers of keys and letters in X11, which Wayland has taken over (xkbcommon)."""

from __future__ import annotations

_NAMED = {
    "space": 0x20,
    "esc": 0xFF1B,
    "tab": 0xFF09,
    "return": 0xFF0D,
    "enter": 0xFF8D,
    "backspace": 0xFF08,
    "del": 0xFFFF,
    "ins": 0xFF63,
    "home": 0xFF50,
    "left": 0xFF51,
    "up": 0xFF52,
    "right": 0xFF53,
    "down": 0xFF54,
    "pgup": 0xFF55,
    "pgdown": 0xFF56,
    "end": 0xFF57,
    "print": 0xFF61,
    "pause": 0xFF13,
    "scrolllock": 0xFF14,
    "capslock": 0xFFE5,
    "menu": 0xFF67,
    "help": 0xFF6A,
    "control_l": 0xFFE3,
    "control_r": 0xFFE4,
    "shift_l": 0xFFE1,
    "shift_r": 0xFFE2,
    "alt_l": 0xFFE9,
    "alt_r": 0xFFEA,
    "meta_l": 0xFFE7,
    "super_l": 0xFFEB,
    "super_r": 0xFFEC,
    "num_lock": 0xFF7F,
    "scroll_lock": 0xFF14,
    **{f"f{number}": 0xFFBD + number for number in range(1, 36)},
}
_CONTROLS = {"\n": _NAMED["return"], "\t": _NAMED["tab"]}


def keysym_of(name: str) -> int:
    """The number of a key by the name that Qt gives it, or of an unshifted letter; 0 if there is none."""
    known = _NAMED.get(name.casefold().replace(" ", ""))
    return known or (letter_keysym(name.casefold()) if len(name) == 1 else 0)


def letter_keysym(letter: str) -> int:
    """The number of exactly this letter, large or small; of Return and Tab for a new line and a tabulator."""
    code = ord(letter)
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    return code if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF else 0x01000000 + code
