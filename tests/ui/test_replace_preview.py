"""The preview of "Replace all": every place can be left as it is, with the mouse or the keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QCheckBox, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core import search
from desktop.core.search import Hit, Query
from desktop.core.transcript import Segment, Transcript
from desktop.ui.replace_preview import ReplacePreview

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LONG = "A very long sentence that nobody would ever say in one breath, with an old word in it"


@pytest.fixture
def preview(qtbot: QtBot) -> Iterator[ReplacePreview]:
    spoken = Transcript((Segment(0, 1000, "old and old"), Segment(61_000, 62_000, LONG)))
    query = Query("old")
    parent = QWidget()
    qtbot.addWidget(parent)
    changes = search.substitutes(spoken, query, "new", search.hits(spoken, query))
    dialog = ReplacePreview(spoken, changes, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    yield dialog
    parent.close()


def places(preview: ReplacePreview) -> QListView:
    found = preview.findChild(QListView)
    assert found
    return found


def everything(preview: ReplacePreview) -> QCheckBox:
    found = preview.findChild(QCheckBox)
    assert found
    return found


def replace(preview: ReplacePreview) -> QPushButton:
    return next(one for one in preview.findChildren(QPushButton) if one.isDefault())


def test_each_place_is_read_with_its_time_before_and_after(preview: ReplacePreview) -> None:
    model = places(preview).model()
    texts = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert texts == ["0:00: “old” becomes “new”"] * 2 + ["1:01: “old” becomes “new”"]
    assert QAccessible.queryAccessibleInterface(places(preview)).text(QAccessible.Text.Name) == "Places to replace"


def test_space_leaves_a_place_as_it_is(qtbot: QtBot, preview: ReplacePreview) -> None:
    places(preview).setCurrentIndex(places(preview).model().index(1, 0))
    qtbot.keyClick(places(preview), Qt.Key.Key_Space)
    assert everything(preview).checkState() is Qt.CheckState.PartiallyChecked
    assert replace(preview).text() == "&Replace 2 places"
    with qtbot.waitSignal(preview.chosen) as chosen:
        qtbot.keyClick(places(preview), Qt.Key.Key_Return)
    assert chosen.args == [[Hit(0, 0, 3), Hit(1, LONG.index("old"), LONG.index("old") + 3)]]


def test_a_click_on_the_box_does_so_too(qtbot: QtBot, preview: ReplacePreview) -> None:
    view = places(preview)
    row = view.visualRect(view.model().index(0, 0))
    box = QPoint(row.left() + 16, row.center().y())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert replace(preview).text() == "&Replace 2 places"
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert replace(preview).text() == "&Replace 3 places"
    assert everything(preview).checkState() is Qt.CheckState.Checked


def test_space_is_for_all_that_are_marked(qtbot: QtBot, preview: ReplacePreview) -> None:
    places(preview).selectAll()
    qtbot.keyClick(places(preview), Qt.Key.Key_Space)
    assert everything(preview).checkState() is Qt.CheckState.Unchecked
    assert not replace(preview).isEnabled()


def test_all_can_be_left_and_taken_at_once(qtbot: QtBot, preview: ReplacePreview) -> None:
    everything(preview).click()
    assert everything(preview).checkState() is Qt.CheckState.Unchecked
    assert not replace(preview).isEnabled()
    everything(preview).click()
    assert everything(preview).checkState() is Qt.CheckState.Checked
    assert replace(preview).text() == "&Replace 3 places"


def test_escape_replaces_nothing(qtbot: QtBot, preview: ReplacePreview) -> None:
    with qtbot.assertNotEmitted(preview.chosen):
        qtbot.keyClick(places(preview), Qt.Key.Key_Escape)
    assert not preview.isVisible()
