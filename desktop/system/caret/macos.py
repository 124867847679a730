"""Asks the program in focus through the accessibility of macOS, under the leave that pressing keys needs as well.

Not run yet on any Mac.
"""

from __future__ import annotations

import logging
from typing import Any

import HIServices
import objc

from desktop.core.spoken import Around

LETTERS = 60
"""So many on each side tell all that matters."""
ANSWER_WITHIN_S = 0.05
"""To each of six questions; a program that hangs leaves the first one open."""

log = logging.getLogger(__name__)


class _Untold(Exception):
    """A program that does not answer, or has no such thing."""


class MacCaret:
    """The Caret port."""

    def __init__(self) -> None:
        self._desk = HIServices.AXUIElementCreateSystemWide()
        HIServices.AXUIElementSetMessagingTimeout(self._desk, ANSWER_WITHIN_S)  # for every element

    def around(self) -> Around | None:
        """What stands on both sides of the caret, or of the selection; None where nobody tells."""
        with objc.autorelease_pool():
            try:
                return self._around()
            except _Untold as untold:
                log.debug("Nobody tells what stands around the caret: %s", untold)
                return None

    def close(self) -> None:
        """Nothing is held."""

    def _around(self) -> Around | None:
        field = _of(self._desk, HIServices.kAXFocusedUIElementAttribute)
        if _subrole(field) == HIServices.kAXSecureTextFieldSubrole:
            return None
        start, selected = _range_of(field)
        end, length = start + selected, int(_of(field, HIServices.kAXNumberOfCharactersAttribute))
        before = _text(field, max(0, start - LETTERS), start)
        return Around(before, _text(field, end, min(length, end + LETTERS)))


def _of(element: Any, name: str) -> Any:
    error, value = HIServices.AXUIElementCopyAttributeValue(element, name, None)
    return _told(name, error, value)


def _told(name: str, error: int, value: Any) -> Any:
    if error or value is None:
        raise _Untold(f"{name}: {error}")
    return value


def _subrole(field: Any) -> str:
    try:
        return str(_of(field, HIServices.kAXSubroleAttribute))
    except _Untold:  # most have none
        return ""


def _range_of(field: Any) -> tuple[int, int]:
    """Where the selection begins, and how long it is."""
    name = HIServices.kAXSelectedTextRangeAttribute
    is_range, found = HIServices.AXValueGetValue(_of(field, name), HIServices.kAXValueCFRangeType, None)
    start, length = _told(name, 0 if is_range else -1, found)
    return int(start), int(length)


def _text(field: Any, start: int, end: int) -> str:
    if start >= end:
        return ""
    name = HIServices.kAXStringForRangeParameterizedAttribute
    wanted = HIServices.AXValueCreate(HIServices.kAXValueCFRangeType, (start, end - start))
    error, text = HIServices.AXUIElementCopyParameterizedAttributeValue(field, name, wanted, None)
    return str(_told(name, error, text))
