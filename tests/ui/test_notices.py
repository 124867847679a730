"""The bar that speaks to the user: one sentence at a time, within reach of the keyboard, nothing lost."""

from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.errors import FileVanished, NotMedia
from desktop.ui.notices import Notices


class Window(QWidget):
    """A place to work in, under the bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(600, 200)
        self.notices = Notices()
        self.work = QLineEdit()
        layout = QVBoxLayout(self)
        layout.addWidget(self.notices)
        layout.addWidget(self.work)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    widget = Window()
    qtbot.addWidget(widget)
    QCursor.setPos(
        QGuiApplication.primaryScreen().geometry().bottomRight()
    )  # where a test before left it, it may be on
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.work.setFocus()
    return widget


@pytest.fixture
def bar(window: Window) -> Notices:
    return window.notices


def button(bar: Notices, name: str) -> QAbstractButton:
    found = [one for one in bar.findChildren(QAbstractButton) if name in (one.text(), one.accessibleName())]
    assert len(found) == 1
    return found[0]


def test_it_takes_no_room_as_long_as_there_is_nothing_to_say(bar: Notices) -> None:
    assert not bar.isVisible()
    bar.show_notice("Written: talk.srt")
    assert bar.isVisible()
    assert bar.shown_text == "Written: talk.srt"


def test_notices_wait_for_each_other_in_the_order_they_came(qtbot: QtBot, bar: Notices) -> None:
    for text in ("first", "second", "third"):
        bar.show_notice(text)
    seen = []
    while bar.isVisible():
        seen.append(bar.shown_text)
        qtbot.mouseClick(button(bar, "Dismiss"), Qt.MouseButton.LeftButton)
    assert seen == ["first", "second", "third"]
    assert bar.shown_text == ""


def test_many_can_be_dismissed_at_once(qtbot: QtBot, bar: Notices) -> None:
    bar.show_notice("first")
    assert not button(bar, "Dismiss all").isVisible()
    bar.show_notice("second")
    bar.show_notice("third")
    qtbot.mouseClick(button(bar, "Dismiss all"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_the_same_is_not_said_twice_in_a_row(qtbot: QtBot, bar: Notices) -> None:
    for _time in range(3):
        bar.show_error(NotMedia(name="notes.mp3"))
    qtbot.mouseClick(button(bar, "Dismiss"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    bar.show_error(NotMedia(name="notes.mp3"))
    assert bar.isVisible()


def test_the_same_sentence_about_another_file_is_said(qtbot: QtBot, bar: Notices) -> None:
    again = []
    for job_id in (1, 2):
        bar.show_notice("This file is already transcribed.", "Transcribe again", partial(again.append, job_id))
    for _time in range(2):
        qtbot.mouseClick(button(bar, "Transcribe again"), Qt.MouseButton.LeftButton)
    assert again == [1, 2]


def test_a_bug_that_repeats_itself_is_told_once(qtbot: QtBot, bar: Notices) -> None:
    for _time in range(50):
        bar.show_bug("Traceback: it happened here")
    qtbot.mouseClick(button(bar, "Dismiss"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_its_button_acts_once_and_the_notice_is_gone(qtbot: QtBot, bar: Notices) -> None:
    acted = []
    bar.show_notice("3 files are left from last time.", "Resume", lambda: acted.append("resumed"))
    resume = button(bar, "Resume")
    assert resume.isVisible()
    resume.setFocus()
    qtbot.keyClick(resume, Qt.Key.Key_Space)
    assert acted == ["resumed"]
    assert not bar.isVisible()


def test_an_action_may_speak_again(qtbot: QtBot, bar: Notices) -> None:
    bar.show_notice("Undo?", "Undo", lambda: bar.show_notice("Undone."))
    qtbot.mouseClick(button(bar, "Undo"), Qt.MouseButton.LeftButton)
    assert bar.shown_text == "Undone."


def test_it_goes_by_itself_after_its_seconds(qtbot: QtBot, bar: Notices) -> None:
    bar.show_notice("Written: talk.srt", seconds=0.05)
    bar.show_notice("This stays.")
    qtbot.waitUntil(lambda: bar.shown_text == "This stays.")


def test_it_does_not_go_from_under_the_hands_of_the_user(qtbot: QtBot, window: Window) -> None:
    bar = window.notices
    bar.show_notice("Written: talk.srt", seconds=0.05)
    button(bar, "Dismiss").setFocus()
    qtbot.waitUntil(lambda: button(bar, "Dismiss").hasFocus())
    clock = bar.findChild(QTimer)
    assert clock
    with qtbot.waitSignal(clock.timeout):
        pass
    assert bar.isVisible()
    window.work.setFocus()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_escape_on_the_bar_dismisses_it(qtbot: QtBot, bar: Notices) -> None:
    bar.show_notice("Written: talk.srt")
    dismiss = button(bar, "Dismiss")
    dismiss.setFocus()
    qtbot.keyClick(dismiss, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_the_buttons_are_reached_by_tab(qtbot: QtBot, window: Window) -> None:
    window.notices.show_notice("Left over.", "Resume", print)
    reached = set()
    for _step in range(4):
        focused = QGuiApplication.focusObject()
        assert isinstance(focused, QWidget)
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert {button(window.notices, "Resume"), button(window.notices, "Dismiss"), window.work} <= reached


def test_an_error_says_what_happened_and_what_to_do(bar: Notices) -> None:
    error = FileVanished(name="talk.mp4", heard="12:04")
    bar.show_error(error)
    assert bar.shown_text == f"{error.said_headline} {error.said_advice}"
    assert bar.accessibleName() == bar.shown_text
    assert button(bar, "Dismiss").accessibleDescription() == bar.shown_text


def test_the_details_of_a_bug_can_be_copied(qtbot: QtBot, bar: Notices) -> None:
    bar.show_bug("Traceback: it happened here")
    assert bar.shown_text.startswith("Something went wrong.")
    qtbot.mouseClick(button(bar, "Copy details"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Traceback: it happened here"
    assert bar.shown_text == "The details are in the clipboard."


def test_the_longest_name_does_not_widen_the_window(bar: Notices) -> None:
    bar.show_error(NotMedia(name="x" * 4_000))
    assert bar.minimumSizeHint().width() < 400


def test_a_name_that_looks_like_a_tag_is_shown_as_it_is(bar: Notices) -> None:
    bar.show_notice("“<b>talk</b>.mp3” is done.")
    label = next(one for one in bar.findChildren(QLabel) if "talk" in one.text())
    assert label.textFormat() is Qt.TextFormat.PlainText
