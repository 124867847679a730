"""The messages between the program and the engine process: frozen values over a `multiprocessing` connection.

The program sends requests; the end of its side of the connection means "end yourself".
The engine answers each request with any number of reports, the last of which is Loaded, Inspected, Done, Stopped or
Failed. Success is one of these records, never an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.transcript import Segment

HEARTBEAT_S = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """Load the model in this folder and prove it with a self-test."""

    model: Path
    device: str
    compute_type: str
    cpu_threads: int


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Hear a file from `start_ms` of its sound on. `language` is what an earlier part was found to be in."""

    source: Path
    options: Options
    start_ms: int
    language: str


@dataclass(frozen=True, slots=True)
class Inspect:
    """Look into a file: tracks, length, hash. Needs no model."""

    source: Path


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave the present request at its next step."""


Request = Load | Transcribe | Inspect | Stop


@dataclass(frozen=True, slots=True)
class Hello:
    """The engine is up. `compute_types` maps each device that is there to the types it can run."""

    pid: int
    versions: dict[str, str] = field(default_factory=dict)
    compute_types: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is loaded and its self-test passed."""

    self_test_ms: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in a file."""

    media: Media


@dataclass(frozen=True, slots=True)
class Progress:
    """The sound up to `at_ms` has been decoded and looked at."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Segments:
    """All segments of one window, with their words. Everything up to `heard_ms` of the sound is in them."""

    segments: tuple[Segment, ...]
    heard_ms: int
    language: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the file was reached. Notes are AppError records."""

    sound_ms: int
    speech_ms: int
    windows: int
    work_ms: int
    notes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """The request was left because of Stop."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The request cannot be met; `error` is an AppError record."""

    error: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life, about once a second."""


Report = Hello | Loaded | Inspected | Progress | Segments | Done | Stopped | Failed | Heartbeat
