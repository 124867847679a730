"""The window about this machine: what it can do, how it is doing just now, and how it works best."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from desktop.core.i18n import _
from desktop.ui.theme import GRID, MARGIN

_FIRST_SIZE = (860, 620)
_SMALLEST = (680, 420)
_WIDEST_PAGES = 176


class MachineWindow(QDialog):
    """Pages beside a list of their names, as in the settings. The main window can be used all the while."""

    def __init__(self, pages: Sequence[tuple[str, QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("This machine"))
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_FIRST_SIZE)
        self._list = QListWidget()
        self._list.setObjectName("pages")
        self._list.setAccessibleName(_("Pages"))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for name, page in pages:
            self._list.addItem(name)
            self._stack.addWidget(page)
        self._list.setFixedWidth(min(_WIDEST_PAGES, self._list.sizeHintForColumn(0) + 3 * GRID))
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._list.setCurrentRow(0)
        self._lay_out()

    def show_page(self, page: QWidget) -> None:
        """Bring the window up with this page."""
        self._list.setCurrentRow(self._stack.indexOf(page))
        self.show()
        self.raise_()
        self.activateWindow()

    def _lay_out(self) -> None:
        close = QPushButton(_("&Close"), autoDefault=False)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setSpacing(MARGIN)
        grid.addWidget(self._list, 0, 0)
        grid.addWidget(self._stack, 0, 1)
        grid.addLayout(foot, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)
