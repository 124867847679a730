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
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from desktop.core import errors
from desktop.core.peaks import PeaksPart
from desktop.core.ports import Stopped
from desktop.engine import allocation, hardware, priority, protocol

if TYPE_CHECKING:
    from desktop.engine.pipeline import Pipeline

IDLE_S = 5.0
PEAKS_EVERY_S = 0.1


def main(connection: Connection, stderr_path: str, with_model: bool) -> None:
    """Serve requests until the other side of the connection is closed. The target of the spawned process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which then tells us to stop
    descriptor = os.open(stderr_path, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 2)  # native libraries write there too; the program reads the end of it when we die
    os.close(descriptor)
    faulthandler.enable()
    priority.give_way()
    allocation.tune()  # before a library has asked for memory
    EngineProcess(connection).serve(with_model)


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

    def serve(self, with_model: bool) -> None:
        """Say hello, then work for ever: the listening thread ends the process."""
        for work in (self._listen, self._beat):
            threading.Thread(target=work, daemon=True).start()
        self._send(_hello(with_model))
        while True:
            with self._failures_told():
                if self._pipeline and self._pipeline.has_work:
                    for request in self._asked(0):
                        self._answer(request)
                    self._pipeline.step()
                else:
                    for request in self._asked(IDLE_S):
                        self._stop.clear()
                        self._answer(request)

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
        for number in self._pipeline.leave() if self._pipeline and self._pipeline.has_work else [0]:
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
            case protocol.Inspect():
                self._inspect(request)
            case protocol.Draw():
                self._draw(request)
            case protocol.Transcribe():
                self._transcribe(request)
            case protocol.Claim(number) if self._pipeline:
                self._pipeline.claim(number)

    def _load(self, request: protocol.Load) -> None:
        from desktop.engine.pipeline import Pipeline
        from desktop.engine.whisper import Recogniser

        self._pipeline = None
        size = (request.model / "model.bin").stat().st_size
        threads = hardware.shared(request.cpu_threads, request.device, size, request.is_one_by_one)
        recogniser = Recogniser(request.model, request.device, request.compute_type, threads)
        self_test_ms = recogniser.self_test()
        self._pipeline = Pipeline(recogniser, self._send)
        self._send(protocol.Loaded(self_test_ms, recogniser.languages))

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
    from desktop.engine import whisper

    return protocol.Hello(os.getpid(), whisper.versions() | {"python": sys.version.split()[0]}, whisper.compute_types())
