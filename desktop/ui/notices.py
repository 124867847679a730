"""The one door to the user: a slim bar inside the window, one sentence at a time."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.core.errors import AppError
from desktop.core.i18n import _, _n
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN, blend

_LONG_WORD = re.compile(r"(\S{24})(?=\S)")
_AMBER = "#d9822b"
_ICON = 20
_COPIED_S = 4.0


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, and what can be done about it."""

    text: str
    is_trouble: bool = False
    action_text: str = ""
    action: Callable[[], object] | None = None
    seconds: float | None = None
    details: str = ""


class Notices(QFrame):
    """Shows notices one after the other, each until it is dismissed, acted upon, or its seconds are over.

    None goes by itself while the pointer or the keyboard is on the bar.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Notice] = deque()
        self._shown: Notice | None = None
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._on_time_over)
        self._icon = _Picture()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A long name never forces the window wide.
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._more = QLabel()
        self._more.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._action = QPushButton(autoDefault=False)
        self._action.clicked.connect(self._on_action)
        self._dismiss_all = QPushButton(_("Dismiss all"), autoDefault=False, flat=True)
        self._dismiss_all.clicked.connect(self.dismiss_all)
        self._dismiss = QToolButton()
        self._dismiss.setIcon(icons.icon("cancel"))
        self._dismiss.setToolTip(_("Dismiss"))
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._dismiss.setAccessibleName(_("Dismiss"))
        self._dismiss.clicked.connect(self._on_dismiss)
        self._lay_out()
        self.hide()

    # --- what is said ---

    def show_notice(
        self,
        text: str,
        action_text: str | None = None,
        action: Callable[[], object] | None = None,
        seconds: float | None = None,
    ) -> None:
        """Say something, with a button that does `action`; it goes by itself after `seconds`, if given."""
        self._take(Notice(text, action_text=action_text or "", action=action, seconds=seconds))

    def show_error(self, error: AppError, details: str = "") -> None:
        """Say what failed and what to do now. `details`, for a bug, can be copied."""
        action_text = _("Copy details") if details else ""
        self._take(Notice(str(error), is_trouble=True, action_text=action_text, details=details))

    def show_bug(self, details: str) -> None:
        """Say that something went wrong that nobody foresaw; `details` is for whoever mends it."""
        self.show_error(AppError(), details)

    @property
    def shown_text(self) -> str:
        """What the bar says; empty when there is nothing."""
        return self._shown.text if self._shown else ""

    @Slot()
    def dismiss_all(self) -> None:
        """Take away what is shown and what waits."""
        self._waiting.clear()
        self._on_dismiss()

    # --- one after the other ---

    def _take(self, notice: Notice) -> None:
        if notice in (self._shown, *self._waiting):
            return
        self._waiting.append(notice)
        if self._shown is None:
            self._show_next()
        else:
            self._show_count()

    def _show_next(self) -> None:
        self._clock.stop()
        self._shown = notice = self._waiting.popleft() if self._waiting else None
        self.setVisible(notice is not None)
        if notice is None:
            return
        self._text.setText(_LONG_WORD.sub("\\1\u200b", notice.text))
        self._icon.show_icon("warning" if notice.is_trouble else "info")
        self._action.setText(notice.action_text)
        self._action.setVisible(bool(notice.action_text))
        self._show_count()
        if notice.seconds:
            self._clock.start(round(notice.seconds * 1000))
        self.update()
        self._announce(notice)

    def _show_count(self) -> None:
        count = len(self._waiting)
        self._more.setText(_n("{count} more", "{count} more", count))
        self._more.setVisible(count > 0)
        self._dismiss_all.setVisible(count > 1)

    def _announce(self, notice: Notice) -> None:
        """Screen readers hear it at once, wherever the focus is."""
        self.setAccessibleName(notice.text)
        self._dismiss.setAccessibleDescription(notice.text)
        self._action.setAccessibleDescription(notice.text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        spoken = QAccessibleAnnouncementEvent(self, notice.text)
        if notice.is_trouble:
            spoken.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(spoken)

    @Slot()
    def _on_time_over(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused and self.isAncestorOf(focused)):
            self._clock.start()
        else:
            self._show_next()

    @Slot()
    def _on_dismiss(self) -> None:
        self._show_next()

    @Slot()
    def _on_action(self) -> None:
        notice = self._shown
        self._show_next()
        if notice and notice.action:
            notice.action()
        if notice and notice.details:
            QGuiApplication.clipboard().setText(notice.details)
            self.show_notice(_("The details are in the clipboard."), seconds=_COPIED_S)

    # --- the bar ---

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._icon)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self._text, 1)
        for widget in (self._more, self._action, self._dismiss_all, self._dismiss):
            layout.addWidget(widget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        trouble = self._shown is not None and self._shown.is_trouble
        tint = QColor(_AMBER) if trouble else palette.color(QPalette.ColorRole.Accent)
        ground = blend(palette.color(QPalette.ColorRole.Window), tint, 0.12)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.fillRect(0, self.height() - 1, self.width(), 1, blend(ground, tint, 0.25))
        painter.end()


class _Picture(QWidget):
    """A small icon that follows the theme."""

    def __init__(self) -> None:
        super().__init__()
        self._name = "info"

    def sizeHint(self) -> QSize:
        return QSize(_ICON, _ICON)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.icon(self._name).paint(painter, QRect(0, (self.height() - _ICON) // 2, _ICON, _ICON))
        painter.end()
