"""The transcript as a document whose paragraphs are segments."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.core import doubts
from desktop.core.coverage import Kind, Part
from desktop.core.transcript import Segment
from desktop.ui.theme import DARK, LIGHT, Theme
from desktop.ui.transcript_view import TranscriptView

SEGMENTS = [Segment(0, 1000, "One two."), Segment(3_725_000, 3_726_000, "Three four."), Segment(4e6, 5e6, "Five.")]  # type: ignore[arg-type]
without_a_screen = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def view(qtbot: QtBot) -> TranscriptView:
    widget = TranscriptView()
    qtbot.addWidget(widget)
    widget.resize(700, 500)
    widget.show()
    widget.show_segments(SEGMENTS)
    return widget


def texts(view: TranscriptView) -> list[str]:
    return view.toPlainText().split("\n")


def place_caret(view: TranscriptView, segment: int, at: int = 0) -> None:
    cursor = QTextCursor(view.document().findBlockByNumber(segment))
    cursor.movePosition(QTextCursor.MoveOperation.Right, n=at)
    view.setTextCursor(cursor)


def test_each_segment_is_a_paragraph_with_its_time(view: TranscriptView) -> None:
    assert texts(view) == ["One two.", "Three four.", "Five."]
    assert view.time_of(view.document().findBlockByNumber(1)) == "1:02:05"


def test_typing_rewords_its_segment_only(qtbot: QtBot, view: TranscriptView) -> None:
    place_caret(view, 1)
    with qtbot.waitSignal(view.reworded) as told:
        qtbot.keyClicks(view, "Two, ")
    assert told.args == [1, "Two, Three four."]


def test_undo_and_redo_go_through_every_step(qtbot: QtBot, view: TranscriptView) -> None:
    for text in ("A", "B"):
        place_caret(view, 0)
        qtbot.keyClicks(view, text)
        view.keep_changes()
    assert texts(view)[0] == "BAOne two."
    view.undo_change()
    assert texts(view)[0] == "AOne two."
    view.undo_change()
    view.undo_change()
    assert texts(view)[0] == "One two."
    view.redo_change()
    view.redo_change()
    assert texts(view)[0] == "BAOne two."


def test_no_key_joins_or_splits_segments(qtbot: QtBot, view: TranscriptView) -> None:
    for segment, at, key in ((1, 0, Qt.Key.Key_Backspace), (0, 8, Qt.Key.Key_Delete), (0, 3, Qt.Key.Key_Return)):
        place_caret(view, segment, at)
        qtbot.keyClick(view, key)
        assert len(texts(view)) == 3
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert texts(view) == ["One two.", "Three four.", "Five."]


def test_cutting_across_segments_by_any_way_is_put_right(qtbot: QtBot, view: TranscriptView) -> None:
    view.selectAll()
    view.cut()
    qtbot.waitUntil(lambda: texts(view) == ["One two.", "Three four.", "Five."])


def test_pasted_lines_become_one(view: TranscriptView) -> None:
    mime = QMimeData()
    mime.setText("a\nb\r\n\r\nc")
    place_caret(view, 2)
    view.insertFromMimeData(mime)
    assert texts(view)[2] == "a b cFive."


def test_segments_that_arrive_do_not_disturb_typing_or_undo(qtbot: QtBot, view: TranscriptView) -> None:
    place_caret(view, 0, 3)
    qtbot.keyClicks(view, "!")
    view.add_segments([Segment(6_000_000, 6_001_000, "Six.")])
    qtbot.keyClicks(view, "?")
    view.keep_changes()
    assert texts(view) == ["One!? two.", "Three four.", "Five.", "Six."]
    view.undo_change()
    assert texts(view) == ["One two.", "Three four.", "Five.", "Six."]


def test_the_caret_at_the_end_is_not_carried_on_by_what_arrives(qtbot: QtBot, view: TranscriptView) -> None:
    place_caret(view, 2, 5)
    view.add_segments([Segment(6_000_000, 6_001_000, "Six.")])
    qtbot.keyClicks(view, "!")
    assert texts(view)[2:] == ["Five.!", "Six."]


def test_the_end_stays_in_sight_when_the_view_shrinks(view: TranscriptView) -> None:
    bar = view.verticalScrollBar()
    for number in range(40):
        view.add_segments([Segment(number, number, f"Segment {number}.")])
    assert bar.value() == bar.maximum() > 0
    view.resize(view.width(), view.height() - 60)
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    view.resize(view.width(), view.height() - 60)
    view.add_segments([Segment(99, 99, "Another.")])
    assert bar.value() < bar.maximum()


def test_showing_another_transcript_keeps_what_was_typed(qtbot: QtBot, view: TranscriptView) -> None:
    place_caret(view, 0)
    qtbot.keyClicks(view, "X")
    with qtbot.waitSignal(view.reworded) as told:
        view.show_segments([Segment(0, 1, "Another.")])
    assert told.args == [0, "XOne two."]
    assert texts(view) == ["Another."]


def test_an_empty_transcript_cannot_be_typed_into(qtbot: QtBot, view: TranscriptView) -> None:
    view.clear_transcript()
    qtbot.keyClicks(view, "nothing")
    assert view.toPlainText() == ""
    view.add_segments(SEGMENTS[:1])
    assert texts(view) == ["One two."]


# --- what needs checking ----------------------------------------------------------------------------------------------

CHECKED = [
    Segment(0, 1000, "Sure."),
    Segment(2000, 3000, "Thanks for watching.", suspect=doubts.BOILERPLATE),
    Segment(4000, 5000, "Sure again."),
    Segment(14_000, 15_000, "Not so sure.", suspect=doubts.UNSURE),
]
GAP = Part(6000, 13_000, Kind.MISSING)


def letters(view: TranscriptView, segment: int) -> QTextCharFormat:
    cursor = QTextCursor(view.document().findBlockByNumber(segment))
    cursor.movePosition(QTextCursor.MoveOperation.Right)
    return cursor.charFormat()


def told(view: TranscriptView, segment: int) -> str:
    """The tooltip of a paragraph."""
    cursor = QTextCursor(view.document().findBlockByNumber(segment))
    return view.told_at(view.cursorRect(cursor).center().y())


def captions(view: TranscriptView) -> dict[int, list[Part]]:
    found = {one.number: [part for _line, part in one.gaps] for one in view.paragraphs_in_sight()}
    return {number: parts for number, parts in found.items() if parts}


def test_doubtful_text_is_grey_and_slanted_and_says_why(view: TranscriptView, look: Theme) -> None:
    view.show_segments(CHECKED)
    assert [letters(view, number).fontItalic() for number in range(4)] == [False, True, False, True]
    assert letters(view, 1).foreground().color().name() == LIGHT.quiet
    assert told(view, 0) == ""
    assert told(view, 1).startswith("A phrase that models make up in silence.\nF9 keeps it")
    view.add_segments([Segment(16_000, 17_000, "Seventeen.", suspect=doubts.ECHO), Segment(18_000, 19_000, "Last.")])
    assert [letters(view, number).fontItalic() for number in (4, 5)] == [True, False]


def test_doubtful_text_follows_the_theme(view: TranscriptView, qapp: QApplication, look: Theme) -> None:
    view.show_segments(CHECKED)
    look.use("dark")
    qapp.processEvents()
    assert letters(view, 1).foreground().color().name() == DARK.quiet
    assert texts(view)[1] == "Thanks for watching."


def test_scripts_without_slanted_letters_stay_readable(view: TranscriptView) -> None:
    view.show_segments([Segment(0, 1, "\U000e0fff", suspect=doubts.UNSURE)])  # no font has this
    assert not letters(view, 0).fontItalic()


def test_doubtful_text_that_is_kept_looks_like_the_rest(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_segments(CHECKED)
    place_caret(view, 1)
    with qtbot.waitSignal(view.kept) as told_of:
        view.keep_text()
    assert told_of.args == [1]
    assert not letters(view, 1).fontItalic()
    assert texts(view) == [one.text for one in CHECKED]
    assert told(view, 1) == ""
    with qtbot.assertNotEmitted(view.kept):
        view.keep_text()
    place_caret(view, 0)
    with qtbot.assertNotEmitted(view.kept):
        view.keep_text()


def test_all_doubtful_text_of_a_selection_is_kept(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_segments(CHECKED)
    view.selectAll()
    kept: list[int] = []
    view.kept.connect(kept.append)
    view.keep_text()
    assert kept == [1, 3]


@without_a_screen
def test_the_menu_keeps_the_text_under_the_pointer(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_segments(CHECKED)
    for segment, offered in ((0, False), (3, True)):
        at = view.cursorRect(QTextCursor(view.document().findBlockByNumber(segment))).center()
        view.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, QPoint(0, 0)))
        menu = view.findChildren(QMenu)[-1]
        keep = [action for action in menu.actions() if action.text() == "Keep this text"]
        assert bool(keep) is offered
        menu.close()
        if offered:
            with qtbot.waitSignal(view.kept) as told_of:
                keep[0].trigger()
            assert told_of.args == [3]


def test_changing_doubtful_text_settles_it(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_segments(CHECKED)
    place_caret(view, 1)
    with qtbot.waitSignal(view.reworded) as told_of:
        qtbot.keyClicks(view, "No ")
    assert told_of.args == [1, "No Thanks for watching."]
    assert not letters(view, 1).fontItalic()
    view.undo_change()
    assert texts(view)[1] == "Thanks for watching."
    assert not letters(view, 1).fontItalic()


def test_whether_there_is_something_to_keep_is_known(view: TranscriptView) -> None:
    possible: list[bool] = []
    view.can_keep_changed.connect(possible.append)
    view.show_segments(CHECKED)
    place_caret(view, 1)
    assert view.accessibleDescription().startswith("A phrase that models make up")
    view.keep_text()
    assert view.accessibleDescription() == ""
    place_caret(view, 3)
    view.clear_transcript()
    assert possible == [True, False, True, False]


def test_speech_without_text_is_named_where_it_was_said(view: TranscriptView) -> None:
    view.show_missing([GAP])
    view.show_segments(CHECKED)
    assert captions(view) == {3: [GAP]}
    line = next(line for one in view.paragraphs_in_sight() for line, _part in one.gaps)
    assert view.told_at(line.center().y()) == "0:06–0:13  Speech without text"
    before, after = (view.cursorRect(QTextCursor(view.document().findBlockByNumber(number))) for number in (2, 3))
    assert before.bottom() < line.top() < line.bottom() < after.top()
    view.show_missing([])
    assert captions(view) == {}
    assert view.document().findBlockByNumber(3).blockFormat().topMargin() == 0


def test_speech_without_text_at_either_end_is_named_too(view: TranscriptView) -> None:
    first, last = Part(0, 3000, Kind.MISSING), Part(20_000, 25_000, Kind.MISSING)
    view.show_segments([Segment(5000, 6000, "One.")])
    view.show_missing([first, last])
    assert captions(view) == {0: [first, last]}
    view.add_segments([Segment(30_000, 31_000, "Two.")])
    assert captions(view) == {0: [first], 1: [last]}
    assert view.document().findBlockByNumber(0).blockFormat().bottomMargin() == 10
    assert texts(view) == ["One.", "Two."]


def test_captions_do_not_touch_what_is_typed(qtbot: QtBot, view: TranscriptView) -> None:
    view.show_segments(CHECKED)
    place_caret(view, 2)
    qtbot.keyClicks(view, "X")
    with qtbot.waitSignal(view.reworded) as told_of:
        view.show_missing([GAP])
    assert told_of.args == [2, "XSure again."]


def test_the_end_stays_in_sight_when_a_caption_comes(view: TranscriptView) -> None:
    view.show_segments([Segment(number, number + 1, f"Segment {number}.") for number in range(40)])
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.show_missing([Part(5000, 9000, Kind.MISSING)])
    assert bar.value() == bar.maximum()


def test_a_place_is_brought_into_sight_with_the_caret(view: TranscriptView) -> None:
    view.show_segments([Segment(1000 * number, 1000 * number + 900, f"Segment {number}.") for number in range(80)])
    view.show_place(60_500)
    assert view.textCursor().blockNumber() == 60
    assert view.viewport().rect().contains(view.cursorRect())
    assert view.place_ms() == 60_500
    scrolled = view.verticalScrollBar().value()
    view.show_place(61_500)  # in sight already
    assert view.verticalScrollBar().value() == scrolled
    place_caret(view, 3)
    assert view.place_ms() == 3000
    view.show_place(99_000_000)
    assert view.textCursor().blockNumber() == 79
    view.clear_transcript()
    view.show_place(5)
    assert view.place_ms() == -1


def test_lines_are_broken_where_they_can_be_seen_when_the_view_is_shown_with_its_text(qtbot: QtBot) -> None:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show_segments([Segment(0, 1, "word " * 60)])
    view.show()
    assert view.document().textWidth() == view.viewport().width()
    assert view.horizontalScrollBar().maximum() == 0


@without_a_screen
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_signs_and_captions_can_be_drawn(view: TranscriptView, direction: Qt.LayoutDirection) -> None:
    view.setLayoutDirection(direction)
    view.show_segments(CHECKED)
    plain = view.grab().toImage()
    view.show_missing([GAP])
    with_caption = view.grab().toImage()
    view.show_place(7000)
    assert plain != with_caption != view.grab().toImage()
