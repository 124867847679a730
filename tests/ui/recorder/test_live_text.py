"""The text while people speak: what can be told apart, and that it stays where the reader is."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.events import Preview
from desktop.core.recording import Gap, Mark
from desktop.ui.recorder.live_text import LiveText
from desktop.ui.recorder.script import Script
from desktop.ui.theme import DARK, LIGHT, READABLE, Theme, contrast
from tests.ui.recorder.news import said


@pytest.fixture
def text(qtbot: QtBot) -> LiveText:
    widget = LiveText()
    qtbot.addWidget(widget)
    widget.resize(600, 300)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def long_script(count: int = 40) -> Script:
    script = Script()
    script.hear(0, said(*(f"Sentence number {number}." for number in range(count))))
    return script


def formats(text: LiveText, words: str) -> QTextCharFormat:
    found = text.document().find(words)
    assert not found.isNull(), words
    return found.charFormat()


def rows(text: LiveText) -> Sequence[str]:
    return [row.split("\t")[-1] for row in text.toPlainText().split("\n")]


def test_a_guess_differs_from_what_is_certain_in_shape_and_can_be_read(look: Theme, text: LiveText) -> None:
    script = Script()
    script.hear(0, said("This is certain."))
    script.guess(Preview(4000, "perhaps it may change", stable=8))
    for theme, tones in (("light", LIGHT), ("dark", DARK)):
        look.use(theme)
        QApplication.processEvents()
        text.show_lines(script.lines)
        sure, guess = formats(text, "This is certain."), formats(text, "may change")
        assert (sure.fontItalic(), formats(text, "perhaps").fontItalic(), guess.fontItalic()) == (False, True, True)
        ground = text.palette().base().color()
        assert ground.name() == tones.base
        for one in (sure, guess, formats(text, "0:00")):
            assert contrast(one.foreground().color(), ground) >= READABLE


def test_marks_and_gaps_stand_where_they_belong(text: LiveText) -> None:
    script = long_script(3)
    text.show_lines(script.lines)
    script.mark(Mark(5000, "Budget"))
    script.miss(Gap(8000, 61_000, "paused"))
    text.show_lines(script.lines)
    assert rows(text) == [
        "Sentence number 0.",
        "Sentence number 1.",
        "⚑ Budget",
        "— Paused for 1:01",
        "Sentence number 2.",
    ]


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Gap(0, 4000, "device", "USB Microphone"), "USB Microphone was away for 4 s"),
        (Gap(0, 3_600_000, "suspended"), "The machine slept for 1:00:00"),
        (Gap(0, 20, "overrun"), "20 ms of sound were lost: the machine was too busy"),
    ],
)
def test_a_gap_says_why(gap: Gap, words: str) -> None:
    assert gap.said == words


def test_who_speaks_is_named_where_the_speaker_changes(text: LiveText) -> None:
    script = Script()
    script.hear(0, [*said("Hello.", "How are you?", speaker="Me"), *said("Fine.", speaker="Them", start_ms=8000)])
    text.show_lines(script.lines)
    assert [row.split("\t")[1] for row in text.toPlainText().split("\n")] == ["Me", "", "Them"]


def test_new_text_is_followed_until_the_reader_scrolls_back(qtbot: QtBot, text: LiveText) -> None:
    bar = text.verticalScrollBar()
    script = long_script()
    text.show_lines(script.lines)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    wheel(text, 240)
    qtbot.waitUntil(lambda: bar.value() < bar.maximum() - 60)
    assert not text.follows
    where = bar.value()
    script.hear(40, said("One more.", "And another.", start_ms=400_000))
    text.show_lines(script.lines)
    assert bar.value() == where
    button = text.findChild(QPushButton)
    assert button
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    assert text.follows
    assert not button.isVisible()


def test_the_end_key_follows_again(qtbot: QtBot, text: LiveText) -> None:
    text.show_lines(long_script().lines)
    bar = text.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    qtbot.keyClick(text, Qt.Key.Key_PageUp)
    qtbot.keyClick(text, Qt.Key.Key_PageUp)
    assert not text.follows
    qtbot.keyClick(text, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())


def test_a_selection_stays_while_text_is_added(text: LiveText) -> None:
    script = long_script(3)
    script.guess(Preview(12_000, "and"))
    text.show_lines(script.lines)
    cursor = text.document().find("Sentence number 1.")
    text.setTextCursor(cursor)
    script.guess(Preview(12_000, "and then"))
    text.show_lines(script.lines)
    script.hear(3, said("And then we left.", start_ms=12_000))
    text.show_lines(script.lines)
    assert text.textCursor().selectedText() == "Sentence number 1."
    assert rows(text)[-1] == "And then we left."


def test_nothing_is_left_of_a_recording_when_the_next_begins(text: LiveText) -> None:
    text.show_lines(long_script(3).lines)
    text.show_lines(())
    assert text.toPlainText() == ""
    text.show_lines(long_script(1).lines)
    assert rows(text) == ["Sentence number 0."]


def test_the_text_can_be_copied_but_not_written(qtbot: QtBot, text: LiveText) -> None:
    text.show_lines(long_script(1).lines)
    qtbot.keyClicks(text, "abc")
    assert rows(text) == ["Sentence number 0."]
    qtbot.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "0:00\tSentence number 0."


def wheel(text: LiveText, up: int) -> None:
    place = QPointF(text.viewport().rect().center())
    event = QWheelEvent(
        place,
        QPointF(text.viewport().mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, up),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(text.viewport(), event)
