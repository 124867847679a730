"""Subtitles and transcripts from files into the library, as jobs that are done, or onto a transcript; knows no Qt."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from desktop.core import editing, errors
from desktop.core.document import Edit
from desktop.core.events import Heard
from desktop.core.i18n import mark
from desktop.core.jobs import Engine, Job, JobId, JobState
from desktop.core.media import Media, looks_like_media
from desktop.core.names import shown_name
from desktop.core.options import Options
from desktop.core.ports import Library
from desktop.core.reading import MOST_BYTES, Note, Read, read
from desktop.core.reading.matching import onto
from desktop.core.reading.notes import Notes
from desktop.core.transcript import Transcript

IMPORT = mark("Import subtitles")
"""What the step is called that puts subtitles onto a transcript."""
PUT_BACK = mark("Put back edits")


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that is in the library: its job, and what was odd in it."""

    job: Job
    notes: tuple[Note, ...] = ()


def import_file(
    path: Path,
    library: Library,
    options: Options,
    sound: Path | None = None,
    media: Media | None = None,
) -> Imported:
    """A new job that is done, in the queue, with the cues of the file as they stand there.

    `sound` is what the text belongs to, and becomes the source of the job; `media` is what is known about it. Without
    it there is nothing to play. Raises AppError; the library is then as it was.
    """
    found = opened(path)
    transcript = found.transcript
    heard_ms = max((one.end_ms for one in transcript.segments), default=0)
    # Not in the queue before it is done: should the process end in between, nobody takes it for work to do.
    job = library.add_job((sound or path).absolute(), options, media, queued=False)
    try:
        heard = Heard(transcript.segments, heard_ms, transcript.language, transcript.coverage.parts)
        library.append(job.id, heard, 0)
        engine = Engine(model=transcript.model, is_demo=transcript.is_demo)
        library.save(replace(job.stepped(JobState.RUNNING).stepped(JobState.DONE), engine=engine))
        library.set_queued([job.id], True)
        return Imported(library.job(job.id), found.notes)
    except errors.AppError:
        library.discard(job.id)
        raise


def import_onto(path: Path, transcript: Transcript) -> tuple[Edit, Sequence[Note]]:
    """The step that puts edited subtitles onto a transcript, and what was odd in the file. Raises AppError."""
    found, notes = opened(path), Notes()
    segments = onto(transcript, found.transcript, notes)
    edit = editing.replaced(transcript, 0, len(transcript.segments) - 1, segments, IMPORT)
    return edit, (*found.notes, *notes.all())


def put_back(path: Path, job_id: JobId, library: Library) -> None:
    """Make the text of a job again what it was when a copy of it was saved, as one step. Raises AppError.

    What was heard of the file since then stays behind it.
    """
    copy = opened(path).transcript
    document = library.document(job_id)
    present = document.current
    heard_ms = copy.coverage.parts[-1].end_ms if copy.coverage.parts else inf
    since = [one for one in present.segments if one.start_ms >= heard_ms]
    edit = editing.replaced(present, 0, len(present.segments) - 1, [*copy.segments, *since], PUT_BACK)
    if edit:
        library.keep_edits(job_id, document.did(edit))


def opened(path: Path) -> Read:
    """What a file of subtitles or a transcript holds. Raises AppError."""
    return read(bytes_of(path), str(path))


def bytes_of(path: Path) -> bytes:
    """The content of a file; of one that is too large for text, more than is accepted. Raises AppError."""
    name = shown_name(path)
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise errors.FileMissing(name=name) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise errors.PathTooLong(name=name) from error
        raise errors.FileForbidden(name=name) from error


def sound_of(path: Path) -> Path | None:
    """The audio or video beside a file of subtitles: `talk.mp4` for `talk.srt` and for `talk.en.srt`."""
    stems = {path.stem, path.stem.rpartition(".")[0] or path.stem}
    try:
        beside = sorted(one for one in path.absolute().parent.iterdir() if looks_like_media(one) and one.stem in stems)
    except OSError:
        return None
    return min(beside, key=lambda one: one.stem != path.stem, default=None)
