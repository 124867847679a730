"""The recorder, against microphones and a clock that tests turn by hand."""

import errno
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil
import pytest

from desktop.core import errors
from desktop.core.recording import (
    DEVICE,
    LEAST_FREE_BYTES,
    OVERRUN,
    PAUSED,
    SUSPENDED,
    Device,
    Gap,
    Mark,
    Saved,
    State,
    Status,
    Switched,
    Warned,
    flag_of,
)
from desktop.system import track
from desktop.system.capture import RING_S
from desktop.system.recorder import SystemRecorder
from tests.system.room import (
    HEADSET,
    MIC,
    SPEAKERS,
    Block,
    Room,
    Source,
    counted,
    plugged,
    record,
    running,
    tracks_of,
    zeros,
)

RATE = MIC.sample_rate_hz


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "one.mka"


def runs(samples: Block) -> list[tuple[int, int]]:
    """Stretches of a counted signal: the number that each starts with, 0 for silence, and how long it is."""
    flat = samples[:, 0].astype(int)
    steps = np.diff(flat)
    steps = np.where((flat[:-1] == 0) & (flat[1:] == 0), 1, steps)
    steps = np.where(steps == 1 - 30_000, 1, steps)
    begins = [0, *(np.flatnonzero(steps != 1) + 1), len(flat)]
    return [(int(flat[start]), end - start) for start, end in pairwise(begins)]


def test_one_microphone_is_recorded_sample_for_sample_as_it_came(path: Path) -> None:
    source = Source(MIC, jitter_s=0.03)
    log = record(Room(source).take(path, source), {}, 5000)
    (samples,) = tracks_of(path)
    assert len(runs(samples)) == 1
    saved = log.news[-1]
    assert isinstance(saved, Saved)
    assert saved.duration_ms == round(1000 * len(samples) / RATE)
    assert (saved.lost_samples, saved.fitted_samples, log.of(Gap)) == (0, 0, [])
    assert not flag_of(path).exists()


def test_what_is_said_while_the_recorder_starts_is_there(path: Path) -> None:
    """It starts to write half a second after the first sound has come, but from that first sound on."""
    source = Source(MIC)
    room = Room(source)
    opened_s = room.clock.now_s() + source.opens_after_s
    record(room.take(path, source), {}, 1000)
    (samples,) = tracks_of(path)
    assert samples[0, 0] == counted(int(opened_s * RATE), 1)[0]


def test_the_states_are_told_in_order(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)
    take = room.take(path, source)

    def pause() -> None:
        take.pause()
        room.clock.after(1, take.resume)

    log = record(take, {500: pause}, 1000)
    states = [status.state for status in log.of(Status)]
    assert list(dict.fromkeys(states)) == [State.STARTING, State.RECORDING, State.PAUSED, State.STOPPING]


def test_the_rate_and_channels_of_a_device_are_kept(path: Path) -> None:
    source = Source(HEADSET)
    record(Room(source).take(path, source), {}, 1000)
    (samples,) = tracks_of(path)
    assert samples.shape[1] == 2
    assert len(samples) >= 16_000


def test_a_pause_is_left_out_and_marked(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)
    take = room.take(path, source)

    def pause() -> None:
        take.pause()
        room.clock.after(3, take.resume)

    log = record(take, {1000: pause}, 2000)
    (gap,) = log.of(Gap)
    assert isinstance(gap, Gap)
    assert gap.reason == PAUSED
    assert gap.lasted_ms == pytest.approx(3000, abs=100)
    (samples,) = tracks_of(path)
    first, second = runs(samples)
    assert first[1] == pytest.approx(gap.at_ms * RATE / 1000, abs=RATE // 100)
    assert (second[0] - first[0]) % 30_000 == pytest.approx((first[1] + 3 * RATE) % 30_000, abs=RATE // 10)
    assert len(samples) == pytest.approx(2 * RATE, abs=RATE // 2)


def test_marks_stand_at_the_sound_that_came_as_they_were_made(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)
    take = room.take(path, source)
    made: list[int] = []

    def mark() -> None:
        made.append(int(counted(int(room.clock.now_s() * RATE), 1)[0]))
        take.mark("here")

    log = record(take, {1000: mark, 1700: mark}, 3000)
    (samples,) = tracks_of(path)
    marks = [one for one in log.of(Mark) if isinstance(one, Mark)]
    assert [one.text for one in marks] == ["here", "here"]
    for one, number in zip(marks, made, strict=True):
        at_mark = int(samples[one.at_ms * RATE // 1000, 0])
        assert at_mark == pytest.approx(number, abs=RATE * 0.05)


def test_two_devices_are_two_tracks_of_one_length(path: Path) -> None:
    mic, system = Source(MIC), Source(SPEAKERS, opens_after_s=0.4)
    record(Room(mic, system).take(path, mic, system), {}, 3000)
    me, them = tracks_of(path)
    assert len(me) == len(them)
    together = np.flatnonzero((me[:, 0] > 0) & (them[:, 0] > 0))
    apart = (me[together, 0].astype(int) - them[together, 0]) % 30_000
    assert len(together) > 2 * RATE
    assert (np.minimum(apart, 30_000 - apart) <= RATE * 0.005).all()  # sound of one moment


@pytest.mark.parametrize("ppm", [-200, 200])
def test_two_devices_whose_clocks_differ_stay_together(path: Path, ppm: float) -> None:
    """The first one is left as it came; single samples of the second are left out or doubled."""
    mic, system = Source(MIC), Source(SPEAKERS, ppm=ppm, jitter_s=0.02)
    log = record(Room(mic, system).take(path, mic, system), {}, 240_000)
    me, them = tracks_of(path)
    assert len(runs(_without_ends(me))) == 1
    off = np.diff(_without_ends(them)[:, 0].astype(int))
    assert np.isin(off, (0, 1, 2, 1 - 30_000)).all()
    for at_s in (60, 120, 239):  # 200 ppm are 48 ms by then
        said_s = [_moment(samples[at_s * RATE, 0], at_s, rate) for samples, rate in ((me, 1.0), (them, 1 + ppm * 1e-6))]
        assert abs(said_s[0] - said_s[1]) < 0.015
    saved = log.news[-1]
    assert isinstance(saved, Saved)
    assert saved.fitted_samples == pytest.approx(abs(ppm) * 1e-6 * 240 * RATE, rel=0.4)
    assert (saved.lost_samples, log.of(Gap)) == (0, [])


def _without_ends(samples: Block) -> Block:
    """Without the silence before and after: neither begins nor ends to the sample with the other."""
    sound = np.flatnonzero(samples[:, 0])
    return samples[sound[0] : sound[-1] + 1]


def _moment(number: int, at_s: float, rate: float) -> float:
    """When a sample was made that carries this number, near `at_s` after the start."""
    about = (1000 + at_s) * RATE * rate
    turns = round((about - number) / 30_000)
    return (turns * 30_000 + int(number) - 1) / (RATE * rate) - 1000


def test_a_writer_that_is_away_too_long_loses_samples_and_says_so(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)
    take = room.take(path, source)

    def be_away() -> None:
        room.clock.wait(threading.Event(), RING_S + 2)

    log = record(take, {1000: be_away}, 30_000)
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert gap.reason == OVERRUN
    assert log.last_status.lost_samples == pytest.approx(2 * RATE, abs=RATE // 5)
    assert "SamplesLost" in log.errors
    (samples,) = tracks_of(path)
    first, silence, second = runs(samples)
    assert silence == (0, log.last_status.lost_samples)
    assert (first[0] + first[1] + silence[1] - second[0]) % 30_000 == 0  # the hole is exactly as long as what is lost
    assert gap.at_ms == pytest.approx(1000 * first[1] / RATE, abs=1)


def test_samples_that_the_sound_server_has_lost_are_seen_by_the_clock(path: Path) -> None:
    source = Source(MIC, jitter_s=0.02)
    room = Room(source)

    def lose() -> None:
        source.skipped = RATE // 2

    log = record(room.take(path, source), {5000: lose}, 15_000)
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert gap.reason == OVERRUN
    assert gap.lasted_ms == pytest.approx(500, abs=40)
    assert 5000 <= gap.at_ms < 10_000


def test_a_short_hiccup_of_the_machine_is_no_loss(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def be_away() -> None:
        room.clock.wait(threading.Event(), 8)

    log = record(room.take(path, source), {1000: be_away}, 15_000)
    assert log.of(Gap) == []
    assert len(runs(tracks_of(path)[0])) == 1


def test_a_device_that_is_gone_is_replaced_by_the_default_one(path: Path) -> None:
    headset, mic = Source(HEADSET), Source(plugged(MIC, sample_rate_hz=48_000))
    room = Room(mic, headset)
    log = record(room.take(path, headset), {2000: lambda: room.unplug(headset)}, 5000)
    assert "SoundDeviceGone" in log.errors
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert (gap.reason, gap.at_ms) == (DEVICE, pytest.approx(2000, abs=200))
    assert gap.lasted_ms < 1000
    switched = log.of(Switched)[-1]
    assert isinstance(switched, Switched)
    assert [device.name for device in switched.devices] == [MIC.name]
    (samples,) = tracks_of(path)
    assert samples[-1, 0] != 0
    assert len(samples) == pytest.approx(5 * HEADSET.sample_rate_hz, rel=0.15)  # the clock has gone on


def test_a_device_that_comes_back_is_offered_and_taken_when_chosen(path: Path) -> None:
    headset, mic = Source(HEADSET), Source(MIC)
    room = Room(mic, headset)
    take = room.take(path, headset)
    again = Source(HEADSET)
    log = record(
        take,
        {
            1000: lambda: room.unplug(headset),
            4000: lambda: room.plug(again),
            5000: lambda: take.switch_to(HEADSET),
        },
        8000,
    )
    assert log.errors.count("SoundDeviceBack") == 1
    devices = [switched.devices[0].name for switched in log.of(Switched) if isinstance(switched, Switched)]
    assert devices == [MIC.name, HEADSET.name]
    assert len(log.of(Gap)) == 1  # to go back is no gap: the old one is written until the new one delivers


def test_without_any_other_device_silence_is_recorded_until_there_is_one(path: Path) -> None:
    mic = Source(MIC)
    room = Room(mic)
    log = record(room.take(path, mic), {1000: lambda: room.unplug(mic), 4000: lambda: room.plug(Source(MIC))}, 7000)
    assert "SoundDeviceLost" in log.errors
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert gap.lasted_ms == pytest.approx(4500, abs=1500)
    (samples,) = tracks_of(path)
    assert samples[-1, 0] != 0


def test_another_device_takes_over_without_a_seam(path: Path) -> None:
    mic, desk = Source(MIC), Source(plugged(MIC, id="desk", name="Desk", is_default=False), opens_after_s=0.3)
    take = Room(mic, desk).take(path, mic)
    log = record(take, {1000: lambda: take.switch_to(desk.device)}, 4000)
    assert log.of(Gap) == []
    (samples,) = tracks_of(path)
    for start, length in runs(samples):
        assert start != 0, (start, length)
    assert len(runs(samples)) <= 2
    steps = np.abs(np.diff(samples[:, 0].astype(int)) - 1)
    assert steps[steps < 20_000].max() <= RATE * 0.02


def test_a_device_that_stalls_is_opened_anew(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def stall() -> None:
        source.is_stalled = True

    def wake() -> None:
        source.is_stalled = False

    log = record(room.take(path, source), {1000: stall, 3000: wake}, 8000)
    assert "SoundDeviceStalled" in log.errors
    assert source.opened > 1
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert gap.reason == DEVICE
    assert len(room.streams) == 0


def test_a_device_that_only_paused_for_breath_loses_nothing(path: Path) -> None:
    """A busy sound server: for three seconds nothing comes, and then all of it."""
    source = Source(MIC)
    room = Room(source)

    def hold_back() -> None:
        source.opens_after_s = 5.0
        for stream in room.streams:
            stream.holds_until(room.clock.now_s() + 3)

    log = record(room.take(path, source), {1000: hold_back}, 9000)
    assert log.errors == ["SoundDeviceStalled"]
    assert log.of(Gap) == []
    assert len(runs(tracks_of(path)[0])) == 1


def test_a_device_that_stays_dead_is_tried_again_and_again_without_end(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def die() -> None:
        source.is_stalled = True
        source.refuses = "another program has it"
        room.clock.after(60, revive)

    def revive() -> None:
        source.is_stalled = False
        source.refuses = ""

    log = record(room.take(path, source), {1000: die}, 70_000)
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert gap.lasted_ms == pytest.approx(60_000, abs=4000)
    assert log.errors.count("SoundDeviceStalled") == 1
    assert tracks_of(path)[0][-1, 0] != 0


def test_a_sound_server_that_hangs_is_not_asked_without_end(path: Path) -> None:
    """Whoever waits for it keeps memory: there are two at most."""
    source = Source(MIC)
    room = Room(source)
    hangs = threading.Event()
    opened = room.open
    asked = 0

    def open_or_hang(device: Device, heard: Callable[[Block], None]) -> object:
        nonlocal asked
        if source.is_stalled:
            asked += 1
            room.settle()
            hangs.wait()
        return opened(device, heard)

    def hang() -> None:
        source.is_stalled = True
        room.clock.after(300, revive)

    def revive() -> None:
        source.is_stalled = False
        hangs.set()

    room.open = open_or_hang  # type: ignore[method-assign,assignment]
    take = room.take(path, source)
    record(take, {1000: hang}, 330_000)
    assert asked <= 3
    assert tracks_of(path)[0][-1, 0] != 0


def test_a_stream_that_ends_by_itself_is_opened_anew(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def end() -> None:
        source.has_ended = True
        room.sources[:] = [Source(MIC)]

    log = record(room.take(path, source), {1000: end}, 4000)
    assert "SoundDeviceStalled" in log.errors
    assert len(log.of(Gap)) == 1


def test_zeros_are_called_silent_and_sound_ends_it(path: Path) -> None:
    source = Source(MIC, sound=zeros)
    room = Room(source)

    def speak() -> None:
        source.sound = counted

    log = record(room.take(path, source), {5000: speak}, 7000)
    told = [(status.elapsed_ms, status.silent) for status in log.of(Status) if isinstance(status, Status)]
    first = next(at_ms for at_ms, silent in told if silent)
    assert 2500 <= first <= 4500
    assert told[-1][1] == ()
    assert {silent for _at_ms, silent in told} == {(), (MIC.name,)}


def test_a_machine_that_slept_leaves_a_gap_without_silence(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def sleep() -> None:
        room.clock.slept_s += 3600

    log = record(room.take(path, source), {2000: sleep}, 4000)
    assert log.of(Gap) == [Gap(pytest.approx(2000, abs=200), 3_600_000, SUSPENDED)]  # type: ignore[arg-type]
    assert len(tracks_of(path)[0]) < 6 * RATE


def test_a_disk_that_fills_up_is_warned_of_and_ends_the_recording_whole(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def fill_to(free_bytes: int) -> Callable[[], None]:
        def fill() -> None:
            room.free_bytes = free_bytes

        return fill

    script = {1000: fill_to(LEAST_FREE_BYTES + (1 << 20)), 3000: fill_to(LEAST_FREE_BYTES - 1)}
    log = record(room.take(path, source), script, 60_000)
    assert log.errors == ["DiskLow", "RecordingEndedFull"]
    saved = log.news[-1]
    assert isinstance(saved, Saved)
    assert 3000 < saved.duration_ms < 6000
    assert len(runs(tracks_of(path)[0])) == 1


def test_a_disk_that_is_pulled_out_is_told_with_what_is_safe(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(MIC)

    def pull_out() -> None:
        def broken(_descriptor: int, _data: bytes) -> int:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr("desktop.system.sound_file.os.write", broken)

    with pytest.raises(errors.RecordingCutOff, match=r"Input/output error.*after 0:0[23]"):
        record(Room(source).take(path, source), {2000: pull_out}, 10_000)
    assert len(runs(tracks_of(path)[0])) == 1
    assert not flag_of(path).exists()


def test_a_disk_that_stays_full_ends_the_recording_and_says_from_where(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(MIC)
    room = Room(source)

    def fill() -> None:
        def full(_descriptor: int, _data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("desktop.system.sound_file.os.write", full)

    heard: list[str] = []
    with pytest.raises(errors.RecordingCutOff, match="disk is full.*after 0:02 is lost"):
        for news in running(room.take(path, source), {2000: fill}, 90_000):
            if isinstance(news, Warned):
                heard.append(type(news.error).__name__)
    assert heard == ["DiskFullWhileRecording"]
    assert len(tracks_of(path)[0]) > RATE


def test_a_disk_that_is_filled_up_all_at_once_is_hoped_for_and_not_taken_for_the_end(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)

    def fill_to(free_bytes: int) -> Callable[[], None]:
        def fill() -> None:
            room.free_bytes = free_bytes

        return fill

    log = record(room.take(path, source), {1000: fill_to(4096), 12_000: fill_to(10 << 30)}, 15_000)
    assert log.errors == ["DiskFullWhileRecording"]
    saved = log.news[-1]
    assert isinstance(saved, Saved)
    assert saved.duration_ms >= 15_000


def test_a_full_disk_refuses_a_recording(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)
    room.free_bytes = 0
    with pytest.raises(errors.DiskFull):
        list(room.take(path, source).run())
    assert list(path.parent.iterdir()) == []


def test_a_device_that_cannot_be_opened_is_named_and_nothing_is_left(path: Path) -> None:
    source = Source(MIC, refuses="another program has it")
    with pytest.raises(errors.SoundDeviceRefused, match="Desk microphone.*another program"):
        list(Room(source).take(path, source).run())
    assert list(path.parent.iterdir()) == []


def test_a_device_that_never_delivers_is_given_up(path: Path) -> None:
    source = Source(MIC, opens_after_s=1e9)
    with pytest.raises(errors.SoundDeviceRefused, match="delivers nothing"):
        list(Room(source).take(path, source).run())


def test_a_second_device_that_is_late_does_not_keep_the_first_waiting(path: Path) -> None:
    mic, system = Source(MIC), Source(SPEAKERS, opens_after_s=6)
    log = record(Room(mic, system).take(path, mic, system), {}, 9000)
    me, them = tracks_of(path)
    assert len(runs(_without_ends(me))) == 1
    assert runs(them)[0][0] == 0
    (gap,) = [gap for gap in log.of(Gap) if isinstance(gap, Gap)]
    assert (gap.at_ms, gap.device) == (0, SPEAKERS.name)
    assert gap.lasted_ms == pytest.approx(1000 * runs(them)[0][1] / RATE, abs=1)


def test_stop_before_any_sound_leaves_nothing(path: Path) -> None:
    source = Source(MIC, opens_after_s=5)
    take = Room(source).take(path, source)
    for news in take.run():
        assert isinstance(news, Status)
        assert news.state is not State.RECORDING
        take.stop()
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    source = Source(MIC)
    with pytest.raises(errors.RecordingImpossible):
        list(Room(source).take(tmp_path / "file" / "one.mka", source).run())


def test_while_it_records_the_file_is_growing_and_afterwards_not(path: Path) -> None:
    source = Source(MIC)
    room = Room(source)
    recorder = SystemRecorder(room, room.clock)
    take = room.take(path, source)
    seen = []
    record(take, {1000: lambda: seen.append(recorder.is_growing(path))}, 2000)
    assert seen == [True]
    assert not recorder.is_growing(path)


def test_nothing_is_made_into_a_recording_by_repair(path: Path) -> None:
    source = Source(MIC)
    recorder = SystemRecorder(Room(source))
    with pytest.raises(errors.FileMissing):
        recorder.repair(path)
    path.parent.mkdir()
    path.write_bytes(b"")
    with pytest.raises(errors.NoSound):
        recorder.repair(path)


def test_memory_does_not_grow_with_the_length(path: Path) -> None:
    """Ten minutes on two tracks, by the same code; the benchmark does it with hours."""
    mic, system = Source(MIC), Source(SPEAKERS, ppm=50)
    room = Room(mic, system)
    room.clock.step_s = 0.05
    sizes: list[int] = []
    process = psutil.Process()
    script = {minute * 60_000: lambda: sizes.append(process.memory_info().rss) for minute in (3, 10)}
    for _news in running(room.take(path, mic, system), script, 10 * 60_000 + 1000):
        pass
    assert sizes[1] - sizes[0] < 2_000_000


def test_the_form_of_a_track_stays_whatever_device_it_has(path: Path) -> None:
    """A new device is asked for the rate and the channels that the file has."""
    asked: list[Device] = []
    mic, headset = Source(MIC), Source(HEADSET)
    room = Room(mic, headset)
    opened = room.open

    def open_and_note(device: Device, heard: Callable[[Block], None]) -> object:
        asked.append(device)
        return opened(device, heard)

    room.open = open_and_note  # type: ignore[method-assign,assignment]
    take = room.take(path, mic)
    record(take, {500: lambda: take.switch_to(HEADSET)}, 3000)
    assert [(one.id, one.sample_rate_hz, one.channels) for one in asked] == [("mic", RATE, 1), ("headset", RATE, 1)]


def test_the_waiting_times_fit_together() -> None:
    """Silence is written up to so long ago that a device that comes can still be placed before it."""
    assert track.BEHIND_S > track.SETTLE_S + 0.5
    assert track.STALLED_S < RING_S
