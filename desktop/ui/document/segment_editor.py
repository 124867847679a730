"""The editor of one segment: a native text field that lies exactly over the painted text."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from desktop.core.transcript import Segment
from desktop.ui.document import gestures, places
from desktop.ui.document.gestures import Caret, Gesture
from desktop.ui.document.paragraph import LINE_PX, Style
from desktop.ui.document.places import LINE_SEPARATOR

CARET_ROOM = 2
"""The caret behind the last letter of a full line stands outside of the column."""


class SegmentEditor(QTextEdit):
    """Edits the text of one segment. It draws nothing but letters, caret and selection, and has no undo of its own.

    The mouse belongs to the page below, which passes on what happens over this segment. With several segments chosen
    it holds the focus only, and takes no letters.
    """

    typed = Signal()
    """The text is another one than before, by whatever way."""
    gesture_made = Signal(object)
    """A `Gesture` that reaches beyond the segment."""
    caret_moved = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_loading = False
        self._segment = Segment(0, 0, "")
        self._style = Style(self.font(), 1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the page has one for text and margin
        self.document().setDocumentMargin(0)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_caret_moved)

    # --- what it holds ---

    def show_segment(self, segment: Segment, style: Style) -> None:
        """Show another text, with the caret at its start."""
        was_loading, self._is_loading = self._is_loading, True
        self._style = style
        self.setFont(style.font)
        self.setLineWrapColumnOrWidth(style.width)
        self.document().clear()
        cursor = QTextCursor(self.document())
        cursor.setBlockFormat(self._lines_of(segment.text))
        cursor.insertText(places.shown(segment.text), self._letters_of(segment))
        self.restyle(segment)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._is_loading = was_loading

    def restyle(self, segment: Segment) -> None:
        """The same text, looking as its segment does: doubtful or not, set by hand or not."""
        self._segment = segment
        letters = self._letters_of(segment)
        was_loading, self._is_loading = self._is_loading, True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # on its own, another format of the block leaves it without lines (Qt 6.11)
        if cursor.charFormat() != letters or cursor.blockCharFormat() != letters:
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.setCharFormat(letters)
            cursor.setBlockCharFormat(letters)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        if cursor.blockFormat() != self._lines_of(segment.text):
            cursor.setBlockFormat(self._lines_of(segment.text))
        cursor.endEditBlock()
        self.setCurrentCharFormat(letters)
        self._is_loading = was_loading

    @property
    def is_pinned(self) -> bool:
        """Whether a person has set the lines of this text."""
        return self._segment.is_pinned

    def text(self) -> str:
        """What is written here. `toPlainText` would turn no-break spaces into others."""
        return self.document().toRawText().replace(LINE_SEPARATOR, "\n").replace("\u2029", "\n")

    def _lines_of(self, text: str) -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setLineHeight(LINE_PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        is_right_to_left = self._style.is_right_to_left(text)
        form.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_right_to_left else Qt.LayoutDirection.LeftToRight)
        return form

    def _letters_of(self, segment: Segment) -> QTextCharFormat:
        form = QTextCharFormat()
        if segment.suspect:
            form.setFontItalic(self._style.font_of(segment).italic())
            form.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        return form

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.restyle(self._segment)

    # --- the caret ---

    @property
    def offset(self) -> int:
        """The place of the caret in the text."""
        return places.letters(self.text(), self.textCursor().position())

    @property
    def selection(self) -> tuple[int, int]:
        """The places between which text is selected."""
        cursor, text = self.textCursor(), self.text()
        return places.letters(text, cursor.selectionStart()), places.letters(text, cursor.selectionEnd())

    def put_caret(self, offset: int, anchor: int | None = None) -> None:
        """The caret to a place in the text, with the text from `anchor` on selected."""
        text = self.text()
        cursor = self.textCursor()
        cursor.setPosition(places.units(text, min(offset if anchor is None else anchor, len(text))))
        if anchor is not None:
            cursor.setPosition(places.units(text, min(offset, len(text))), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def caret(self) -> Caret:
        """Where the caret stands, as far as a key can depend on it."""
        cursor = self.textCursor()
        layout = cursor.block().layout()
        line = layout.lineForTextPosition(cursor.positionInBlock())
        number = line.lineNumber() if line.isValid() else 0
        selected = abs(cursor.selectionEnd() - cursor.selectionStart())
        return Caret(
            is_at_start=cursor.atStart(),
            is_at_end=cursor.atEnd(),
            is_on_first_line=number == 0,
            is_on_last_line=number >= layout.lineCount() - 1,
            has_selection=cursor.hasSelection(),
            is_all_selected=selected >= self.document().characterCount() - 1,
            is_right_to_left=self._style.is_right_to_left(self.text()),
        )

    def caret_rect(self) -> QRect:
        """The caret, as the parent sees it."""
        return self.cursorRect().translated(self.pos())

    # --- keys ---

    def event(self, event: QEvent) -> bool:
        # A shortcut of the window must not take a key that means something here: Delete would remove a job.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._gesture(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        gesture = self._gesture(event)
        if gesture:
            self.gesture_made.emit(gesture)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _gesture(self, event: QKeyEvent) -> Gesture | None:
        return gestures.of_chosen(event) if self.isReadOnly() else gestures.of_text(event, self.caret())

    def break_line(self) -> None:
        """Begin another line within the segment."""
        self.textCursor().insertText(LINE_SEPARATOR)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Text alone; its lines stay lines only where a person has set the lines."""
        text = source.text()
        if self.isReadOnly() or not text:
            return
        text = places.shown(text) if self.is_pinned else re.sub(r"\s*[\r\n\u2028\u2029]\s*", " ", text)
        self.textCursor().insertText(text)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if not self.isReadOnly():
            super().inputMethodEvent(event)

    def end_composing(self) -> None:
        """Take over what an input method still shows as provisional."""
        if self.hasFocus() and self.textCursor().block().layout().preeditAreaText():
            QGuiApplication.inputMethod().commit()

    # --- news ---

    @Slot()
    def _on_text_changed(self) -> None:
        if not self._is_loading:
            self.typed.emit()

    @Slot()
    def _on_caret_moved(self) -> None:
        if not self._is_loading:
            self.caret_moved.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)
