"""The pane of the text: what commands are about, and where the caret is after a search."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.document import Document, Edit
from desktop.core.jobs import Job, JobId, JobState
from desktop.core.transcript import Segment, Transcript
from desktop.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GAP = Part(3000, 5000, Kind.MISSING)
HEARD = Transcript(
    tuple(
        Segment(start_ms, start_ms + 2000, text).reworded(text)
        for start_ms, text in ((1000, "A bird on a house."), (5000, "Another bird."), (8000, "The end."))
    ),
    coverage=Coverage((Part(1000, 3000, Kind.TEXT), GAP, Part(5000, 10_000, Kind.TEXT))),
)


class Desk:
    """The window with a text; what it wishes is done."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.pane = window.pane
        self.document = Document.of(HEARD)
        self.pane.edit_wanted.connect(self._did)
        window.show_job(Job(JobId(1), Path("/talk.flac"), state=JobState.DONE))
        window.show_transcript(JobId(1), HEARD)
        self.pane.document.setFocus()

    def _did(self, edit: Edit) -> None:
        self.document = self.document.did(edit)
        self.pane.take(self.document.current, edit)

    @property
    def texts(self) -> list[str]:
        self.pane.keep_changes()
        return [segment.text for segment in self.document.current.segments]

    def types(self, qtbot: QtBot, text: str) -> None:
        widget = QApplication.focusWidget()
        assert widget
        qtbot.keyClicks(widget, text)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    window = MainWindow(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat), [], [])
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return Desk(window)


def test_commands_are_about_the_speech_without_text_that_is_visited(qtbot: QtBot, desk: Desk) -> None:
    desk.pane.show_next_place()
    assert desk.pane.document.gap == GAP
    assert desk.pane.stretch == (3000, 5000)
    with qtbot.waitSignal(desk.pane.hearing_wanted) as wanted:
        desk.window.commands.hear_again.trigger()
    assert wanted.args == [3000, 5000]
    desk.window.commands.insert.trigger()
    desk.types(qtbot, "Here.")
    assert desk.texts == ["A bird on a house.", "Here.", "Another bird.", "The end."]
    new = desk.document.current.segments[1]
    assert (new.start_ms, new.end_ms) == (3000, 5000)


def test_elsewhere_a_segment_is_inserted_behind_that_with_the_caret(qtbot: QtBot, desk: Desk) -> None:
    desk.pane.show_place(5000)
    assert desk.pane.stretch == (5000, 7000)
    desk.window.commands.insert.trigger()
    desk.types(qtbot, "Here.")
    assert desk.texts == ["A bird on a house.", "Another bird.", "Here.", "The end."]


@pytest.mark.parametrize(
    ("found", "typed"),
    [
        ("bird", ["A bird on a house.", "Another lion.", "The end."]),
        ("zebra", ["lionA bird on a house.", *("Another bird.", "The end.")]),
    ],
)
def test_what_was_found_is_selected_when_the_bar_closes(qtbot: QtBot, desk: Desk, found: str, typed: list[str]) -> None:
    desk.window.commands.find.trigger()
    desk.types(qtbot, found)
    desk.window.commands.find_next.trigger()
    desk.window.commands.find_next.trigger()
    widget = QApplication.focusWidget()
    assert widget
    qtbot.keyClick(widget, Qt.Key.Key_Escape)
    desk.types(qtbot, "lion")
    assert desk.texts == typed
