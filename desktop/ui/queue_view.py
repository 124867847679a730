"""The queue as the user sees it: one row a job, with its progress."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QIcon, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobId, JobState
from desktop.core.names import clock, shown_name
from desktop.ui import icons
from desktop.ui.coverage_strip import CoverageDrawing
from desktop.ui.pace import Pace, state_line
from desktop.ui.queue_model import JOB_ROLE, PACE_ROLE, Index, QueueModel

MARGIN = 12
ICON = 20
BAR = 6
GAP = 6
READABLE = 150
"""A narrower queue is drawn without words, which would all be cut."""
COMPACT = 64
"""How wide it is then, in pixels."""

STATE_ICONS = {
    JobState.WAITING: "waiting",
    JobState.RUNNING: "audio",
    JobState.PAUSED: "pause",
    JobState.CANCELLED: "cancel",
    JobState.INTERRUPTED: "retry",
    JobState.FAILED: "failed",
    JobState.DONE: "done",
}


class QueueView(QListView):
    """The rows. Several can be selected; they are dragged, or moved with Alt+Up and Alt+Down."""

    selection_changed = Signal()
    paste_wanted = Signal()
    read_wanted = Signal()
    """Enter on a row: its text is wanted."""

    def __init__(self, model: QueueModel, menu: QMenu) -> None:
        super().__init__()
        self._model = model
        self._menu = menu
        self.setModel(model)
        self.setItemDelegate(JobDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName(_("Queue"))
        self.setObjectName("queue")

    def chosen(self) -> list[Job]:
        """The selected jobs, in the order of the queue."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._model.jobs()[row] for row in rows]

    def choose(self, job_ids: Sequence[JobId]) -> None:
        """Select these jobs and show the first of them."""
        rows = [row for job_id in job_ids if (row := self._model.row_of(job_id)) is not None]
        selection = QItemSelection()
        for row in rows:
            selection.select(self._model.index(row), self._model.index(row))
        if rows:
            self.selectionModel().setCurrentIndex(
                self._model.index(rows[0]), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.scrollTo(self._model.index(rows[0]))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def neighbour(self, up: bool) -> tuple[list[JobId], JobId | None] | None:
        """What moving the selection by one row means: the ids, and the id they go in front of."""
        jobs = self._model.jobs()
        ids = [job.id for job in self.chosen()]
        rest = [job.id for job in jobs if job.id not in ids]
        if not ids or not rest:
            return None
        first = next(row for row, job in enumerate(jobs) if job.id == ids[0])
        at = max(0, first - 1) if up else min(len(rest), first + 1)
        return ids, rest[at] if at < len(rest) else None

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.read_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.chosen():
            self._menu.popup(event.globalPos())


class JobDelegate(QStyledItemDelegate):
    """Draws a row: icon, name and length; the map of what was heard, which is progress, too; one line of state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).height()
        return QSize(200, 2 * line + BAR + 2 * GAP + 2 * MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        job: Job = index.data(JOB_ROLE)
        pace: Pace | None = index.data(PACE_ROLE)
        row = _Row(painter, option, job, pace)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row.draw()
        painter.restore()


class _Row:
    """One row being drawn."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, job: Job, pace: Pace | None) -> None:
        self._painter = painter
        self._job = job
        self._pace = pace
        self._rect: QRect = option.rect
        self._palette: QPalette = option.palette
        self._font = option.font
        self._metrics = QFontMetrics(self._font)
        state: QStyle.StateFlag = option.state
        self._selected = bool(state & QStyle.StateFlag.State_Selected)
        self._focused = bool(state & QStyle.StateFlag.State_HasFocus)
        self._mirrored = option.direction == Qt.LayoutDirection.RightToLeft

    def draw(self) -> None:
        self._background()
        if self._rect.width() < READABLE:
            self._draw_compact()
        else:
            self._draw_whole()

    def _draw_compact(self) -> None:
        """The sign of its state, the beginning of its name, and its map; the tool tip says the rest."""
        line = self._metrics.height()
        height = ICON + GAP + line + (GAP + BAR if self._shows_bar() else 0)
        top = self._rect.top() + (self._rect.height() - height) // 2
        inner = QRect(self._rect.left() + MARGIN, top, self._rect.width() - 2 * MARGIN, height)
        self._icon(QRect(inner.center().x() - ICON // 2, top, ICON, ICON))
        name = shown_name(self._job.source)
        elided = self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, inner.width())
        self._text(QRect(inner.left(), top + ICON + GAP, inner.width(), line), elided)
        if self._shows_bar():
            self._bar(QRect(inner.left(), inner.bottom() - BAR + 1, inner.width(), BAR))

    def _draw_whole(self) -> None:
        height = 2 * self._metrics.height() + (BAR + 2 * GAP if self._shows_bar() else GAP // 2)
        top = self._rect.top() + (self._rect.height() - height) // 2
        inner = QRect(self._rect.left() + MARGIN + 4, top, self._rect.width() - 2 * MARGIN - 8, height)
        text = inner.adjusted(ICON + MARGIN, 0, 0, 0)
        self._icon(QRect(inner.left(), inner.center().y() - ICON // 2, ICON, ICON))
        self._first_line(text)
        if self._shows_bar():
            self._bar(QRect(text.left(), text.top() + self._metrics.height() + GAP, text.width(), BAR))
        self._second_line(text)

    def _mirror(self, rect: QRect) -> QRect:
        if not self._mirrored:
            return rect
        return QRect(self._rect.left() + self._rect.right() - rect.right(), rect.top(), rect.width(), rect.height())

    def _background(self) -> None:
        if not self._selected and not self._focused:
            return
        colour = self._palette.color(QPalette.ColorRole.Highlight)
        shape = QRectF(self._rect.adjusted(6, 2, -6, -2))
        if self._selected:
            colour.setAlphaF(0.16)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(colour)
            self._painter.drawRoundedRect(shape, 6, 6)
        if self._focused:
            colour.setAlphaF(0.9)
            self._painter.setPen(colour)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(shape.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _icon(self, rect: QRect) -> None:
        name = "record-dot" if self._job.is_being_recorded else STATE_ICONS[self._job.state]
        if name == "audio" and self._job.media and self._job.media.has_video:
            name = "video"
        _icon(name).paint(self._painter, self._mirror(rect))

    def _first_line(self, area: QRect) -> None:
        length = clock(self._job.duration_ms) if self._job.duration_ms else ""
        width = self._metrics.horizontalAdvance(length)
        self._text(QRect(area.right() - width, area.top(), width + 1, self._metrics.height()), length, quiet=True)
        name_area = QRect(area.left(), area.top(), area.width() - width - MARGIN, self._metrics.height())
        name = self._metrics.elidedText(shown_name(self._job.source), Qt.TextElideMode.ElideMiddle, name_area.width())
        self._text(name_area, name)

    def _second_line(self, area: QRect) -> None:
        height = self._metrics.height()
        line = QRect(area.left(), area.bottom() - height + 1, area.width(), height)
        words = state_line(self._job, self._pace)
        percent = f"{100 * self._fraction():.0f} %" if self._shows_percent() else ""
        width = self._metrics.horizontalAdvance(percent)
        self._text(QRect(line.right() - width, line.top(), width + 1, height), percent, quiet=True)
        room = line.width() - (width + MARGIN if percent else 0)
        elided = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        self._text(QRect(line.left(), line.top(), room, height), elided, quiet=self._job.state is not JobState.FAILED)

    def _text(self, area: QRect, text: str, quiet: bool = False) -> None:
        role = QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.Text
        self._painter.setFont(self._font)
        self._painter.setPen(self._palette.color(role))
        side = Qt.AlignmentFlag.AlignRight if self._mirrored else Qt.AlignmentFlag.AlignLeft
        absolute = Qt.AlignmentFlag.AlignAbsolute  # the painter would mirror a second time
        self._painter.drawText(self._mirror(area), side | absolute | Qt.AlignmentFlag.AlignVCenter, text)

    def _shows_bar(self) -> bool:
        job = self._job
        if job.is_being_recorded:
            return False
        unfinished = job.state not in (JobState.DONE, JobState.FAILED)
        return bool(job.coverage.parts) or job.state is JobState.RUNNING or (unfinished and job.heard_ms > 0)

    def _shows_percent(self) -> bool:
        return self._shows_bar() and self._job.state not in (JobState.DONE, JobState.FAILED)

    def _fraction(self) -> float:
        return self._pace.fraction() if self._pace else self._job.fraction

    def _bar(self, rect: QRect) -> None:
        job = self._job
        running = job.state is JobState.RUNNING
        drawing = CoverageDrawing(self._painter, QRectF(self._mirror(rect)), self._palette, self._mirrored)
        ahead_ms = self._pace.heard_ms() if self._pace else 0
        drawing.draw(_coverage(job), job.duration_ms, ahead_ms, is_quiet=not running)


def _coverage(job: Job) -> Coverage:
    """A job of an older version has no map: then it is only known how far it came."""
    return _up_to(job.heard_ms) if job.heard_ms and not job.coverage.parts else job.coverage


@lru_cache(maxsize=64)
def _up_to(heard_ms: int) -> Coverage:
    return Coverage((Part(0, heard_ms, Kind.TEXT),))


@cache
def _icon(name: str) -> QIcon:
    return icons.icon(name)
