"""The waveform itself: segments over the sound, dragged by their edges; a playhead; a stretch that is selected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from desktop.core.coverage import Part
from desktop.core.document import Edit
from desktop.core.i18n import _
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.transcript import Segment, Transcript
from desktop.ui.player.canvas_drawing import RULER_PX, CanvasDrawing, Scene, missing_parts
from desktop.ui.player.dragging import Grip, Hold, dragged, snapped
from desktop.ui.player.moving_drawing import MovingDrawing, fine_clock
from desktop.ui.player.regions import Regions
from desktop.ui.player.view import View

REACH_PX = 5
"""So near an edge the pointer takes hold of it."""
SNAP_PX = 9
"""So near a place where the sound begins or ends, an edge comes to it."""
HEIGHT = 132
LEAST_HEIGHT = 84
FIRST_SPAN_MS = 30_000
"""What is in view of a file that has just been opened."""
ZOOM = 1.5
PAGE_AT = 0.92
"""How far along the view the playhead gets before the view goes on; it then stands at the rest from the left."""
KEY_STEP_MS = 500
FINE_STEP_MS = 50
SCROLL_MS = 30


@dataclass(slots=True)
class _Drag:
    """What the pointer does while its button is down."""

    grip: Grip | None
    """None selects a stretch."""
    pressed: QPointF
    pressed_ms: float
    has_moved: bool = False
    edit: Edit | None = None
    snapped_ms: int | None = None


class Canvas(QWidget):
    """Shows a part of the sound with what is said there.

    Nothing is changed here: letting go of a segment wishes for an edit, and the transcript that comes back is shown.
    """

    seek_wanted = Signal(int)
    edit_wanted = Signal(object)
    stretch_selected = Signal(int, int)
    stretch_cleared = Signal()
    segment_chosen = Signal(int)
    menu_wanted = Signal(QPoint, int)
    """Where on the screen, and at which time: the right button was pressed."""
    view_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._peaks = Peaks()
        self._length_ms = 0
        self._regions = Regions(Transcript(()))
        self._missing: list[Part] = []
        self._chosen: frozenset[int] = frozenset()
        self._view = View.whole(0, 1)
        self._playhead_ms = 0
        self._stretch: tuple[int, int] | None = None
        self._drag: _Drag | None = None
        self._is_at_hand = False
        """What is told just now comes from the pointer: what is under it stays there."""
        self._is_following = True
        self._layer: QPixmap | None = None
        self._scroller = QTimer(self, interval=SCROLL_MS)
        self._scroller.timeout.connect(self._on_scroll)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Waveform"))

    # --- what it shows ---

    @property
    def view(self) -> View:
        """What is in view."""
        return self._view

    @property
    def peaks(self) -> Peaks:
        """The peaks that are shown."""
        return self._peaks

    @property
    def stretch(self) -> tuple[int, int] | None:
        """What is selected, from and to."""
        return self._stretch

    @property
    def dragged_edit(self) -> Edit | None:
        """What letting go would wish for now."""
        return self._drag.edit if self._drag else None

    def show_media(self, peaks: Peaks | None, length_ms: int) -> None:
        """Show another file from its start; its peaks may come later."""
        self._end_drag()
        self._peaks = Peaks() if peaks is None else peaks
        self._length_ms = max(length_ms, self._peaks.length_ms)
        self._playhead_ms = 0
        self._stretch = None
        self._is_following = True
        self._show_view(self._first_view(self.width()))

    def show_peaks(self, peaks: Peaks) -> None:
        """Show the peaks of the same file."""
        self._peaks = peaks
        self._grow()
        self._redraw()

    def add_peaks(self, parts: Iterable[PeaksPart]) -> None:
        """Show what follows those that are there."""
        known_ms = self._peaks.length_ms
        for part in parts:
            self._peaks.add(part)
        self._grow()
        if known_ms <= self._view.end_ms:
            self._redraw()

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript, or the same after an edit."""
        self._regions = Regions(transcript)
        self._missing = missing_parts(transcript.coverage.parts)
        self._chosen = frozenset(at for at in self._chosen if at < len(transcript.segments))
        if self._drag and self._drag.grip:  # it holds what may no longer be there
            self._end_drag()
        self._redraw()

    def set_selection(self, positions: Iterable[int]) -> None:
        """Stress these segments."""
        chosen = frozenset(positions)
        if chosen != self._chosen:
            self._chosen = chosen
            self._describe()
            self._redraw()

    def set_stretch(self, stretch: tuple[int, int] | None) -> None:
        """Mark a stretch as selected, or none."""
        if stretch != self._stretch:
            self._stretch = stretch
            self.update()

    def set_playhead(self, ms: int) -> None:
        """Show where the sound is; the view goes with it unless the user has looked away."""
        before = self._view.x_of(self._playhead_ms)
        self._playhead_ms = ms
        if self._is_following and not self._drag and not self._is_well_in_view(ms):
            self._show_view(self._paged(ms))
            return
        after = self._view.x_of(ms)
        if int(before) != int(after):
            for x in (before, after):
                self.update(int(x) - 7, 0, 15, self.height())
        if not self._is_following and self._view.holds(ms):
            self._is_following = True

    def follow(self) -> None:
        """Show the playhead, and go with it."""
        self._is_following = True
        if not self._view.holds(self._playhead_ms):
            self._show_view(self._paged(self._playhead_ms))

    # --- what is in view ---

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Come closer by a factor; what lies at a place stays there: else the playhead, or the middle."""
        if x is None:
            in_view = self._view.holds(self._playhead_ms)
            x = self._view.x_of(self._playhead_ms) if in_view else self.width() / 2
        self._look(self._view.zoomed(factor, x, self._length_ms))

    def show_all(self) -> None:
        """All of the file."""
        self._look(View.whole(self._length_ms, self.width()))

    def bring_into_view(self, start_ms: int, end_ms: int) -> None:
        """Move there, unless it is in view already, or what the pointer has just meant."""
        last_ms = min(end_ms, start_ms + self._view.span_ms)
        is_in_view = self._view.holds(start_ms) and self._view.holds(last_ms)
        if not (is_in_view or self._is_at_hand):
            self._look(self._view.moved(start_ms - self._view.span_ms / 8 - self._view.start_ms, self._length_ms))

    def travel(self, by_px: float) -> None:
        """Further along."""
        self._look(self._view.moved(by_px * self._view.ms_per_px, self._length_ms))

    def center(self, ms: int) -> None:
        """Put a time into the middle."""
        self._look(self._view.moved(ms - self._view.span_ms / 2 - self._view.start_ms, self._length_ms))

    def _look(self, view: View) -> None:
        """The user looks somewhere: the view goes with the playhead only while that is in sight."""
        self._is_following = view.holds(self._playhead_ms)
        self._show_view(view)

    def _show_view(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.view_changed.emit(view)
        self._redraw()

    def _first_view(self, width: float) -> View:
        whole = View.whole(self._length_ms, width)
        return View(0, FIRST_SPAN_MS / whole.width, whole.width).within(self._length_ms)

    def _is_well_in_view(self, ms: int) -> bool:
        end_ms = self._view.start_ms + PAGE_AT * self._view.span_ms
        return self._view.start_ms <= ms <= (end_ms if self._view.end_ms < self._length_ms else self._view.end_ms)

    def _paged(self, ms: int) -> View:
        return self._view.moved(ms - (1 - PAGE_AT) * self._view.span_ms - self._view.start_ms, self._length_ms)

    def _grow(self) -> None:
        """A file may hold more sound than it says."""
        if self._peaks.length_ms > self._length_ms:
            was_whole = self._view.is_all_of(self._length_ms)
            self._length_ms = self._peaks.length_ms
            if was_whole and self._length_ms <= FIRST_SPAN_MS:
                self._show_view(View.whole(self._length_ms, self.width()))

    # --- the pointer ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or not self._length_ms:
            return
        ms = self._view.ms_at(event.position().x())
        selects = event.position().y() < RULER_PX or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._drag = _Drag(None if selects else self._grip_at(event), event.position(), ms)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None:
            self._show_cursor(event)
            return
        moved = abs(event.position().x() - drag.pressed.x())
        if not drag.has_moved and moved < QApplication.startDragDistance() // 2:
            return
        drag.has_moved = True
        x = event.position().x()
        if 0 <= x <= self.width():
            self._scroller.stop()
        elif not self._scroller.isActive():
            self._scroller.start()
        self._drag_to(x, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._end_drag()
        self._is_at_hand = True
        self._let_go(drag)
        self._is_at_hand = False

    def _let_go(self, drag: _Drag) -> None:
        if not drag.has_moved:
            self._click(drag)
        elif drag.grip is None:
            if self._stretch and self._stretch[1] > self._stretch[0]:
                self.stretch_selected.emit(*self._stretch)
        elif drag.edit:
            if drag.grip.hold is not Hold.SEAM:
                self.segment_chosen.emit(drag.grip.at)
            self.edit_wanted.emit(drag.edit)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._regions.at(self._view.ms_at(event.position().x()))
        if event.button() is Qt.MouseButton.LeftButton and at is not None and event.position().y() >= RULER_PX:
            one = self._regions.transcript.segments[at]
            self._select(one.start_ms, one.end_ms)
            self.stretch_selected.emit(one.start_ms, one.end_ms)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        ms = self._view.ms_at(event.pos().x())
        at = self._regions.at(ms)
        if at is not None and at not in self._chosen:
            self._is_at_hand = True
            self.segment_chosen.emit(at)
            self._is_at_hand = False
        self.menu_wanted.emit(event.globalPos(), self._inside(ms))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As in sound editors: Ctrl comes closer, without it one moves along."""
        pixels, degrees = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM ** (degrees.y() / 120), event.position().x())
        elif not pixels.isNull():
            self.travel(-(pixels.x() or pixels.y()))
        else:
            self.travel(-(degrees.x() or degrees.y()) / 120 * self.width() / 8)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step_ms = FINE_STEP_MS if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else KEY_STEP_MS
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM)
            case Qt.Key.Key_0:
                self.show_all()
            case Qt.Key.Key_Left:
                self.seek_wanted.emit(self._inside(self._playhead_ms - step_ms))
            case Qt.Key.Key_Right:
                self.seek_wanted.emit(self._inside(self._playhead_ms + step_ms))
            case Qt.Key.Key_Home:
                self.seek_wanted.emit(0)
            case Qt.Key.Key_End:
                self.seek_wanted.emit(self._length_ms)
            case Qt.Key.Key_PageUp:
                self.travel(-0.8 * self.width())
            case Qt.Key.Key_PageDown:
                self.travel(0.8 * self.width())
            case Qt.Key.Key_Escape if self._drag or self._stretch:
                self._cancel()
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """The time at a place, and what is said there."""
        ms = self._view.ms_at(x)
        at = self._regions.at(ms)
        if at is not None:
            one = self._regions.transcript.segments[at]
            return f"{fine_clock(one.start_ms)}–{fine_clock(one.end_ms)}\n{one.text.strip()[:200]}"
        is_missing = any(part.start_ms <= ms < part.end_ms for part in self._missing)
        told = fine_clock(self._inside(ms))
        return f"{told}  " + _("Speech without text") if is_missing else told

    def _grip_at(self, event: QMouseEvent) -> Grip | None:
        splits = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        reach_ms = REACH_PX * self._view.ms_per_px
        return self._regions.grip(self._view.ms_at(event.position().x()), reach_ms, splits)

    def _show_cursor(self, event: QMouseEvent) -> None:
        grip = self._grip_at(event) if event.position().y() >= RULER_PX else None
        if grip is None:
            self.setCursor(Qt.CursorShape.IBeamCursor)
        elif grip.hold is Hold.WHOLE:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        else:
            self.setCursor(Qt.CursorShape.SplitHCursor if grip.hold is Hold.SEAM else Qt.CursorShape.SizeHorCursor)

    def _drag_to(self, x: float, modifiers: Qt.KeyboardModifier) -> None:
        drag = self._drag
        if drag is None:
            return
        by_ms = round(self._view.ms_at(x) - drag.pressed_ms)
        snaps = not modifiers & Qt.KeyboardModifier.AltModifier
        if drag.grip is None:
            start_ms, end_ms = sorted((self._inside(drag.pressed_ms), self._inside(drag.pressed_ms + by_ms)))
            self._select(start_ms, end_ms)
            return
        drag.snapped_ms = None
        if snaps:
            edges = drag.grip.edges(self._regions.transcript)
            reach_ms = SNAP_PX * self._view.ms_per_px
            targets = [target for edge in edges for target in self._targets(edge + by_ms, reach_ms)]
            by_ms, drag.snapped_ms = snapped(edges, by_ms, targets, reach_ms)
        if drag.grip.hold is Hold.WHOLE:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        drag.edit = dragged(self._regions.transcript, drag.grip, by_ms)
        self._redraw()

    def _targets(self, ms: int, reach_ms: float) -> list[int]:
        """Where an edge near a time would come to: sound that begins or ends, the edges of the map, the playhead."""
        low, high = int(ms - reach_ms), int(ms + reach_ms)
        near = [edge for part in self._missing for edge in (part.start_ms, part.end_ms)]
        return [*self._peaks.edges(low, high), *(edge for edge in (*near, self._playhead_ms) if low <= edge <= high)]

    def _click(self, drag: _Drag) -> None:
        if self._stretch:
            self._stretch = None
            self.stretch_cleared.emit()
            self.update()
        if drag.pressed.y() >= RULER_PX:
            at = self._regions.at(drag.pressed_ms)
            if at is not None:
                self.segment_chosen.emit(at)
        self._is_following = True
        self.seek_wanted.emit(self._inside(drag.pressed_ms))

    def _select(self, start_ms: int, end_ms: int) -> None:
        self._stretch = (start_ms, end_ms)
        self.update()

    def _cancel(self) -> None:
        """Let go of what is dragged without any change, or forget what is selected."""
        drag = self._drag
        self._end_drag()
        if (drag is None or drag.grip is None) and self._stretch:
            self._stretch = None
            self.stretch_cleared.emit()
        self._redraw()

    def _end_drag(self) -> None:
        self._scroller.stop()
        if self._drag:
            self._drag = None
            self._redraw()

    @Slot()
    def _on_scroll(self) -> None:
        """The pointer is held outside: the view goes there, faster the further away it is."""
        x = self.mapFromGlobal(self.cursor().pos()).x()
        beyond = x if x < 0 else max(0, x - self.width())
        self._show_view(self._view.moved(beyond * self._view.ms_per_px / 4, self._length_ms))
        self._drag_to(min(max(x, 0), self.width()), QApplication.keyboardModifiers())

    def _inside(self, ms: float) -> int:
        return round(min(max(ms, 0), self._length_ms))

    def _describe(self) -> None:
        """What is chosen, for those who do not see it."""
        segments = self._regions.transcript.segments
        if len(self._chosen) == 1:
            one = segments[min(self._chosen)]
            self.setAccessibleDescription(f"{fine_clock(one.start_ms)}–{fine_clock(one.end_ms)}")
        else:
            self.setAccessibleDescription("")

    # --- painting ---

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layer = None
        if self._length_ms:
            # A file may be opened before the window has its size.
            is_first = self._view == self._first_view(self._view.width)
            wide = self._first_view(self.width()) if is_first else self._view.widened(self.width(), self._length_ms)
            self._show_view(wide)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._redraw()

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()

    def _redraw(self) -> None:
        self._layer = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._layer is None or self._layer.devicePixelRatio() != ratio:
            self._layer = self._drawn(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        if self._length_ms:
            self._draw_what_moves(MovingDrawing(painter, self._view, self.size(), self.palette(), self.font()))
        painter.end()

    def _draw_what_moves(self, drawing: MovingDrawing) -> None:
        drawing.draw_playhead(self._playhead_ms)
        if self._stretch:
            drawing.draw_stretch(*self._stretch)
        drag = self._drag
        if drag and drag.grip and drag.edit:
            one = self._changed().get(drag.grip.at, self._regions.transcript.segments[drag.grip.at])
            ms = one.start_ms if drag.grip.hold in (Hold.START, Hold.WHOLE) else one.end_ms
            drawing.draw_dragged_edge(ms, drag.snapped_ms)

    def _drawn(self, ratio: float) -> QPixmap:
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        painter = QPainter(layer)
        view = self._view if self._length_ms else View.whole(1, self.width())
        peaks = self._peaks if self._length_ms else Peaks()
        scene = Scene(
            view, self.height(), self._length_ms, peaks, self._regions, self._missing, self._chosen, self._changed()
        )
        CanvasDrawing(painter, scene, self.palette(), self.font()).draw()
        painter.end()
        return layer

    def _changed(self) -> dict[int, Segment]:
        """The segments as they would be if what is dragged were let go of now."""
        edit = self._drag.edit if self._drag else None
        splices = edit.splices if edit else ()
        return {splice.at + place: one for splice in splices for place, one in enumerate(splice.inserted)}
