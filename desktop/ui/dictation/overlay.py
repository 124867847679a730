"""The sign of dictation: small, above all windows, and never with the keyboard, which belongs to the other program."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, QRect, QRectF, QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QBitmap,
    QCursor,
    QFont,
    QGuiApplication,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.core.dictation import LISTENING, Dictation, Stage, Take
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.core.ports import OnTop
from desktop.core.settings import BOTTOM, NOWHERE, OWN_PLACE, TOP
from desktop.ui.dictation.level_bars import LevelBars
from desktop.ui.dictation.signs import Sign, SignPicture, end_of, said, sign_of
from desktop.ui.document.places import is_right_to_left
from desktop.ui.theme import GRID, blend

WIDTH = 480
LEAST_HEIGHT = 52
RADIUS = 10
AWAY = 5 * GRID
"""From the edge of the screen."""
LINES = 2
BETWEEN = GRID + 2
PLACE = "dictation_place"
TIMES = 250
"""Milliseconds between two looks at the clock."""
PICTURES = 40
"""Milliseconds between two of them, where it is shown as a picture."""
STAYS_MS = {Sign.INSERTED: 1_200, Sign.CANCELLED: 900, Sign.NOTHING: 1_800, Sign.KEPT: 3_500, Sign.FAILED: 6_000}
"""How long the end of a take is seen."""
UNCLEAR = (Sign.CANCELLED, Sign.FAILED)
"""Ends that the state alone does not tell apart: what is said beside it does."""


class Overlay(QWidget):
    """Shows the take that concerns the user most, and for a moment what became of it.

    It may be drawn elsewhere with the mouse; a click lets it go.
    """

    place_changed = Signal(str)
    """The user has put it elsewhere: its new place is its own."""

    def __init__(self, memory: QSettings, on_top: OnTop | None = None) -> None:
        """`on_top` shows what is drawn here where a window would take the keyboard."""
        super().__init__(None, focusless())
        self._memory = memory
        self._on_top = on_top
        self._pictures = QTimer(self, interval=PICTURES)
        self._pictures.timeout.connect(self._show_picture)
        self._picture = QImage()
        self._place = BOTTOM
        self._take: Take | None = None
        self._ended: Take | None = None
        self._error: AppError | None = None
        self._is_silent = False
        self._key, self._drop_key = "", ""
        self._text = ""
        self._grip: QPoint | None = None
        self._is_moved = False
        self._since = QElapsedTimer()
        self._clock = QTimer(self, interval=TIMES)
        self._clock.timeout.connect(self._on_clock)
        self._end = QTimer(self, singleShot=True)
        self._end.timeout.connect(self.hide)
        self.setObjectName("dictation-overlay")
        self.setWindowTitle(_("Dictation"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.sign, self.bars, self.words, self.time = SignPicture(), LevelBars(), Words(), QLabel()
        self._lay_out()
        self.setFixedSize(WIDTH, LEAST_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, on_top is not None)

    @property
    def is_possible(self) -> bool:
        """Whether it can be seen here without the keyboard going to it; no window can on Wayland."""
        return self._on_top is not None or not QGuiApplication.platformName().startswith("wayland")

    # --- what is shown ---

    @Slot(str)
    def use_place(self, place: str) -> None:
        """Stand at the top or bottom of the screen, at its own place, or nowhere: the setting `dictation_place`."""
        self._place = place
        if place == NOWHERE:
            self.hide()

    def use_keys(self, key: str, drop_key: str) -> None:
        """Tell these keys: that of dictation, and the one that inserts a text that waits."""
        self._key, self._drop_key = key, drop_key
        if self.sign.sign is Sign.KEPT:
            self._say_kept()

    @Slot(object)
    def show_dictation(self, dictation: Dictation) -> None:
        """Show where it stands, or how it ended."""
        last, take = self._take, dictation.shown
        self._take = take
        if take is None:
            end = end_of(last, dictation) if last else None
            if last and end:
                self._show_end(end, last)
            return
        if last is None or last.number != take.number:
            self._begin()
        self._show_sign(sign_of(take, dictation.key_is_down), take)

    @Slot(float)
    def show_level(self, level: float) -> None:
        """How loud it is, as a part of full scale."""
        if self.sign.sign is Sign.LISTENING:
            self.bars.show_level(level)

    @Slot(str)
    def show_text(self, text: str) -> None:
        """What was heard so far."""
        self._text = text
        if self._take:
            self._show_sign(self.sign.sign, self._take)

    @Slot()
    def show_nothing(self) -> None:
        """A take without speech is over, or about to be."""
        self._is_silent = True
        self._correct_end()

    def show_error(self, error: AppError) -> bool:
        """What failed, just before or after the end of its take; False if it may not be seen here."""
        if self.isHidden():
            return False
        self._error = error
        self._correct_end()
        if self._take is not None:
            return self._take.stage not in LISTENING
        return self.sign.sign in (Sign.FAILED, Sign.KEPT)

    def _correct_end(self) -> None:
        if self._take is None and self.sign.sign in UNCLEAR and self._ended:
            self._show_end(self.sign.sign, self._ended)

    def _begin(self) -> None:
        self._ended = self._error = None
        self._is_silent = False
        self._text = ""
        self._since.start()
        self._end.stop()
        self._clock.start()
        self.bars.clear()
        self.bars.show()
        self.time.setText(clock(0))
        self.time.show()

    def _show_sign(self, sign: Sign, take: Take) -> None:
        was = self.sign.sign
        self.sign.show_sign(sign)
        if sign not in (Sign.OPENING, Sign.LISTENING):
            self._clock.stop()
            self.bars.show_rest()
        text = take.text or self._text
        if take.is_broken and self._error:
            self.words.show_words(self._error.said_headline, said(sign))
        elif text:
            self.words.show_text(text)
        else:
            self.words.show_words(said(sign), self._hint(take) if sign is Sign.LISTENING else "")
        self._appear(sign is not was)

    def _show_end(self, sign: Sign, take: Take) -> None:
        was = self.sign.sign
        self._ended = take
        if sign in UNCLEAR and (self._error or self._is_silent):
            sign = Sign.FAILED if self._error else Sign.NOTHING
        self._clock.stop()
        self.bars.hide()
        self.time.hide()
        self.sign.show_sign(sign)
        if sign is Sign.FAILED and self._error:
            self.words.show_words(self._error.said_headline, self._error.said_advice)
        elif sign is Sign.KEPT:
            self._say_kept()
        elif take.is_broken and self._error:
            self.words.show_words(said(sign), self._error.said_headline)
        else:
            self.words.show_words(said(sign), take.text, is_short=True)
        self._appear(sign is not was)
        self._end.start(STAYS_MS[sign])

    def _say_kept(self) -> None:
        key = self._drop_key
        waits = _("It waits: {key} inserts it.").format(key=key) if key else _("It waits.")
        self.words.show_words(said(Sign.KEPT), waits, is_short=True)

    def _hint(self, take: Take) -> str:
        if take.stage is Stage.LATCHED and self._key:
            return _("{key} ends it").format(key=self._key)
        return _("Esc cancels")

    def _appear(self, is_news: bool) -> None:
        if self._place == NOWHERE or not self.is_possible:
            return
        self._fit()
        if self.isHidden():
            self._end.stop()
            self.show()
            self.raise_()
            is_news = True
        if is_news:
            spoken = said(self.sign.sign)
            self.setAccessibleName(spoken)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))

    @Slot()
    def _on_clock(self) -> None:
        self.time.setText(clock(self._since.elapsed()))

    # --- as a picture ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._on_top:
            self._pictures.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._on_top:
            self._pictures.stop()
            self._picture = QImage()
            self._on_top.hide()

    @Slot()
    def _show_picture(self) -> None:
        """What a window would show, where it has changed."""
        assert self._on_top
        scale = math.ceil(QGuiApplication.primaryScreen().devicePixelRatio())
        picture = _picture_of(self, scale)
        if picture != self._picture:
            self._picture = picture
            size = picture.width(), picture.height()
            self._on_top.show(bytes(picture.constBits()), size, scale, self._place == TOP)

    # --- its place ---

    def _fit(self) -> None:
        """As high as its words; one at the bottom grows upwards."""
        self._row.activate()  # the words know their room then
        size = QSize(WIDTH, max(LEAST_HEIGHT, self.words.height_for_words() + 2 * GRID))
        if not self.isHidden() and size == self.size():
            return
        stays = None if self.isHidden() else self.geometry()
        self.setFixedSize(size)
        self.move(self._corner(size) if stays is None else _grown(stays, size))

    def _corner(self, size: QSize) -> QPoint:
        own = self._memory.value(PLACE)
        if self._place == OWN_PLACE and isinstance(own, QPoint) and _is_on_a_screen(QRect(own, size)):
            return own
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = room.left() + (room.width() - size.width()) // 2
        return QPoint(left, room.top() + AWAY if self._place == TOP else room.bottom() - AWAY - size.height() + 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition().toPoint() - self.pos()
            self._is_moved = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        target = event.globalPosition().toPoint() - self._grip
        if (
            self._is_moved
            or (target - self.pos()).manhattanLength() >= QGuiApplication.styleHints().startDragDistance()
        ):
            self._is_moved = True
            self.move(target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        self._grip = None
        if self._is_moved:
            self._memory.setValue(PLACE, self.pos())
            self._place = OWN_PLACE
            self.place_changed.emit(OWN_PLACE)
        elif self._end.isActive():
            self._end.stop()
            self.hide()

    # --- drawing ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_off(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_ground(self)

    def _lay_out(self) -> None:
        self.time.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        font = self.time.font()
        font.setFeature(QFont.Tag("tnum"), 1)
        self.time.setFont(font)
        self.time.setAccessibleName(_("Time"))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID - 2, 0, 2 * GRID, 0)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(self.sign)
        row.addWidget(self.bars)
        row.addWidget(self.words, 1)
        row.addWidget(self.time)


class Words(QWidget):
    """The end of what was heard, two lines of it; or a state, and something quieter behind it."""

    def __init__(self) -> None:
        super().__init__()
        self._first = self._second = ""
        self._is_text = self._is_short = False
        self.setMinimumWidth(120)

    @property
    def text(self) -> str:
        """All of it."""
        return "  ".join(part for part in (self._first, self._second) if part)

    def show_text(self, text: str) -> None:
        """Show what was heard."""
        self._is_text = True
        self._show(text, "")

    def show_words(self, first: str, second: str = "", is_short: bool = False) -> None:
        """Show a state, and quieter words behind it; `is_short`: their beginning will do."""
        self._is_text, self._is_short = False, is_short
        self._show(first, second)

    def _show(self, first: str, second: str) -> None:
        self._first, self._second = " ".join(first.split()), " ".join(second.split())
        self.setAccessibleName(self.text)
        self.update()

    def height_for_words(self) -> int:
        """How much room they need."""
        return len(self.shown_lines) * self._line_height() if self._is_text else self._height_of_state()

    # --- drawing ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_text:
            self._paint_text(painter)
        else:
            self._paint_state(painter)
        painter.end()

    def _paint_text(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.setLayoutDirection(_direction(self.text))  # its full stops stand where they do in its language
        lines = self.shown_lines
        top = (self.height() - len(lines) * self._line_height()) // 2
        for at, line in enumerate(lines):
            place = QRect(0, top + at * self._line_height(), self.width(), self._line_height())
            painter.drawText(place, _side(self.text) | Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_state(self, painter: QPainter) -> None:
        text, quiet = (
            self.palette().color(role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.PlaceholderText)
        )
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        how = side | Qt.AlignmentFlag.AlignAbsolute
        row = QRect(0, (self.height() - self._height_of_state()) // 2, self.width(), self._line_height())
        painter.setPen(text)
        if not self._is_beside():
            row.setHeight(self._height_of(self._first))
            painter.drawText(row, how | Qt.TextFlag.TextWordWrap, self._first)
            painter.setPen(quiet)
            row = QRect(0, row.bottom() + 3, self.width(), self._height_of(self._second))
            painter.drawText(row, how | Qt.TextFlag.TextWordWrap, self._second)
            return
        metrics = self.fontMetrics()
        first = metrics.elidedText(self._first, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, how | Qt.AlignmentFlag.AlignVCenter, first)
        aside = metrics.horizontalAdvance(first) + BETWEEN
        row = row.adjusted(0, 0, -aside, 0) if is_mirrored else row.adjusted(aside, 0, 0, 0)
        painter.setPen(quiet)
        second = metrics.elidedText(self._second, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, how | Qt.AlignmentFlag.AlignVCenter, second)

    @property
    def shown_lines(self) -> list[str]:
        """The last two lines of the text, as wide as there is room."""
        text = self._first
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        found = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(60, self.width()))
            line.setPosition(QPointF(0, 0))
            found.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
        layout.endLayout()
        return found[-LINES:]

    def _is_beside(self) -> bool:
        """Whether the quieter words stand in the line of the others."""
        wide = self.fontMetrics().horizontalAdvance
        return self._is_short or wide(self._first) + BETWEEN + wide(self._second) <= self.width()

    def _height_of_state(self) -> int:
        if self._is_beside():
            return self._line_height()
        return self._height_of(self._first) + 2 + self._height_of(self._second)

    def _height_of(self, text: str) -> int:
        room = QRect(0, 0, self.width(), 10_000)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()

    def _line_height(self) -> int:
        return round(self.fontMetrics().height() * 1.2)


def focusless() -> Qt.WindowType:
    """What makes a window one that never takes the keyboard."""
    kind = Qt.WindowType
    flags = kind.Tool | kind.FramelessWindowHint | kind.WindowStaysOnTopHint | kind.WindowDoesNotAcceptFocus
    # No window manager of X11 takes the hint about the focus at its word; past it, there is none to give the focus.
    return flags | kind.BypassWindowManagerHint if QGuiApplication.platformName() == "xcb" else flags


def round_off(window: QWidget) -> None:
    """Give a window round corners, without a compositor too."""
    mask = QBitmap(window.size())
    mask.fill(Qt.GlobalColor.color0)
    painter = QPainter(mask)
    painter.setBrush(Qt.GlobalColor.color1)
    painter.setPen(Qt.GlobalColor.color1)
    painter.drawRoundedRect(QRectF(window.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.end()
    window.setMask(mask)


def draw_ground(window: QWidget) -> None:
    """Paint a window with a hairline along its round edge."""
    palette = window.palette()
    base = palette.color(QPalette.ColorRole.Base)
    painter = QPainter(window)
    painter.fillRect(window.rect(), base)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(blend(base, palette.color(QPalette.ColorRole.Text), 0.3), 1))
    painter.drawRoundedRect(QRectF(window.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.end()


def _picture_of(window: QWidget, scale: int) -> QImage:
    """The window with round corners, so many pixels to a point."""
    picture, shape = (QImage(window.size() * scale, QImage.Format.Format_ARGB32_Premultiplied) for _layer in range(2))
    for image in (picture, shape):
        image.setDevicePixelRatio(scale)
        image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(shape)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawRoundedRect(QRectF(window.rect()), RADIUS, RADIUS)
    painter.end()
    painter.begin(picture)
    window.render(painter, QPoint())
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(QPoint(), shape)
    painter.end()
    return picture


def _grown(was: QRect, size: QSize) -> QPoint:
    """Its corner when it gets higher: it stays at the edge of the screen that it is near."""
    screen = QGuiApplication.screenAt(was.center()) or QGuiApplication.primaryScreen()
    is_below = was.center().y() > screen.availableGeometry().center().y()
    return QPoint(was.left(), was.bottom() + 1 - size.height() if is_below else was.top())


def _is_on_a_screen(place: QRect) -> bool:
    return any(screen.availableGeometry().contains(place.center()) for screen in QGuiApplication.screens())


def _direction(text: str) -> Qt.LayoutDirection:
    return Qt.LayoutDirection.RightToLeft if is_right_to_left(text) else Qt.LayoutDirection.LeftToRight


def _side(text: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if is_right_to_left(text) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute
