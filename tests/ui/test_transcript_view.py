"""The transcript as a document whose paragraphs are segments."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from desktop.core.transcript import Segment
from desktop.ui.transcript_view import TranscriptView

SEGMENTS = [Segment(0, 1000, "One two."), Segment(3_725_000, 3_726_000, "Three four."), Segment(4e6, 5e6, "Five.")]  # type: ignore[arg-type]


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
