"""Marks and gaps of a recording, with its text when it is over."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from desktop.core.jobs import JobState
from desktop.core.recording import Facts, Gap, Mark
from desktop.core.transcript import Segment, Transcript
from desktop.ui.document.document_view import DocumentView
from desktop.ui.main_window import MainWindow
from desktop.ui.recorder.marks_bar import MarksBar
from tests.ui.recorder.news import JOB

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FACTS = Facts(
    marks=(Mark(12_000, "Budget & more"), Mark(30_000)), gaps=(Gap(20_000, 61_000, "paused"),), is_finished=True
)


@pytest.fixture
def bar(qtbot: QtBot) -> MarksBar:
    widget = MarksBar()
    qtbot.addWidget(widget)
    widget.resize(700, 40)
    return widget


def names(bar: MarksBar) -> Sequence[str]:
    return [one.accessibleName() for one in bar._buttons if not one.isHidden()]


def test_marks_and_gaps_stand_in_the_order_of_time(bar: MarksBar) -> None:
    bar.show_facts(FACTS)
    assert names(bar) == ["0:12  Budget & more", "0:20  Paused for 1:01", "Marked at 0:30"]
    bar.show_facts(None)
    assert bar.isHidden()
    bar.show_facts(Facts())
    assert bar.isHidden()


def test_a_press_leads_to_the_moment(qtbot: QtBot, bar: MarksBar) -> None:
    bar.show_facts(FACTS)
    with qtbot.waitSignal(bar.place_wanted) as told:
        qtbot.mouseClick(bar._buttons[1], Qt.MouseButton.LeftButton)
    assert told.args == [20_000]


def test_what_has_no_room_is_in_a_menu(qtbot: QtBot, bar: MarksBar) -> None:
    bar.show_facts(Facts(marks=tuple(Mark(1000 * at) for at in range(100))))
    count = len(names(bar))
    assert 3 < count < 100
    assert bar._more.text() == f"{100 - count} more"
    actions = bar._more.menu().actions()
    assert len(actions) == 100 - count
    with qtbot.waitSignal(bar.place_wanted) as told:
        actions[-1].trigger()
    assert told.args == [99_000]
    bar.resize(260, 40)
    assert 0 < len(names(bar)) < count
    assert len(bar.places) == 100


def test_a_mark_leads_to_its_text_and_its_sound(qtbot: QtBot, window: MainWindow) -> None:
    text = Transcript(tuple(Segment(4000 * at, 4000 * at + 3000, f"Sentence {at}.") for at in range(100)))
    window.show_job(replace(JOB, state=JobState.DONE))
    window.show_transcript(JOB.id, text)
    window.show_facts(JOB.id, Facts(marks=(Mark(300_000),)))
    before = window.pane.document.verticalScrollBar().value()
    button = window.pane.marks.findChildren(QToolButton)[-1]
    with qtbot.waitSignal(window.pane.document.verticalScrollBar().valueChanged):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.pane.document.verticalScrollBar().value() > before)
    window.show_job(replace(JOB, id=8, state=JobState.DONE))
    window.choose(8)
    assert not window.pane.marks.isVisible()
    window.show_facts(JOB.id, FACTS)
    assert not window.pane.marks.isVisible()


@pytest.mark.parametrize(
    ("flags", "flagged"),
    [((), set()), ((0,), {0}), ((4500,), {1}), ((7900,), {1}), ((8000, 99_000), {2}), ((3000, 4000), {0, 1})],
)
def test_a_flag_stands_beside_what_was_being_said(qtbot: QtBot, flags: tuple[int, ...], flagged: set[int]) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    view.show_transcript(Transcript(tuple(Segment(at, at + 3000, "Text.") for at in (500, 4000, 8000))))
    view.set_flags(flags)
    assert {number for number in range(3) if view._is_flagged(number)} == flagged
