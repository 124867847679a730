"""What was dictated: the entries of the history, and what is told of a dictation on its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.i18n import mark
from desktop.core.jobs import Engine
from desktop.core.options import Options
from desktop.core.transcript import Segment

EntryId = int


class Outcome(StrEnum):
    """How far an entry has come."""

    SPOKEN = "spoken"
    """There is sound and no text yet: it is being spoken, or its recognition failed, or the program was ended."""
    WAITING = "waiting"
    """The text is in no other program yet."""
    INSERTED = "inserted"


OUTCOMES = {
    Outcome.SPOKEN: mark("Not recognised"),
    Outcome.WAITING: mark("Not inserted"),
    Outcome.INSERTED: mark("Inserted"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One dictation as it is kept."""

    id: EntryId = 0
    spoken_ms: int = 0
    """When, since 1970."""
    duration_ms: int = 0
    text: str = ""
    """As it was inserted, or is to be."""
    heard: str = ""
    """As it was recognised."""
    language: str = ""
    model: str = ""
    program: str = ""
    """Where it went, as the system names the program."""
    outcome: Outcome = Outcome.SPOKEN
    sound: Path | None = None
    """None once its time is over."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """When each step of a dictation was done, in milliseconds from the key on; -1 for one that never was."""

    first_sound: int = -1
    released: int = -1
    closed: int = -1
    """The last sound was there."""
    encode: int = -1
    """How long the encoder took after that; 0 where the text was known before."""
    decode: int = -1
    recognised: int = -1
    """The text has come from the engine."""
    inserted: int = -1
    """The other program has read it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """How a dictation is to be recognised."""

    options: Options
    tones_hz: tuple[int, ...] = ()
    """Tones that our own start sound is made of: they are taken out of the first second."""
    in_full: bool = False
    """As if it were 30 s long, which takes longer."""


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """The scribe is getting ready."""


@dataclass(frozen=True, slots=True)
class ModelReady:
    """It is."""

    engine: Engine


@dataclass(frozen=True, slots=True)
class ModelUnusable:
    """It cannot be, until other options are given."""

    error: AppError


@dataclass(frozen=True, slots=True)
class Sketched:
    """The text so far of a dictation that is still spoken."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """All of a dictation, one segment for each piece of it."""

    number: int
    segments: tuple[Segment, ...]
    language: str
    encode_ms: int = 0
    """Of what was heard after its end: how long the encoder took."""
    decode_ms: int = 0
    retries: int = 0
    """Pieces that had to be heard in full."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A dictation that cannot be recognised."""

    number: int
    error: AppError


ScribeNews = ModelLoading | ModelReady | ModelUnusable | Sketched | Read | Unread
