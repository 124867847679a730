"""A room with microphones and a clock that tests turn by hand: hours of recording in seconds, each time the same."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from desktop.core import errors
from desktop.core.recording import Device, SourceKind, Status, TakeNews
from desktop.system.clock import Clock
from desktop.system.recorder import FileTake, SystemRecorder

Block = npt.NDArray[np.int16]
STEP_S = 0.01
LATE_S = 0.03

MIC = Device("mic", "Desk microphone", SourceKind.MICROPHONE, 8000, 1, is_default=True)
HEADSET = Device("headset", "Headset", SourceKind.MICROPHONE, 16_000, 2)
SPEAKERS = Device("speakers.monitor", "Speakers", SourceKind.SYSTEM, 8000, 1, is_default=True)


def counted(at: int, count: int) -> Block:
    """Samples that each tell their own number, never 0."""
    return (np.arange(at, at + count) % 30_000 + 1).astype(np.int16)


def zeros(_at: int, count: int) -> Block:
    """A muted microphone."""
    return np.zeros(count, np.int16)


@dataclass
class Source:
    """One device as it behaves: how fast its clock runs, how late it delivers, what it does wrong."""

    device: Device
    sound: Callable[[int, int], Block] = counted
    ppm: float = 0.0
    opens_after_s: float = 0.05
    jitter_s: float = 0.0
    is_stalled: bool = False
    has_ended: bool = False
    refuses: str = ""
    skipped: int = 0
    """Samples that the sound server has lost, without a word."""
    opened: int = 0
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))


class Stream:
    """An open source; a new one starts to count anew only in time, not in sound."""

    def __init__(self, room: Room, source: Source, wanted: Device, heard: Callable[[Block], None]) -> None:
        self._room, self._source, self._wanted, self._heard = room, source, wanted, heard
        self._began_s = room.clock.now_s() + source.opens_after_s
        self._next_s = self._began_s + LATE_S
        self._at = self._count(self._began_s)

    @property
    def is_running(self) -> bool:
        return not self._source.has_ended

    def close(self) -> None:
        self._room.streams.remove(self)

    def holds_until(self, at_s: float) -> None:
        """Nothing comes until then, and then all at once."""
        self._next_s = at_s

    def deliver(self, now_s: float) -> None:
        """Hand over what has come up to now."""
        source = self._source
        if now_s < self._next_s or source.has_ended:
            return
        self._next_s = now_s + STEP_S + source.jitter_s * float(source._random.random())
        until = self._count(now_s - LATE_S)
        if source.is_stalled:
            self._at = until
            return
        lost = min(source.skipped, until - self._at)
        source.skipped -= lost
        block = source.sound(self._at + lost, until - self._at - lost)
        self._at = until
        if len(block):
            self._heard(np.repeat(block[:, None], self._wanted.channels, axis=1))

    def _count(self, at_s: float) -> int:
        return int(at_s * self._wanted.sample_rate_hz * (1 + self._source.ppm * 1e-6))


class HandClock(Clock):
    """Time passes only where somebody waits, and then everything happens that falls into it."""

    def __init__(self) -> None:
        self.time_s = 1000.0
        self.slept_s = 0.0
        self.step_s = STEP_S
        self.room: Room | None = None
        self.planned: list[tuple[float, Callable[[], object]]] = []

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something when so much time has passed."""
        self.planned.append((self.time_s + seconds, do))

    def now_s(self) -> float:
        return self.time_s

    def asleep_s(self) -> float:
        return self.slept_s

    def wait(self, woken: threading.Event, seconds: float) -> None:
        assert self.room
        self.room.wait_for_openers()
        for _step in range(round(seconds / self.step_s)):
            self.time_s += self.step_s
            for at_s, do in [one for one in self.planned if one[0] <= self.time_s]:
                self.planned.remove((at_s, do))
                do()
            for stream in list(self.room.streams):
                stream.deliver(self.time_s)


class Room:
    """The Microphones port, with sources that do as they are told."""

    def __init__(self, *sources: Source) -> None:
        self.clock = HandClock()
        self.clock.room = self
        self.sources = list(sources)
        self.streams: list[Stream] = []
        self.free_bytes = 10 << 30
        self._changed: Callable[[tuple[Device, ...]], None] | None = None
        self._settled: set[int] = set()

    def devices(self) -> tuple[Device, ...]:
        return tuple(source.device for source in self.sources)

    def watch(self, changed: Callable[[tuple[Device, ...]], None]) -> Callable[[], None]:
        self._changed = changed
        changed(self.devices())
        return lambda: None

    def open(self, device: Device, heard: Callable[[Block], None]) -> Stream:
        try:
            for source in self.sources:
                if source.device.id == device.id:
                    if source.refuses:
                        raise errors.SoundDeviceRefused(name=device.name, reason=source.refuses)
                    source.opened += 1
                    stream = Stream(self, source, device, heard)
                    self.streams.append(stream)
                    return stream
            raise errors.SoundDeviceRefused(name=device.name, reason="it is not there")
        finally:
            self._settled.add(threading.get_ident())

    def unplug(self, source: Source) -> None:
        """It is gone; as with PulseAudio, who records from it gets zeros."""
        source.sound = zeros
        self.sources.remove(source)
        self._tell()

    def plug(self, source: Source) -> None:
        """It is there, at the end of the list."""
        self.sources.append(source)
        self._tell()

    def settle(self) -> None:
        """The thread that calls is not waited for: it hangs."""
        self._settled.add(threading.get_ident())

    def wait_for_openers(self) -> None:
        """Devices are opened on threads of their own, in real time: it stands still for them here."""
        while any(
            thread.name == "sound device" and thread.ident not in self._settled for thread in threading.enumerate()
        ):
            time.sleep(0.0002)

    def _tell(self) -> None:
        if self._changed:
            self._changed(self.devices())

    # --- recording in it ---

    def take(self, path: Path, *sources: Source) -> FileTake:
        """A recording of these sources."""
        recorder = SystemRecorder(self, self.clock, lambda _folder: self.free_bytes)
        return recorder.take([source.device for source in sources], path)


@dataclass
class Log:
    """What a take has told."""

    news: list[TakeNews]

    def of(self, kind: type) -> list[TakeNews]:
        """The news of one kind, in order."""
        return [one for one in self.news if isinstance(one, kind)]

    @property
    def errors(self) -> list[str]:
        """The names of what was warned of."""
        return [type(one.error).__name__ for one in self.news if hasattr(one, "error")]

    @property
    def last_status(self) -> Status:
        """The last but for the end."""
        return [one for one in self.news if isinstance(one, Status)][-1]


def record(take: FileTake, script: dict[int, Callable[[], object]], until_ms: int) -> Log:
    """Run a take to its end, with everything that it tells."""
    return Log(list(running(take, script, until_ms)))


def running(take: FileTake, script: dict[int, Callable[[], object]], until_ms: int) -> Iterator[TakeNews]:
    """A take; each entry of the script happens at its millisecond of recorded sound, once; then Stop."""
    left = dict(sorted(script.items()))
    is_stopped = False
    for news in take.run():
        yield news
        if isinstance(news, Status):
            for at_ms in [at_ms for at_ms in left if news.elapsed_ms >= at_ms]:
                left.pop(at_ms)()
            if news.elapsed_ms >= until_ms and not is_stopped:
                is_stopped = True
                take.stop()


def tracks_of(path: Path) -> list[Block]:
    """All samples of each track, samples by channels."""
    with av.open(str(path)) as container:
        count = len(container.streams.audio)
    found = []
    for number in range(count):
        with av.open(str(path)) as container:
            stream = container.streams.audio[number]
            channels = stream.codec_context.channels
            frames = [frame.to_ndarray().reshape(-1, channels) for frame in container.decode(stream)]
            found.append(np.concatenate(frames))
    return found


def plugged(device: Device, **changes: object) -> Device:
    """A device like another."""
    return replace(device, **changes)  # type: ignore[arg-type]
