"""Starts, watches and restarts the engine process: the Transcriber, the Inspector and the Drawer, without Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core import errors, events
from desktop.core.jobs import Engine
from desktop.core.media import Media
from desktop.core.names import clock, shown_name
from desktop.core.options import AUTO, Options
from desktop.core.peaks import PeaksPart
from desktop.core.ports import StopFlag, Stopped, Work
from desktop.engine import hardware, protocol
from desktop.engine.child import Child, ChildDied
from desktop.engine.models import Model, Models

StartChild = Callable[[bool], Child]

WAIT_S = 0.1
INSPECTION_S = 180.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the loaded process is good for; another wish needs another process."""

    model: Path
    device: str
    compute_type: str
    is_one_by_one: bool


class EngineClient:
    """Turns files into segments in a process of its own, which it keeps warm between files.

    Calls come from one thread at a time; `close` may come from any.
    """

    def __init__(self, models: Models, start_child: StartChild = Child) -> None:
        self._models = models
        self._start_child = start_child
        self._child: Child | None = None
        self._wanted: _Wanted | None = None
        self._engine = Engine()
        self._numbers: dict[Work, int] = {}
        """What the process was asked to work on ahead, with the numbers of the requests."""
        self._last_number = 0
        self.self_test_ms = 0

    @property
    def child_pid(self) -> int | None:
        """The process at work, if there is one."""
        return self._child.pid if self._child else None

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        """See `Transcriber`. An engine that dies is started again once and goes on from the last `Heard`."""
        died_before = False
        while True:
            try:
                for news in self._attempt(work, stop, upcoming):
                    if isinstance(news, events.Heard):
                        work = replace(work, start_ms=news.heard_ms, language=news.language, bookmark=news.bookmark)
                    yield news
            except ChildDied as death:
                self._forget()
                if stop.is_set():
                    return
                if died_before:
                    raise death.cause from death
                died_before = True
                yield events.Restarted(death.cause)
            else:
                return

    def prove(self, wanted: str, options: Options, stop: StopFlag) -> Engine:
        """Load a model, prove it with its self-test and say where it runs. Raises AppError."""
        options = replace(options, model=wanted)
        for _news in self._ready(self._models.find(wanted), options, stop):
            pass
        return self._engine

    def compute_types(self, stop: StopFlag) -> dict[str, frozenset[str]]:
        """Each device that is there, with the compute types it says it can run. Raises AppError."""
        hello = self._hello(stop)
        return hello.compute_types if hello else {}

    def close(self) -> None:
        """End the process, if there is one; the next call starts another."""
        child = self._child
        self._forget()
        if child:
            child.kill()

    # --- one attempt ---

    def _attempt(self, work: Work, stop: StopFlag, upcoming: Sequence[Work]) -> Iterator[events.News]:
        model = self._models.find(work.options.model)
        if work.options.task == "translate" and not model.can_translate:
            raise errors.CannotTranslate(model=model.name, alternatives=self._models.translators())
        yield from self._ready(model, work.options, stop)
        if self._child is None or stop.is_set():
            return
        yield events.Started(self._engine)
        number = self._asked_for(self._child, work, [one for one in upcoming if _fits(one, work)])
        yield from self._heard(self._child, number, stop)

    def _asked_for(self, child: Child, work: Work, upcoming: Sequence[Work]) -> int:
        """Ask for what was not asked for before, leave what is wanted no longer; the number of the first."""
        wanted = [work, *upcoming]
        for other in set(self._numbers) - set(wanted):
            child.forget(self._numbers.pop(other))
        for one in wanted:
            if one not in self._numbers:
                self._last_number += 1
                self._numbers[one] = self._last_number
                child.send(protocol.Transcribe(self._last_number, one))
        number = self._numbers.pop(work)
        child.send(protocol.Claim(number))
        return number

    def _heard(self, child: Child, number: int, stop: StopFlag) -> Iterator[events.News]:
        finished = False
        try:
            for report in child.reports(stop, number):
                match report:
                    case protocol.Progress(at_ms=at_ms):
                        yield events.Working(at_ms)
                    case protocol.Segments():
                        yield events.Heard(
                            report.segments, report.heard_ms, report.language, report.parts, report.bookmark
                        )
                    case protocol.Done(notes=notes):
                        finished = True
                        yield events.Finished(tuple(errors.AppError.from_record(note) for note in notes))
                    case protocol.Failed(error):
                        finished = True
                        self._leave_the_rest(child)  # it may have failed for them, too: they get a try of their own
                        raise errors.AppError.from_record(error)
                    case protocol.Stopped():
                        finished = True
        finally:
            if not finished:  # it did not stop in time, or the caller went away: it must not work on
                self.close()

    def _leave_the_rest(self, child: Child) -> None:
        for number in self._numbers.values():
            child.forget(number)
        self._numbers.clear()

    # --- a process with the model loaded ---

    def _ready(self, model: Model, options: Options, stop: StopFlag) -> Iterator[events.News]:
        """Walk down the ladder until a device passes its self-test; sets `_child` and `_engine`."""
        wanted = _Wanted(model.path, options.device, options.compute_type, options.mode == "precise")
        if self._child and self._child.is_alive and self._wanted == wanted:
            return
        self.close()
        hello = self._hello(stop)
        if hello is None:
            return
        failures: dict[hardware.Rung, str] = {}
        last: errors.AppError | None = None
        for rung in hardware.ladder(options.device, options.compute_type, hello.compute_types):
            yield events.Loading(model.name, rung.device, rung.compute_type)
            try:
                if not self._loaded(model, rung, wanted.is_one_by_one, stop):
                    return
            except errors.ModelBroken:
                raise
            except errors.AppError as error:
                last, failures[rung] = error, error.said_headline
                self.close()
                continue
            reason = hardware.why(rung, failures, hello.compute_types, options.device != AUTO)
            self._engine = Engine(model.name, rung.device, rung.compute_type, reason, model.is_demo)
            self._wanted = wanted
            return
        assert last is not None
        raise self._none_works(options, last)

    def _loaded(self, model: Model, rung: hardware.Rung, is_one_by_one: bool, stop: StopFlag) -> bool:
        """As `_load`; an engine that is ended from outside while it loads says nothing of the device: once more."""
        try:
            return self._load(model, rung, is_one_by_one, stop)
        except errors.EngineKilled:
            return self._load(model, rung, is_one_by_one, stop)

    def _load(self, model: Model, rung: hardware.Rung, is_one_by_one: bool, stop: StopFlag) -> bool:
        """Whether the model is loaded; False when stopped. Raises AppError also for a process that died of it."""
        try:
            if self._hello(stop) is None or self._child is None:
                return False
            cores = hardware.cpu_threads()
            self._child.send(protocol.Load(model.path, rung.device, rung.compute_type, cores, is_one_by_one))
            for report in self._child.reports(stop):
                match report:
                    case protocol.Loaded(self_test_ms=taken):
                        self.self_test_ms = taken
                        return True
                    case protocol.Failed(error):
                        raise errors.AppError.from_record(error)
        except ChildDied as death:
            self._forget()
            raise death.cause from death
        self.close()
        return False

    def _hello(self, stop: StopFlag) -> protocol.Hello | None:
        if self._child is None:
            self._child = self._start_child(True)
        try:
            hello = self._child.say_hello(stop)
        except ChildDied as death:
            self._forget()
            raise death.cause from death
        if hello is None:
            self._forget()
        return hello

    def _forget(self) -> None:
        self._child = self._wanted = None
        self._numbers.clear()

    @staticmethod
    def _none_works(options: Options, last: errors.AppError) -> errors.AppError:
        if options.device == AUTO and options.compute_type == AUTO:
            return last
        return errors.DeviceUnusable(
            device=options.device, compute_type=options.compute_type, reason=last.said_headline
        )


def _fits(work: Work, present: Work) -> bool:
    """Whether the process that works on the present file can work on this one, too."""
    names = ("model", "device", "compute_type", "task", "mode")
    return all(getattr(work.options, name) == getattr(present.options, name) for name in names)


class FileInspector:
    """Looks into files in a process of its own: a file that crashes FFmpeg costs neither window nor engine."""

    def __init__(self, start_child: StartChild = Child) -> None:
        self._start_child = start_child
        self._child: Child | None = None
        self._one_at_a_time = threading.Lock()

    def inspect(self, source: Path, stop: StopFlag) -> Media:
        """See `Inspector`. The process is started again once when it dies over a file."""
        while not self._one_at_a_time.acquire(timeout=WAIT_S):
            if stop.is_set():
                raise Stopped
        try:
            return self._ask_twice(source, stop)
        finally:
            self._one_at_a_time.release()

    def _ask_twice(self, source: Path, stop: StopFlag) -> Media:
        try:
            return self._ask(source, stop)
        except ChildDied:
            self.close()
        try:
            return self._ask(source, stop)
        except ChildDied as death:
            self.close()
            raise death.cause from death

    def close(self) -> None:
        """End the process, if there is one; the next call starts another."""
        child, self._child = self._child, None
        if child:
            child.kill()

    def _ask(self, source: Path, stop: StopFlag) -> Media:
        if self._child is None or not self._child.is_alive:
            self._child = self._start_child(False)
        if self._child.say_hello(stop) is None:
            self._child = None
            raise Stopped
        self._child.send(protocol.Inspect(source))
        limit = _Limit(stop)
        for report in self._child.reports(limit):
            match report:
                case protocol.Inspected(media):
                    return media
                case protocol.Failed(error):
                    raise errors.AppError.from_record(error)
        self.close()
        if not stop.is_set():
            raise errors.FileVanished(name=shown_name(source), heard=clock(0))
        raise Stopped


class PeaksDrawer:
    """Listens to how loud files are, each in a process of its own that ends with it."""

    def __init__(self, start_child: StartChild = Child) -> None:
        self._start_child = start_child

    def draw(self, source: Path, track: int, stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
        """See `Drawer`."""
        child = self._start_child(False)
        try:
            if child.say_hello(stop) is None:
                return
            child.send(protocol.Draw(source, track))
            for report in child.reports(stop):
                match report:
                    case protocol.Peaks(parts):
                        yield parts
                    case protocol.Failed(error):
                        raise errors.AppError.from_record(error)
        except ChildDied as death:
            raise errors.WaveformMissing(name=shown_name(source)) from death
        finally:
            child.kill()


class _Limit:
    """The caller's stop flag, which sets itself when a drive does not answer."""

    def __init__(self, stop: StopFlag) -> None:
        self._stop = stop
        self._until = time.monotonic() + INSPECTION_S

    def is_set(self) -> bool:
        return self._stop.is_set() or time.monotonic() > self._until

    def wait(self, timeout: float | None = None) -> bool:
        return self._stop.wait(timeout) or self.is_set()
