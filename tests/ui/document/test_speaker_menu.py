"""The menu of speakers."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.document.speaker_menu import Kind, SpeakerMenu, offers

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.mark.parametrize(
    ("current", "typed", "labels"),
    [
        ("", "", ["Anna", "Peter", "Hannah"]),
        ("Anna", "", ["Anna", "Peter", "Hannah", "Nobody in particular"]),
        ("", "an", ["Anna", "Hannah", "New speaker: an"]),
        ("Peter", "anna", ["Anna", "Hannah", "Rename Peter to anna everywhere"]),
        ("Peter", "Paul", ["New speaker: Paul", "Rename Peter to Paul everywhere"]),
        ("Peter", " Peter ", ["Peter"]),
    ],
)
def test_typing_narrows_the_offers_or_begins_a_name(current: str, typed: str, labels: Sequence[str]) -> None:
    assert [offer.label for offer in offers(["Anna", "Peter", "Hannah"], current, typed)] == labels


def test_the_same_name_is_no_renaming() -> None:
    assert Kind.RENAME not in {offer.kind for offer in offers(["Anna"], "Anna", "Anna")}


@pytest.fixture
def menu(qtbot: QtBot) -> Iterator[SpeakerMenu]:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    opened = SpeakerMenu(owner, ["Anna", "Peter"], "Peter")
    opened.open_at(QPoint(100, 100))
    yield opened
    owner.close()


def test_keys_choose_among_the_speakers(qtbot: QtBot, menu: SpeakerMenu) -> None:
    assert menu.list.currentRow() == 1
    with qtbot.waitSignal(menu.chosen) as told:
        QTest.keyClick(menu.field, Qt.Key.Key_Up)
        QTest.keyClick(menu.field, Qt.Key.Key_Return)
    assert told.args == ["Anna"]


def test_a_new_name_is_typed(qtbot: QtBot, menu: SpeakerMenu) -> None:
    with qtbot.waitSignal(menu.chosen) as told:
        QTest.keyClicks(menu.field, "Olga")
        QTest.keyClick(menu.field, Qt.Key.Key_Return)
    assert told.args == ["Olga"]


def test_a_speaker_is_renamed_everywhere(qtbot: QtBot, menu: SpeakerMenu) -> None:
    with qtbot.waitSignal(menu.rename_wanted) as told:
        QTest.keyClicks(menu.field, "Olga")
        QTest.keyClick(menu.field, Qt.Key.Key_Down)
        QTest.keyClick(menu.field, Qt.Key.Key_Return)
    assert told.args == ["Peter", "Olga"]


def test_a_click_chooses_nobody(qtbot: QtBot, menu: SpeakerMenu) -> None:
    place = menu.list.visualItemRect(menu.list.item(2)).center()
    with qtbot.waitSignal(menu.chosen) as told:
        QTest.mouseClick(menu.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [""]


def test_escape_chooses_nothing(menu: SpeakerMenu) -> None:
    told: list[str] = []
    menu.chosen.connect(told.append)
    QTest.keyClick(menu.field, Qt.Key.Key_Escape)
    assert told == []
    assert menu.isHidden()
