"""The steady pane has its size where there is room, and gives way where there is none."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.two_panes import TwoPanes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Pane(QWidget):
    """So wide and high by itself."""

    def sizeHint(self) -> QSize:
        return QSize(250, 250)


@pytest.fixture(params=[Qt.Orientation.Horizontal, Qt.Orientation.Vertical])
def panes(qtbot: QtBot, request: pytest.FixtureRequest) -> TwoPanes:
    first, second = Pane(), Pane()
    panes = TwoPanes(first, second, first, request.param)
    qtbot.addWidget(panes)
    panes.resize(1001, 1001)
    panes.show()
    return panes


def size(panes: TwoPanes) -> int:
    return panes.sizes()[0]


def test_without_a_wish_it_is_as_large_as_it_wants(panes: TwoPanes) -> None:
    assert (panes.wished, size(panes)) == (-1, 250)
    panes.resize(1501, 1501)
    assert size(panes) == 250, "the other one has the rest"


def test_it_gives_way_while_the_other_one_needs_room(qtbot: QtBot, panes: TwoPanes) -> None:
    panes.wish(300)
    panes.give_way(150, 60)
    other = panes.widget(1)
    for needed, expected in ((600, 300), (800, 200), (900, 60), (600, 300)):
        other.setMinimumSize(needed, needed)
        qtbot.waitUntil(lambda expected=expected: size(panes) == expected)  # type: ignore[misc]
    assert panes.wished == 300
    other.setMinimumSize(600, 600)
    panes.resize(700, 700)
    assert size(panes) == 60
    panes.resize(1001, 1001)
    assert size(panes) == 300


def test_it_is_never_larger_than_it_may_be(qtbot: QtBot, panes: TwoPanes) -> None:
    panes.wish(300)
    panes.widget(0).setMaximumSize(40, 40)
    qtbot.waitUntil(lambda: size(panes) == 40)
    assert panes.sizes()[1] == 960, "nothing stays blank"
    panes.widget(0).setMaximumSize(5000, 5000)
    qtbot.waitUntil(lambda: size(panes) == 300)


def test_the_hand_counts_and_can_close_it(panes: TwoPanes) -> None:
    panes.moveSplitter(400, 1)
    assert (panes.wished, size(panes)) == (400, 400)
    panes.moveSplitter(0, 1)
    assert (panes.wished, size(panes)) == (0, 0)
    panes.resize(1501, 1501)
    assert size(panes) == 0
    panes.moveSplitter(300, 1)
    assert (panes.wished, size(panes)) == (300, 300)


def test_the_second_one_can_be_the_steady_one(qtbot: QtBot) -> None:
    first, second = Pane(), Pane()
    panes = TwoPanes(first, second, second, Qt.Orientation.Vertical)
    qtbot.addWidget(panes)
    panes.resize(500, 801)
    panes.show()
    panes.wish(200)
    assert panes.sizes() == [600, 200]
    second.hide()
    second.show()
    qtbot.waitUntil(lambda: panes.sizes() == [600, 200])
