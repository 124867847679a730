"""What a person finds right or changes is no longer a place to check, also while the job is at work."""

import gc
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import doubts, editing, events
from desktop.core.coverage import Kind, Part
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.ports import StopFlag, Work
from desktop.core.settings import Settings
from desktop.core.transcript import Segment, Transcript
from desktop.services.editor import Editor
from desktop.services.file_queue import FileQueue
from desktop.services.ledger import Ledger
from desktop.store.library import Library

WINDOW_MS = 10_000
MEDIA = Media(1, "talk", 3 * WINDOW_MS)


def window(at_ms: int) -> events.Heard:
    """A window with one sure and one doubtful segment."""
    middle, end = at_ms + 5000, at_ms + WINDOW_MS
    segments = (Segment(at_ms, middle, "Sure."), Segment(middle, end, "Thank you.", suspect=doubts.BOILERPLATE))
    parts = (Part(at_ms, middle, Kind.TEXT), Part(middle, end, Kind.SUSPECT))
    return events.Heard(segments, end, "en", parts)


class Gated:
    """Hears one window for each time it is let go."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        yield events.Started(Engine("small", "cpu", "int8", "because"))
        for at_ms in range(work.start_ms, MEDIA.duration_ms, WINDOW_MS):
            while not self.gate.acquire(timeout=0.01):
                if stop.is_set():
                    return
            yield window(at_ms)
        yield events.Finished()

    def inspect(self, source: Path, stop: StopFlag) -> Media:
        return MEDIA

    def hold(self) -> None: ...

    def release(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def engine() -> Gated:
    return Gated()


@pytest.fixture
def ledger(qtbot: QtBot) -> Ledger:
    return Ledger()


@pytest.fixture
def files(qtbot: QtBot, library: Library, engine: Gated, ledger: Ledger) -> Iterator[FileQueue]:
    library.add_job(Path("/m/talk.mp3"), Options(), MEDIA)

    def no_export(_settings: Settings) -> object:
        raise AssertionError

    settings = Settings(resume_by_itself=True)
    queue = FileQueue(library, engine, engine, no_export, str, engine, settings, ledger)  # type: ignore[arg-type]
    yield queue
    queue.close()
    gc.collect()  # objects of Qt must not be collected by the thread of a later test


@pytest.fixture
def editor(files: FileQueue, library: Library, ledger: Ledger) -> Editor:
    """As the program connects it with the queue."""
    editor = Editor(library, ledger)
    editor.edited.connect(files.read_map)
    files.heard.connect(lambda job_id, position, parts: editor.hear(job_id, position, parts, files.jobs[0].coverage))
    return editor


def opened(qtbot: QtBot, editor: Editor, job: Job) -> Transcript:
    with qtbot.waitSignal(editor.opened, timeout=10_000):
        editor.open(job.id)
    assert editor.document
    return editor.document.current


def only(files: FileQueue) -> Job:
    return files.jobs[0]


def doubtful(job: Job) -> list[int]:
    return [part.start_ms for part in job.coverage.to_check]


def test_a_kept_text_leaves_the_places_to_check(
    qtbot: QtBot, files: FileQueue, engine: Gated, library: Library, editor: Editor
) -> None:
    files.restore()
    engine.gate.release(3)
    qtbot.waitUntil(lambda: only(files).state is JobState.DONE, timeout=10_000)
    assert doubtful(only(files)) == [5000, 15_000, 25_000]
    transcript = opened(qtbot, editor, only(files))
    with qtbot.waitSignal(files.job_changed):
        editor.do(editing.kept(transcript, 3))
    assert doubtful(only(files)) == [5000, 25_000]
    assert library.transcript(only(files).id).segments[3].suspect == ""


def test_a_changed_text_leaves_them_too_and_a_sure_one_changes_nothing(
    qtbot: QtBot, files: FileQueue, engine: Gated, editor: Editor
) -> None:
    files.restore()
    engine.gate.release(3)
    qtbot.waitUntil(lambda: only(files).state is JobState.DONE, timeout=10_000)
    transcript = opened(qtbot, editor, only(files))
    shown: list[Job] = []
    files.job_changed.connect(shown.append)
    editor.do(editing.reworded(transcript, 0, "Quite sure."))
    editor.do(editing.reworded(transcript, 1, "Thank you all."))
    qtbot.waitUntil(lambda: doubtful(only(files)) == [15_000, 25_000])
    assert len(shown) == 1


def test_what_is_kept_while_the_job_is_at_work_stays_kept(
    qtbot: QtBot, files: FileQueue, engine: Gated, editor: Editor
) -> None:
    files.restore()
    engine.gate.release(1)
    qtbot.waitUntil(lambda: bool(files.jobs) and doubtful(only(files)) == [5000], timeout=10_000)
    editor.do(editing.kept(opened(qtbot, editor, only(files)), 1))
    qtbot.waitUntil(lambda: doubtful(only(files)) == [])
    shown: list[Job] = []
    files.job_changed.connect(shown.append)
    engine.gate.release(2)
    qtbot.waitUntil(lambda: only(files).state is JobState.DONE, timeout=10_000)
    qtbot.waitUntil(lambda: doubtful(only(files)) == [15_000, 25_000])
    assert not [job for job in shown if 5000 in doubtful(job)]
