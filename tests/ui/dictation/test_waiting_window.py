"""Texts that wait: each says why, offers what can be done, and goes when it is somewhere."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop.core.dictation import Waiting
from desktop.core.errors import TargetClosed, TargetMoved
from desktop.ui.dictation.waiting_window import MOST, WaitingWindow
from desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ONE, TWO = Waiting(1, "The first text."), Waiting(2, "The second text.")


@pytest.fixture
def window(qtbot: QtBot, look: Theme) -> WaitingWindow:
    one = WaitingWindow()
    one.use_key("Ctrl+Alt+V")
    qtbot.addWidget(one)
    return one


def words(window: WaitingWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def buttons(window: WaitingWindow, name: str) -> list[QPushButton]:
    return [one for one in window.findChildren(QPushButton) if one.isVisible() and one.text().startswith(name)]


@pytest.mark.parametrize("reason_first", [True, False])
def test_a_text_comes_with_its_reason(window: WaitingWindow, reason_first: bool) -> None:
    if reason_first:
        window.show_reason(TargetClosed())
    window.show_waiting((ONE,))
    if not reason_first:
        window.show_reason(TargetClosed())
    assert window.isVisible()
    assert ONE.text in words(window)
    assert TargetClosed().said_headline in words(window)


def test_a_reason_about_something_else_is_not_taken_for_the_next_text(
    qtbot: QtBot, window: WaitingWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.ui.dictation.waiting_window.REASON_MS", 0)
    window.show_reason(TargetClosed())
    qtbot.wait(20)
    window.show_waiting((ONE,))
    assert TargetClosed().said_headline not in words(window)


def test_each_text_keeps_its_own_reason(window: WaitingWindow) -> None:
    window.show_waiting((ONE,))
    window.show_reason(TargetClosed())
    window.show_waiting((ONE, TWO))
    window.show_reason(TargetMoved())
    said = words(window)
    assert said.index(TargetMoved().said_headline) < said.index(TWO.text)
    assert said.index(TargetClosed().said_headline) < said.index(ONE.text)
    window.show_waiting((ONE,))
    assert TargetMoved().said_headline not in words(window)
    assert TargetClosed().said_headline in words(window)


def test_it_is_inserted_copied_or_dismissed(qtbot: QtBot, window: WaitingWindow) -> None:
    window.show_waiting((ONE, TWO))
    newest, older = buttons(window, "Insert")
    assert "Ctrl+Alt+V" in newest.text()
    assert "Ctrl+Alt+V" not in older.text()
    with qtbot.waitSignal(window.drop_wanted) as dropped:
        qtbot.mouseClick(older, Qt.MouseButton.LeftButton)
    assert dropped.args == [1]
    with qtbot.waitSignal(window.copy_wanted) as copied:
        qtbot.mouseClick(buttons(window, "Copy")[0], Qt.MouseButton.LeftButton)
    assert copied.args == [TWO.text]
    with qtbot.waitSignal(window.dismiss_wanted) as dismissed:
        qtbot.mouseClick(window.findChildren(QToolButton)[-1], Qt.MouseButton.LeftButton)
    assert dismissed.args[0] in (1, 2)


def test_it_goes_when_nothing_waits(window: WaitingWindow) -> None:
    window.show_waiting((ONE,))
    window.show_waiting(())
    assert window.isHidden()


def test_many_texts_stay_a_small_window(window: WaitingWindow) -> None:
    window.show_waiting(tuple(Waiting(number, f"Text {number}. " * 90) for number in range(1, MOST + 3)))
    assert len(buttons(window, "Insert")) == MOST
    assert "2 more texts wait" in words(window)
    assert "Text 5." in words(window)
    assert window.height() < window.screen().availableGeometry().height()


def test_every_word_of_it_is_seen(qtbot: QtBot, window: WaitingWindow) -> None:
    window.show_waiting((ONE,))
    window.show_waiting((ONE, TWO))
    window.show_reason(TargetMoved())
    qtbot.wait(10)
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.height() >= label.heightForWidth(label.width())


@pytest.mark.parametrize(
    ("tray", "is_top", "is_left"),
    [(QRect(780, 2, 22, 22), True, False), (QRect(780, 570, 22, 22), False, False), (QRect(2, 2, 22, 22), True, True)],
)
def test_it_stands_by_the_tray(window: WaitingWindow, tray: QRect, is_top: bool, is_left: bool) -> None:
    window.use_tray(tray)
    window.show_waiting((ONE,))
    middle = window.screen().availableGeometry().center()
    assert (window.geometry().center().y() < middle.y()) is is_top
    assert (window.geometry().left() < middle.x() / 2) is is_left
    assert not window.geometry().intersects(tray)


def test_no_part_of_it_takes_the_keyboard(window: WaitingWindow) -> None:
    window.show_waiting((ONE,))
    for one in (*window.findChildren(QPushButton), *window.findChildren(QToolButton)):
        assert one.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
