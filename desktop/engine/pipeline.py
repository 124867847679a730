"""Files through one model: their windows are prepared ahead and decoded together, across files where one is short.

    front ends, on a thread of their own            bounded queue    the model
    decode, listen, cut, features; file after file     windows       batch after batch

The text of a window does not depend on what it is decoded together with, so a batch is made of whatever comes next.
"""

from __future__ import annotations

import queue
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event

from desktop.core import errors
from desktop.core.coverage import Part, parts_of
from desktop.core.options import AUTO, Options
from desktop.core.ports import Stopped, Work
from desktop.core.transcript import Segment
from desktop.engine import protocol
from desktop.engine.front import Bookmark, FrontEnd, Prepared
from desktop.engine.hearing import Hearing, Listener, Task
from desktop.engine.speech import Window
from desktop.engine.whisper import Encoded, Features, Recogniser

CPU_BATCH, CUDA_BATCH = 2, 16
"""Windows that go together. On a processor three are no faster than two, and each takes 40 MB (base)."""
WAIT_S = 0.1
WILDEST_TO_PASS_ON = 0.5  # a text drawn at a higher temperature does not guide what follows, as in Whisper
MOST_BEFORE_CHARACTERS = 1000  # more than the decoder takes


@dataclass(eq=False)
class _Source:
    """One file at work."""

    number: int
    work: Work
    front: FrontEnd
    stopped: Event
    language: str
    before: str
    heard_ms: int
    began: float = field(default_factory=time.monotonic)
    speech_ms: int = 0
    windows: int = 0
    spoken: Counter[str] = field(default_factory=Counter)
    """Milliseconds of speech in each language, where it is looked for in each window."""
    prepared: Future[None] = field(default_factory=Future)
    """Done when the front end has come to its end."""
    is_claimed: bool = False
    is_over: bool = False

    @property
    def options(self) -> Options:
        return self.work.options

    @property
    def shared(self) -> Options:
        """What windows must have in common to be decoded together."""
        return replace(self.options, language=AUTO, audio_track=0, vad=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """What comes out of a front end: a window, or, without one, the end and what ended it."""

    source: _Source
    prepared: Prepared | None = None
    error: BaseException | None = None

    @property
    def has_sound(self) -> bool:
        return self.prepared is not None and self.prepared.features is not None


class Pipeline:
    """Works on what was added, in that order. Only `stop` may be called from another thread."""

    def __init__(self, recogniser: Recogniser, send: Callable[[protocol.Report], None]) -> None:
        self._recogniser = recogniser
        self._send = send
        self._most = CPU_BATCH if recogniser.is_cpu else CUDA_BATCH
        self._limit = 1
        self._sources: dict[int, _Source] = {}
        self._fronts = ThreadPoolExecutor(1, "front")
        self._items: queue.Queue[_Item] = queue.Queue(recogniser.threads.workers * self._most)
        self._held: _Item | None = None
        self._hearers = ThreadPoolExecutor(recogniser.threads.workers, "hearer")
        self._running: deque[tuple[list[_Item], Future[list[Hearing]]]] = deque()
        """Batches that are being heard, in the order in which they will be reported."""

    @property
    def has_work(self) -> bool:
        """Whether a file that is waited for is not finished yet."""
        return any(source.is_claimed for source in self._sources.values())

    def add(self, number: int, work: Work) -> None:
        """Work on a file after those that were added before. Raises LanguageUnknown."""
        language = self._known_language(work)
        stopped = Event()
        front = FrontEnd(
            work, self._recogniser, stopped.is_set, lambda at_ms: self._send(protocol.Progress(number, at_ms))
        )
        before = Bookmark.from_text(work.bookmark).before
        source = _Source(number, work, front, stopped, language, before, work.start_ms)
        self._sources[number] = source
        source.prepared = self._fronts.submit(self._prepare, source)
        source.prepared.add_done_callback(partial(self._end, source))

    def claim(self, number: int) -> None:
        """This file is waited for; the others only fill its batches."""
        if source := self._sources.get(number):
            source.is_claimed = True

    def stop(self, number: int) -> None:
        """Leave a file at its next step."""
        if source := self._sources.get(number):
            source.stopped.set()

    def step(self) -> None:
        """Report one batch, in the order of the files, while others are heard. Raises AppError when the model fails."""
        while len(self._running) < self._recogniser.threads.workers and self._may_go_on and (items := self._gathered()):
            batch = [item for item in items if item.has_sound]
            self._running.append((items, self._hearers.submit(self._heard, batch)))
        if not self._running:
            return
        items, future = self._running.popleft()
        hearings = iter(future.result())
        for item in items:
            hearing = next(hearings, None) if item.has_sound else None
            if item.prepared is None:
                self._report_end(item)
            elif not item.source.stopped.is_set():
                self._report(item.source, item.prepared.window, hearing)

    @property
    def _may_go_on(self) -> bool:
        """Not while the first windows of a file are being heard to tell its language by."""
        return not any(
            item.has_sound and (item.source.language == AUTO and item.source.options.languages == "file")
            for items, _future in self._running
            for item in items
        )

    def leave(self) -> list[int]:
        """Leave all files at once; their numbers."""
        numbers = list(self._sources)
        for source in self._sources.values():
            source.stopped.set()
        while not all(source.is_over for source in self._sources.values()):
            self._taken()
        for _items, future in self._running:
            future.exception()  # waits; whatever it is, it is for nobody
        self._sources.clear()
        self._running.clear()
        self._held, self._limit = None, 1
        return numbers

    def close(self) -> None:
        """Leave all files and end the threads."""
        self.leave()
        self._fronts.shutdown()
        self._hearers.shutdown()

    # --- the thread of the front ends ---

    def _prepare(self, source: _Source) -> None:
        for prepared in source.front.prepared():
            item = _Item(source, prepared)
            while not _put(self._items, item):
                if source.stopped.is_set():
                    raise Stopped

    def _end(self, source: _Source, future: Future[None]) -> None:
        self._items.put(_Item(source, error=future.exception()))

    # --- batches ---

    def _gathered(self) -> list[_Item]:
        """What comes next: a full batch of windows unless the work ends before, and the silence and ends in between.

        The first batch is a single window, so that the first words come soon.
        """
        items: list[_Item] = []
        count, limit = 0, self._fair(self._limit)
        while count < limit and (item := self._taken()):
            first = next((one for one in items if one.has_sound), item)
            if item.has_sound and item.source.shared != first.source.shared:
                self._held = item
                break
            items.append(item)
            count += item.has_sound
            limit = item.source.options.batch_size or limit
            is_alone = item.source.options.mode == "precise"  # it needs the text of the one before
            if (count and is_alone) or (not count and self._items.empty()):
                break
        self._limit = self._most
        return items

    def _fair(self, limit: int) -> int:
        """Fewer windows near the end, so that the last ones are shared among the workers."""
        if not all(source.prepared.done() for source in self._sources.values()):
            return limit
        left = self._items.qsize() + (self._held is not None)
        return max(1, min(limit, -(-left // self._recogniser.threads.workers)))

    def _taken(self) -> _Item | None:
        item, self._held = self._held, None
        while item is None and not all(source.is_over for source in self._sources.values()):
            item = self._items.get()
            if item.prepared is None:
                item.source.is_over = True
            elif item.source.stopped.is_set():
                item = None
        return item

    def _heard(self, batch: Sequence[_Item]) -> list[Hearing]:
        """Halves a batch for which memory is short, and those that follow. Empty when nobody waits for it any more."""
        try:
            return self._heard_together(batch) if batch else []
        except Stopped:
            return []
        except errors.EngineOutOfMemory:
            if len(batch) == 1:
                raise
            half = len(batch) // 2
            self._most = self._limit = half
            return [*self._heard(batch[:half]), *self._heard(batch[half:])]

    def _heard_together(self, batch: Sequence[_Item]) -> list[Hearing]:
        def leave_if_nobody_waits() -> None:
            if all(item.source.stopped.is_set() for item in batch):
                raise Stopped

        encoded = self._recogniser.encode([_features(item) for item in batch], leave_if_nobody_waits)
        leave_if_nobody_waits()
        languages = self._languages(batch, encoded)
        tasks = [self._task(item, language) for item, language in zip(batch, languages, strict=True)]
        listener = Listener(self._recogniser, leave_if_nobody_waits)
        firsts = listener.heard(tasks, encoded)
        return [
            listener.settled(task, encoded, row, first)
            for row, (task, first) in enumerate(zip(tasks, firsts, strict=True))
        ]

    def _task(self, item: _Item, language: str) -> Task:
        assert item.prepared
        source = item.source
        prompt = self._recogniser.prompt(language, source.options, source.before)
        return Task(item.prepared.window, source.options, language, tuple(prompt))

    # --- languages ---

    def _known_language(self, work: Work) -> str:
        chosen = work.options.language
        if chosen == AUTO and work.options.languages == "file":
            chosen = work.language or AUTO
        languages = self._recogniser.languages
        if chosen == AUTO:
            return AUTO if self._recogniser.is_multilingual else languages[0]
        if chosen not in languages:
            known = ", ".join(languages)
            raise errors.LanguageUnknown(model=self._recogniser.name, language=chosen, languages=known)
        return chosen

    def _languages(self, batch: Sequence[_Item], encoded: Encoded) -> list[str]:
        """The language of each window; finds that of a file with its first one."""
        if all(item.source.language != AUTO for item in batch):
            return [item.source.language for item in batch]
        found = []
        for item, likely in zip(batch, self._recogniser.detect(encoded), strict=True):
            source = item.source
            if source.language != AUTO:
                found.append(source.language)
            elif source.options.languages == "file":
                source.language = self._language_of_file(item, likely)
                found.append(source.language)
            else:
                found.append(max(likely, key=lambda one: likely[one]))
        return found

    def _language_of_file(self, item: _Item, likely: dict[str, float]) -> str:
        """The likeliest over all places that were listened to: music or a quotation at the start shall not decide."""
        votes = Counter(likely)
        for place in item.prepared.places if item.prepared else ():
            (found,) = self._recogniser.detect(self._recogniser.encode([place]))
            votes.update(found)
        return max(votes, key=lambda language: votes[language])

    # --- reports ---

    def _report(self, source: _Source, window: Window, hearing: Hearing | None) -> None:
        source.heard_ms = window.end_ms
        segments: tuple[Segment, ...] = ()
        parts: tuple[Part, ...] = _silence(window)
        if hearing:
            source.windows += 1
            source.speech_ms += window.length_ms
            source.before = _passed_on(source, hearing)
            segments, parts = hearing.segments, hearing.parts
            for segment in segments:
                if segment.language:
                    source.spoken[segment.language] += segment.end_ms - segment.start_ms
        by_ms = source.front.start_offset_ms
        self._send(
            protocol.Segments(
                source.number,
                tuple(_shifted(segment, by_ms) for segment in segments),
                window.end_ms,
                self._language_to_tell(source),
                tuple(Part(part.start_ms + by_ms, part.end_ms + by_ms, part.kind) for part in parts),
                Bookmark(window.voice, source.before).to_text(),
            )
        )

    @staticmethod
    def _language_to_tell(source: _Source) -> str:
        if source.spoken:
            return source.spoken.most_common(1)[0][0]
        return "" if source.language == AUTO else source.language

    def _report_end(self, item: _Item) -> None:
        source = item.source
        del self._sources[source.number]
        if not self._sources:
            self._limit = 1
        if isinstance(item.error, Stopped) or source.stopped.is_set():
            self._send(protocol.Stopped(source.number))
        elif isinstance(item.error, errors.AppError):
            self._send(protocol.Failed(item.error.to_record(), source.number))
        elif item.error:
            raise item.error
        else:
            notes = tuple(note.to_record() for note in source.front.notes)
            work_ms = round(1000 * (time.monotonic() - source.began))
            self._send(protocol.Done(source.number, source.heard_ms, source.speech_ms, source.windows, work_ms, notes))


def _put(items: queue.Queue[_Item], item: _Item) -> bool:
    try:
        items.put(item, timeout=WAIT_S)
    except queue.Full:
        return False
    return True


def _features(item: _Item) -> Features:
    assert item.prepared
    assert item.prepared.features is not None
    return item.prepared.features


def _silence(window: Window) -> tuple[Part, ...]:
    return tuple(parts_of(window.speech, (), window.start_ms, window.end_ms))


def _passed_on(source: _Source, hearing: Hearing) -> str:
    """The text that the next window is to follow on; none after one that is in doubt."""
    if source.options.mode != "precise" or hearing.is_doubtful or hearing.temperature > WILDEST_TO_PASS_ON:
        return ""
    text = f"{source.before} {hearing.text}".strip()
    return text[-MOST_BEFORE_CHARACTERS:].partition(" ")[2] if len(text) > MOST_BEFORE_CHARACTERS else text


def _shifted(segment: Segment, by_ms: int) -> Segment:
    if not by_ms:
        return segment
    words = tuple(replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in segment.words)
    return replace(segment, start_ms=segment.start_ms + by_ms, end_ms=segment.end_ms + by_ms, words=words)
