"""The messages between the program and the engine process: frozen values over a `multiprocessing` connection.

The program sends requests; the end of its side of the connection means "end yourself".
The engine answers each request with any number of reports, the last of which is Loaded, Proved, Inspected, Drawn, Done,
Stopped or Failed. Success is one of these records, never an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.core.coverage import Part
from desktop.core.dictated import Read, Utterance
from desktop.core.machine import Card, Cublas
from desktop.core.media import Media
from desktop.core.peaks import PeaksPart
from desktop.core.ports import Work
from desktop.core.transcript import Segment

HEARTBEAT_S = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """Load the model in this folder and prove it with a self-test."""

    model: Path
    device: str
    compute_type: str
    cpu_threads: int
    is_one_by_one: bool = False
    """Windows will come one after the other, not several at once."""
    most_windows: int = 0
    """No more of them together than so many; 0: as many as fit."""
    leaves_room: bool = False
    """Other programs come first."""
    workers: int = 0
    """Batches at once, which share the threads; 0: as many as are usually best."""
    windows: int = 0
    """In a batch; 0: as many as are usually best."""


@dataclass(frozen=True, slots=True)
class Prove:
    """Let a device give a known answer. Needs no model."""

    device: str
    compute_type: str


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Hear a file after those that were asked for before. Its reports carry the number."""

    number: int
    work: Work


@dataclass(frozen=True, slots=True)
class Claim:
    """The reports on a transcription are waited for. What is not claimed only fills the batches of what is."""

    number: int


@dataclass(frozen=True, slots=True)
class Limit:
    """Hear no more than so many windows together from here on; 0: as many as were asked for."""

    windows: int


@dataclass(frozen=True, slots=True)
class Inspect:
    """Look into a file: tracks, length, hash. Needs no model."""

    source: Path


@dataclass(frozen=True, slots=True)
class Draw:
    """How loud a sound track is all along. Needs no model."""

    source: Path
    track: int


@dataclass(frozen=True, slots=True)
class Listen:
    """Recognise a dictation, whose sound comes piece by piece."""

    number: int
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Sound:
    """More of it: 16,000 samples of 16 bits a second."""

    number: int
    samples: bytes


@dataclass(frozen=True, slots=True)
class SoundEnds:
    """That was all of it."""

    number: int


@dataclass(frozen=True, slots=True)
class GiveWay:
    """Begin no other window until it is over: somebody dictates."""

    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave a request at its next step; 0 is the one that is no transcription."""

    number: int = 0


Request = Load | Prove | Transcribe | Claim | Limit | Inspect | Draw | Listen | Sound | SoundEnds | GiveWay | Stop


@dataclass(frozen=True, slots=True)
class Hello:
    """The engine is up. `compute_types` maps each device that is there to the types it can run."""

    pid: int
    versions: dict[str, str] = field(default_factory=dict)
    compute_types: dict[str, frozenset[str]] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    cublas: Cublas = Cublas()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is loaded and its self-test passed."""

    self_test_ms: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """The device gave the known answer, and the set of instructions that the processor's kernels use, once known."""

    ms: int
    isa: str = ""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in a file."""

    media: Media


@dataclass(frozen=True, slots=True)
class Peaks:
    """The next parts of the peaks of a file."""

    parts: tuple[PeaksPart, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """All peaks of a file have been sent."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The sound up to `at_ms` has been decoded and looked at."""

    number: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Segments:
    """All segments of one window, with their words and its map. Everything up to `heard_ms` of the sound is in them."""

    number: int
    segments: tuple[Segment, ...]
    heard_ms: int
    language: str
    parts: tuple[Part, ...]
    bookmark: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a speaker is saying just now, in a recording that still goes on; see `events.Preview`."""

    number: int
    start_ms: int
    text: str
    stable: int
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the file was reached. Notes are AppError records."""

    number: int
    sound_ms: int
    speech_ms: int
    windows: int
    work_ms: int
    notes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """The request was left because of Stop."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The request cannot be met; `error` is an AppError record."""

    error: dict[str, Any]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life, about once a second."""


Report = (
    Hello
    | Loaded
    | Proved
    | Inspected
    | Peaks
    | Drawn
    | Progress
    | Segments
    | Preview
    | Read
    | Done
    | Stopped
    | Failed
    | Heartbeat
)
