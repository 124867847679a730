"""Keys pressed on macOS by Quartz events, which the user has to allow once: under Accessibility in the settings.

Not run yet on any Mac.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import AppKit
import HIServices
import objc
import Quartz

from desktop.core.chords import chord as chord_of
from desktop.core.errors import KeysHeld, TargetMoved, TypingImpossible
from desktop.core.i18n import _
from desktop.core.ports import Target
from desktop.system.macos import FLAGS, KEYS, key_code

LOOK_EVERY_S = 0.01
BREATH_S = 0.003
"""Programs lose letters that come faster."""
UNITS = 20
"""Of UTF-16: an event holds no more."""
_LEFT_COMMAND = 0x8
"""Which of the two it is: remote desktops do not take the key otherwise."""
_SAID = {"ctrl": "Cmd", "shift": "Shift", "alt": "Option", "meta": "Control"}


class MacTypist:
    """Posts to the session, from a source of its own: keys that the user holds do not mix with these."""

    def __init__(self) -> None:
        """Ask for the permission, which macOS shows the user once."""
        if not Quartz.CGPreflightPostEventAccess():
            Quartz.CGRequestPostEventAccess()
        self._source = Quartz.CGEventSourceCreate(Quartz.kCGEventSourceStatePrivate)

    def focused(self) -> Target | None:
        """The foremost window of the program in front; its program alone where that has none."""
        with objc.autorelease_pool():
            process = _process_in_front()
            program = AppKit.NSRunningApplication.runningApplicationWithProcessIdentifier_(process)
            if program is None:
                return None
            return Target(_front_window(process), str(program.localizedName() or "").casefold(), process)

    def is_there(self, target: Target) -> bool:
        """Whether the window is still open, or its program where it had none."""
        with objc.autorelease_pool():
            windows = _windows(Quartz.kCGWindowListOptionAll)
            if target.window:
                return any(one[Quartz.kCGWindowNumber] == target.window for one in windows)
            return AppKit.NSRunningApplication.runningApplicationWithProcessIdentifier_(target.focus) is not None

    def wait_for_release(self, within_s: float) -> str:
        """Wait until no Cmd, Shift, Option or Control key is down."""
        until = time.monotonic() + within_s
        while (held := _held()) and time.monotonic() < until:
            time.sleep(LOOK_EVERY_S)
        return held

    def can_press(self, chord: str) -> bool:
        """Whether the layout has these keys."""
        return self._codes(chord)[0] is not None

    def press(self, chord: str, target: Target | None = None) -> None:
        """Raises TypingImpossible, TargetMoved, or KeysHeld."""
        code, flags = self._codes(chord)
        if code is None:
            raise TypingImpossible(reason=_("this keyboard has no such key"))
        self._check(target)
        if held := _held():
            raise KeysHeld(keys=held)
        self._strike(code, flags)

    def type_text(self, text: str, target: Target | None = None) -> None:
        """Raises TypingImpossible, or TargetMoved."""
        for part in _parts(text.replace("\r\n", "\n")):
            self._check(target)
            if part == "\n":
                self._strike(KEYS["return"], 0)
            else:
                self._strike(0, 0, part)
            time.sleep(BREATH_S)

    def close(self) -> None:
        """Nothing is held."""

    def _codes(self, chord: str) -> tuple[int | None, int]:
        wanted = chord_of(chord)
        flags = sum(FLAGS[one] for one in wanted.modifiers)
        return key_code(wanted.key, wanted.modifiers), flags | (_LEFT_COMMAND if "ctrl" in wanted.modifiers else 0)

    def _check(self, target: Target | None) -> None:
        if not Quartz.CGPreflightPostEventAccess():
            raise TypingImpossible(
                reason=_("allow it in the System Settings, under Privacy & Security and Accessibility")
            )
        now = self.focused()
        if target and (now is None or (now.window, now.focus) != (target.window, target.focus)):
            raise TargetMoved

    def _strike(self, code: int, flags: int, text: str = "") -> None:
        for is_down in (True, False):
            event = Quartz.CGEventCreateKeyboardEvent(self._source, code, is_down)
            Quartz.CGEventSetFlags(event, flags)
            if text:
                Quartz.CGEventKeyboardSetUnicodeString(event, _units(text), text)
            Quartz.CGEventPost(Quartz.kCGSessionEventTap, event)


def _process_in_front() -> int:
    """That with the keyboard. Without the user's leave the one in front, as far as the main thread has heard of it."""
    desk = HIServices.AXUIElementCreateSystemWide()
    error, program = HIServices.AXUIElementCopyAttributeValue(desk, HIServices.kAXFocusedApplicationAttribute, None)
    if not error and program is not None:
        error, process = HIServices.AXUIElementGetPid(program, None)
        if not error:
            return int(process)
    front = AppKit.NSWorkspace.sharedWorkspace().frontmostApplication()
    return int(front.processIdentifier()) if front is not None else 0


def _windows(which: int) -> list[dict[str, int]]:
    """From the front to the back."""
    return list(Quartz.CGWindowListCopyWindowInfo(which, Quartz.kCGNullWindowID) or ())


def _front_window(process: int) -> int:
    """Its number; 0 if there is none at the height of usual windows, where menus and tips are not."""
    shown = Quartz.kCGWindowListOptionOnScreenOnly | Quartz.kCGWindowListExcludeDesktopElements
    for one in _windows(shown):
        if one[Quartz.kCGWindowOwnerPID] == process and one[Quartz.kCGWindowLayer] == 0:
            return int(one[Quartz.kCGWindowNumber])
    return 0


def _held() -> str:
    flags = Quartz.CGEventSourceFlagsState(Quartz.kCGEventSourceStateHIDSystemState)
    return "+".join(_SAID[name] for name, flag in FLAGS.items() if flags & flag)


def _parts(text: str) -> Iterator[str]:
    """Pieces for one event each; a line break is one of its own."""
    part = ""
    for letter in text:
        if part and (letter == "\n" or part == "\n" or _units(part + letter) > UNITS):
            yield part
            part = ""
        part += letter
    if part:
        yield part


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
