"""The tables of the dictation page by real keys: rows are typed, replaced, taken away, and travel as files."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.insertion import METHODS, Method
from desktop.core.settings import Settings, about_setting
from desktop.ui.dictation.pair_table import MethodsTable, PairTable, WordsTable

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WORDS, METHOD = about_setting("dictation_words"), about_setting("dictation_methods")
UNDERTONE, ZOE = ("under tone", "Undertone"), ("", "Zoë")


@pytest.fixture
def words(qtbot: QtBot) -> WordsTable:
    return shown(qtbot, WordsTable(WORDS))


@pytest.fixture
def methods(qtbot: QtBot) -> MethodsTable:
    return shown(qtbot, MethodsTable(METHOD))


def shown(qtbot: QtBot, table: Any) -> Any:
    qtbot.addWidget(table)
    table.resize(500, 300)
    with qtbot.waitExposed(table):
        table.show()
    return table


def push(table: PairTable, name: str) -> None:
    next(one for one in table.findChildren(QPushButton) if one.text() == name).click()


def told_by(table: PairTable) -> list[Any]:
    told: list[Any] = []
    table.edited.connect(told.append)
    return told


def test_a_row_is_typed_without_the_mouse(qtbot: QtBot, words: WordsTable) -> None:
    told = told_by(words)
    push(words, "Add")
    line = words.table.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "under tone")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: words.table.currentColumn() == 1)
    line = words.table.findChildren(QLineEdit)[-1]
    qtbot.keyClicks(line, "Undertone")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told[-1:] == [(UNDERTONE,)])


def test_a_row_without_a_word_is_shown_and_not_told(words: WordsTable) -> None:
    words.show_value((UNDERTONE,))
    told = told_by(words)
    push(words, "Add")
    assert words.table.rowCount() == 2
    words.set_cell(1, 0, "—")
    assert told == []
    assert "cannot be heard" in words.problem
    words.set_cell(1, 0, "")
    words.set_cell(1, 1, "Zoë")
    assert told == [(UNDERTONE, ZOE)]
    assert words.problem == ""


def test_the_later_of_two_rows_counts(words: WordsTable) -> None:
    words.show_value((UNDERTONE,))
    told = told_by(words)
    push(words, "Add")
    words.set_cell(1, 0, "Under Tone")
    words.set_cell(1, 1, "UNDERTONE")
    assert told[-1] == (("Under Tone", "UNDERTONE"),)


@pytest.mark.parametrize("by_key", [True, False])
def test_a_row_is_taken_away(qtbot: QtBot, words: WordsTable, by_key: bool) -> None:
    words.show_value((UNDERTONE, ZOE))
    told = told_by(words)
    words.table.setFocus()
    words.table.setCurrentCell(0, 0)
    if by_key:
        qtbot.keyClick(words.table, Qt.Key.Key_Delete)
    else:
        push(words, "Remove")
    assert told == [(ZOE,)]
    words.table.setCurrentCell(0, 0)
    push(words, "Remove")
    assert told[-1] == ()
    assert words.table.isHidden()


def test_a_table_travels_as_a_file(words: WordsTable, qtbot: QtBot, tmp_path: Path) -> None:
    words.show_value((UNDERTONE, ZOE, ("my address", '12 "Mill" Lane, York')))
    file = tmp_path / "words.csv"
    words.save(str(file))
    other = shown(qtbot, WordsTable(WORDS))
    told = told_by(other)
    other.load(str(file))
    assert told == [(UNDERTONE, ZOE, ("my address", '12 "Mill" Lane, York'))]


def test_a_file_adds_to_what_is_there(words: WordsTable, tmp_path: Path) -> None:
    words.show_value((UNDERTONE, ZOE))
    told = told_by(words)
    file = tmp_path / "words.csv"
    file.write_bytes("heard;written\r\nUNDER TONE;undertone\r\nMüller;Mueller\r\n".encode("cp1252"))
    words.load(str(file))
    assert told == [(("UNDER TONE", "undertone"), ZOE, ("Müller", "Mueller"))]


def test_a_file_that_is_no_table_changes_nothing(words: WordsTable, tmp_path: Path) -> None:
    words.show_value((UNDERTONE,))
    told = told_by(words)
    (tmp_path / "no.csv").write_text("one,two,three\n")
    words.load(str(tmp_path / "no.csv"))
    assert "no.csv" in words.problem
    words.load(str(tmp_path / "missing.csv"))
    assert "missing.csv" in words.problem
    words.load(str(tmp_path))
    assert words.problem
    words.save(str(tmp_path / "none" / "there.csv"))
    assert "there.csv" in words.problem
    assert told == []


def test_programs_are_known_in_small_letters_and_once(methods: MethodsTable) -> None:
    methods.show_value((("code", "terminal"),))
    assert methods.table.item(0, 1).text() == METHODS[Method.TERMINAL]
    told = told_by(methods)
    push(methods, "Add")
    methods.set_cell(1, 0, " KeePassXC.exe ")
    assert told == [(("code", "terminal"), ("keepassxc", "terminal"))]
    methods.set_cell(1, 1, METHODS[Method.TYPE])
    assert told[-1] == (("code", "terminal"), ("keepassxc", "type"))
    methods.set_cell(1, 0, "Code")
    assert told[-1] == (("code", "type"),)


def test_a_way_is_chosen_by_keys(qtbot: QtBot, methods: MethodsTable) -> None:
    methods.show_value((("code", "paste"),))
    told = told_by(methods)
    methods.table.setFocus()
    methods.table.setCurrentCell(0, 1)
    qtbot.keyClick(methods.table, Qt.Key.Key_F2)
    box = methods.table.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    assert box.currentText() == METHODS[Method.PASTE]
    assert [box.itemText(row) for row in range(box.count())] == list(METHODS.values())
    qtbot.waitUntil(lambda: box.view().isVisible())
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert told == [(("code", "terminal"),)]


def test_programs_that_were_dictated_into_are_offered(methods: MethodsTable) -> None:
    methods.offer(["slack", "kate", "slack"])
    push(methods, "Add")
    line = methods.table.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    completer = line.completer()
    completer.setCompletionPrefix("lac")
    assert completer.currentCompletion() == "slack"


cells = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(cells, cells), max_size=6))
def test_what_is_told_is_always_within_the_limits(qapp: QApplication, rows: list[tuple[str, str]]) -> None:
    for table, name in ((WordsTable(WORDS), "dictation_words"), (MethodsTable(METHOD), "dictation_methods")):
        told = told_by(table)
        table.take(rows)
        for value in told:
            Settings().with_value(name, value)
