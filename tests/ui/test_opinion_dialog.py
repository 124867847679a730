"""What was heard again stands beside what is there, and is taken only if somebody says so."""

import pytest
from PySide6.QtWidgets import QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from desktop.core import errors
from desktop.core.options import FALLBACK_TEMPERATURES, Options
from desktop.core.transcript import Segment
from desktop.ui.opinion_dialog import OpinionDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PRESENT = (Segment(1000, 3000, "Thank you for coming."),)


@pytest.fixture
def dialog(qtbot: QtBot) -> OpinionDialog:
    parent = QWidget()
    qtbot.addWidget(parent)
    models = [("demo", "Demo"), ("small", "small")]
    dialog = OpinionDialog(1000, 3000, PRESENT, Options(model="small", language="de"), models, parent)
    dialog.show()
    dialog.parent_of_test = parent  # type: ignore[attr-defined]
    return dialog


def button(dialog: OpinionDialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if text in one.text().replace("&", ""))


def texts(dialog: OpinionDialog) -> list[str]:
    return [side.toPlainText() for side in dialog.findChildren(QTextBrowser)]


def test_it_asks_with_the_options_of_the_job_until_others_are_chosen(qtbot: QtBot, dialog: OpinionDialog) -> None:
    with qtbot.waitSignal(dialog.hearing_wanted) as told:
        button(dialog, "Hear again").click()
    assert told.args == [Options(model="small", language="de", temperatures=FALLBACK_TEMPERATURES)]
    assert not button(dialog, "Take").isEnabled()


def test_what_differs_is_shown_and_can_be_taken(qtbot: QtBot, dialog: OpinionDialog) -> None:
    found = (Segment(1000, 3000, "Thank you for calling."),)
    button(dialog, "Hear again").click()
    dialog.show_found(found)
    dialog.show_ended()
    assert texts(dialog) == ["Thank you for coming.", "Thank you for calling."]
    with qtbot.waitSignal(dialog.taken) as told:
        button(dialog, "Take").click()
    assert told.args == [found]


def test_the_same_text_or_none_cannot_be_taken(dialog: OpinionDialog) -> None:
    for found in ((), PRESENT):
        dialog.show_found(found)
        dialog.show_ended()
        assert not button(dialog, "Take").isEnabled()


def test_leaving_ends_the_hearing(qtbot: QtBot, dialog: OpinionDialog) -> None:
    button(dialog, "Hear again").click()
    with qtbot.waitSignal(dialog.cancel_wanted), qtbot.assertNotEmitted(dialog.taken):
        button(dialog, "Leave").click()


def test_a_failure_is_said_and_it_can_be_tried_again(dialog: OpinionDialog) -> None:
    button(dialog, "Hear again").click()
    dialog.show_error(errors.ModelBroken(model="small", reason="empty"))
    dialog.show_ended()
    assert button(dialog, "Hear again").isVisible()
