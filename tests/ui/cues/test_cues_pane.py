"""The page of cues under a person's hands: every gesture, undone and redone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.core.cues import compose
from desktop.core.document import Document
from desktop.core.rules import DEFAULT, PRESETS, Rules
from desktop.core.transcript import Transcript
from desktop.ui.cues.cue_commands import COMMANDS
from desktop.ui.cues.cue_model import Column
from desktop.ui.cues.cues_pane import CuesPane
from tests.ui.cues.conftest import Desk, cue_with, texts, times
from tests.ui.cues.talk import said, segment, talk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Open = Callable[..., Desk]
Control = Qt.KeyboardModifier.ControlModifier
Shift = Qt.KeyboardModifier.ShiftModifier
Alt = Qt.KeyboardModifier.AltModifier
NoModifier = Qt.KeyboardModifier.NoModifier


def test_the_cues_of_a_transcript_are_shown(desk: Desk) -> None:
    assert list(desk.pane.cues) == compose(talk())
    assert desk.pane.current_cue() == desk.pane.cues[0]


def test_an_empty_transcript_says_so(open_desk: Open, qtbot: QtBot) -> None:
    desk = open_desk(Transcript(()))
    assert desk.pane.table._empty.text() == "There is no text yet."
    assert not desk.pane.current_cue()
    for command in COMMANDS:
        desk.pane.commands[command.name].trigger()
    assert not desk.edits


# --- text ---


def test_enter_opens_the_text_and_enter_takes_it(desk: Desk) -> None:
    original = desk.document.current
    cue = cue_with(desk, "Thank you")
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_A, Control)
    desk.type("Thanks for coming.")
    desk.press(Qt.Key.Key_Return)
    assert desk.editor is None
    now = cue_with(desk, "Thanks for coming.")
    assert now.is_pinned
    assert (now.start_ms, now.end_ms) == (cue.start_ms, cue.end_ms)
    assert now.words[-1].start_ms == cue.words[-1].start_ms
    desk.check_undo_and_redo(original)


def test_shift_and_enter_break_the_line(desk: Desk) -> None:
    original = desk.document.current
    desk.go("Shall we start")
    desk.press(Qt.Key.Key_F2)
    for _letter in range(len("question?")):
        desk.press(Qt.Key.Key_Left)
    desk.press(Qt.Key.Key_Return, Shift)
    desk.press(Qt.Key.Key_Return)
    assert cue_with(desk, "Shall we").lines == ("Shall we start with the first", "question?")
    desk.check_undo_and_redo(original)


def test_escape_leaves_the_text_as_it_was(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.type("nonsense")
    desk.press(Qt.Key.Key_Escape)
    assert desk.editor is None
    assert not desk.edits


def test_a_text_that_was_not_changed_pins_nothing(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)
    assert not desk.edits


def test_tab_takes_the_text_and_opens_the_next(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.type(" Now.")
    desk.press(Qt.Key.Key_Tab)
    assert desk.editor.text.startswith("Shall we")
    desk.press(Qt.Key.Key_Backtab)
    assert desk.editor.text == "Thank you for coming. Now."
    desk.press(Qt.Key.Key_Escape)
    assert len(desk.edits) == 1


def test_a_double_click_puts_the_caret_where_the_pointer_is(desk: Desk) -> None:
    row = desk.go("Thank you")
    table = desk.pane.table
    left = table.visualRect(table.model().index(row, Column.TEXT)).left()
    at = QPoint(left + 10, desk.place(row, Column.TEXT).y())
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    desk.type("X")
    desk.press(Qt.Key.Key_Return)
    assert "X" in desk.pane.cues[row].text[:3]


def test_what_is_typed_is_taken_when_another_cell_is_clicked(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.type(" Now.")
    desk.go("Shall we")
    assert cue_with(desk, "Now.").is_pinned
    assert desk.editor is None


def test_what_is_typed_is_taken_when_another_transcript_comes(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.type(" Now.")
    desk.pane.show_transcript(talk(2))
    assert said(desk.document.current).startswith("Thank you for coming. Now.")


def test_more_text_may_come_while_one_types(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.type(" Now.")
    desk.pane.take(talk(12))
    desk.wait()
    assert desk.editor.text == "Thank you for coming. Now."
    desk.press(Qt.Key.Key_Escape)


def test_an_emptied_cue_is_deleted(desk: Desk) -> None:
    original = desk.document.current
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_A, Control)
    desk.press(Qt.Key.Key_Delete)
    assert desk.editor._speed.text() == "The cue will be deleted"
    desk.press(Qt.Key.Key_Return)
    assert "Thank you" not in said(desk.document.current)
    desk.check_undo_and_redo(original)


def test_lengths_and_speed_are_told_while_one_types(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    assert desk.editor._speed.text() == "12.3 characters per second"
    desk.type(" And thank you for bringing all of these people.")
    assert desk.editor.shown_length(desk.editor.text) == "69/42"
    assert desk.editor.is_too_long(desk.editor.text)
    assert desk.editor._speed.text().endswith("characters per second, limit 20")
    assert "69/42" in desk.editor.field.accessibleDescription()
    desk.press(Qt.Key.Key_Escape)


def test_the_editor_grows_with_its_lines(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    before = desk.editor.height()
    for _line in range(3):
        desk.press(Qt.Key.Key_Return, Shift)
        desk.type("more")
    assert desk.editor.height() > before
    desk.press(Qt.Key.Key_Escape)


# --- cutting and joining ---


def test_control_and_enter_cut_the_cue_at_the_caret(desk: Desk) -> None:
    original = desk.document.current
    count = len(desk.pane.cues)
    whole = cue_with(desk, "Shall we")
    desk.go("Shall we")
    desk.press(Qt.Key.Key_Return)
    for _letter in range(len(" with the first question?")):
        desk.press(Qt.Key.Key_Left)
    desk.press(Qt.Key.Key_Return, Control)
    assert len(desk.pane.cues) == count + 1
    left, right = cue_with(desk, "Shall we start"), cue_with(desk, "with the first question?")
    assert (left.start_ms, right.end_ms) == (whole.start_ms, whole.end_ms)
    assert right.start_ms == next(word.start_ms for word in whole.words if word.text == " with")
    assert desk.pane.current_cue() == left
    desk.check_undo_and_redo(original)


def test_a_cue_is_cut_in_the_middle_by_a_key(desk: Desk) -> None:
    desk.go("Shall we")
    desk.press(Qt.Key.Key_Return, Control | Shift)
    assert cue_with(desk, "Shall we").text == "Shall we start with"


@pytest.mark.parametrize(("text", "modifiers"), [("Thank you", Control), ("Shall we", Control | Shift)])
def test_neighbours_are_merged(desk: Desk, text: str, modifiers: Qt.KeyboardModifier) -> None:
    original = desk.document.current
    desk.go(text)
    desk.press(Qt.Key.Key_J, modifiers)
    assert desk.pane.cues[0].lines == ("Thank you for coming.", "Shall we start with the first question?")
    assert desk.pane.current_cue() == desk.pane.cues[0]
    desk.check_undo_and_redo(original)


def test_all_chosen_cues_are_merged(desk: Desk) -> None:
    original = desk.document.current
    count = len(desk.pane.cues)
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Down, Shift)
    desk.press(Qt.Key.Key_Down, Shift)
    desk.press(Qt.Key.Key_J, Control)
    assert len(desk.pane.cues) == count - 2
    assert desk.pane.cues[0].text.replace("\n", " ").startswith("Thank you for coming. Shall we start")
    desk.check_undo_and_redo(original)


def test_a_command_takes_what_is_being_typed_first(desk: Desk) -> None:
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Return)
    desk.type(" Now.")
    desk.pane.commands["cue-merge-next"].trigger()
    assert desk.editor is None
    assert desk.pane.cues[0].lines == ("Thank you for coming. Now.", "Shall we start with the first question?")


def test_everything_can_be_deleted(open_desk: Open) -> None:
    desk = open_desk(talk(300))
    original = desk.document.current
    desk.press(Qt.Key.Key_A, Control)
    desk.press(Qt.Key.Key_Delete)
    assert not desk.pane.cues
    assert desk.pane.table._empty.text() == "There is no text yet."
    desk.undo()
    assert desk.document.current == original
    assert len(desk.pane.cues) > 300


def test_the_last_cue_has_no_next_one(desk: Desk) -> None:
    desk.pane.table.choose(len(desk.pane.cues) - 1)
    assert not desk.pane.commands["cue-merge-next"].isEnabled()
    assert desk.pane.commands["cue-merge-previous"].isEnabled()
    desk.press(Qt.Key.Key_J, Control)
    assert not desk.edits


def test_delete_takes_all_chosen_cues(desk: Desk) -> None:
    original = desk.document.current
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Down, Shift)
    desk.press(Qt.Key.Key_Delete)
    assert said(desk.document.current).startswith("Yes.")
    assert desk.pane.table.row == 0
    desk.check_undo_and_redo(original)


def test_delete_of_the_window_does_not_reach_the_queue(desk: Desk, qtbot: QtBot) -> None:
    asked = []
    from PySide6.QtGui import QShortcut

    QShortcut("Del", desk.pane.window(), lambda: asked.append("queue"))
    desk.go("Thank you")
    desk.press(Qt.Key.Key_Delete)
    assert not asked
    assert len(desk.edits) == 1


def test_a_cue_that_was_set_by_hand_flows_again(desk: Desk) -> None:
    desk.go("Shall we")
    desk.press(Qt.Key.Key_Left, Alt | Shift)
    assert cue_with(desk, "Shall we").is_pinned
    pinned = desk.document.current
    assert desk.pane.commands["cue-flow"].isEnabled()
    desk.press(Qt.Key.Key_U, Control)
    assert not cue_with(desk, "Shall we").is_pinned
    assert not desk.pane.commands["cue-flow"].isEnabled()
    desk.check_undo_and_redo(pinned)


# --- times ---


def test_a_time_is_typed(desk: Desk) -> None:
    original = desk.document.current
    row = desk.go("Shall we", Column.START)
    desk.press(Qt.Key.Key_Return)
    desk.type("0:02.5")
    desk.press(Qt.Key.Key_Return)
    assert desk.pane.cues[row].start_ms == 2_500
    assert desk.pane.cues[row].is_pinned
    desk.check_undo_and_redo(original)


def test_a_double_click_opens_a_time(desk: Desk) -> None:
    row = desk.go("Shall we", Column.END)
    before = desk.pane.cues[row].end_ms
    QTest.mouseDClick(desk.pane.table.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(row, Column.END))
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.pane.cues[row].end_ms == before - 10


def test_a_time_stops_at_the_neighbour(desk: Desk) -> None:
    row = desk.go("Shall we", Column.START)
    desk.press(Qt.Key.Key_Return)
    desk.type("0")
    desk.press(Qt.Key.Key_Return)
    assert desk.pane.cues[row].start_ms == desk.document.original.segments[0].end_ms
    assert desk.pane.cues[row - 1].end_ms <= desk.pane.cues[row].start_ms


def test_a_time_that_is_none_is_left_when_the_focus_goes(desk: Desk) -> None:
    desk.go("Shall we", Column.START)
    desk.press(Qt.Key.Key_Return)
    desk.type("soon")
    desk.go("Thank you")
    assert desk.editor is None
    assert not desk.edits


@pytest.mark.parametrize(
    ("key", "modifiers", "start", "end"),
    [
        (Qt.Key.Key_Left, Control, -10, 0),
        (Qt.Key.Key_Right, Control, 10, 0),
        (Qt.Key.Key_Left, Alt | Shift, 0, -10),
        (Qt.Key.Key_Right, Alt | Shift, 0, 10),
        (Qt.Key.Key_Left, Control | Shift, -10, -10),
        (Qt.Key.Key_Right, Control | Shift, 10, 10),
    ],
)
def test_keys_move_the_edges_and_three_are_one_step(
    open_desk: Open, key: Qt.Key, modifiers: Qt.KeyboardModifier, start: int, end: int
) -> None:
    desk = open_desk(talk(3, pause_ms=3_000))
    original = desk.document.current
    row = desk.go("Shall we")
    before = desk.pane.cues[row]
    for _press in range(3):
        desk.press(key, modifiers)
    now = desk.pane.cues[row]
    assert (now.start_ms - before.start_ms, now.end_ms - before.end_ms) == (3 * start, 3 * end)
    assert desk.document.done == 1
    desk.check_undo_and_redo(original)


def test_a_step_is_a_frame_where_the_style_has_frames(open_desk: Open) -> None:
    desk = open_desk(talk(3, pause_ms=3_000), Rules(frame_rate=25.0))
    row = desk.go("Shall we")
    before = desk.pane.cues[row].start_ms
    desk.press(Qt.Key.Key_Right, Control)
    assert desk.pane.cues[row].start_ms == before + 40


# --- places ---


def test_the_cue_that_is_said_is_marked(desk: Desk) -> None:
    desk.pane.set_playhead(desk.pane.cues[2].start_ms + 5)
    assert desk.pane.table.playing_row == 2
    desk.pane.set_playhead(0)
    assert desk.pane.table.playing_row == -1


def test_playing_is_followed_until_one_scrolls_away(open_desk: Open) -> None:
    desk = open_desk(talk(60))
    table = desk.pane.table
    desk.pane.set_playhead(desk.pane.cues[0].start_ms)
    desk.pane.set_playhead(desk.pane.cues[30].start_ms)
    assert table._is_in_sight(30)
    table.verticalScrollBar().setValue(0)
    desk.pane.set_playhead(desk.pane.cues[31].start_ms)
    assert table._is_in_sight(0)


def test_a_place_is_brought_into_sight(open_desk: Open, qtbot: QtBot) -> None:
    desk = open_desk(talk(60))
    with qtbot.waitSignal(desk.pane.place_changed) as told:
        desk.pane.show_place(desk.pane.cues[50].start_ms + 1)
    assert told.args == [desk.pane.cues[50].start_ms]
    assert desk.pane.current_cue() == desk.pane.cues[50]
    assert desk.pane.table._is_in_sight(50)


def test_a_place_that_is_not_composed_yet_is_gone_to_when_it_is(open_desk: Open) -> None:
    desk = open_desk(talk(3))
    long = talk(2_500)
    desk.pane.show_transcript(long)
    desk.pane.show_place(long.segments[2_000].start_ms)
    desk.wait()
    cue = desk.pane.current_cue()
    assert cue
    assert cue.start_ms <= long.segments[2_000].start_ms <= cue.end_ms
    assert list(desk.pane.cues) == compose(long)


def test_space_and_a_double_click_on_the_number_play_from_the_cue(desk: Desk, qtbot: QtBot) -> None:
    row = desk.go("Shall we")
    with qtbot.waitSignal(desk.pane.seek_wanted) as told:
        desk.press(Qt.Key.Key_Space)
    assert told.args == [desk.pane.cues[row].start_ms]
    with qtbot.waitSignal(desk.pane.seek_wanted):
        QTest.mouseDClick(desk.pane.table.viewport(), Qt.MouseButton.LeftButton, pos=desk.place(row, Column.NUMBER))


def test_the_current_cue_stays_when_rows_come_before_it(open_desk: Open) -> None:
    desk = open_desk(talk(30))
    desk.pane.table.choose(20)
    chosen = desk.pane.current_cue()
    assert chosen
    edit = desk.pane.commands  # an edit of another view: the first segment goes
    assert edit
    from desktop.core import editing

    desk._on_edit(editing.deleted(desk.document.current, [0]))
    now = desk.pane.current_cue()
    assert now
    assert (now.text, now.start_ms) == (chosen.text, chosen.start_ms)


def test_nothing_is_composed_while_the_page_is_hidden(qtbot: QtBot) -> None:
    pane = CuesPane()
    qtbot.addWidget(pane)
    pane.show_transcript(talk())
    document = Document.of(talk())
    pane.take(document.current)
    QApplication.processEvents()
    assert not pane.cues
    pane.show()
    qtbot.waitUntil(lambda: len(pane.cues) > 0)


# --- style ---


def test_another_style_composes_anew_and_keeps_what_was_set_by_hand(desk: Desk, qtbot: QtBot) -> None:
    desk.go("Shall we")
    desk.press(Qt.Key.Key_Left, Alt | Shift)
    pinned = cue_with(desk, "Shall we")
    with qtbot.waitSignal(desk.pane.rules_changed) as told:
        desk.pane.style_box._box.setCurrentIndex(desk.pane.style_box._box.findData("vertical"))
        desk.pane.style_box._box.activated.emit(0)
    desk.wait()
    assert told.args == [PRESETS["vertical"].rules, "vertical"]
    now = cue_with(desk, "Shall we")
    assert (now.lines, now.start_ms, now.end_ms) == (pinned.lines, pinned.start_ms, pinned.end_ms)
    assert list(desk.pane.cues) == compose(desk.document.current, PRESETS["vertical"].rules)


def test_rules_that_come_from_outside_are_not_told_back(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(desk.pane.rules_changed):
        desk.pane.set_rules(PRESETS["bbc"].rules)
    desk.wait()
    assert desk.pane.style_box.label == "BBC"


def test_speakers_have_a_column_when_there_are_any(open_desk: Open) -> None:
    desk = open_desk(talk(has_speakers=True))
    assert not desk.pane.table.isColumnHidden(Column.SPEAKER)
    desk.pane.show_transcript(talk())
    desk.wait()
    assert desk.pane.table.isColumnHidden(Column.SPEAKER)


def test_words_without_times_can_be_edited_like_others(open_desk: Open) -> None:
    text = "I remember the bakery on the corner, and how the whole street smelled of bread at five in the morning."
    desk = open_desk(Transcript((segment(text, 0, has_words=False),), duration_ms=9_000))
    assert len(desk.pane.cues) > 1
    desk.go("I remember")
    desk.press(Qt.Key.Key_Return)
    desk.type(" Yes!")
    desk.press(Qt.Key.Key_Return)
    assert said(desk.document.current).startswith("I remember")
    assert said(desk.document.current).replace(" Yes!", "") == text


def test_every_command_has_a_key_and_no_two_the_same() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys)) == len(COMMANDS)


def test_the_menu_offers_the_commands_at_the_current_cue(desk: Desk) -> None:
    desk.go("Shall we")
    menu = desk.pane.table._menu
    assert isinstance(menu, QMenu)
    names = {action.objectName() for action in menu.actions() if action.objectName()}
    assert {"cue-edit", "cue-merge-next", "cue-delete", "cue-flow"} <= names


def test_the_page_fits_a_narrow_window(desk: Desk) -> None:
    desk.pane.resize(620, 420)
    table = desk.pane.table
    total = sum(table.columnWidth(column) for column in Column if not table.isColumnHidden(column))
    assert total <= table.viewport().width()
    assert table.columnWidth(Column.TEXT) >= 120


def test_texts_and_times_are_those_of_the_composer(desk: Desk) -> None:
    assert texts(desk.pane.cues) == texts(compose(talk(), DEFAULT))
    assert times(desk.pane.cues) == times(compose(talk(), DEFAULT))
