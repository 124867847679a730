"""Beside the original: changes are told without colour, lead to their place, and are taken back one by one or all."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core import editing
from desktop.core.comparison import How, Piece
from desktop.core.document import Document, Edit
from desktop.core.transcript import Segment, Transcript
from desktop.ui.comparison_dialog import ComparisonDialog
from desktop.ui.marked_text import laid_out, letters

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TEXTS = ("One of them.", "The quick brown fox.", "It jumps far.", "The end.")


class Desk:
    """The dialog, and what an editor does with its edits."""

    def __init__(self) -> None:
        segments = tuple(Segment(1000 * at, 1000 * at + 900, text).reworded(text) for at, text in enumerate(TEXTS))
        self.document = Document.of(Transcript(segments))
        now = self.document.current
        self.document = self.document.did(editing.reworded(now, 1, "The slow brown fox.", typing=False))
        self.document = self.document.did(editing.deleted(self.document.current, [2]))
        self.document = self.document.did(editing.spoken_by(self.document.current, [2], "Anna"))
        self.dialog = ComparisonDialog(self.document.original, self.document.current)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.dialog.edit_wanted.connect(self.edit)

    def edit(self, edit: Edit) -> None:
        self.document = self.document.did(edit)
        self.dialog.take(self.document.original, self.document.current)

    @property
    def view(self) -> QListView:
        found = self.dialog.findChild(QListView)
        assert found
        return found

    @property
    def rows(self) -> list[str]:
        model = self.view.model()
        role = Qt.ItemDataRole.AccessibleTextRole
        return [model.index(row, 0).data(role) for row in range(model.rowCount())]

    def button(self, name: str) -> QPushButton:
        return next(one for one in self.dialog.findChildren(QPushButton) if one.text().replace("&", "") == name)

    def says(self, text: str) -> bool:
        return any(one.isVisible() and one.text() == text for one in self.dialog.findChildren(QLabel))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made.dialog)
    with qtbot.waitExposed(made.dialog):
        made.dialog.show()
    made.dialog.activateWindow()
    qtbot.waitUntil(made.view.hasFocus)
    return made


def test_only_what_has_changed_is_listed(desk: Desk) -> None:
    assert desk.says("3 differences")
    assert desk.rows == [
        "0:01: “The quick brown fox.” became “The slow brown fox.”",
        "0:02: “It jumps far.” became “”",
        "0:03: “The end.” became “The end.”. Speaker: – → Anna",
    ]


def test_the_rest_is_shown_on_request(qtbot: QtBot, desk: Desk) -> None:
    only = desk.dialog.findChild(QCheckBox)
    assert only
    only.click()
    assert desk.rows[0] == "0:00: One of them."
    assert len(desk.rows) == 4
    desk.view.setCurrentIndex(desk.view.model().index(0, 0))
    assert not desk.button("Revert this").isEnabled()
    assert desk.button("Go to place").isEnabled()


def test_enter_leads_to_the_place(qtbot: QtBot, desk: Desk) -> None:
    qtbot.keyClick(desk.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(desk.dialog.place_wanted) as wanted:
        qtbot.keyClick(desk.view, Qt.Key.Key_Return)
    assert wanted.args == [2000]
    with qtbot.waitSignal(desk.dialog.place_wanted):
        place = desk.view.visualRect(desk.view.model().index(0, 0)).center()
        qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_one_can_be_taken_back_and_the_next_takes_its_place(qtbot: QtBot, desk: Desk) -> None:
    qtbot.keyClick(desk.view, Qt.Key.Key_Down)
    qtbot.keyClick(desk.view, Qt.Key.Key_Delete)
    assert desk.document.current.segments[2] == desk.document.original.segments[2]
    assert desk.says("2 differences")
    assert desk.view.currentIndex().row() == 1
    desk.button("Revert this").click()
    assert desk.document.current.segments[3].speaker == ""
    desk.button("Revert this").click()
    assert desk.document.current.segments == desk.document.original.segments


def test_all_can_be_taken_back_as_one_step(desk: Desk) -> None:
    steps = desk.document.done
    desk.button("Revert all").click()
    assert desk.document.current.segments == desk.document.original.segments
    assert desk.document.done == steps + 1
    assert desk.says("The text is as it was heard.")
    assert not desk.button("Revert all").isEnabled()
    assert not desk.button("Revert this").isEnabled()


def test_it_can_be_shown_side_by_side(qtbot: QtBot, desk: Desk) -> None:
    way = desk.dialog.findChild(QComboBox)
    assert way
    desk.dialog.resize(560, 400)
    one_text = desk.dialog.grab()
    way.setCurrentIndex(1)
    way.activated.emit(1)
    assert desk.dialog.grab() != one_text


def test_changes_are_told_by_form_and_not_by_colour_alone() -> None:
    forms = letters(QPalette(), QPalette().color(QPalette.ColorRole.Base))
    assert forms[How.GONE].fontStrikeOut()
    assert forms[How.NEW].fontUnderline()
    assert not forms[How.SAME].fontStrikeOut()


def test_marks_lie_on_the_words_and_not_on_the_spaces_whatever_the_letters() -> None:
    pieces = (Piece("😀 a", How.SAME), Piece(" old", How.GONE), Piece(" 😀new", How.NEW))
    forms = letters(QPalette(), QPalette().color(QPalette.ColorRole.Base))
    ranges = laid_out(pieces, forms, QFont(), 500).formats()
    assert [(one.start, one.length) for one in ranges] == [(0, 4), (5, 3), (9, 5)]
