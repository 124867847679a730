"""Files through one model: their windows are prepared ahead and decoded together, across files where one is short.

    front ends, on a thread of their own            bounded queue    the model
    decode, listen, cut, features; file after file     windows       batch after batch

The text of a window does not depend on what it is decoded together with, so a batch is made of whatever comes next.
A recording that still goes on waits for nothing: its pieces are heard as they come, and previews in between.
"""

from __future__ import annotations

import math
import queue
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event

import numpy as np

from desktop.core import errors
from desktop.core.coverage import Part, parts_of
from desktop.core.names import shown_name
from desktop.core.options import AUTO, Options
from desktop.core.ports import Stopped, Work
from desktop.core.transcript import Segment
from desktop.engine import allocation, hardware, protocol
from desktop.engine.braid import Braid, Strand
from desktop.engine.front import Bookmark, FrontEnd, Prepared
from desktop.engine.hearing import Hearing, Listener, Task
from desktop.engine.pieces import Unfinished
from desktop.engine.previews import Previewer
from desktop.engine.speech import Window
from desktop.engine.voice import VoiceState
from desktop.engine.whisper import Encoded, Features, Recogniser

WAIT_S = 0.1
LIVE_WAIT_S = 0.03
LIVE_TEMPERATURES = 2
"""Chance is no help to somebody who waits: a piece in doubt is heard again in other ways, and once by chance."""
AHEAD_MS = 320
"""After so long a pause what was said is heard in case the piece ends there: then its text is there at once."""
QUICK_S = 0.6
"""Where it takes longer than that, it would be in the way too often."""
TRIM_EVERY_MS = 300_000
"""Sound comes in blocks of every size: the memory between them that is kept grows by some MB an hour."""
DECIDED_MS = 10_000
"""The language of a recording that still goes on may be another one until so much of its speech was heard."""
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
    before: dict[int, str]
    """For each track the text before."""
    heard_ms: int
    previewer: Previewer
    began: float = field(default_factory=time.monotonic)
    speech_ms: int = 0
    windows: int = 0
    spoken: Counter[str] = field(default_factory=Counter)
    """Milliseconds of speech in each language, where it is looked for in each window."""
    prepared: Future[None] = field(default_factory=Future)
    """Done when the front end has come to its end."""
    votes: Counter[str] = field(default_factory=Counter)
    """How likely each language is, times the milliseconds of speech."""
    likely: dict[int, dict[str, float]] = field(default_factory=dict)
    """For each track the languages of its last window that was heard."""
    ahead: dict[int, tuple[Window, Hearing]] = field(default_factory=dict)
    """For each track what was heard in case its piece ends there."""
    took_s: float = 0.0
    """To hear a piece."""
    braid: Braid | None = None
    """Only where several tracks are heard, each on its own."""
    pieces: Counter[int] = field(default_factory=Counter)
    """How many windows of each track have been reported."""
    told_at: float = 0.0
    trimmed_ms: int = 0
    most: int = 0
    """So many windows at most were heard together since memory was short; 0: it was not."""
    is_claimed: bool = False
    is_over: bool = False

    @property
    def options(self) -> Options:
        return self.work.options

    @property
    def shared(self) -> Options:
        """What windows must have in common to be decoded together."""
        return replace(self.options, language=AUTO, audio_track=0, vad=True)

    @property
    def is_live(self) -> bool:
        """Whether it is a recording that still goes on."""
        return self.work.is_growing

    def speaker(self, track: int) -> str:
        """Who speaks on it, if that is known."""
        speakers = self.front.speakers
        return speakers[track] if speakers else ""

    def unfinished(self) -> Iterator[tuple[int, Unfinished]]:
        """For each track what is in no piece yet, where all pieces have been reported."""
        for track, one in enumerate(self.front.unfinished):
            if one and one.number == self.pieces[track]:
                yield track, one


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

    def __init__(
        self,
        recogniser: Recogniser,
        send: Callable[[protocol.Report], None],
        most_windows: int = 0,
        usual_windows: int = 0,
    ) -> None:
        """No more than `most_windows` are heard together, whatever the options of a file say; 0: no such limit.

        `usual_windows` are, where neither that nor the options say anything; 0: as many as suit most machines.
        """
        self._recogniser = recogniser
        self._send = send
        self._bearable = most_windows
        self._wished = 0
        usual = usual_windows or hardware.windows(not recogniser.is_cpu, recogniser.size)
        self._most = min(usual, most_windows or usual)
        self._is_first = True
        """Whether the next batch is the first of all that are there."""
        self._may_hear = Event()
        self._may_hear.set()
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
        bookmark = Bookmark.from_text(work.bookmark)
        before = dict(enumerate(one.before for one in bookmark.strands)) or {0: bookmark.before}
        previewer = Previewer(number, self._recogniser, work.options, self._send)
        source = _Source(number, work, front, stopped, language, before, work.start_ms, previewer)
        self._sources[number] = source
        source.prepared = self._fronts.submit(self._prepare, source)
        source.prepared.add_done_callback(partial(self._end, source))

    def claim(self, number: int) -> None:
        """This file is waited for; the others only fill its batches."""
        if source := self._sources.get(number):
            source.is_claimed = True

    def limit(self, windows: int) -> None:
        """Hear no more than so many windows together until another limit is told; 0: none."""
        self._wished = windows

    def give_way(self, is_over: bool) -> None:
        """Begin no other window until it is over. From any thread."""
        (self._may_hear.set if is_over else self._may_hear.clear)()

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
                self._report(item.source, item.prepared, hearing)

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
        self._held, self._is_first = None, True
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
        count, limit, share = 0, 1, self._share()
        while count < limit and (item := self._taken()):
            first = next((one for one in items if one.has_sound), item)
            if item.has_sound and item.source.shared != first.source.shared:
                self._held = item
                break
            items.append(item)
            count += item.has_sound
            limit = 1 if self._is_first else self._together(item.source.options, share)
            is_alone = item.source.options.mode == "precise"  # it needs the text of the one before
            is_alone = is_alone or (item.source.is_live and self._items.empty())
            if (count and is_alone) or (not count and self._items.empty()):
                break
        self._is_first = self._is_first and not count
        return items

    def _together(self, options: Options, share: int) -> int:
        """How many windows are decoded together; `share` as `_share` has it."""
        limits: tuple[int, ...] = (options.batch_size or self._most, self._bearable, self._wished, share)
        return min(filter(None, limits))

    def _share(self) -> int:
        """Near the end, one worker's share of the windows that are left, so that all are done at once; 0 before.

        Of those that the other workers have, half are taken to be left.
        """
        if not all(source.prepared.done() for source in self._sources.values()):
            return 0
        waiting: list[_Item | None] = [self._held, *self._items.queue]
        left = sum(item.has_sound for item in waiting if item)
        others = sum(item.has_sound for items, heard in self._running if not heard.done() for item in items)
        return max(1, math.ceil((left + others / 2) / self._recogniser.threads.workers))

    def _taken(self) -> _Item | None:
        item, self._held = self._held, None
        while item is None and not all(source.is_over for source in self._sources.values()):
            try:
                item = self._items.get(timeout=LIVE_WAIT_S if self._is_live else None)
            except queue.Empty:
                self._use_time()
                return None
            if item.prepared is None:
                item.source.is_over = True
            elif item.source.stopped.is_set():
                item = None
        return item

    @property
    def _is_live(self) -> bool:
        return any(source.is_live for source in self._sources.values())

    def _use_time(self) -> None:
        """Nothing is there to be heard: hear what is being said just now."""
        for source in [one for one in self._sources.values() if one.is_live and not one.stopped.is_set()]:
            self._tell_place(source)
            if self._running:
                return
            for track, unfinished in source.unfinished():
                if _is_worth_hearing_ahead(source, track, unfinished):
                    self._hear_ahead(source, track, unfinished)
                    break
                if source.previewer.is_due(track, unfinished):
                    self._preview(source, track, unfinished)
                    break

    def _hear_ahead(self, source: _Source, track: int, unfinished: Unfinished) -> None:
        window = unfinished.window
        features = self._recogniser.features(window.samples)
        for hearing in self._heard([_Item(source, Prepared(window, features, track=track))]):
            source.ahead[track] = (window, hearing)
            source.previewer.take(track, unfinished, hearing.text, source.speaker(track))

    def _preview(self, source: _Source, track: int, unfinished: Unfinished) -> None:
        length_ms = unfinished.window.length_ms

        def language(encoded: Encoded) -> str:
            if source.language != AUTO:
                return source.language
            (likely,) = self._recogniser.detect(encoded)
            if source.options.languages == "file":
                likely = dict(source.votes + _votes(likely, length_ms))
            return max(likely, key=lambda one: likely[one])

        before = source.before.get(track, "")
        source.previewer.hear(track, unfinished, language, before, source.speaker(track))

    def _tell_place(self, source: _Source) -> None:
        """Up to where all that was said has been told, or is being said just now."""
        if (now := time.monotonic()) - source.told_at < WAIT_S or not source.front.unfinished:
            return
        source.told_at = now
        ends = {track: one.window.end_ms for track, one in source.unfinished()}
        strands = source.braid.strands if source.braid else ()
        heard = {track: one.heard_ms for track, one in enumerate(strands)} or {0: source.heard_ms}
        self._send(protocol.Progress(source.number, min(max(at, ends.get(track, 0)) for track, at in heard.items())))

    def _heard(self, batch: Sequence[_Item]) -> list[Hearing]:
        """Halves a batch for which memory is short, and those that follow. Empty when nobody waits for it any more."""
        try:
            return _heard_ahead(batch) or self._heard_together(batch) if batch else []
        except Stopped:
            return []
        except errors.EngineOutOfMemory:
            if len(batch) == 1:
                raise
            half = -(-len(batch) // 2)
            self._most = self._bearable = half
            for item in batch:
                item.source.most = half
            return [*self._heard(batch[:half]), *self._heard(batch[half:])]

    def _heard_together(self, batch: Sequence[_Item]) -> list[Hearing]:
        def leave_if_nobody_waits() -> None:
            is_free = False
            while not is_free:
                is_free = self._may_hear.wait(WAIT_S)
                if all(item.source.stopped.is_set() for item in batch):
                    raise Stopped

        began = time.monotonic()
        encoded = self._recogniser.encode([_features(item) for item in batch], leave_if_nobody_waits)
        leave_if_nobody_waits()
        languages = self._languages(batch, encoded)
        tasks = [self._task(item, language) for item, language in zip(batch, languages, strict=True)]
        listener = Listener(self._recogniser, leave_if_nobody_waits)
        firsts = listener.heard(tasks, encoded)
        hearings = [
            listener.settled(task, encoded, row, first)
            for row, (task, first) in enumerate(zip(tasks, firsts, strict=True))
        ]
        batch[0].source.took_s = time.monotonic() - began
        return hearings

    def _task(self, item: _Item, language: str) -> Task:
        assert item.prepared
        source, options = item.source, item.source.options
        if source.is_live:  # behind, one hearing must do
            hearings = LIVE_TEMPERATURES if self._items.empty() else 1
            options = replace(options, temperatures=options.temperatures[:hearings])
        prompt = self._recogniser.prompt(language, options, source.before.get(item.prepared.track, ""))
        return Task(item.prepared.window, options, language, tuple(prompt))

    # --- languages ---

    def _known_language(self, work: Work) -> str:
        chosen = work.options.language
        if chosen == AUTO and work.options.languages == "file":
            is_early = work.is_growing and work.start_ms < DECIDED_MS
            chosen = AUTO if is_early else work.language or AUTO
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
            elif source.options.languages == "file" and source.is_live:
                found.append(self._language_so_far(item, likely))
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

    @staticmethod
    def _language_so_far(item: _Item, likely: dict[str, float]) -> str:
        """The likeliest in all that was said until now."""
        assert item.prepared
        source = item.source
        source.likely[item.prepared.track] = likely
        votes = source.votes + _votes(likely, item.prepared.window.length_ms)
        return max(votes, key=lambda one: votes[one])

    @staticmethod
    def _count_votes(source: _Source, track: int, length_ms: int) -> None:
        """The language is decided once enough was said."""
        if likely := source.likely.pop(track, None):
            source.votes.update(_votes(likely, length_ms))
            if source.speech_ms >= DECIDED_MS:
                source.language = source.votes.most_common(1)[0][0]

    # --- reports ---

    def _report(self, source: _Source, prepared: Prepared, hearing: Hearing | None) -> None:
        window, track = prepared.window, prepared.track
        source.heard_ms = max(source.heard_ms, window.end_ms)
        source.pieces[track] += 1
        if source.is_live and window.end_ms - source.trimmed_ms >= TRIM_EVERY_MS:
            source.trimmed_ms = window.end_ms
            allocation.give_back()
        segments: tuple[Segment, ...] = ()
        parts: tuple[Part, ...] = _silence(window)
        if hearing:
            source.windows += 1
            source.speech_ms += window.length_ms
            self._count_votes(source, track, window.length_ms)
            source.before[track] = _passed_on(source, track, hearing)
            segments, parts = hearing.segments, hearing.parts
            for segment in segments:
                if segment.language:
                    source.spoken[segment.language] += segment.end_ms - segment.start_ms
        before = source.before.get(track, "")
        if not source.front.speakers:
            self._tell(source, segments, parts, window.end_ms, Bookmark(window.voice, before))
            source.previewer.settle(track, "", is_over=True)
        else:
            source.braid = source.braid or Braid(list(source.front.strands), source.work.start_ms)
            spoken = tuple(replace(one, speaker=source.speaker(track)) for one in segments)
            source.braid.add(track, Strand(window.end_ms, window.voice.to_text(), before, spoken, parts))
            for other, unfinished in source.unfinished():
                source.braid.note_silence(other, unfinished.nothing_before_ms)
            self._tell_together(source, source.braid)
            for number, strand in enumerate(source.braid.strands):
                source.previewer.settle(number, source.speaker(number), number == track, strand.segments)

    def _tell_together(self, source: _Source, braid: Braid, is_end: bool = False) -> None:
        segments, parts = braid.told(is_end)
        if segments or parts:
            bookmark = Bookmark(VoiceState(), strands=tuple(braid.strands))
            self._tell(source, segments, parts, braid.told_ms, bookmark)

    def _tell(
        self,
        source: _Source,
        segments: Sequence[Segment],
        parts: Sequence[Part],
        heard_ms: int,
        bookmark: Bookmark,
    ) -> None:
        by_ms = source.front.start_offset_ms
        self._send(
            protocol.Segments(
                source.number,
                tuple(_shifted(segment, by_ms) for segment in segments),
                heard_ms,
                self._language_to_tell(source),
                tuple(Part(part.start_ms + by_ms, part.end_ms + by_ms, part.kind) for part in parts),
                bookmark.to_text(),
            )
        )

    @staticmethod
    def _language_to_tell(source: _Source) -> str:
        if source.spoken:
            return source.spoken.most_common(1)[0][0]
        if source.language == AUTO and source.votes:
            return source.votes.most_common(1)[0][0]
        return "" if source.language == AUTO else source.language

    def _report_end(self, item: _Item) -> None:
        source = item.source
        del self._sources[source.number]
        if not self._sources:
            self._is_first = True
        if isinstance(item.error, Stopped) or source.stopped.is_set():
            self._send(protocol.Stopped(source.number))
        elif isinstance(item.error, errors.AppError):
            self._send(protocol.Failed(item.error.to_record(), source.number))
        elif item.error:
            raise item.error
        else:
            if source.braid:
                self._tell_together(source, source.braid, is_end=True)
            notes = tuple(note.to_record() for note in (*source.front.notes, *_shortage(source)))
            work_ms = round(1000 * (time.monotonic() - source.began))
            self._send(protocol.Done(source.number, source.heard_ms, source.speech_ms, source.windows, work_ms, notes))


def _put(items: queue.Queue[_Item], item: _Item) -> bool:
    try:
        items.put(item, timeout=WAIT_S)
    except queue.Full:
        return False
    return True


def _shortage(source: _Source) -> tuple[errors.AppError, ...]:
    if not source.most:
        return ()
    return (errors.MemoryWasShort(name=shown_name(source.work.source), count=source.most),)


def _features(item: _Item) -> Features:
    assert item.prepared
    assert item.prepared.features is not None
    return item.prepared.features


def _silence(window: Window) -> tuple[Part, ...]:
    return tuple(parts_of(window.speech, (), window.start_ms, window.end_ms))


def _is_worth_hearing_ahead(source: _Source, track: int, unfinished: Unfinished) -> bool:
    window = unfinished.window
    if not window.speech or window.end_ms - window.speech[-1][1] < AHEAD_MS or source.took_s > QUICK_S:
        return False
    known = source.ahead.get(track)
    return known is None or known[0].speech != window.speech


def _heard_ahead(batch: Sequence[_Item]) -> list[Hearing]:
    """What was heard of a piece before it was known to be one; empty if that was not the same sound."""
    item = batch[0]
    if len(batch) > 1 or not item.prepared or item.prepared.track not in item.source.ahead:
        return []
    window = item.prepared.window
    known, hearing = item.source.ahead[item.prepared.track]
    if known.spans != window.spans or not np.array_equal(known.samples, window.samples):
        return []
    parts = tuple(parts_of(window.speech, hearing.segments, window.start_ms, window.end_ms))
    return [replace(hearing, parts=parts)]


def _votes(likely: dict[str, float], length_ms: int) -> Counter[str]:
    return Counter({language: max(1, round(probability * length_ms)) for language, probability in likely.items()})


def _passed_on(source: _Source, track: int, hearing: Hearing) -> str:
    """The text that the next window is to follow on; none after one that is in doubt."""
    if source.options.mode != "precise" or hearing.is_doubtful or hearing.temperature > WILDEST_TO_PASS_ON:
        return ""
    text = f"{source.before.get(track, '')} {hearing.text}".strip()
    return text[-MOST_BEFORE_CHARACTERS:].partition(" ")[2] if len(text) > MOST_BEFORE_CHARACTERS else text


def _shifted(segment: Segment, by_ms: int) -> Segment:
    if not by_ms:
        return segment
    words = tuple(replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in segment.words)
    return replace(segment, start_ms=segment.start_ms + by_ms, end_ms=segment.end_ms + by_ms, words=words)
