"""`undertone record`: the recorder without a window; with --live the text as it is spoken."""

from __future__ import annotations

import argparse
import queue
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from desktop import cli
from desktop.cli.place import Place
from desktop.core import errors, events
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobState
from desktop.core.names import clock, rough_duration, shown_path
from desktop.core.options import Options
from desktop.core.ports import Microphones, Take
from desktop.core.recording import (
    SUFFIX,
    Device,
    Gap,
    Level,
    Saved,
    SourceKind,
    State,
    Status,
    TakeNews,
    Warned,
    chosen,
    decibels,
)
from desktop.core.transcript import DEMO_MODEL
from desktop.engine.child import child_at_once
from desktop.engine.client import EngineClient, FileInspector
from desktop.services.keeping import folder_of, kept, new_path, set_aside
from desktop.services.transcription import Step, work_on
from desktop.store.library import Library
from desktop.system.awake import WakepyAwake
from desktop.system.microphones import SystemMicrophones, no_system_sound
from desktop.system.recorder import SystemRecorder

LOOK_EVERY_S = 0.1
METER_CELLS = 12
METER_FLOOR_DB = -60.0
CLEAR_LINE = "\r\x1b[K"

News = TakeNews | Job | Step


def run_record(arguments: argparse.Namespace) -> int:
    """Record until Ctrl+C, --duration, or a full disk; lists the devices instead with --list."""
    microphones = SystemMicrophones()
    try:
        if arguments.list:
            return _list(microphones)
        place = Place.of_the_user()
        devices = _devices(arguments, place, microphones.devices())
        path = _path(arguments, place)
        options = place.settings.record_options()
        if arguments.language:
            options = replace(options, language=arguments.language)
        if arguments.live or arguments.model:
            options = replace(options, model=place.models.resolve(arguments.model or options.model))
        library = place.library()
    except errors.AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    take = SystemRecorder(microphones).take(devices, path)
    run = _Run(
        arguments, take, path, devices, options, library, EngineClient(place.models, child_at_once), FileInspector()
    )
    try:
        with _stopped_by_signals(run):
            return run.all()
    finally:
        run.close()


def _list(microphones: Microphones) -> int:
    kinds = {SourceKind.MICROPHONE: _("microphone"), SourceKind.SYSTEM: _("system")}
    for device in sorted(microphones.devices(), key=lambda one: (one.kind, not one.is_default)):
        star = "*" if device.is_default else " "
        form = f"{device.sample_rate_hz} Hz × {device.channels}"
        print(f"{star} {kinds[device.kind]:<11}  {form:<13}  {device.name}")
    return cli.DONE


def _devices(arguments: argparse.Namespace, place: Place, there: Sequence[Device]) -> list[Device]:
    """What the command line names, else what the settings remember, else the defaults. Raises AppError."""
    devices = []
    if arguments.device:
        devices.append(_named(arguments.device, there))
    elif arguments.microphone:
        microphone = chosen(there, SourceKind.MICROPHONE, place.settings.microphone)
        if microphone is None:
            raise errors.NoMicrophone
        devices.append(microphone)
    if arguments.system and not any(device.kind is SourceKind.SYSTEM for device in devices):
        system = chosen(there, SourceKind.SYSTEM, place.settings.system_sound)
        if system is None:
            raise no_system_sound()
        devices.append(system)
    if not devices:
        raise errors.BadOption(
            option="--no-microphone", value=_("nothing to record"), possible=_("--no-microphone --system")
        )
    return devices


def _named(name: str, there: Sequence[Device]) -> Device:
    """The device of that name, or the only one whose name holds it; a microphone before a loudspeaker."""
    wanted = name.casefold()
    for kind in (SourceKind.MICROPHONE, SourceKind.SYSTEM):
        of_kind = [device for device in there if device.kind is kind]
        same = [device for device in of_kind if device.name.casefold() == wanted]
        like = [device for device in of_kind if wanted in device.name.casefold()]
        if same or len(like) == 1:
            return (same or like)[0]
    raise errors.SoundDeviceMissing(name=name, known=", ".join(device.name for device in there) or _("nothing"))


def _path(arguments: argparse.Namespace, place: Place) -> Path:
    if not arguments.output:
        return new_path(folder_of(place.settings, place.paths.recordings))
    path: Path = arguments.output.absolute()
    if path.suffix.lower() != SUFFIX:
        possible = _("a name that ends with {suffix}").format(suffix=SUFFIX)
        raise errors.BadOption(option="--output", value=str(arguments.output), possible=possible)
    if path.exists() and not arguments.overwrite:
        raise errors.OutputExists(name=shown_path(arguments.output))
    return path


class _Run:
    """One recording. Sound and text are worked on by two threads; what they tell is printed by the main one."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        take: Take,
        path: Path,
        devices: Sequence[Device],
        options: Options,
        library: Library,
        engine: EngineClient,
        inspector: FileInspector,
    ) -> None:
        self._is_live = arguments.live
        self._ends_at_ms = round(1000 * arguments.duration) if arguments.duration else 0
        self._quiet = arguments.quiet
        self._take = take
        self._path = path
        self._devices = devices
        self._options = options
        self._library = library
        self._engine = engine
        self._inspector = inspector
        self._awake = WakepyAwake()
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._stop_text = threading.Event()
        self._is_stopped = False
        self._pool = ThreadPoolExecutor(3, "record")
        self._sound: Future[None] | None = None
        self._text: Future[None] | None = None
        self._job: Job | None = None
        self._saved: Saved | None = None
        self._silent: tuple[str, ...] = ()
        self._heard_ms = 0
        self._has_line = False
        self._draws = not arguments.quiet and sys.stderr.isatty()

    def stop(self) -> None:
        """End the recording; a second time: do not wait for the text either."""
        if self._is_stopped:
            self._stop_text.set()
        self._is_stopped = True
        self._take.stop()

    def all(self) -> int:
        """The exit status of the command."""
        recorded = kept(self._take, self._path, self._options, self._devices, self._library, self._inspector)
        self._sound = self._pool.submit(self._pass_on, recorded)
        status = cli.DONE
        while not (self._sound.done() and (self._text is None or self._text.done()) and self._news.empty()):
            with suppress(queue.Empty):
                self._show(self._news.get(timeout=LOOK_EVERY_S))
        for done in (self._sound, self._text):
            try:
                if done:
                    done.result()
            except errors.AppError as error:
                self._say(str(error))
                status = cli.SOME_FAILED
        return self._end(status)

    def close(self) -> None:
        """Whatever has happened: the file is closed, the processes end."""
        self._take.stop()
        self._stop_text.set()
        self._pool.shutdown(wait=True)
        self._engine.close()
        self._inspector.close()
        self._library.close()
        self._awake.release()

    def _pass_on(self, news: Iterator[News]) -> None:
        for one in news:
            self._news.put(one)

    def _end(self, status: int) -> int:
        self._clear_line()
        job = self._job
        if job is None:
            return status
        with suppress(errors.AppError):
            job = self._library.job(job.id)
            if job.state is JobState.WAITING:
                job = set_aside(job, self._library)
            self._library.set_queued([job.id], True)
        if self._saved and not self._quiet:
            length = clock(self._saved.duration_ms)
            self._say(_("Recorded {length}: {path}").format(length=length, path=shown_path(self._path)))
        if job.error:
            self._say(str(job.error))
            return cli.SOME_FAILED
        if self._is_live and job.state is not JobState.DONE and status == cli.DONE:
            self._say(_("Text up to {at} is kept.").format(at=clock(job.heard_ms)))
            return cli.INTERRUPTED
        return status

    # --- news ---

    def _show(self, news: News) -> None:
        match news:
            case Status():
                self._show_status(news)
            case Job():
                self._begin(news)
            case Step():
                self._show_step(news)
            case Warned(error):
                self._say(str(error))
            case Gap(at_ms=at_ms):
                self._say(f"{clock(at_ms)}  {news.said}")
            case Saved():
                self._saved = news

    def _begin(self, job: Job) -> None:
        if self._job is None and self._is_live:
            steps = work_on(
                job,
                self._library,
                self._inspector,
                self._engine,
                self._stop_text,
                lambda: JobState.INTERRUPTED,
                is_growing=True,
            )
            self._text = self._pool.submit(self._pass_on, steps)
        if self._job is None:
            self._pool.submit(self._awake.hold)  # the system may take its time to answer
        self._job = job

    def _show_step(self, step: Step) -> None:
        match step.news:
            case events.Started(engine) if engine.is_demo:
                self._say(_(DEMO_MODEL))
            case events.Working(at_ms):
                self._heard_ms = max(self._heard_ms, at_ms)
            case events.Heard(segments, heard_ms):
                self._heard_ms = max(self._heard_ms, heard_ms)
                self._clear_line()
                for segment in segments:
                    if not segment.suspect:
                        print(f"{segment.speaker}: {segment.text}" if segment.speaker else segment.text, flush=True)
            case events.Restarted(cause):
                self._say(cause.said_headline)

    def _show_status(self, status: Status) -> None:
        if self._ends_at_ms and status.elapsed_ms >= self._ends_at_ms and not self._is_stopped:
            self.stop()
        for name in status.silent:
            if name not in self._silent:
                self._say(_("No sound from “{name}”. “undertone record --list” shows others.").format(name=name))
        self._silent = status.silent
        if self._draws:
            self._draw(status)

    def _draw(self, status: Status) -> None:
        sign = "●" if status.state is State.RECORDING else "…"
        parts = [f"{sign} {clock(status.elapsed_ms)}", *map(_meter, status.levels)]
        if status.is_disk_low:
            parts.append(_("room for {lasts}").format(lasts=rough_duration(status.lasts_ms / 1000)))
        if status.lost_samples:
            parts.append(_("{count} samples lost").format(count=status.lost_samples))
        if self._is_live and status.elapsed_ms:
            parts.append(
                _("text {seconds} s behind").format(seconds=max(0, status.elapsed_ms - self._heard_ms) // 1000)
            )
        line = "  ".join(parts)[: shutil.get_terminal_size().columns - 1]
        print(f"{CLEAR_LINE}{line}", end="", file=sys.stderr, flush=True)
        self._has_line = True

    def _say(self, sentence: str) -> None:
        self._clear_line()
        print(sentence, file=sys.stderr, flush=True)

    def _clear_line(self) -> None:
        if self._has_line:
            print(CLEAR_LINE, end="", file=sys.stderr, flush=True)
            self._has_line = False


def _meter(level: Level) -> str:
    def cells(part: float) -> int:
        return round(METER_CELLS * (1 - max(decibels(part), METER_FLOOR_DB) / METER_FLOOR_DB))

    full, held = cells(level.peak), cells(level.held_peak)
    bar = "".join("▮" if at < full else "│" if at == held - 1 else "·" for at in range(METER_CELLS))
    return f"{bar}{'!' if level.is_clipping else ' '}"


@contextmanager
def _stopped_by_signals(run: _Run) -> Iterator[None]:
    """Ctrl+C, and a polite request to end, end the recording; again: without waiting for the text."""
    before = {number: signal.signal(number, lambda *_: run.stop()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
