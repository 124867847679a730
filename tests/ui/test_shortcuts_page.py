"""The page of keys, by real keys: a new key holds at once, one that is taken is refused or taken over."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QKeySequenceEdit, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.shortcuts import Shortcuts
from desktop.ui.shortcuts_page import ShortcutsPage, give_keys, shortcuts_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CTRL = Qt.KeyboardModifier.ControlModifier


def made(parent: QWidget) -> list[QAction]:
    actions = []
    for name, text, key, scope in (
        ("add", "&Add files…", "Ctrl+O", ""),
        ("find", "&Find", "Ctrl+F", ""),
        ("remove", "Remove from &queue", "Del", "queue"),
        ("delete", "&Delete segment", "Del", "text"),
        ("again", "Transcribe again", "", ""),
    ):
        action = QAction(text, parent)
        action.setObjectName(name)
        action.setData(scope)
        if key:
            action.setShortcut(QKeySequence(key))
        actions.append(action)
    return actions


class Window(QWidget):
    """The page, and what holds."""

    def __init__(self) -> None:
        super().__init__()
        self.actions_made = made(self)
        self.shortcuts = shortcuts_of(self.actions_made)
        self.page = ShortcutsPage(self.actions_made, self.shortcuts, {"queue": "Queue", "text": "Text"}, self)
        self.page.resize(600, 500)
        self.resize(600, 500)
        self.page.changed.connect(self._on_changed)

    def _on_changed(self, shortcuts: Shortcuts) -> None:
        self.shortcuts = shortcuts
        give_keys(self.actions_made, shortcuts)

    def field(self, command: str) -> QKeySequenceEdit:
        name = f"Key for “{command}”"
        return next(one for one in self.page.findChildren(QKeySequenceEdit) if one.accessibleName() == name)

    def button(self, name: str) -> QAbstractButton:
        found = self.page.findChildren(QAbstractButton)
        return next(one for one in found if name in (one.text(), one.accessibleName()) and one.isVisible())

    def keys_of(self, name: str) -> str:
        action = next(one for one in self.actions_made if one.objectName() == name)
        return ", ".join(one.toString() for one in action.shortcuts())

    @property
    def refusals(self) -> list[str]:
        return [one.text() for one in self.page.findChildren(QLabel) if one.isVisible() and one.text().endswith(".")]

    @property
    def commands(self) -> list[str]:
        return [
            one.accessibleName().removeprefix("Key for “").removesuffix("”")
            for one in self.page.findChildren(QKeySequenceEdit)
            if one.isVisible()
        ]


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    widget = Window()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    return widget


def press(qtbot: QtBot, field: QKeySequenceEdit, key: Qt.Key, held: Qt.KeyboardModifier = CTRL) -> None:
    """Press it in the field and wait until the field has taken it."""
    field.setFocus()
    qtbot.waitUntil(lambda: field.hasFocus() or any(one.hasFocus() for one in field.findChildren(QLineEdit)))
    with qtbot.waitSignal(field.editingFinished):
        qtbot.keyClick(field, key, held)


def test_every_command_has_a_row_with_its_key(window: Window) -> None:
    assert window.commands == ["Add files", "Find", "Remove from queue", "Delete segment", "Transcribe again"]
    assert window.field("Add files").keySequence() == QKeySequence("Ctrl+O")
    assert window.field("Transcribe again").keySequence().isEmpty()


def test_a_new_key_holds_at_once(qtbot: QtBot, window: Window) -> None:
    press(qtbot, window.field("Transcribe again"), Qt.Key.Key_J)
    assert window.keys_of("again") == "Ctrl+J"
    assert window.shortcuts.to_record() == {"again": ["Ctrl+J"]}
    assert window.field("Transcribe again").keySequence() == QKeySequence("Ctrl+J")


def test_pressing_a_key_over_another_replaces_it(qtbot: QtBot, window: Window) -> None:
    press(qtbot, window.field("Add files"), Qt.Key.Key_J)
    assert window.keys_of("add") == "Ctrl+J"


def test_a_key_that_is_taken_is_refused_by_name(qtbot: QtBot, window: Window) -> None:
    press(qtbot, window.field("Transcribe again"), Qt.Key.Key_O)
    assert window.refusals == ["Ctrl+O belongs to “Add files”."]
    assert window.keys_of("again") == ""
    assert window.field("Transcribe again").keySequence().isEmpty()
    assert window.field("Transcribe again").accessibleDescription() == window.refusals[0]


def test_it_can_be_taken_from_there(qtbot: QtBot, window: Window) -> None:
    press(qtbot, window.field("Transcribe again"), Qt.Key.Key_O)
    window.button("Take it from there").click()
    assert (window.keys_of("again"), window.keys_of("add")) == ("Ctrl+O", "")
    assert window.refusals == []
    assert window.field("Add files").keySequence().isEmpty()


def test_a_key_of_typing_is_refused_for_good(qtbot: QtBot, window: Window) -> None:
    press(qtbot, window.field("Find"), Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert window.refusals == ["A is needed in the text itself."]
    assert not any(one.isVisible() and one.text() == "Take it from there" for one in window.findChildren(QPushButton))
    press(qtbot, window.field("Find"), Qt.Key.Key_C)
    assert window.refusals == ["Ctrl+C is kept for copying."]
    assert window.keys_of("find") == "Ctrl+F"


def test_a_key_can_be_given_up_and_comes_back_by_reset(qtbot: QtBot, window: Window) -> None:
    window.button("No key for “Add files”").click()
    assert window.keys_of("add") == ""
    window.button("Reset “Add files”").click()
    assert window.keys_of("add") == "Ctrl+O"
    assert window.shortcuts.to_record() == {}


def test_keys_lead_out_of_a_field_both_ways(qtbot: QtBot, window: Window) -> None:
    field = window.field("Find")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert window.focusWidget().accessibleName() == "No key for “Find”"
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget().accessibleName() == "No key for “Add files”"
    assert window.refusals == []


def test_escape_closes_the_page_from_wherever_the_keyboard_is(qtbot: QtBot, window: Window) -> None:
    window.page.setWindowFlag(Qt.WindowType.Dialog)
    for widget in (window.field("Find"), window.page.findChild(QLineEdit)):
        window.page.show()
        qtbot.waitUntil(window.page.isVisible)
        qtbot.keyClick(widget, Qt.Key.Key_Escape)
        assert window.page.isHidden()
        assert window.shortcuts.to_record() == {}


def test_all_keys_come_back_at_once(qtbot: QtBot, window: Window) -> None:
    assert not window.button("Reset all keys").isEnabled()
    window.button("No key for “Add files”").click()
    press(qtbot, window.field("Find"), Qt.Key.Key_J)
    window.button("Reset all keys").click()
    assert (window.keys_of("add"), window.keys_of("find")) == ("Ctrl+O", "Ctrl+F")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("file", ["Add files"]),
        ("ctrl+f", ["Find"]),
        ("queue", ["Remove from queue"]),
        ("del", ["Remove from queue", "Delete segment"]),
        ("zzz", []),
    ],
)
def test_commands_are_found_by_name_place_or_key(qtbot: QtBot, window: Window, typed: str, found: list[str]) -> None:
    search = next(one for one in window.findChildren(QLineEdit) if one.accessibleName().startswith("Search"))
    qtbot.keyClicks(search, typed)
    assert window.commands == found
    assert window.refusals == ([] if found else ["No command has these words."])


def test_what_was_kept_is_given_to_the_actions() -> None:
    parent = QWidget()
    actions = made(parent)
    give_keys(actions, shortcuts_of(actions, {"find": ["Ctrl+J", "F3"], "again": ["Ctrl+F"]}))
    keys = {one.objectName(): [key.toString() for key in one.shortcuts()] for one in actions}
    assert keys["find"] == ["Ctrl+J", "F3"]
    assert keys["again"] == ["Ctrl+F"]
    assert keys["remove"] == keys["delete"] == ["Del"]
