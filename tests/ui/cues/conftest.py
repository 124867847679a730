"""A page of cues on a document that takes its edits, as the program does."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.core.cues import Cue
from desktop.core.document import Document, Edit
from desktop.core.rules import DEFAULT, Rules
from desktop.core.transcript import Transcript
from desktop.ui.cues.cue_editor import CueEditor
from desktop.ui.cues.cue_model import Column
from desktop.ui.cues.cues_pane import CuesPane
from desktop.ui.cues.time_field import TimeField
from tests.ui.cues.talk import talk


class Desk:
    """The page and its document; `press` and `click` are a person."""

    def __init__(self, qtbot: QtBot, transcript: Transcript, rules: Rules = DEFAULT) -> None:
        self.qtbot = qtbot
        self.pane = CuesPane()
        self.document = Document.of(transcript)
        self.edits: list[Edit] = []
        self.pane.edit_wanted.connect(self._on_edit)
        self.pane.undo_wanted.connect(self.undo)
        self.pane.redo_wanted.connect(self.redo)
        qtbot.addWidget(self.pane)
        self.pane.resize(900, 600)
        self.pane.set_rules(rules)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.pane.show_transcript(transcript)
        self.wait()
        self.pane.table.setFocus()

    def wait(self) -> None:
        """Until all is composed."""
        self.qtbot.waitUntil(lambda: not self.pane._is_due)

    def _on_edit(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.document = self.document.did(edit)
        self.pane.take(self.document.current, edit)

    def undo(self) -> None:
        step = self.document.undo_step
        if step:
            self.document = self.document.undone()
            self.pane.take(self.document.current, step)

    def redo(self) -> None:
        step = self.document.redo_step
        if step:
            self.document = self.document.redone()
            self.pane.take(self.document.current, step)

    def check_undo_and_redo(self, original: Transcript) -> None:
        """One step back leads to the beginning, and one forward to where it was; both by keys."""
        cues, transcript = list(self.pane.cues), self.document.current
        self.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert self.document.current == original
        assert texts(self.pane.cues) != texts(cues) or times(self.pane.cues) != times(cues)
        self.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert self.document.current == transcript
        assert list(self.pane.cues) == cues

    @property
    def editor(self) -> Any:
        """The open cell."""
        found = self.pane.table.findChildren(CueEditor) + self.pane.table.findChildren(TimeField)
        shown = [one for one in found if one.isVisible()]
        return shown[-1] if shown else None

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, wherever the focus is."""
        target = self.editor
        if isinstance(target, CueEditor):
            target = target.field
        QTest.keyClick(target or self.pane.table, key, modifiers)

    def type(self, text: str) -> None:
        target = self.editor
        QTest.keyClicks(target.field if isinstance(target, CueEditor) else target, text)

    def go(self, text: str, column: Column = Column.TEXT) -> int:
        """Click on the cue with this text."""
        row = next(row for row, cue in enumerate(self.pane.cues) if text in cue.text.replace("\n", " "))
        self.pane.table.scrollTo(self.pane.table.model().index(row, column))
        QTest.mouseClick(self.pane.table.viewport(), Qt.MouseButton.LeftButton, pos=self.place(row, column))
        return row

    def place(self, row: int, column: Column) -> QPoint:
        return self.pane.table.visualRect(self.pane.table.model().index(row, column)).center()


def texts(cues: Any) -> list[str]:
    return [cue.text for cue in cues]


def times(cues: Any) -> list[tuple[int, int]]:
    return [(cue.start_ms, cue.end_ms) for cue in cues]


@pytest.fixture
def open_desk(qtbot: QtBot) -> Callable[..., Desk]:
    """Opens a page for a transcript."""
    return lambda transcript=None, rules=DEFAULT: Desk(qtbot, transcript or talk(), rules)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A page with a talk."""
    return open_desk()


def cue_with(desk: Desk, text: str) -> Cue:
    return next(cue for cue in desk.pane.cues if text in cue.text.replace("\n", " "))
