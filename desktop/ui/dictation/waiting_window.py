"""Texts that could not be inserted, by the tray: each says why, and how it gets where it belongs after all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCursor,
    QFont,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.core.dictation import Waiting
from desktop.core.errors import AppError
from desktop.core.i18n import _, _n
from desktop.ui import icons
from desktop.ui.dictation.overlay import draw_ground, focusless, round_off
from desktop.ui.theme import GRID, MARGIN

WIDTH = 400
MOST = 3
"""So many texts are shown; more wait in the history and come up when these are gone."""
MOST_LETTERS = 360
REASON_MS = 500
"""A reason that no text follows within this time was about something else."""
GOES_MS = 350
"""Where a window cannot help having the keyboard, it needs so long to go back to the other one."""


class WaitingWindow(QWidget):
    """Comes by itself, without the keyboard, and stays until each text is inserted, copied away or dismissed."""

    drop_wanted = Signal(int)
    """Insert the text of this number where the keyboard is now."""
    copy_wanted = Signal(str)
    dismiss_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(None, focusless())
        self._cards: dict[int, _Card] = {}
        self._waiting: tuple[Waiting, ...] = ()
        self._reasons: dict[int, AppError] = {}
        self._unplaced: AppError | None = None
        self._key = ""
        self._tray = QRect()
        self.setObjectName("waiting-text")
        self.setWindowTitle(_("Text that waits"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._more = QLabel()
        self._more.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._more.setContentsMargins(MARGIN, 0, MARGIN, GRID)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self._more)
        self.setFixedWidth(WIDTH)

    # --- what is shown ---

    def use_key(self, key: str) -> None:
        """Tell this key: it inserts the newest text."""
        self._key = key
        self._show_keys()

    def use_tray(self, place: QRect) -> None:
        """Stand by the tray icon; an empty place means that nobody knows where it is."""
        self._tray = place

    @Slot(object)
    def show_waiting(self, waiting: Sequence[Waiting]) -> None:
        """Show these texts, the newest first."""
        known = {one.number for one in self._waiting}
        self._waiting = tuple(waiting)
        numbers = {one.number for one in waiting}
        self._reasons = {number: reason for number, reason in self._reasons.items() if number in numbers}
        fresh = [one.number for one in waiting if one.number not in known]
        if fresh and self._unplaced:
            self._reasons[fresh[-1]] = self._unplaced
        self._unplaced = None
        self._show()
        if fresh:
            self._announce()

    @Slot(object)
    def show_reason(self, error: AppError) -> None:
        """Why a text was not inserted; said just before or just after the text itself."""
        newest = self._waiting[-1].number if self._waiting else 0
        if not newest or newest in self._reasons:
            self._unplaced = error
            QTimer.singleShot(REASON_MS, self, self._forget_reason)
            return
        self._reasons[newest] = error
        self._show()
        self._announce()

    @Slot()
    def _forget_reason(self) -> None:
        self._unplaced = None

    def _show(self) -> None:
        shown = self._waiting[::-1][:MOST]
        for number in self._cards.keys() - {one.number for one in shown}:
            card = self._cards.pop(number)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for at, one in enumerate(shown):
            if one.number not in self._cards:
                self._cards[one.number] = self._card(one)
                self._column.insertWidget(at, self._cards[one.number])
                self._cards[one.number].show()  # in a window that is seen, Qt would do it later and leave it no room
            self._cards[one.number].show_reason(self._reasons.get(one.number))
        rest = len(self._waiting) - len(shown)
        self._more.setText(_n("{count} more text waits", "{count} more texts wait", rest))
        self._more.setVisible(rest > 0)
        self._show_keys()
        if not shown:
            self.hide()
            return
        self._place()
        self.show()

    def _card(self, one: Waiting) -> _Card:
        card = _Card(one)
        card.drop.clicked.connect(lambda: self._on_drop(one.number))
        card.copy.clicked.connect(lambda: self.copy_wanted.emit(one.text))
        card.dismiss.clicked.connect(lambda: self.dismiss_wanted.emit(one.number))
        return card

    def _show_keys(self) -> None:
        newest = self._waiting[-1].number if self._waiting else 0
        for number, card in self._cards.items():
            card.show_key(self._key if number == newest else "", is_first=number == newest)

    def _on_drop(self, number: int) -> None:
        if not QGuiApplication.platformName().startswith("wayland"):
            self.drop_wanted.emit(number)
            return
        self.hide()
        QTimer.singleShot(GOES_MS, self, lambda: self.drop_wanted.emit(number))

    def _announce(self) -> None:
        reason = self._reasons.get(self._waiting[-1].number)
        spoken = f"{reason.said_headline if reason else self.windowTitle()} {self._waiting[-1].text}"
        self.setAccessibleName(spoken)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))

    # --- its place ---

    def _place(self) -> None:
        """In the corner of the tray, without covering it."""
        self._column.activate()
        self.setFixedHeight(self._column.totalHeightForWidth(WIDTH))
        tray = self._tray
        screen = QGuiApplication.screenAt(tray.center() if tray.isValid() else QCursor.pos())
        room = (
            (screen or QGuiApplication.primaryScreen()).availableGeometry().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        )
        if not tray.isValid():
            self.move(room.right() + 1 - WIDTH, room.bottom() + 1 - self.height())
            return
        is_above, is_left = tray.center().y() < room.center().y(), tray.center().x() < room.center().x()
        top = max(room.top(), tray.bottom() + 1 + GRID)
        bottom = min(room.bottom() + 1, tray.top() - GRID)
        self.move(room.left() if is_left else room.right() + 1 - WIDTH, top if is_above else bottom - self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_off(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_ground(self)


class _Card(QFrame):
    """One text: why it waits, its beginning, and what can be done."""

    def __init__(self, waiting: Waiting) -> None:
        super().__init__()
        self._text = waiting.text
        self._sign = QLabel()
        self._sign.setFixedWidth(20)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._headline, self._advice = _words(), _words()
        bold = self._headline.font()
        bold.setWeight(QFont.Weight.DemiBold)
        self._headline.setFont(bold)
        self._advice.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.text = _words()
        self.text.setObjectName("waiting-words")
        self.text.setText(_beginning(waiting.text))
        self.text.setToolTip(waiting.text if len(waiting.text) > MOST_LETTERS else "")
        self.drop = _button(QPushButton())
        self.copy = _button(QPushButton(icons.icon("copy"), _("Copy")))
        self.dismiss = QToolButton()
        self.dismiss.setIcon(icons.icon("cancel"))
        self.dismiss.setIconSize(QSize(16, 16))
        self.dismiss.setToolTip(_("Dismiss: it stays in the history"))
        self.dismiss.setAccessibleName(_("Dismiss"))
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.show_reason(None)

    def show_reason(self, reason: AppError | None) -> None:
        """Say why it waits."""
        self._headline.setText(reason.said_headline if reason else _("This text waits."))
        self._advice.setText(reason.said_advice if reason else _("Click where it belongs and insert it."))
        self._sign.setPixmap(icons.icon("warning" if reason else "waiting").pixmap(20, 20))

    def show_key(self, key: str, is_first: bool) -> None:
        """Tell the key that inserts it."""
        self.drop.setText(f"{_('Insert here')}   {key}" if key else _("Insert here"))
        self.drop.setDefault(is_first)
        role = QPalette.ColorRole.HighlightedText if is_first else QPalette.ColorRole.ButtonText
        self.drop.setIcon(icons.icon_in("insert", self.palette().color(role)))

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._headline)
        said.addWidget(self._advice)
        top = QHBoxLayout()
        top.setSpacing(GRID + 2)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(said, 1)
        top.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.drop)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN - 2, GRID + 2, MARGIN - 2)
        layout.setSpacing(GRID + 2)
        layout.addLayout(top)
        for inner in (self.text, foot):
            row = QHBoxLayout()
            row.setContentsMargins(20 + GRID + 2, 0, GRID, 0)
            row.addWidget(inner, 1) if isinstance(inner, QWidget) else row.addLayout(inner, 1)
            layout.addLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.y() > 1:
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
            painter.end()


def _words() -> QLabel:
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


def _button(button: QPushButton) -> QPushButton:
    """The keyboard never comes here: it has to stay where the text belongs."""
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setAutoDefault(False)
    return button


def _beginning(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS].rsplit(maxsplit=1)[0] + "…"
