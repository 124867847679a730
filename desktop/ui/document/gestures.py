"""What a key means in the document: those that reach beyond the segment with the caret, or that only we know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class Gesture(Enum):
    """A wish of the person at the keyboard."""

    SPLIT = auto()
    BREAK_LINE = auto()
    MERGE_BACK = auto()
    MERGE_ON = auto()
    UP = auto()
    DOWN = auto()
    BACK = auto()
    ON = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    TO_START = auto()
    TO_END = auto()
    PREVIOUS = auto()
    NEXT = auto()
    GROW_UP = auto()
    GROW_DOWN = auto()
    GROW_PAGE_UP = auto()
    GROW_PAGE_DOWN = auto()
    GROW_TO_START = auto()
    GROW_TO_END = auto()
    CHOOSE_ALL = auto()
    UNDO = auto()
    REDO = auto()
    COPY = auto()
    CUT = auto()
    DELETE = auto()
    LET_GO = auto()
    NOTHING = auto()
    """To be swallowed: it would do harm where it is pressed."""


@dataclass(frozen=True, slots=True)
class Caret:
    """Where the caret stands in its segment."""

    is_at_start: bool
    is_at_end: bool
    is_on_first_line: bool
    is_on_last_line: bool
    has_selection: bool = False
    is_all_selected: bool = False
    is_right_to_left: bool = False


_Key = QKeySequence.StandardKey
_BACK = (_Key.MoveToPreviousChar, _Key.MoveToPreviousWord)
_ON = (_Key.MoveToNextChar, _Key.MoveToNextWord)
_SELECT_BACK = (_Key.SelectPreviousChar, _Key.SelectPreviousWord)
_SELECT_ON = (_Key.SelectNextChar, _Key.SelectNextWord)
_DELETE_ON = (_Key.Delete, _Key.DeleteEndOfWord, _Key.DeleteEndOfLine)

_EVERYWHERE = {
    _Key.MoveToPreviousPage: Gesture.PAGE_UP,
    _Key.MoveToNextPage: Gesture.PAGE_DOWN,
    _Key.MoveToStartOfDocument: Gesture.TO_START,
    _Key.MoveToEndOfDocument: Gesture.TO_END,
    _Key.SelectPreviousPage: Gesture.GROW_PAGE_UP,
    _Key.SelectNextPage: Gesture.GROW_PAGE_DOWN,
    _Key.SelectStartOfDocument: Gesture.GROW_TO_START,
    _Key.SelectEndOfDocument: Gesture.GROW_TO_END,
    _Key.Undo: Gesture.UNDO,
    _Key.Redo: Gesture.REDO,
}
_OF_CHOSEN = {
    _Key.SelectPreviousLine: Gesture.GROW_UP,
    _Key.SelectPreviousChar: Gesture.GROW_UP,
    _Key.SelectNextLine: Gesture.GROW_DOWN,
    _Key.SelectNextChar: Gesture.GROW_DOWN,
    _Key.SelectAll: Gesture.CHOOSE_ALL,
    _Key.Copy: Gesture.COPY,
    _Key.Cut: Gesture.CUT,
    _Key.Delete: Gesture.DELETE,
    _Key.DeleteEndOfWord: Gesture.DELETE,
    _Key.MoveToPreviousLine: Gesture.UP,
    _Key.MoveToNextLine: Gesture.DOWN,
    _Key.MoveToPreviousChar: Gesture.BACK,
    _Key.MoveToNextChar: Gesture.ON,
    _Key.Cancel: Gesture.LET_GO,
}
_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def of_text(event: QKeyEvent, caret: Caret) -> Gesture | None:
    """The gesture of a key pressed in text; None where the editor of the segment knows best."""
    found = _anywhere(event)
    if found is not None:
        return found
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        match event.modifiers() & _MODIFIERS:
            case Qt.KeyboardModifier.NoModifier:
                return Gesture.SPLIT
            case Qt.KeyboardModifier.ShiftModifier:
                return Gesture.BREAK_LINE
        return None
    if event.matches(_Key.SelectAll):
        return Gesture.CHOOSE_ALL if caret.is_all_selected else None
    return _selecting(event, caret) or (None if caret.has_selection else _leaving(event, caret))


def of_chosen(event: QKeyEvent) -> Gesture | None:
    """The gesture of a key pressed while whole segments are chosen. No key types into them."""
    found = _anywhere(event)
    if found is None:
        found = next((gesture for key, gesture in _OF_CHOSEN.items() if event.matches(key)), None)
    if found is None and _deletes_back(event):
        found = Gesture.DELETE
    if found is not None:
        return found
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _MODIFIERS
    if is_enter:
        return Gesture.LET_GO
    is_typed = event.text().isprintable() and bool(event.text())
    return Gesture.NOTHING if (is_typed and not _commands(event)) or event.matches(_Key.Paste) else None


def _anywhere(event: QKeyEvent) -> Gesture | None:
    found = next((gesture for key, gesture in _EVERYWHERE.items() if event.matches(key)), None)
    if found is None and event.modifiers() & _MODIFIERS == Qt.KeyboardModifier.ControlModifier:
        keys = {Qt.Key.Key_Up: Gesture.PREVIOUS, Qt.Key.Key_Down: Gesture.NEXT}
        return keys.get(Qt.Key(event.key()))
    return found


def _selecting(event: QKeyEvent, caret: Caret) -> Gesture | None:
    """Selecting beyond the segment takes whole segments."""
    back, on = (_SELECT_ON, _SELECT_BACK) if caret.is_right_to_left else (_SELECT_BACK, _SELECT_ON)
    if (caret.is_at_start and _is_any(event, back)) or (
        caret.is_on_first_line and event.matches(_Key.SelectPreviousLine)
    ):
        return Gesture.GROW_UP
    if (caret.is_at_end and _is_any(event, on)) or (caret.is_on_last_line and event.matches(_Key.SelectNextLine)):
        return Gesture.GROW_DOWN
    return None


def _leaving(event: QKeyEvent, caret: Caret) -> Gesture | None:
    back, on = (_ON, _BACK) if caret.is_right_to_left else (_BACK, _ON)
    ways = (
        (caret.is_at_start and _deletes_back(event), Gesture.MERGE_BACK),
        (caret.is_at_end and _is_any(event, _DELETE_ON), Gesture.MERGE_ON),
        (caret.is_at_start and _is_any(event, back), Gesture.BACK),
        (caret.is_at_end and _is_any(event, on), Gesture.ON),
        (caret.is_on_first_line and event.matches(_Key.MoveToPreviousLine), Gesture.UP),
        (caret.is_on_last_line and event.matches(_Key.MoveToNextLine), Gesture.DOWN),
    )
    return next((gesture for holds, gesture in ways if holds), None)


def _deletes_back(event: QKeyEvent) -> bool:
    # Not every platform counts Backspace among its standard keys.
    is_plain = not event.modifiers() & _MODIFIERS & ~Qt.KeyboardModifier.ShiftModifier
    return (event.key() == Qt.Key.Key_Backspace and is_plain) or event.matches(_Key.DeleteStartOfWord)


def _is_any(event: QKeyEvent, keys: tuple[QKeySequence.StandardKey, ...]) -> bool:
    return any(event.matches(key) for key in keys)


def _commands(event: QKeyEvent) -> bool:
    held = event.modifiers() & _MODIFIERS
    return bool(held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier))
