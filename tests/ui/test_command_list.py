"""The list of commands, by real keys: found by a few letters, run with Enter, closed without a trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QListWidget, QMainWindow, QTextEdit
from pytestqt.qtbot import QtBot

from desktop.ui.command_list import REASON, CommandList, matched, name_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NAMES = ("&Add files…", "Add &folder…", "Find && replace", "&Split segment", "Merge segments", "Undo")


class Window(QMainWindow):
    """A text and some commands."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(800, 500)
        self.text = QTextEdit()
        self.setCentralWidget(self.text)
        self.done: list[str] = []
        self.known: list[QAction] = []
        for name in NAMES:
            action = QAction(name, self)
            action.setObjectName(name_of(action).casefold())
            action.triggered.connect(lambda _checked=False, one=action: self.done.append(name_of(one)))
            self.known.append(action)
        self.known[0].setShortcut("Ctrl+O")
        self.list = CommandList(lambda: self.known, self)

    @property
    def field(self) -> QLineEdit:
        found = self.list.findChild(QLineEdit)
        assert found
        return found

    @property
    def rows(self) -> QListWidget:
        found = self.list.findChild(QListWidget)
        assert found
        return found

    @property
    def shown(self) -> list[str]:
        return [self.rows.item(row).text() for row in range(self.rows.count())]


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    widget = Window()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.text.setFocus()
    qtbot.waitUntil(widget.text.hasFocus)
    widget.list.open()
    return widget


def test_it_shows_every_command_by_its_plain_name(window: Window) -> None:
    assert window.shown == ["Add files…", "Add folder…", "Find & replace", "Split segment", "Merge segments", "Undo"]
    assert window.field.hasFocus()
    assert "Ctrl+O" in window.rows.item(0).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fol", ["Add folder…"]),
        ("fold add", ["Add folder…"]),
        ("SEG", ["Split segment", "Merge segments"]),
        ("afo", ["Add folder…"]),
        ("spse", ["Split segment"]),
        ("replace", ["Find & replace"]),
        ("dd", ["Add files…", "Add folder…"]),
        ("u", ["Undo"]),
        ("xyz", []),
    ],
)
def test_a_few_letters_are_enough(qtbot: QtBot, window: Window, typed: str, found: list[str]) -> None:
    qtbot.keyClicks(window.field, typed)
    assert window.shown[: len(found)] == found
    assert bool(window.shown) == bool(found)


def test_enter_runs_it_with_the_focus_back_where_it_was(qtbot: QtBot, window: Window) -> None:
    focused = []
    window.known[4].triggered.connect(lambda: focused.append(window.text.hasFocus()))
    qtbot.keyClicks(window.field, "merge")
    qtbot.keyClick(window.field, Qt.Key.Key_Return)
    assert window.done == ["Merge segments"]
    assert focused == [True]
    assert not window.list.isVisible()


def test_arrows_choose_and_go_round_the_end(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, Qt.Key.Key_Down)
    qtbot.keyClick(window.field, Qt.Key.Key_Return)
    window.list.open()
    assert window.shown[0] == "Add folder…"  # used last
    qtbot.keyClick(window.field, Qt.Key.Key_Up)
    qtbot.keyClick(window.field, Qt.Key.Key_Return)
    assert window.done == ["Add folder…", "Undo"]


def test_a_click_runs_it(qtbot: QtBot, window: Window) -> None:
    row = window.rows.visualItemRect(window.rows.item(2)).center()
    qtbot.mouseClick(window.rows.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert window.done == ["Find & replace"]


def test_what_was_used_is_remembered_the_last_first(qtbot: QtBot, window: Window) -> None:
    told = []
    window.list.used_changed.connect(told.append)
    for typed in ("undo", "split", "undo"):
        window.list.open()
        qtbot.keyClicks(window.field, typed)
        qtbot.keyClick(window.field, Qt.Key.Key_Return)
    assert told[-1] == ["undo", "split segment"]
    again = CommandList(lambda: window.known, window, told[-1])
    again.open()
    rows = again.findChild(QListWidget)
    assert rows
    assert [rows.item(row).text() for row in range(2)] == ["Undo", "Split segment"]


def test_a_better_fit_goes_before_what_was_used(qtbot: QtBot, window: Window) -> None:
    window.list = CommandList(lambda: window.known, window, ["add folder…"])
    window.list.open()
    qtbot.keyClicks(window.field, "s")
    assert window.shown[0] == "Split segment"


def test_what_cannot_be_done_stands_last_with_its_reason(qtbot: QtBot, window: Window) -> None:
    window.known[0].setEnabled(False)
    window.known[0].setProperty(REASON, "The disk is full")
    window.list.open()
    assert window.shown[-1] == "Add files…"
    assert "The disk is full" in window.rows.item(5).data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClicks(window.field, "files")
    qtbot.keyClick(window.field, Qt.Key.Key_Return)
    assert window.done == []
    assert window.list.isVisible()


def test_escape_closes_and_gives_the_focus_back(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, Qt.Key.Key_Escape)
    assert not window.list.isVisible()
    assert window.text.hasFocus()
    assert window.done == []


def test_a_click_outside_closes_it(qtbot: QtBot, window: Window) -> None:
    qtbot.mouseClick(window.text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, window.text.height() - 20))
    assert not window.list.isVisible()


def test_nothing_found_is_said(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClicks(window.field, "xyz")
    assert not window.rows.isVisible()
    qtbot.keyClick(window.field, Qt.Key.Key_Return)
    assert window.list.isVisible()


def test_it_keeps_inside_a_small_window(window: Window) -> None:
    window.resize(420, 400)
    window.list.open()
    assert window.rect().contains(window.list.geometry())


words = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=6)


@given(st.lists(words, min_size=1, max_size=4), st.data())
def test_every_word_of_a_name_finds_it(parts: list[str], data: st.DataObject) -> None:
    name = " ".join(parts)
    typed = data.draw(st.sampled_from(parts))
    found = matched(name, typed)
    if typed.casefold() in name.casefold() and len(name.casefold()) == len(name):
        assert found
        assert all(0 <= at < len(name) for at in found.places)
