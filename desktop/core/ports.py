"""What the services need from outside, so that they can be given the real thing or, in a test, another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from desktop.core.cues import Cue
from desktop.core.document import Document
from desktop.core.events import Finished, Heard, News, Working
from desktop.core.formats import WriteOptions
from desktop.core.jobs import Job, JobId
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.transcript import Transcript


class StopFlag(Protocol):
    """A wish to stop that another thread may set: `threading.Event`."""

    def is_set(self) -> bool:
        """Whether to stop now."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, `timeout` seconds at most; whether it is."""


@dataclass(frozen=True, slots=True)
class Work:
    """A file to be heard from where it was left, as the last `Heard` says it."""

    source: Path
    options: Options
    start_ms: int = 0
    language: str = ""
    bookmark: str = ""
    end_ms: int = 0
    """Where to stop, on the clock of the sound; 0 for the end of the file."""


class Transcriber(Protocol):
    """Turns a file into segments."""

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[News]:
        """Hear a file; returns early, within half a second, once `stop` is set.

        Each `Heard` must be kept before the next news is asked for: a restart goes on from there. What is `upcoming`
        may be worked on together with the end of this file; it is handed out when it is asked for.
        Raises AppError.
        """

    def close(self) -> None:
        """End the engine process."""


class Stopped(Exception):
    """A call was left because its stop flag was set: no failure, but there is no answer either."""


class Inspector(Protocol):
    """Looks into files without transcribing them. Calls may come from any thread."""

    def inspect(self, source: Path, stop: StopFlag) -> Media:
        """Length, tracks and content hash. Raises AppError, or Stopped."""

    def close(self) -> None:
        """End the process that looks."""


class Drawer(Protocol):
    """Listens to how loud a file is all along. Calls may come from any thread."""

    def draw(self, source: Path, track: int, stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
        """Peaks on the clock of the cues, from the beginning on, about ten times a second.

        `track` counts from 1, 0 is the default one. Returns at once when `stop` is set. Raises AppError.
        """


class PeaksShelf(Protocol):
    """Keeps peaks for the next time. Losing any costs time only, so nothing here fails."""

    def read(self, content_hash: str, track: int) -> Peaks | None: ...

    def write(self, content_hash: str, track: int, peaks: Peaks) -> None: ...


class Library(Protocol):
    """Keeps jobs and transcripts. Every call is whole or not at all, and may come from any thread."""

    def add_job(self, source: Path, options: Options, media: Media | None = None, queued: bool = True) -> Job: ...

    def save(self, job: Job) -> None: ...

    def set_media(self, job: Job, media: Media) -> Job: ...

    def jobs(self, queued_only: bool = False) -> list[Job]: ...

    def job(self, job_id: JobId) -> Job: ...

    def twins(self, media: Media, options: Options) -> list[Job]: ...

    def set_order(self, job_ids: Sequence[JobId]) -> None: ...

    def set_queued(self, job_ids: Sequence[JobId], queued: bool) -> None: ...

    def discard(self, job_id: JobId) -> None: ...

    def claim(self, job_id: JobId) -> AbstractContextManager[bool]: ...

    def append(self, job_id: JobId, heard: Heard, worked_ms: int) -> int: ...

    def document(self, job_id: JobId) -> Document: ...

    def keep_edits(self, job_id: JobId, document: Document, whole: bool = False) -> None: ...

    def transcript(self, job_id: JobId) -> Transcript: ...


class Muxer(Protocol):
    """Copies a video into an open file of the kind that `suffix` names, with cues as one more track."""

    def __call__(
        self,
        source: Path,
        target: BinaryIO,
        suffix: str,
        cues: Sequence[Cue],
        options: WriteOptions,
        stop: StopFlag,
        language: str = "",
    ) -> Iterator[Working | Finished]:
        """The file is whole when Finished has come; ends without it once `stop` is set. Raises AppError or OSError."""


class Awake(Protocol):
    """Keeps the machine from falling asleep."""

    def hold(self) -> str | None:
        """Keep awake from here on; why it cannot be done on this machine, or None."""

    def release(self) -> None:
        """The machine may sleep again."""


class Exporter(Protocol):
    """Writes transcripts as files, to a place and under a policy that it was made with."""

    def export(self, source: Path, transcript: Transcript, format_name: str) -> Path | None:
        """The file that was written, named after the source; None when one is there and is to stay. Raises AppError."""
