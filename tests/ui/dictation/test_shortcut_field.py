"""The recorder of shortcuts by real keys: what is typed holds, or the field says why not and what to do."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.errors import HotkeysImpossible, HotkeyTaken
from desktop.core.settings import about_setting
from desktop.ui.dictation.shortcut_field import COMMAND, ShortcutField

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL, SHIFT, ALT = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("Control", "Shift", "Alt"))
KEY = "Ctrl+Alt+Space"


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[ShortcutField]:
    window = QWidget()
    layout = QVBoxLayout(window)
    one = ShortcutField(about_setting("dictation_shortcut"))
    layout.addWidget(QLineEdit())
    layout.addWidget(one)
    layout.addWidget(QLineEdit())
    one.show_value(KEY)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield one
    window.close()


def keys(field: ShortcutField) -> QKeySequenceEdit:
    found = field.findChild(QKeySequenceEdit)
    assert isinstance(found, QKeySequenceEdit)
    return found


def told_by(field: ShortcutField) -> list[Any]:
    told: list[Any] = []
    field.edited.connect(told.append)
    return told


def test_keys_pressed_together_are_the_new_shortcut(qtbot: QtBot, field: ShortcutField) -> None:
    told = told_by(field)
    keys(field).setFocus()
    qtbot.keyClick(keys(field), Qt.Key.Key_F9, CTRL | SHIFT)
    assert told == ["Ctrl+Shift+F9"]
    assert keys(field).keySequence().toString() == "Ctrl+Shift+F9"


@pytest.mark.parametrize(("key", "held"), [(Qt.Key.Key_A, SHIFT), (Qt.Key.Key_V, CTRL), (Qt.Key.Key_Space, None)])
def test_a_key_that_others_need_is_refused(qtbot: QtBot, field: ShortcutField, key: Qt.Key, held: Any) -> None:
    told = told_by(field)
    keys(field).setFocus()
    qtbot.keyClick(keys(field), key, held or Qt.KeyboardModifier.NoModifier)
    assert told == []
    assert keys(field).keySequence().toString() == KEY
    assert "is not possible" in field.state


def test_it_says_whether_the_shortcut_works(field: ShortcutField) -> None:
    assert field.state == ""
    field.show_grabbed(KEY)
    assert field.state == "Ctrl+Alt+Space works in every program."
    field.show_grabbed("", HotkeyTaken(shortcut=KEY))
    assert field.state == str(HotkeyTaken(shortcut=KEY))
    field.show_value("F9")
    assert field.state == ""


def test_where_the_desktop_gives_no_shortcut_the_command_is_at_hand(qtbot: QtBot, field: ShortcutField) -> None:
    button = next(one for one in field.findChildren(QPushButton) if "command" in one.text())
    assert button.isHidden()
    field.show_grabbed("", HotkeysImpossible(reason="no portal"))
    assert COMMAND in field.state
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == COMMAND


def test_the_shortcut_must_not_act_while_keys_are_recorded(qtbot: QtBot, field: ShortcutField) -> None:
    told: list[bool] = []
    field.recording.connect(told.append)
    keys(field).setFocus()
    assert told == [True]
    assert "Press the keys" in field.state
    qtbot.keyClick(keys(field), Qt.Key.Key_Tab)
    assert told == [True, False]
    assert field.state == ""


def test_tab_and_escape_lead_out_of_it(qtbot: QtBot, field: ShortcutField) -> None:
    told = told_by(field)
    keys(field).setFocus()
    qtbot.keyClick(keys(field), Qt.Key.Key_Backtab)
    assert not keys(field).hasFocus()
    qtbot.keyClick(keys(field), Qt.Key.Key_Escape)
    assert told == []


def test_it_can_be_without_a_key(qtbot: QtBot, field: ShortcutField) -> None:
    told = told_by(field)
    remove = field.findChild(QToolButton)
    assert isinstance(remove, QToolButton)
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert told == [""]
    field.show_value("")
    assert remove.isHidden()
