"""What a recording is made of: devices, states, levels, marks and gaps, and the rules they keep."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.jobs import Job
from desktop.core.names import clock

SUFFIX = ".mka"
FLAG_SUFFIX = ".recording"
TRACKS_TAG, ARE_SPEAKERS = "UNDERTONE_TRACKS", "speakers"
"""In the tags of the file: each sound track is one speaker, whose name is the title of the track."""

CLIPPING = 0.999
"""Samples above this are as high as the device can tell: what was louder is lost."""
NOTHING = 6.2e-5
"""A peak of no more than two of 32768 steps (-84 dB), for some seconds: no open microphone in a room is as quiet."""
SILENT_AFTER_MS = 3000
HELD_FOR_MS = 1500

LOW_DISK_MS = 30 * 60_000
"""The disk is called short when it will be full within half an hour, or holds less than LOW_DISK_BYTES."""
LOW_DISK_BYTES = 500 << 20
LEAST_FREE_BYTES = 8 << 20
"""What is left alone, so that the file can be finished and the library written."""
FLAC_SHARE = 0.6
"""What is left of speech, about."""


class SourceKind(StrEnum):
    """Where sound comes from."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    """What the machine plays: the others in a call."""


@dataclass(frozen=True, slots=True)
class Device:
    """Something to record from. `name` is shown and remembered; `id` is the sound system's own word for it."""

    id: str
    name: str
    kind: SourceKind
    sample_rate_hz: int
    channels: int
    is_default: bool = False
    sample_bits: int = 16
    """How finely it measures: 16 or 24."""

    def is_same(self, other: Device) -> bool:
        """Whether both mean one device, whatever it is set to now."""
        return (self.id, self.kind) == (other.id, other.kind)

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)

    @staticmethod
    def from_record(record: dict[str, Any]) -> Device:
        """The device that `to_record` wrote."""
        return Device(**{**record, "kind": SourceKind(record["kind"])})


def chosen(devices: Sequence[Device], kind: SourceKind, name: str = "") -> Device | None:
    """The device of that kind with that name, as it is remembered; else the default one, else any."""
    fitting = [device for device in devices if device.kind is kind]
    named = [device for device in fitting if name and device.name == name]
    default = [device for device in fitting if device.is_default]
    return next(iter([*named, *default, *fitting]), None)


class State(StrEnum):
    """Where the recorder stands."""

    IDLE = "idle"
    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"


STEPS: dict[State, frozenset[State]] = {
    State.IDLE: frozenset({State.STARTING}),
    State.STARTING: frozenset({State.RECORDING, State.STOPPING, State.IDLE}),
    State.RECORDING: frozenset({State.PAUSED, State.STOPPING}),
    State.PAUSED: frozenset({State.RECORDING, State.STOPPING}),
    State.STOPPING: frozenset({State.IDLE}),
}


@dataclass(frozen=True, slots=True)
class Level:
    """How loud one device is, as parts of full scale, 0 to 1. `held_peak` falls only after a while."""

    peak: float = 0.0
    rms: float = 0.0
    held_peak: float = 0.0
    is_clipping: bool = False
    """Whether it was too loud while `held_peak` holds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that somebody flagged, on the clock of the recorded sound."""

    at_ms: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound that is not there.

    Time that was "paused" or "suspended" is left out: the recording goes on at `at_ms` as if nothing had been between.
    Where a "device" went away or an "overrun" lost samples, silence of that length stands in the file.
    """

    at_ms: int
    lasted_ms: int
    reason: str
    device: str = ""
    """The name of the device concerned, if it is only one."""

    @property
    def said(self) -> str:
        """Why sound is missing, and for how long."""
        seconds = max(1, round(self.lasted_ms / 1000))
        lasted = clock(self.lasted_ms) if seconds >= 60 else _("{seconds} s").format(seconds=seconds)
        if self.reason == DEVICE:
            return _("{device} was away for {time}").format(device=self.device or _("The microphone"), time=lasted)
        if self.reason == SUSPENDED:
            return _("The machine slept for {time}").format(time=lasted)
        if self.reason == OVERRUN:
            lost = _("{milliseconds} ms of sound were lost: the machine was too busy")
            return lost.format(milliseconds=self.lasted_ms)
        return _("Paused for {time}").format(time=lasted)


PAUSED, SUSPENDED, DEVICE, OVERRUN = "paused", "suspended", "device", "overrun"


@dataclass(frozen=True, slots=True)
class Status:
    """The recorder as it is now; told about ten times a second."""

    state: State = State.IDLE
    elapsed_ms: int = 0
    """Length of the recorded sound."""
    devices: tuple[Device, ...] = ()
    levels: tuple[Level, ...] = ()
    """One for each device, in their order."""
    silent: tuple[str, ...] = ()
    """Names of devices from which nothing has come for some seconds."""
    free_bytes: int = 0
    lasts_ms: int = 0
    """How long there is room for."""
    lost_samples: int = 0
    path: Path = Path()

    @property
    def is_disk_low(self) -> bool:
        """Whether the disk will soon be full."""
        return is_disk_low(self.free_bytes, self.lasts_ms)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a recording besides its sound and its text; kept in the library with its job."""

    devices: tuple[Device, ...] = ()
    """One for each track of the file, in their order."""
    marks: tuple[Mark, ...] = ()
    gaps: tuple[Gap, ...] = ()
    lost_samples: int = 0
    fitted_samples: int = 0
    """Single samples left out of or put into the second track, so that both keep one clock."""
    is_finished: bool = False
    """Whether its file has been closed properly, with length and index."""


# --- what a recording tells while it runs ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the user should know at once; the recording goes on."""

    error: AppError


@dataclass(frozen=True, slots=True)
class Saved:
    """The file is whole: it has its length and its index."""

    path: Path
    duration_ms: int
    lost_samples: int = 0
    fitted_samples: int = 0


@dataclass(frozen=True, slots=True)
class Switched:
    """Which device each track is recorded from now."""

    devices: tuple[Device, ...]


TakeNews = Status | Mark | Gap | Warned | Switched | Saved


@dataclass(frozen=True, slots=True)
class Recovered:
    """A recording that was cut off when the program died; its file has been repaired."""

    job: Job
    duration_ms: int
    said: str = ""
    """The text that was heard so far."""


# --- rules -----------------------------------------------------------------------------------------------------------


class Meter:
    """Turns the peaks of short stretches into levels: the highest of the last while is held, then it falls."""

    def __init__(self) -> None:
        self._held = 0.0
        self._held_until_ms = 0
        self._clipped_until_ms = -1

    def level(self, peak: float, rms: float, at_ms: int) -> Level:
        """The level after a stretch that ends at `at_ms`."""
        if peak >= self._held or at_ms >= self._held_until_ms:
            self._held, self._held_until_ms = peak, at_ms + HELD_FOR_MS
        if peak >= CLIPPING:
            self._clipped_until_ms = at_ms + HELD_FOR_MS
        return Level(peak, rms, self._held, at_ms < self._clipped_until_ms)


class SilenceWatch:
    """Tells whether nothing at all has come from a device for some seconds."""

    def __init__(self) -> None:
        self._since_ms: int | None = None
        self.is_silent = False

    def note(self, peak: float, at_ms: int) -> bool:
        """Whether silence began or ended with this stretch."""
        before = self.is_silent
        if peak > NOTHING:
            self._since_ms, self.is_silent = None, False
        else:
            self._since_ms = at_ms if self._since_ms is None else self._since_ms
            self.is_silent = at_ms - self._since_ms >= SILENT_AFTER_MS
        return self.is_silent is not before


def decibels(level: float) -> float:
    """A part of full scale in dB; -inf for nothing."""
    return 20 * math.log10(level) if level > 0 else -math.inf


def lasts_ms(free_bytes: int, bytes_per_s: float) -> int:
    """How long a disk has room at this rate, apart from what is left alone."""
    return round(1000 * max(0, free_bytes - LEAST_FREE_BYTES) / max(1.0, bytes_per_s))


def usual_bytes_a_second(devices: Iterable[Device]) -> float:
    """What a recording of these devices takes, before it has shown what FLAC makes of its sound."""
    return FLAC_SHARE * sum(one.sample_rate_hz * one.channels * one.sample_bits / 8 for one in devices)


def is_disk_low(free_bytes: int, left_ms: int) -> bool:
    """Whether to warn."""
    return left_ms < LOW_DISK_MS or free_bytes < LOW_DISK_BYTES


def file_name(now: datetime, taken: Iterable[str] = ()) -> str:
    """`Recording 2026-11-25 14.03.mka`, as colons are not allowed everywhere; the second of a minute gets a number."""
    stem = _("Recording {moment}").format(moment=f"{now:%Y-%m-%d %H.%M}")
    there = {name.casefold() for name in taken}
    number = 1
    name = f"{stem}{SUFFIX}"
    while name.casefold() in there:
        number += 1
        name = f"{stem} ({number}){SUFFIX}"
    return name


def flag_of(path: Path) -> Path:
    """The lock file that lies beside a recording for as long as it grows.

    It is made before the file and removed when that is whole, and is locked by the recording process (filelock). Where
    it is missing, or can be locked by another, nothing will be added to the recording any more.
    """
    return path.with_name(path.name + FLAG_SUFFIX)
