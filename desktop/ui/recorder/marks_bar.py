"""The marks and gaps of a recording, above its text: one press leads to each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.core.i18n import _, _n
from desktop.core.names import clock
from desktop.core.recording import PAUSED, SUSPENDED, Facts, Gap
from desktop.ui import icons
from desktop.ui.theme import GRID

ICON = 16
LONGEST = 24


class MarksBar(QWidget):
    """As many as have room stand beside each other, the rest in a menu. Without any it is not there."""

    place_wanted = Signal(int)
    """A moment of the recording."""

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[QToolButton] = []
        self._places: list[tuple[int, str, str]] = []
        self._more = QToolButton()
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._more.setMenu(QMenu(self._more))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID // 2)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)
        self.setMinimumWidth(1)
        self.hide()

    def show_facts(self, facts: Facts | None) -> None:
        """Show what was flagged and what is missing; None for a file that was not recorded here."""
        marks = [(one.at_ms, "flag", one.text or clock(one.at_ms)) for one in (facts.marks if facts else ())]
        gaps = [(one.at_ms, _icon_of(one), one.said) for one in (facts.gaps if facts else ())]
        places = sorted(marks + gaps)
        if places != self._places:
            self._places = places
            self._make()
        self.setVisible(bool(places))

    @property
    def places(self) -> list[int]:
        """The moments that are offered, first to last."""
        return [at_ms for at_ms, _icon, _text in self._places]

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self._more.sizeHint().height() + GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _make(self) -> None:
        for button in self._buttons:
            button.setParent(None)
            button.deleteLater()
        self._buttons = []
        for number, (at_ms, icon, text) in enumerate(self._places):
            button = QToolButton()
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(ICON, ICON))
            button.setText(_shown(at_ms, text).replace("&", "&&"))
            button.setToolTip(
                f"{clock(at_ms)}  {text}" if text != clock(at_ms) else _("Marked at {at}").format(at=text)
            )
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(partial(self.place_wanted.emit, at_ms))
            self._layout.insertWidget(number, button)
            self._buttons.append(button)
        self._fit()

    def _fit(self) -> None:
        """Whatever stands behind the first one that has no room goes into the menu."""
        room = self.width() - 4 * GRID
        widths = [button.sizeHint().width() for button in self._buttons]
        count = len(widths)
        if sum(widths) > room:
            self._more.setText(_n("{count} more", "{count} more", len(widths)))
            room -= self._more.sizeHint().width()
            while count and sum(widths[:count]) > room:
                count -= 1
        for at, button in enumerate(self._buttons):
            button.setVisible(at < count)
        rest = self._places[count:]
        self._more.setVisible(bool(rest))
        self._more.setText(_n("{count} more", "{count} more", len(rest)))
        menu = self._more.menu()
        menu.clear()
        for at_ms, icon, text in rest:
            action = menu.addAction(icons.icon(icon), f"{clock(at_ms)}  {text}".replace("&", "&&"))
            action.triggered.connect(partial(self.place_wanted.emit, at_ms))


def _icon_of(gap: Gap) -> str:
    return "pause" if gap.reason in (PAUSED, SUSPENDED) else "warning"


def _shown(at_ms: int, text: str) -> str:
    if text == clock(at_ms):
        return text
    return f"{clock(at_ms)} {text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + '…'}"
