"""One job from its first to its last step: look at the file, hear it, keep what arrives.

Shared by the window's queue and the command line; knows no Qt.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from desktop.core import errors, events
from desktop.core.jobs import Job, JobState
from desktop.core.names import shown_name
from desktop.core.ports import Inspector, Library, StopFlag, Stopped, Transcriber, Work

MOST_AHEAD = 31
MOST_AHEAD_MS = 480_000
"""How much the engine is told of in advance: some batches of short files, or one long one."""


@dataclass(frozen=True, slots=True)
class Step:
    """The job as it stands now, and the news that brought it there."""

    job: Job
    news: events.News | None = None
    position: int = 0
    """Of the first segment of a `Heard` in the transcript."""


def work_on(
    job: Job,
    library: Library,
    inspector: Inspector,
    transcriber: Transcriber,
    stop: StopFlag,
    left_as: Callable[[], JobState],
    upcoming: Sequence[Work] = (),
    is_growing: bool = False,
) -> Iterator[Step]:
    """Run a waiting job from where it was left; the last step has it done, failed, or as `left_as` says after a stop.

    `upcoming` says what is likely to come next, so that short files can be heard together. A file that `is_growing` is
    heard while it is recorded, and looked into when it is whole.

    What is heard is in the library before it is yielded.
    """
    with library.claim(job.id) as is_ours:
        if not is_ours:
            yield Step(replace(job.stepped(JobState.FAILED), error=errors.JobElsewhere(name=shown_name(job.source))))
            return
        kept = library.job(job.id)
        if kept.state is JobState.DONE:  # by another process, since this one last looked
            yield Step(kept)
            return
        job = replace(
            job,
            heard_ms=kept.heard_ms,
            worked_ms=kept.worked_ms,
            language=kept.language,
            coverage=kept.coverage,
            bookmark=kept.bookmark,
        )
        job = replace(job.stepped(JobState.RUNNING), attempts=job.attempts + 1, notes=())
        yield Step(job)
        try:
            library.save(job)
            job = job if is_growing else _looked_at(job, inspector, stop)
            for step in _heard(job, library, transcriber, stop, upcoming, is_growing):
                job = step.job
                if job.state is not JobState.DONE:
                    yield step
            if job.state is not JobState.DONE:
                job = job.stepped(left_as())
            elif is_growing:
                job = _looked_at(job, inspector, stop)
            library.save(job)
        except Stopped:
            job = job.stepped(left_as())
            library.save(job)
        except errors.AppError as error:
            job = _failed(job, error, library)
        yield Step(job)


def _looked_at(job: Job, inspector: Inspector, stop: StopFlag) -> Job:
    """The job with what its file is today: it may have been moved or replaced since it was added."""
    media = inspector.inspect(job.source, stop)
    if job.heard_ms and job.media and job.media.content_hash != media.content_hash:
        raise errors.FileReplaced(name=shown_name(job.source))
    return replace(job, media=media)


def looked_ahead(jobs: Iterable[Job]) -> list[Work]:
    """The first of the jobs that will come, as many as the engine has use for."""
    works: list[Work] = []
    length_ms = 0
    for job in islice(jobs, MOST_AHEAD):
        works.append(work_of(job))
        length_ms += job.duration_ms
        if length_ms >= MOST_AHEAD_MS:
            break
    return works


def work_of(job: Job, is_growing: bool = False) -> Work:
    """What is left of a job for the engine."""
    return Work(job.source, job.options, job.heard_ms, job.language, job.bookmark, is_growing=is_growing)


def _heard(
    job: Job,
    library: Library,
    transcriber: Transcriber,
    stop: StopFlag,
    upcoming: Sequence[Work],
    is_growing: bool,
) -> Iterator[Step]:
    library.save(job)
    began = time.monotonic()
    worked_before_ms = job.worked_ms
    position = 0
    for news in transcriber.transcribe(work_of(job, is_growing), stop, upcoming):
        match news:
            case events.Started(engine):
                began = time.monotonic()  # loading the model is no part of the speed
                job = replace(job, engine=engine)
                library.save(job)
            case events.Heard():
                worked_ms = worked_before_ms + round(1000 * (time.monotonic() - began))
                position = library.append(job.id, news, worked_ms)
                job = replace(
                    job,
                    heard_ms=news.heard_ms,
                    worked_ms=worked_ms,
                    language=news.language,
                    coverage=job.coverage.joined(news.parts),
                    bookmark=news.bookmark,
                )
            case events.Finished(notes):
                job = replace(job.stepped(JobState.DONE), notes=(*notes, *_silence(job, library)))
        yield Step(job, news, position)


def _silence(job: Job, library: Library) -> Iterator[errors.AppError]:
    if not library.transcript(job.id).segments:
        yield errors.NothingSaid(name=shown_name(job.source))


def _failed(job: Job, error: errors.AppError, library: Library) -> Job:
    job = replace(job.stepped(JobState.FAILED), error=error)
    with contextlib.suppress(errors.AppError):  # a full disk: the next start finds the job interrupted, as good
        library.save(job)
    return job
