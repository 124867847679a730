"""The engine process: loads one model, answers requests, streams what it hears.

A missing CUDA library, a driver that resets or the system's memory killer end a native library with abort(), not with
an exception. Here that costs a process which can be started again, and never the window or the work.
"""

from __future__ import annotations

import faulthandler
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, BinaryIO

from desktop.core import errors
from desktop.core.peaks import PeaksPart
from desktop.core.ports import Stopped
from desktop.engine import allocation, hardware, holding, priority, protocol

if TYPE_CHECKING:
    from desktop.core.dictated import Utterance
    from desktop.engine.pipeline import Pipeline
    from desktop.engine.utterance import Dictations

IDLE_S = 5.0
PEAKS_EVERY_S = 0.1


def main(connection: Connection, stderr_path: str, with_model: bool, gives_way: bool = True) -> None:
    """Serve requests until the other side of the connection is closed. The target of the spawned process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which then tells us to stop
    descriptor = os.open(stderr_path, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 2)  # native libraries write there too; the program reads the end of it when we die
    os.close(descriptor)
    faulthandler.enable()
    # CTranslate2 loads PyTorch, where it is installed, with what it writes models with: 190 MB and two seconds, for the
    # tiny model of the known answer.
    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]
    if gives_way:
        priority.give_way()
    allocation.tune()  # before a library has asked for memory
    EngineProcess(connection).serve(with_model)


def main_at_once(connection: Connection, stderr_path: str, with_model: bool) -> None:
    """As `main`, without giving way to other programs: somebody reads along."""
    main(connection, stderr_path, with_model, gives_way=False)


class EngineProcess:
    """Answers one request after the other; a thread of its own listens, so that Stop and the end are heard at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._requests: queue.Queue[protocol.Request] = queue.Queue()
        self._stop = threading.Event()
        self._left: set[int] = set()
        """Transcriptions that nobody waits for any more."""
        self._pipeline: Pipeline | None = None
        self._held: BinaryIO | None = None
        """The weights of the loaded model: others see by it that it is in use."""
        self._dictations: Dictations | None = None
        self._gives_way = False

    def serve(self, with_model: bool) -> None:
        """Say hello, then work for ever: the listening thread ends the process."""
        for work in (self._listen, self._beat):
            threading.Thread(target=work, daemon=True).start()
        self._send(_hello(with_model))
        while True:
            with self._failures_told():
                if at_work := self._at_work:
                    for request in self._asked(0):
                        self._answer(request)
                    at_work.step()
                else:
                    for request in self._asked(IDLE_S):
                        self._stop.clear()
                        self._answer(request)

    @property
    def _at_work(self) -> Pipeline | Dictations | None:
        """What goes on without being asked again."""
        return next((one for one in (self._dictations, self._pipeline) if one and one.has_work), None)

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        error: errors.AppError
        try:
            yield
            return
        except Stopped:
            self._send(protocol.Stopped())
            return
        except errors.AppError as failure:
            error = failure
        except MemoryError:
            error = errors.EngineOutOfMemory()
        except Exception as failure:  # noqa: BLE001 - a bug of ours ends what is asked for, not the process
            traceback.print_exc()
            error = errors.Unforeseen(detail=type(failure).__name__)
        for number in self._at_work.leave() if self._at_work else [0]:
            self._send(protocol.Failed(error.to_record(), number))

    def _asked(self, wait_s: float) -> Iterator[protocol.Request]:
        """The requests that are there, or the next one; gives memory back when there is none for a while."""
        try:
            yield self._requests.get(timeout=wait_s) if wait_s else self._requests.get_nowait()
            while not self._requests.empty():
                yield self._requests.get_nowait()
        except queue.Empty:
            if wait_s:
                allocation.give_back()

    def _listen(self) -> None:
        while True:
            try:
                request = self._connection.recv()
            except (EOFError, OSError):
                os._exit(0)  # the program is gone; whatever runs here is for nobody
            if isinstance(request, protocol.Stop):
                self._stop.set()
                self._left.add(request.number)
                if self._pipeline:
                    self._pipeline.stop(request.number)
                self._requests.put(request)  # for a dictation, which is left after what was said of it before
            elif isinstance(request, protocol.GiveWay):
                self._gives_way = not request.is_over
                if self._pipeline:
                    self._pipeline.give_way(request.is_over)
            else:
                self._requests.put(request)

    def _beat(self) -> None:
        while True:
            threading.Event().wait(protocol.HEARTBEAT_S)
            self._send(protocol.Heartbeat())

    def _send(self, report: protocol.Report) -> None:
        with self._sending:
            try:
                self._connection.send(report)
            except OSError:
                os._exit(0)

    def _answer(self, request: protocol.Request) -> None:
        match request:
            case protocol.Load():
                self._load(request)
            case protocol.Prove(device, compute_type):
                self._prove(device, compute_type)
            case protocol.Inspect():
                self._inspect(request)
            case protocol.Draw():
                self._draw(request)
            case protocol.Transcribe():
                self._transcribe(request)
            case protocol.Listen(number, utterance) if self._dictations:
                self._begin_dictation(self._dictations, number, utterance)
            case protocol.Sound(number, samples) if self._dictations:
                self._dictations.feed(number, samples)
            case protocol.SoundEnds(number) if self._dictations:
                self._dictations.end(number)
            case protocol.Stop(number) if self._dictations:
                self._dictations.stop(number)
            case protocol.Claim(number) if self._pipeline:
                self._pipeline.claim(number)
            case protocol.Limit(windows) if self._pipeline:
                self._pipeline.limit(windows)

    def _load(self, request: protocol.Load) -> None:
        from desktop.engine.pipeline import Pipeline
        from desktop.engine.utterance import Dictations
        from desktop.engine.whisper import Recogniser

        self._pipeline = self._dictations = None
        if request.leaves_room:
            priority.give_way()  # once more
        self._held = holding.hold(request.model)
        size = (request.model / holding.WEIGHTS).stat().st_size
        threads = hardware.shared(request.cpu_threads, request.device, size, request.is_one_by_one)
        if request.workers and not request.is_one_by_one:
            threads = hardware.split(request.cpu_threads, request.workers)
        recogniser = Recogniser(request.model, request.device, request.compute_type, threads)
        self_test_ms = recogniser.self_test()
        self._pipeline = Pipeline(recogniser, self._send, request.most_windows, request.windows)
        self._pipeline.give_way(not self._gives_way)
        self._dictations = Dictations(recogniser, self._send)
        self._send(protocol.Loaded(self_test_ms, recogniser.languages))

    def _begin_dictation(self, dictations: Dictations, number: int, utterance: Utterance) -> None:
        try:
            dictations.begin(number, utterance)
        except errors.AppError as error:
            self._send(protocol.Failed(error.to_record(), number))

    def _prove(self, device: str, compute_type: str) -> None:
        from desktop.engine import known_answer

        isa = "" if hardware.is_card(device) else known_answer.isa()
        self._send(protocol.Proved(known_answer.prove(device, compute_type), isa))

    def _inspect(self, request: protocol.Inspect) -> None:
        from desktop.engine import media

        self._send(protocol.Inspected(media.inspect(request.source, self._stop.is_set)))

    def _draw(self, request: protocol.Draw) -> None:
        from desktop.engine import peaks

        ready: list[PeaksPart] = []
        sent_at = time.monotonic()
        for part in peaks.peaks(request.source, request.track, self._stop.is_set):
            ready.append(part)
            if time.monotonic() - sent_at >= PEAKS_EVERY_S:
                self._send(protocol.Peaks(tuple(ready)))
                ready, sent_at = [], time.monotonic()
        self._send(protocol.Peaks(tuple(ready)))
        self._send(protocol.Drawn())

    def _transcribe(self, request: protocol.Transcribe) -> None:
        assert self._pipeline, "Transcribe before Load"
        try:
            self._pipeline.add(request.number, request.work)
        except errors.AppError as error:
            self._send(protocol.Failed(error.to_record(), request.number))
            return
        if request.number in self._left:  # Stop was heard first
            self._pipeline.stop(request.number)


def _hello(with_model: bool) -> protocol.Hello:
    if not with_model:
        return protocol.Hello(os.getpid())
    from desktop.engine import cards, cuda

    cublas = cuda.prepare()  # before CTranslate2 could look for it
    from desktop.engine import whisper

    versions = whisper.versions() | {"python": sys.version.split()[0]}
    types, found = whisper.compute_types(), cards.cards()
    if found and not any(map(hardware.is_card, types)):
        reason = errors.DriverTooOld(driver=found[0].driver or "?", cuda=found[0].cuda or "?")
        cublas = replace(cublas, problem=reason.to_record())
    return protocol.Hello(os.getpid(), versions, types, found, cublas)
