"""What is said, in letters that a whole room can read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QActionGroup,
    QColor,
    QFont,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStyle, QToolButton, QWidget

from desktop.core.i18n import _, mark
from desktop.core.recording import State
from desktop.ui import icons
from desktop.ui.recorder.buttons import StateSign
from desktop.ui.recorder.roll import KEPT, Roll, paragraphs
from desktop.ui.recorder.running_page import TimeLabel
from desktop.ui.recorder.script import Line
from desktop.ui.theme import GRID, READABLE, blend, legible

SIZES_PX = (24, 28, 32, 40, 48, 56, 64, 72, 84, 96, 112, 128, 144, 160)
USUAL_PX = 56
SCHEMES = {
    "light-on-dark": (mark("Light on dark"), "#f4f4f5", "#141518"),
    "dark-on-light": (mark("Dark on light"), "#151618", "#ffffff"),
    "yellow-on-black": (mark("Yellow on black"), "#ffe600", "#000000"),
}
LINE_COUNTS = (2, 3, 5, 8, 0)
"""0: as many as fit."""
FRAME_MS = 16
GLIDE_MS = 130.0
"""Two thirds of a step are done in this time."""
HIDE_AFTER_MS = 3000
BAR_PX = 48
FIRST_SIZE = (1024, 600)
WIDEST_LETTERS = 34
"""A line of large type is no longer than this: the eye finds the next one."""


class ReadAlong(QWidget):
    """A window of its own, for a second screen or a projector. Remembers size, contrast and lines."""

    shown_changed = Signal(bool)

    def __init__(self, memory: QSettings) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._memory = memory
        self._size_px = _kept_size(memory)
        self._scheme = str(memory.value("read_along_scheme", ""))
        if self._scheme not in SCHEMES:
            self._scheme = next(iter(SCHEMES))
        self._count = _kept_count(memory)
        self._lines: Sequence[Line] = ()
        self._roll = Roll()
        self._top, self._wanted_top = 0.0, 0.0
        self._since = QElapsedTimer()
        self._clock = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._on_frame)
        self._resting = QTimer(self, singleShot=True, interval=HIDE_AFTER_MS)
        self._resting.timeout.connect(self._on_rest)
        self.bar = QWidget(self)
        self.sign, self.time = StateSign(16), TimeLabel(18)
        self.setWindowTitle(_("Read along"))
        self.setAccessibleName(_("Read along"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(480, 240)
        self.resize(*FIRST_SIZE)
        self._make_bar()
        self._take_scheme()
        self._lay_out()

    # --- what is shown ---

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show what was said; new lines slide in from below."""
        self._lines = lines[-KEPT:]
        self._roll.show(paragraphs(self._lines))
        self.setAccessibleDescription(self.text[-200:])
        self._aim()

    def show_state(self, state: State) -> None:
        """Show where the recorder stands."""
        self.sign.show_state(state)

    def show_time(self, ms: int) -> None:
        """Show how long it has been going on."""
        self.time.show_time(ms)

    @property
    def text(self) -> str:
        """What can be read, without the guess's dots."""
        return " ".join(f"{one.sure} {one.guess}".strip() for one in paragraphs(self._lines))

    @property
    def size_px(self) -> int:
        """Height of the letters."""
        return self._size_px

    @property
    def scheme(self) -> str:
        """The name of the colours."""
        return self._scheme

    @property
    def colours(self) -> tuple[QColor, QColor, QColor]:
        """Of certain text, of a guess, and of the ground."""
        _label, ink, ground = SCHEMES[self._scheme]
        paper = QColor(ground)
        return QColor(ink), legible(blend(QColor(ink), paper, 0.38), paper, READABLE), paper

    @property
    def line_count(self) -> int:
        """How many lines are shown at most; 0 for as many as fit."""
        return self._count

    # --- wishes ---

    def set_size(self, pixels: int) -> None:
        """Larger or smaller letters."""
        self._size_px = pixels
        self._memory.setValue("read_along_px", pixels)
        self._lay_out()

    @Slot()
    def enlarge(self) -> None:
        """The next larger size."""
        self.set_size(next((size for size in SIZES_PX if size > self._size_px), SIZES_PX[-1]))

    @Slot()
    def reduce(self) -> None:
        """The next smaller size."""
        self.set_size(next((size for size in reversed(SIZES_PX) if size < self._size_px), SIZES_PX[0]))

    def set_scheme(self, scheme: str) -> None:
        """Other colours."""
        self._scheme = scheme
        self._memory.setValue("read_along_scheme", scheme)
        self._take_scheme()

    def set_line_count(self, count: int) -> None:
        """So many lines at most; 0 for as many as fit."""
        self._count = count
        self._memory.setValue("read_along_lines", count)
        self._lay_out()

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # --- layout and motion ---

    @property
    def _room(self) -> QRectF:
        """Where text is: the last lines stand at its foot."""
        edge = max(3 * GRID, self.width() * 0.06)
        letters = self._size_px * 0.56 * WIDEST_LETTERS
        width = min(self.width() - 2 * edge, letters)
        tall = self.height() - BAR_PX - 4 * GRID
        line = self._roll.line_height
        count = max(1, int(tall // line))
        height = line * (min(count, self._count) if self._count else count)
        return QRectF((self.width() - width) / 2, 2 * GRID + (tall - height) / 2, width, height)

    def _lay_out(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(self._size_px)
        font.setWeight(QFont.Weight.Medium)
        self._roll.set_shape(font, self._room.width())
        self._roll.set_shape(font, self._room.width())  # the height of a line is known by now
        self._top = self._wanted_top = self._roll.bottom - self._room.height()
        self.bar.setGeometry(0, self.height() - BAR_PX, self.width(), BAR_PX)
        self.update()

    def _aim(self) -> None:
        self._wanted_top = self._roll.bottom - self._room.height()
        is_still = not self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        if is_still or not self.isVisible() or self._wanted_top < self._top - self.height():
            self._top = self._wanted_top
        elif not self._clock.isActive():
            self._since.start()
            self._clock.start()
        self.update()

    @Slot()
    def _on_frame(self) -> None:
        part = 1 - math.exp(-self._since.restart() / GLIDE_MS)
        self._top += (self._wanted_top - self._top) * part
        if abs(self._wanted_top - self._top) < 0.5:
            self._top = self._wanted_top
            self._clock.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        sure, guess, ground = self.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        room = self._room
        painter.setClipRect(room.adjusted(-self._size_px, 0, self._size_px, self._size_px * 0.15))
        painter.translate(room.topLeft())
        self._roll.draw(painter, self._top, room.height(), sure, guess)
        if not self._lines:
            font = QFont(self.font())
            font.setPixelSize(max(18, self._size_px // 2))
            painter.setFont(font)
            painter.setPen(guess)
            painter.drawText(
                QRectF(0, 0, room.width(), room.height()),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                _("What is said appears here"),
            )
        painter.end()

    # --- events ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, has_ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape:
            if self.isFullScreen():
                self.toggle_full_screen()
            else:
                self.close()
        elif key == Qt.Key.Key_F11:
            self.toggle_full_screen()
        elif has_ctrl and (event.matches(QKeySequence.StandardKey.ZoomIn) or key == Qt.Key.Key_Equal):
            self.enlarge()
        elif has_ctrl and key == Qt.Key.Key_Minus:
            self.reduce()
        elif has_ctrl and key == Qt.Key.Key_0:
            self.set_size(USUAL_PX)
        else:
            self._wake()
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            (self.enlarge if event.angleDelta().y() > 0 else self.reduce)()
            event.accept()

    def mouseDoubleClickEvent(self, event: object) -> None:
        self.toggle_full_screen()

    def mouseMoveEvent(self, event: object) -> None:
        self._wake()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()
        self._wake()
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        self.shown_changed.emit(False)
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._wake()

    def _wake(self) -> None:
        """The bar goes again after a while, where the screen is for the text alone."""
        self.bar.show()
        self.unsetCursor()
        if self.isFullScreen():
            self._resting.start()
        else:
            self._resting.stop()

    @Slot()
    def _on_rest(self) -> None:
        if self.isFullScreen() and not self.bar.underMouse() and not self._has_focus_on_bar():
            self.bar.hide()
            self.setCursor(Qt.CursorShape.BlankCursor)

    def _has_focus_on_bar(self) -> bool:
        focused = self.focusWidget()
        return focused is not None and focused.hasFocus() and self.bar.isAncestorOf(focused)

    # --- the bar ---

    def _make_bar(self) -> None:
        layout = QHBoxLayout(self.bar)
        layout.setContentsMargins(2 * GRID, 0, GRID, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.sign)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self.time)
        layout.addStretch(1)
        layout.addWidget(self._button("smaller", _("Smaller letters (Ctrl+-)"), self.reduce))
        layout.addWidget(self._button("larger", _("Larger letters (Ctrl++)"), self.enlarge))
        schemes = [(name, _(label)) for name, (label, _ink, _ground) in SCHEMES.items()]
        layout.addWidget(self._menu_button("contrast", _("Contrast"), schemes, self._scheme, self.set_scheme))
        counts = [(count, _said_count(count)) for count in LINE_COUNTS]
        layout.addWidget(self._menu_button("lines", _("Lines"), counts, self._count, self.set_line_count))
        layout.addWidget(self._button("full-screen", _("Full screen (F11)"), self.toggle_full_screen))
        layout.addWidget(self._button("cancel", _("Close (Esc)"), self.close))

    def _button(self, icon: str, label: str, do: Callable[[], object] | None = None) -> QToolButton:
        button = QToolButton()
        button.setObjectName(icon)
        button.setIconSize(QSize(20, 20))
        button.setToolTip(label)
        button.setAccessibleName(label)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if do:
            button.clicked.connect(do)
        return button

    def _menu_button(
        self, icon: str, label: str, choices: Sequence[tuple[object, str]], current: object, take: Callable[[Any], None]
    ) -> QToolButton:
        button = self._button(icon, label)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for value, text in choices:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(value == current)
            action.triggered.connect(partial(take, value))
            group.addAction(action)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _take_scheme(self) -> None:
        """The bar is painted in the colours of the text."""
        sure, guess, ground = self.colours
        palette = self.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(role, sure)
        palette.setColor(QPalette.ColorRole.PlaceholderText, guess)
        for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base):
            palette.setColor(role, ground)
        self.bar.setPalette(palette)
        hover, pressed = blend(ground, sure, 0.14).name(), blend(ground, sure, 0.26).name()
        self.bar.setStyleSheet(
            f"QToolButton, QLabel {{ color: {sure.name()}; }} QToolButton:focus {{ border-color: {sure.name()}; }}"
            f"QToolButton:hover {{ background: {hover}; }}"
            f"QToolButton:pressed, QToolButton:open {{ background: {pressed}; }}"
        )
        for button in self.bar.findChildren(QToolButton):
            button.setIcon(icons.icon_in(button.objectName(), sure))
        self.update()


def _kept_size(memory: QSettings) -> int:
    try:
        kept = int(str(memory.value("read_along_px", USUAL_PX)))
    except ValueError:
        return USUAL_PX
    return min(max(kept, SIZES_PX[0]), SIZES_PX[-1])


def _kept_count(memory: QSettings) -> int:
    kept = str(memory.value("read_along_lines", 5))
    return next((count for count in LINE_COUNTS if str(count) == kept), 5)


def _said_count(count: int) -> str:
    return _("{count} lines").format(count=count) if count else _("As many as fit")
