"""Hears a stretch of a file once more, in another way, beside whatever the queue is doing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core import events
from desktop.core.jobs import Job
from desktop.core.options import Options
from desktop.core.ports import Transcriber, Work
from desktop.core.transcript import Segment
from desktop.services.errand import Errand

MARGIN_MS = 200
"""Sound heard on both sides of the stretch, so that no word is cut."""
IDLE_MS = 60_000


class SecondOpinion(QObject):
    """One question at a time; a new one ends the one before. Has an engine of its own, so the queue goes on."""

    told = Signal(object)
    """`Loading` or `Started`: what is being done."""
    arrived = Signal(tuple)
    """The segments that were heard in the stretch."""
    failed = Signal(object)
    ended = Signal()
    """After an answer, a failure or a cancel: nothing is at work."""

    def __init__(self, transcriber: Transcriber) -> None:
        super().__init__()
        self._transcriber = transcriber
        self._errand = Errand()
        self._errand.produced.connect(self._on_produced)
        self._errand.failed.connect(self.failed)
        self._errand.ended.connect(self._on_ended)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(transcriber.close)

    def ask(self, job: Job, start_ms: int, end_ms: int, options: Options) -> None:
        """Hear this stretch of the job's file, on the clock of its picture, with these options."""
        self._idle.stop()
        self._errand.begin(partial(self._heard, job, start_ms, end_ms, options))

    @Slot()
    def cancel(self) -> None:
        """Ask no longer."""
        self._errand.cancel()

    def close(self) -> None:
        """End the engine."""
        self._errand.close()
        self._transcriber.close()

    def _heard(
        self, job: Job, start_ms: int, end_ms: int, options: Options, stop: threading.Event
    ) -> Iterator[events.News | tuple[Segment, ...]]:
        offset_ms = job.media.start_offset_ms if job.media else 0
        begin_ms = max(0, start_ms - offset_ms - MARGIN_MS)
        work = Work(
            job.source, options, begin_ms, job.language, end_ms=max(begin_ms + 1, end_ms - offset_ms + MARGIN_MS)
        )
        if options.language != job.options.language:
            work = replace(work, language="")
        segments: list[Segment] = []
        for news in self._transcriber.transcribe(work, stop):
            if isinstance(news, events.Heard):
                segments += news.segments
            yield news
        if not stop.is_set():
            yield _inside(segments, start_ms, end_ms)

    @Slot(object)
    def _on_produced(self, news: events.News | tuple[Segment, ...]) -> None:
        if isinstance(news, tuple):
            self.arrived.emit(news)
        elif isinstance(news, events.Loading | events.Started):
            self.told.emit(news)

    @Slot()
    def _on_ended(self) -> None:
        self._idle.start()
        self.ended.emit()


def _inside(segments: Sequence[Segment], start_ms: int, end_ms: int) -> tuple[Segment, ...]:
    """Without the words of the margins."""
    found = []
    for one in segments:
        words = tuple(word for word in one.words if start_ms <= (word.start_ms + word.end_ms) / 2 <= end_ms)
        if not one.words or len(words) == len(one.words):
            found.append(one)
        elif words:
            text = "".join(word.text for word in words).strip()
            found.append(replace(one, text=text, words=words, start_ms=words[0].start_ms, end_ms=words[-1].end_ms))
    return tuple(found)
