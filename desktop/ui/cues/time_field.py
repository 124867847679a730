"""Times as people write them, and a field to type one in."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.core.i18n import _
from desktop.core.rules import DEFAULT, Rules
from desktop.ui import icons

STEP_MS = 10
STAYS_OPEN = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
"""An open cell stays open when the focus goes for one of these reasons."""
_MOST_MS = 1000 * 3600 * 1000
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,9}))?", re.ASCII)


def time_text(ms: int) -> str:
    """A time to the millisecond: `1:02.345`, from an hour on `1:02:03.456`."""
    seconds, ms = divmod(max(0, ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{ms:03}" if hours else f"{minutes}:{seconds:02}.{ms:03}"


def stepped(ms: int, steps: int, rules: Rules) -> int:
    """A time so many steps later: frames where the rules have them, else hundredths of a second."""
    if rules.frames:
        return max(0, rules.frames.moved_ms(ms, steps)) if steps else ms
    return max(0, ms + steps * STEP_MS)


def time_of(text: str) -> int | None:
    """The time that was typed, or None: `1:02.345`, `62.3`, `00:01:02,345` and what lies between them."""
    found = _TIME.fullmatch("".join(text.split()).replace("，", ",").replace("：", ":"))
    if not found:
        return None
    hours, minutes, seconds, fraction = found.groups()
    if minutes and int(seconds) > 59:
        return None
    if hours and int(minutes) > 59:
        return None
    whole_s = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds)
    ms = 1000 * whole_s + int((fraction or "0").ljust(3, "0")[:3])
    return ms if ms <= _MOST_MS else None


class TimeField(QLineEdit):
    """A time. Up and down go one step; what is no time is not taken, and the field says so."""

    ended = Signal(bool)
    """The user is done: whether the time is to be taken."""

    def __init__(self, parent: QWidget | None = None, rules: Rules = DEFAULT) -> None:
        super().__init__(parent)
        self._rules = rules
        self.setFrame(False)
        self._warning = self.addAction(icons.icon("warning"), QLineEdit.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._on_edited)

    @property
    def ms(self) -> int | None:
        """What is typed, as a time."""
        return time_of(self.text())

    def show_time(self, ms: int) -> None:
        """Show a time, ready to be typed over."""
        self.setText(time_text(ms))
        self.selectAll()
        self._on_edited()

    def _on_edited(self) -> None:
        is_wrong = self.ms is None
        self.setToolTip(_("A time such as 1:02.345") if is_wrong else "")
        self.setAccessibleDescription(self.toolTip())
        self._warning.setVisible(is_wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._step(1 if event.key() == Qt.Key.Key_Up else -1)
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self._step(10 if event.key() == Qt.Key.Key_PageUp else -10)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.ms is not None:
                self.ended.emit(True)
            case Qt.Key.Key_Escape:
                self.ended.emit(False)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.selectAll()
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS_OPEN:
            self.ended.emit(self.ms is not None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._step(1 if event.angleDelta().y() > 0 else -1)
        event.accept()

    def _step(self, steps: int) -> None:
        if self.ms is not None:
            caret = self.cursorPosition()
            self.setText(time_text(stepped(self.ms, steps, self._rules)))
            self.setCursorPosition(caret)
