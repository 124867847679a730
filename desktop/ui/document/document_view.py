"""The document view of a transcript: read, listened to and edited like one text, by keys and by the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.core.coverage import Part
from desktop.ui.document.editing_page import EditingPage
from desktop.ui.document.painter import Zone
from desktop.ui.document.paragraph import LINE_PX
from desktop.ui.document.reading_page import Hit
from desktop.ui.document.speaker_menu import SpeakerMenu

DRAG_TICK_MS = 40
_POINTING = (Zone.TIME, Zone.SPEAKER, Zone.WRITE, Zone.TRANSCRIBE)


class DocumentView(EditingPage):
    """Adds the mouse: the caret, dragging over text and over segments, times, speakers and captions to click."""

    seek_wanted = Signal(int)
    """A time was clicked, or a word with Ctrl: hear it from there."""
    word_clicked = Signal(int)
    """A word was clicked that starts at this time; the caret is in it."""
    context_menu_wanted = Signal(QPoint, object)
    """A place on the screen, and the positions that the menu is about."""
    insert_wanted = Signal(int, int)
    """Write something here: start and end of speech without text."""
    transcribe_wanted = Signal(int, int)
    """Listen again: start and end of speech without text."""

    def __init__(self) -> None:
        super().__init__()
        self._pressed: Hit | None = None
        self._has_dragged = False
        self._pointer = QPointF()
        self._drag_tick = QTimer(self, interval=DRAG_TICK_MS)
        self._drag_tick.timeout.connect(self._on_drag_tick)

    # --- speech without text, by keyboard ---

    @property
    def gap(self) -> Part | None:
        """The speech without text that `show_place` has gone to."""
        return self._visited_gap

    @Slot()
    def write_here(self) -> None:
        """Wish for an empty segment where the speech that is visited has no text."""
        if gap := self._visited_gap:
            self.insert_wanted.emit(gap.start_ms, gap.end_ms)

    # --- the speaker ---

    @Slot()
    def choose_speaker(self) -> SpeakerMenu | None:
        """Open the menu of speakers beside the segment with the caret."""
        return self._open_speakers(self._active) if self._active >= 0 else None

    def _open_speakers(self, number: int) -> SpeakerMenu:
        if number not in self._chosen_range:
            self._let_go()
            self._put_caret(number, self._editor.offset if number == self._active else 0)
        menu = SpeakerMenu(self, self.speakers, self._transcript.segments[number].speaker)
        menu.chosen.connect(self.set_speaker)
        menu.rename_wanted.connect(self.rename_speaker)
        place = self._column.speaker(self._row(number).top, LINE_PX)
        corner = place.bottomRight() if self._is_mirrored else place.bottomLeft()
        menu.open_at(self.viewport().mapToGlobal(corner.toPoint()))
        return menu

    # --- pressing and dragging ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self.hit(event.position())
        if event.button() is Qt.MouseButton.LeftButton:
            self._press(hit, event)
        elif event.button() is Qt.MouseButton.MiddleButton and hit.zone is Zone.TEXT:
            self._go_to(hit)
            self._pass_on(event)

    def _press(self, hit: Hit, event: QMouseEvent) -> None:
        if hit.zone is Zone.TIME:
            self.seek_wanted.emit(hit.part.start_ms if hit.part else self._transcript.segments[hit.number].start_ms)
        elif hit.zone is Zone.SPEAKER:
            self._open_speakers(hit.number)
        elif hit.zone is Zone.WRITE and hit.part:
            self.insert_wanted.emit(hit.part.start_ms, hit.part.end_ms)
        elif hit.zone is Zone.TRANSCRIBE and hit.part:
            self.transcribe_wanted.emit(hit.part.start_ms, hit.part.end_ms)
        elif hit.zone is Zone.TEXT:
            self._press_text(hit, event)

    def _press_text(self, hit: Hit, event: QMouseEvent) -> None:
        self._editor.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and hit.spot >= 0:
            self.seek_wanted.emit(self._spots(hit.number)[hit.spot].word.start_ms)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and (self._chosen or hit.number != self._active):
            self._grow_to(hit.number)
            return
        self._pressed, self._has_dragged = hit, False
        self._is_pressed = True
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._go_to(hit)
        self._pass_on(event)

    def _go_to(self, hit: Hit) -> None:
        self._let_go()
        self._put_caret(hit.number, hit.offset)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._pressed is None:
            self._show_hover(self.hit(event.position()))
            return
        self._drag()
        if self._chosen is None:
            self._pass_on(event)
        is_outside = not 0 <= event.position().y() < self.viewport().height()
        if is_outside and not self._drag_tick.isActive():
            self._drag_tick.start()
        elif not is_outside:
            self._drag_tick.stop()

    def _drag(self) -> None:
        """Within its segment, dragging selects letters; over others, whole segments."""
        if self._pressed is None:
            return
        number = self.hit(self._pointer).number
        if number < 0:
            return
        if number != self._pressed.number or (self._chosen and self._chosen[1] != number):
            self._has_dragged = True
        if number != self._pressed.number:
            self._choose(self._pressed.number, number)
        elif self._chosen:
            self._let_go()
            self._put_caret(number, self.hit(self._pointer).offset, self._pressed.offset)

    @Slot()
    def _on_drag_tick(self) -> None:
        """The pointer is held above or below the window: the text comes to it."""
        room, y = self.viewport().height(), self._pointer.y()
        beyond = y if y < 0 else y - room
        self._scroll_to(self._scrolled + round(max(-3 * LINE_PX, min(3 * LINE_PX, beyond))))
        self._pointer.setY(min(max(1.0, y), room - 2.0))
        self._drag()
        self._pointer.setY(y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_tick.stop()
        pressed, self._pressed = self._pressed, None
        self._is_pressed = False
        if event.button() is Qt.MouseButton.MiddleButton:
            self._pass_on(event)
        if pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pass_on(event)
        is_click = not (self._chosen or self._has_dragged or self._editor.textCursor().hasSelection())
        if is_click and pressed.spot >= 0 and not event.modifiers():
            self.word_clicked.emit(self._spots(pressed.number)[pressed.spot].word.start_ms)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        hit = self.hit(event.position())
        if hit.zone is Zone.TEXT and event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._has_dragged = hit, True
            self._is_pressed = True
            self._pass_on(event)
        else:
            self.mousePressEvent(event)

    def _pass_on(self, event: QMouseEvent) -> None:
        """The editor knows best what the mouse does within its text."""
        target = self._editor.viewport()
        place = QPointF(target.mapFrom(self.viewport(), QPoint(0, 0))) + event.position()
        passed = QMouseEvent(
            event.type(), place, event.globalPosition(), event.button(), event.buttons(), event.modifiers()
        )
        QApplication.sendEvent(target, passed)

    # --- pointing ---

    def _show_hover(self, hit: Hit) -> None:
        shape = Qt.CursorShape.IBeamCursor if hit.zone is Zone.TEXT else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hit.zone in _POINTING else shape)
        before, self._hover = self._hover, hit
        if (before.number, before.zone, before.part) != (hit.number, hit.zone, hit.part):
            self._update_row(before.number)
            self._update_row(hit.number)
            if before.part or hit.part:
                self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._show_hover(Hit(Zone.NOTHING))
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self._editor.caret_rect().bottomLeft())
        else:
            hit = self.hit(QPointF(event.pos()))
            is_elsewhere = hit.number != self._active or bool(self._chosen)
            if hit.number >= 0 and is_elsewhere and hit.number not in self._chosen_range:
                self._go_to(hit)
        self._editor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.context_menu_wanted.emit(place, self.selected_positions())
