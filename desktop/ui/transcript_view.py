"""The transcript as a document: the page that shows it, edited and checked in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QTextCursor,
    QUndoCommand,
    QUndoStack,
)
from PySide6.QtWidgets import QMenu

from desktop.core.i18n import _
from desktop.core.transcript import Segment
from desktop.ui.transcript_page import TranscriptPage

SETTLE_MS = 400
"""Typing that rests this long is kept; so much is lost at most when the program is killed."""


class TranscriptView(TranscriptPage):
    """Shows segments and takes changes of their text; splitting and joining them is not possible here."""

    reworded = Signal(int, str)
    """Position of a segment, and its new text."""
    kept = Signal(int)
    """Position of a segment whose doubtful text was found right."""

    def __init__(self) -> None:
        super().__init__()
        self._touched: set[int] = set()
        self.undo_stack = QUndoStack(self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.keep_changes)
        self.setAcceptRichText(False)
        self.setAcceptDrops(False)  # files are dropped on the window; text is moved by cutting and pasting
        self.setTabChangesFocus(True)
        self.setAccessibleName(_("Transcript"))
        self.document().contentsChange.connect(self._on_contents_change)
        self.clear_transcript()

    def clear_transcript(self) -> None:
        """Show no text; changes not kept yet are kept first."""
        self.show_segments([])

    def show_segments(self, segments: Sequence[Segment]) -> None:
        self.keep_changes()
        self.undo_stack.clear()
        super().show_segments(segments)

    def add_segments(self, segments: Sequence[Segment]) -> None:
        super().add_segments(segments)
        self.setReadOnly(not self._segments)

    def _fill(self, segments: list[Segment]) -> None:
        self._touched.clear()
        super()._fill(segments)
        self.setReadOnly(not segments)

    # --- changes ---

    @Slot()
    def keep_text(self) -> None:
        """Find the doubtful text at the caret, or in the selection, right."""
        self.keep_changes()
        cursor, document = self.textCursor(), self.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber()
        last = document.findBlock(cursor.selectionEnd()).blockNumber()
        self._keep(range(first, min(last + 1, len(self._segments))))

    def _keep(self, positions: Iterable[int]) -> None:
        for position in positions:
            if self._segments[position].suspect:
                self._take(position, self._segments[position].kept())
                self.kept.emit(position)

    @Slot()
    def keep_changes(self) -> None:
        """Report every changed segment now, as one step of undo each."""
        self._settle.stop()
        for position in sorted(self._touched):
            text = self.document().findBlockByNumber(position).text()
            before = self._segments[position]
            if text != before.text:
                self._take(position, before.reworded(text))
                self.undo_stack.push(_Rewording(self, position, before.text, text))
                self.reworded.emit(position, text)
        self._touched.clear()

    def put_text(self, position: int, text: str) -> None:
        """Another text for one segment, by undo or redo."""
        self._filling = True
        cursor = QTextCursor(self.document().findBlockByNumber(position))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self._filling = False
        self._take(position, self._segments[position].reworded(text))
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
        if self._filling or not self._segments:
            return
        if self.document().blockCount() != len(self._segments):  # whatever way was found to join or split segments
            QTimer.singleShot(0, self._put_right)
            return
        self._touched.add(self.document().findBlock(position).blockNumber())
        self._settle.start()

    def _put_right(self) -> None:
        self._fill(self._segments)

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
        under = self.cursorForPosition(event.pos()).blockNumber()
        if self._doubt(under):
            menu.addAction(_("Keep this text"), partial(self._keep, [under]))
            menu.addSeparator()
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
