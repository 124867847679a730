"""The queue as the window sees it, with a transcriber that does what each test asks of it."""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.core import errors, events
from desktop.core.coverage import Kind, Part
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.ports import StopFlag, Stopped, Work
from desktop.core.settings import Settings
from desktop.core.transcript import Segment, Transcript
from desktop.services.file_queue import FileQueue
from desktop.services.ledger import Ledger
from desktop.store.library import Library

WINDOWS = 5
WINDOW_MS = 10_000


class FakeInspector:
    """Every file is media of its own; one that is called `bad` is not."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def inspect(self, source: Path, stop: StopFlag) -> Media:
        if source.name in self.missing:
            raise errors.FileMissing(name=source.name)
        if stop.is_set():
            raise Stopped
        if "bad" in source.name:
            raise errors.NotMedia(name=source.name)
        return Media(1, source.name, WINDOWS * WINDOW_MS)

    def close(self) -> None: ...


class FakeTranscriber:
    """Hears one window for each time it is let go; `fail` is raised at the second window."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.fail: Exception | None = None
        self.starts: list[tuple[str, int]] = []
        self.bookmarks: list[str] = []
        self.told: list[list[str]] = []
        """The names of what was upcoming, for each file."""
        self.says_much = False
        self.closed = 0

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        self.starts.append((work.source.name, work.start_ms))
        self.bookmarks.append(work.bookmark)
        self.told.append([one.source.name for one in upcoming])
        yield events.Started(Engine("small", "cpu", "int8", "because"))
        for at_ms in range(work.start_ms, WINDOWS * WINDOW_MS, WINDOW_MS):
            while not self.gate.acquire(timeout=0.01):
                if stop.is_set():
                    return
            if stop.is_set():
                self.gate.release()
                return
            if self.fail and at_ms:
                fail, self.fail = self.fail, None
                raise fail
            yield self._window(at_ms)
        yield events.Finished()

    def _window(self, at_ms: int) -> events.Heard:
        end_ms = at_ms + WINDOW_MS
        text = "x" * 100_000 if self.says_much else f"{at_ms}"
        parts = (Part(at_ms, at_ms + 1000, Kind.TEXT), Part(at_ms + 1000, end_ms, Kind.SILENCE))
        return events.Heard((Segment(at_ms, at_ms + 1000, text),), end_ms, "en", parts, f"after {at_ms}")

    def let_go(self, windows: int = WINDOWS) -> None:
        self.gate.release(windows)

    def close(self) -> None:
        self.closed += 1


class FakeAwake:
    """Counts."""

    def __init__(self) -> None:
        self.held = 0

    def hold(self) -> str | None:
        self.held += 1
        return None

    def release(self) -> None:
        self.held = 0


class FakeExporter:
    """Writes nothing, or fails."""

    error: Exception | None = None

    def export(self, source: Path, transcript: Transcript, format_name: str) -> Path | None:
        if self.error:
            raise self.error
        return source.with_suffix(f".{format_name}")


class Stage:
    """A queue with fakes around it and a real library."""

    def __init__(self, qtbot: QtBot, library: Library, settings: Settings) -> None:
        self.qtbot = qtbot
        self.library = library
        self.transcriber = FakeTranscriber()
        self.inspector = FakeInspector()
        self.exporter = FakeExporter()
        self.awake = FakeAwake()
        self.ledger = Ledger()
        self.queue = FileQueue(
            library, self.inspector, self.transcriber, lambda _: self.exporter, str, self.awake, settings, self.ledger
        )

    def until(self, *states: JobState) -> None:
        self.qtbot.waitUntil(lambda: tuple(job.state for job in self.queue.jobs) == states, timeout=10_000)

    def job(self, number: int = 0) -> Job:
        return self.queue.jobs[number]

    def texts(self, job: Job) -> list[str]:
        return [segment.text for segment in self.library.transcript(job.id).segments]

    def kept(self, state: JobState) -> None:
        self.qtbot.waitUntil(lambda: self.library.job(self.job().id).state is state, timeout=10_000)


FIRST_WINDOW = events.Heard((Segment(0, 1000, "0"),), WINDOW_MS, "en", (), "after 0")
ALL = [str(at) for at in range(0, WINDOWS * WINDOW_MS, WINDOW_MS)]


@pytest.fixture
def make_stage(qtbot: QtBot, library: Library) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def make(**settings: object) -> Stage:
        stages.append(Stage(qtbot, library, replace(Settings(), **settings)))  # type: ignore[arg-type]
        return stages[-1]

    yield make
    while stages:
        stages.pop().queue.close()
    gc.collect()  # objects of Qt must not be collected by the thread of a later test


def test_files_are_heard_one_after_the_other(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage()
    with qtbot.waitSignal(stage.queue.ran_dry, timeout=10_000) as told:
        stage.queue.add([Path("/m/a.mp3"), Path("/m/bad.mp3"), Path("/m/b.mp3")])
        stage.transcriber.let_go(2 * WINDOWS)
    assert told.args == [2, 1]
    assert [job.state for job in stage.queue.jobs] == [JobState.DONE, JobState.FAILED, JobState.DONE]
    assert stage.texts(stage.job(0)) == stage.texts(stage.job(2)) == ALL


def test_a_cancelled_job_shows_it_at_once_and_keeps_what_was_heard(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.transcriber.let_go(2)
    stage.qtbot.waitUntil(lambda: bool(stage.queue.jobs) and stage.job().heard_ms == 20_000)
    stage.queue.cancel([stage.job().id])
    assert stage.job().state is JobState.CANCELLED
    stage.kept(JobState.CANCELLED)
    stage.queue.resume([stage.job().id])
    stage.transcriber.let_go()
    stage.until(JobState.DONE)
    assert stage.texts(stage.job()) == ALL
    assert stage.transcriber.starts == [("a.mp3", 0), ("a.mp3", 20_000)]
    assert stage.transcriber.bookmarks == ["", "after 10000"]
    assert stage.job().coverage == stage.library.job(stage.job().id).coverage
    assert len(stage.job().coverage.parts) == 2 * WINDOWS


def test_resuming_before_the_stop_has_come_through_is_not_lost(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.RUNNING)
    for _ in range(3):
        stage.queue.pause([stage.job().id])
        stage.queue.resume([stage.job().id])
    stage.transcriber.let_go(3 * WINDOWS)
    stage.until(JobState.DONE)
    assert stage.texts(stage.job()) == ALL


def test_a_paused_job_lets_the_next_one_go(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3")])
    stage.until(JobState.RUNNING, JobState.WAITING)
    stage.queue.pause([stage.job().id])
    stage.transcriber.let_go()
    stage.until(JobState.PAUSED, JobState.DONE)


def test_a_held_queue_goes_on_where_it_was(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3")])
    stage.transcriber.let_go(1)
    stage.qtbot.waitUntil(lambda: bool(stage.queue.jobs) and stage.job().heard_ms == 10_000)
    stage.queue.hold()
    stage.until(JobState.WAITING, JobState.WAITING)
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)
    stage.transcriber.let_go(2 * WINDOWS)
    stage.queue.start()
    stage.until(JobState.DONE, JobState.DONE)
    assert stage.texts(stage.job()) == ALL


@pytest.mark.usefixtures("loud_log")
def test_a_bug_fails_its_job_and_the_queue_goes_on(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.transcriber.fail = ZeroDivisionError("said words")
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3")])
    stage.transcriber.let_go(3 * WINDOWS)
    stage.until(JobState.FAILED, JobState.DONE)
    assert "ZeroDivisionError" in str(stage.job().error)
    assert stage.texts(stage.job()) == ALL[:1]
    stage.queue.resume([stage.job().id])
    stage.until(JobState.DONE, JobState.DONE)
    assert stage.texts(stage.job()) == ALL


def test_a_full_disk_fails_the_job_and_it_can_be_resumed(make_stage: Callable[..., Stage], library: Library) -> None:
    stage = make_stage()
    pages = library._db.execute("PRAGMA page_count").fetchone()[0]
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.RUNNING)
    stage.qtbot.waitUntil(lambda: stage.job().engine.model == "small")
    library._db.execute(f"PRAGMA max_page_count = {pages}")
    stage.transcriber.says_much = True
    stage.transcriber.let_go(1)
    stage.until(JobState.FAILED)
    assert isinstance(stage.job().error, errors.DiskFull)
    library._db.execute("PRAGMA max_page_count = 1000000")
    stage.transcriber.says_much = False
    stage.queue.resume([stage.job().id])
    stage.transcriber.let_go()
    stage.until(JobState.DONE)
    assert stage.texts(stage.job()) == ALL


def test_the_same_sound_is_offered_and_not_heard_twice(make_stage: Callable[..., Stage], qtbot: QtBot) -> None:
    stage = make_stage()
    stage.transcriber.let_go(WINDOWS)
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.DONE)
    with qtbot.waitSignal(stage.queue.already_there, timeout=10_000) as told:
        stage.queue.add([Path("/other/a.mp3")])
    assert told.args[0].id == stage.job().id
    assert len(stage.queue.jobs) == 1
    stage.queue.transcribe_again([stage.job().id])
    stage.transcriber.let_go(WINDOWS)
    stage.until(JobState.DONE, JobState.DONE)


def test_removed_jobs_stay_in_the_library_and_can_be_put_back(
    make_stage: Callable[..., Stage], library: Library
) -> None:
    stage = make_stage()
    stage.transcriber.let_go(WINDOWS)
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.DONE)
    job = stage.job()
    stage.queue.remove([job.id])
    assert stage.queue.jobs == ()
    stage.qtbot.waitUntil(lambda: library.jobs(queued_only=True) == [])
    assert stage.texts(job) == ALL
    stage.queue.put_back([job.id])
    stage.qtbot.waitUntil(lambda: len(library.jobs(queued_only=True)) == 1)


def test_removing_a_running_job_stops_it(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3")])
    stage.until(JobState.RUNNING, JobState.WAITING)
    stage.queue.remove([stage.job().id])
    stage.transcriber.let_go(WINDOWS)
    stage.until(JobState.DONE)
    assert stage.job().source.name == "b.mp3"


def test_what_was_left_is_shown_again_and_goes_on_by_itself_only_if_wanted(
    make_stage: Callable[..., Stage], library: Library
) -> None:
    for name in ("a.mp3", "b.mp3"):
        job = library.add_job(Path("/m") / name, Options(), Media(1, name, 50_000))
        if name == "a.mp3":
            library.append(job.id, FIRST_WINDOW, 5)
            library.save(job.stepped(JobState.RUNNING))
    library.recover()
    stage = make_stage()
    stage.queue.restore()
    assert [job.state for job in stage.queue.jobs] == [JobState.INTERRUPTED, JobState.INTERRUPTED]
    assert not stage.queue.is_held
    stage = make_stage(resume_by_itself=True)
    stage.queue.restore()
    stage.transcriber.let_go(2 * WINDOWS)
    stage.until(JobState.DONE, JobState.DONE)
    assert stage.transcriber.starts == [("a.mp3", 10_000), ("b.mp3", 0)]
    assert stage.transcriber.bookmarks == ["after 0", ""]
    assert stage.texts(stage.job()) == ALL


def test_the_engine_is_told_what_comes_next_in_the_order_of_the_queue(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start_at_once=False)
    stage.queue.add([Path(f"/m/{name}.mp3") for name in ("a", "bad", "b", "c", "d")])
    stage.qtbot.waitUntil(lambda: len(stage.queue.jobs) == 5 and stage.job(4).media is not None)
    a, _bad, b, c, d = (job.id for job in stage.queue.jobs)
    stage.queue.move([d], before=b)
    stage.queue.pause([c])
    stage.transcriber.let_go(3 * WINDOWS)
    stage.queue.start()
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy and stage.job().state is JobState.DONE, timeout=10_000)
    assert [name for name, _start in stage.transcriber.starts] == ["a.mp3", "d.mp3", "b.mp3"]
    assert stage.transcriber.told == [["d.mp3", "b.mp3"], ["b.mp3"], []]
    assert [stage.library.job(one).state for one in (a, b, c, d)] == [
        JobState.DONE,
        JobState.DONE,
        JobState.PAUSED,
        JobState.DONE,
    ]


def test_what_comes_next_is_told_anew_for_each_file(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3"), Path("/m/c.mp3")])
    stage.qtbot.waitUntil(lambda: len(stage.queue.jobs) == 3 and stage.job(2).media is not None)
    stage.until(JobState.RUNNING, JobState.WAITING, JobState.WAITING)
    stage.queue.cancel([stage.job(2).id])
    stage.queue.change_options([stage.job(1).id], language="de")
    stage.transcriber.let_go(2 * WINDOWS)
    stage.until(JobState.DONE, JobState.DONE, JobState.CANCELLED)
    assert stage.transcriber.told[1:] == [[]]


def test_files_wait_for_start_if_wanted(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start_at_once=False)
    stage.queue.add([Path("/m/a.mp3")])
    stage.qtbot.waitUntil(lambda: bool(stage.queue.jobs) and stage.job().media is not None)
    assert stage.job().state is JobState.WAITING
    stage.transcriber.let_go(WINDOWS)
    stage.queue.start()
    stage.until(JobState.DONE)


def test_options_change_for_what_waits_and_not_for_what_is_done(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.transcriber.let_go(WINDOWS)
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3")])
    stage.until(JobState.DONE, JobState.RUNNING)
    stage.queue.add([Path("/m/c.mp3")])
    stage.qtbot.waitUntil(lambda: len(stage.queue.jobs) == 3)
    stage.queue.change_options([job.id for job in stage.queue.jobs], language="de")
    assert [job.options.language for job in stage.queue.jobs] == ["auto", "auto", "de"]


def test_exports_follow_a_done_job_and_a_failure_names_what_is_left(
    make_stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    stage = make_stage(auto_export=True)
    stage.transcriber.let_go(WINDOWS)
    with qtbot.waitSignal(stage.queue.exported, timeout=10_000) as told:
        stage.queue.add([Path("/m/a.mp3")])
    assert told.args[1] == [Path("/m/a.srt"), Path("/m/a.vtt")]
    stage.exporter.error = errors.ExportFailed(name="a.srt", reason="read-only")
    with qtbot.waitSignal(stage.queue.export_failed, timeout=10_000) as told:
        stage.queue.export([stage.job().id], ["srt", "vtt"])
    assert told.args[2] == ["srt", "vtt"]
    assert stage.job().state is JobState.DONE


def test_a_wish_right_after_the_start_is_heard(make_stage: Callable[..., Stage]) -> None:
    for wish, state in (("hold", JobState.WAITING), ("pause", JobState.PAUSED), ("cancel", JobState.CANCELLED)):
        stage = make_stage(start_at_once=False)
        stage.queue.add([Path(f"/m/{wish}.mp3")])
        stage.qtbot.waitUntil(lambda at=stage: bool(at.queue.jobs) and at.job().media is not None)
        stage.queue.start()
        assert stage.job().state is JobState.RUNNING
        if wish == "hold":
            stage.queue.hold()
        else:
            getattr(stage.queue, wish)([stage.job().id])
        assert stage.job().state is state
        stage.qtbot.waitUntil(lambda at=stage: not at.queue.is_busy)
        assert stage.job().state is state
        assert stage.library.job(stage.job().id).state is state


def test_the_last_wish_counts_while_a_job_is_being_left(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.RUNNING)
    stage.queue.pause([stage.job().id])
    stage.queue.cancel([stage.job().id])
    stage.queue.change_options([stage.job().id], language="de")
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)
    stage.kept(JobState.CANCELLED)
    assert stage.job().state is JobState.CANCELLED
    stage.qtbot.waitUntil(lambda: stage.library.job(stage.job().id).options.language == "de")


def test_dropping_a_stopped_file_again_goes_on_with_it(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.RUNNING)
    stage.queue.cancel([stage.job().id])
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)
    stage.queue.add([Path("/m/a.mp3")])
    stage.transcriber.let_go(WINDOWS)
    stage.until(JobState.DONE)


def test_a_bug_in_one_entry_of_the_ledger_does_not_stop_the_next(
    make_stage: Callable[..., Stage], qtbot: QtBot, loud_log: None
) -> None:
    stage = make_stage()
    stage.transcriber.let_go(WINDOWS)
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.DONE)
    stage.exporter.error = ZeroDivisionError("in an exporter")
    with qtbot.waitSignal(stage.queue.said, timeout=10_000):
        stage.queue.export([stage.job().id], ["srt"])
    stage.queue.transcribe_again([stage.job().id])
    stage.qtbot.waitUntil(lambda: len(stage.queue.jobs) == 2)


def test_a_removed_running_job_comes_back_as_one_that_was_stopped(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.RUNNING)
    job = stage.job()
    stage.queue.remove([job.id])
    stage.queue.put_back([job.id])
    stage.until(JobState.CANCELLED)
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)
    stage.transcriber.let_go(WINDOWS)
    stage.queue.resume([job.id])
    stage.until(JobState.DONE)
    assert stage.texts(stage.job()) == ALL


def test_what_another_process_has_heard_meanwhile_is_not_heard_again(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3"), Path("/m/b.mp3")])
    stage.until(JobState.RUNNING, JobState.WAITING)
    stage.queue.pause([job.id for job in stage.queue.jobs])
    stage.kept(JobState.PAUSED)
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)
    first, second = stage.queue.jobs
    stage.library.append(first.id, FIRST_WINDOW, 5)
    stage.library.save(replace(second, state=JobState.DONE))
    stage.transcriber.let_go(WINDOWS)
    stage.queue.resume([first.id, second.id])
    stage.until(JobState.DONE, JobState.DONE)
    assert stage.texts(stage.job(0)) == ALL
    assert [start for start in stage.transcriber.starts if start[0] == "b.mp3"] == []


def test_a_file_that_could_not_be_read_is_looked_at_again_when_asked(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.inspector.missing.add("late.mp3")
    stage.queue.add([Path("/m/late.mp3")])
    stage.until(JobState.FAILED)
    stage.inspector.missing.clear()
    stage.transcriber.let_go(WINDOWS)
    stage.queue.resume([stage.job().id])
    stage.until(JobState.DONE)


def test_the_machine_is_kept_awake_while_there_is_work(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.qtbot.waitUntil(lambda: stage.awake.held > 0)
    stage.transcriber.let_go(WINDOWS)
    stage.until(JobState.DONE)
    stage.qtbot.waitUntil(lambda: stage.awake.held == 0)


# --- several engines ---


def test_two_engines_work_on_two_files_at_once(make_stage: Callable[..., Stage]) -> None:
    stage, second = make_stage(), FakeTranscriber()
    stage.queue.add_engine(second, "cuda:1")
    stage.queue.add([Path("one.mp3"), Path("two.mp3"), Path("three.mp3")])
    stage.until(JobState.RUNNING, JobState.RUNNING, JobState.WAITING)
    second.let_go()
    stage.until(JobState.RUNNING, JobState.DONE, JobState.RUNNING)
    stage.qtbot.waitUntil(lambda: [name for name, _at in second.starts] == ["two.mp3", "three.mp3"])
    second.let_go()
    stage.transcriber.let_go()
    with stage.qtbot.waitSignal(stage.queue.ran_dry) as caught:
        stage.until(JobState.DONE, JobState.DONE, JobState.DONE)
    assert caught.args == [3, 0]
    assert all(stage.texts(job) == ALL for job in stage.queue.jobs)
    assert second.told == [[], []], "nothing is worked on ahead that another engine may take"


def test_each_of_two_files_at_work_is_left_by_itself(make_stage: Callable[..., Stage]) -> None:
    stage, second = make_stage(), FakeTranscriber()
    stage.queue.add_engine(second, "cuda:1")
    stage.queue.add([Path("one.mp3"), Path("two.mp3")])
    stage.until(JobState.RUNNING, JobState.RUNNING)
    stage.queue.pause([stage.job(1).id])
    stage.until(JobState.RUNNING, JobState.PAUSED)
    stage.queue.hold()
    stage.until(JobState.WAITING, JobState.PAUSED)
    assert stage.queue.is_held
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)


def test_an_engine_that_comes_later_takes_what_waits(make_stage: Callable[..., Stage]) -> None:
    stage, second = make_stage(), FakeTranscriber()
    stage.queue.add([Path("one.mp3"), Path("two.mp3")])
    stage.until(JobState.RUNNING, JobState.WAITING)
    stage.queue.add_engine(second, "cuda:1")
    stage.qtbot.waitUntil(lambda: [name for name, _at in second.starts] == ["two.mp3"])


def test_a_device_that_was_chosen_for_a_file_is_kept_to(make_stage: Callable[..., Stage]) -> None:
    stage, second = make_stage(start_at_once=False), FakeTranscriber()
    stage.queue.add_engine(second, "cuda:1")
    stage.queue.add([Path("one.mp3"), Path("two.mp3"), Path("three.mp3")])
    stage.until(*[JobState.WAITING] * 3)
    stage.qtbot.waitUntil(lambda: all(job.media for job in stage.queue.jobs))
    first, other, third = (job.id for job in stage.queue.jobs)
    stage.queue.change_options([first], device="cuda:1")
    stage.queue.change_options([other, third], device="cpu")
    stage.queue.start()
    stage.until(JobState.RUNNING, JobState.RUNNING, JobState.WAITING)
    stage.qtbot.waitUntil(lambda: [name for name, _at in second.starts] == ["one.mp3"])
    second.let_go()
    stage.until(JobState.DONE, JobState.RUNNING, JobState.WAITING)
    stage.transcriber.let_go(2 * WINDOWS)
    stage.until(*[JobState.DONE] * 3)
    assert [name for name, _at in stage.transcriber.starts] == ["two.mp3", "three.mp3"]


def test_the_model_leaves_the_memory_when_it_is_asked_to_but_never_while_it_works(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage()
    stage.queue.add([Path("/m/a.mp3")])
    stage.until(JobState.RUNNING)
    stage.queue.rest()
    assert stage.transcriber.closed == 0
    stage.transcriber.let_go(WINDOWS)
    stage.until(JobState.DONE)
    stage.qtbot.waitUntil(lambda: not stage.queue.is_busy)
    stage.queue.rest()
    assert stage.transcriber.closed == 1


def test_the_time_after_which_it_does_so_by_itself_is_a_setting(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(idle_minutes=5)
    timer = next(iter(stage.queue.findChildren(QTimer)))
    assert timer.interval() == 5 * 60_000
    stage.queue.use_settings(replace(Settings(), idle_minutes=1))
    assert timer.interval() == 60_000
