"""The question before edits are lost, answered by keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.core.errors import DiskFull
from desktop.ui.unkept_dialog import UnkeptDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def dialog(window: QWidget) -> UnkeptDialog:
    dialog = UnkeptDialog(["talk.mp3", "other.mp3"], DiskFull(folder="/home/anna"), window)
    dialog.open()
    return dialog


def gone(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.waitUntil(lambda: not isValid(widget))


def button(dialog: UnkeptDialog, text: str) -> QWidget:
    return next(one for one in dialog.buttons() if one.text().replace("&", "") == text)


def test_it_names_the_files_and_the_reason(dialog: UnkeptDialog) -> None:
    assert dialog.text() == "Edits of “talk.mp3”, “other.mp3” could not be kept."
    assert "The disk is full (/home/anna)." in dialog.informativeText()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_without_another_answer_the_program_goes_on(qtbot: QtBot, dialog: UnkeptDialog, key: Qt.Key) -> None:
    for wish in (dialog.again_wanted, dialog.elsewhere_wanted, dialog.leave_wanted):
        wish.connect(lambda *_about: pytest.fail("nobody wants that"))
    qtbot.keyClick(dialog, key)
    gone(qtbot, dialog)


def test_it_says_what_is_wanted(qtbot: QtBot, window: QWidget) -> None:
    for text, name in (("Try again", "again_wanted"), ("Quit all the same", "leave_wanted")):
        dialog = UnkeptDialog(["talk.mp3"], DiskFull(folder="/"), window)
        dialog.open()
        with qtbot.waitSignal(getattr(dialog, name)):
            qtbot.mouseClick(button(dialog, text), Qt.MouseButton.LeftButton)
        gone(qtbot, dialog)


def test_a_folder_is_asked_for_until_there_is_one(
    qtbot: QtBot, window: QWidget, dialog: UnkeptDialog, home: Path
) -> None:
    qtbot.mouseClick(button(dialog, "Save them elsewhere…"), Qt.MouseButton.LeftButton)
    (folders,) = window.findChildren(QFileDialog)
    assert not dialog.isVisible()
    assert Path(folders.directory().absolutePath()) == home
    folders.reject()
    gone(qtbot, folders)
    assert dialog.isVisible(), "the question again"
    qtbot.mouseClick(button(dialog, "Save them elsewhere…"), Qt.MouseButton.LeftButton)
    (folders,) = window.findChildren(QFileDialog)
    with qtbot.waitSignal(dialog.elsewhere_wanted) as told:
        folders.accept()
    assert told.args == [str(home)]
    gone(qtbot, dialog)
