"""A document view on a window of its own, with a document behind it that answers its wishes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.document import Document, Edit
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import pieces, spread
from desktop.ui.document.document_view import DocumentView

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


def segment(start_ms: int, text: str, **more: object) -> Segment:
    """A second of speech, its words spread over it."""
    words = tuple(spread(pieces(text), start_ms, start_ms + 1000))
    return Segment(start_ms, start_ms + 1000, text, words, **more)  # type: ignore[arg-type]


class Person:
    """Somebody at the keyboard and the mouse, with a document behind the view as the program has one."""

    def __init__(self, view: DocumentView) -> None:
        self.view = view
        self.document = Document.of(Transcript(()))
        self.edits: list[Edit] = []
        view.edit_wanted.connect(self._did)
        view.undo_wanted.connect(self._undone)
        view.redo_wanted.connect(self._redone)

    def opens(self, *segments: Segment) -> Transcript:
        """Look at another transcript."""
        self.document = Document.of(Transcript(segments))
        self.edits.clear()
        self.view.show_transcript(self.document.current)
        return self.document.current

    def hears(self, *segments: Segment) -> None:
        """More arrives at the end."""
        self.document = self.document.heard(segments, self.document.current.coverage)
        self.view.add_segments(self.document.current)

    def _did(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.document = self.document.did(edit)
        self.view.take(self.document.current, edit)

    def _undone(self) -> None:
        if step := self.document.undo_step:
            self.document = self.document.undone()
            self.view.take(self.document.current, step)

    def _redone(self) -> None:
        if step := self.document.redo_step:
            self.document = self.document.redone()
            self.view.take(self.document.current, step)

    # --- what there is ---

    @property
    def texts(self) -> list[str]:
        """The text of every segment of the document, which the view shows, too."""
        assert self.view.transcript == self.document.current
        return [one.text for one in self.document.current.segments]

    @property
    def editor(self) -> object:
        """The text field that has the keyboard."""
        return self.view.focusProxy()

    @property
    def caret(self) -> tuple[int, int]:
        """The segment with the caret, and the place in its text."""
        return self.view.selected_positions()[-1], self.view.focusProxy().offset  # type: ignore[attr-defined]

    @property
    def selected(self) -> str:
        """What is selected in the segment with the caret."""
        return str(self.view.focusProxy().textCursor().selectedText())  # type: ignore[attr-defined]

    # --- what is done ---

    def presses(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        """Press a key."""
        for _time in range(times):
            QTest.keyClick(self.view.focusProxy(), key, modifiers)

    def types(self, text: str) -> None:
        """Press the key of each letter."""
        QTest.keyClicks(self.view.focusProxy(), text)

    def place_of(self, number: int, offset: int) -> QPoint:
        """Where a letter stands, and the middle of its line."""
        row = self.view._row(number)
        rect = next(row.paragraph.rects(offset, offset + 1))
        lines = self.view._column.lines(row.top, 0)
        return (rect.translated(lines.topLeft()).center() + QPointF(-1, 0)).toPoint()

    def clicks(
        self, place: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        """Click somewhere."""
        QTest.mouseClick(self.view.viewport(), button, modifiers, place)

    def drags(self, start: QPoint, *stops: QPoint) -> None:
        """Press, move over some places and let go at the last."""
        QTest.mousePress(self.view.viewport(), Qt.MouseButton.LeftButton, NONE, start)
        for stop in stops:
            QTest.mouseMove(self.view.viewport(), stop)
        QTest.mouseRelease(self.view.viewport(), Qt.MouseButton.LeftButton, NONE, stops[-1])


@pytest.fixture
def view(qtbot: QtBot) -> DocumentView:
    """The view in a window that has the keyboard."""
    widget = DocumentView()
    qtbot.addWidget(widget)
    widget.resize(760, 500)
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
    return widget


@pytest.fixture
def person(view: DocumentView) -> Person:
    """Somebody who has opened three segments."""
    found = Person(view)
    found.opens(segment(0, "One two three."), segment(2000, "Four five."), segment(4000, "Six seven eight."))
    return found


@pytest.fixture
def many(person: Person) -> Callable[[int], Transcript]:
    """Opens so many segments of one to three lines."""

    def opened(count: int) -> Transcript:
        texts = (f"Segment {number}. " + "Some words that were said. " * (number * 7 % 9) for number in range(count))
        return person.opens(*(segment(2000 * number, text.strip()) for number, text in enumerate(texts)))

    return opened
