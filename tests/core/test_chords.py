"""Shortcuts as systems are told them, and which of them nobody may have."""

import pytest

from desktop.core.chords import chord, hotkey
from desktop.core.errors import HotkeyUnfit


@pytest.mark.parametrize(
    ("shortcut", "modifiers", "key", "said"),
    [
        ("Ctrl+Alt+Space", {"ctrl", "alt"}, "space", "Ctrl+Alt+Space"),
        ("shift+control+d", {"ctrl", "shift"}, "d", "Ctrl+Shift+D"),
        ("Meta++", {"meta"}, "+", "Meta++"),
        ("F9", set(), "f9", "F9"),
        ("Super+Escape", {"meta"}, "esc", "Meta+Esc"),
        ("ScrollLock", set(), "scrolllock", "ScrollLock"),
    ],
)
def test_a_shortcut_is_modifiers_and_a_key(shortcut: str, modifiers: set[str], key: str, said: str) -> None:
    found = hotkey(shortcut)
    assert (found.modifiers, found.key, str(found)) == (modifiers, key, said)


@pytest.mark.parametrize(
    ("shortcut", "reason"),
    [
        ("D", "typing"),
        ("Shift+D", "typing"),
        ("Esc", "typing"),
        ("Ctrl+C", "copy and paste"),
        ("Ctrl+Shift+V", "copy and paste"),
        ("Shift+Insert", "typing"),
        ("Ctrl+K, Ctrl+C", "one step"),
        ("Ctrl", "key is missing"),
        ("", "key is missing"),
    ],
)
def test_what_others_need_is_refused(shortcut: str, reason: str) -> None:
    with pytest.raises(HotkeyUnfit) as raised:
        hotkey(shortcut)
    assert reason in raised.value.said_headline


def test_any_key_can_be_pressed() -> None:
    assert chord("Ctrl+V").key == "v"
    assert chord("Shift+Ins").modifiers == {"shift"}
