"""Every gesture of editing by real keys and mouse buttons, undone and done again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core import doubts, editing
from desktop.core.coverage import Kind, Part
from desktop.core.document import Edit
from desktop.core.transcript import Transcript
from desktop.ui.document.document_view import DocumentView
from tests.ui.document.conftest import CTRL, NONE, SHIFT, Person, segment

Key = Qt.Key
OPENED = ["One two three.", "Four five.", "Six seven eight."]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def undoes_and_redoes(person: Person, after: list[str]) -> None:
    """The last step can be taken back and done again."""
    assert person.texts == after
    person.presses(Key.Key_Z, CTRL)
    assert person.texts == OPENED
    person.presses(Key.Key_Z, CTRL | SHIFT)
    assert person.texts == after
    person.presses(Key.Key_Z, CTRL)
    assert person.texts == OPENED


# --- typing ---


def test_typing_rewords_its_segment_only(person: Person) -> None:
    person.clicks(person.place_of(1, 5))
    person.types("and ")
    assert person.texts == OPENED  # as long as nothing rests
    person.view.commit()
    assert person.document.current.segments[1].words[-1].text == " five."
    assert person.caret == (1, 9)
    undoes_and_redoes(person, ["One two three.", "Four and five.", "Six seven eight."])


def test_typing_that_rests_is_kept_by_itself(qtbot: QtBot, person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    with qtbot.waitSignal(person.view.edit_wanted, timeout=3000) as told:
        person.types("A")
    assert told.args[0].typing
    assert person.texts[0] == "AOne two three."


def test_typing_that_never_rests_is_kept_meanwhile(qtbot: QtBot, person: Person) -> None:
    person.clicks(person.place_of(0, 0))

    def goes_on() -> bool:
        person.types("a")
        return bool(person.edits)

    qtbot.waitUntil(goes_on, timeout=5000)


def test_typing_in_one_place_is_one_step(person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    for letter in "abc":
        person.types(letter)
        person.view.commit()
    undoes_and_redoes(person, ["abcOne two three.", *OPENED[1:]])


def test_what_was_typed_is_kept_before_it_is_undone(person: Person) -> None:
    person.clicks(person.place_of(2, 0))
    person.types("Five ")
    person.presses(Key.Key_Z, CTRL)
    assert person.texts == OPENED
    assert person.caret == (2, 0)


def test_typing_back_what_was_there_is_no_edit(person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    person.types("x")
    person.presses(Key.Key_Backspace)
    person.view.commit()
    assert person.edits == []


def test_leaving_a_segment_keeps_what_was_typed(person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    person.types("A ")
    person.clicks(person.place_of(2, 0))
    person.types("B ")
    person.presses(Key.Key_Up, CTRL)
    person.presses(Key.Key_Up, CTRL)
    assert person.texts == ["A One two three.", "Four five.", "B Six seven eight."]


def test_losing_the_keyboard_keeps_what_was_typed(person: Person, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    person.clicks(person.place_of(0, 0))
    person.types("A ")
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(lambda: person.texts[0] == "A One two three.")


def test_showing_another_transcript_keeps_what_was_typed(person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    person.types("A ")
    person.view.show_transcript(Transcript(()))
    assert person.edits[0].splices[0].inserted[0].text == "A One two three."


def test_a_whole_word_is_deleted_by_one_key(person: Person) -> None:
    person.clicks(person.place_of(0, 4))
    person.presses(Key.Key_Delete, CTRL)
    person.view.commit()
    assert person.texts[0] == "One three."
    person.presses(Key.Key_Backspace, CTRL)
    person.view.commit()
    assert person.texts[0] == "three."


def test_pasted_lines_become_one(person: Person) -> None:
    QGuiApplication.clipboard().setText("a\nb\r\n\r\nc ")
    person.clicks(person.place_of(2, 0))
    person.presses(Key.Key_V, CTRL)
    person.view.commit()
    assert person.texts[2] == "a b c Six seven eight."


def test_pasted_looks_stay_behind(person: Person) -> None:
    mime = QMimeData()
    mime.setHtml("<b>bold</b>")
    mime.setText("bold")
    person.view.focusProxy().insertFromMimeData(mime)
    person.view.commit()
    assert person.texts[0] == "boldOne two three."


def test_letters_that_qt_counts_twice_keep_the_caret_in_place(person: Person) -> None:
    person.opens(segment(0, "😀 a 👩‍👩‍👧 b"))
    person.clicks(person.place_of(0, 8))
    person.presses(Key.Key_End)
    person.presses(Key.Key_Left)
    person.presses(Key.Key_Return)
    assert person.texts == ["😀 a 👩‍👩‍👧", "b"]


def test_no_break_spaces_stay_what_they_are(person: Person) -> None:
    person.opens(segment(0, "« fin »\u202f!"))
    person.presses(Key.Key_End)
    person.types("!")
    person.view.commit()
    assert person.texts == ["« fin »\u202f!!"]


def test_what_an_input_method_shows_is_no_text_yet(person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    QApplication.sendEvent(person.view.focusProxy(), QInputMethodEvent("zhong", []))
    person.view.commit()
    assert person.edits == []
    done = QInputMethodEvent()
    done.setCommitString("中")
    QApplication.sendEvent(person.view.focusProxy(), done)
    person.view.commit()
    assert person.texts[0] == "中One two three."


# --- splitting and merging ---


def test_enter_splits_at_the_caret(person: Person) -> None:
    person.clicks(person.place_of(0, 8))
    person.presses(Key.Key_Return)
    assert person.caret == (1, 0)
    assert person.document.current.segments[1].start_ms == person.document.original.segments[0].words[2].start_ms
    undoes_and_redoes(person, ["One two", "three.", *OPENED[1:]])
    assert person.caret == (0, 8)


def test_enter_behind_the_last_letter_goes_on(person: Person) -> None:
    person.clicks(person.place_of(0, 0))
    person.presses(Key.Key_End)
    person.presses(Key.Key_Return)
    assert person.caret == (1, 0)
    assert person.edits == []


def test_what_was_typed_is_split_with_the_rest(person: Person) -> None:
    person.clicks(person.place_of(0, 4))
    person.types("and ")
    person.presses(Key.Key_Return)
    assert person.texts[:2] == ["One and", "two three."]


def test_backspace_at_the_start_merges_with_the_segment_before(person: Person) -> None:
    person.clicks(person.place_of(1, 0))
    person.presses(Key.Key_Home)
    person.presses(Key.Key_Backspace)
    assert person.caret == (0, 15)
    undoes_and_redoes(person, ["One two three. Four five.", "Six seven eight."])
    assert person.caret == (1, 0)


def test_delete_at_the_end_merges_the_next(person: Person) -> None:
    person.clicks(person.place_of(1, 0))
    person.presses(Key.Key_End)
    person.presses(Key.Key_Delete)
    assert person.caret == (1, 10)
    undoes_and_redoes(person, ["One two three.", "Four five. Six seven eight."])


def test_nothing_merges_beyond_the_ends(person: Person) -> None:
    person.presses(Key.Key_Home, CTRL)
    person.presses(Key.Key_Backspace)
    person.presses(Key.Key_End, CTRL)
    person.presses(Key.Key_Delete)
    assert person.edits == []


def test_lines_are_broken_only_where_a_person_has_set_them(person: Person) -> None:
    person.opens(segment(0, "One two."), replace(segment(2000, "Three four."), is_pinned=True))
    person.clicks(person.place_of(0, 4))
    person.presses(Key.Key_Return, SHIFT)
    person.clicks(person.place_of(1, 6))
    person.presses(Key.Key_Return, SHIFT)
    person.view.commit()
    assert person.texts == ["One two.", "Three \nfour."]
    assert person.view._row(1).paragraph.line_count == 2


# --- moving ---


def test_arrows_lead_through_all_segments_as_through_one_text(person: Person) -> None:
    person.presses(Key.Key_Home, CTRL)
    seen = []
    for _step in range(45):
        person.presses(Key.Key_Right)
        seen.append(person.caret)
    assert seen[13:16] == [(0, 14), (1, 0), (1, 1)]
    assert seen[-1] == (2, 16)
    for _step in range(45):
        person.presses(Key.Key_Left)
    assert person.caret == (0, 0)
    person.presses(Key.Key_Right, CTRL, times=4)
    assert person.caret == (0, 14)
    person.presses(Key.Key_Right, CTRL)
    assert person.caret == (1, 0)
    person.presses(Key.Key_Left, CTRL)
    assert person.caret == (0, 14)


def test_up_and_down_keep_to_the_column(person: Person) -> None:
    person.opens(segment(0, "iiiiiiiiii"), segment(2000, "i"), segment(4000, "word " * 40), segment(9000, "iiiiiiiiii"))
    person.clicks(person.place_of(0, 8))
    person.presses(Key.Key_Down)
    assert person.caret == (1, 1)
    person.presses(Key.Key_Down, times=5)
    assert person.caret[0] == 3
    person.presses(Key.Key_Up, times=6)
    assert person.caret == (0, 8)
    person.presses(Key.Key_Up)
    assert person.caret == (0, 0)
    person.presses(Key.Key_Down, times=9)
    assert person.caret == (3, 10)


def test_pages_are_turned_by_keys(person: Person, many: Callable[[int], Transcript]) -> None:
    many(80)
    person.presses(Key.Key_Home, CTRL)
    visited = []
    while person.caret != (79, len(person.texts[79])):
        person.presses(Key.Key_PageDown)
        visited.append(person.caret[0])
        assert person.view._is_in_sight(*person.caret)
    assert visited == sorted(visited)
    assert 3 < len(visited) < 40
    person.presses(Key.Key_PageUp, times=len(visited) + 1)
    assert person.caret == (0, 0)


def test_keys_lead_from_segment_to_segment(person: Person) -> None:
    person.clicks(person.place_of(1, 5))
    person.presses(Key.Key_Up, CTRL)
    assert person.caret == (1, 0)
    person.presses(Key.Key_Up, CTRL)
    assert person.caret == (0, 0)
    person.presses(Key.Key_Down, CTRL, times=2)
    assert person.caret == (2, 0)


def test_in_text_from_right_to_left_the_arrows_go_the_other_way(person: Person) -> None:
    person.opens(segment(0, "שלום"), segment(2000, "עולם"))
    person.presses(Key.Key_Home, CTRL)
    person.presses(Key.Key_Left, times=4)
    assert person.caret == (0, 4)
    person.presses(Key.Key_Left)
    assert person.caret == (1, 0)
    person.presses(Key.Key_Right)
    assert person.caret == (0, 4)


# --- choosing whole segments ---


@pytest.mark.parametrize(
    ("at", "key", "chosen"),
    [
        ((1, 5), Key.Key_Down, (1, 2)),
        ((1, 5), Key.Key_Up, (0, 1)),
        ((1, 10), Key.Key_Right, (1, 2)),
        ((1, 0), Key.Key_Left, (0, 1)),
    ],
)
def test_selecting_beyond_a_segment_chooses_whole_ones(
    person: Person, at: tuple[int, int], key: Qt.Key, chosen: tuple[int, ...]
) -> None:
    person.view._put_caret(*at)
    person.presses(key, SHIFT)
    assert person.view.selected_positions() == chosen
    assert person.view.chosen_count == 2
    person.presses(Key.Key_Escape)
    assert person.view.chosen_count == 0


def test_choosing_grows_and_shrinks(person: Person) -> None:
    person.clicks(person.place_of(0, 3))
    person.presses(Key.Key_Down, SHIFT, times=2)
    assert person.view.selected_positions() == (0, 1, 2)
    person.presses(Key.Key_Up, SHIFT)
    assert person.view.selected_positions() == (0, 1)
    person.presses(Key.Key_End, CTRL | SHIFT)
    assert person.view.selected_positions() == (0, 1, 2)
    person.presses(Key.Key_Home, CTRL | SHIFT)
    assert person.view.selected_positions() == (0,)
    person.presses(Key.Key_PageDown, SHIFT)
    assert person.view.selected_positions() == (0, 1, 2)
    person.presses(Key.Key_Down)
    assert person.caret == (2, 16)


def test_all_is_selected_in_two_steps(person: Person) -> None:
    person.clicks(person.place_of(1, 3))
    person.presses(Key.Key_A, CTRL)
    assert person.selected == "Four five."
    assert person.view.chosen_count == 0
    person.presses(Key.Key_A, CTRL)
    assert person.view.selected_positions() == (0, 1, 2)
    person.presses(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "\n".join(OPENED)


def test_chosen_segments_are_deleted_as_one_step(person: Person) -> None:
    person.clicks(person.place_of(0, 3))
    person.presses(Key.Key_Down, SHIFT)
    person.presses(Key.Key_Delete)
    assert person.caret == (0, 0)
    undoes_and_redoes(person, ["Six seven eight."])


def test_chosen_segments_are_cut(person: Person) -> None:
    person.clicks(person.place_of(1, 3))
    person.presses(Key.Key_Up, SHIFT)
    person.presses(Key.Key_X, CTRL)
    assert QGuiApplication.clipboard().text() == "One two three.\nFour five."
    undoes_and_redoes(person, ["Six seven eight."])


def test_no_letter_types_over_chosen_segments(person: Person) -> None:
    person.clicks(person.place_of(1, 3))
    person.presses(Key.Key_Up, SHIFT)
    person.types("abc ")
    person.presses(Key.Key_V, CTRL)
    assert person.edits == []
    assert person.view.chosen_count == 2


def test_everything_can_be_deleted_and_comes_back(person: Person) -> None:
    person.presses(Key.Key_A, CTRL, times=2)
    person.presses(Key.Key_Delete)
    assert person.texts == []
    assert person.view.selected_positions() == ()
    person.presses(Key.Key_Z, CTRL)
    assert person.texts == OPENED
    person.types("!")
    person.view.commit()
    assert person.texts[0] == "!One two three."


def test_keys_of_the_window_are_left_alone_only_where_they_mean_something_here(
    person: Person, view: DocumentView
) -> None:
    pressed: list[str] = []
    for name in ("Delete", "Ctrl+Z", "F8", "Ctrl+Up", "Esc"):
        action = QAction(name, view)
        action.setShortcut(QKeySequence(name))
        action.triggered.connect(lambda _checked, name=name: pressed.append(name))
        view.addAction(action)
    person.clicks(person.place_of(0, 3))
    person.presses(Key.Key_Down, SHIFT)
    for key, modifiers in ((Key.Key_Escape, NONE), (Key.Key_Z, CTRL), (Key.Key_Up, CTRL), (Key.Key_F8, NONE)):
        person.presses(key, modifiers)
    person.presses(Key.Key_Down, SHIFT)
    person.presses(Key.Key_Delete)
    assert pressed == ["F8"]
    assert len(person.texts) == 1
    person.presses(Key.Key_Escape)
    assert pressed == ["F8", "Esc"]


# --- commands ---


def test_commands_are_about_all_that_is_chosen(person: Person) -> None:
    view = person.view
    view._put_caret(0, 0)
    person.presses(Key.Key_Down, SHIFT)
    assert view.selected_positions() == (0, 1)
    view.set_speaker(" Anna ")
    assert [one.speaker for one in person.document.current.segments] == ["Anna", "Anna", ""]
    view.rename_speaker("Anna", "Hannah")
    assert view.speakers == ["Hannah"]
    view.merge_with_next()
    assert person.texts == ["One two three. Four five.", "Six seven eight."]
    assert view.chosen_count == 0
    for _step in range(4):
        view.undo()
    assert person.texts == OPENED
    assert view.speakers == []


def test_a_segment_begins_behind_another(person: Person) -> None:
    person.view._put_caret(0, 3)
    person.view.insert_after()
    assert person.caret == (1, 0)
    assert person.document.current.segments[1].start_ms == 1000
    assert person.document.current.segments[1].end_ms == 2000
    person.types("New.")
    person.view.commit()
    assert person.texts == ["One two three.", "New.", "Four five.", "Six seven eight."]


def test_doubtful_text_is_kept(person: Person) -> None:
    person.opens(
        segment(0, "Sure."), segment(2000, "Bye.", suspect=doubts.UNSURE), segment(4000, "So.", suspect=doubts.ECHO)
    )
    possible: list[bool] = []
    person.view.can_keep_changed.connect(possible.append)
    person.view.keep_text()
    assert person.edits == []
    person.presses(Key.Key_A, CTRL, times=2)
    person.view.keep_text()
    assert [one.suspect for one in person.document.current.segments] == ["", "", ""]
    assert len(person.edits) == 1
    person.view.undo()
    person.clicks(person.place_of(1, 0))
    person.presses(Key.Key_Home)
    person.types("Good ")
    person.view.commit()
    assert person.document.current.segments[1].suspect == ""
    assert possible == [True, False]


def test_edits_of_others_leave_the_caret_in_its_segment(person: Person) -> None:
    person.view._put_caret(2, 4)
    person._did(editing.spoken_by(person.document.current, [0, 1], "Anna"))
    assert person.caret == (2, 4)
    person._did(editing.retimed(person.document.current, 2, 4100, 4900))
    assert person.caret == (2, 4)


def test_an_edit_of_others_over_what_is_being_typed_shows_the_document_again(person: Person) -> None:
    person.view._put_caret(2, 0)
    person.types("Uvw ")
    person._did(editing.retimed(person.document.current, 2, 4100, 4900))
    person.view.commit()
    assert person.view.focusProxy().text() == person.texts[2]  # type: ignore[attr-defined]


# --- the mouse ---


def test_a_click_puts_the_caret_at_the_letter(qtbot: QtBot, person: Person) -> None:
    for number, offset in ((0, 5), (2, 11), (1, 2)):
        with qtbot.waitSignal(person.view.word_clicked) as told:
            person.clicks(person.place_of(number, offset))
        assert person.caret == (number, offset)
        assert told.args == [person.view.caret_place()[2]]


def test_ctrl_and_a_click_seek_and_leave_the_caret(qtbot: QtBot, person: Person) -> None:
    person.clicks(person.place_of(0, 5))
    with qtbot.waitSignal(person.view.seek_wanted) as told, qtbot.assertNotEmitted(person.view.word_clicked):
        person.clicks(person.place_of(1, 6), CTRL)
    assert told.args == [person.document.current.segments[1].words[1].start_ms]
    assert person.caret == (0, 5)


def test_a_click_on_a_time_seeks(qtbot: QtBot, person: Person) -> None:
    place = person.view._column.time(person.view._row(1).top, 24).center().toPoint()
    with qtbot.waitSignal(person.view.seek_wanted) as told:
        person.clicks(place)
    assert told.args == [2000]


def test_two_clicks_select_a_word_and_typing_replaces_it(person: Person) -> None:
    place = person.place_of(2, 6)
    QTest.mouseDClick(person.view.viewport(), Qt.MouseButton.LeftButton, NONE, person.place_of(0, 1))
    person.clicks(person.place_of(0, 9))
    person.clicks(place)
    QTest.mouseDClick(person.view.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    assert person.selected == "seven"
    person.types("7")
    person.view.commit()
    assert person.texts[2] == "Six 7 eight."


def test_dragging_selects_letters_and_over_segments_whole_ones(person: Person) -> None:
    person.drags(person.place_of(0, 4), person.place_of(0, 6), person.place_of(0, 8))
    assert person.selected == "two "
    person.drags(person.place_of(0, 4), person.place_of(1, 6), person.place_of(2, 3))
    assert person.view.selected_positions() == (0, 1, 2)
    person.drags(person.place_of(1, 5), person.place_of(2, 6), person.place_of(1, 7), person.place_of(1, 9))
    assert person.view.chosen_count == 0
    assert person.selected == "five"


def test_dragging_beyond_the_window_scrolls_on(qtbot: QtBot, person: Person, many: Callable[[int], Transcript]) -> None:
    many(60)
    viewport = person.view.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NONE, person.place_of(1, 2))
    QTest.mouseMove(viewport, QPoint(300, viewport.height() + 60))
    qtbot.waitUntil(lambda: person.view.chosen_count > 30, timeout=10_000)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NONE, QPoint(300, viewport.height() + 60))
    scrolled = person.view.verticalScrollBar().value()
    assert scrolled > 0
    QTest.qWait(120)
    assert person.view.verticalScrollBar().value() == scrolled


def test_shift_and_a_click_choose_up_to_there(person: Person) -> None:
    person.clicks(person.place_of(0, 4))
    person.clicks(person.place_of(0, 8), SHIFT)
    assert person.selected == "two "
    person.clicks(person.place_of(2, 4), SHIFT)
    assert person.view.selected_positions() == (0, 1, 2)
    person.clicks(person.place_of(1, 4), SHIFT)
    assert person.view.selected_positions() == (0, 1)
    person.clicks(person.place_of(1, 4))
    assert person.view.chosen_count == 0


def test_a_click_below_the_text_goes_to_its_end(person: Person) -> None:
    person.clicks(QPoint(300, person.view.viewport().height() - 20))
    assert person.caret == (2, 16)


def test_the_menu_is_about_what_is_under_the_pointer_or_chosen(qtbot: QtBot, person: Person) -> None:
    from PySide6.QtGui import QContextMenuEvent

    def asks(place: QPoint) -> object:
        with qtbot.waitSignal(person.view.context_menu_wanted) as told:
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, person.view.viewport().mapToGlobal(place))
            QApplication.sendEvent(person.view.viewport(), event)
        return told.args[1]

    assert asks(person.place_of(2, 3)) == (2,)
    assert person.caret == (2, 3)
    person.presses(Key.Key_Up, SHIFT)
    assert asks(person.place_of(1, 3)) == (1, 2)
    assert asks(person.place_of(0, 3)) == (0,)


def test_the_speaker_is_named_in_the_margin(qtbot: QtBot, person: Person) -> None:
    place = person.view._column.speaker(person.view._row(1).top, 24).center().toPoint()
    person.clicks(place)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "Anna")
    QTest.keyClick(field, Key.Key_Return)
    assert [one.speaker for one in person.document.current.segments] == ["", "Anna", ""]
    person.view.undo()
    assert person.view.speakers == []


# --- the keyboard comes and goes ---


def test_tab_leads_in_and_out(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    before, view, behind = QLineEdit(), DocumentView(), QLineEdit()
    layout = QVBoxLayout(window)
    for one in (before, view, behind):
        layout.addWidget(one)
    view.show_transcript(Transcript((segment(0, "One."), segment(2000, "Two."))))
    window.show()
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    order = []
    for key in (Key.Key_Tab, Key.Key_Tab, Key.Key_Backtab, Key.Key_Backtab):
        QTest.keyClick(QApplication.focusWidget(), key)
        order.append(QApplication.focusWidget())
    assert order == [view.focusProxy(), behind, view.focusProxy(), before]


# --- properties ---

KEYS = st.lists(
    st.sampled_from(
        [
            (Key.Key_Return, NONE), (Key.Key_Backspace, NONE), (Key.Key_Delete, NONE), (Key.Key_A, NONE),
            (Key.Key_Space, NONE), (Key.Key_Left, NONE), (Key.Key_Right, NONE), (Key.Key_Up, NONE),
            (Key.Key_Down, NONE), (Key.Key_Home, NONE), (Key.Key_End, NONE), (Key.Key_Down, SHIFT),
            (Key.Key_Up, SHIFT), (Key.Key_Left, SHIFT), (Key.Key_Z, CTRL), (Key.Key_Z, CTRL | SHIFT),
            (Key.Key_PageDown, NONE), (Key.Key_Backspace, CTRL), (Key.Key_A, CTRL), (Key.Key_Escape, NONE),
        ]
    ),
    max_size=40,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(KEYS)
def test_whatever_is_pressed_the_view_shows_the_document_and_all_can_be_undone(
    person: Person, keys: list[tuple[Qt.Key, Qt.KeyboardModifier]]
) -> None:
    person.opens(segment(0, "One two three."), segment(2000, "Four five."), segment(4000, "Six seven eight."))
    for key, modifiers in keys:
        person.presses(key, modifiers)
    person.view.commit()
    view = person.view
    assert view.transcript == person.document.current
    heights = [view._height(number) for number in range(view.segment_count)]
    assert [view._heights[number] for number in range(view.segment_count)] == heights
    if view.selected_positions():
        number, offset = view.selected_positions()[-1], person.caret[1]
        active = view._active
        assert view.focusProxy().text() == person.document.current.segments[active].text  # type: ignore[attr-defined]
        assert 0 <= offset <= len(person.document.current.segments[active].text)
        assert number < view.segment_count
    while person.document.done:
        view.undo()
    assert person.texts == OPENED


def edit_of_others(now: Transcript, wish: str, first: int, last: int, size: int) -> Edit:
    match wish:
        case "merge":
            return editing.merged(now, first, last)
        case "delete":
            return editing.deleted(now, range(first, last + 1))
        case "speaker":
            return editing.spoken_by(now, [first, last], "Anna" if size % 2 else "")
        case "retime":
            return editing.retimed(now, first, now.segments[first].start_ms + size, 10**6)
        case "case":
            return editing.recased(now, range(first, last + 1), "upper")
    return editing.reworded(now, first, "Typed. " * size)


WISHES = st.lists(
    st.tuples(st.sampled_from(["merge", "delete", "insert", "speaker", "retime", "case", "type", "undo", "redo", "hear",
                               "missing", "scroll", "keys"]), st.integers(0, 40), st.integers(0, 40)),
    max_size=25,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(WISHES)
def test_whatever_others_edit_every_height_is_right(person: Person, wishes: list[tuple[str, int, int]]) -> None:
    person.opens(*(segment(2000 * at, f"Segment {at}. " + "Words. " * (at * 7 % 40)) for at in range(30)))
    view = person.view
    for wish, one, other in wishes:
        if other % 3:
            view.commit()
        now, count = person.document.current, view.segment_count
        first, last = sorted((min(one, count - 1), min(other, count - 1)))
        if wish == "keys":
            person.clicks(QPoint(200 + 10 * one, 10 * other))
            person.types("Ab ")
        elif wish == "hear":
            person.hears(segment(100_000 + 2000 * len(person.document.original.segments), "More words. " * other))
        elif wish == "missing":
            view.set_missing(
                [Part(1500 * one, 1500 * one + 400, Kind.MISSING), Part(1500 * one + 800, 90_000, Kind.MISSING)]
            )
        elif wish == "scroll":
            view.verticalScrollBar().setValue(100 * one)
        elif wish in ("undo", "redo"):
            getattr(view, wish)()
        elif wish == "insert":
            person._did(editing.inserted(now, 1500 * one, 1500 * one + 300, "New. " * other))
        elif count and (wish != "merge" or first < last):
            edit = edit_of_others(now, wish, first, last, other)
            if edit:
                person._did(edit)
    view.commit()
    view.grab()
    assert view.transcript == person.document.current
    numbers = range(view.segment_count)
    assert [view._heights[number] for number in numbers] == [view._height(number) for number in numbers]
    assert view._gaps == view._gaps_now()
    for row in view.rows_in_sight():
        assert view._lines[row.number] == row.paragraph.line_count
    assert (view._active >= 0) is bool(view.segment_count)
    if view.segment_count:
        assert view.focusProxy().text() == person.document.current.segments[view._active].text  # type: ignore[attr-defined]
        assert view.focusProxy().y() == round(view._row(view._active).top) or not view._is_in_sight(view._active, 0)
