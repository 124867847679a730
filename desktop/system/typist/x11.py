"""Keys pressed on X11 by the extension that tests use: programs cannot tell them from a hand's."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import xcffib
from xcffib.xproto import InputFocus, KeyPressEvent, KeyReleaseEvent, Time

from desktop.core.chords import chord as chord_of
from desktop.core.errors import KeysHeld, TargetMoved, TypingImpossible
from desktop.core.i18n import _
from desktop.core.ports import Target
from desktop.system.keysyms import keysym_of, letter_keysym
from desktop.system.x11 import XKB_CORE_KEYBOARD, Keyboard, Loop, Server, Unreachable, held_codes

T = TypeVar("T")

LOOK_EVERY_S = 0.01
SETTLE_S = 0.3
"""Until then a program has read the keys that were made for it."""
BREATH_S = 0.002

_SAID = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt", "meta": "Meta"}


class X11Typist:
    """XTEST, with the keyboard as it is at the moment of pressing."""

    def __init__(self, display: str | None = None) -> None:
        """Raises Unreachable."""
        self._loop = Loop("typist", self._start, display)

    def focused(self) -> Target | None:
        """The window that has the keyboard."""
        return self._asked(self._focused)

    def is_there(self, target: Target) -> bool:
        """Whether the window is still open."""
        return self._asked(lambda: self._server.is_shown(target.window))

    def wait_for_release(self, within_s: float) -> str:
        """Wait until no key is down; those that are after that time."""
        until = time.monotonic() + within_s
        while True:
            held = self._asked(self._held)
            if not held or time.monotonic() >= until:
                return held
            time.sleep(LOOK_EVERY_S)

    def can_press(self, chord: str) -> bool:
        """Whether the keyboard has these keys."""
        return bool(self._asked(lambda: self._codes(Keyboard(self._server), chord)[0]))

    def press(self, chord: str, target: Target | None = None) -> None:
        """Press and release keys. Raises TypingImpossible, TargetMoved or KeysHeld."""
        self._asked(lambda: self._press(chord, target))

    def type_text(self, text: str, target: Target | None = None) -> None:
        """Letter by letter; keys are made for letters that the keyboard lacks. Raises TypingImpossible, TargetMoved."""
        for part in self._asked(lambda: self._parts(text)):
            self._asked(lambda part=part: self._type(part, target))  # type: ignore[misc]

    def close(self) -> None:
        """Let go of the server."""
        self._loop.close()

    def _asked(self, do: Callable[[], T]) -> T:
        try:
            return self._loop.ask(do)
        except (Unreachable, xcffib.XcffibException) as error:
            raise TypingImpossible(reason=str(error) or type(error).__name__) from error

    # All that follows is done on the thread of the loop.

    def _start(self, server: Server) -> Callable[[Any], None]:
        self._server = server
        return lambda event: None

    def _focused(self) -> Target | None:
        window = self._server.keyboard_window()
        return Target(window, self._server.program_of(window), self._server.focus()) if window else None

    def _codes(self, keyboard: Keyboard, chord: str) -> tuple[list[int], int]:
        """The keys to press, in this order, and the layout (0 or 1) that they are of; none if one is missing."""
        wanted = chord_of(chord)
        code, column = keyboard.key(keysym_of(wanted.key))
        codes = [*(keyboard.code_of(one) for one in sorted(wanted.modifiers)), code]
        return (codes, column // 2) if all(codes) else ([], 0)

    def _press(self, chord: str, target: Target | None) -> None:
        codes, layout = self._codes(Keyboard(self._server), chord)
        if not codes:
            raise TypingImpossible(reason=f"this keyboard lacks {chord_of(chord)}")
        with self._layout(layout):
            focus = self._check(target)
            if held := self._held():  # a shortcut of ours that is down would get the chord
                raise KeysHeld(keys=held)
            self._strike_in(focus, codes)

    def _strike_in(self, window: int, codes: Sequence[int]) -> None:
        """Keys for this window, wherever the keyboard may have gone since the look. Raises TargetMoved.

        No other program is served from the grab to its end. All of it is asked for in one piece: no answer is waited
        for in between, and nothing else. Another thread of this program may hold the lock of Python while it waits for
        the server, and the whole screen would stand still for good.
        """
        core = self._server.core
        core.GrabServer()
        asked = core.GetInputFocus()
        moved = (
            core.SetInputFocus(InputFocus.PointerRoot, window, Time.CurrentTime, is_checked=True) if window else None
        )
        self._fake_all(codes)
        core.UngrabServer()
        before = asked.reply()
        if moved:
            self._check_moved(moved)
            if before.focus != window:
                with contextlib.suppress(xcffib.Error):
                    self._give_keyboard(before.revert_to, before.focus).check()

    def _give_keyboard(self, revert_to: int, window: int) -> Any:
        return self._server.core.SetInputFocus(revert_to, window, Time.CurrentTime, is_checked=True)

    def _check_moved(self, moved: Any) -> None:
        try:
            moved.check()
        except xcffib.Error as error:
            raise TargetMoved from error

    def _held(self) -> str:
        """The modifiers that are down, or that there is some key; empty if there is none."""
        codes = held_codes(self._server)
        if not codes:
            return ""
        named = Keyboard(self._server).modifiers_among(codes)
        return "+".join(_SAID[one] for one in named) or _("a key")

    def _check(self, target: Target | None) -> int:
        """The window that has the keyboard, if it is that of the target. Raises TargetMoved."""
        focus = self._server.focus()
        if target and target.window and not self._server.is_within(focus, target.window):
            raise TargetMoved
        return focus

    @contextlib.contextmanager
    def _layout(self, wanted: int) -> Iterator[None]:
        """The keys of a chord mean what they should in another alphabet too: events carry the layout with them."""
        xkb = self._server.xkb
        now = xkb.GetState(XKB_CORE_KEYBOARD).reply().lockedGroup
        if now != wanted:
            xkb.LatchLockState(XKB_CORE_KEYBOARD, 0, 0, True, wanted, 0, False, 0)
        try:
            yield
        finally:
            if now != wanted:
                xkb.LatchLockState(XKB_CORE_KEYBOARD, 0, 0, True, now, 0, False, 0)
            self._server.sync()

    def _fake_all(self, codes: Sequence[int]) -> None:
        for code in codes:
            self._server.xtest.FakeInput(KeyPressEvent.event_number, code, 0, 0, 0, 0, 0)
        for code in reversed(codes):
            self._server.xtest.FakeInput(KeyReleaseEvent.event_number, code, 0, 0, 0, 0, 0)

    def _parts(self, text: str) -> list[str]:
        """The text in pieces for which there are keys enough."""
        keyboard = Keyboard(self._server)
        room = len(keyboard.spare())
        parts: list[str] = []
        missing: set[str] = set()
        for letter in text.replace("\r\n", "\n"):
            if not self._has(keyboard, letter):
                missing.add(letter)
            if len(missing) > max(room, 1) or not parts:
                parts.append("")
                missing = {letter} & missing
            parts[-1] += letter
        return parts

    def _has(self, keyboard: Keyboard, letter: str) -> bool:
        code, column = keyboard.key(letter_keysym(letter))
        return bool(code) and column < 2

    def _type(self, text: str, target: Target | None) -> None:
        self._check(target)
        keyboard = Keyboard(self._server)
        missing = sorted({letter for letter in text if not self._has(keyboard, letter)})
        made = dict(zip(missing, keyboard.spare(), strict=False))
        for letter in missing:
            if letter not in made:
                raise TypingImpossible(reason=f"there is no key for “{letter}”")
        self._make_keys({code: letter_keysym(letter) for letter, code in made.items()})
        try:
            with self._layout(0):
                shift = keyboard.code_of("shift")
                for letter in text:
                    code, column = (made[letter], 0) if letter in made else keyboard.key(letter_keysym(letter))
                    self._strike([shift, code] if column == 1 else [code])
        finally:
            if made:
                time.sleep(SETTLE_S)
                self._make_keys(dict.fromkeys(made.values(), 0))

    def _strike(self, codes: Sequence[int]) -> None:
        self._fake_all(codes)
        self._server.sync()
        time.sleep(BREATH_S)

    def _make_keys(self, keys: dict[int, int]) -> None:
        """Keys that write these symbols, with Shift or without; none where the symbol is 0."""
        for code, symbol in keys.items():
            self._server.core.ChangeKeyboardMapping(1, code, 2, list(itertools.repeat(symbol, 2)))
        if keys:
            self._server.sync()
            time.sleep(LOOK_EVERY_S)
