"""What happens to dictation: what the user wants, and what becomes of a take."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Pressed:
    """The key went down, by hand or by `undertone dictate --press`. Repeats while it is down are ignored."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Released:
    """The key came up."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Toggled:
    """Start, or end what is being spoken: the tray, `--toggle`, a take that is long enough."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Away with what is being spoken; when nothing is, with what is being recognised."""


@dataclass(frozen=True, slots=True)
class DropWanted:
    """Insert a text that waits: the one of that number, or the newest one."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A text need not wait any longer."""

    number: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The program ends."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The first sound has come from the microphone."""

    take: int


@dataclass(frozen=True, slots=True)
class MicrophoneFailed:
    """The microphone could not be opened, or is gone. `Closed` follows."""

    take: int
    error: AppError


@dataclass(frozen=True, slots=True)
class Closed:
    """The sound of a take is complete."""

    take: int
    has_speech: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text as it is to be inserted; empty when nothing was said."""

    take: int
    text: str


@dataclass(frozen=True, slots=True)
class RecognitionFailed:
    """There is no text; the sound is kept."""

    take: int
    error: AppError


@dataclass(frozen=True, slots=True)
class Inserted:
    """The program in focus has read the text."""

    take: int


@dataclass(frozen=True, slots=True)
class NotInserted:
    """The text is nowhere yet."""

    take: int
    error: AppError


KeyEvent = Pressed | Released | Toggled | Cancelled | DropWanted | Dismissed | Ended
TakeEvent = Opened | MicrophoneFailed | Closed | Recognised | RecognitionFailed | Inserted | NotInserted
Event = KeyEvent | TakeEvent
