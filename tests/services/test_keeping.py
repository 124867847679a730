"""What a recording tells is in the library before anybody hears of it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.core.events import Heard
from desktop.core.jobs import Job, JobState
from desktop.core.options import Options
from desktop.core.recording import Gap, Mark, Recovered, Saved, State, Status, TakeNews, Warned
from desktop.core.settings import Settings
from desktop.core.transcript import Segment
from desktop.services.keeping import folder_of, found_cut_off, kept, new_path, set_aside
from desktop.store.library import Library
from tests.services.recorders import MIC, FakeRecorder, FakeTake
from tests.services.test_file_queue import FakeInspector

PATH = Path("/recordings/one.mka")


def told(take: FakeTake, library: Library) -> Iterator[TakeNews | Job]:
    return kept(take, PATH, Options(model="demo"), [MIC], library, FakeInspector())


def test_the_job_is_there_with_the_first_sound(library: Library) -> None:
    take = FakeTake([MIC], PATH)
    take.tell(Status(State.STARTING), Status(State.RECORDING, 100))
    news = told(take, library)
    assert isinstance(next(news), Status)
    assert library.jobs() == []
    job = next(news)
    assert isinstance(job, Job)
    assert library.job(job.id) == job
    assert (job.source, job.options.model) == (PATH, "demo")
    assert isinstance(next(news), Status)


def test_marks_and_gaps_are_kept_before_they_are_told(library: Library) -> None:
    take = FakeTake([MIC], PATH)
    take.tell(Status(State.RECORDING), Mark(5, "a"), Gap(6, 7, "paused"))
    news = told(take, library)
    job = next(news)
    assert isinstance(job, Job)
    for _status_mark_gap in range(3):
        one = next(news)
    assert one == Gap(6, 7, "paused")
    facts = library.recording(job.id)
    assert facts
    assert (facts.marks, facts.gaps) == ((Mark(5, "a"),), (Gap(6, 7, "paused"),))


def test_at_the_end_the_length_is_known_and_the_recording_finished(library: Library) -> None:
    take = FakeTake([MIC], PATH)
    take.tell(Status(State.RECORDING))
    take.stop()
    *_before, saved, job = told(take, library)
    assert isinstance(saved, Saved)
    assert isinstance(job, Job)
    assert job.duration_ms == 50_000
    facts = library.recording(job.id)
    assert facts
    assert (facts.is_finished, facts.lost_samples, facts.fitted_samples) == (True, 2, 1)


def test_a_library_that_fails_is_told_of_and_the_recording_goes_on(library: Library) -> None:
    take = FakeTake([MIC], PATH)
    take.tell(Status(State.RECORDING), Mark(1))
    take.stop()
    news = told(take, library)
    next(news)
    next(news)
    library._db.execute("DROP TABLE marks")
    rest = list(news)
    assert isinstance(rest[0], Warned)
    assert rest[1] == Mark(1)
    assert isinstance(rest[-1], Job)


def test_a_recording_that_cannot_be_looked_into_is_saved_all_the_same(library: Library) -> None:
    take = FakeTake([MIC], PATH.with_name("bad.mka"))
    take.tell(Status(State.RECORDING))
    take.stop()
    news = list(kept(take, take.path, Options(model="demo"), [MIC], library, FakeInspector()))
    assert [type(one) for one in news] == [Job, Status, Warned, Saved, Job]
    assert library.unfinished_recordings() == []


def test_the_name_of_a_new_recording_is_free(tmp_path: Path) -> None:
    first = new_path(tmp_path)
    first.touch()
    assert not new_path(tmp_path).exists()
    assert new_path(tmp_path / "missing").parent == tmp_path / "missing"


def test_recordings_go_where_the_settings_say() -> None:
    assert folder_of(Settings(), PATH.parent) == PATH.parent
    assert folder_of(Settings(recordings_folder="~/talks"), PATH.parent) == Path.home() / "talks"


def test_a_recording_that_fails_before_any_sound_leaves_nothing(library: Library) -> None:
    take = FakeTake([MIC], PATH)
    take.tell(Status(State.STARTING), errors.SoundDeviceRefused(name="Desk", reason="busy"))
    with pytest.raises(errors.SoundDeviceRefused):
        list(told(take, library))
    assert library.jobs() == []


def found(library: Library, recorder: FakeRecorder, inspector: FakeInspector | None = None) -> list[Recovered | Warned]:
    return list(found_cut_off(library, inspector or FakeInspector(), recorder, threading.Event()))


def test_a_recording_that_was_cut_off_is_repaired_and_ready_to_go_on(library: Library) -> None:
    job = library.add_recording(PATH, Options(), [MIC])
    library.append(job.id, Heard((Segment(0, 900, " Hello"), Segment(1000, 2000, " there.")), 2000), 5)
    recorder = FakeRecorder()
    (one,) = found(library, recorder)
    assert isinstance(one, Recovered)
    assert recorder.repaired == [PATH]
    assert (one.said, one.duration_ms, one.job.state) == ("Hello there.", 50_000, JobState.INTERRUPTED)
    assert library.job(job.id).state is JobState.INTERRUPTED
    assert library.unfinished_recordings() == []
    assert found(library, recorder) == []


def test_a_recording_that_another_program_makes_is_left_alone(library: Library) -> None:
    library.add_recording(PATH, Options(), [MIC])
    recorder = FakeRecorder()
    recorder.growing.add(PATH)
    assert found(library, recorder) == []
    assert recorder.repaired == []


def test_a_recording_whose_file_is_gone_is_forgotten_unless_it_has_text(library: Library) -> None:
    empty = library.add_recording(PATH, Options(), [MIC])
    spoken = library.add_recording(PATH.with_name("two.mka"), Options(), [MIC])
    library.append(spoken.id, Heard((Segment(0, 900, " Hello"),), 900), 5)
    recorder = FakeRecorder()
    for job in (empty, spoken):
        recorder.unrepairable[job.source] = errors.FileMissing(name=job.source.name)
    assert found(library, recorder) == []
    assert [job.id for job in library.jobs()] == [spoken.id]
    assert library.unfinished_recordings() == []


def test_a_file_that_cannot_be_repaired_is_offered_all_the_same_and_tried_again(library: Library) -> None:
    library.add_recording(PATH, Options(), [MIC])
    recorder = FakeRecorder()
    recorder.unrepairable[PATH] = errors.RecordingUnfinished(name="one.mka", reason="No space left on device")
    warned, offered = found(library, recorder)
    assert isinstance(warned, Warned)
    assert isinstance(offered, Recovered)
    assert len(library.unfinished_recordings()) == 1


def test_one_that_cannot_be_looked_into_does_not_hide_the_next(library: Library) -> None:
    library.add_recording(PATH.with_name("bad.mka"), Options(), [MIC])
    library.add_recording(PATH, Options(), [MIC])
    warned, offered = found(library, FakeRecorder())
    assert isinstance(warned, Warned)
    assert isinstance(offered, Recovered)


def test_a_job_that_is_set_aside_waits_until_it_is_wanted(library: Library) -> None:
    job = library.add_recording(PATH, Options(), [MIC])
    assert set_aside(job, library) == replace(job, state=JobState.PAUSED)
    assert library.job(job.id).state is JobState.PAUSED
