"""`undertone transcribe`: files in, text out, resumable."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from desktop import cli
from desktop.cli.output import JsonOutput, Output, TextOutput
from desktop.cli.place import Place
from desktop.core import errors, events
from desktop.core.formats import WriteOptions
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobId, JobState
from desktop.core.names import shown_name
from desktop.core.options import Options
from desktop.core.ports import Stopped, Work
from desktop.core.rules import Rules
from desktop.engine.client import EngineClient, FileInspector
from desktop.services.intake import Intake
from desktop.services.transcription import looked_ahead, work_on
from desktop.store.exports import Exports
from desktop.store.library import Library
from desktop.store.style_file import style_of


def run_transcribe(arguments: argparse.Namespace) -> int:
    """Transcribe what is named, one file after the other; a file that fails does not stop the rest."""
    output = _output(arguments)
    try:
        place = Place.of_the_user()
        options = chosen_options(arguments, place)
        library = place.library()
    except errors.AppError as error:
        output.failed(None, error)
        return cli.SOME_FAILED
    stop = threading.Event()
    with _interruptible(stop):
        style = style_of(place.settings, place.paths.style_file)
        run = _Run(arguments, options, style, library, place.engine(), FileInspector(), output, stop)
        try:
            return run.all_files()
        finally:
            run.close()


def _output(arguments: argparse.Namespace) -> Output:
    if arguments.json_progress:
        return JsonOutput()
    return TextOutput(arguments.quiet, not arguments.format, arguments.suspects)


def chosen_options(arguments: argparse.Namespace, place: Place) -> Options:
    """The settings, with what the command line says instead. Raises AppError for a model that cannot be used."""
    given = {
        "language": arguments.language,
        "task": arguments.task,
        "device": arguments.device,
        "compute_type": arguments.compute_type,
        "audio_track": arguments.audio_track,
        "beam_size": arguments.beam_size,
        "temperatures": arguments.temperature,
        "max_new_tokens": arguments.max_new_tokens,
        "vad": arguments.vad,
        "mode": arguments.mode,
        "languages": arguments.languages,
        "prompt": arguments.prompt,
        "hotwords": arguments.hotwords,
        "batch_size": arguments.batch_size,
    }
    options = replace(place.settings.options(), **{name: value for name, value in given.items() if value is not None})
    return replace(options, model=place.models.resolve(arguments.model or options.model))


class _Run:
    """All files of one command."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        options: Options,
        style: Rules,
        library: Library,
        engine: EngineClient,
        inspector: FileInspector,
        output: Output,
        stop: threading.Event,
    ) -> None:
        self._again = arguments.again
        self._paths = arguments.paths
        self._formats = arguments.format
        how = WriteOptions(arguments.word_timestamps, arguments.suspects, style)
        self._exports = Exports(arguments.output_dir, arguments.collision, how)
        self._options = options
        self._library = library
        self._engine = engine
        self._inspector = inspector
        self._output = output
        self._stop = stop
        self._made_ahead: set[JobId] = set()

    def all_files(self) -> int:
        """The exit status of the command."""
        intake = Intake(self._paths)
        files = list(intake.files())
        failures = len(intake.refused)
        for refused in intake.refused:
            self._output.failed(None, refused)
        if sentence := intake.left_out_sentence():
            self._output.note(sentence)
        ahead = _Ahead(files, self._job_for)
        for number, path in enumerate(files, 1):
            self._output.begin(path, number, len(files))
            try:
                failures += not self._file(path, ahead)
            except errors.AppError as error:
                failures += 1
                self._output.failed(path, error)
            except Stopped:
                pass
            if self._stop.is_set():
                return cli.INTERRUPTED
        return cli.SOME_FAILED if failures else cli.DONE

    def close(self) -> None:
        """End the processes and close the library; jobs that were only looked ahead to are forgotten."""
        self._engine.close()
        self._inspector.close()
        with suppress(errors.AppError):
            for job_id in self._made_ahead:
                self._library.discard(job_id)
        self._library.close()

    def _file(self, path: Path, ahead: _Ahead) -> bool:
        """Whether the file has its text. Raises AppError."""
        job = self._as_it_is_now(ahead.job(path))
        self._made_ahead.discard(job.id)
        if job.engine.is_demo:
            self._output.demo_model()
        if job.heard_ms:
            self._output.known(job, self._library.transcript(job.id))
        if job.state is not JobState.DONE:
            job = self._work_on(job, ahead.works(path))
        if job.error:
            raise job.error
        if job.state is not JobState.DONE:
            self._output.interrupted(job)
            return True
        written = [self._exports.export(job.source, self._library.transcript(job.id), name) for name in self._formats]
        self._output.done(job, [one for one in written if one])
        return True

    def _job_for(self, path: Path) -> Job:
        """A finished or begun job on the same sound with the same options, else a new one."""
        media = self._inspector.inspect(path, self._stop)
        twins = [] if self._again else self._library.twins(media, self._options)
        for twin in sorted(twins, key=lambda job: job.state is not JobState.DONE)[:1]:
            if twin.state is JobState.DONE:
                return replace(twin, source=path)
            with self._library.claim(twin.id) as is_free:
                if not is_free:
                    raise errors.JobElsewhere(name=shown_name(path))
                latest = self._library.job(twin.id)  # whoever had it a moment ago may have finished it
                return _waiting(replace(latest, source=path, options=self._options))
        job = self._library.add_job(path, self._options, media, queued=False)
        self._made_ahead.add(job.id)
        return job

    def _as_it_is_now(self, job: Job) -> Job:
        """Two names of one sound share a job, and the first may be done with it since the second was looked into."""
        return _waiting(replace(self._library.job(job.id), source=job.source, options=job.options))

    def _work_on(self, job: Job, upcoming: Sequence[Work]) -> Job:
        steps = work_on(
            job, self._library, self._inspector, self._engine, self._stop, lambda: JobState.INTERRUPTED, upcoming
        )
        for step in steps:
            job = step.job
            match step.news:
                case events.Loading(model, device, compute_type):
                    self._output.loading(model, device, compute_type)
                case events.Started(engine):
                    self._output.started(job, engine)
                case events.Working(at_ms):
                    self._output.progress(job, at_ms)
                case events.Heard(segments=segments):
                    self._output.heard(job, segments)
                case events.Restarted(cause):
                    goes_on = _("{cause} It was started again and goes on.")
                    self._output.note(goes_on.format(cause=cause.said_headline))
                case events.SteppedDown(left, cause):
                    next_way = _("{left}: {cause} The next way to compute goes on.")
                    self._output.note(next_way.format(left=left, cause=cause.said_headline))
        return job


def _waiting(job: Job) -> Job:
    """The job ready to go on; it is kept so once it has been claimed."""
    return job if job.state in (JobState.DONE, JobState.WAITING) else job.stepped(JobState.WAITING)


class _Ahead:
    """The jobs of some files more than the present one: short files are heard together."""

    def __init__(self, paths: Sequence[Path], job_for: Callable[[Path], Job]) -> None:
        self._paths = list(paths)
        self._job_for = job_for
        self._jobs: dict[Path, Job | errors.AppError] = {}

    def job(self, path: Path) -> Job:
        """The job of a file. Raises the AppError that making it raised, or Stopped."""
        if isinstance(self._jobs.get(path), errors.AppError):  # some files ago: it may be all right by now
            del self._jobs[path]
        found = self._looked_into(path)
        if isinstance(found, errors.AppError):
            raise found
        return found

    def works(self, path: Path) -> list[Work]:
        """What comes after a file."""
        later = map(self._looked_into, self._paths[self._paths.index(path) + 1 :])
        return looked_ahead(job for job in later if isinstance(job, Job) and job.state is not JobState.DONE)

    def _looked_into(self, path: Path) -> Job | errors.AppError:
        if path not in self._jobs:
            try:
                self._jobs[path] = self._job_for(path.absolute())
            except errors.AppError as error:
                self._jobs[path] = error
        return self._jobs[path]


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[None]:
    """Ctrl+C, and a polite request to end, stop the work at its next step; what was heard is kept."""
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
