"""The menu in the margin: who says this, chosen among those who speak, or somebody new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.core.i18n import _
from desktop.ui.theme import GRID

ROW_PX = 28
MOST_ROWS = 10
WIDTH = 264


class Kind(Enum):
    """What choosing an offer does."""

    SPEAKER = auto()
    NOBODY = auto()
    RENAME = auto()


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the menu."""

    kind: Kind
    name: str
    label: str


def offers(speakers: Sequence[str], current: str, typed: str) -> list[Offer]:
    """What can be chosen once so much of a name is typed: first what Enter most likely means."""
    name = typed.strip()
    found = [Offer(Kind.SPEAKER, one, one) for one in speakers if name.casefold() in one.casefold()]
    if not name:
        nobody = [Offer(Kind.NOBODY, "", _("Nobody in particular"))] if current else []
        return [*found, *nobody]
    found.sort(key=lambda offer: not offer.name.casefold().startswith(name.casefold()))
    is_known = any(one.casefold() == name.casefold() for one in speakers)
    new = [] if is_known else [Offer(Kind.SPEAKER, name, _("New speaker: {name}").format(name=name))]
    label = _("Rename {speaker} to {name} everywhere").format(speaker=current, name=name)
    rename = [Offer(Kind.RENAME, name, label)] if current and name != current else []
    return [*found, *new, *rename]


class SpeakerMenu(QFrame):
    """Opens beside a segment. Typing narrows the list or begins a new name; Enter and a click choose."""

    chosen = Signal(str)
    """The name; empty for nobody."""
    rename_wanted = Signal(str, str)
    """The name of a speaker and another one, for everything that is said by that speaker."""

    def __init__(self, parent: QWidget, speakers: Sequence[str], current: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._speakers = list(speakers)
        self._current = current
        self.field = QLineEdit(clearButtonEnabled=False)
        self.field.setPlaceholderText(_("Name of the speaker"))
        self.field.setAccessibleName(_("Name of the speaker"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setAccessibleName(_("Speakers"))
        self.list.itemClicked.connect(self._on_clicked)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID // 2)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.setFixedWidth(WIDTH)
        self._fill("")

    def open_at(self, place: QPoint) -> None:
        """Open with a corner at this place of the screen, or wherever there is room near it."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        left = place.x() - (self.width() if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0)
        top = min(place.y(), screen.bottom() - self.height())
        self.move(min(max(left, screen.left()), screen.right() - self.width()), max(screen.top(), top))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def labels(self) -> list[str]:
        """The lines that are offered now."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    @Slot(str)
    def _fill(self, typed: str) -> None:
        self.list.clear()
        found = offers(self._speakers, self._current, typed)
        for offer in found:
            item = QListWidgetItem(offer.label)
            item.setData(Qt.ItemDataRole.UserRole, offer)
            item.setSizeHint(QSize(0, ROW_PX))
            if offer.kind is Kind.SPEAKER and offer.name == self._current:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, _("{name}, speaks here").format(name=offer.name))
            self.list.addItem(item)
        current = next((row for row, offer in enumerate(found) if offer.name == self._current and not typed), 0)
        self.list.setCurrentRow(current)
        self.list.setFixedHeight(ROW_PX * min(len(found), MOST_ROWS) + GRID)
        self.list.setVisible(bool(found))
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_PageUp: -MOST_ROWS,
                Qt.Key.Key_PageDown: MOST_ROWS,
            }
            if event.key() in steps:
                row = self.list.currentRow() + steps[Qt.Key(event.key())]
                self.list.setCurrentRow(min(max(0, row), self.list.count() - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._choose(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        offer: Offer | None = item.data(Qt.ItemDataRole.UserRole) if item else None
        self.close()
        if offer is None:
            return
        if offer.kind is Kind.RENAME:
            self.rename_wanted.emit(self._current, offer.name)
        else:
            self.chosen.emit(offer.name)
