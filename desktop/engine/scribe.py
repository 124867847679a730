"""Keeps a process with the model for dictation, and what is spoken until it is text: the Scribe port, without Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from desktop.core import errors
from desktop.core.dictated import (
    ModelLoading,
    ModelReady,
    ModelUnusable,
    Read,
    ScribeNews,
    Sketched,
    Unread,
    Utterance,
)
from desktop.core.errors import AppError
from desktop.core.options import Options
from desktop.core.ports import StopFlag
from desktop.engine import protocol
from desktop.engine.child import Child, ChildDied, child_at_once
from desktop.engine.client import EngineClient, StartChild
from desktop.engine.models import Models

LOOK_EVERY_S = 0.1
TRIES = 2
"""A dictation over which the engine dies twice is not given to it a third time."""


@dataclass(eq=False)
class _Take:
    """One dictation, with all of its sound until it is text."""

    utterance: Utterance
    sound: list[bytes] = field(default_factory=list)
    is_ended: bool = False
    tries: int = 0


class Scribe:
    """The process does not give way to other programs: somebody waits for every word."""

    def __init__(self, models: Models, start_child: StartChild = child_at_once) -> None:
        self._start = start_child
        self._models = models
        self._wanted: Options | None = None
        self._loaded: Options | None = None
        self._child: Child | None = None
        self._takes: dict[int, _Take] = {}
        self._lock = threading.RLock()
        self._changed = threading.Event()

    # --- from any thread ---

    def use(self, options: Options | None) -> None:
        """Have the model of these options ready; none at all without."""
        with self._lock:
            self._wanted = options
            self._changed.set()

    def begin(self, number: int, utterance: Utterance) -> None:
        """Sound will come."""
        with self._lock:
            self._takes[number] = _Take(utterance)
            self._tell(protocol.Listen(number, utterance))
            self._changed.set()

    def feed(self, number: int, samples: bytes) -> None:
        """Sound; it is kept until it is text, for a process that has to begin again."""
        with self._lock:
            if (take := self._takes.get(number)) and samples:
                take.sound.append(samples)
                self._tell(protocol.Sound(number, samples))

    def end(self, number: int) -> None:
        """That was all of it."""
        with self._lock:
            if take := self._takes.get(number):
                take.is_ended = True
                self._tell(protocol.SoundEnds(number))

    def leave(self, number: int) -> None:
        """Nobody waits for it any more."""
        with self._lock:
            if self._takes.pop(number, None):
                self._tell(protocol.Stop(number))

    @property
    def child_pid(self) -> int | None:
        """The process at work, if there is one."""
        return self._child.pid if self._child else None

    def _tell(self, request: protocol.Request) -> None:
        if self._child:
            self._child.tell(request)

    # --- the work ---

    def run(self, stop: StopFlag) -> Iterator[ScribeNews]:
        """Tell what was recognised, until `stop`; the process ends with it."""
        client = EngineClient(self._models, self._start)
        try:
            while not stop.is_set():
                self._changed.clear()
                if (wanted := self._wanted) is None:
                    self._let_go(client)
                    yield from self._refused(errors.DictationOff())
                    self._changed.wait(LOOK_EVERY_S)
                    continue
                try:
                    yield from self._served(client, wanted, stop)
                except ChildDied as death:
                    self._let_go(client)
                    yield from self._survived(death.cause)
        finally:
            self._let_go(client)

    def _served(self, client: EngineClient, wanted: Options, stop: StopFlag) -> Iterator[ScribeNews]:
        """Load the model and hear dictations with it until another is wanted. Raises ChildDied."""
        if self._child is None or self._loaded != wanted:
            self._let_go(client)
            yield ModelLoading()
            try:
                engine = client.prove(wanted.model, wanted, _Any(stop, lambda: self._wanted != wanted), is_live=True)
            except AppError as error:
                yield ModelUnusable(error)
                yield from self._refused_until_changed(error, wanted, stop)
                return
            if client.child is None:  # stopped
                return
            yield ModelReady(engine)
            self._take_over(client.child, wanted)
        child = self._child
        while child and not stop.is_set() and self._wanted == wanted:
            report = child.report()
            match report:
                case protocol.Preview(number=number, text=text):
                    yield Sketched(number, text)
                case Read(number):
                    if self._is_done(number):
                        yield report
                case protocol.Failed(record, number):
                    yield from self._failed(number, AppError.from_record(record))

    def _take_over(self, child: Child, wanted: Options) -> None:
        """Give it all that was said so far and is no text yet."""
        with self._lock:
            self._child, self._loaded = child, wanted
            for number, take in self._takes.items():
                take.tries += 1
                self._tell(protocol.Listen(number, take.utterance))
                for samples in take.sound:
                    self._tell(protocol.Sound(number, samples))
                if take.is_ended:
                    self._tell(protocol.SoundEnds(number))

    def _let_go(self, client: EngineClient) -> None:
        with self._lock:
            self._child = self._loaded = None
        client.close()

    def _is_done(self, number: int) -> bool:
        with self._lock:
            return self._takes.pop(number, None) is not None

    def _failed(self, number: int, error: AppError) -> Iterator[Unread]:
        if self._is_done(number):
            yield Unread(number, error)

    def _survived(self, cause: AppError) -> Iterator[Unread]:
        """What was under way gets another try, unless it had that."""
        with self._lock:
            given_up = [number for number, take in self._takes.items() if take.tries >= TRIES]
        for number in given_up:
            yield from self._failed(number, cause)

    def _refused(self, error: AppError) -> Iterator[Unread]:
        for number in list(self._takes):
            yield from self._failed(number, error)

    def _refused_until_changed(self, error: AppError, wanted: Options, stop: StopFlag) -> Iterator[ScribeNews]:
        """No dictation can be heard; with the next one the model gets another try."""
        yield from self._refused(error)
        while not stop.is_set() and self._wanted == wanted and not self._takes:
            self._changed.clear()
            self._changed.wait(LOOK_EVERY_S)


@dataclass(frozen=True, slots=True)
class _Any:
    """Stops when the flag does, and in another case."""

    stop: StopFlag
    other: Callable[[], bool]

    def is_set(self) -> bool:
        return self.stop.is_set() or self.other()

    def wait(self, timeout: float | None = None) -> bool:
        return self.stop.wait(timeout) or self.is_set()
