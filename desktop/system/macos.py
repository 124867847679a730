"""What macOS is asked for by hotkey, typist and clipboard: the main thread of a process, and where the keys lie.

Written by the documentation; not run yet on any Mac.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import TypeVar

import AppKit
import objc
import Quartz
from PyObjCTools import AppHelper

T = TypeVar("T")
log = logging.getLogger(__name__)

FLAGS = {
    "ctrl": Quartz.kCGEventFlagMaskCommand,
    "shift": Quartz.kCGEventFlagMaskShift,
    "alt": Quartz.kCGEventFlagMaskAlternate,
    "meta": Quartz.kCGEventFlagMaskControl,
}
"""Modifiers as Qt names them on a Mac: Ctrl is the command key, Meta the control key."""

KEYS = {
    "return": 36, "tab": 48, "space": 49, "backspace": 51, "esc": 53, "help": 114, "home": 115, "pgup": 116, "del": 117,
    "end": 119, "pgdown": 121, "left": 123, "right": 124, "down": 125, "up": 126, "f1": 122, "f2": 120, "f3": 99,
    "f4": 118, "f5": 96, "f6": 97, "f7": 98, "f8": 100, "f9": 101, "f10": 109, "f11": 103, "f12": 111, "f13": 105,
    "f14": 107, "f15": 113, "f16": 106, "f17": 64, "f18": 79, "f19": 80, "f20": 90,
}  # fmt: skip
"""Keys that every layout has in the same place."""

MAIN_WITHIN_S = 0.5
_CODES = [code for code in range(128) if not 54 <= code <= 63]
"""Without the modifiers: their events have no letters, and asking for them raises."""
_SLICE_S = 1.0


def on_main(do: Callable[[], T], within_s: float | None = MAIN_WITHIN_S) -> T:
    """Do it on the main thread, which AppKit and Carbon ask for, and wait for what comes of it; None: however long.

    A main thread with windows that does not come to it may itself be waiting for this one, as it does when the program
    ends. Then it is not done at all: macOS kills what asks for the layout on another thread. Raises TimeoutError.
    """
    if AppKit.NSThread.isMainThread():
        return do()
    answer: Future[T] = Future()

    def answered() -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            answer.set_result(do())
        except Exception as error:  # noqa: BLE001 - handed to who asked
            answer.set_exception(error)

    AppHelper.callAfter(answered)
    try:
        return answer.result(within_s)
    except TimeoutError:
        if answer.cancel():
            raise
        return answer.result()


def attend(work: Callable[[], None]) -> None:
    """Do it on another thread, while this one, the main thread of a process without windows, answers macOS."""
    over = threading.Event()
    loop = AppKit.NSRunLoop.mainRunLoop()

    def whole() -> None:
        try:
            work()
        finally:
            over.set()
            AppHelper.callAfter(over.set)  # wakes the main thread

    threading.Thread(target=whole, name="work").start()
    while not over.is_set():
        until = AppKit.NSDate.dateWithTimeIntervalSinceNow_(_SLICE_S)
        try:
            is_waiting = loop.runMode_beforeDate_(AppKit.NSDefaultRunLoopMode, until)
        except objc.error:  # of one that was called: the others must still be answered
            log.exception("something failed on the main thread")
            continue
        if not is_waiting:
            over.wait(_SLICE_S / 100)  # nothing to wait for yet


def key_code(key: str, modifiers: Collection[str]) -> int | None:
    """The key of a name that Qt gives, where the layout has it while the modifiers are down; None if it has none.

    Some are another one while the command key is down: "Dvorak - QWERTY ⌘", and those of other alphabets.
    """
    if key in KEYS:
        return KEYS[key]
    command = FLAGS["ctrl"]
    tried = (command,) if "ctrl" in modifiers else (0, command)
    try:
        return on_main(lambda: next((code for flags in tried for code in _CODES if _letter(code, flags) == key), None))
    except TimeoutError:
        return None


def _letter(code: int, flags: int) -> str:
    event = Quartz.CGEventCreateKeyboardEvent(None, code, True)
    return str(AppKit.NSEvent.eventWithCGEvent_(event).charactersByApplyingModifiers_(flags) or "")
