"""The problems of all cues as a list: gone through with keys, mended one by one or all together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.cues import Cue
from desktop.core.i18n import _, _n
from desktop.core.names import clock
from desktop.core.problems import Problem
from desktop.ui import icons
from desktop.ui.cues.cue_model import Index
from desktop.ui.theme import GRID, RADIUS

PROBLEM_ROLE = Qt.ItemDataRole.UserRole
TIME_ROLE = Qt.ItemDataRole.UserRole + 1
ROWS_SEEN = 4
BUTTON = 28
"""Pixels. A button that is shown for the first time is painted before it is laid out, and needs room even then."""


class ProblemsPanel(QWidget):
    """Says how many cues break a rule, which and why."""

    chosen = Signal(int)
    """The row of the cue whose problem was chosen."""
    fix_wanted = Signal(object)
    """A `Problem`."""
    stop_wanted = Signal()

    def __init__(self, actions: Sequence[QAction], fix: QAction, fix_all: QAction) -> None:
        """`actions` are the ways to the next problem and back."""
        super().__init__()
        self._model = _Problems()
        self._count = QLabel()
        self._icon = _Icon()
        self._list = _List()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_ProblemDelegate(self._list))
        self._list.setAccessibleName(_("Problems"))
        self._list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._list.activated.connect(self._on_activated)
        self._progress = QProgressBar(textVisible=False)
        self._progress.setMaximumWidth(160)
        self._progress.setAccessibleName(_("Fixing"))
        self._stop = QPushButton(_("Stop"), autoDefault=False)
        self._stop.clicked.connect(self.stop_wanted)
        self._steps = [_step_button(action) for action in actions]
        self._buttons = [_button(action) for action in (fix, fix_all)]
        self._fix_all = fix_all
        self._fix = fix
        self._lay_out()
        self.show_working(None)
        self.show_problems((), (), "")

    def show_problems(self, cues: Sequence[Cue], problems: Sequence[Problem], style: str) -> None:
        """Show these; the one that was chosen stays chosen as long as it is there."""
        before, place = self.problem, self._list.currentIndex().row()
        with QSignalBlocker(self._list.selectionModel()):
            self._model.show_problems(cues, problems)
        self._list.setVisible(bool(problems))
        self._icon.show_icon("warning" if problems else "done")
        if problems:
            self._count.setText(_n("{count} problem", "{count} problems", len(problems)))
        else:
            said = _("No problems: every cue keeps the rules of “{style}”.").format(style=style) if cues else ""
            self._count.setText(said)
        self._icon.setVisible(bool(cues))
        for button in self._steps:
            button.setVisible(bool(problems))
        self._fix_all.setEnabled(bool(problems))
        row = self._model.row_like(before) if before else -1
        if row < 0 and place >= 0:
            row = min(place, len(problems) - 1)
        if row >= 0:
            with QSignalBlocker(self._list.selectionModel()):
                self._list.setCurrentIndex(self._model.index(row))
        self._list.viewport().update()

    def say(self, text: str) -> None:
        """Say something in place of the count, until the problems change."""
        self._count.setText(text)

    def show_working(self, done: tuple[int, int] | None) -> None:
        """How many problems are mended of how many; None when nobody is at it."""
        is_working = done is not None
        self._progress.setVisible(is_working)
        self._stop.setVisible(is_working)
        for button in self._buttons:
            button.setVisible(not is_working)
        if done:
            self._progress.setRange(0, done[1])
            self._progress.setValue(done[0])

    @property
    def problem(self) -> Problem | None:
        """The chosen one."""
        index = self._list.currentIndex()
        return index.data(PROBLEM_ROLE) if index.isValid() else None

    def choose_beside(self, row: int, forward: bool) -> None:
        """The next problem after the cue of a row, or the one before; round the end it begins anew."""
        current = self.problem
        count = self._model.rowCount()
        if not count:
            return
        if current and current.cue == row:
            at = self._list.currentIndex().row() + (1 if forward else -1)
        else:
            at = self._model.first_from(row + 1) if forward else self._model.first_from(row) - 1
        self._list.setCurrentIndex(self._model.index(at % count))

    def show_row(self, row: int) -> None:
        """Mark the problem of the cue that is current in the table."""
        if self.problem and self.problem.cue == row:
            return
        at = self._model.first_from(row)
        problem = self._model.problem(at)
        with QSignalBlocker(self._list.selectionModel()):
            if problem and problem.cue == row:
                self._list.setCurrentIndex(self._model.index(at))
            else:
                self._list.setCurrentIndex(QModelIndex())
        self._list.viewport().update()

    @Slot(QModelIndex)
    def _on_current_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(PROBLEM_ROLE).cue)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.fix_wanted.emit(index.data(PROBLEM_ROLE))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(GRID, GRID, GRID, GRID)
        head.setSpacing(GRID // 2)
        head.addWidget(self._icon)
        head.addSpacing(GRID // 2)
        head.addWidget(self._count, 1)
        self._count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for widget in (self._progress, self._stop, *self._steps, *self._buttons):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._list)


class _Problems(QAbstractListModel):
    """One row a problem, in the order of the cues."""

    def __init__(self) -> None:
        super().__init__()
        self._problems: Sequence[Problem] = ()
        self._cues: Sequence[Cue] = ()

    def show_problems(self, cues: Sequence[Cue], problems: Sequence[Problem]) -> None:
        self.beginResetModel()
        self._cues, self._problems = cues, problems
        self.endResetModel()

    def problem(self, row: int) -> Problem | None:
        return self._problems[row] if 0 <= row < len(self._problems) else None

    def row_like(self, problem: Problem) -> int:
        """Where the same cue has the same problem, whatever its figure has become; -1 if nowhere."""
        first, last = self.first_from(problem.cue), self.first_from(problem.cue + 1)
        return next((row for row in range(first, last) if self._problems[row].code == problem.code), -1)

    def first_from(self, cue: int) -> int:
        """The first problem of this cue or one after it."""
        return bisect_left(self._problems, cue, key=_cue_of)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        problem = self._problems[index.row()]
        time = clock(self._cues[problem.cue].start_ms)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"#{problem.cue + 1}  {time}  {problem.said}"
            case Qt.ItemDataRole.ToolTipRole:
                return self._cues[problem.cue].text
            case _ if role == PROBLEM_ROLE:
                return problem
            case _ if role == TIME_ROLE:
                return time
            case _:
                return None


def _cue_of(problem: Problem) -> int:
    return problem.cue


class _List(QListView):
    """The list; Enter and a double click mend a problem."""

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        return QSize(200, ROWS_SEEN * _row_height(QFontMetrics(self.font())) + GRID)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _ProblemDelegate(QStyledItemDelegate):
    """A row: number and time of the cue, quiet, and the reason."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _row_height(QFontMetrics(option.font)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem: Problem = index.data(PROBLEM_ROLE)
        palette, rect, metrics = option.palette, option.rect, QFontMetrics(option.font)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft

        def draw(left: int, width: int, text: str, quiet: bool, right: bool = False) -> None:
            x = rect.left() + (rect.width() - left - width if mirrored else left)
            side = Qt.AlignmentFlag.AlignRight if right is not mirrored else Qt.AlignmentFlag.AlignLeft
            role = QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.Text
            painter.setPen(palette.color(role))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            area = QRect(x, rect.top(), width, rect.height())
            painter.drawText(area, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            tint = palette.color(QPalette.ColorRole.Highlight)
            tint.setAlphaF(0.16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(QRectF(rect).adjusted(GRID / 2, 0.5, -GRID / 2, -0.5), RADIUS - 2, RADIUS - 2)
        painter.setFont(option.font)
        number, time = metrics.horizontalAdvance("#00000"), metrics.horizontalAdvance("0:00:00")
        draw(GRID, number, f"#{problem.cue + 1}", quiet=True, right=True)
        draw(2 * GRID + number, time, index.data(TIME_ROLE), quiet=True, right=True)
        left = 4 * GRID + number + time
        draw(left, rect.width() - left - GRID, problem.said, quiet=False)
        painter.restore()


class _Icon(QWidget):
    """A small icon that follows the theme."""

    SIZE = 18

    def __init__(self) -> None:
        super().__init__()
        self._name = "done"
        self.setFixedSize(self.SIZE, self.SIZE)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.icon(self._name).paint(painter, self.rect())
        painter.end()


def _step_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text().replace("&", ""))
    button.setMinimumSize(BUTTON, BUTTON)
    return button


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setMinimumHeight(BUTTON)
    return button


def _row_height(metrics: QFontMetrics) -> int:
    return metrics.lineSpacing() + GRID - 2
