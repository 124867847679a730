"""The transcript on a page that scrolls: only what is in sight is laid out and drawn, however long the whole is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop.core.coverage import Kind, Part
from desktop.core.document import Edit
from desktop.core.transcript import Segment, Transcript
from desktop.ui.document import places
from desktop.ui.document.column import Column
from desktop.ui.document.heights import Heights
from desktop.ui.document.paragraph import LINE_PX, TEXT_PX, Paragraph, Style, Typesetter
from desktop.ui.theme import GRID

TOP = 12
BOTTOM = 4 * GRID
PARAGRAPH_GAP = 10
TURN_GAP = GRID
"""More room where another person speaks."""
CAPTION_PX = LINE_PX
MOST_STEPS = 12
"""Laying out what is in sight brings other paragraphs into sight, but not for ever."""
MANY_SPLICES = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A segment in sight: its lines begin at `top` in the viewport. A caption above it lies within the row."""

    number: int
    segment: Segment
    paragraph: Paragraph
    top: float
    caption: tuple[float, Part] | None = None
    """Top and length of speech without text that comes before it."""

    @property
    def bottom(self) -> float:
        """Where its lines end."""
        return self.top + self.paragraph.line_count * LINE_PX


class Page(QAbstractScrollArea):
    """Holds a transcript and knows where each of its segments lies.

    The heights of paragraphs that were never in sight are estimates. They are put right as they come into sight,
    without what is being read moving.
    """

    def __init__(self) -> None:
        super().__init__()
        self._transcript = Transcript(())
        self._missing: tuple[Part, ...] = ()
        self._gaps: dict[int, Part] = {}
        self._draft: tuple[int, str] | None = None
        self._lines: list[int] = []
        self._heights = Heights()
        self._is_settling = False
        self._column = Column(0, 0, 0, 1, False)
        self._typesetter = Typesetter(Style(self.font(), 1))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # files are dropped on the window; text is moved by cutting and pasting
        self.verticalScrollBar().setSingleStep(LINE_PX)

    # --- what is shown ---

    @property
    def transcript(self) -> Transcript:
        """The present text; what is being typed right now comes with the next edit."""
        return self._transcript

    @property
    def segment_count(self) -> int:
        """How many segments are shown."""
        return len(self._transcript.segments)

    def set_missing(self, parts: Sequence[Part]) -> None:
        """Say between the paragraphs where speech has no text."""
        if tuple(parts) != self._missing:
            self._missing = tuple(parts)
            with self._held():
                self._find_gaps()

    def _show(self, transcript: Transcript) -> None:
        """Another transcript, from its start."""
        self._transcript = transcript
        self._draft = None
        self._gaps = self._gaps_now()
        self._set_up()
        self._scroll_to(0)

    def _add(self, transcript: Transcript) -> None:
        """The same transcript with more at its end."""
        known = self.segment_count
        with self._held():
            self._transcript = transcript
            added = transcript.segments[known:]
            self._lines += [-self._typesetter.estimate(one.text) for one in added]
            self._heights.splice(known, 0, [self._height(at) for at in range(known, self.segment_count)])
            self._find_gaps()
            self._fit_column()

    def _apply(self, transcript: Transcript, edit: Edit) -> None:
        """The transcript after an edit. What is read stays where it is, unless the edit is about it."""
        with self._held(edit):
            self._transcript = transcript
            if self._draft:
                self._draft = mapped(edit, self._draft[0]), self._draft[1]
            for splice in edit.splices:
                self._lines[splice.at : splice.at + len(splice.removed)] = [
                    -self._typesetter.estimate(one.text) for one in splice.inserted
                ]
            if len(edit.splices) > MANY_SPLICES:
                self._gaps = self._gaps_now()
                self._measure()
            else:
                self._splice_heights(edit)
                self._find_gaps()
            self._fit_column()

    def _splice_heights(self, edit: Edit) -> None:
        touched: set[int] = set()
        for splice in edit.splices:
            at, removed, inserted = splice.at, len(splice.removed), len(splice.inserted)
            self._heights.splice(at, removed, [0] * inserted)
            touched = {one if one < at else one + inserted - removed for one in touched if not at <= one < at + removed}
            touched |= set(range(at, at + inserted + 1))  # the one behind may have another speaker before it now
        for number in touched & set(range(self.segment_count)):
            self._heights[number] = self._height(number)

    def _set_up(self) -> None:
        """Forget every layout: for another transcript, width or font."""
        font = QFont(self.font())
        font.setPixelSize(TEXT_PX)
        self._column = self._wanted_column(font)
        self._typesetter = Typesetter(Style(font, self._column.text, self._is_mirrored))
        self._lines = [-self._typesetter.estimate(one.text) for one in self._transcript.segments]
        self._measure()

    def _fit_column(self) -> None:
        """Room for the names of the speakers, which may have changed."""
        wanted = self._wanted_column(self._typesetter.style.font)
        if wanted.text != self._column.text:
            self._set_up()
        self._column = wanted

    def _wanted_column(self, font: QFont) -> Column:
        return Column.of(self.viewport().width(), font, self.speakers, self._is_mirrored)

    @property
    def speakers(self) -> list[str]:
        """All who speak, in the order of their first words."""
        return list(dict.fromkeys(one.speaker for one in self._transcript.segments if one.speaker))

    @property
    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    # --- heights ---

    def _height(self, number: int) -> int:
        return self._above(number) + abs(self._lines[number]) * LINE_PX + PARAGRAPH_GAP

    def _above(self, number: int) -> int:
        caption = CAPTION_PX + PARAGRAPH_GAP if number in self._gaps else 0
        return caption + (TURN_GAP if self._is_turn(number) else 0)

    def _is_turn(self, number: int) -> bool:
        segments = self._transcript.segments
        return 0 < number < len(segments) and segments[number].speaker != segments[number - 1].speaker

    def _measure(self) -> None:
        self._heights = Heights(self._height(number) for number in range(self.segment_count))

    @property
    def _content_height(self) -> int:
        tail = CAPTION_PX + PARAGRAPH_GAP if self.segment_count in self._gaps else 0
        return TOP + self._heights.total + tail + BOTTOM

    def _text_top(self, number: int) -> int:
        """Where the lines of a segment begin, on the whole page."""
        return TOP + self._heights.top(number) + self._above(number)

    def _gaps_now(self) -> dict[int, Part]:
        """Speech without text by the number of the segment that it comes before; behind the last one counts too."""
        gaps: dict[int, Part] = {}
        for part in self._missing:
            number = self._number_at(part.start_ms)
            start_ms = gaps[number].start_ms if number in gaps else part.start_ms
            gaps[number] = Part(start_ms, part.end_ms, Kind.MISSING)
        return gaps

    def _find_gaps(self) -> None:
        before, self._gaps = self._gaps, self._gaps_now()
        for number in before.keys() ^ self._gaps.keys():
            if number < self.segment_count:
                self._heights[number] = self._height(number)

    def _number_at(self, ms: int) -> int:
        """The first segment that ends after this time."""
        return bisect_right(self._transcript.segments, ms, key=_end_ms)

    # --- scrolling ---

    @property
    def _scrolled(self) -> int:
        return self.verticalScrollBar().value()

    @property
    def _shows_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - LINE_PX

    def _scroll_to(self, y: int) -> None:
        """Bring a height of the page to the top of the viewport, as far as it can be."""
        self._fit_range()
        self.verticalScrollBar().setValue(y)
        self._settle()

    def _scroll_to_end(self) -> None:
        for _step in range(MOST_STEPS):
            self._fit_range()
            self._set_value(self.verticalScrollBar().maximum())
            if not self._lay_out_in_sight():
                break
        self._settle()

    @contextmanager
    def _held(self, edit: Edit | None = None) -> Iterator[None]:
        """What is in sight stays where it is, or the end in sight where it was; `edit` is what happens meanwhile."""
        is_at_start = self._scrolled == 0
        is_at_end = self.verticalScrollBar().maximum() > 0 and self._shows_end and edit is None
        number, y = self._reference()
        yield
        number = min(mapped(edit, number) if edit else number, self.segment_count - 1)
        if is_at_end:
            self._scroll_to_end()
        else:
            self._scroll_to(0 if is_at_start or number < 0 else self._text_top(number) - y)
        self._on_moved()

    def _settle(self) -> None:
        """Lay out what is in sight; what was laid out before stays where it is."""
        if self._is_settling:
            return
        for _step in range(MOST_STEPS):
            number, y = self._reference()
            if not self._lay_out_in_sight():
                break
            self._fit_range()
            self._set_value(self._text_top(number) - y)
        self._fit_range()
        self.viewport().update()

    def _reference(self) -> tuple[int, int]:
        """A segment in sight and its top in the viewport, one whose height is known if there is any; -1 for none."""
        numbers = self._numbers_in_sight()
        known = (number for number in numbers if self._lines[number] > 0 and self._text_top(number) >= self._scrolled)
        first = next(known, None)
        if first is None:
            first = next((number for number in numbers if self._lines[number] > 0), numbers.start)
        return (first, self._text_top(first) - self._scrolled) if numbers else (-1, 0)

    def _numbers_in_sight(self) -> range:
        if not self.segment_count:
            return range(0)
        first = self._heights.row_at(self._scrolled - TOP)
        last = self._heights.row_at(self._scrolled - TOP + self.viewport().height())
        return range(first, last + 1)

    def _lay_out_in_sight(self) -> bool:
        """Put the heights in sight right; whether any changed."""
        is_changed = False
        for number in self._numbers_in_sight():
            is_changed |= self._lines[number] < 0 and self._lay_out(number)
        return is_changed

    def _lay_out(self, number: int) -> bool:
        """Put the height of one segment right; whether it changed."""
        before = abs(self._lines[number])
        self._lines[number] = self._paragraph(number).line_count
        if self._lines[number] != before:
            self._heights[number] = self._height(number)
        return self._lines[number] != before

    def _lay_out_elsewhere(self, number: int) -> None:
        """Put the height of a segment out of sight right; what is in sight stays where it is."""
        reference, y = self._reference()
        if self._lay_out(number):
            self._fit_range()
            self._set_value(self._text_top(reference) - y)
            self._settle()

    def _fit_range(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        self._is_settling = True
        bar.setPageStep(max(LINE_PX, room - LINE_PX))
        bar.setRange(0, max(0, self._content_height - room))
        self._is_settling = False

    def _set_value(self, value: int) -> None:
        self._is_settling = True
        self.verticalScrollBar().setValue(value)
        self._is_settling = False

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self._settle()
        self._on_moved()

    def _on_moved(self) -> None:
        """The text has come to lie elsewhere."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        with self._held():
            if self._wanted_column(self._typesetter.style.font).text != self._column.text:
                self._set_up()
            self._fit_column()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange, QEvent.Type.StyleChange):
            with self._held():
                self._set_up()

    def sizeHint(self) -> QSize:
        return QSize(720, 480)

    # --- what is in sight ---

    def _segment(self, number: int) -> Segment:
        """A segment as it is to be seen: with what is being typed into it."""
        segment = self._transcript.segments[number]
        return replace(segment, text=self._draft[1]) if self._draft and self._draft[0] == number else segment

    def _paragraph(self, number: int) -> Paragraph:
        return self._typesetter.paragraph(self._segment(number))

    def _spots(self, number: int) -> tuple[places.Spot, ...]:
        """The words of a segment and where they stand in what is to be seen of it."""
        segment = self._transcript.segments[number]
        found = places.spots(segment)
        is_draft = self._draft and self._draft[0] == number
        return places.moved(found, segment.text, self._segment(number).text) if is_draft else found

    def rows_in_sight(self) -> Iterator[Row]:
        """Those that can be seen, from top to bottom."""
        for number in self._numbers_in_sight():
            yield self._row(number)

    def _row(self, number: int) -> Row:
        top = self._text_top(number) - self._scrolled
        row_top = TOP + self._heights.top(number) - self._scrolled + (TURN_GAP if self._is_turn(number) else 0)
        caption = (row_top, self._gaps[number]) if number in self._gaps else None
        return Row(number, self._segment(number), self._paragraph(number), top, caption)

    def captions_in_sight(self) -> Iterator[tuple[float, Part]]:
        """Speech without text, each with the top of its line in the viewport."""
        for number in self._numbers_in_sight():
            if number in self._gaps and (caption := self._row(number).caption):
                yield caption
        if self.segment_count in self._gaps:
            yield TOP + self._heights.total - self._scrolled, self._gaps[self.segment_count]


def mapped(edit: Edit, number: int) -> int:
    """Which segment stands for another one after an edit."""
    for splice in edit.splices:
        removed, inserted = len(splice.removed), len(splice.inserted)
        if number >= splice.at + removed:
            number += inserted - removed
        elif number >= splice.at:
            number = min(number, splice.at + max(0, inserted - 1))
    return number


def touches(edit: Edit, number: int) -> bool:
    """Whether an edit puts something else in place of a segment."""
    for splice in edit.splices:
        removed, inserted = len(splice.removed), len(splice.inserted)
        if splice.at <= number < splice.at + removed:
            return True
        number += inserted - removed if number >= splice.at else 0
    return False


def _end_ms(segment: Segment) -> int:
    return segment.end_ms
