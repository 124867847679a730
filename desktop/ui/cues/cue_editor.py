"""The text of a cue while it is typed, with the length of its lines and its reading speed beside it."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QTextCursor
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.cues import Cue
from desktop.core.i18n import _
from desktop.core.rules import Rules
from desktop.ui.cues.measures import length_of, said_speed, shown_length, small
from desktop.ui.cues.time_field import STAYS_OPEN
from desktop.ui.theme import GRID


class Ending(Enum):
    """How a person leaves a cell."""

    TAKE = "take"
    LEAVE = "leave"
    NEXT = "next"
    PREVIOUS = "previous"
    SPLIT = "split"


class CueEditor(QFrame):
    """Enter is done, Shift+Enter a new line, Ctrl+Enter cuts the cue at the caret, Escape leaves it as it was."""

    ended = Signal(object)
    """An `Ending`."""

    def __init__(self, parent: QWidget, cue: Cue, rules: Rules) -> None:
        super().__init__(parent)
        self._cue = cue
        self._rules = rules
        self.field = _Field(self)
        self.field.setPlainText(cue.text)
        self.field.setAccessibleName(_("Text of the cue"))
        self._speed = QLabel()
        self._speed.setFont(small(self.font()))
        self._speed.setContentsMargins(GRID - 1, 0, GRID, 2)
        self._speed.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.field, 1)
        layout.addWidget(self._speed)
        self.setFocusProxy(self.field)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.field.textChanged.connect(self._on_typed)
        self.field.ended.connect(self.ended)
        self._on_typed()

    @property
    def cue(self) -> Cue:
        """The cue as it was when the cell was opened."""
        return self._cue

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.toPlainText()

    @property
    def caret(self) -> int:
        """Where the caret stands in it."""
        return self.field.textCursor().position()

    def put_caret(self, line: int, x: int) -> None:
        """Put the caret into a line, so far from the side of the editor."""
        field = self.field
        block = field.document().findBlockByNumber(line)
        middle = field.blockBoundingGeometry(block).translated(field.contentOffset()).center().y()
        left = field.viewport().mapFrom(self, QPoint(x, 0)).x()
        field.setTextCursor(field.cursorForPosition(QPoint(left, round(middle))))

    def wanted_width(self) -> int:
        """So wide that a full line is seen."""
        letters = self._rules.line_characters * self._rules.unit
        return self.field.fontMetrics().averageCharWidth() * letters + self.field.gutter_width + 2 * GRID

    def wanted_height(self) -> int:
        """So high that every line is seen."""
        lines = max(2, self.field.blockCount())
        return lines * self.field.fontMetrics().lineSpacing() + 2 * 5 + self._speed.sizeHint().height() + 2

    @Slot()
    def _on_typed(self) -> None:
        said = said_speed(self._typed_cue(), self._rules) if self.text.strip() else _("The cue will be deleted")
        self._speed.setText(said)
        self.field.setAccessibleDescription(
            ". ".join([*(shown_length(line, self._rules) for line in self.text.split("\n")), said])
        )
        if self.height() < self.wanted_height():
            self.resize(self.width(), self.wanted_height())

    def _typed_cue(self) -> Cue:
        lines = [" ".join(line.split()) for line in self.text.split("\n")]
        return replace(self._cue, lines=tuple(line for line in lines if line))

    def shown_length(self, line: str) -> str:
        """What stands beside a line."""
        return shown_length(line, self._rules)

    def is_too_long(self, line: str) -> bool:
        """Whether a line has more characters than the style allows."""
        return length_of(line, self._rules) > self._rules.line_characters

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Accent))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)
        painter.end()


class _Field(QPlainTextEdit):
    """The lines as they will stand on the screen: none is broken by the width of the cell."""

    ended = Signal(object)

    def __init__(self, editor: CueEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { border: none; padding: 0; background: transparent; }")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._gutter = _Gutter(self)
        self.updateRequest.connect(self._gutter.update)

    @property
    def gutter_width(self) -> int:
        """Room for the lengths."""
        figures = small(self.font())
        figures.setWeight(QFont.Weight.Bold)
        return QFontMetrics(figures).horizontalAdvance("000/00") + 2 * GRID

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        width = self.gutter_width
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setViewportMargins(width if is_mirrored else 0, 0, 0 if is_mirrored else width, 0)
        left = 0 if is_mirrored else self.width() - width
        self._gutter.setGeometry(left, 0, width, self.height())

    def event(self, event: QEvent) -> bool:
        # The window's own shortcuts must not take the keys that mean something here.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _ending(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ending = _ending(event)
        if ending:
            self.ended.emit(ending)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS_OPEN:
            self.ended.emit(Ending.TAKE)

    def paint_lengths(self, painter: QPainter, gutter: QRect) -> None:
        """The length of each line at its height."""
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        font = small(self.font())
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            is_long = self._editor.is_too_long(block.text())
            role = QPalette.ColorRole.Text if is_long else QPalette.ColorRole.PlaceholderText
            font.setWeight(QFont.Weight.Bold if is_long else QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(self.palette().color(role))
            area = QRect(0, round(place.top()), gutter.width() - GRID, round(place.height()))
            length = self._editor.shown_length(block.text())
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, length)
            block = block.next()


class _Gutter(QWidget):
    """Room for the lengths beside the lines."""

    def __init__(self, field: _Field) -> None:
        super().__init__(field)
        self._field = field

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._field.paint_lengths(painter, self.rect())
        painter.end()


def _ending(event: QKeyEvent) -> Ending | None:
    """What a key means for the cell; nothing if it belongs to the text."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    none, shift, control = (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.ControlModifier,
    )
    match event.key():
        case Qt.Key.Key_Return | Qt.Key.Key_Enter if modifiers == none:
            return Ending.TAKE
        case Qt.Key.Key_Return | Qt.Key.Key_Enter if modifiers == control:
            return Ending.SPLIT
        case Qt.Key.Key_Escape:
            return Ending.LEAVE
        case Qt.Key.Key_Tab if modifiers == none:
            return Ending.NEXT
        case Qt.Key.Key_Backtab if modifiers in (shift, none):
            return Ending.PREVIOUS
        case _:
            return None
