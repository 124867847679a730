"""Every command by its name: type a few letters, press Enter, and it is done; its key is learnt on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.i18n import _
from desktop.ui.theme import GRID, RADIUS, blend

REASON = "reason"
"""The property of an action that says why it cannot be done; only asked as long as it is disabled."""

_ROW = 34
_SIGN = 18
_ROWS_IN_SIGHT = 11
_WIDTH = 560
_TOP = 56
_REMEMBERED = 30
_MNEMONIC = re.compile(r"&(&?)")
_START_OF_WORD = re.compile(r"\b\w")

_Index = QModelIndex | QPersistentModelIndex
_ACTION = Qt.ItemDataRole.UserRole
_PLACES = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Match:
    """How well a name fits what was typed: the lower the better; `places` are the letters that fit."""

    rank: int
    places: tuple[int, ...] = ()


def matched(name: str, typed: str) -> Match | None:
    """Whether every typed word is in the name: as the start of a word, anywhere, or letter by letter from a start."""
    folded, rank, places = name.casefold(), 0, set[int]()
    if len(folded) != len(name):
        folded = name.lower() if len(name.lower()) == len(name) else name
    for word in typed.casefold().split():
        found = _found(folded, word)
        if found is None:
            return None
        rank += found.rank
        places |= set(found.places)
    return Match(rank, tuple(sorted(places)))


def _found(name: str, word: str) -> Match | None:
    starts = [one.start() for one in _START_OF_WORD.finditer(name)]
    at = next((at for at in starts if name.startswith(word, at)), None)
    if at is not None:
        return Match(0 if at == 0 else 1, tuple(range(at, at + len(word))))
    at = name.find(word)
    if at >= 0:
        return Match(3, tuple(range(at, at + len(word))))
    # "afo" for "Add folder": each letter goes on where the last one was found, or at the start of a later word.
    for start in starts:
        places = _letter_by_letter(name, word, start, starts)
        if places:
            return Match(5, places)
    return None


def _letter_by_letter(name: str, word: str, start: int, starts: Sequence[int]) -> tuple[int, ...]:
    if name[start] != word[0]:
        return ()
    places = [start]
    for letter in word[1:]:
        following = [places[-1] + 1, *(at for at in starts if at > places[-1])]
        at = next((at for at in following if at < len(name) and name[at] == letter), None)
        if at is None:
            return ()
        places.append(at)
    return tuple(places)


class CommandList(QFrame):
    """Lies over the window as long as it is open. What was used last comes first, what cannot be done last."""

    used_changed = Signal(object)
    """The names of the commands that were used, the last one first, for whoever remembers them."""

    def __init__(self, actions: Callable[[], Sequence[QAction]], parent: QWidget, used: Sequence[str] = ()) -> None:
        """`actions` is asked each time the list opens; they are known by their object names."""
        super().__init__(parent)
        self._window = parent
        self._actions = actions
        self._used = list(used)
        self._came_from: QWidget | None = None
        self._field = QLineEdit(placeholderText=_("What do you want to do?"))
        self._list = QListWidget()
        self._nothing = QLabel(_("No command has these words."))
        self._make()
        self.hide()

    def open(self) -> None:
        """Lie over the window and take the focus."""
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        self._field.clear()
        self._fill()
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)
        _program().installEventFilter(self)

    @Slot()
    def close_list(self) -> None:
        """Be gone, and give the focus back."""
        if self.isHidden():
            return
        _program().removeEventFilter(self)
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self._came_from = None

    # --- the list ---

    @Slot()
    def _fill(self) -> None:
        self._list.clear()
        for action, places in self._ranked(self._field.text()):
            item = QListWidgetItem(name_of(action))
            item.setData(_ACTION, action)
            item.setData(_PLACES, places)
            reason = _reason(action)
            keys = _keys(action)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (name_of(action), keys, reason))))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setVisible(self._list.count() > 0)
        self._nothing.setVisible(self._list.count() == 0)
        rows = min(_ROWS_IN_SIGHT, self._list.count())
        self._list.setFixedHeight(rows * _ROW + 2)
        self.adjustSize()

    def _ranked(self, typed: str) -> list[tuple[QAction, tuple[int, ...]]]:
        """Those that fit, the best first."""
        fitting = []
        for number, action in enumerate(self._actions()):
            match = matched(name_of(action), typed)
            if match is None or action.isSeparator() or not name_of(action):
                continue
            name = action.objectName()
            used = self._used.index(name) if name in self._used else len(self._used)
            fitting.append(((not action.isEnabled(), match.rank, used, number), action, match.places))
        return [(action, places) for _rank, action, places in sorted(fitting, key=lambda one: one[0])]

    @Slot()
    def _on_chosen(self) -> None:
        item = self._list.currentItem()
        action = item.data(_ACTION) if item else None
        if action is None or not action.isEnabled():
            return
        self.close_list()
        if name := action.objectName():
            self._used = [name, *(other for other in self._used if other != name)][:_REMEMBERED]
            self.used_changed.emit(list(self._used))
        action.trigger()

    # --- keys and clicks ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click anywhere else closes it, and goes where it was meant to."""
        is_press = event.type() is QEvent.Type.MouseButtonPress
        if is_press and isinstance(watched, QWidget) and isinstance(event, QMouseEvent):
            inside = self.rect().contains(self.mapFromGlobal(event.globalPosition().toPoint()))
            if not inside and watched.window() is self.window():
                self.close_list()
        elif watched is self._field and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._took_key(event)
        elif watched is self._window and event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _took_key(self, event: QKeyEvent) -> bool:
        rows, row = self._list.count(), self._list.currentRow()
        steps = {
            Qt.Key.Key_Down: (row + 1) % max(1, rows),
            Qt.Key.Key_Up: (row - 1) % max(1, rows),
            Qt.Key.Key_PageDown: min(rows - 1, row + _ROWS_IN_SIGHT - 1),
            Qt.Key.Key_PageUp: max(0, row - _ROWS_IN_SIGHT + 1),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._list.setCurrentRow(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_chosen()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        return True

    # --- the frame ---

    def _make(self) -> None:
        self._field.setAccessibleName(_("Command"))
        self._field.textChanged.connect(self._fill)
        self._list.setAccessibleName(_("Commands"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setItemDelegate(_Row(self._list))
        self._list.itemClicked.connect(self._on_chosen)
        self._list.setAutoFillBackground(False)
        self._list.viewport().setAutoFillBackground(False)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._nothing.setContentsMargins(GRID, GRID, GRID, GRID)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID - 2)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        layout.addWidget(self._nothing)

    def _place(self) -> None:
        """At the top of the window, in the middle."""
        window = self._window
        width = min(_WIDTH, window.width() - 4 * GRID)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((window.width() - width) // 2, min(_TOP, max(GRID, window.height() // 10)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Dark))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Button))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS + 2, RADIUS + 2)
        painter.end()


class _Row(QStyledItemDelegate):
    """The sign, the name with the letters that fit, and the key; or the reason why it cannot be done."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        action: QAction = index.data(_ACTION)
        rect, direction = QRect(option.rect), option.direction
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, option)
        sign = QRect(rect.left() + GRID, rect.center().y() - _SIGN // 2, _SIGN, _SIGN)
        mode = QIcon.Mode.Normal if action.isEnabled() else QIcon.Mode.Disabled
        action.icon().paint(painter, QStyle.visualRect(direction, rect, sign), Qt.AlignmentFlag.AlignCenter, mode)
        said = _reason(action) or _keys(action)
        wide, high = option.fontMetrics.horizontalAdvance(said) + 12, option.fontMetrics.height() + 4
        side = QRect(rect.right() - wide - GRID // 2, rect.center().y() - high // 2, wide, high)
        self._draw_side(painter, option.palette, QStyle.visualRect(direction, rect, side), said, action.isEnabled())
        left = sign.right() + GRID + GRID // 2
        name = QRect(left, rect.top(), (side.left() if said else rect.right()) - left - GRID, rect.height())
        group = QPalette.ColorGroup.Normal if action.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(option.palette.color(group, QPalette.ColorRole.Text))
        self._draw_name(painter, option, QStyle.visualRect(direction, rect, name), index)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            ground = option.palette.color(QPalette.ColorRole.Button)
            tint = option.palette.color(QPalette.ColorRole.Accent if is_chosen else QPalette.ColorRole.Text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(ground, tint, 0.2 if is_chosen else 0.06))
            painter.drawRoundedRect(QRect(option.rect).adjusted(0, 1, 0, -1), RADIUS - 2, RADIUS - 2)

    def _draw_side(self, painter: QPainter, palette: QPalette, place: QRect, said: str, is_key: bool) -> None:
        if said and is_key:  # on a key cap
            painter.setPen(palette.color(QPalette.ColorRole.Dark))
            painter.setBrush(palette.color(QPalette.ColorRole.Window))
            painter.drawRoundedRect(place, 4, 4)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, said)

    def _draw_name(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, index: _Index) -> None:
        """The letters that fit are underlined and bold."""
        text = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, place.width())
        fits = QTextCharFormat()
        fits.setFontWeight(QFont.Weight.Bold)
        fits.setFontUnderline(True)
        ranges = []
        for at in index.data(_PLACES):
            one = QTextLayout.FormatRange()
            one.start, one.length, one.format = at, 1, fits
            ranges.append(one)
        layout = QTextLayout(text, option.font)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(place.width())
        layout.endLayout()
        layout.draw(painter, QPointF(place.left(), place.top() + (place.height() - line.height()) / 2))


def _program() -> QCoreApplication:
    program = QCoreApplication.instance()
    assert program, "widgets need a program"
    return program


def name_of(action: QAction) -> str:
    """The name as it is read aloud, without the sign for the Alt key."""
    return _MNEMONIC.sub(r"\1", action.text())


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _reason(action: QAction) -> str:
    """Why it cannot be done; empty if it can."""
    if action.isEnabled():
        return ""
    return str(action.property(REASON) or _("Not possible here"))
