"""What an export format is, and how times are written in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.transcript import Transcript


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What a person may choose about the text of an export; a format takes what concerns it."""

    word_timestamps: bool = False
    suspects: bool = False
    """Whether text that may not have been said is written too."""

    def chosen(self, transcript: Transcript) -> Transcript:
        """The transcript as it is to be read by people; formats that keep everything do not ask."""
        return transcript if self.suspects else transcript.without_suspects()


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `write` is pure, and its text can always be encoded as UTF-8."""

    name: str
    suffix: str
    label: str
    write: Callable[[Transcript, WriteOptions], str]


def timestamp(ms: int, point: str) -> str:
    """A time as `00:01:02,345` with the given decimal point; from 100 hours on with more digits."""
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"
