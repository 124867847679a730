"""`undertone record`: what it records, what it says, how it ends."""

import argparse
import threading
from pathlib import Path

import pytest

from desktop import cli
from desktop.cli.place import Place
from desktop.cli.record import _devices, _meter, _named, _path, _Run
from desktop.core import errors
from desktop.core.jobs import JobState
from desktop.core.options import Options
from desktop.core.recording import Device, Gap, Level, SourceKind, Status, Warned
from desktop.store.library import Library
from desktop.store.paths import Paths
from tests.cli.test_transcribe import undertone
from tests.services.recorders import HEADSET, MIC, FakeTake
from tests.services.test_file_queue import FakeInspector, FakeTranscriber

SPEAKERS = Device("a.monitor", "Speakers", SourceKind.SYSTEM, 48_000, 2, is_default=True)
HEADPHONES = Device("b.monitor", "Headset", SourceKind.SYSTEM, 48_000, 2)
THERE = (SPEAKERS, HEADPHONES, MIC, HEADSET)


def parsed(*arguments: str) -> argparse.Namespace:
    return cli.parse(["record", *arguments])


@pytest.fixture
def place(paths: Paths) -> Place:
    return Place.of_the_user()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], [MIC]),
        (["--system"], [MIC, SPEAKERS]),
        (["--system", "--no-microphone"], [SPEAKERS]),
        (["--device", "headset"], [HEADSET]),
        (["--device", "speak"], [SPEAKERS]),
        (["--device", "Headset", "--system"], [HEADSET, SPEAKERS]),
        (["--device", "Speakers", "--system"], [SPEAKERS]),
    ],
)
def test_what_is_recorded(place: Place, arguments: list[str], expected: list[Device]) -> None:
    assert _devices(parsed(*arguments), place, THERE) == expected


def test_what_is_not_there_is_said(place: Place) -> None:
    with pytest.raises(errors.SoundDeviceMissing, match="no “Nobody”.*Speakers, Headset, Desk, Headset"):
        _named("Nobody", THERE)
    with pytest.raises(errors.SoundDeviceMissing):
        _named("s", THERE)  # more than one
    with pytest.raises(errors.NoMicrophone):
        _devices(parsed(), place, [SPEAKERS])
    with pytest.raises(errors.NoSystemSound):
        _devices(parsed("--system"), place, [MIC])
    with pytest.raises(errors.BadOption):
        _devices(parsed("--no-microphone"), place, THERE)


def test_the_file_is_named_after_the_minute_or_as_is_wished(place: Place, tmp_path: Path) -> None:
    assert _path(parsed(), place).parent == place.paths.recordings
    wished = tmp_path / "talk.mka"
    assert _path(parsed("--output", str(wished)), place) == wished
    wished.write_text("")
    with pytest.raises(errors.OutputExists):
        _path(parsed("--output", str(wished)), place)
    assert _path(parsed("--output", str(wished), "--overwrite"), place) == wished
    with pytest.raises(errors.BadOption, match=".wav.*mka"):
        _path(parsed("--output", "talk.wav"), place)


@pytest.mark.parametrize("duration", ["0", "-1", "nan", "inf", "soon", ""])
def test_a_duration_is_a_number_of_seconds(duration: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parsed("--duration", duration)
    assert left.value.code == cli.WRONG_USAGE
    assert "number of seconds" in capsys.readouterr().err


def test_without_a_sound_server_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    for arguments in (["--list"], ["--duration", "0.1"]):
        done = undertone("record", *arguments)
        assert "Traceback" not in done.stderr
        if done.returncode:  # a machine with a sound card has ALSA to fall back on
            assert done.returncode == cli.SOME_FAILED
            assert done.stdout == ""
            assert "sound server of this system does not answer" in done.stderr


def test_the_level_is_drawn_from_60_decibels_on() -> None:
    assert _meter(Level()) == "············ "
    assert _meter(Level(1.0, 0.5, 1.0, is_clipping=True)) == "▮▮▮▮▮▮▮▮▮▮▮▮!"
    assert _meter(Level(0.0316, 0.01, 0.316)) == "▮▮▮▮▮▮···│·· "


class Stage:
    """One run with a take that says what the test wants."""

    def __init__(self, library: Library, path: Path, *arguments: str) -> None:
        self.take = FakeTake([MIC], path)
        self.transcriber = FakeTranscriber()
        self.run = _Run(
            parsed(*arguments),
            self.take,
            path,
            [MIC],
            Options(model="small"),
            library,
            self.transcriber,  # type: ignore[arg-type]
            FakeInspector(),  # type: ignore[arg-type]
        )


def test_warnings_and_gaps_go_to_stderr_and_the_job_waits_to_be_wanted(
    library: Library, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(library, paths.recordings / "one.mka")
    stage.take.begin()
    stage.take.tell(Gap(62_000, 1500, "device", "Desk"), Warned(errors.SoundDeviceGone(name="Desk", instead="Headset")))
    stage.take.tell(Status(elapsed_ms=5000, silent=("Desk",)), Status(elapsed_ms=5100, silent=("Desk",)))
    stage.run.stop()
    assert stage.run.all() == cli.DONE
    told = capsys.readouterr()
    assert told.out == ""
    assert "1:02  Desk was away for 2 s" in told.err
    assert "goes on with “Headset”" in told.err
    assert told.err.count("No sound from “Desk”") == 1
    assert "Recorded 0:05" in told.err
    (job,) = library.jobs(queued_only=True)
    assert job.state is JobState.PAUSED
    stage.run.close()


def test_live_text_goes_to_stdout_and_is_waited_for(
    library: Library, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(library, paths.recordings / "one.mka", "--live")
    stage.take.begin()
    for _window in range(5):
        stage.transcriber.gate.release()
    stage.run.stop()
    assert stage.run.all() == cli.DONE
    assert capsys.readouterr().out.split() == ["0", "10000", "20000", "30000", "40000"]
    (job,) = library.jobs(queued_only=True)
    assert job.state is JobState.DONE
    stage.run.close()


def test_stopped_twice_the_text_is_left_where_it_is(
    library: Library, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(library, paths.recordings / "one.mka", "--live")
    stage.take.begin()
    stage.transcriber.gate.release()
    stage.run.stop()
    threading.Timer(0.3, stage.run.stop).start()
    assert stage.run.all() == cli.INTERRUPTED
    assert "Text up to 0:10 is kept." in capsys.readouterr().err
    (job,) = library.jobs(queued_only=True)
    assert job.state is JobState.INTERRUPTED
    stage.run.close()


def test_the_duration_ends_it(library: Library, paths: Paths) -> None:
    stage = Stage(library, paths.recordings / "one.mka", "--duration", "2.5", "--quiet")
    stage.take.begin()
    stage.take.goes_on(2400)
    stage.take.goes_on(2500)
    assert stage.run.all() == cli.DONE
    stage.run.close()


def test_a_device_that_fails_is_the_status_of_the_command(
    library: Library, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(library, paths.recordings / "one.mka")
    stage.take.tell(errors.SoundDeviceRefused(name="Desk", reason="another program has it"))
    assert stage.run.all() == cli.SOME_FAILED
    assert "“Desk” cannot be recorded from" in capsys.readouterr().err
    assert library.jobs() == []
    stage.run.close()
