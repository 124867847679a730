"""The recorder as the window sees it, with a recorder and a transcriber that do what each test asks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import errors, events
from desktop.core.jobs import Job, JobState
from desktop.core.options import Options
from desktop.core.recording import Device, Gap, Mark, Recovered, State, Warned
from desktop.core.settings import Settings
from desktop.services.recording import Recording
from desktop.store.library import Library
from tests.services.recorders import HEADSET, MIC, FakeMicrophones, FakeRecorder
from tests.services.test_file_queue import FakeAwake, FakeInspector, FakeTranscriber


class Stage:
    """A recording service and all that it stands on, with what it has told."""

    def __init__(self, library: Library, folder: Path, settings: Settings) -> None:
        self.library = library
        self.is_closed = False
        self.recorder = FakeRecorder()
        self.microphones = FakeMicrophones()
        self.transcriber = FakeTranscriber()
        self.awake = FakeAwake()
        self.no_model: errors.AppError | None = None
        self.recording = Recording(
            self.recorder,
            self.microphones,
            library,
            FakeInspector(),
            self.transcriber,
            self._resolve,
            self.awake,
            settings,
            folder,
        )
        self.told: list[tuple[str, object]] = []
        for name in ("state_changed", "warned", "failed", "marked", "gapped", "switched", "finished", "handed_over"):
            signal = getattr(self.recording, name)
            signal.connect(lambda value, name=name: self.told.append((name, value)))

    def _resolve(self, name: str) -> str:
        if self.no_model:
            raise self.no_model
        return name

    def names(self) -> list[str]:
        """What was told, without the states."""
        return [name for name, _value in self.told if name != "state_changed"]


@pytest.fixture
def stage(qtbot: QtBot, library: Library, tmp_path: Path) -> Iterator[Stage]:
    one = Stage(library, tmp_path / "recordings", Settings())
    yield one
    if not one.is_closed:
        one.recording.close()


def begun(stage: Stage, qtbot: QtBot) -> Job:
    """A recording with its first sound; its job."""
    stage.recording.start([MIC])
    with qtbot.waitSignal(stage.recording.job_changed) as changed:
        stage.recorder.take_now.begin()
    job = changed.args[0]
    assert isinstance(job, Job)
    return job


def test_a_recording_is_a_job_from_its_first_sound(stage: Stage, qtbot: QtBot) -> None:
    job = begun(stage, qtbot)
    assert stage.library.job(job.id).source.parent.name == "recordings"
    assert job.source.name.startswith("Recording 20")
    qtbot.waitUntil(lambda: stage.recording.state is State.RECORDING)
    assert stage.recording.is_busy


def test_what_is_heard_meanwhile_is_told_and_behind_is_measured(stage: Stage, qtbot: QtBot) -> None:
    begun(stage, qtbot)
    with qtbot.waitSignal(stage.recording.behind_changed, check_params_cb=lambda behind: behind == 15_000):
        stage.recorder.take_now.goes_on(15_000)
    with qtbot.waitSignals([stage.recording.heard, stage.recording.behind_changed]):
        stage.transcriber.gate.release()
    assert stage.recording.status.elapsed_ms == 15_000
    assert [work[1] for work in stage.transcriber.starts] == [0]


def test_previews_are_handed_on(stage: Stage, qtbot: QtBot) -> None:
    preview = events.Preview(0, " hel")

    def transcribe(*_arguments: object, **_named: object) -> Iterator[events.News]:
        yield preview
        yield events.Finished()

    stage.transcriber.transcribe = transcribe  # type: ignore[method-assign]
    with qtbot.waitSignal(stage.recording.preview_changed) as told:
        begun(stage, qtbot)
    assert told.args == [preview]


def test_the_job_is_handed_over_when_its_text_has_caught_up(stage: Stage, qtbot: QtBot) -> None:
    begun(stage, qtbot)
    with qtbot.waitSignal(stage.recording.finished):
        stage.recording.stop()
    assert not stage.recording.is_busy
    assert "handed_over" not in stage.names()
    with qtbot.waitSignal(stage.recording.handed_over) as handed:
        for _window in range(5):
            stage.transcriber.gate.release()
    assert handed.args[0].state is JobState.DONE
    assert handed.args[0].duration_ms == 50_000
    assert stage.recording.state is State.IDLE


def test_states_go_from_idle_to_idle(stage: Stage, qtbot: QtBot) -> None:
    begun(stage, qtbot)
    stage.recording.pause()
    qtbot.waitUntil(lambda: stage.recording.state is State.PAUSED)
    stage.recording.resume()
    qtbot.waitUntil(lambda: stage.recording.state is State.RECORDING)
    with qtbot.waitSignal(stage.recording.finished):
        stage.recording.stop()
    assert [value for name, value in stage.told if name == "state_changed"] == [
        State.STARTING,
        State.RECORDING,
        State.PAUSED,
        State.RECORDING,
        State.STOPPING,
        State.IDLE,
    ]


def test_marks_gaps_devices_and_warnings_are_told(stage: Stage, qtbot: QtBot) -> None:
    job = begun(stage, qtbot)
    stage.recording.mark("here")
    stage.recorder.take_now.tell(Gap(1, 2, "paused"), Warned(errors.SoundDeviceBack(name="Desk")))
    with qtbot.waitSignal(stage.recording.switched):
        stage.recording.switch_to(HEADSET)
    assert stage.names() == ["marked", "gapped", "warned", "switched"]
    facts = stage.library.recording(job.id)
    assert facts
    assert facts.marks == (Mark(1000, "here"),)


def test_without_live_text_the_job_is_set_aside(stage: Stage, qtbot: QtBot) -> None:
    stage.recording.use_settings(replace(Settings(), live=False))
    begun(stage, qtbot)
    with qtbot.waitSignal(stage.recording.handed_over) as handed:
        stage.recording.stop()
    assert handed.args[0].state is JobState.PAUSED
    assert stage.transcriber.starts == []


def test_without_a_model_the_sound_is_recorded_all_the_same(stage: Stage, qtbot: QtBot) -> None:
    stage.no_model = errors.ModelMissing(model="small", installed="none")
    begun(stage, qtbot)
    with qtbot.waitSignal(stage.recording.handed_over):
        stage.recording.stop()
    assert stage.names() == ["warned", "finished", "handed_over"]


def test_a_transcriber_that_fails_does_not_end_the_recording(stage: Stage, qtbot: QtBot) -> None:
    stage.transcriber.fail = errors.EngineCrashed(reason="SIGSEGV")
    job = begun(stage, qtbot)
    stage.transcriber.gate.release()
    stage.transcriber.gate.release()
    qtbot.waitUntil(lambda: stage.library.job(job.id).state is JobState.FAILED)
    assert stage.recording.is_busy
    with qtbot.waitSignal(stage.recording.handed_over) as handed:
        stage.recording.stop()
    assert handed.args[0].state is JobState.FAILED


def test_a_device_that_cannot_be_opened_is_told_and_leaves_nothing(stage: Stage, qtbot: QtBot) -> None:
    stage.recording.start([MIC])
    with qtbot.waitSignal(stage.recording.failed):
        stage.recorder.take_now.tell(errors.SoundDeviceRefused(name="Desk", reason="busy"))
    qtbot.waitUntil(lambda: stage.recording.state is State.IDLE)
    assert stage.names() == ["failed"]
    assert stage.library.jobs() == []


def test_a_recording_that_fails_later_is_finished_with_what_there_is(stage: Stage, qtbot: QtBot) -> None:
    begun(stage, qtbot)
    stage.recorder.take_now.saves = False
    with qtbot.waitSignals([stage.recording.failed, stage.recording.finished]):
        stage.recorder.take_now.tell(errors.RecordingCutOff(reason="Input/output error", at="0:07"))


def test_only_one_recording_runs(stage: Stage, qtbot: QtBot) -> None:
    begun(stage, qtbot)
    stage.recording.start([MIC])
    assert len(stage.recorder.takes) == 1


def test_a_new_recording_leaves_the_text_of_the_last_to_the_queue(stage: Stage, qtbot: QtBot) -> None:
    first = begun(stage, qtbot)
    with qtbot.waitSignal(stage.recording.finished):
        stage.recording.stop()
    with qtbot.waitSignal(stage.recording.handed_over) as handed:
        second = begun(stage, qtbot)
    assert second.id != first.id
    assert (handed.args[0].id, handed.args[0].state) == (first.id, JobState.WAITING)


def test_the_machine_is_kept_awake_while_it_records(stage: Stage, qtbot: QtBot) -> None:
    begun(stage, qtbot)
    qtbot.waitUntil(lambda: stage.awake.held == 1)
    stage.recording.stop()
    qtbot.waitUntil(lambda: stage.awake.held == 0)


def test_devices_are_told_now_and_whenever_there_are_others(stage: Stage, qtbot: QtBot) -> None:
    seen: list[tuple[Device, ...]] = []
    stage.recording.devices_changed.connect(seen.append)
    with qtbot.waitSignal(stage.recording.devices_changed):
        stage.recording.look_for_devices()
    assert stage.microphones.changed
    with qtbot.waitSignal(stage.recording.devices_changed):
        stage.microphones.changed((MIC, HEADSET))
    stage.recording.look_for_devices()
    assert seen == [(MIC,), (MIC, HEADSET), (MIC, HEADSET)]
    assert stage.recording.devices == (MIC, HEADSET)


def test_closing_ends_the_recording_and_leaves_its_text_where_it_is(stage: Stage, qtbot: QtBot) -> None:
    job = begun(stage, qtbot)
    qtbot.waitUntil(lambda: bool(stage.transcriber.starts))
    stage.recording.look_for_devices()
    stage.recording.close()
    stage.is_closed = True
    facts = stage.library.recording(job.id)
    assert facts
    assert facts.is_finished
    assert stage.library.job(job.id).state is JobState.INTERRUPTED
    assert stage.microphones.changed is None


def test_what_was_cut_off_is_found_and_handed_over(stage: Stage, qtbot: QtBot) -> None:
    job = stage.library.add_recording(Path("/recordings/one.mka"), Options(), [MIC])
    with qtbot.waitSignal(stage.recording.handed_over), qtbot.waitSignal(stage.recording.recovered) as told:
        stage.recording.recover()
    found = told.args[0]
    assert isinstance(found, Recovered)
    assert found.job.id == job.id


def test_a_discarded_recording_is_gone_with_its_file(stage: Stage, qtbot: QtBot) -> None:
    job = begun(stage, qtbot)
    with qtbot.waitSignal(stage.recording.finished):
        stage.recording.stop()
    stage.recording.discard(job.id)
    qtbot.waitUntil(lambda: not job.source.exists())
    assert stage.library.jobs() == []
