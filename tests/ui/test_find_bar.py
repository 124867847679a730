"""The find bar, by real keys: hits as you type, round the end, replaced one by one or all at once, gone with Escape."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QTextEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.document import Document, Edit
from desktop.core.search import Hit
from desktop.core.transcript import Segment, Transcript
from desktop.ui.find_bar import FindBar
from desktop.ui.replace_preview import ReplacePreview

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TEXTS = ("the one and the other", "none", "The last of the lot")
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
WHOLE_WORDS = [Hit(0, 0, 3), Hit(0, 12, 15), Hit(2, 0, 3), Hit(2, 12, 15)]


class Window(QWidget):
    """A text, the bar over it, and what an editor does: apply the wanted edit and tell the bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(700, 300)
        self.bar = FindBar()
        self.text = QTextEdit()
        layout = QVBoxLayout(self)
        layout.addWidget(self.bar)
        layout.addWidget(self.text)
        segments = tuple(Segment(1000 * at, 1000 * at + 900, text).reworded(text) for at, text in enumerate(TEXTS))
        self.document = Document.of(Transcript(segments))
        self.hits: list[Hit] = []
        self.chosen: list[Hit] = []
        self.edits: list[Edit] = []
        self.bar.show_transcript(self.document.current)
        self.bar.hits_changed.connect(self._on_hits)
        self.bar.hit_chosen.connect(self.chosen.append)
        self.bar.edit_wanted.connect(self.edit)

    def _on_hits(self, hits: list[Hit]) -> None:
        self.hits = hits

    def edit(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.document = self.document.did(edit)
        self.bar.take(self.document.current, edit)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.document.current.segments]

    def field(self, name: str = "Find") -> QLineEdit:
        return next(one for one in self.bar.findChildren(QLineEdit) if one.accessibleName() == name)

    def button(self, name: str) -> QPushButton | QToolButton:
        found = [*self.bar.findChildren(QPushButton), *self.bar.findChildren(QToolButton)]
        return next(one for one in found if name in (one.text(), one.accessibleName()) and one.isVisible())

    @property
    def said(self) -> list[str]:
        return [one.text() for one in self.bar.findChildren(QLabel) if one.isVisible() and one.text()]


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    widget = Window()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.text.setFocus()
    qtbot.waitUntil(widget.text.hasFocus)
    return widget


def find(qtbot: QtBot, window: Window, text: str) -> None:
    """Type it and wait for the hits."""
    window.field().selectAll()
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClicks(window.field(), text)


def test_it_opens_with_the_focus_and_finds_as_you_type(qtbot: QtBot, window: Window) -> None:
    window.bar.open()
    assert window.field().hasFocus()
    find(qtbot, window, "the")
    assert len(window.hits) == 5
    assert window.said == ["1 of 5"]
    assert window.chosen[-1] == Hit(0, 0, 3)
    assert window.field().hasFocus()


def test_enter_leads_on_and_round_the_end_and_shift_enter_back(qtbot: QtBot, window: Window) -> None:
    window.bar.open("last")
    window.bar.open("the", caret=(2, 0))
    assert window.said == ["4 of 5"]
    qtbot.keyClick(window.field(), Qt.Key.Key_Return)
    assert window.said == ["5 of 5"]
    qtbot.keyClick(window.field(), Qt.Key.Key_Return)
    assert (window.said, window.chosen[-1]) == (["1 of 5"], Hit(0, 0, 3))
    qtbot.keyClick(window.field(), Qt.Key.Key_Enter, SHIFT)
    assert (window.said, window.chosen[-1]) == (["5 of 5"], Hit(2, 12, 15))
    qtbot.waitUntil(lambda: window.bar.height() >= window.bar.sizeHint().height())  # it has slid in
    qtbot.mouseClick(window.button("Previous hit"), Qt.MouseButton.LeftButton)
    window.bar.find_next()
    assert window.said == ["5 of 5"]


def test_the_first_hit_is_the_one_after_the_caret(window: Window) -> None:
    window.bar.open("the", caret=(0, 1))
    assert window.chosen[-1] == Hit(0, 12, 15)


def test_enter_does_not_wait_for_the_search(qtbot: QtBot, window: Window) -> None:
    window.bar.open()
    qtbot.keyClicks(window.field(), "none")
    qtbot.keyClick(window.field(), Qt.Key.Key_Return)
    assert window.chosen[-1] == Hit(1, 0, 4)


def test_typing_on_stays_at_the_place(qtbot: QtBot, window: Window) -> None:
    window.bar.open(caret=(2, 0))
    find(qtbot, window, "t")
    assert window.chosen[-1] == Hit(2, 0, 1)
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClicks(window.field(), "he")
    assert window.chosen[-1] == Hit(2, 0, 3)


def test_nothing_found_is_said(qtbot: QtBot, window: Window) -> None:
    window.bar.open()
    find(qtbot, window, "xylophone")
    assert window.said == ["No hits"]
    assert not window.button("Next hit").isEnabled()
    qtbot.keyClick(window.field(), Qt.Key.Key_Return)
    assert window.field().accessibleDescription() == "No hits"


def test_case_whole_words_and_patterns_are_a_key_away(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the")
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClick(window.field(), Qt.Key.Key_W, ALT)
    assert window.hits == WHOLE_WORDS
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClick(window.field(), Qt.Key.Key_C, ALT)
    assert len(window.hits) == 3
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClick(window.field(), Qt.Key.Key_X, ALT)
    find(qtbot, window, "t.e|n.ne")
    assert len(window.hits) == 4


def test_a_wrong_pattern_is_explained_and_then_forgotten(qtbot: QtBot, window: Window) -> None:
    window.bar.open()
    window.button("Regular expression").click()
    find(qtbot, window, "(the")
    assert window.said == [
        "Mistake at character 4 of the pattern: a ) is missing. A backslash before a sign means the sign itself."
    ]
    assert window.hits == []
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClicks(window.field(), ")")
    assert window.said == ["1 of 5"]


def test_a_pattern_that_takes_for_ever_does_not_hang_the_window(qtbot: QtBot, window: Window) -> None:
    window.bar.show_transcript(Transcript((Segment(0, 1, "a" * 5000 + "b"),)))
    window.bar.open()
    window.button("Regular expression").click()
    find(qtbot, window, "(a+)+$")
    assert window.said[0].startswith("This pattern takes too long.")


def test_escape_closes_and_gives_the_focus_back(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the")
    with qtbot.waitSignal(window.bar.closed):
        qtbot.keyClick(window.field(), Qt.Key.Key_Escape)
    assert not window.bar.isVisible()
    assert window.text.hasFocus()
    assert window.hits == []


def test_opened_again_it_still_knows_what_was_looked_for(qtbot: QtBot, window: Window) -> None:
    window.bar.open("last")
    qtbot.keyClick(window.field(), Qt.Key.Key_Escape)
    window.bar.open()
    assert (window.field().text(), window.field().selectedText()) == ("last", "last")
    assert window.hits == [Hit(2, 4, 8)]


def test_replacing_goes_from_hit_to_hit(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the", replacing=True)
    window.field("Replace with").setFocus()
    qtbot.keyClicks(window.field("Replace with"), "the the")
    qtbot.keyClick(window.field("Replace with"), Qt.Key.Key_Return)
    assert window.texts[0] == "the the one and the other"
    assert window.chosen[-1] == Hit(0, 16, 19)
    qtbot.keyClick(window.field("Replace with"), Qt.Key.Key_Return)
    assert window.texts[0] == "the the one and the the other"
    assert window.chosen[-1] == Hit(0, 25, 28)
    assert [edit.label for edit in window.edits] == ["Replace", "Replace"]


def test_replacing_by_the_same_goes_on_without_an_edit(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the", replacing=True)
    window.field("Replace with").setText("the")
    window.button("Replace").click()
    assert (window.edits, window.chosen[-1]) == ([], Hit(0, 12, 15))


def test_a_wrong_replacement_is_explained(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the", replacing=True)
    with qtbot.waitSignal(window.bar.hits_changed):
        window.button("Regular expression").click()
    window.field("Replace with").setText(r"\2")
    window.button("Replace").click()
    assert any("the pattern has no such group" in said for said in window.said)
    assert window.edits == []


def test_everything_is_replaced_as_one_step_after_a_look_at_it(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the", replacing=True)
    with qtbot.waitSignal(window.bar.hits_changed):
        qtbot.keyClick(window.field(), Qt.Key.Key_W, ALT)
    window.field("Replace with").setText("this")
    window.field("Replace with").setFocus()
    qtbot.keyClick(window.field("Replace with"), Qt.Key.Key_Return, CTRL)
    preview = window.bar.findChild(ReplacePreview)
    assert preview
    box = preview.findChild(QCheckBox)
    assert box
    assert box.text() == "4 places  ·  in 2 segments"
    assert window.edits == []
    with qtbot.waitSignal(window.bar.edit_wanted):
        next(one for one in preview.findChildren(QPushButton) if one.text() == "&Replace 4 places").click()
    assert window.texts == ["this one and this other", "none", "this last of this lot"]
    assert [edit.label for edit in window.edits] == ["Replace all"]
    undone = window.document.undone()
    assert [one.text for one in undone.current.segments] == list(TEXTS)


def test_edits_in_the_text_keep_the_count_right(window: Window) -> None:
    from desktop.core import editing

    window.bar.open("the", caret=(2, 0))
    window.edit(editing.merged(window.document.current, 0, 1))
    assert window.said == ["4 of 5"]
    window.edit(editing.reworded(window.document.current, 1, "The last one"))
    assert window.said == ["4 of 4"]
    assert window.hits == [Hit(0, 0, 3), Hit(0, 12, 15), Hit(0, 17, 20), Hit(1, 0, 3)]


def test_what_is_heard_meanwhile_is_found_too(qtbot: QtBot, window: Window) -> None:
    window.bar.open("last")
    more = Transcript((*window.document.current.segments, Segment(5000, 6000, "the very last")))
    with qtbot.waitSignal(window.bar.hits_changed):
        window.bar.show_transcript(more)
    assert window.hits == [Hit(2, 4, 8), Hit(3, 9, 13)]


def test_the_replacement_is_one_tab_away(qtbot: QtBot, window: Window) -> None:
    window.bar.open("the", replacing=True)
    reached = []
    for _step in range(5):
        focused = window.focusWidget()
        reached.append(focused.accessibleName() if focused else "")
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert reached[0] == "Find"
    assert "Replace with" in reached
