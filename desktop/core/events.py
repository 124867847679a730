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
    """Up to `at_ms` the file has been looked at; nothing to keep yet.

    In a recording that is still going on: what was said before is in a `Heard` or being said just now.
    """

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
class Preview:
    """What a speaker is saying just now, in a recording that is still going on; not to be kept.

    It takes the place of the one before of the same speaker, and is over when a `Heard` has come that reaches beyond
    its start. The first `stable` characters of the text do not change any more until then. Empty: nothing is said.
    """

    start_ms: int
    text: str
    stable: int = 0
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The engine died and was started again; the job goes on from the last `Heard`."""

    cause: AppError


@dataclass(frozen=True, slots=True)
class SteppedDown:
    """A way to compute failed at work. The job goes on from the last `Heard`, on the one that `Started` tells next."""

    left: str
    cause: AppError


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of the file was reached. Notes are what the user should know about it."""

    notes: tuple[AppError, ...] = ()


News = Loading | Started | Working | Heard | Preview | Restarted | SteppedDown | Finished
