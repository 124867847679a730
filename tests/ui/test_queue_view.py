"""Rows of the queue: what they say, their order, their selection."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt, QUrl
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.core import errors
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.jobs import Job, JobState
from desktop.core.media import Media
from desktop.ui.pace import Pace, state_line
from desktop.ui.queue_model import JOBS_MIME, QueueModel
from desktop.ui.queue_view import COMPACT, QueueView

MEDIA = Media(1, "h", 600_000)
MAP = Coverage(
    (
        Part(0, 300_000, Kind.TEXT),
        Part(300_000, 310_000, Kind.MISSING),
        Part(310_000, 500_000, Kind.TEXT),
        Part(500_000, 600_000, Kind.SUSPECT),
    )
)


def job(number: int, state: JobState = JobState.WAITING, **values: object) -> Job:
    return replace(Job(number, Path(f"/media/{number}.mp3"), state=state, media=MEDIA), **values)  # type: ignore[arg-type]


@pytest.fixture
def view(qtbot: QtBot) -> QueueView:
    model = QueueModel()
    widget = QueueView(model, QMenu())
    qtbot.addWidget(widget)
    widget.resize(300, 400)
    widget.show()
    for number in range(1, 6):
        model.show_job(job(number))
    return widget


def model_of(view: QueueView) -> QueueModel:
    model = view.model()
    assert isinstance(model, QueueModel)
    return model


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (job(1), "Waiting"),
        (job(1, media=None), "Looking into the file…"),
        (job(1, heard_ms=65_000), "Waiting, goes on at 1:05"),
        (job(1, JobState.RUNNING), "Transcribing…"),
        (job(1, JobState.PAUSED, heard_ms=65_000), "Paused at 1:05"),
        (job(1, JobState.CANCELLED, heard_ms=65_000), "Stopped at 1:05. Resume?"),
        (job(1, JobState.INTERRUPTED), "Left from last time. Resume?"),
        (job(1, JobState.FAILED, error=errors.FileEmpty(name="1.mp3")), "“1.mp3” is empty (0 bytes)."),
        (job(1, JobState.DONE, heard_ms=600_000, worked_ms=50_000), "Done · 12×"),
        (job(1, JobState.DONE, worked_ms=50_000, heard_ms=600_000, coverage=MAP), "Done · 12× · 2 places to check"),
        (job(1, JobState.DONE, coverage=Coverage(MAP.parts[:1])), "Done"),
        (job(1, JobState.DONE, notes=(errors.NothingSaid(name="1.mp3"),)), "No speech was found in “1.mp3”."),
    ],
)
def test_a_row_says_where_its_job_stands(one: Job, line: str) -> None:
    assert state_line(one) == line


def test_a_running_row_says_speed_and_time_left() -> None:
    running = job(1, JobState.RUNNING, heard_ms=60_000, worked_ms=20_000)
    assert state_line(running, Pace.of(running)) == "3.0× · 3 min left"


def test_the_estimate_never_runs_more_than_a_window_ahead() -> None:
    running = job(1, JobState.RUNNING, heard_ms=60_000, worked_ms=10)
    assert Pace(running, heard_at_s=0.0).heard_ms() == 90_000


def test_every_state_can_be_drawn(qtbot: QtBot, view: QueueView) -> None:
    model = model_of(view)
    for number, state in enumerate(JobState, 1):
        model.show_job(job(number, state, heard_ms=1000, worked_ms=10))
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        view.setLayoutDirection(direction)
        view.selectAll()
        assert not view.grab().isNull()
    model.show_job(job(2, JobState.DONE))


@pytest.mark.parametrize("state", list(JobState))
def test_a_row_shows_the_map_of_what_was_heard(view: QueueView, state: JobState) -> None:
    model = model_of(view)
    plain = job(1, state, heard_ms=600_000, worked_ms=10)
    model.show_job(plain)
    without = view.grab().toImage()
    model.show_job(replace(plain, coverage=MAP))
    assert view.grab().toImage() != without
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert not view.grab().isNull()
    model.show_job(job(1))


def test_the_tooltip_of_a_row_says_how_complete_the_text_is(view: QueueView) -> None:
    model_of(view).show_job(job(1, JobState.DONE, coverage=MAP))
    lines = model_of(view).index(0).data(Qt.ItemDataRole.ToolTipRole).split("\n")
    assert lines == ["/media/1.mp3", "98.0 % of the speech has text  ·  2 places to check"]


def test_right_to_left_names_stand_beside_their_icons(view: QueueView, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    image = view.grab().toImage()
    row = view.visualRect(model_of(view).index(1))
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    text = row.right() - 60  # an icon, and then the first letters of the name
    ground = image.pixel(row.center().x(), row.top() + 3)
    name = {image.pixel(x, y) for x in range(text - 30, text + 20) for y in range(row.top(), row.center().y())}
    assert name != {ground}


def test_rows_have_words_for_those_who_listen(view: QueueView) -> None:
    index = model_of(view).index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "1.mp3, 10:00, Waiting"
    assert view.accessibleName() == "Queue"


def test_the_selection_stays_with_its_jobs(view: QueueView) -> None:
    view.choose([2, 4])
    model_of(view).reorder([5, 4, 3, 2, 1])
    assert [one.id for one in view.chosen()] == [4, 2]


def test_moving_by_keyboard_means_the_neighbour(view: QueueView) -> None:
    view.choose([2])
    assert view.neighbour(up=True) == ([2], 1)
    assert view.neighbour(up=False) == ([2], 4)
    view.choose([4, 5])
    assert view.neighbour(up=True) == ([4, 5], 3)
    assert view.neighbour(up=False) == ([4, 5], None)


def test_a_drag_within_the_queue_is_a_wish_and_moves_nothing_by_itself(qtbot: QtBot, view: QueueView) -> None:
    model = model_of(view)
    mime = model.mimeData([model.index(3), model.index(1)])
    with qtbot.waitSignal(model.move_wanted) as told:
        assert not model.dropMimeData(mime, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert told.args == [[2, 4], 1]
    assert mime.hasFormat(JOBS_MIME)
    assert [one.id for one in model.jobs()] == [1, 2, 3, 4, 5]


def test_files_dropped_on_a_row_are_files(qtbot: QtBot, view: QueueView, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "talk.mp3")), QUrl("https://example.org/talk.mp3")])
    with qtbot.waitSignal(model_of(view).files_dropped) as told:
        model_of(view).dropMimeData(mime, Qt.DropAction.CopyAction, -1, 0, QModelIndex())
    assert told.args == [[tmp_path / "talk.mp3"]]


def test_a_narrow_queue_still_tells_states_progress_and_selection_apart(view: QueueView) -> None:
    view.resize(COMPACT, 120)
    view.clearSelection()
    view.setCurrentIndex(QModelIndex())
    model, pictures = model_of(view), []
    for shown in (
        job(1),
        job(1, JobState.FAILED),
        job(1, JobState.DONE),
        job(1, JobState.DONE, coverage=MAP),
        job(1, JobState.RUNNING, heard_ms=60_000),
        job(1, JobState.RUNNING, heard_ms=500_000),
    ):
        model.show_job(shown)
        pictures.append(view.grab().toImage())
    view.choose([1])
    pictures.append(view.grab().toImage())
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[:at])
    assert "/media/1.mp3" in view.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole), "what is cut is told there"
