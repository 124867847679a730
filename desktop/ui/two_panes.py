"""Two widgets beside or above each other, with an edge between them that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget


class TwoPanes(QSplitter):
    """One of the two, the steady one, has the size that the user gave it; the other one has the rest.

    Where the other one needs more room, the steady one gives way: down to `readable`, and below that at once to
    `least`. When there is room again it has its size again.
    """

    def __init__(self, first: QWidget, second: QWidget, steady: QWidget, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self._steady, self._other = (first, second) if steady is first else (second, first)
        self._wished: int | None = None
        self._readable = self._least = 0
        self.setHandleWidth(1)
        self.addWidget(first)
        self.addWidget(second)
        self.setStretchFactor(self.indexOf(self._other), 1)
        self.setCollapsible(self.indexOf(self._other), False)
        self.splitterMoved.connect(self._on_moved)

    @property
    def wished(self) -> int:
        """The size of the steady widget where there is room; 0 if the user has closed it, -1 for its own wish."""
        return -1 if self._wished is None else self._wished

    def wish(self, size: int) -> None:
        """Give the steady widget a size, as `wished` tells it."""
        self._wished = size if size >= 0 else None
        self._settle()

    def give_way(self, readable: int, least: int) -> None:
        """How small the steady widget is of use, and how small it may be."""
        self._readable, self._least = readable, least

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._settle()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    @Slot()
    def _on_moved(self) -> None:
        size = self.sizes()[self.indexOf(self._steady)]
        if size < self._along(self._steady.maximumSize()):  # else it is not the hand that has made it so small
            self._wished = size
        self._settle()

    def _settle(self) -> None:
        sizes = self.sizes()
        if self._steady.isHidden() or self._other.isHidden() or not sum(sizes):
            return
        size = self._fitting(sum(sizes))
        at = self.indexOf(self._steady)
        if sizes[at] != size:
            sizes[at], sizes[1 - at] = size, sum(sizes) - size
            self.setSizes(sizes)

    def _fitting(self, room: int) -> int:
        wished = self._along(self._steady.sizeHint()) if self._wished is None else self._wished
        size = min(wished, self._along(self._steady.maximumSize()), room - self._needed(self._other))
        if wished and size < self._readable:
            size = self._least
        return max(size, self._needed(self._steady)) if wished else 0

    def _needed(self, widget: QWidget) -> int:
        own = self._along(widget.minimumSize())
        return own or max(0, self._along(widget.minimumSizeHint()))

    def _along(self, size: QSize) -> int:
        return size.width() if self.orientation() is Qt.Orientation.Horizontal else size.height()
