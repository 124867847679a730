"""How a text gets into another program: the steps, and what it means when one of them fails.

The promise: the text lands where it belongs, or an error says why it did not. It is never pressed into another window,
never while keys are held, and the clipboard is given back on every way out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.errors import (
    ClipboardTaken,
    KeysHeld,
    TargetClosed,
    TargetDeaf,
    TargetElevated,
    TargetMissing,
    TargetMoved,
    TypingImpossible,
)
from desktop.core.i18n import mark
from desktop.core.ports import Clipboard, StopFlag, Target, Typist

KEYS_WITHIN_S = 10.0
READ_WITHIN_S = 10.0
"""A busy program reads late. The clipboard holds the text until then: given back sooner, the old one is pasted."""
LOOK_EVERY_S = 0.25
TRIES = 20


class Method(StrEnum):
    """What brings the text into a program."""

    PASTE = "paste"
    TERMINAL = "terminal"
    SELECTION = "selection"
    TYPE = "type"
    COPY = "copy"


IS_MAC = sys.platform == "darwin"
"""There every program pastes with the same keys, terminals too."""

_PASTES = {
    Method.PASTE: mark("Paste with Ctrl+V"),
    Method.TERMINAL: mark("Paste with Ctrl+Shift+V"),
    Method.SELECTION: mark("Paste with Shift+Insert"),
}
_MAC_PASTES = {Method.PASTE: mark("Paste with Cmd+V")}

METHODS = {
    **(_MAC_PASTES if IS_MAC else _PASTES),
    Method.TYPE: mark("Type letter by letter"),
    Method.COPY: mark("Copy only"),
}

_CHORDS = {Method.PASTE: "Ctrl+V", Method.TERMINAL: "Ctrl+Shift+V", Method.SELECTION: "Shift+Ins"}
"""As Qt writes them: its Ctrl is the command key of a Mac."""

_TERMINALS = """
    gnome-terminal gnome-terminal-server org.gnome.terminal org.gnome.console kgx org.gnome.ptyxis ptyxis konsole
    org.kde.konsole yakuake xfce4-terminal mate-terminal lxterminal qterminal terminator tilix guake tilda terminology
    alacritty kitty foot footclient org.wezfurlong.wezterm wezterm st st-256color sakura roxterm termite rio contour
    hyper tabby ghostty com.mitchellh.ghostty io.elementary.terminal deepin-terminal cool-retro-term blackbox
    com.raggesilver.blackbox windowsterminal wt
""".split()
_SELECTIONS = "xterm uxterm urxvt rxvt mlterm aterm eterm emacs gvim mintty putty".split()

KNOWN: Mapping[str, Method] = (
    {} if IS_MAC else dict.fromkeys(_TERMINALS, Method.TERMINAL) | dict.fromkeys(_SELECTIONS, Method.SELECTION)
)
"""Programs that do not paste with Ctrl+V, by the names that systems give them."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text for one window."""

    text: str
    target: Target | None
    method: Method = Method.PASTE


def method_for(program: str, own: Mapping[str, Method]) -> Method:
    """What the user said for this program, else what is known of it, else pasting."""
    name = program.casefold().removesuffix(".exe")
    return own.get(name) or KNOWN.get(name, Method.PASTE)


def insert(wanted: Text, typist: Typist, clipboard: Clipboard, stop: StopFlag) -> None:
    """Bring the text into the window it was spoken for; returns when that has taken it.

    Raises an AppError when it did not. Where nobody may type, and where only a copy is wanted, the text is on the
    clipboard then. A copy raises nothing.
    """
    if wanted.method is Method.COPY:
        clipboard.put(wanted.text)
        return
    if wanted.target is None:
        raise TargetMissing
    if held := typist.wait_for_release(KEYS_WITHIN_S):
        raise KeysHeld(keys=held)
    _check(wanted.target, typist)
    try:
        if wanted.method is Method.TYPE:
            typist.type_text(wanted.text, wanted.target)
        else:
            _paste(wanted, wanted.target, typist, clipboard, stop)
    except TargetMoved:
        if typist.is_there(wanted.target):
            raise
        raise TargetClosed from None
    except (TypingImpossible, TargetElevated):
        clipboard.put(wanted.text)
        raise


def _paste(wanted: Text, target: Target, typist: Typist, clipboard: Clipboard, stop: StopFlag) -> None:
    if wanted.method is Method.PASTE and not typist.can_press(_CHORDS[Method.PASTE]):
        wanted = replace(wanted, method=Method.SELECTION)  # a keyboard without a V: every toolkit knows this one too
    clipboard.offer(wanted.text, target, with_selection=wanted.method is Method.SELECTION)
    try:
        _press(_CHORDS[wanted.method], target, typist)
        _await_reading(target, typist, clipboard, stop)
    finally:
        clipboard.give_back()


def _press(chord: str, target: Target, typist: Typist) -> None:
    """The next take may begin in the very moment of pressing: then its key has to come up first."""
    for _ in range(TRIES):
        try:
            return typist.press(chord, target)
        except KeysHeld:
            if held := typist.wait_for_release(KEYS_WITHIN_S):
                raise KeysHeld(keys=held) from None
    raise KeysHeld(keys=chord)


def _await_reading(target: Target, typist: Typist, clipboard: Clipboard, stop: StopFlag) -> None:
    for _ in range(round(READ_WITHIN_S / LOOK_EVERY_S)):
        if clipboard.wait_read(LOOK_EVERY_S):
            return
        if not typist.is_there(target):
            raise TargetClosed
        if not clipboard.is_lent():
            raise ClipboardTaken
        if stop.is_set():
            break
    raise TargetDeaf(program=target.program or "?")


def _check(target: Target, typist: Typist) -> None:
    """The window it was spoken for has the keyboard."""
    now = typist.focused()
    if now is not None and now.window == target.window:
        return
    if not typist.is_there(target):
        raise TargetClosed
    raise TargetMissing if now is None else TargetMoved
