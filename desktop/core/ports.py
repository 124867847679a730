"""What the services need from outside, so that they can be given the real thing or, in a test, another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from desktop.core.cues import Cue
from desktop.core.dictated import Entry, EntryId, ScribeNews, Utterance
from desktop.core.document import Document
from desktop.core.errors import AppError
from desktop.core.events import Finished, Heard, News, Working
from desktop.core.formats import WriteOptions
from desktop.core.jobs import Job, JobId
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.recording import Device, Facts, Gap, Mark, TakeNews
from desktop.core.spoken import Around
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
    is_growing: bool = False
    """The file is being recorded (see `core.recording.flag_of`): it is heard as it grows, with `Preview`s."""


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

    def add_recording(self, source: Path, options: Options, devices: Sequence[Device]) -> Job: ...

    def keep_mark(self, job_id: JobId, mark: Mark) -> None: ...

    def keep_gap(self, job_id: JobId, gap: Gap) -> None: ...

    def finish_recording(self, job_id: JobId, lost_samples: int = 0, fitted_samples: int = 0) -> None: ...

    def recording(self, job_id: JobId) -> Facts | None: ...

    def unfinished_recordings(self) -> list[Job]: ...

    def forget(self, job_id: JobId) -> None: ...

    def keep_entry(self, entry: Entry) -> Entry: ...

    def entry(self, entry_id: EntryId) -> Entry | None: ...

    def entries(self) -> list[Entry]: ...

    def forget_entries(self, entry_ids: Sequence[EntryId]) -> None: ...


class SoundStream(Protocol):
    """A device that is being recorded from."""

    @property
    def is_running(self) -> bool:
        """Whether it still delivers, as far as the system says: some never say no."""

    def close(self) -> None:
        """Let go of the device; may wait long for a sound server that hangs."""


class Microphones(Protocol):
    """All that can be recorded on this machine. Calls may come from any thread."""

    def devices(self) -> tuple[Device, ...]:
        """What there is now. Raises AppError."""

    def watch(self, changed: Callable[[tuple[Device, ...]], None]) -> Callable[[], None]:
        """Tell of all devices at once and whenever there are others, on another thread; the answer ends it."""

    def open(self, device: Device, heard: Callable[[Any], None]) -> SoundStream:
        """Record as `device` says; `heard` gets blocks of samples by channels on another thread. Raises AppError."""


class Take(Protocol):
    """One recording. `run` is the work; everything else may be called from another thread while it runs."""

    def run(self) -> Iterator[TakeNews]:
        """Record until `stop`; ends with `Saved` where the file is whole. Raises AppError."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def mark(self, text: str = "") -> None: ...

    def switch_to(self, device: Device) -> None:
        """Go on with another device on the track of its kind."""

    def stop(self) -> None: ...


class Recorder(Protocol):
    """Makes recordings."""

    def take(self, devices: Sequence[Device], path: Path) -> Take:
        """A recording into a new file, a track for each device."""

    def is_growing(self, path: Path) -> bool:
        """Whether some process is recording into this file."""

    def repair(self, path: Path) -> None:
        """Give the file of a recording that was cut off its length and its index. Raises AppError."""


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


class Purpose(StrEnum):
    """What a shortcut of the whole desktop is for."""

    DICTATE = "dictate"
    CANCEL = "cancel"
    DROP = "drop"
    """Insert the text that waits."""


@dataclass(frozen=True, slots=True)
class KeyNews:
    """The key of a shortcut went down or came up; on the monotonic clock. A key that repeats goes down once."""

    purpose: Purpose
    is_down: bool
    at_ms: int


class Hotkey(Protocol):
    """Shortcuts that work in every program. Made with a function that takes each `KeyNews`, on a thread of its own."""

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        """Take a shortcut, written as Qt writes it, in place of the one that this purpose had; how it reads really.

        Raises HotkeyTaken, HotkeyUnfit or HotkeysImpossible; the one before stays then.
        """

    def let_go(self, purpose: Purpose) -> None:
        """The key belongs to the other programs again."""

    def is_down(self, purpose: Purpose) -> bool | None:
        """Whether its key is down, asked from the system for a release that never comes. None where nobody knows."""

    def close(self) -> None:
        """Let everything go."""


@dataclass(frozen=True, slots=True)
class Target:
    """A window that had the keyboard."""

    window: int
    program: str
    """The name of its program, in lower case, as the system tells it; empty where it does not."""
    focus: int = 0
    """The part of it that had the keyboard, where the system tells one from the other."""


class Typist(Protocol):
    """Presses keys in the window that has the keyboard. Calls may wait: they do not come from the window's thread."""

    def focused(self) -> Target | None:
        """The window that has the keyboard. None when there is none; one without a number where nobody may know."""

    def is_there(self, target: Target) -> bool:
        """Whether the window is still open."""

    def wait_for_release(self, within_s: float) -> str:
        """Wait until no key is down; those that are after that time, as a person reads them."""

    def can_press(self, chord: str) -> bool:
        """Whether the keyboard has these keys at all."""

    def press(self, chord: str, target: Target | None = None) -> None:
        """Press and release keys, written as Qt writes them.

        Only if in this very moment the target has the keyboard and no key is down.
        Raises TypingImpossible, TargetElevated, TargetMoved, or KeysHeld.
        """

    def type_text(self, text: str, target: Target | None = None) -> None:
        """Type letter by letter, for programs that cannot paste. Raises as `press`."""

    def close(self) -> None:
        """Let go of the system."""


class OnTop(Protocol):
    """A picture above all windows that takes neither keyboard nor mouse, for where no window can be that."""

    def show(self, pixels: bytes, size: tuple[int, int], scale: int, is_at_top: bool) -> None:
        """Show this in the middle of the top or bottom edge of the screen, from now on; returns at once.

        The pixels are premultiplied ARGB, 32 bits each, row by row; the size counts them, `scale` of them to a point.
        """

    def hide(self) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing any more."""


class Caret(Protocol):
    """Knows what stands at the caret of the program in focus, where programs tell that."""

    def around(self) -> Around | None:
        """The text on both sides of it. None where nobody tells, a tenth of a second later at most."""

    def close(self) -> None:
        """Ask nobody any more."""


class Clipboard(Protocol):
    """The clipboard, lent for one text after the other. Calls may wait: they do not come from the window's thread."""

    def keep(self) -> None:
        """Begin to remember what is there, in all its formats; returns at once."""

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        """Put a text there that only `reader` is meant to have, marked for histories to leave out.

        `with_selection`: also as the selected text (X11), which some terminals paste. What was there is kept first.
        Raises ClipboardUnusable.
        """

    def wait_read(self, within_s: float) -> bool:
        """Wait until the reader has taken the text; whether it has."""

    def is_lent(self) -> bool:
        """Whether the text is still there: nobody has copied anything since."""

    def give_back(self) -> None:
        """What was kept comes back once nobody reads any more, unless somebody has copied since. Returns at once."""

    def put(self, text: str) -> None:
        """Copy a text for good, as a person does. Raises ClipboardUnusable."""

    def close(self) -> None:
        """Give back what is not given back yet, and let go."""


class Speech(Protocol):
    """The sound of one dictation: read as it comes, and kept on the disk. Calls come from one thread, none waits."""

    @property
    def path(self) -> Path:
        """The file that it is kept in."""

    @property
    def is_open(self) -> bool:
        """Whether sound has come."""

    @property
    def is_over(self) -> bool:
        """Whether all of it has been read: after `finish` or `stop`, or an `error`."""

    @property
    def error(self) -> AppError | None:
        """Why there is no sound, or no more; what came before is whole."""

    @property
    def level(self) -> float:
        """How loud it was in what was read last: the root of the mean square, 0 to 1."""

    @property
    def is_mute(self) -> bool:
        """Whether nothing but zeros has come."""

    @property
    def duration_ms(self) -> int:
        """How much was read."""

    @property
    def first_s(self) -> float | None:
        """When sound came first, on the monotonic clock."""

    def read(self) -> bytes:
        """What has come since last asked: 16,000 samples of 16 bits a second."""

    def finish(self) -> None:
        """Take what was said up to now, and go on as long as speech does, a little while at most."""

    def stop(self) -> None:
        """Take what has come up to now."""

    def close(self, keep: bool) -> bool:
        """Let the device go and finish the file, or delete it; whether there is a whole one.

        May wait for the disk: from any thread.
        """


class Chime(Protocol):
    """The soft sounds at the start and the end of a dictation. Calls return at once; what cannot be played is not."""

    @property
    def tones_hz(self) -> tuple[int, ...]:
        """The pure tones that the first one is made of, so that they can be taken out of what the microphone hears."""

    def start(self) -> None: ...

    def end(self) -> None: ...

    def close(self) -> None: ...


class Ears(Protocol):
    """The microphone of dictation."""

    def use(self, name: str, pre_roll_ms: int) -> None:
        """Listen with the microphone of that name, or the usual one; with what was said just before, if wanted.

        Loads what it takes, which may take a moment.
        """

    def listen(self, path: Path) -> Speech:
        """Begin at once, into a new file."""

    def tick(self) -> None:
        """To be called now and then where `pre_roll_ms` was given."""

    def close(self) -> None:
        """Let every device go."""


class Scribe(Protocol):
    """Recognises dictations while they are spoken, with a model that is always ready. Calls may come from any thread.

    `run` is the work, on the thread that iterates it. A process that dies is started again and gets everything again.
    """

    def use(self, options: Options | None) -> None:
        """Have the model of these options ready; none at all without."""

    def begin(self, number: int, utterance: Utterance) -> None:
        """Sound will come. The answer is `Read`, or `Unread`."""

    def feed(self, number: int, samples: bytes) -> None:
        """Sound, as `Speech.read` gives it."""

    def end(self, number: int) -> None:
        """That was all of it."""

    def leave(self, number: int) -> None:
        """Nobody waits for it any more."""

    def run(self, stop: StopFlag) -> Iterator[ScribeNews]:
        """Tell what was recognised, until `stop`; the process ends with it."""
