"""The page to edit: whole segments chosen, split, merged and deleted, and the keys that do it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QPointF, Slot
from PySide6.QtGui import QGuiApplication

from desktop.core import editing
from desktop.core.document import Edit
from desktop.ui.document.gestures import Gesture
from desktop.ui.document.paragraph import LINE_PX
from desktop.ui.document.writing_page import WritingPage

INSERTED_MS = 2000
"""A new segment is so long if there is room."""


class EditingPage(WritingPage):
    """Every command and every key of the document view, for the segment with the caret or those that are chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._editor.gesture_made.connect(self._on_gesture_made)

    # --- choosing whole segments ---

    def selected_positions(self) -> tuple[int, ...]:
        """The segments that a command is about: those chosen, or the one with the caret."""
        if self._chosen:
            return tuple(self._chosen_range)
        return (self._active,) if self._active >= 0 else ()

    @property
    def chosen_count(self) -> int:
        """How many whole segments are chosen; 0 while there is a caret."""
        return len(self._chosen_range)

    def _choose(self, anchor: int, head: int, is_followed: bool = True) -> None:
        """Choose whole segments from one to another; the keyboard goes on from the second."""
        self._leave()
        last = self.segment_count - 1
        chosen = min(max(0, anchor), last), min(max(0, head), last)
        if last < 0 or chosen == self._chosen:
            return
        self._chosen = chosen
        self._visited = None
        if is_followed:
            self._put_caret(chosen[1], 0)
        self._editor.put_caret(self._editor.offset)
        self._editor.setReadOnly(True)
        self._tell_place()
        self.viewport().update()
        self.selection_changed.emit()

    def _grow(self, step: int) -> None:
        anchor, head = self._chosen or (self._active, self._active)
        self._choose(anchor, head + step)

    def _grow_to(self, head: int) -> None:
        self._choose(self._chosen[0] if self._chosen else self._active, head)

    # --- commands ---

    @Slot()
    def split_here(self) -> None:
        """Cut the segment at the caret in two. Behind its last letter, go on to the next segment."""
        self._leave()
        if self._active < 0 or self._chosen:
            return
        offset = self._editor.offset
        if not self._transcript.segments[self._active].text[offset:].strip():
            self._go_on()
            return
        self._want(editing.split(self._transcript, self._active, offset))

    @Slot()
    def merge_with_next(self) -> None:
        """Make one segment of this one and the next, or of all that are chosen."""
        self._merge(0, 1)

    @Slot()
    def merge_with_previous(self) -> None:
        """Make one segment of this one and the one before, or of all that are chosen."""
        self._merge(-1, 0)

    def _merge(self, before: int, behind: int) -> None:
        self._leave()
        positions = self.selected_positions()
        if not positions:
            return
        first, last = positions[0], positions[-1]
        if first == last:
            first, last = first + before, last + behind
        if 0 <= first < last < self.segment_count:
            self._want(editing.merged(self._transcript, first, last))

    @Slot()
    def delete_selected(self) -> None:
        """Take away the segments that are chosen, or the one with the caret."""
        self._leave()
        self._want(editing.deleted(self._transcript, self.selected_positions()))

    @Slot(str)
    def set_speaker(self, name: str) -> None:
        """Say who speaks in the segments that are chosen, or in the one with the caret."""
        self._leave()
        self._want(editing.spoken_by(self._transcript, self.selected_positions(), name))

    @Slot(str, str)
    def rename_speaker(self, speaker: str, name: str) -> None:
        """Another name for a speaker, everywhere."""
        self._leave()
        self._want(editing.renamed_speaker(self._transcript, speaker, name))

    @Slot()
    def keep_text(self) -> None:
        """Find the doubtful text at the caret, or in the segments that are chosen, right."""
        self._leave()
        segments = self._transcript.segments
        steps = [editing.kept(self._transcript, at) for at in self.selected_positions() if segments[at].suspect]
        if steps:
            self._want(Edit(steps[0].label, tuple(splice for step in steps for splice in step.splices)))

    @Slot()
    def insert_after(self) -> None:
        """Begin an empty segment behind this one, as long as the next one leaves room."""
        self._leave()
        positions, segments = self.selected_positions(), self._transcript.segments
        start_ms = segments[positions[-1]].end_ms if positions else 0
        self._want(editing.inserted(self._transcript, start_ms, start_ms + INSERTED_MS))

    @Slot()
    def next_segment(self) -> None:
        """The caret to the start of the next segment."""
        self._move(min(self._active + 1, self.segment_count - 1), 0)

    @Slot()
    def previous_segment(self) -> None:
        """The caret to the start of its segment, or of the one before."""
        is_at_start = self._editor.offset == 0 or bool(self._chosen)
        self._move(max(0, self._active - is_at_start), 0)

    @Slot()
    def undo(self) -> None:
        """Wish that the last edit is undone."""
        self._leave()
        self.undo_wanted.emit()

    @Slot()
    def redo(self) -> None:
        """Wish that what was undone is done again."""
        self._leave()
        self.redo_wanted.emit()

    @Slot()
    def copy(self) -> None:
        """The text of the segments that are chosen, or what is selected in one, to the clipboard."""
        if self._chosen:
            texts = (self._transcript.segments[at].text.strip() for at in self._chosen_range)
            QGuiApplication.clipboard().setText("\n".join(texts))
        else:
            self._editor.copy()

    @Slot()
    def cut(self) -> None:
        """The same, and away with it."""
        if self._chosen:
            self.copy()
            self.delete_selected()
        else:
            self._editor.cut()

    @Slot()
    def paste(self) -> None:
        """The text of the clipboard at the caret."""
        self._editor.paste()

    @Slot()
    def select_all(self) -> None:
        """All of the segment; if it is selected already, all segments."""
        if self._active < 0:
            return
        if self._editor.caret().is_all_selected or self._chosen:
            self._choose(0, self.segment_count - 1, is_followed=False)
        else:
            self._editor.selectAll()

    def _want(self, edit: Edit) -> None:
        if edit:
            self.edit_wanted.emit(edit)

    # --- moving by keys ---

    @Slot(object)
    def _on_gesture_made(self, gesture: Gesture) -> None:
        if self._active >= 0 or gesture in (Gesture.UNDO, Gesture.REDO):
            self._WAYS[gesture](self)

    def _move(self, number: int, offset: int) -> None:
        if self._active >= 0:
            self._let_go()
            self._put_caret(number, offset)

    def _go_up(self) -> None:
        if self._chosen:
            self._move(self._chosen_range[0], 0)
        elif self._active > 0:
            self._go_to_line(self._active - 1, self._paragraph(self._active - 1).line_count - 1)
        else:
            self._move(0, 0)

    def _go_down(self) -> None:
        if self._chosen:
            self._move(self._chosen_range[-1], self._end_of(self._chosen_range[-1]))
        elif self._active + 1 < self.segment_count:
            self._go_to_line(self._active + 1, 0)
        else:
            self._move(self._active, self._end_of(self._active))

    def _go_to_line(self, number: int, line: int) -> None:
        """Into a line of another segment, below or above where the caret has been."""
        x = self._editor.textCursor().verticalMovementX()
        self._move(number, self._paragraph(number).offset_at(x, line * LINE_PX))
        cursor = self._editor.textCursor()
        cursor.setVerticalMovementX(x)
        self._editor.setTextCursor(cursor)

    def _go_back(self) -> None:
        if self._chosen:
            self._move(self._chosen_range[0], 0)
        elif self._active > 0:
            self._move(self._active - 1, self._end_of(self._active - 1))

    def _go_on(self) -> None:
        if self._chosen:
            self._move(self._chosen_range[-1], self._end_of(self._chosen_range[-1]))
        elif self._active + 1 < self.segment_count:
            self._move(self._active + 1, 0)

    def _page(self, way: int) -> None:
        """As far as the window is high; the caret stays where it is in the window."""
        self._let_go()
        self._bring(self._active, self._editor.offset)
        x = self._editor.textCursor().verticalMovementX()
        caret = self._editor.caret_rect().center()
        before = self._scrolled
        self._scroll_to(before + way * self.verticalScrollBar().pageStep())
        if self._scrolled == before:
            last = self.segment_count - 1
            self._move(*((0, 0) if way < 0 else (last, self._end_of(last))))
            return
        hit = self.hit(QPointF(self._column.lines(0, 0).left() + x, caret.y()))
        if hit.number >= 0:
            self._move(hit.number, hit.offset)
        self._leave_playhead()

    def _page_of(self, way: int) -> int:
        """The segment a window further."""
        top = self._heights.top(self._chosen[1] if self._chosen else self._active)
        return self._heights.row_at(top + way * self.verticalScrollBar().pageStep())

    def _end_of(self, number: int) -> int:
        return len(self._segment(number).text)

    def _break_line(self) -> None:
        """Only what a person has set as a cue has lines of its own."""
        if self._editor.is_pinned:
            self._editor.break_line()

    def _let_go_here(self) -> None:
        self._move(self._active, 0)

    def _do_nothing(self) -> None:
        """A key that would do harm here."""

    _WAYS: ClassVar[dict[Gesture, Callable[[EditingPage], None]]] = {
        Gesture.SPLIT: split_here,
        Gesture.BREAK_LINE: _break_line,
        Gesture.MERGE_BACK: merge_with_previous,
        Gesture.MERGE_ON: merge_with_next,
        Gesture.UP: _go_up,
        Gesture.DOWN: _go_down,
        Gesture.BACK: _go_back,
        Gesture.ON: _go_on,
        Gesture.PAGE_UP: lambda page: page._page(-1),
        Gesture.PAGE_DOWN: lambda page: page._page(1),
        Gesture.TO_START: lambda page: page._move(0, 0),
        Gesture.TO_END: lambda page: page._move(page.segment_count - 1, page._end_of(page.segment_count - 1)),
        Gesture.PREVIOUS: previous_segment,
        Gesture.NEXT: next_segment,
        Gesture.GROW_UP: lambda page: page._grow(-1),
        Gesture.GROW_DOWN: lambda page: page._grow(1),
        Gesture.GROW_PAGE_UP: lambda page: page._grow_to(page._page_of(-1)),
        Gesture.GROW_PAGE_DOWN: lambda page: page._grow_to(page._page_of(1)),
        Gesture.GROW_TO_START: lambda page: page._grow_to(0),
        Gesture.GROW_TO_END: lambda page: page._grow_to(page.segment_count - 1),
        Gesture.CHOOSE_ALL: select_all,
        Gesture.UNDO: undo,
        Gesture.REDO: redo,
        Gesture.COPY: copy,
        Gesture.CUT: cut,
        Gesture.DELETE: delete_selected,
        Gesture.LET_GO: _let_go_here,
        Gesture.NOTHING: _do_nothing,
    }
