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
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from desktop.core import errors
from desktop.core.options import AUTO
from desktop.core.ports import Stopped
from desktop.core.transcript import Segment
from desktop.engine import protocol

if TYPE_CHECKING:
    from desktop.engine.media import MediaFile, Samples
    from desktop.engine.whisper import Recogniser

REPORT_EVERY_S = 0.1


def main(connection: Connection, stderr_path: str, with_model: bool) -> None:
    """Serve requests until the other side of the connection is closed. The target of the spawned process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program, which then tells us to stop
    descriptor = os.open(stderr_path, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 2)  # native libraries write there too; the program reads the end of it when we die
    os.close(descriptor)
    faulthandler.enable()
    EngineProcess(connection).serve(with_model)


class EngineProcess:
    """Answers one request after the other; a thread of its own listens, so that Stop and the end are heard at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._requests: queue.Queue[protocol.Request] = queue.Queue()
        self._stop = threading.Event()
        self._recogniser: Recogniser | None = None

    def serve(self, with_model: bool) -> None:
        """Say hello, then work for ever: the listening thread ends the process."""
        for work in (self._listen, self._beat):
            threading.Thread(target=work, daemon=True).start()
        self._send(_hello(with_model))
        while True:
            request = self._requests.get()
            self._stop.clear()
            try:
                self._answer(request)
            except Stopped:
                self._send(protocol.Stopped())
            except errors.AppError as error:
                self._send(protocol.Failed(error.to_record()))
            except MemoryError:
                self._send(protocol.Failed(errors.EngineOutOfMemory().to_record()))
            except Exception as error:  # noqa: BLE001 - a bug of ours ends this request, not the process
                traceback.print_exc()
                self._send(protocol.Failed(errors.Unforeseen(detail=type(error).__name__).to_record()))

    def _listen(self) -> None:
        while True:
            try:
                request = self._connection.recv()
            except (EOFError, OSError):
                os._exit(0)  # the program is gone; whatever runs here is for nobody
            if isinstance(request, protocol.Stop):
                self._stop.set()
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
            case protocol.Transcribe():
                self._transcribe(request)

    def _load(self, request: protocol.Load) -> None:
        from desktop.engine.whisper import Recogniser

        self._recogniser = None
        recogniser = Recogniser(request.model, request.device, request.compute_type, request.cpu_threads)
        self_test_ms = recogniser.self_test()
        self._recogniser = recogniser
        self._send(protocol.Loaded(self_test_ms, recogniser.languages))

    def _inspect(self, request: protocol.Inspect) -> None:
        from desktop.engine import media

        self._send(protocol.Inspected(media.inspect(request.source, self._stop.is_set)))

    def _transcribe(self, request: protocol.Transcribe) -> None:
        from desktop.engine.media import SAMPLES_PER_MS, MediaFile
        from desktop.engine.speech import windows

        assert self._recogniser, "Transcribe before Load"
        options = request.options
        language = self._known(request.language or AUTO if options.language == AUTO else options.language)
        began = time.monotonic()
        heard_ms, speech, count = request.start_ms, 0, 0
        with MediaFile(request.source, options.audio_track) as file:
            for window in windows(self._blocks(file, request.start_ms), request.start_ms, options.vad):
                segments: list[Segment] = []
                if len(window.samples):
                    segments, language = self._recogniser.hear(window, options, language)
                    speech += len(window.samples)
                    count += 1
                heard_ms = window.end_ms
                shifted = tuple(_shifted(segment, file.start_offset_ms()) for segment in segments)
                self._send(protocol.Segments(shifted, heard_ms, "" if language == AUTO else language))
                self._leave_if_stopped()
            notes = tuple(note.to_record() for note in file.notes)
        work_ms = round(1000 * (time.monotonic() - began))
        self._send(protocol.Done(heard_ms, speech // SAMPLES_PER_MS, count, work_ms, notes))

    def _known(self, language: str) -> str:
        assert self._recogniser
        languages = self._recogniser.languages
        if language != AUTO and language not in languages:
            known = ", ".join(languages)
            raise errors.LanguageUnknown(model=self._recogniser.name, language=language, languages=known)
        return language

    def _blocks(self, file: MediaFile, start_ms: int) -> Iterator[Samples]:
        """The sound from `start_ms` on; reports how far it is decoded and leaves at Stop."""
        reported = 0.0
        at_ms = start_ms
        for block in file.blocks(start_ms):
            self._leave_if_stopped()
            at_ms += len(block) // 16
            if (now := time.monotonic()) - reported >= REPORT_EVERY_S:
                reported = now
                self._send(protocol.Progress(at_ms))
            yield block

    def _leave_if_stopped(self) -> None:
        if self._stop.is_set():
            raise Stopped


def _hello(with_model: bool) -> protocol.Hello:
    if not with_model:
        return protocol.Hello(os.getpid())
    from desktop.engine import whisper

    return protocol.Hello(os.getpid(), whisper.versions() | {"python": sys.version.split()[0]}, whisper.compute_types())


def _shifted(segment: Segment, by_ms: int) -> Segment:
    if not by_ms:
        return segment
    words = tuple(replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in segment.words)
    return replace(segment, start_ms=segment.start_ms + by_ms, end_ms=segment.end_ms + by_ms, words=words)
