"""Which key does what: the keys that commands come with, those that the user has chosen, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from desktop.core.i18n import mark

EVERYWHERE = ""
"""The scope of a command whose key works in the whole window."""

TEXT = "text"
"""The scope of the text that is edited: keys that type belong to typing there."""

_MODIFIERS = ("ctrl", "meta", "alt", "shift")  # in the order in which Qt writes them
_SPOKEN = {
    "control": "ctrl",
    "cmd": "ctrl",
    "super": "meta",
    "win": "meta",
    "escape": "esc",
    "delete": "del",
    "insert": "ins",
    "enter": "return",
    "pageup": "pgup",
    "pagedown": "pgdown",
    "backtab": "tab",
}

RESERVED = {
    "ctrl+c": mark("Ctrl+C is kept for copying."),
    "ctrl+x": mark("Ctrl+X is kept for cutting."),
    "ctrl+v": mark("Ctrl+V is kept for pasting."),
    "ctrl+a": mark("Ctrl+A is kept for selecting all."),
}
"""Keys that every text field has, and why no command gets them."""

TYPES = mark("{key} is needed in the text itself.")

_TYPING_KEYS = frozenset("space return tab backspace del left right up down home end pgup pgdown esc".split())


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done, by its name, with the keys that it comes with."""

    name: str
    keys: tuple[str, ...] = ()
    scope: str = EVERYWHERE
    """Commands of two different scopes may share a key: each has it where its own part of the window has the focus."""


@dataclass(frozen=True)
class Shortcuts:
    """The keys of all commands. Only what the user has changed is kept, so that new defaults reach everybody."""

    commands: tuple[Command, ...]
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(commands: Iterable[Command], record: object = None) -> Shortcuts:
        """With what `to_record` wrote. What cannot be read, names no command or meets another choice is let go."""
        shortcuts = Shortcuts(tuple(commands))
        names = {one.name for one in shortcuts.commands}
        wanted = {
            str(name): tuple(keys)
            for name, keys in (record.items() if isinstance(record, dict) else ())
            if name in names and isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        }
        # First all that give up keys: two commands may have changed places.
        for name in wanted:
            shortcuts = shortcuts.with_keys(name, ())
        settled = set[str]()
        for name, keys in wanted.items():
            settled.add(name)
            free = tuple(
                key for key in keys if not shortcuts.refusal(name, key) and not shortcuts._meets(name, key, settled)
            )
            for key in free:  # a choice of the user goes before a default that is newer
                shortcuts = shortcuts._freed(name, key)
            shortcuts = shortcuts.with_keys(name, free) if free or not keys else shortcuts.reset(name)
        return shortcuts

    def to_record(self) -> dict[str, list[str]]:
        """What the user has changed, for the settings file."""
        return {name: list(keys) for name, keys in self.changed.items()}

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of a command; none where it has none."""
        return self.changed.get(name, self._command(name).keys)

    def is_changed(self, name: str) -> bool:
        """Whether the user has given it other keys than it came with."""
        return name in self.changed

    def conflict(self, name: str, key: str) -> str:
        """The name of another command that has the key where this one would need it; empty if it is free."""
        return next(self._others(name, key), "")

    def refusal(self, name: str, key: str) -> str:
        """Why no command can have this key there, a marked sentence with `{key}` in it; empty if it can."""
        if canonical(key) in RESERVED:
            return RESERVED[canonical(key)]
        return TYPES if self._command(name).scope in (EVERYWHERE, TEXT) and _types(key) else ""

    def with_keys(self, name: str, keys: tuple[str, ...]) -> Shortcuts:
        """The same with other keys for a command. Whether they are free is asked before."""
        rest = {other: taken for other, taken in self.changed.items() if other != name}
        if list(map(canonical, keys)) == list(map(canonical, self._command(name).keys)):
            return replace(self, changed=rest)
        return replace(self, changed={**rest, name: keys})

    def taken_over(self, name: str, key: str) -> Shortcuts:
        """The key for this command, and away from every other one that has it there."""
        return self._freed(name, key).with_keys(name, (key,))

    def reset(self, name: str) -> Shortcuts:
        """The command as it came; its keys are taken back from others that the user has given them to."""
        now = self.with_keys(name, self._command(name).keys)
        for key in self._command(name).keys:
            now = now._freed(name, key)
        return now

    def _others(self, name: str, key: str) -> Iterator[str]:
        scope = self._command(name).scope
        for one in self.commands:
            shared = EVERYWHERE in (scope, one.scope) or scope == one.scope
            if one.name != name and shared and any(_meet(key, taken) for taken in self.keys(one.name)):
                yield one.name

    def _meets(self, name: str, key: str, names: set[str]) -> bool:
        return any(other in names for other in self._others(name, key))

    def _freed(self, name: str, key: str) -> Shortcuts:
        """The key away from every other command that has it where this one needs it."""
        now = self
        for other in list(self._others(name, key)):
            now = now.with_keys(other, tuple(taken for taken in self.keys(other) if not _meet(key, taken)))
        return now

    def _command(self, name: str) -> Command:
        return next(one for one in self.commands if one.name == name)


def canonical(key: str) -> str:
    """One way of writing for every way of saying a key: “Shift+Control+delete” is “ctrl+shift+del”."""
    return ", ".join(map(_chord, key.split(", ")))


def _chord(text: str) -> str:
    head, _plus, last = text.strip().casefold().rpartition("+")
    if text.endswith("+"):  # the plus key itself
        head, last = text.strip().casefold()[:-1].rstrip("+"), "+"
    held = {_SPOKEN.get(one.strip(), one.strip()) for one in head.split("+") if one.strip()}
    if last.strip() == "backtab":
        held.add("shift")
    known = [one for one in _MODIFIERS if one in held]
    return "+".join([*known, _SPOKEN.get(last.strip(), last.strip())])


def _meet(one: str, other: str) -> bool:
    """Whether both are the same, or one is the beginning of the other: then the longer one could never be typed."""
    mine, theirs = canonical(one).split(", "), canonical(other).split(", ")
    shorter = min(len(mine), len(theirs))
    return mine[:shorter] == theirs[:shorter]


def _types(key: str) -> bool:
    chord = canonical(key).split(", ")[0]
    *held, last = chord.split("+") if not chord.endswith("+") else [*chord[:-1].strip("+").split("+"), "+"]
    if {"ctrl", "alt", "meta"} & set(held):
        return False
    return len(last) == 1 or last in _TYPING_KEYS
