"""Recording on a real sound server, through PortAudio, into real files."""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from desktop.core.jobs import JobState
from desktop.core.recording import (
    DEVICE,
    LEAST_FREE_BYTES,
    PAUSED,
    Device,
    Gap,
    Mark,
    Recovered,
    Saved,
    SourceKind,
    State,
    Status,
    Switched,
    TakeNews,
    Warned,
    flag_of,
)
from desktop.engine.client import FileInspector
from desktop.services.keeping import found_cut_off
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.system.microphones import SystemMicrophones
from desktop.system.recorder import FileTake, SystemRecorder
from tests.conftest import SAMPLES
from tests.journeys.sound_server import (
    RATE,
    Sound,
    SoundServer,
    counted,
    missing_tools,
    numbers_in,
    open_sound_server,
    recorded,
)

TRIES_S = 20


@pytest.fixture(scope="module")
def server_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    if missing := missing_tools():
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    with open_sound_server(tmp_path_factory.mktemp("pulse")) as one:
        yield one


@pytest.fixture
def server(server_of_module: SoundServer, monkeypatch: pytest.MonkeyPatch) -> SoundServer:
    """One server for all tests; this process finds it."""
    monkeypatch.setenv("PULSE_SERVER", server_of_module.address)
    return server_of_module


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.mka"


def named(name: str, kind: SourceKind = SourceKind.MICROPHONE) -> Device:
    """A device as it is listed."""
    return next(one for one in SystemMicrophones().devices() if (one.name, one.kind) == (name, kind))


class Run:
    """A take that goes on while the test acts: `until` reads its news up to a moment."""

    def __init__(self, path: Path, *devices: Device) -> None:
        self.take: FileTake = SystemRecorder(SystemMicrophones()).take(devices, path)
        self.news: list[TakeNews] = []
        self._running = self.take.run()

    def until(self, is_so: Callable[[TakeNews], bool]) -> TakeNews:
        """The first news of that kind; fails after a while."""
        until_s = time.monotonic() + TRIES_S
        for news in self._running:
            self.news.append(news)
            if is_so(news):
                return news
            assert time.monotonic() < until_s, self.news[-1]
        raise AssertionError(self.news[-3:])

    def runs(self, more_ms: int) -> None:
        """Let so much more be recorded."""
        status = self.until(lambda one: isinstance(one, Status) and one.state is State.RECORDING)
        assert isinstance(status, Status)
        end_ms = status.elapsed_ms + more_ms
        self.until(lambda one: isinstance(one, Status) and one.elapsed_ms >= end_ms)

    def ends_with(self, *players: subprocess.Popen[bytes]) -> Saved:
        """Wait for what is played, stop, and read to the end."""
        for player in players:
            self.until(lambda one, player=player: player.poll() is not None)  # type: ignore[misc]
        self.runs(500)
        self.take.stop()
        saved = self.until(lambda one: isinstance(one, Saved))
        assert isinstance(saved, Saved)
        assert list(self._running) == []
        return saved

    def of(self, kind: type) -> list[TakeNews]:
        return [one for one in self.news if isinstance(one, kind)]

    @property
    def warnings(self) -> list[str]:
        return [type(one.error).__name__ for one in self.news if isinstance(one, Warned)]


def assert_whole(samples: Sound, count: int) -> None:
    """Every number of the counted signal follows the last; the player itself may begin late by some milliseconds."""
    numbers = numbers_in(samples)
    assert (np.diff(numbers) == 1).all()
    assert numbers[-1] == count - 1
    assert numbers[0] < RATE // 10


def test_two_tracks_with_a_mark_and_a_pause_are_recorded_sample_for_sample(server: SoundServer, path: Path) -> None:
    run = Run(path, named("Desk"), named("Speakers", SourceKind.SYSTEM))
    run.runs(300)
    sound = counted(1.5)
    first = server.play(sound)
    run.runs(700)
    run.take.mark("here")
    run.until(lambda _one: first.poll() is not None)
    run.runs(500)
    run.take.pause()
    run.until(lambda one: isinstance(one, Status) and one.state is State.PAUSED)
    between = server.play(np.full((RATE // 2, 2), 50, np.int16))
    run.until(lambda _one: between.poll() is not None)
    run.take.resume()
    saved = run.ends_with(server.play(sound[: RATE // 2]))
    assert (saved.lost_samples, saved.fitted_samples) == (0, 0)
    me, them = recorded(path)
    positions = []
    for track in (me, them):
        loud = np.flatnonzero(track[:, 1] >= 100)
        middle = int(loud[np.flatnonzero(np.diff(loud) > RATE // 4)[0]]) + 1
        assert_whole(track[:middle], len(sound))
        assert_whole(track[middle:], RATE // 2)
        positions.append(loud[0] - int(numbers_in(track)[0]))
        assert not (track == 50).all(axis=1)[RATE // 10 :].any()
    assert abs(positions[0] - positions[1]) < RATE * 0.05
    (gap,) = run.of(Gap)
    assert isinstance(gap, Gap)
    assert gap.reason == PAUSED
    assert gap.lasted_ms >= 400
    (mark,) = run.of(Mark)
    assert isinstance(mark, Mark)
    assert mark.at_ms < gap.at_ms


def test_a_microphone_that_is_unplugged_is_replaced_and_offered_again(server: SoundServer, path: Path) -> None:
    headset = (
        "module-remap-source", "source_name=headset", "master=headphones.monitor",
        "source_properties=device.description=Headset",
    )  # fmt: skip
    module = server.load(*headset)
    run = Run(path, named("Headset"))
    run.runs(500)
    server.unload(module)
    run.until(lambda one: isinstance(one, Switched))
    sound = counted(1.0)
    player = server.play(sound)
    run.until(lambda _one: player.poll() is not None)
    module = server.load(*headset)
    run.until(lambda one: isinstance(one, Warned) and type(one.error).__name__ == "SoundDeviceBack")
    run.take.switch_to(named("Headset"))
    run.until(lambda one: isinstance(one, Switched))
    run.ends_with()
    server.unload(module)
    assert run.warnings == ["SoundDeviceGone", "SoundDeviceBack"]
    (gap,) = run.of(Gap)
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.device) == (DEVICE, "Desk")
    names = [one.devices[0].name for one in run.of(Switched) if isinstance(one, Switched)]
    assert names == ["Desk", "Headset"]
    assert recorded(path)[0].any()


def test_zeros_are_called_silent_and_a_server_that_hangs_costs_only_the_time_it_hung(
    server: SoundServer, path: Path
) -> None:
    run = Run(path, named("Speakers", SourceKind.SYSTEM))
    run.until(lambda one: isinstance(one, Status) and one.silent == ("Speakers",))
    server.freeze()
    run.until(lambda one: isinstance(one, Warned))
    before_ms = max(one.elapsed_ms for one in run.of(Status) if isinstance(one, Status))
    run.until(lambda one: isinstance(one, Status) and one.elapsed_ms > before_ms + 500)  # silence instead
    server.thaw()
    run.until(lambda one: isinstance(one, Gap))
    sound = counted(1.0)
    run.ends_with(server.play(sound))
    assert run.warnings[0] == "SoundDeviceStalled"
    assert_whole(recorded(path)[0], RATE)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_costs_nothing_if_room_is_made_and_else_ends_the_recording_whole(
    server: SoundServer, small_disk: Path
) -> None:
    path = small_disk / "one.mka"
    ballast = small_disk / "ballast"
    run = Run(path, named("Speakers", SourceKind.SYSTEM))
    run.runs(200)
    noise = np.random.default_rng(1).integers(-3000, 3000, (2 * RATE, 2)).astype(np.int16)
    noise[:, 1] = np.arange(len(noise)) % 30_000 + 1
    player = server.play(noise)
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    with ballast.open("wb") as file:
        file.write(bytes(free - 4096))
    run.until(lambda one: isinstance(one, Warned) and type(one.error).__name__ == "DiskFullWhileRecording")
    os.truncate(ballast, 1000)
    run.until(lambda _one: player.poll() is not None)
    run.runs(500)
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    os.truncate(ballast, 0)
    with ballast.open("wb") as file:
        file.write(bytes(free - LEAST_FREE_BYTES + 65_536))
    saved = run.until(lambda one: isinstance(one, Saved))
    assert isinstance(saved, Saved)
    assert run.warnings[-1] == "RecordingEndedFull"
    numbers = recorded(path)[0][:, 1].astype(int)
    steps = np.diff(numbers[np.flatnonzero(numbers)])
    assert np.isin(steps, (1, 1 - 30_000)).all()
    assert len(steps) > 1.8 * RATE


def command(server: SoundServer, *arguments: str) -> subprocess.Popen[str]:
    """`undertone record`, started."""
    return subprocess.Popen(
        [sys.executable, "-m", "desktop", "record", *arguments],
        env={**os.environ, "PULSE_SERVER": server.address},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_size(path: Path, size: int) -> None:
    until = time.monotonic() + TRIES_S
    while not path.exists() or path.stat().st_size < size:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_killed_at_any_moment_the_recording_is_there_to_within_a_second(
    server: SoundServer, path: Path, library: Library, inspector: FileInspector
) -> None:
    process = command(server, "--device", "Desk", "--output", str(path))
    wait_for_size(path, 1)
    player = server.play(counted(8.0))
    began = time.monotonic()
    time.sleep(2 + 2 * random.random())
    process.kill()
    killed_s = time.monotonic() - began
    process.communicate()
    player.kill()
    player.wait()
    (cut,) = recorded(path)
    assert numbers_in(cut)[-1] / RATE > killed_s - 1.3  # the player itself takes a third of a second to begin
    assert flag_of(path).exists()
    library.recover()
    (found,) = found_cut_off(library, inspector, SystemRecorder(SystemMicrophones()), threading.Event())
    assert isinstance(found, Recovered)
    assert found.job.state is JobState.INTERRUPTED
    assert found.duration_ms == pytest.approx(1000 * len(cut) / RATE, abs=2)
    (repaired,) = recorded(path)
    assert len(repaired) == len(cut)
    assert (repaired == cut).all()
    assert not flag_of(path).exists()


def test_the_command_line_lists_records_and_ends_with_control_c(
    server: SoundServer, path: Path, paths: Paths, library: Library
) -> None:
    listed, _said = command(server, "--list").communicate()
    assert [line.split()[-1] for line in listed.splitlines() if line.startswith("*")] == ["Desk", "Speakers"]
    missing = command(server, "--device", "Nobody")
    assert "There is no “Nobody”" in missing.communicate()[1]
    assert missing.returncode == 1
    process = command(server, "--device", "headph")
    until = time.monotonic() + TRIES_S
    while not list(paths.recordings.glob("*.mka")):
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _out, said = process.communicate(timeout=TRIES_S)
    assert process.returncode == 0
    assert "Recorded 0:0" in said
    (job,) = library.jobs(queued_only=True)
    assert (job.state, job.source.parent) == (JobState.PAUSED, paths.recordings)
    assert job.duration_ms > 300
    assert job.media
    assert [(track.channels, track.sample_rate_hz) for track in job.media.tracks] == [(1, 44_100)]


def test_what_was_said_comes_out_with_its_times(server: SoundServer, library: Library) -> None:
    known = json.loads((SAMPLES / "demo-minute.json").read_text(encoding="utf-8"))["segments"][:4]
    spoken, rate = soundfile.read(SAMPLES / "demo-minute.flac", dtype="int16")
    spoken = spoken[: (known[-1]["end_ms"] + 1000) * rate // 1000]
    process = command(server, "--device", "Desk", "--live", "--language", "en")
    until = time.monotonic() + TRIES_S
    while not library.jobs():
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)
    server.play(np.stack([spoken, spoken], axis=1), rate=rate).wait()
    process.send_signal(signal.SIGINT)
    live, said = process.communicate(timeout=2 * TRIES_S)
    assert process.returncode == 0, said
    (job,) = library.jobs()
    segments = library.transcript(job.id).segments
    assert live.split() == [word for one in segments for word in one.text.split()]
    assert jiwer.wer(" ".join(one["text"] for one in known), " ".join(one.text for one in segments)) < 0.1
    # When the player began is where the first loud sample of the sample lies in the recording.
    samples, recorded_rate = recorded(job.source)[0], 48_000
    begun_ms = _first_loud(samples[:, 0]) * 1000 / recorded_rate - _first_loud(spoken) * 1000 / rate
    starts = [one.start_ms - begun_ms for one in segments]
    ends = [one.end_ms - begun_ms for one in segments]
    errors = [min(abs(at - one["start_ms"]) for at in starts) for one in known]
    errors += [min(abs(at - one["end_ms"]) for at in ends) for one in known]
    assert statistics.median(errors) < 120, errors
    assert max(errors) < 400, errors


def _first_loud(samples: Sound) -> int:
    return int(np.flatnonzero(np.abs(samples.astype(np.int32)) > 1000)[0])
