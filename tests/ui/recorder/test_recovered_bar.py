"""The offer after a crash."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.core.jobs import Job
from desktop.core.recording import Recovered
from desktop.ui.recorder.recovered_bar import RecoveredBar, said_words

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FIRST = Recovered(Job(3, Path("/data/Recording 2026-11-25 14.03.mka")), 724_000, "Good morning. " * 30 + "That is all.")
SECOND = replace(FIRST, job=replace(FIRST.job, id=4), said="")


@pytest.fixture
def bar(qtbot: QtBot) -> RecoveredBar:
    widget = RecoveredBar()
    qtbot.addWidget(widget)
    widget.resize(900, 60)
    widget.offer(FIRST)
    return widget


def test_it_says_how_long_it_is_and_what_was_said(bar: RecoveredBar) -> None:
    assert bar.isVisible()
    told = bar.accessibleName()
    assert "“Recording 2026-11-25 14.03.mka” was cut off, and is saved: 12:04" in told
    assert "“Good morning." in told
    assert told.endswith("That is all.”")


def test_first_and_last_words_are_whole_words() -> None:
    assert said_words("  Short\nenough. ") == "“Short enough.”"
    first, last = said_words("alpha " * 50 + "omega").split(" … ")
    assert set(first.strip("“").split()) == {"alpha"}
    assert last.endswith("alpha omega”")
    assert said_words("") == "Nothing of it was heard yet."


def test_resume_and_open_say_which_job_and_the_next_one_follows(qtbot: QtBot, bar: RecoveredBar) -> None:
    bar.offer(SECOND)
    bar.offer(FIRST)
    with qtbot.waitSignal(bar.resume_wanted) as told:
        qtbot.mouseClick(bar.resume, Qt.MouseButton.LeftButton)
    assert told.args == [3]
    assert "Nothing of it was heard yet." in bar.accessibleName()
    with qtbot.waitSignal(bar.open_wanted) as told:
        qtbot.mouseClick(bar.open, Qt.MouseButton.LeftButton)
    assert told.args == [4]
    assert not bar.isVisible()


def answer(text: str) -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(button for button in box.buttons() if button.text() == text).click()


def test_discarding_asks_and_can_be_taken_back(qtbot: QtBot, bar: RecoveredBar) -> None:
    QTimer.singleShot(0, lambda: answer("Keep"))
    with qtbot.assertNotEmitted(bar.discard_wanted):
        qtbot.mouseClick(bar.discard, Qt.MouseButton.LeftButton)
    assert bar.isVisible()
    QTimer.singleShot(0, lambda: answer("Delete"))
    with qtbot.waitSignal(bar.discard_wanted) as told:
        qtbot.mouseClick(bar.discard, Qt.MouseButton.LeftButton)
    assert told.args == [3]
    assert not bar.isVisible()


def test_a_job_that_is_gone_is_offered_no_more(bar: RecoveredBar) -> None:
    bar.offer(SECOND)
    bar.forget([3])
    assert bar.shown == SECOND
    bar.forget([4])
    assert not bar.isVisible()
