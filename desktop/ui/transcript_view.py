"""The transcript as a document: one paragraph a segment, its time in the margin, edited in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QUndoCommand,
    QUndoStack,
)
from PySide6.QtWidgets import QMenu, QTextEdit, QWidget

from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.core.transcript import Segment

TEXT_PX = 16
LINE_HEIGHT_PERCENT = 150
PARAGRAPH_GAP = 10
MARGIN = 24
MOST_CHARACTERS_A_LINE = 76
SETTLE_MS = 400
"""Typing that rests this long is kept; so much is lost at most when the program is killed."""


class TranscriptView(QTextEdit):
    """Shows segments and takes changes of their text; splitting and joining them is not possible here."""

    reworded = Signal(int, str)
    """Position of a segment, and its new text."""

    def __init__(self) -> None:
        super().__init__()
        self._starts_ms: list[int] = []
        self._texts: list[str] = []
        self._touched: set[int] = set()
        self._filling = False
        self.undo_stack = QUndoStack(self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.keep_changes)
        self._times = _Times(self)
        self.setAcceptRichText(False)
        self.setAcceptDrops(False)  # files are dropped on the window; text is moved by cutting and pasting
        self.setUndoRedoEnabled(False)  # the document would undo the arrival of segments, too
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(_("Transcript"))
        font = self.font()
        font.setPixelSize(TEXT_PX)
        self.setFont(font)
        self.document().contentsChange.connect(self._on_contents_change)
        self.verticalScrollBar().valueChanged.connect(self._times.update)
        self.document().documentLayout().documentSizeChanged.connect(self._times.update)
        self.clear_transcript()

    # --- what is shown ---

    def clear_transcript(self) -> None:
        """Show no text; changes not kept yet are kept first."""
        self.keep_changes()
        self._fill([], [])
        self.undo_stack.clear()

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show another transcript from its start."""
        self.keep_changes()
        self.undo_stack.clear()
        self._fill([segment.start_ms for segment in segments], [segment.text for segment in segments])
        self.verticalScrollBar().setValue(0)

    def add_segments(self, segments: Sequence[Segment]) -> None:
        """Show what has just been heard; follows the end if the end is in sight."""
        at_end = self._shows_end()
        self._filling = True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for segment in segments:
            if self._texts:
                cursor.insertBlock(self._paragraph())
            cursor.insertText(segment.text)
            self._starts_ms.append(segment.start_ms)
            self._texts.append(segment.text)
        cursor.endEditBlock()
        self._filling = False
        self.setReadOnly(not self._texts)
        self._fit_margins()
        if at_end:
            self._show_end()

    def _shows_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - TEXT_PX

    def _show_end(self) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    @property
    def segment_count(self) -> int:
        """How many segments are shown."""
        return len(self._texts)

    def time_of(self, block: QTextBlock) -> str:
        """When a paragraph is said."""
        number = block.blockNumber()
        return clock(self._starts_ms[number]) if number < len(self._starts_ms) else ""

    def _fill(self, starts_ms: list[int], texts: list[str]) -> None:
        self._filling = True
        self._starts_ms, self._texts = starts_ms, texts
        self._touched.clear()
        self.document().clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.setBlockFormat(self._paragraph())
        for number, text in enumerate(texts):
            if number:
                cursor.insertBlock(self._paragraph())
            cursor.insertText(text)
        cursor.endEditBlock()
        self._filling = False
        self.setReadOnly(not texts)
        self._fit_margins()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    @staticmethod
    def _paragraph() -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setBottomMargin(PARAGRAPH_GAP)
        return form

    # --- changes ---

    @Slot()
    def keep_changes(self) -> None:
        """Report every changed segment now, as one step of undo each."""
        self._settle.stop()
        for position in sorted(self._touched):
            text = self.document().findBlockByNumber(position).text()
            before = self._texts[position]
            if text != before:
                self._texts[position] = text
                self.undo_stack.push(_Rewording(self, position, before, text))
                self.reworded.emit(position, text)
        self._touched.clear()

    def put_text(self, position: int, text: str) -> None:
        """Another text for one segment, by undo or redo."""
        self._filling = True
        cursor = QTextCursor(self.document().findBlockByNumber(position))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self._filling = False
        self._texts[position] = text
        self.setTextCursor(cursor)
        self.reworded.emit(position, text)

    @Slot()
    def undo_change(self) -> None:
        """Take back the last change of a text."""
        self.keep_changes()
        self.undo_stack.undo()

    @Slot()
    def redo_change(self) -> None:
        """Do again what was taken back."""
        self.keep_changes()
        self.undo_stack.redo()

    @Slot(int, int, int)
    def _on_contents_change(self, position: int, _removed: int, _added: int) -> None:
        if self._filling or not self._texts:
            return
        if self.document().blockCount() != len(self._texts):  # whatever way was found to join or split segments
            QTimer.singleShot(0, self._put_right)
            return
        self._touched.add(self.document().findBlock(position).blockNumber())
        self._settle.start()

    def _put_right(self) -> None:
        self._fill(self._starts_ms, self._texts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_change()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_change()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.moveCursor(QTextCursor.MoveOperation.NextBlock)
            self.moveCursor(QTextCursor.MoveOperation.EndOfBlock)
        elif self._would_join_or_split(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        undo = menu.addAction(_("Undo change of text"), self.undo_change)
        redo = menu.addAction(_("Redo change of text"), self.redo_change)
        menu.addSeparator()
        cut = menu.addAction(_("Cut"), self.cut)
        copy = menu.addAction(_("Copy"), self.copy)
        paste = menu.addAction(_("Paste"), self.paste)
        menu.addSeparator()
        menu.addAction(_("Select all"), self.selectAll)
        within = not self._selection_spans_segments() and not self.isReadOnly()
        undo.setEnabled(self.undo_stack.canUndo())
        redo.setEnabled(self.undo_stack.canRedo())
        cut.setEnabled(within and self.textCursor().hasSelection())
        copy.setEnabled(self.textCursor().hasSelection())
        paste.setEnabled(within and self.canPaste())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if not self._selection_spans_segments():
            super().inputMethodEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText() and not self._selection_spans_segments():
            self.textCursor().insertText(" ".join(source.text().split()))

    def focusOutEvent(self, event: object) -> None:
        self.keep_changes()
        super().focusOutEvent(event)  # type: ignore[arg-type]

    def _would_join_or_split(self, event: QKeyEvent) -> bool:
        cursor = self.textCursor()
        if self._selection_spans_segments():
            return not _only_moves_or_copies(event)
        if cursor.hasSelection():
            return False
        backwards = event.matches(QKeySequence.StandardKey.DeleteStartOfWord) or event.key() == Qt.Key.Key_Backspace
        forwards = (
            event.matches(QKeySequence.StandardKey.DeleteEndOfWord)
            or event.matches(QKeySequence.StandardKey.DeleteEndOfLine)
            or event.key() == Qt.Key.Key_Delete
        )
        return (backwards and cursor.atBlockStart()) or (forwards and cursor.atBlockEnd())

    def _selection_spans_segments(self) -> bool:
        cursor = self.textCursor()
        document = self.document()
        return document.findBlock(cursor.selectionStart()) != document.findBlock(cursor.selectionEnd())

    # --- layout ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        bar = self.verticalScrollBar()
        followed = bar.maximum() > 0 and self._shows_end()
        super().resizeEvent(event)
        self._fit_margins()
        if followed:  # a notice above must not end the following of what is being heard
            self._show_end()

    def _fit_margins(self) -> None:
        """Room for the times on one side, and lines that are not too long to read."""
        times = self._times.wanted_width()
        line = QFontMetrics(self.font()).averageCharWidth() * MOST_CHARACTERS_A_LINE
        room = self.width() - times - MARGIN
        after = max(MARGIN, room - line)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            self.setViewportMargins(after, MARGIN // 2, times, 0)
        else:
            self.setViewportMargins(times, MARGIN // 2, after, 0)
        self._times.place()


class _Times(QWidget):
    """The margin with the time of each paragraph that is in sight."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view

    def wanted_width(self) -> int:
        return QFontMetrics(self._font()).horizontalAdvance("0:00:00") + 2 * MARGIN

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), 0)

    def place(self) -> None:
        viewport = self._view.viewport().geometry()
        width = self.wanted_width()
        right_to_left = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = viewport.right() + 1 if right_to_left else viewport.left() - width
        self.setGeometry(QRect(left, viewport.top(), width, viewport.height()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        layout = self._view.document().documentLayout()
        offset = -self._view.verticalScrollBar().value()
        block = self._view.document().firstBlock()
        first = self._view.cursorForPosition(QPointF(0, 0).toPoint()).block()
        block = first if first.isValid() else block
        while block.isValid():
            place = layout.blockBoundingRect(block).translated(0, offset)
            if place.top() > self.height():
                break
            line = QRectF(MARGIN, place.top(), self.width() - 2 * MARGIN, self._line_height(block))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, side, self._view.time_of(block))
            block = block.next()
        painter.end()

    def _line_height(self, block: QTextBlock) -> float:
        line = block.layout().lineAt(0)
        return line.height() if line.isValid() else TEXT_PX * LINE_HEIGHT_PERCENT / 100

    def _font(self) -> QFont:
        font = QFont(self._view.font())
        font.setPixelSize(TEXT_PX - 3)
        return font


class _Rewording(QUndoCommand):
    """One segment's text, changed and changed back. The first `redo` is the typing itself, done already."""

    def __init__(self, view: TranscriptView, position: int, before: str, after: str) -> None:
        super().__init__()
        self._view = view
        self._position = position
        self._before = before
        self._after = after
        self._is_done = True

    def redo(self) -> None:
        if not self._is_done:
            self._view.put_text(self._position, self._after)
        self._is_done = False

    def undo(self) -> None:
        self._view.put_text(self._position, self._before)


def _only_moves_or_copies(event: QKeyEvent) -> bool:
    if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll):
        return True
    changes = event.text() and event.text().isprintable()
    keys = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
    cuts = event.matches(QKeySequence.StandardKey.Cut) or event.matches(QKeySequence.StandardKey.Paste)
    return not (changes or cuts or event.key() in keys)
