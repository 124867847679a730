"""The page to write on: an editor lies over the segment with the caret, and every change becomes a wish."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.core import editing
from desktop.core.document import Edit
from desktop.core.i18n import _n
from desktop.core.names import clock
from desktop.core.transcript import Segment, Transcript
from desktop.ui.document import places
from desktop.ui.document.landing import landing
from desktop.ui.document.page import mapped, touches
from desktop.ui.document.paragraph import LINE_PX
from desktop.ui.document.reading_page import NEAR, ReadingPage
from desktop.ui.document.segment_editor import CARET_ROOM, SegmentEditor

REST_MS = 300
"""Typing that rests this long is kept."""
LATEST_MS = 500
"""And typing that does not rest, so long after its first key: so much is lost at most when the program is killed."""
TYPED_AGO_MS = 2000
"""For so long after a key the text is not scrolled away from under the hands."""


class WritingPage(ReadingPage):
    """Takes changes and emits them as edits of the present transcript; nothing changes here before `take` is called.

    Whoever listens to `edit_wanted` answers it at once with `take`.
    """

    edit_wanted = Signal(object)
    """An `Edit` of the present transcript."""
    undo_wanted = Signal()
    redo_wanted = Signal()
    selection_changed = Signal()
    place_changed = Signal(int)
    """The time of the word at the caret."""
    can_keep_changed = Signal(bool)
    """Whether the caret is in doubtful text."""

    def __init__(self) -> None:
        super().__init__()
        self._is_pressed = False
        self._place_ms = -1
        self._can_keep = False
        self._editor = SegmentEditor(self.viewport())
        self._editor.setReadOnly(True)
        self._editor.setAccessibleName(self.accessibleName())
        self._editor.typed.connect(self._on_typed)
        self._editor.caret_moved.connect(self._on_caret_moved)
        self._editor.focus_changed.connect(self._on_focus_changed)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._latest = QTimer(self, singleShot=True, interval=LATEST_MS)
        self._typed_ago = QTimer(self, singleShot=True, interval=TYPED_AGO_MS)
        for timer in (self._rest, self._latest):
            timer.timeout.connect(self.commit)
        self.setFocusProxy(self._editor)

    # --- what is shown ---

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript from its start; what was typed into the one before is kept first."""
        self._leave()
        self._active = -1
        self._show(transcript)
        self._start_again()
        self.selection_changed.emit()

    def add_segments(self, transcript: Transcript) -> None:
        """The same transcript with more at its end; follows the end if the end is in sight."""
        self._add(transcript)
        if self._active < 0:
            self._start_again()
        self._place_editor()

    def take(self, transcript: Transcript, edit: Edit) -> None:
        """The transcript after an edit, whoever wished it. The caret goes to where the text has changed."""
        before = self._active, self._editor.offset
        is_own = self._is_draft(edit)
        is_lost = self._draft is not None and not is_own and touches(edit, self._draft[0])
        if is_own or is_lost:
            self._draft = None
        self._apply(transcript, edit)
        place = landing(edit, before)
        is_one_to_one = all(len(one.removed) == len(one.inserted) for one in edit.splices)
        if place is None or is_own or (self._chosen and is_one_to_one):
            self._stay(has_new_text=is_lost or (place is not None and not is_own))
        else:
            self._let_go()
            self._active = -1
            self._put_caret(*place)

    def _apply(self, transcript: Transcript, edit: Edit) -> None:
        # Laying out asks for the segment below the editor, which may be another one from here on, or none.
        self._active = min(mapped(edit, self._active), len(transcript.segments) - 1)
        super()._apply(transcript, edit)

    def _start_again(self) -> None:
        """The caret at the start, where nobody has put it anywhere."""
        self._place_ms = -1
        self._put_caret(0, 0, is_brought=False)

    def _stay(self, has_new_text: bool) -> None:
        """The caret in the same segment, whatever has become of it."""
        if self._active >= 0:
            if has_new_text:
                self._editor.show_segment(self._segment(self._active), self._typesetter.style)
            else:
                self._editor.restyle(self._segment(self._active))
        self._place_editor()
        self._tell_place()

    def _is_draft(self, edit: Edit) -> bool:
        """Whether the edit is what has just been typed."""
        if self._draft is None or len(edit.splices) != 1:
            return False
        splice = edit.splices[0]
        is_there = splice.at == self._draft[0] and len(splice.removed) == len(splice.inserted) == 1
        return is_there and splice.inserted[0].text == self._draft[1]

    # --- the editor ---

    @property
    def keyboard(self) -> QWidget:
        """The widget that gets the keys; an event filter there sees them first, as a review has to."""
        return self._editor

    @property
    def _has_editor(self) -> bool:
        return self._active >= 0

    @property
    def _is_in_use(self) -> bool:
        return self._editor.hasFocus()

    def _put_caret(self, number: int, offset: int, anchor: int | None = None, is_brought: bool = True) -> None:
        """The caret to a place, and that into sight; the text of its segment from `anchor` on is selected."""
        if not self.segment_count:
            self._put_aside()
            return
        if number != self._active:
            self._leave()
            if number >= self.segment_count:
                number, offset = self.segment_count - 1, len(self._transcript.segments[-1].text)
            self._update_row(self._active)
            self._active = number
            self._editor.show_segment(self._segment(number), self._typesetter.style)
            self._editor.setReadOnly(bool(self._chosen))
        self._editor.put_caret(offset, anchor)
        self._place_editor()
        self._on_caret_moved()
        if is_brought and not self._is_pressed:
            self._bring(number, offset)

    def _put_aside(self) -> None:
        """There is nothing to write into; the keyboard stays here, so that all can be undone."""
        self._active = -1
        self._editor.show_segment(Segment(0, 0, ""), self._typesetter.style)
        self._editor.setReadOnly(True)
        self._tell_place()

    def _place_editor(self) -> None:
        """Over the text of its segment, to the pixel; or somewhere out of sight."""
        if self._active < 0:
            return
        if self._lines[self._active] < 0:
            self._lay_out_elsewhere(self._active)
        row, room = self._row(self._active), self.viewport().height()
        lines = self._column.lines(row.top, row.bottom - row.top).toAlignedRect()
        top = min(max(lines.top(), -lines.height() - LINE_PX), room + LINE_PX)
        # With room below it never scrolls by itself when another line begins.
        self._editor.setGeometry(lines.left(), top, lines.width() + CARET_ROOM, lines.height() + 2 * LINE_PX)

    def _on_moved(self) -> None:
        super()._on_moved()
        self._place_editor()

    def _set_up(self) -> None:
        super()._set_up()
        if 0 <= self._active < self.segment_count:
            cursor = self._editor.textCursor()
            ends = [places.letters(self._editor.text(), unit) for unit in (cursor.position(), cursor.anchor())]
            self._editor.show_segment(self._segment(self._active), self._typesetter.style)
            self._editor.put_caret(*ends)

    # --- typing ---

    @Slot()
    def commit(self) -> None:
        """Wish for what was typed, if anything was."""
        self._rest.stop()
        self._latest.stop()
        if self._draft:
            number, text = self._draft
            self.edit_wanted.emit(editing.reworded(self._transcript, number, text))

    def _leave(self) -> None:
        """What is being written here is finished."""
        self._editor.end_composing()
        self.commit()

    @Slot()
    def _on_typed(self) -> None:
        text = self._editor.text()
        is_changed = text != self._transcript.segments[self._active].text
        self._draft = (self._active, text) if is_changed else None
        self._visited = None
        self._editor.restyle(self._segment(self._active))
        if self._lay_out(self._active):
            self._settle()
        self._place_editor()
        self._update_row(self._active)
        self._typed_ago.start()
        if not is_changed:
            self._rest.stop()
            self._latest.stop()
            return
        self._rest.start()
        if not self._latest.isActive():
            self._latest.start()

    def _follow(self) -> None:
        if not self._typed_ago.isActive():
            super()._follow()

    @Slot(bool)
    def _on_focus_changed(self, has_focus: bool) -> None:
        if not has_focus:
            self.commit()
        self._update_row(self._active)

    # --- the caret ---

    def caret_place(self) -> tuple[int, int, int]:
        """The segment with the caret, the word there, and its time; -1 for what there is not."""
        if self._active < 0:
            return -1, -1, -1
        segment, spots = self._transcript.segments[self._active], self._spots(self._active)
        word = places.spot_at(spots, self._editor.offset)
        return self._active, word, spots[word].word.start_ms if word >= 0 else segment.start_ms

    def place_ms(self) -> int:
        """The time at the caret or of the place visited; -1 as long as the caret has not left the start."""
        if self._visited:
            return self._visited[1]
        is_at_start = self._active <= 0 and (self._active < 0 or self._editor.offset == 0)
        return -1 if is_at_start else self.caret_place()[2]

    @Slot()
    def _on_caret_moved(self) -> None:
        if self._visited and self._visited[0] != self._active:
            self._visited = None
            self.viewport().update()
        if self._active >= 0 and not self._is_pressed and self._editor.hasFocus():
            self._bring(self._active, self._editor.offset)
            self._leave_playhead()
        self._update_row(self._active)
        self._tell_place()

    def _tell_place(self) -> None:
        """News of the caret, for those who listen and those who listen with a screen reader."""
        number, _word, ms = self.caret_place()
        reason = self.doubt(number)
        for widget, with_text in ((self._editor, False), (self, True)):
            described = self._described(number, reason, with_text)
            if widget.accessibleDescription() != described:  # else it would be read aloud again with every letter
                widget.setAccessibleDescription(described)
        if self._can_keep is not bool(reason):
            self._can_keep = bool(reason)
            self.can_keep_changed.emit(self._can_keep)
        if ms != self._place_ms:
            self._place_ms = ms
            self.place_changed.emit(ms)

    def _described(self, number: int, reason: str, with_text: bool) -> str:
        if number < 0:
            return ""
        if len(self._chosen_range) > 1:
            return _n("{count} segment chosen", "{count} segments chosen", len(self._chosen_range))
        segment = self._segment(number)
        parts = (clock(segment.start_ms), segment.speaker, segment.text if with_text else "", reason)
        return ", ".join(part for part in parts if part)

    def show_place(self, ms: int) -> None:
        """Bring the text of a time into sight and the caret into it."""
        if not self.segment_count:
            return
        self._let_go()
        number = min(self._number_at(ms), self.segment_count - 1)
        spots = places.spots(self._transcript.segments[number])
        word = max(0, places.spot_at_ms(spots, ms))
        self._editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._put_caret(number, spots[word].start if spots else 0)
        self._visited = number, ms
        self._show_gap(number)
        self.viewport().update()
        if reason := self.doubt(number):
            caret = self._editor.cursorRect()
            # Without a rectangle of its own a tip with the text of the last one would stay at the last place.
            QToolTip.showText(self._editor.mapToGlobal(caret.bottomLeft()), reason, self._editor, caret)

    def _show_gap(self, number: int) -> None:
        """Bring the caption of the speech that is visited into sight, too."""
        gap, caption = self._visited_gap, self._row(number).caption
        if gap and caption is None:
            self._scroll_to_end()
        elif gap and caption and caption[0] < 0:
            self._scroll_to(self._scrolled + int(caption[0]) - NEAR)

    def select(self, segment: int, start: int, end: int) -> None:
        """Select some letters of a segment, ready to be typed over."""
        if 0 <= segment < self.segment_count:
            self._let_go()
            self._put_caret(segment, end, start)

    def _let_go(self) -> None:
        """No segments are chosen."""
        if self._chosen:
            self._chosen = None
            self._editor.setReadOnly(False)
            self.viewport().update()
            self.selection_changed.emit()
