"""Where a recording goes, and what is kept of it: its job, its marks and gaps, its end; finds what was cut off.

Shared by the window and the command line; knows no Qt.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from os.path import expanduser as expanded  # unlike the one of Path it never raises
from pathlib import Path

from desktop.core import errors
from desktop.core.jobs import Job, JobState
from desktop.core.options import Options
from desktop.core.ports import Inspector, Library, Recorder, Stopped, Take
from desktop.core.recording import Device, Gap, Mark, Recovered, Saved, State, Status, TakeNews, Warned, file_name
from desktop.core.settings import Settings


def folder_of(settings: Settings, usual: Path) -> Path:
    """Where recordings go: `usual` where the settings name no folder."""
    own = settings.recordings_folder
    return Path(expanded(own)) if own else usual


def new_path(folder: Path) -> Path:
    """For a recording that begins now: no file in the folder has this name."""
    try:
        taken = [path.name for path in folder.iterdir()]
    except OSError:
        taken = []  # it is made with the recording
    return folder / file_name(datetime.now(), taken)


def kept(
    take: Take, path: Path, options: Options, devices: Sequence[Device], library: Library, inspector: Inspector
) -> Iterator[TakeNews | Job]:
    """Record, with everything in the library before it is told. The job comes with the first sound, and at the end.

    A library that cannot be written is told of; it never ends the recording.
    """
    job: Job | None = None
    for news in take.run():
        try:
            match news:
                case Status(state=State.RECORDING) if job is None:
                    job = library.add_recording(path, options, devices)
                    yield job
                case Mark() if job:
                    library.keep_mark(job.id, news)
                case Gap() if job:
                    library.keep_gap(job.id, news)
                case Saved() if job:
                    library.finish_recording(job.id, news.lost_samples, news.fitted_samples)
                    job = library.set_media(job, inspector.inspect(path, threading.Event()))
        except errors.AppError as error:
            yield Warned(error)
        yield news
        if isinstance(news, Saved) and job:
            yield job


def found_cut_off(
    library: Library, inspector: Inspector, recorder: Recorder, stop: threading.Event
) -> Iterator[Recovered | Warned]:
    """Recordings that ended with their program: their files repaired, their jobs ready to go on."""
    for job in library.unfinished_recordings():
        if stop.is_set():
            return
        if recorder.is_growing(job.source):
            continue
        try:
            recorder.repair(job.source)
            library.finish_recording(job.id)
        except (errors.FileMissing, errors.NoSound):
            _give_up(job, library)
            continue
        except errors.RecordingUnfinished as error:
            yield Warned(error)  # it is tried again at the next start
        try:
            yield _recovered(job, library, inspector, stop)
        except errors.AppError as error:
            yield Warned(error)
        except Stopped:
            return


def _recovered(job: Job, library: Library, inspector: Inspector, stop: threading.Event) -> Recovered:
    job = library.set_media(job, inspector.inspect(job.source, stop))
    if job.state is JobState.WAITING:
        job = job.stepped(JobState.INTERRUPTED)
        library.save(job)
    said = " ".join(segment.text.strip() for segment in library.transcript(job.id).segments)
    return Recovered(job, job.duration_ms, said)


def _give_up(job: Job, library: Library) -> None:
    """There is no sound any more, or there never was: what was heard all the same stays."""
    if job.heard_ms:
        library.finish_recording(job.id)
    else:
        library.forget(job.id)


def set_aside(job: Job, library: Library) -> Job:
    """A recording that nobody hears as yet: it waits until somebody wants its text."""
    job = replace(job, state=JobState.PAUSED)
    library.save(job)
    return job
