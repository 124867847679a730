"""The small recorder: time, level, last words and four buttons, above all other windows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSettings, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.core.i18n import _
from desktop.core.recording import Level, State, Status
from desktop.ui import icons
from desktop.ui.commands import Commands
from desktop.ui.document.places import is_right_to_left
from desktop.ui.player.player_bar import CommandButton
from desktop.ui.recorder.buttons import StateSign
from desktop.ui.recorder.level_meter import LevelMeter
from desktop.ui.recorder.running_page import TimeLabel
from desktop.ui.recorder.script import Script
from desktop.ui.recorder.words import with_dots
from desktop.ui.theme import GRID, blend

WIDTH = 432
TIME_PX = 22
METER_PX = 12
STEP = 2 * GRID
PLACE = "small_recorder_place"


class SmallRecorder(QWidget):
    """Dragged by any free place of it, or moved by the arrow keys; comes back where it was left."""

    recorder_wanted = Signal()
    """The large one."""
    shown_changed = Signal(bool)

    def __init__(self, commands: Commands, memory: QSettings) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        self._commands, self._memory = commands, memory
        self._drag: QPoint | None = None
        self.setWindowTitle(_("Recorder"))
        self.setAccessibleName(_("Small recorder"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.sign, self.time, self.meter = StateSign(14), TimeLabel(TIME_PX), LevelMeter(METER_PX)
        self.words = _Words()
        self.record = CommandButton(commands.record, "record-dot")
        self.mark = CommandButton(commands.record_mark, "flag")
        self.pause = CommandButton(commands.record_pause, "pause")
        self.stop = CommandButton(commands.record_stop, "stop")
        self._larger, self._close = QToolButton(), QToolButton()
        self._lay_out()
        self.addActions(
            [commands.record, commands.record_mark, commands.record_pause, commands.record_stop, commands.read_along]
        )
        self.setFixedSize(QSize(WIDTH, self.sizeHint().height()))

    # --- what is shown ---

    def show_state(self, state: State) -> None:
        """Show where the recorder stands."""
        self.sign.show_state(state)
        is_paused = state is State.PAUSED
        self.pause.show_as(
            "record-dot" if is_paused else "pause", _("Go on recording") if is_paused else _("Pause the recording")
        )
        self.record.setVisible(state is State.IDLE)
        for button in (self.mark, self.pause, self.stop):
            button.setVisible(state is not State.IDLE)
        if state is not State.RECORDING:
            self.meter.show_rest()

    def show_status(self, status: Status) -> None:
        """Show time and level; where there are two tracks, the louder one."""
        self.time.show_time(status.elapsed_ms)
        if status.state is State.RECORDING:
            self.meter.show_level(max(status.levels, key=lambda one: one.peak, default=Level()))
        names = ", ".join(status.silent) if status.state is State.RECORDING else ""
        self.words.warn(_("No sound from {names}").format(names=names) if names else "")

    def show_script(self, script: Script) -> None:
        """Show the last words."""
        self.words.show_words(*script.last_words(120))

    # --- its place ---

    def showEvent(self, event: QShowEvent) -> None:
        place = self._memory.value(PLACE)
        if not isinstance(place, QPoint) or not _is_on_a_screen(place, self.size()):
            room = (self.screen() or QGuiApplication.primaryScreen()).availableGeometry()
            place = QPoint(room.right() - self.width() - 2 * GRID, room.top() + 2 * GRID)
        self.move(place)
        self.shown_changed.emit(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.shown_changed.emit(False)
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.hide()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self.isVisible():
            self._memory.setValue(PLACE, self.pos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            window = self.windowHandle()
            # The window system moves it where it can: then it sticks to edges as other windows do.
            if not (window and window.startSystemMove()):
                self._drag = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self.move(event.globalPosition().toPoint() - self._drag)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.recorder_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-STEP, 0),
            Qt.Key.Key_Right: (STEP, 0),
            Qt.Key.Key_Up: (0, -STEP),
            Qt.Key.Key_Down: (0, STEP),
        }
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif step := steps.get(Qt.Key(event.key())):
            self.move(self.pos() + QPoint(*step))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        commands = self._commands
        menu.addActions([commands.record, commands.record_mark, commands.record_pause, commands.record_stop])
        menu.addSeparator()
        menu.addAction(_("Large recorder"), self.recorder_wanted.emit)
        menu.addAction(commands.read_along)
        menu.addAction(_("Hide"), self.hide)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    # --- drawing ---

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        painter.setPen(blend(palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text), 0.3))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _lay_out(self) -> None:
        for button, icon, label, do in (
            (self._larger, "window", _("Large recorder"), self.recorder_wanted.emit),
            (self._close, "cancel", _("Hide the small recorder (Esc)"), self.hide),
        ):
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(16, 16))
            button.setToolTip(label)
            button.setAccessibleName(label)
            button.clicked.connect(do)
        for button in (self.record, self.mark, self.pause, self.stop, self._larger, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.sign)
        top.addSpacing(6)
        top.addWidget(self.time)
        top.addSpacing(GRID + 2)
        top.addWidget(self.meter, 1)
        top.addSpacing(GRID // 2)
        for button in (self.record, self.mark, self.pause, self.stop, self._larger, self._close):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID + GRID // 2, GRID // 2, GRID // 2, GRID)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.words)


class _Words(QWidget):
    """One line: the end of what was said, or what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._sure = self._guess = self._warning = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, self.fontMetrics().height() + 2)

    @property
    def text(self) -> str:
        """All of it."""
        return self._warning or f"{self._sure} {self._guess}".strip()

    def show_words(self, sure: str, guess: str) -> None:
        """The end of what is certain, and the guess behind it."""
        self._sure, self._guess = sure, guess
        self._changed()

    def warn(self, warning: str) -> None:
        """What is wrong, instead of words."""
        if warning != self._warning:
            self._warning = warning
            self._changed()

    def _changed(self) -> None:
        self.setAccessibleName(self.text)
        self.setToolTip(self.text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        text, quiet = (palette.color(role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.PlaceholderText))
        if self._warning:
            side = self.height() - 2
            icons.icon("warning").paint(painter, 0, 1, side, side)
            painter.setPen(text)
            room = self.rect().adjusted(side + 6, 0, 0, 0)
            said = self.fontMetrics().elidedText(self._warning, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)
            painter.end()
            return
        slanted = self.font()
        slanted.setItalic(True)
        guess = f" {with_dots(self._guess)}" if self._guess else ""
        if not (self._sure or guess):
            painter.setPen(quiet)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, _("Nothing was said yet"))
            painter.end()
            return
        guess = QFontMetrics(slanted).elidedText(guess, Qt.TextElideMode.ElideLeft, self.width())
        wide = QFontMetrics(slanted).horizontalAdvance(guess)
        sure = self.fontMetrics().elidedText(self._sure, Qt.TextElideMode.ElideLeft, self.width() - wide)
        # What is certain comes first in the direction of the language, whatever the direction of the window.
        is_mirrored = bool(is_right_to_left(sure + guess))
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight)
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        how = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        first = self.fontMetrics().horizontalAdvance(sure)
        painter.setPen(text)
        painter.drawText(self.rect(), how, sure)
        painter.setFont(slanted)
        painter.setPen(quiet)
        rest = self.rect().adjusted(0, 0, -first, 0) if is_mirrored else self.rect().adjusted(first, 0, 0, 0)
        painter.drawText(rest, how, guess)
        painter.end()


def _is_on_a_screen(place: QPoint, size: QSize) -> bool:
    middle = place + QPoint(size.width() // 2, size.height() // 2)
    return any(screen.availableGeometry().contains(middle) for screen in QGuiApplication.screens())
