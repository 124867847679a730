"""Times as people type them, and the field for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.core.rules import Rules
from desktop.ui.cues.time_field import TimeField, stepped, time_of, time_text


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("1:02.345", 62_345),
        ("62.3", 62_300),
        ("00:01:02,345", 62_345),
        ("62", 62_000),
        ("90:00", 5_400_000),
        ("1:00:00.5", 3_600_500),
        (" 1:02 .345 ", 62_345),
        ("1：02，345", 62_345),
        ("0.0009", 0),
        ("", None),
        ("soon", None),
        ("1:75", None),
        ("1:75:00", None),
        ("-5", None),
        ("1:02:03:04", None),
        ("99999999999", None),
        ("٣:٠٠", None),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, ms: int | None) -> None:
    assert time_of(typed) == ms


@given(st.integers(0, 359_999_999))
def test_what_is_shown_is_read_again(ms: int) -> None:
    assert time_of(time_text(ms)) == ms


def test_a_step_is_a_hundredth_of_a_second_or_a_frame() -> None:
    assert stepped(1_000, 3, Rules()) == 1_030
    assert stepped(5, -3, Rules()) == 0
    film = Rules(frame_rate=25.0)
    assert [stepped(1_000, steps, film) for steps in (-1, 0, 1)] == [960, 1_000, 1_040]
    assert stepped(1_001, 0, film) == 1_001


@pytest.fixture
def field(qtbot: QtBot) -> TimeField:
    one = TimeField()
    qtbot.addWidget(one)
    one.show_time(62_345)
    one.show()
    return one


def test_keys_step_the_time(field: TimeField) -> None:
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp):
        QTest.keyClick(field, key)
    assert field.text() == "1:02.455"
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert field.ms == 62_355


def test_enter_takes_a_time_and_escape_leaves_it(qtbot: QtBot, field: TimeField) -> None:
    QTest.keyClicks(field, "1:03")
    with qtbot.waitSignal(field.ended) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert (told.args, field.ms) == ([True], 63_000)
    with qtbot.waitSignal(field.ended) as told:
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert told.args == [False]


def test_what_is_no_time_is_not_taken_and_said_so(qtbot: QtBot, field: TimeField) -> None:
    QTest.keyClicks(field, "soon")
    with qtbot.assertNotEmitted(field.ended):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.toolTip() == field.accessibleDescription() == "A time such as 1:02.345"
    assert [action.isVisible() for action in field.actions()] == [True]
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "soon"
