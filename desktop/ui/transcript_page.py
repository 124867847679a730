"""The transcript as a page to read: one paragraph a segment, its time in the margin, and what needs checking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from desktop.core import doubts
from desktop.core.coverage import Kind, Part
from desktop.core.i18n import _, _n
from desktop.core.names import clock
from desktop.core.transcript import Segment
from desktop.ui.theme import RADIUS
from desktop.ui.transcript_margin import MARGIN, TranscriptMargin

TEXT_PX = 16
LINE_HEIGHT_PERCENT = 150
LINE_PX = TEXT_PX * LINE_HEIGHT_PERCENT / 100
PARAGRAPH_GAP = 10
CAPTION_PX = 18
CAPTION_GAPS = (6, 16)
"""Above and below a caption: a line of text has its own room below it."""
MOST_CHARACTERS_A_LINE = 76
TINT = 0.10
KEEP_KEY = "F9"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A segment as it lies in the viewport, and the speech without text beside it."""

    number: int
    segment: Segment
    place: QRectF
    first_line: QRectF
    gaps: tuple[tuple[QRectF, Part], ...] = ()


class TranscriptPage(QTextEdit):
    """Shows segments. Doubtful text is grey and slanted; where speech has no text, a line between them says so."""

    can_keep_changed = Signal(bool)
    """Whether the caret is in doubtful text."""

    def __init__(self) -> None:
        super().__init__()
        self._segments: list[Segment] = []
        self._missing: tuple[Part, ...] = ()
        self._gaps: dict[int, Part] = {}
        self._visited: tuple[int, int] | None = None
        self._filling = False
        self._can_keep = False
        self._margin = TranscriptMargin(self)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setUndoRedoEnabled(False)  # the document would undo the arrival of segments, too
        font = self.font()
        font.setPixelSize(TEXT_PX)
        self.setFont(font)
        self.cursorPositionChanged.connect(self._on_caret_moved)
        self.verticalScrollBar().valueChanged.connect(self._margin.update)
        self.document().documentLayout().documentSizeChanged.connect(self._margin.update)

    # --- what is shown ---

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show another transcript from its start."""
        self._fill(list(segments))
        self.verticalScrollBar().setValue(0)

    def add_segments(self, segments: Sequence[Segment]) -> None:
        """Show what has just been heard; follows the end if the end is in sight."""
        at_end, before = self._shows_end(), self.textCursor()
        anchor, position = before.anchor(), before.position()
        self._append(segments)
        self._put_caret_back(anchor, position)
        if at_end:
            self._show_end()

    def _append(self, segments: Sequence[Segment]) -> None:
        self._filling = True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for segment in segments:
            self._insert(cursor, segment)
        cursor.endEditBlock()
        self._filling = False
        self._find_gaps()
        self._fit_margins()

    def _put_caret_back(self, anchor: int, position: int) -> None:
        """A caret at the end is carried on by every word that arrives."""
        caret = self.textCursor()
        if (caret.anchor(), caret.position()) != (anchor, position):
            scrolled = self.verticalScrollBar().value()
            caret.setPosition(anchor)
            caret.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(caret)
            self.verticalScrollBar().setValue(scrolled)
        self._on_caret_moved()

    def show_missing(self, missing: Sequence[Part]) -> None:
        """Say between the paragraphs where speech has no text."""
        if tuple(missing) != self._missing:
            at_end = self._shows_end()
            self._missing = tuple(missing)
            self._find_gaps()
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
        return len(self._segments)

    def time_of(self, block: QTextBlock) -> str:
        """When a paragraph is said."""
        number = block.blockNumber()
        return clock(self._segments[number].start_ms) if number < len(self._segments) else ""

    def _fill(self, segments: list[Segment]) -> None:
        self._filling = True
        self._segments = []
        self._visited = None
        self.document().clear()
        self._append(segments)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._on_caret_moved()

    def _insert(self, cursor: QTextCursor, segment: Segment) -> None:
        number, letters = len(self._segments), self._letters(segment)
        self._segments.append(segment)
        if number:
            cursor.insertBlock(self._paragraph(number), letters)
        else:
            cursor.setBlockFormat(self._paragraph(number))
            cursor.setBlockCharFormat(letters)
        cursor.insertText(segment.text, letters)

    def _paragraph(self, number: int) -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        is_followed = number == len(self._segments) - 1 and number + 1 in self._gaps
        form.setBottomMargin(PARAGRAPH_GAP + (CAPTION_PX if is_followed else 0))
        form.setTopMargin(sum(CAPTION_GAPS) + CAPTION_PX if number in self._gaps else 0)
        return form

    def _letters(self, segment: Segment) -> QTextCharFormat:
        form = QTextCharFormat()
        if segment.suspect:
            form.setFontItalic(self._can_slant(segment.text))
            form.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        return form

    def _can_slant(self, text: str) -> bool:
        """Not every script has slanted letters, and empty boxes would stand in their place."""
        font = self.font()
        font.setItalic(True)
        metrics = QFontMetrics(font)
        return all(metrics.inFontUcs4(ord(letter)) for letter in set(text))

    # --- what needs checking ---

    def place_ms(self) -> int:
        """The time at the caret; before everything as long as the caret has not left the start."""
        if self._visited:
            return self._visited[1]
        number = self.textCursor().blockNumber()
        return self._segments[number].start_ms if self._segments and self.textCursor().position() else -1

    def show_place(self, ms: int) -> None:
        """Bring the text of a time into sight and the caret into it."""
        if not self._segments:
            return
        number = self._number_at(ms)
        block = self.document().findBlockByNumber(min(number, len(self._segments) - 1))
        self.setTextCursor(QTextCursor(block))
        self._visited = (number, ms)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll_to(block)
        self.viewport().update()
        if reason := self._doubt_at_caret():
            caret = self.cursorRect()
            # Without a rectangle of its own a tip with the text of the last one would stay at the last place.
            QToolTip.showText(self.viewport().mapToGlobal(caret.bottomLeft()), reason, self.viewport(), caret)

    def _scroll_to(self, block: QTextBlock) -> None:
        """Leave the text where it is if the paragraph can be read there; else a third down the window."""
        place = self.document().documentLayout().blockBoundingRect(block)
        place.adjust(0, -2 * CAPTION_PX, 0, 2 * CAPTION_PX)
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if place.top() < bar.value() or place.bottom() > bar.value() + room:
            bar.setValue(round(place.top() - room / 3))

    def _take(self, position: int, segment: Segment) -> None:
        """Another value of a segment; what is no longer doubtful looks like the rest."""
        was_suspect = self._segments[position].suspect
        self._segments[position] = segment
        if was_suspect and not segment.suspect:
            self._style(position)
            self._on_caret_moved()

    def _style(self, position: int) -> None:
        cursor = QTextCursor(self.document().findBlockByNumber(position))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        letters = self._letters(self._segments[position])
        self._filling = True
        cursor.beginEditBlock()
        cursor.setCharFormat(letters)
        cursor.setBlockCharFormat(letters)
        cursor.endEditBlock()
        self._filling = False
        self._margin.update()

    def _number_at(self, ms: int) -> int:
        """The first segment that ends after this time."""
        return bisect_right(self._segments, ms, key=_end_ms)

    def _find_gaps(self) -> None:
        """Make room for a caption wherever speech without text lies before, between or after the segments."""
        before, self._gaps = self._gaps, {}
        for part in self._missing if self._segments else ():
            number = self._number_at(part.start_ms)
            start_ms = self._gaps[number].start_ms if number in self._gaps else part.start_ms
            self._gaps[number] = Part(start_ms, part.end_ms, Kind.MISSING)
        beside = {number - side for number in {*before, *self._gaps} for side in (0, 1)}
        self._filling = True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for number in sorted(beside & set(range(len(self._segments)))):
            block, wanted = self.document().findBlockByNumber(number), self._paragraph(number)
            if block.blockFormat() != wanted:
                cursor.setPosition(block.position())
                cursor.setBlockFormat(wanted)
        cursor.endEditBlock()
        self._filling = False
        self.viewport().update()
        self._margin.update()

    def _doubt_at_caret(self) -> str:
        return self._doubt(self.textCursor().blockNumber())

    def _doubt(self, number: int) -> str:
        """Why a text may not be what was said, and what to do; empty where there is no doubt."""
        if number >= len(self._segments) or not self._segments[number].suspect:
            return ""
        advice = _("{key} keeps it as it is.").format(key=KEEP_KEY)
        return f"{doubts.said(self._segments[number].suspect)}.\n{advice}"

    @Slot()
    def _on_caret_moved(self) -> None:
        if self._filling:
            return
        number = self.textCursor().blockNumber()
        if self._visited and min(self._visited[0], len(self._segments) - 1) != number:
            self._visited = None
            self.viewport().update()
        reason = self._doubt_at_caret()
        self.setAccessibleDescription(reason)
        if self._can_keep is not bool(reason):
            self._can_keep = bool(reason)
            self.can_keep_changed.emit(self._can_keep)

    def told_at(self, y: float) -> str:
        """What is to be said about the paragraph or the gap at this height of the viewport."""
        for paragraph in self.paragraphs_in_sight():
            for line, part in paragraph.gaps:
                if line.top() <= y < line.bottom():
                    return f"{clock(part.start_ms)}–{clock(part.end_ms)}  {_('Speech without text')}"
            if paragraph.place.top() <= y < paragraph.place.bottom():
                return self._doubt(paragraph.number)
        return ""

    # --- what is in sight ---

    def paragraphs_in_sight(self) -> Iterator[Paragraph]:
        """Those that can be seen, from top to bottom."""
        layout = self.document().documentLayout()
        scrolled = -self.verticalScrollBar().value()
        block = self.cursorForPosition(QPoint(0, 0)).block()
        while block.isValid() and block.blockNumber() < len(self._segments):
            number = block.blockNumber()
            place = layout.blockBoundingRect(block).translated(0, scrolled)
            if place.top() - CAPTION_GAPS[1] - CAPTION_PX > self.viewport().height():
                return
            line = block.layout().lineAt(0)
            first_line = QRectF(place.left(), place.top(), place.width(), line.height() if line.isValid() else LINE_PX)
            yield Paragraph(number, self._segments[number], place, first_line, tuple(self._captions(number, place)))
            block = block.next()

    def _captions(self, number: int, place: QRectF) -> Iterator[tuple[QRectF, Part]]:
        width = self.viewport().width() - 2 * place.left()
        if number in self._gaps:
            top = place.top() - CAPTION_GAPS[1] - CAPTION_PX
            yield QRectF(place.left(), top, width, CAPTION_PX), self._gaps[number]
        if number + 1 == len(self._segments) and number + 1 in self._gaps:
            yield QRectF(place.left(), place.bottom() + CAPTION_GAPS[0], width, CAPTION_PX), self._gaps[number + 1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(TEXT_PX - 3)
        painter.setFont(font)
        for paragraph in self.paragraphs_in_sight():
            self._paint_marks(painter, paragraph)
        painter.end()
        super().paintEvent(event)

    def _paint_marks(self, painter: QPainter, paragraph: Paragraph) -> None:
        number, at_ms = self._visited or (-1, -1)
        is_in_gap = any(part.start_ms <= at_ms < part.end_ms for part in self._gaps.values())
        if number == paragraph.number and not is_in_gap:
            self._paint_tint(painter, paragraph.place.adjusted(0, -4, 0, 4))
        for line, part in paragraph.gaps:
            if part.start_ms <= at_ms < part.end_ms:
                self._paint_tint(painter, line)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
            placed = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, placed, _caption(part))

    def _paint_tint(self, painter: QPainter, place: QRectF) -> None:
        tint = self.palette().color(QPalette.ColorRole.Highlight)
        tint.setAlphaF(TINT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(0, place.top(), self.viewport().width(), place.height()), RADIUS, RADIUS)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().y()), self.viewport())
            return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for position, segment in enumerate(self._segments):
                if segment.suspect:
                    self._style(position)

    # --- layout ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        bar = self.verticalScrollBar()
        followed = bar.maximum() > 0 and self._shows_end()
        super().resizeEvent(event)
        self._fit_margins()
        if self.document().textWidth() != self.viewport().width():
            # A viewport that is being shown for the first time is not told of its new margins (Qt 6.11).
            super().resizeEvent(QResizeEvent(self.viewport().size(), event.size()))
        if followed:  # a notice above must not end the following of what is being heard
            self._show_end()

    def _fit_margins(self) -> None:
        """Room for the times on one side, and lines that are not too long to read."""
        times = self._margin.wanted_width()
        line = QFontMetrics(self.font()).averageCharWidth() * MOST_CHARACTERS_A_LINE
        room = self.width() - times - MARGIN
        after = max(MARGIN, room - line)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            self.setViewportMargins(after, MARGIN // 2, times, 0)
        else:
            self.setViewportMargins(times, MARGIN // 2, after, 0)
        self._margin.place()


def _end_ms(segment: Segment) -> int:
    return segment.end_ms


def _caption(part: Part) -> str:
    seconds = max(1, round(part.length_ms / 1000))
    return _n("{count} second of speech without text", "{count} seconds of speech without text", seconds)
