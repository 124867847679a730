"""The drawings of this program as icons: tinted like the text beside them, crisp at any scale."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_MIRRORED = frozenset({"insert", "undo"})
"""Drawings that point along the line of reading."""

_TRAY_SIZES = (16, 22, 24, 32, 44, 48, 64)
_APP_SIZES = (16, 24, 32, 48, 64, 128, 256)

_folder: Path | None = None
_copies: list[QIconEngine] = []


def use(folder: Path) -> None:
    """Take the drawings from here; said once, before the first icon is wanted."""
    global _folder  # noqa: PLW0603 - the drawings are one set for the whole process
    _folder = folder


def icon(name: str) -> QIcon:
    """A drawing in the colour of text; follows the theme. Raises FileNotFoundError when it was never drawn."""
    return QIcon(_Drawn(_drawing(name), is_tinted=True, is_mirrored=name in _MIRRORED))


def icon_in(name: str, colour: QColor) -> QIcon:
    """A drawing in one colour, for a ground that is not the theme's."""
    return QIcon(_Drawn(_drawing(name).replace("currentColor", colour.name()), is_mirrored=name in _MIRRORED))


def tray_icon(state: str) -> QIcon:
    """The mark of the tray in its own colours.

    `state` is idle, listening, recognising, text-waits, recording, recording-paused, working, paused or failed.
    """
    return QIcon(_Drawn(_drawing(f"tray-{state}"), sizes=_TRAY_SIZES))


def app_icon() -> QIcon:
    """The mark of the program in its own colours."""
    return QIcon(_Drawn(_drawing("undertone"), sizes=_APP_SIZES))


class _Drawn(QIconEngine):
    """One drawing, painted anew for every size and colour that is asked for."""

    def __init__(
        self, drawing: str, is_tinted: bool = False, is_mirrored: bool = False, sizes: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self._drawing = drawing
        self._is_tinted = is_tinted
        self._is_mirrored = is_mirrored
        self._sizes = sizes

    def clone(self) -> QIconEngine:
        # PySide leaves the copy to Python's collector although the icon owns it (seen with 6.11.3): hold on to it.
        _copies.append(_Drawn(self._drawing, self._is_tinted, self._is_mirrored, self._sizes))
        return _copies[-1]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tint = _tint(mode) if self._is_tinted else ""
        painter.save()
        if not self._is_tinted and mode is QIcon.Mode.Disabled:
            painter.setOpacity(0.4)
        if self._is_mirrored and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(2 * rect.x() + rect.width(), 0)
            painter.scale(-1, 1)
        _renderer(self._drawing, tint).render(painter, QRectF(rect))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        painted = QPixmap(size)
        if size.isEmpty():  # a button that is painted before it is laid out
            return painted
        painted.fill(Qt.GlobalColor.transparent)
        painter = QPainter(painted)
        self.paint(painter, painted.rect(), mode, state)
        painter.end()
        return painted

    def availableSizes(self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> list[QSize]:
        return [QSize(size, size) for size in self._sizes]


def _drawing(name: str) -> str:
    assert _folder, "icons.use(folder) comes first"
    return _read(_folder / f"{name}.svg")


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _tint(mode: QIcon.Mode) -> str:
    palette = QGuiApplication.palette()
    if mode is QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    selected = mode is QIcon.Mode.Selected
    return palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.WindowText).name()


@lru_cache(maxsize=256)
def _renderer(drawing: str, tint: str) -> QSvgRenderer:
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", tint).encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer
