"""The history of dictations, by real keys and clicks: found, copied, inserted, heard again, deleted and had back."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, Qt, QTime
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.dictated import Entry, Outcome
from desktop.core.errors import EngineKilled
from desktop.core.settings import Settings
from desktop.ui.dictation import history
from desktop.ui.dictation.history import HistoryWindow
from desktop.ui.dictation.history_model import DAY_ROLE, HistoryModel
from desktop.ui.notices import Notices
from desktop.ui.theme import Theme
from tests.conftest import SAMPLES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NOON_MS = QDateTime(QDateTime.currentDateTime().date(), QTime(12, 0)).toMSecsSinceEpoch()
DAY_MS = 86_400_000
MODELS = [("auto", "Automatic"), ("small", "The small one")]


def entry(number: int, text: str = "", ago_ms: int = 0, **more: object) -> Entry:
    values = {"outcome": Outcome.INSERTED, "program": "kate", "duration_ms": 4_000, "model": "small"} | more
    return Entry(id=number, spoken_ms=NOON_MS - ago_ms, text=text, heard=text, **values)  # type: ignore[arg-type]


MILK, LETTER, LATE = entry(3, "Buy milk."), entry(2, "Dear Anna,\nthank you.", 1_000), entry(1, "Later.", DAY_MS)


@pytest.fixture
def window(qtbot: QtBot, look: Theme) -> HistoryWindow:
    one = HistoryWindow(MODELS)
    qtbot.addWidget(one)
    with qtbot.waitSignal(one.look_wanted), qtbot.waitExposed(one):
        one.show()
    one.show_entries([MILK, LETTER, LATE])
    return one


def texts(window: HistoryWindow) -> list[str]:
    return [window.model.data(window.model.index(row)) for row in range(window.model.rowCount())]  # type: ignore[misc]


def words(window: HistoryWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def push(qtbot: QtBot, window: HistoryWindow, name: str) -> None:
    found = [one for one in window.findChildren(QPushButton) if one.text().replace("&", "") == name]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def choose(qtbot: QtBot, window: HistoryWindow, row: int) -> None:
    place = window.list.visualRect(window.model.index(row)).bottomLeft()
    place.setX(place.x() + 40)
    place.setY(place.y() - 12)
    qtbot.mouseClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_the_newest_stands_first_under_its_day(window: HistoryWindow) -> None:
    assert texts(window) == ["Buy milk.", "Dear Anna, thank you.", "Later."]
    days = [window.model.data(window.model.index(row), DAY_ROLE) for row in range(3)]
    assert days == ["Today", "", "Yesterday"]
    assert "Buy milk." in words(window)


def test_one_is_chosen_and_read_with_its_line_breaks(qtbot: QtBot, window: HistoryWindow) -> None:
    choose(qtbot, window, 1)
    assert "Dear Anna,<br>thank you." in words(window)
    assert "kate" in words(window)
    assert "The small one" in words(window)


def test_marks_of_html_are_text(window: HistoryWindow) -> None:
    window.show_entry(entry(9, "a <b>bold</b> & plain one"))
    window.list.setCurrentIndex(window.model.index(0))
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; plain" in words(window)


def test_what_was_heard_is_told_where_it_is_other(window: HistoryWindow) -> None:
    window.show_entries(
        [entry(1, "One, two."), Entry(2, NOON_MS + 1, 9, "One, two.", "One comma two.", outcome=Outcome.INSERTED)]
    )
    assert "One comma two." in words(window)
    window.list.setCurrentIndex(window.model.index(1))
    assert "As it was heard" not in words(window)


def test_a_search_finds_words_and_programs(qtbot: QtBot, window: HistoryWindow) -> None:
    window.show_entry(entry(4, "In the shell.", 500, program="kitty"))
    search = window.findChild(QLineEdit)
    assert isinstance(search, QLineEdit)
    qtbot.keyClicks(search, "anna DEAR")
    assert texts(window) == ["Dear Anna, thank you."]
    search.clear()
    qtbot.keyClicks(search, "kitty")
    assert texts(window) == ["In the shell."]
    qtbot.keyClicks(search, "xx")
    assert texts(window) == []
    assert "No dictation has these words." in words(window)
    window.show_entry(entry(5, "Found by nobody."))
    assert texts(window) == []


def test_it_is_copied_by_button_and_by_key(qtbot: QtBot, window: HistoryWindow) -> None:
    choose(qtbot, window, 1)
    with qtbot.waitSignal(window.copy_wanted) as told:
        push(qtbot, window, "Copy")
    assert told.args == [2]
    window.list.setFocus()
    with qtbot.waitSignal(window.copy_wanted):
        qtbot.keyClick(window.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_it_is_inserted_once_the_window_is_gone(
    qtbot: QtBot, window: HistoryWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "GOES_MS", 10)
    with qtbot.waitSignal(window.insert_wanted) as told:
        push(qtbot, window, "Insert again")
        assert window.isHidden()
    assert told.args == [3]


def test_it_is_recognised_by_another_model(qtbot: QtBot, window: HistoryWindow, tmp_path: Path) -> None:
    spoken = entry(7, sound=tmp_path / "a.flac", outcome=Outcome.SPOKEN)
    window.show_entry(spoken)
    window.list.setCurrentIndex(window.model.index(0))
    assert "Not recognised." in words(window)
    action = next(one for one in window.entry.again.menu().actions() if one.data() == "small")
    assert isinstance(action, QAction)
    with qtbot.waitSignal(window.hear_again_wanted) as told:
        action.trigger()
    assert told.args == [7, "small"]
    assert not window.entry.again.isEnabled()
    assert "once more" in words(window)
    window.show_entry(entry(7, "Heard now.", sound=tmp_path / "a.flac"))
    assert "Heard now." in words(window)
    assert "once more" not in words(window)
    assert window.entry.again.isEnabled()


def test_a_model_that_came_later_is_offered(window: HistoryWindow) -> None:
    window.show_models([("base", "The base one")])
    assert [one.data() for one in window.entry.again.menu().actions()] == ["base"]


def test_what_failed_is_said_and_can_be_tried_again(window: HistoryWindow, tmp_path: Path) -> None:
    window.show_entry(entry(7, sound=tmp_path / "a.flac", outcome=Outcome.SPOKEN))
    window.list.setCurrentIndex(window.model.index(0))
    window.entry.show_working(True)
    window.show_error(EngineKilled(signal="9"))
    notices = window.findChild(Notices)
    assert isinstance(notices, Notices)
    assert EngineKilled(signal="9").said_headline in notices.shown_text
    assert window.entry.again.isEnabled()


def test_sound_that_is_no_more_cannot_be_heard(window: HistoryWindow) -> None:
    assert not window.entry.play.isEnabled()
    assert "not kept any more" in window.entry.play.toolTip()


def test_its_sound_is_opened_and_let_go(qtbot: QtBot, window: HistoryWindow) -> None:
    window.show_entry(entry(8, "With sound.", sound=SAMPLES / "demo-short.flac"))
    window.list.setCurrentIndex(window.model.index(0))
    assert window.entry.play.isEnabled()
    window.list.setFocus()
    qtbot.keyClick(window.list, Qt.Key.Key_Space)
    assert window.entry.play.accessibleName() == "Stop"
    qtbot.keyClick(window.list, Qt.Key.Key_Down)
    assert window.entry.play.accessibleName() == "Hear it"


def test_deleted_can_be_had_back_for_a_while(qtbot: QtBot, window: HistoryWindow) -> None:
    told: list[object] = []
    window.forget_wanted.connect(told.append)
    window.list.setFocus()
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    assert texts(window) == ["Dear Anna, thank you.", "Later."]
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    assert texts(window) == ["Later."]
    push(qtbot, window, "Undo")
    assert len(texts(window)) == 3
    window.hide()
    assert told == []


def test_deleted_is_gone_after_a_while(qtbot: QtBot, window: HistoryWindow) -> None:
    window._undo_time.setInterval(20)
    window.list.setFocus()
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    with qtbot.waitSignal(window.forget_wanted) as told:
        qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    assert told.args == [(2, 3)]
    assert texts(window) == ["Later."]


def test_closing_does_not_keep_what_was_deleted(qtbot: QtBot, window: HistoryWindow) -> None:
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    with qtbot.waitSignal(window.forget_wanted) as told:
        push(qtbot, window, "Close")
    assert told.args == [(3,)]


def test_all_of_them_are_deleted(qtbot: QtBot, window: HistoryWindow) -> None:
    push(qtbot, window, "Delete all")
    assert texts(window) == []
    assert "will be listed here" in words(window)
    window.show_entry(entry(9, "Spoken meanwhile."))
    with qtbot.waitSignal(window.forget_all_wanted):
        window.hide()


def test_news_keep_the_chosen_one_chosen(qtbot: QtBot, window: HistoryWindow) -> None:
    choose(qtbot, window, 1)
    window.show_entry(entry(5, "A new one."))
    assert window.model.entry(window.list.currentIndex().row()) == LETTER
    window.forget((5, 3))
    assert window.model.entry(window.list.currentIndex().row()) == LETTER
    window.forget((2,))
    assert window.model.entry(window.list.currentIndex().row()) == LATE


def test_how_long_they_are_kept_is_said(window: HistoryWindow) -> None:
    assert "the text for a month, the sound for a day" in words(window)
    window.use_settings(Settings(dictation_history="none"))
    assert "Dictations are not kept." in words(window)


def test_thousands_are_shown_at_once(qtbot: QtBot) -> None:
    model = HistoryModel()
    model.show_entries([entry(number, f"Text {number}.", number * 60_000) for number in range(5_000)])
    for number in range(5_000, 5_050):
        model.show_entry(entry(number, "New.", -number))
    assert model.rowCount() == 5_050
