"""Buttons of the recorder: each is a command with its key, seen in more than one place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from desktop.core.i18n import _
from desktop.core.recording import State
from desktop.ui import icons
from desktop.ui.recorder.level_meter import RED
from desktop.ui.theme import VISIBLE, blend, legible

BIG = 88
SIGN = 16


class CommandPush(QPushButton):
    """A button with words for a command; it tells the key of the command, also after a change of it."""

    def __init__(self, command: QAction, icon: str = "") -> None:
        super().__init__()
        self._command, self._icon = command, icon
        self.setAutoDefault(False)
        self.clicked.connect(command.trigger)
        command.changed.connect(self._on_changed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        label = self._command.text().replace("&", "").removesuffix("…")
        self.setText(self._command.iconText().replace("&", "").removesuffix("…"))
        self.setIcon(icons.icon(self._icon) if self._icon else self._command.icon())
        self.setEnabled(self._command.isEnabled())
        self.setToolTip(with_key(label, self._command))


class RoundButton(QAbstractButton):
    """The one big button: a red disc in a ring."""

    def __init__(self, command: QAction) -> None:
        super().__init__()
        self._command = command
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(BIG, BIG)
        self.clicked.connect(command.trigger)
        command.changed.connect(self._on_changed)
        self._on_changed()

    def sizeHint(self) -> QSize:
        return QSize(BIG, BIG)

    def hitButton(self, pos: object) -> bool:
        middle = QPointF(self.rect().center())
        away = QPointF(pos) - middle  # type: ignore[call-overload]
        return bool(away.x() ** 2 + away.y() ** 2 <= (BIG / 2) ** 2)

    @Slot()
    def _on_changed(self) -> None:
        label = self._command.text().replace("&", "")
        self.setAccessibleName(label)
        self.setToolTip(with_key(label, self._command))
        self.setEnabled(self._command.isEnabled())

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.Base)
        red = legible(RED, ground, VISIBLE)
        if not self.isEnabled():
            red = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
        elif self.isDown():
            red = red.darker(120)
        elif self.underMouse():
            red = red.lighter(108)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = blend(ground, palette.color(QPalette.ColorRole.WindowText), 0.22)
        if self.hasFocus():
            ring = palette.color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(ring, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(self.rect()).adjusted(3, 3, -3, -3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(red)
        painter.drawEllipse(QRectF(self.rect()).adjusted(11, 11, -11, -11))
        painter.end()


class StateSign(QWidget):
    """Where the recorder stands, as a shape: a disc records, two bars pause, a square saves, a ring waits."""

    def __init__(self, size: int = SIGN) -> None:
        super().__init__()
        self._state = State.IDLE
        self.setFixedSize(size, size)
        self.show_state(State.IDLE)

    def show_state(self, state: State) -> None:
        """Show where it stands."""
        self._state = state
        self.setAccessibleName(said_state(state))
        self.setToolTip(said_state(state))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        ground = palette.color(self.backgroundRole())
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        red = legible(RED, ground, VISIBLE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        draw_state(painter, QRectF(self.rect()), self._state, red if self._state is State.RECORDING else quiet)
        painter.end()


def draw_state(painter: QPainter, place: QRectF, state: State, colour: QColor) -> None:
    """The shape of a state."""
    side = place.width()
    painter.setBrush(colour)
    match state:
        case State.RECORDING:
            painter.drawEllipse(place.adjusted(1, 1, -1, -1))
        case State.PAUSED:
            width, height = side * 0.26, side * 0.8
            for left in (0.16, 0.58):
                bar = QRectF(place.x() + side * left, place.y() + (side - height) / 2, width, height)
                painter.drawRoundedRect(bar, 1.5, 1.5)
        case State.STOPPING:
            painter.drawRoundedRect(place.adjusted(2, 2, -2, -2), 2, 2)
        case _:
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place.adjusted(2, 2, -2, -2))


def said_state(state: State) -> str:
    """Where the recorder stands, in a word."""
    match state:
        case State.STARTING:
            return _("Starting…")
        case State.RECORDING:
            return _("Recording")
        case State.PAUSED:
            return _("Paused")
        case State.STOPPING:
            return _("Saving…")
        case _:
            return _("Ready")


def with_key(label: str, command: QAction) -> str:
    """`Mark (Ctrl+M)`"""
    key = command.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{label} ({key})" if key else label
