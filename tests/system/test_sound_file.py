"""The file of a recording: whole at the end, readable at every moment before."""

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.recording import Device, SourceKind
from desktop.engine import media
from desktop.system import matroska
from desktop.system.sound_file import LAYOUTS, SoundFile, dtype_of, repair
from tests.system.room import tracks_of

RATE = 8000


def device(bits: int = 16, channels: int = 1, rate: int = RATE, name: str = "Mic") -> Device:
    return Device("id", name, SourceKind.MICROPHONE, rate, channels, sample_bits=bits)


def noise(one: Device, count: int, seed: int = 0) -> npt.NDArray[np.generic]:
    """Sound that does not compress."""
    wide = np.random.default_rng(seed).integers(-(1 << 30), 1 << 30, (count, one.channels), np.int64)
    return (wide >> 15 if one.sample_bits == 16 else wide >> 8 << 8).astype(dtype_of(one))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.mka"


@pytest.mark.parametrize("channels", LAYOUTS)
@pytest.mark.parametrize("bits", [16, 24])
def test_every_sample_comes_back(path: Path, bits: int, channels: int) -> None:
    one = device(bits, channels)
    sound = noise(one, 3 * RATE)
    file = SoundFile(path, [one])
    for at in range(0, len(sound), 777):
        file.write(0, sound[at : at + 777])
    assert file.duration_ms() == 3000
    assert path.stat().st_size == file.size
    assert file.close()
    (samples,) = tracks_of(path)
    assert (samples == sound).all()
    assert len(samples) == len(sound)


def test_two_tracks_have_their_own_rates_and_say_who_speaks(path: Path) -> None:
    me, them = device(name="Desk"), device(rate=48_000, channels=2, name="Speakers")
    file = SoundFile(path, [me, them], ["Me", "Them"])
    for _block in range(20):
        file.write(0, noise(me, RATE // 10))
        file.silence(1, 4800)
    assert file.close()
    first, second = tracks_of(path)
    assert (len(first), len(second)) == (2 * RATE, 2 * 48_000)
    assert not second.any()
    found = media.inspect(path)
    assert found.duration_ms == 2000
    assert [(track.title, track.sample_rate_hz, track.channels) for track in found.tracks] == [
        ("Me", RATE, 1),
        ("Them", 48_000, 2),
    ]
    with av.open(str(path)) as container:
        assert container.metadata["UNDERTONE_TRACKS"] == "speakers"
        assert [stream.metadata["DEVICE"] for stream in container.streams.audio] == ["Desk", "Speakers"]


def test_a_file_is_only_for_its_user(path: Path) -> None:
    file = SoundFile(path, [device()])
    assert path.stat().st_mode & 0o077 == 0
    file.close()


def test_a_closed_file_can_be_searched_to_any_place(path: Path) -> None:
    file = SoundFile(path, [device()])
    for _second in range(60):
        file.silence(0, RATE)
    file.close()
    with av.open(str(path)) as container:
        container.seek(45_000_000)
        frame = next(container.decode(audio=0))
        assert frame.pts is not None
        assert 44.0 <= float(frame.pts * frame.time_base) <= 45.0


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[int]]:
    """The bytes of a recording whose program died, and how long it was after each tenth of a second."""
    path = tmp_path_factory.mktemp("cut") / "one.mka"
    one = device()
    file = SoundFile(path, [one])
    sound = noise(one, 10 * RATE)
    sizes = []
    for at in range(0, len(sound), RATE // 10):
        file.write(0, sound[at : at + RATE // 10])
        sizes.append(path.stat().st_size)
    content = path.read_bytes()
    file.close()
    return content, sizes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_cut_off_anywhere_it_is_repaired_to_within_a_second(
    path: Path, cut_off: tuple[bytes, list[int]], data: st.DataObject
) -> None:
    content, sizes = cut_off
    size = data.draw(st.integers(sizes[9], len(content)))
    path.write_bytes(content[:size])
    written_s = sum(one <= size for one in sizes) / 10
    repair(path)
    (samples,) = tracks_of(path)
    assert (samples == noise(device(), 10 * RATE)[: len(samples)]).all()
    assert len(samples) / RATE >= written_s - 1
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx(1_000_000 * len(samples) / RATE, abs=2000)


def length_ms(path: Path) -> int:
    with av.open(str(path)) as container:
        return round((container.duration or 0) / 1000)


def test_repaired_twice_it_is_the_same(path: Path, cut_off: tuple[bytes, list[int]]) -> None:
    path.write_bytes(cut_off[0])
    repair(path)
    once = path.read_bytes()
    repair(path)
    assert path.read_bytes() == once


def test_a_repair_that_was_cut_off_is_done_again(path: Path, cut_off: tuple[bytes, list[int]]) -> None:
    path.write_bytes(cut_off[0])
    repair(path)
    whole = path.read_bytes()
    path.write_bytes(cut_off[0][:1000] + whole[1000:-20])  # half of the index, no place of it in the head
    repair(path)
    assert length_ms(path) == pytest.approx(1000 * len(tracks_of(path)[0]) / RATE, abs=2)
    assert path.read_bytes() == whole


def test_what_is_damaged_in_the_middle_costs_nothing_behind_it(path: Path, cut_off: tuple[bytes, list[int]]) -> None:
    content = bytearray(cut_off[0])
    middle = len(content) // 2
    content[middle : middle + 5000] = bytes(5000)
    path.write_bytes(content)
    repair(path)
    assert length_ms(path) > 9000
    with av.open(str(path)) as container:
        container.seek(8_000_000)
        times_s = [frame.time or 0.0 for frame in container.decode(audio=0)]
    assert times_s[0] == pytest.approx(8, abs=1)
    assert times_s[-1] > 9


def test_zeros_that_a_power_cut_left_at_the_end_are_cut_off(path: Path, cut_off: tuple[bytes, list[int]]) -> None:
    path.write_bytes(cut_off[0] + bytes(3 << 20))
    repair(path)
    assert path.stat().st_size < len(cut_off[0]) + 1000
    assert length_ms(path) == pytest.approx(1000 * len(tracks_of(path)[0]) / RATE, abs=2)


def test_a_file_that_was_written_with_an_index_in_mind_is_repaired(path: Path) -> None:
    """As the first versions did; FFmpeg leaves other places free in such a file."""
    one = device()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("desktop.system.sound_file._OPTIONS", {"cluster_time_limit": "200", "flush_packets": "1"})
        file = SoundFile(path, [one, one], ["Me", "Them"])
    for _second in range(3):
        for track in (0, 1):
            file.write(track, noise(one, RATE))
    repair(path)
    first, second = tracks_of(path)
    assert min(len(first), len(second)) > 2 * RATE
    assert length_ms(path) == pytest.approx(1000 * max(len(first), len(second)) / RATE, abs=2)
    with av.open(str(path)) as container:
        assert container.metadata["UNDERTONE_TRACKS"] == "speakers"


def test_without_room_for_the_index_the_sound_is_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    one = device()
    sound = noise(one, 3 * RATE)
    file = SoundFile(path, [one])
    file.write(0, sound)
    monkeypatch.setattr("desktop.system.sound_file.repair", full)
    assert file.close()
    assert (tracks_of(path)[0] == sound).all()


def test_a_disk_that_takes_half_of_the_index_leaves_the_sound(path: Path, cut_off: tuple[bytes, list[int]]) -> None:
    class Full(io.FileIO):
        left = 20

        def write(self, data: Any) -> int:
            if not self.left:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.left -= 10
            return super().write(data[:10])

    path.write_bytes(cut_off[0])
    with Full(path, "r+b") as file, pytest.raises(OSError, match="space"):
        matroska.complete(file)
    assert path.stat().st_size <= len(cut_off[0])
    count = len(tracks_of(path)[0])
    assert count > 9 * RATE
    repair(path)
    assert length_ms(path) == pytest.approx(1000 * count / RATE, abs=2)


def test_a_recording_that_ended_before_any_sound_stays_as_it_is(path: Path) -> None:
    SoundFile(path, [device()])
    content = path.read_bytes()
    repair(path)
    assert path.read_bytes() == content


def test_while_it_grows_all_but_the_last_second_can_be_read(path: Path) -> None:
    one = device()
    file = SoundFile(path, [one])
    for tenth in range(1, 50):
        file.write(0, noise(one, RATE // 10, tenth))
        if tenth > 10 and tenth % 7 == 0:
            assert len(tracks_of(path)[0]) >= (tenth - 10) * RATE // 10
    file.close()


def test_what_holds_no_sound_is_not_repaired(path: Path) -> None:
    path.write_bytes(b"no recording")
    with pytest.raises(ValueError, match="."):
        repair(path)
    assert path.read_bytes() == b"no recording"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """A disk that can be made full and empty again, in the middle of a write."""
    is_full = False
    write = os.write

    def sometimes(descriptor: int, data: bytes) -> int:
        if is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[: max(1, len(data) // 2)])

    def make(full: bool) -> None:
        nonlocal is_full
        is_full = full

    monkeypatch.setattr("desktop.system.sound_file.os.write", sometimes)
    return make


def test_on_a_full_disk_everything_is_held_back_until_there_is_room(
    path: Path, full_disk: Callable[[bool], None]
) -> None:
    one = device()
    sound = noise(one, 6 * RATE)
    file = SoundFile(path, [one])
    file.write(0, sound[: 2 * RATE])
    assert not file.is_stuck
    full_disk(True)
    file.write(0, sound[2 * RATE : 4 * RATE])
    assert file.is_stuck
    assert not file.is_hopeless
    full_disk(False)
    file.catch_up()
    assert not file.is_stuck
    file.write(0, sound[4 * RATE :])
    assert file.close()
    assert (tracks_of(path)[0] == sound).all()


def test_closed_on_a_full_disk_it_says_so_and_can_be_read_so_far(path: Path, full_disk: Callable[[bool], None]) -> None:
    one = device()
    sound = noise(one, 4 * RATE)
    file = SoundFile(path, [one])
    file.write(0, sound[: 2 * RATE])
    full_disk(True)
    file.write(0, sound[2 * RATE :])
    assert not file.close()
    (samples,) = tracks_of(path)
    assert len(samples) > RATE
    assert (samples == sound[: len(samples)]).all()


def test_any_other_failure_of_the_disk_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SoundFile(path, [device()])

    def broken(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("desktop.system.sound_file.os.write", broken)
        for _second in range(10):
            file.write(0, noise(device(), RATE))
    assert file.failure
    assert file.failure.errno == errno.EIO
    assert not file.close()
