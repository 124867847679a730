"""What dictation wants to be done; the service does it, and answers with events."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.dictation import Resource
from desktop.core.errors import AppError


@dataclass(frozen=True, slots=True)
class StartMicrophone:
    """First of all: sound is kept from here on. Answered by Opened or MicrophoneFailed."""

    take: int


@dataclass(frozen=True, slots=True)
class NoteTarget:
    """Remember which window has the keyboard: the text belongs there."""

    take: int


@dataclass(frozen=True, slots=True)
class FinishMicrophone:
    """Go on as long as speech does, a little while at most. Answered by Closed."""

    take: int


@dataclass(frozen=True, slots=True)
class StopMicrophone:
    """At once, and keep what there is. Answered by Closed."""

    take: int


@dataclass(frozen=True, slots=True)
class DropMicrophone:
    """At once, and forget the sound. Not answered."""

    take: int


@dataclass(frozen=True, slots=True)
class Recognise:
    """Answered by Recognised or RecognitionFailed."""

    take: int


@dataclass(frozen=True, slots=True)
class CancelRecognition:
    """Not answered."""

    take: int


@dataclass(frozen=True, slots=True)
class Insert:
    """Answered by Inserted or NotInserted."""

    take: int
    text: str


@dataclass(frozen=True, slots=True)
class TakeUp:
    """A text that waited, under the number `was`, is a take from here on."""

    take: int
    was: int


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """Say so, in passing: no text will come."""

    take: int


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the user."""

    error: AppError


@dataclass(frozen=True, slots=True)
class Hold:
    """Take something from the rest of the machine."""

    resource: Resource


@dataclass(frozen=True, slots=True)
class LetGo:
    """Give it back as it was."""

    resource: Resource


Action = (
    StartMicrophone
    | NoteTarget
    | FinishMicrophone
    | StopMicrophone
    | DropMicrophone
    | Recognise
    | CancelRecognition
    | Insert
    | TakeUp
    | NothingHeard
    | Say
    | Hold
    | LetGo
)
