"""Starts, watches and restarts the engine process: the Transcriber, the Inspector and the Drawer, without Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core import errors, events
from desktop.core.jobs import Engine
from desktop.core.machine import Card
from desktop.core.media import Media
from desktop.core.names import clock, shown_name
from desktop.core.options import AUTO, Options
from desktop.core.peaks import PeaksPart
from desktop.core.ports import StopFlag, Stopped, Work
from desktop.core.tuning import Tuning, Tunings
from desktop.engine import falls, hardware, protocol
from desktop.engine.child import Child, ChildDied
from desktop.engine.falls import Falls
from desktop.engine.hardware import Rung
from desktop.engine.models import Model, Models

StartChild = Callable[[bool, bool], Child]
"""With a model or without, with the graphics cards or without."""

WAIT_S = 0.1
INSPECTION_S = 180.0
PROOF_S = 180.0
"""A card that is newer than the engine has all of its code translated at the first use."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the loaded process is good for; another wish needs another process."""

    model: Path
    device: str
    compute_type: str
    is_one_by_one: bool
    leaves_room: bool
    falls: int
    tunings: Tunings


class EngineClient:
    """Turns files into segments in a process of its own, which it keeps warm between files.

    Calls come from one thread at a time; `close`, `give_way` and `take_fewer` may come from any.
    """

    def __init__(
        self,
        models: Models,
        start_child: StartChild = Child,
        leaves_room: Callable[[], bool] = lambda: False,
        proof_s: float = PROOF_S,
        tunings: Callable[[], Tunings] = Tunings,
        card: str = AUTO,
    ) -> None:
        """`leaves_room` is asked before each file whether other programs come first, `tunings` what was measured.

        `card` is the device where nobody has chosen one: each of several cards has a client of its own.
        """
        self.card = card
        self.cards: tuple[Card, ...] = ()
        """What the last process has found and can use."""
        self._proof_s = proof_s
        self._tunings = tunings
        self._is_short = False
        """Memory is short just now: fewer windows are heard together."""
        self._told_short = False
        """Whether the process knows of it."""
        self._models = models
        self._start_child = start_child
        self._leaves_room = leaves_room
        self._child: Child | None = None
        self._gives_way = False
        self._wanted: _Wanted | None = None
        self._engine = Engine()
        self._rung: Rung | None = None
        """Where the loaded model runs; None while none is loaded."""
        self._at_work: Rung | None = None
        """Where the present job is being heard; None before that has begun."""
        self._falls = Falls()
        self._driver_crash: errors.AppError | None = None
        self._numbers: dict[Work, int] = {}
        """What the process was asked to work on ahead, with the numbers of the requests."""
        self._last_number = 0
        self.self_test_ms = 0

    @property
    def child_pid(self) -> int | None:
        """The process at work, if there is one."""
        return self._child.pid if self._child else None

    @property
    def child(self) -> Child | None:
        """That process, for who talks to it about something else than files."""
        return self._child

    def give_way(self, is_over: bool) -> None:
        """Begin no other window until it is over: somebody dictates. From any thread."""
        self._gives_way = not is_over
        if child := self._child:
            child.tell(protocol.GiveWay(is_over))

    def take_fewer(self, is_short: bool) -> None:
        """Hear fewer windows together, also of the file at work, as long as memory `is_short`."""
        self._is_short = is_short

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        """See `Transcriber`. A way that fails gets another try, then the next one; from the last `Heard` on."""
        course = _Course()
        if work.options.device == AUTO:
            work = replace(work, options=replace(work.options, device=self.card))
        while True:
            try:
                for news in self._attempt(work, stop, upcoming):
                    if isinstance(news, events.Heard):
                        work = replace(work, start_ms=news.heard_ms, language=news.language, bookmark=news.bookmark)
                    yield course.told(news)
                return
            except ChildDied as death:
                if stop.is_set():
                    self._forget()
                    return
                failure = self._failure(course, work, death.cause, has_died=True)
            except errors.AppError as error:
                failure = self._failure(course, work, error, has_died=False)
            yield failure

    def prove(self, wanted: str, options: Options, stop: StopFlag, is_live: bool = False) -> Engine:
        """Load a model, prove it with its self-test and say where it runs. Raises AppError.

        It is then at hand for files with these options, or, `is_live`, for recordings that still go on.
        """
        options = replace(options, model=wanted)
        for _news in self._ready(self._models.find(wanted), options, stop, is_live):
            pass
        return self._engine

    def introduction(self, stop: StopFlag) -> protocol.Hello | None:
        """What the process finds on this machine; None when stopped. Raises AppError."""
        hello = self._hello(stop)
        if hello:
            usable = () if hello.cublas.problem else hello.cards
            self.cards = tuple(card for card in usable if card.device in hello.compute_types)
        if hello and self._driver_crash:
            return replace(hello, cublas=replace(hello.cublas, problem=self._driver_crash.to_record()))
        return hello

    def proof(self, rung: Rung, stop: StopFlag) -> protocol.Proved | None:
        """Let a device give its known answer, in a process that may die of it; None when stopped. Raises AppError."""
        try:
            if self._hello(stop) is None or self._child is None:
                return None
            return self._proved(self._child, rung, stop)
        except ChildDied as death:
            self._forget()
            raise death.cause from death

    def close(self) -> None:
        """End the process, if there is one; the next call starts another."""
        child = self._child
        self._forget()
        if child:
            child.kill()

    # --- what to do about a failure ---

    def _failure(self, course: _Course, work: Work, cause: errors.AppError, has_died: bool) -> events.News:
        """Prepare for the next attempt and say so. Raises the cause when nothing is left to try."""
        rung = self._at_work
        is_of_device = has_died or (rung is not None and rung.is_card and isinstance(cause, falls.OF_THE_DEVICE))
        if rung is None or not is_of_device:
            raise cause
        self.close()
        model = self._models.find(work.options.model).path
        if rung not in course.tried and falls.is_worth_another_try(cause, has_died):
            course.tried.add(rung)
            if isinstance(cause, errors.EngineOutOfMemory):
                self._falls.take_less(model, rung)
            return events.Restarted(cause)
        if not rung.is_card or isinstance(cause, errors.EngineKilled):
            raise cause
        self._falls.leave(model, rung, cause)
        course.left = (work, rung, cause)
        return events.SteppedDown(str(rung), cause)

    # --- one attempt ---

    def _attempt(self, work: Work, stop: StopFlag, upcoming: Sequence[Work]) -> Iterator[events.News]:
        self._at_work = None
        model = self._models.find(work.options.model)
        if work.options.task == "translate" and not model.can_translate:
            raise errors.CannotTranslate(model=model.name, alternatives=self._models.translators())
        yield from self._ready(model, work.options, stop, work.is_growing)
        if self._child is None or stop.is_set():
            return
        self._at_work = self._rung
        yield events.Started(self._engine)
        self._child.tell(protocol.GiveWay(not self._gives_way))
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
            self._tell_shortage(child)
            for report in child.reports(stop, number):
                self._tell_shortage(child)
                match report:
                    case protocol.Progress(at_ms=at_ms):
                        yield events.Working(at_ms)
                    case protocol.Segments():
                        yield events.Heard(
                            report.segments, report.heard_ms, report.language, report.parts, report.bookmark
                        )
                    case protocol.Preview():
                        yield events.Preview(report.start_ms, report.text, report.stable, report.speaker)
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

    def _tell_shortage(self, child: Child) -> None:
        if self._is_short is not self._told_short and self._rung:
            self._told_short = self._is_short
            few = falls.FEW_ON_CARD if self._rung.is_card else falls.FEW_ON_PROCESSOR
            child.send(protocol.Limit(few if self._told_short else 0))

    def _leave_the_rest(self, child: Child) -> None:
        for number in self._numbers.values():
            child.forget(number)
        self._numbers.clear()

    # --- a process with the model loaded ---

    def _ready(self, model: Model, options: Options, stop: StopFlag, is_live: bool = False) -> Iterator[events.News]:
        """Walk down the ladder until a device passes its self-test; sets `_child`, `_rung` and `_engine`."""
        wanted = self._wish(model, options, is_live)
        if self._child and self._child.is_alive and self._wanted == wanted:
            return
        self.close()
        hello = self.introduction(stop)
        if hello is None:
            return
        failures: dict[Rung, errors.AppError] = {}
        for rung in _tuned_first(self._ways(model, options, hello), wanted.tunings, options, hello):
            if falls.is_hopeless(rung, failures):
                continue
            yield events.Loading(model.name, rung.device, rung.compute_type)
            try:
                if not self._loaded(model, rung, wanted, stop):
                    return
            except errors.ModelBroken:
                raise
            except errors.AppError as error:
                failures[rung] = error
                self.close()
                continue
            self._engine = Engine(
                model.name,
                rung.device,
                rung.compute_type,
                self._reason(model, options, hello, rung, failures),
                model.is_demo,
                self._measured(rung, wanted, hello),
            )
            self._wanted, self._rung = wanted, rung
            return
        raise self._none_works(options, next(reversed(failures.values())))

    def _wish(self, model: Model, options: Options, is_live: bool) -> _Wanted:
        is_one_by_one = is_live or options.mode == "precise"
        room = self._leaves_room()
        tunings = self._tunings().of_model(model.name, model.size)
        how = (options.device, options.compute_type, is_one_by_one)
        return _Wanted(model.path, *how, room, self._falls.count, tunings)

    def _ways(self, model: Model, options: Options, hello: protocol.Hello) -> tuple[Rung, ...]:
        """What is to be tried, best first. Raises AppError when what was asked for is known not to work."""
        supported = hello.compute_types
        if problem := hello.cublas.error:
            if options.device != AUTO and hardware.is_card(options.device):
                raise problem
            supported = {"cpu": supported["cpu"]}
        ways = hardware.ladder(options.device, options.compute_type, supported)
        # What was asked for may have failed at work: that job is to go on all the same.
        return self._falls.remaining(model.path, ways) or hardware.ladder("cpu", AUTO, supported)

    def _reason(
        self,
        model: Model,
        options: Options,
        hello: protocol.Hello,
        rung: Rung,
        failures: Mapping[Rung, errors.AppError],
    ) -> str:
        said = {one: error.said_headline for one, error in failures.items()}
        problem = hello.cublas.error.said_headline if hello.cublas.error else ""
        left = self._falls.left(model.path)
        return hardware.why(rung, said, hello.compute_types, options.device != AUTO, problem, left)

    def _loaded(self, model: Model, rung: Rung, wanted: _Wanted, stop: StopFlag) -> bool:
        """As `_load`; an engine that is ended from outside while it loads says nothing of the device: once more."""
        try:
            return self._load(model, rung, wanted, stop)
        except errors.EngineKilled:
            return self._load(model, rung, wanted, stop)

    def _load(self, model: Model, rung: Rung, wanted: _Wanted, stop: StopFlag) -> bool:
        """Whether the model is loaded; False when stopped. Raises AppError also for a process that died of it."""
        try:
            if self._hello(stop) is None or self._child is None:
                return False
            if self._proved(self._child, rung, stop) is None:
                return False
            self._child.send(self._load_request(model, rung, wanted, _tuning(rung, wanted.tunings, self._child.hello)))
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

    @staticmethod
    def _measured(rung: Rung, wanted: _Wanted, hello: protocol.Hello) -> float:
        """How fast the rung is, as far as that was measured for work of this kind."""
        tuning = _tuning(rung, wanted.tunings, hello)
        return tuning.factor if tuning and not (wanted.is_one_by_one or wanted.leaves_room) else 0.0

    def _load_request(self, model: Model, rung: Rung, wanted: _Wanted, tuning: Tuning | None) -> protocol.Load:
        setup = tuning.setup if tuning else None
        cores = setup.workers * setup.threads if setup else hardware.cpu_threads()
        return protocol.Load(
            model.path,
            rung.device,
            rung.compute_type,
            hardware.with_room(cores) if wanted.leaves_room else cores,
            wanted.is_one_by_one,
            self._falls.most_windows(model.path, rung),
            wanted.leaves_room,
            setup.workers if setup else 0,
            setup.windows if setup else 0,
        )

    def _proved(self, child: Child, rung: Rung, stop: StopFlag) -> protocol.Proved | None:
        """The known answer of a device; None when stopped. Raises AppError, or ChildDied."""
        child.send(protocol.Prove(rung.device, rung.compute_type))
        for report in child.reports(_Limit(stop, self._proof_s)):
            match report:
                case protocol.Proved():
                    return report
                case protocol.Failed(error):
                    raise errors.AppError.from_record(error)
        self.close()
        if not stop.is_set():
            raise errors.EngineSilent
        return None

    def _hello(self, stop: StopFlag) -> protocol.Hello | None:
        if self._child is None:
            self._child = self._start_child(True, self._driver_crash is None)
        try:
            hello = self._child.say_hello(stop)
        except ChildDied as death:
            self._forget()
            if self._driver_crash or isinstance(death.cause, errors.EngineKilled):
                raise death.cause from death
            # It has done nothing yet but look for cards: once more without looking.
            self._driver_crash = errors.DriverCrashed(reason=death.cause.said_headline)
            return self._hello(stop)
        if hello is None:
            self._forget()
        return hello

    def _forget(self) -> None:
        self._child = self._wanted = self._rung = None
        self._told_short = False
        self._numbers.clear()

    @staticmethod
    def _none_works(options: Options, last: errors.AppError) -> errors.AppError:
        if options.device == AUTO and options.compute_type == AUTO:
            return last
        return errors.DeviceUnusable(
            device=options.device, compute_type=options.compute_type, reason=last.said_headline
        )


def _tuning(rung: Rung, tunings: Tunings, hello: protocol.Hello | None) -> Tuning | None:
    """What was measured for exactly this way on this piece of hardware."""
    found = tunings.on(rung.device, hardware.name_of(rung.device, hello.cards)) if hello else None
    return found if found and found.setup and found.setup.compute_type == rung.compute_type else None


def _tuned_first(ways: Sequence[Rung], tunings: Tunings, options: Options, hello: protocol.Hello) -> Sequence[Rung]:
    """Of the ways on each device, the one that was measured to be the fastest comes first, if nobody chose another."""
    if options.compute_type != AUTO:
        return ways
    devices = list(dict.fromkeys(rung.device for rung in ways))
    return sorted(ways, key=lambda rung: (devices.index(rung.device), _tuning(rung, tunings, hello) is None))


def _fits(work: Work, present: Work) -> bool:
    """Whether the process that works on the present file can work on this one, too."""
    names = ("model", "device", "compute_type", "task", "mode")
    return all(getattr(work.options, name) == getattr(present.options, name) for name in names)


class _Course:
    """What happened to one job on its way, and what is to be said of it at its end."""

    def __init__(self) -> None:
        self.tried: set[Rung] = set()
        """The ways that had another try."""
        self.left: tuple[Work, Rung, errors.AppError] | None = None
        self._notes: tuple[errors.AppError, ...] = ()

    def told(self, news: events.News) -> events.News:
        """The news; with the last ones come the notes."""
        if isinstance(news, events.Started) and self.left:
            work, rung, cause = self.left
            self.left = None
            note = errors.SteppedDown(
                name=shown_name(work.source),
                left=str(rung),
                at=clock(work.start_ms),
                reason=cause.said_headline.rstrip("."),
                now=str(news.engine),
            )
            self._notes = (*self._notes, note)
        return replace(news, notes=(*news.notes, *self._notes)) if isinstance(news, events.Finished) else news


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
            self._child = self._start_child(False, False)
        if self._child.say_hello(stop) is None:
            self._child = None
            raise Stopped
        self._child.send(protocol.Inspect(source))
        limit = _Limit(stop, INSPECTION_S)
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
        child = self._start_child(False, False)
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
    """The caller's stop flag, which sets itself when a drive or a driver does not answer."""

    def __init__(self, stop: StopFlag, seconds: float) -> None:
        self._stop = stop
        self._until = time.monotonic() + seconds

    def is_set(self) -> bool:
        return self._stop.is_set() or time.monotonic() > self._until

    def wait(self, timeout: float | None = None) -> bool:
        return self._stop.wait(timeout) or self.is_set()
