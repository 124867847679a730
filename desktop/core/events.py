"""What a transcription tells while it runs: the news that a Transcriber yields."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.coverage import Part
from desktop.core.errors import AppError
from desktop.core.jobs import Engine
from desktop.core.transcript import Segment


@dataclass(frozen=True, slots=True)
class Loading:
    """A model is being loaded and proved on a device."""

    model: str
    device: str
    compute_type: str


@dataclass(frozen=True, slots=True)
class Started:
    """The engine is ready and begins to hear the file."""

    engine: Engine


@dataclass(frozen=True, slots=True)
class Working:
    """Up to `at_ms` the file has been looked at; nothing to keep yet."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of the file, complete: its segments (none for silence), its map and the place where it ends.

    Kept as a whole or not at all. Work can go on from `heard_ms`, with the bookmark, in another process on another day.
    """

    segments: tuple[Segment, ...]
    heard_ms: int
    language: str = ""
    parts: tuple[Part, ...] = ()
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The engine died and was started again; the job goes on from the last `Heard`."""

    cause: AppError


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of the file was reached. Notes are what the user should know about it."""

    notes: tuple[AppError, ...] = ()


News = Loading | Started | Working | Heard | Restarted | Finished
