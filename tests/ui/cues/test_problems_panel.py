"""The list of problems on the page: what it says, the keys through it, and the mends."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from desktop.core.editing import pinned
from desktop.core.problems import problems
from desktop.core.rules import DEFAULT
from desktop.core.transcript import Transcript
from desktop.ui.cues.cue_model import Column
from tests.ui.cues.conftest import Desk
from tests.ui.cues.talk import after, said, talk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Shift = Qt.KeyboardModifier.ShiftModifier

Open = Callable[..., Desk]


def troubled(count: int = 6) -> Transcript:
    """The second and the fourth cue are far too short."""
    transcript = talk(count, pause_ms=2_500)
    for at in (1, 3):
        one = transcript.segments[at]
        words = len(one.words) - 1
        transcript = after(
            transcript, pinned(transcript, (at, 0), (at, words), one.text, one.start_ms, one.start_ms + 700)
        )
    return transcript


@pytest.fixture
def desk(open_desk: Open) -> Desk:
    return open_desk(troubled())


def rows(desk: Desk) -> list[str]:
    listed = desk.pane.panel.findChild(QListView).model()
    return [listed.data(listed.index(row, 0)) for row in range(listed.rowCount())]


def test_every_problem_is_said_with_its_cue_its_time_and_its_reason(desk: Desk) -> None:
    assert len(rows(desk)) == len(desk.pane.problems) > 3
    assert rows(desk)[0] == "#2  0:04  0.7 s on the screen, at least 0.833 s"
    assert desk.pane.panel._count.text() == f"{len(rows(desk))} problems"


def test_a_row_of_the_table_says_what_is_wrong(desk: Desk) -> None:
    model = desk.pane.table.model()
    notes = model.data(model.index(1, Column.NOTES))
    assert notes.startswith("0.7 s on the screen, at least 0.833 s. ")
    assert notes.endswith("Set by hand")


def test_without_problems_it_names_the_style(open_desk: Open) -> None:
    desk = open_desk(talk())
    assert desk.pane.panel._count.text() == "No problems: every cue keeps the rules of “Undertone”."
    assert not desk.pane.commands["problem-next"].isEnabled()
    assert not desk.pane.panel.findChild(QListView).isVisible()


def test_keys_go_through_the_problems_and_round(desk: Desk) -> None:
    seen = []
    for _press in range(len(rows(desk)) + 1):
        desk.press(Qt.Key.Key_F4)
        problem = desk.pane.panel.problem
        assert problem
        assert desk.pane.table.row == problem.cue
        seen.append(problem)
    assert seen[:-1] == list(desk.pane.problems)
    assert seen[-1] == seen[0]
    desk.press(Qt.Key.Key_F4, Shift)
    assert desk.pane.panel.problem == desk.pane.problems[-1]


def test_the_next_problem_is_the_next_from_where_one_is(desk: Desk) -> None:
    desk.pane.table.choose(2)
    desk.press(Qt.Key.Key_F4)
    later = desk.pane.panel.problem
    assert later
    assert later.cue > 2
    desk.pane.table.choose(2)
    desk.press(Qt.Key.Key_F4, Shift)
    earlier = desk.pane.panel.problem
    assert earlier
    assert earlier.cue < 2


def test_a_click_on_a_problem_goes_to_its_cue(desk: Desk) -> None:
    listed = desk.pane.panel.findChild(QListView)
    place = listed.visualRect(listed.model().index(2, 0)).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.pane.table.row == desk.pane.problems[2].cue


def test_the_problem_of_the_current_cue_is_marked(desk: Desk) -> None:
    desk.pane.table.choose(1)
    problem = desk.pane.panel.problem
    assert problem
    assert problem.cue == 1
    desk.pane.table.choose(0)
    assert desk.pane.panel.problem is None


def test_one_key_mends_the_chosen_problem(desk: Desk) -> None:
    original = desk.document.current
    before = len(desk.pane.problems)
    desk.press(Qt.Key.Key_F4)
    desk.press(Qt.Key.Key_F9)
    assert len(desk.edits) == 1
    assert len(desk.pane.problems) < before
    assert desk.pane.table.row == 1
    desk.check_undo_and_redo(original)


def test_enter_on_a_problem_mends_it(desk: Desk) -> None:
    listed = desk.pane.panel.findChild(QListView)
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert len(desk.edits) == 1


def test_all_are_mended_as_one_step(desk: Desk, qtbot: QtBot) -> None:
    original = desk.document.current
    before = len(desk.pane.problems)
    desk.press(Qt.Key.Key_F9, Shift)
    qtbot.waitUntil(lambda: bool(desk.edits))
    assert desk.document.done == 1
    left = len(problems(desk.pane.cues, DEFAULT))
    assert left < before
    assert desk.pane.panel._count.text() == f"{before - left} problems fixed."
    assert said(desk.document.current) == said(original)
    desk.check_undo_and_redo(original)


def test_mending_can_be_stopped_and_leaves_no_trace(open_desk: Open) -> None:
    desk = open_desk(troubled(60))
    desk.press(Qt.Key.Key_F9, Shift)
    assert desk.pane.panel._progress.isVisible()
    QTest.mouseClick(desk.pane.panel._stop, Qt.MouseButton.LeftButton)
    assert not desk.pane.panel._progress.isVisible()
    QTest.qWait(1)
    assert not desk.edits


def test_an_edit_in_between_stops_the_mending(desk: Desk) -> None:
    desk.pane.commands["problem-fix-all"].trigger()
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Delete)
    assert not desk.pane.panel._progress.isVisible()
    assert len(desk.edits) == 1


def test_what_cannot_be_mended_says_what_to_do(open_desk: Open) -> None:
    desk = open_desk(talk(4, letter_ms=25, pause_ms=0))
    assert desk.pane.problems
    desk.press(Qt.Key.Key_F4)
    problem = desk.pane.panel.problem
    assert problem
    desk.press(Qt.Key.Key_F9)
    assert not desk.edits
    assert desk.pane.panel._count.text() == f"#{problem.cue + 1} cannot be fixed by itself: change its text or times."


def test_counted_problems_are_told(open_desk: Open, qtbot: QtBot) -> None:
    desk = open_desk(troubled())
    with qtbot.waitSignal(desk.pane.problems_counted) as told:
        desk.go("Shall we")
        desk.press(Qt.Key.Key_Delete)
    assert told.args == [len(desk.pane.problems)]
