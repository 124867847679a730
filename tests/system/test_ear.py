"""The microphone of dictation: no word lost at either end, and everything on the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from desktop.core.errors import MicrophoneGone, SoundDeviceRefused
from desktop.core.recording import Device, SourceKind, flag_of
from desktop.system.clock import Clock
from desktop.system.ear import LATEST_S, MOST_AFTER_S, ON_THE_WAY_S, RATE_HZ, SoundOfTake, SystemEars
from desktop.system.ring import Block

MIC = Device("mic", "Desk", SourceKind.MICROPHONE, 48_000, 2, is_default=True)
HEADSET = Device("headset", "Headset", SourceKind.MICROPHONE, 44_100, 1)
STEP_S = 0.02


class HandClock(Clock):
    now = 100.0

    def now_s(self) -> float:
        return self.now


class Room:
    """Microphones that deliver what they are told, by a clock that is turned by hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.there: tuple[Device, ...] = (MIC, HEADSET)
        self.opened: list[Device] = []
        self.refuses = False
        self.is_open = threading.Event()
        self.heard: Callable[[Block], None] = lambda _block: None
        self.sent: list[np.ndarray] = []
        self.is_running = True
        self.changed: Callable[[tuple[Device, ...]], None] = lambda _there: None

    def devices(self) -> tuple[Device, ...]:
        return self.there

    def watch(self, changed: Callable[[tuple[Device, ...]], None]) -> Callable[[], None]:
        self.changed = changed
        changed(self.there)
        return lambda: None

    def open(self, device: Device, heard: Callable[[Block], None]) -> Room:
        if self.refuses:
            raise SoundDeviceRefused(name=device.name, reason="busy")
        self.opened.append(device)
        self.heard = heard
        self.is_open.set()
        return self

    def close(self) -> None:
        self.is_open.clear()

    def hear(self, seconds: float, loudness: float, take: SoundOfTake | None = None) -> bytes:
        """So much sound comes, in blocks; what the take has read of it."""
        assert self.is_open.wait(5)
        read = b""
        for _ in range(round(seconds / STEP_S)):
            self.clock.now += STEP_S
            block = (np.sin(np.arange(round(STEP_S * RATE_HZ)) / 3) * loudness * 32_000).astype(np.int16)
            self.sent.append(block)
            self.heard(block[:, None])
            read += take.read() if take else b""
        return read


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def ears(room: Room) -> Iterator[SystemEars]:
    one = SystemEars(lambda: room, room.clock)
    one.use("", 0)
    yield one
    one.close()


def samples_in(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


def test_all_that_comes_is_read_and_is_in_the_file(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    take = ears.listen(tmp_path / "new" / "1.mka")
    read = room.hear(1, 0.5, take)
    assert take.is_open
    assert flag_of(take.path).exists()
    take.stop()
    read += take.read()
    assert take.is_over
    assert take.close(keep=True)
    sent = np.concatenate(room.sent)
    assert (np.frombuffer(read, "<i2") == sent).all()
    assert (samples_in(take.path) == sent).all()
    assert take.duration_ms == 1000
    assert not flag_of(take.path).exists()
    assert room.opened == [replace(MIC, sample_rate_hz=RATE_HZ, channels=1)]


def test_what_was_said_before_the_end_is_waited_for_and_silence_is_not(
    room: Room, ears: SystemEars, tmp_path: Path
) -> None:
    take = ears.listen(tmp_path / "1.mka")
    room.hear(1, 0.3, take)
    room.hear(0.3, 0.001, take)
    take.finish()
    assert not take.is_over
    room.hear(ON_THE_WAY_S + 2 * STEP_S, 0.001, take)
    assert take.is_over
    take.close(keep=False)
    assert not take.path.exists()


def test_while_somebody_speaks_it_goes_on_for_a_while(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    take = ears.listen(tmp_path / "1.mka")
    room.hear(0.5, 0.001, take)
    room.hear(1, 0.3, take)
    take.finish()
    room.hear(0.3, 0.3, take)
    assert not take.is_over
    room.hear(0.1, 0.001, take)
    assert take.is_over
    take.close(keep=False)


def test_it_does_not_go_on_for_ever(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    take = ears.listen(tmp_path / "1.mka")
    room.hear(0.5, 0.001, take)
    room.hear(1, 0.3, take)
    take.finish()
    room.hear(MOST_AFTER_S + ON_THE_WAY_S + 2 * STEP_S, 0.3, take)
    assert take.is_over
    take.close(keep=False)


def test_a_device_that_delivers_nothing_more_holds_nobody_up(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    take = ears.listen(tmp_path / "1.mka")
    room.hear(0.5, 0.3, take)
    take.finish()
    room.clock.now += LATEST_S + 0.1
    take.read()
    assert take.is_over
    assert take.close(keep=True)


def test_a_microphone_that_is_unplugged_is_told_of_and_what_was_said_is_kept(
    room: Room, ears: SystemEars, tmp_path: Path
) -> None:
    take = ears.listen(tmp_path / "1.mka")
    room.hear(0.5, 0.3, take)
    room.changed((HEADSET,))
    room.hear(STEP_S, 0, take)
    assert isinstance(take.error, MicrophoneGone)
    assert take.is_over
    assert take.close(keep=True)
    assert len(samples_in(take.path)) == RATE_HZ // 2 + round(STEP_S * RATE_HZ)


def test_one_that_cannot_be_opened_says_why(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    room.refuses = True
    take = ears.listen(tmp_path / "1.mka")
    until = threading.Event()
    for _ in range(500):
        take.read()
        if take.error:
            break
        until.wait(0.01)
    assert isinstance(take.error, SoundDeviceRefused)
    assert not take.close(keep=True)


def test_where_there_is_none_that_is_said(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    room.changed(())
    take = ears.listen(tmp_path / "1.mka")
    assert isinstance(take.error, MicrophoneGone)
    assert take.is_over
    assert not take.close(keep=True)


def test_only_where_it_is_wanted_the_last_moments_before_the_key_are_there(
    room: Room, ears: SystemEars, tmp_path: Path
) -> None:
    assert not room.opened, "no microphone is open before the key"
    ears.use("Headset", 500)
    for _ in range(4):
        room.hear(1, 0.2)
        ears.tick()
    assert not list(tmp_path.rglob("*.mka")), "in memory only"
    take = ears.listen(tmp_path / "1.mka")
    read = room.hear(0.2, 0.4, take)
    assert len(read) // 2 == round(0.7 * RATE_HZ)
    assert [device.name for device in room.opened] == ["Headset"]
    take.close(keep=False)


def test_zeros_are_no_sound(room: Room, ears: SystemEars, tmp_path: Path) -> None:
    take = ears.listen(tmp_path / "1.mka")
    room.hear(0.5, 0, take)
    assert take.is_mute
    assert take.level == 0
    room.hear(STEP_S, 0.1, take)
    assert not take.is_mute
    assert take.level > 0.05
    take.close(keep=False)
