"""The review, by real keys: hear, type or leave, Enter, the next; Tab decides nothing; nothing typed is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core import doubts, editing
from desktop.core.document import Document, Edit
from desktop.core.review import WHOLE
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import SURE, Word
from desktop.ui.review_bar import ReviewBar

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

RETURN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def segment(start_ms: int, *said: tuple[str, float], suspect: str = "") -> Segment:
    words = tuple(
        Word(start_ms + 100 * at, start_ms + 100 * at + 90, (" " if at else "") + text, probability)
        for at, (text, probability) in enumerate(said)
    )
    return Segment(start_ms, words[-1].end_ms, "".join(word.text for word in words), words, suspect=suspect)


SPOKEN = Transcript(
    (
        segment(0, ("The", 0.9), ("quick", 0.3), ("fox.", 0.2)),
        segment(1000, ("It", 0.9), ("jumps", 0.45), ("far.", 0.6)),
        segment(2000, ("ha", 0.9), ("ha", 0.9), suspect=doubts.REPEATS),
    )
)


class Window(QWidget):
    """A text, the bar under it, and what an editor does with the edits."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(800, 300)
        self.bar = ReviewBar()
        self.text = QTextEdit()
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.bar)
        self.document = Document.of(SPOKEN)
        self.places: list[tuple[int, int, int, int]] = []
        self.edits: list[str] = []
        self.bar.place_wanted.connect(lambda *place: self.places.append(place))
        self.bar.edit_wanted.connect(self.edit)
        undo = QAction("Undo", self)
        undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        undo.triggered.connect(self.undo)
        self.addAction(undo)

    def edit(self, edit: Edit) -> None:
        self.edits.append(edit.label)
        self.document = self.document.did(edit)
        self.bar.take(self.document.current, edit)

    def undo(self) -> None:
        step = self.document.undo_step
        assert step
        self.document = self.document.undone()
        self.bar.take(self.document.current, step)

    @property
    def text_now(self) -> str:
        return self.document.current.text

    @property
    def field(self) -> QLineEdit:
        return next(one for one in self.bar.findChildren(QLineEdit) if one.accessibleName() == "Doubtful word")

    def says(self, text: str) -> bool:
        return any(one.isVisible() and one.text() == text for one in self.bar.findChildren(QLabel))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    widget = Window()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.text.setFocus()
    qtbot.waitUntil(widget.text.hasFocus)
    widget.bar.open(widget.document.current)
    return widget


def test_the_first_word_is_selected_played_and_explained(window: Window) -> None:
    assert window.field.hasFocus()
    assert (window.field.text(), window.field.selectedText()) == ("quick", "quick")
    assert window.places == [(0, 1, 100, 190)]
    assert window.says("4 left of 4")
    assert window.says("The engine was 30 % sure")
    assert "The quick fox." in window.field.accessibleDescription()


def test_enter_accepts_and_goes_on(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, RETURN)
    assert (window.field.text(), window.places[-1]) == ("fox.", (0, 2, 200, 290))
    assert window.says("3 left of 4")
    assert window.document.current.segments[0].words[1].probability == SURE
    assert window.edits == ["Accept word"]


def test_typing_replaces_the_word(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClicks(window.field, "slow old")
    qtbot.keyClick(window.field, RETURN)
    assert window.text_now.startswith("The slow old fox.")
    assert (window.field.text(), window.edits) == ("fox.", ["Correct word"])


def test_the_marks_around_a_word_stay(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, TAB)
    assert (window.field.text(), window.field.selectedText()) == ("fox.", "fox")
    qtbot.keyClicks(window.field, "dog")
    qtbot.keyClick(window.field, RETURN)
    assert window.text_now.startswith("The quick dog.")


def test_a_word_of_which_only_its_marks_are_left_is_taken_away(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, TAB)
    qtbot.keyClick(window.field, Qt.Key.Key_Delete)
    assert any(one.text() == "Delete" for one in window.bar.findChildren(QPushButton))
    qtbot.keyClick(window.field, RETURN)
    assert window.text_now.startswith("The quick\n")


def test_an_emptied_field_takes_the_word_away(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, Qt.Key.Key_Delete)
    assert any(one.text() == "Delete" for one in window.bar.findChildren(QPushButton))
    qtbot.keyClick(window.field, RETURN)
    assert window.text_now.startswith("The fox.")


def test_tab_walks_without_deciding_and_round_the_end(qtbot: QtBot, window: Window) -> None:
    seen = []
    for _step in range(5):
        seen.append(window.field.text())
        qtbot.keyClick(window.field, TAB)
    assert seen == ["quick", "fox.", "jumps", "ha ha", "quick"]
    qtbot.keyClick(window.field, TAB, SHIFT)
    qtbot.keyClick(window.field, Qt.Key.Key_Backtab, SHIFT)
    assert window.field.text() == "ha ha"
    assert window.places[-1] == (2, WHOLE, 2000, 2190)
    assert window.edits == []
    assert window.says("4 left of 4")


def test_what_was_typed_and_left_is_there_again(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClicks(window.field, "slow")
    qtbot.keyClick(window.field, TAB)
    assert window.field.text() == "fox."
    qtbot.keyClick(window.field, TAB, SHIFT)
    assert window.field.text() == "slow"
    assert window.edits == []
    qtbot.keyClick(window.field, RETURN)
    assert window.text_now.startswith("The slow fox.")


def test_a_doubtful_segment_is_settled_as_a_whole(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, TAB, SHIFT)
    assert window.says("It repeats itself")
    qtbot.keyClick(window.field, RETURN)
    assert window.document.current.segments[2].suspect == ""


def test_when_all_are_settled_it_says_so_and_escape_still_works(qtbot: QtBot, window: Window) -> None:
    for _word in range(4):
        qtbot.keyClick(window.field, RETURN)
    assert window.says("All 4 doubtful words are settled.")
    assert window.says("0 left of 4")
    assert not window.field.isVisible()
    focused = window.focusWidget()
    assert focused
    assert window.bar.isAncestorOf(focused)
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert not window.bar.isVisible()
    assert window.text.hasFocus()


def test_undo_takes_back_the_last_decision_and_leads_there(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, RETURN)
    qtbot.keyClick(window.field, RETURN)
    assert window.field.text() == "jumps"
    qtbot.keyClick(window.field, Qt.Key.Key_Z, CTRL)
    assert (window.field.text(), window.places[-1]) == ("fox.", (0, 2, 200, 290))
    assert window.says("3 left of 4")


def test_undo_first_takes_back_what_is_being_typed(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, RETURN)
    qtbot.keyClicks(window.field, "dog")
    qtbot.keyClick(window.field, Qt.Key.Key_Z, CTRL)
    assert window.edits == ["Accept word"]
    assert window.document.done == 1


def test_escape_leaves_and_gives_the_focus_back(qtbot: QtBot, window: Window) -> None:
    with qtbot.waitSignal(window.bar.closed):
        qtbot.keyClick(window.field, Qt.Key.Key_Escape)
    assert not window.bar.isVisible()
    assert window.text.hasFocus()


def test_a_key_plays_the_place_again(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, Qt.Key.Key_F2)
    assert window.places == [(0, 1, 100, 190)] * 2
    window.bar.again.setShortcut(QKeySequence("F4"))
    assert window.says("Enter accepts  ·  Tab goes on  ·  F4 plays again")
    qtbot.keyClick(window.field, Qt.Key.Key_F4)
    assert len(window.places) == 3


def test_another_threshold_is_told_and_counts_anew(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, RETURN)
    threshold = window.bar.findChild(QSpinBox)
    assert threshold
    with qtbot.waitSignal(window.bar.threshold_changed) as changed:
        threshold.setValue(65)
    assert changed.args == [0.65]
    assert window.says("4 left of 4")
    assert window.field.text() == "fox."


def test_the_most_doubtful_can_come_first(qtbot: QtBot, window: Window) -> None:
    order = window.bar.findChild(QComboBox)
    assert order
    with qtbot.waitSignal(window.bar.order_changed) as changed:
        order.setCurrentIndex(1)
        order.activated.emit(1)
    assert changed.args == ["doubt"]
    seen = []
    for _step in range(4):
        seen.append(window.field.text())
        window.bar.next_word()
    assert seen == ["quick", "jumps", "ha ha", "fox."]


def test_words_beside_gaps_are_told_too(qtbot: QtBot, window: Window) -> None:
    beside = window.bar.findChild(QCheckBox)
    assert beside
    with qtbot.waitSignal(window.bar.beside_missing_changed) as changed:
        beside.click()
    assert changed.args == [True]


def test_edits_in_the_text_do_not_lose_the_place_nor_the_focus(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window.field, TAB)
    qtbot.keyClick(window.field, TAB)
    window.text.setFocus()
    places = list(window.places)
    window.edit(editing.split(window.document.current, 0, len("The ")))
    assert window.field.text() == "jumps"
    assert window.text.hasFocus()
    assert window.places == places
    window.field.setFocus()
    qtbot.keyClick(window.field, Qt.Key.Key_F2)
    assert window.places[-1] == (2, 1, 1100, 1190)


def test_a_word_that_is_mended_in_the_text_is_no_longer_asked_for(qtbot: QtBot, window: Window) -> None:
    window.edit(editing.reworded(window.document.current, 0, "The slow dog sat."))
    assert window.field.text() == "jumps"
    assert window.says("2 left of 4")


def test_what_is_being_typed_stays_when_more_is_heard(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClicks(window.field, "slo")
    more = Transcript((*window.document.current.segments, segment(3000, ("Late", 0.1))))
    window.bar.show_transcript(more)
    qtbot.keyClicks(window.field, "w")
    assert window.field.text() == "slow"
    assert window.says("5 left of 5")


def test_it_begins_where_the_reader_is(window: Window) -> None:
    window.bar.open(window.document.current, from_ms=1000)
    assert window.field.text() == "jumps"


def test_with_nothing_to_doubt_it_says_so(window: Window) -> None:
    window.bar.open(Transcript((segment(0, ("Sure", 0.99)),)))
    assert window.says("No word is doubted at this threshold.")
    assert window.says("Nothing to review")
