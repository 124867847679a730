"""The front end: a file as windows that are ready for the model, made while the model works on those before."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from desktop.core import errors
from desktop.core.options import AUTO
from desktop.core.ports import Stopped, Work
from desktop.engine.braid import Strand
from desktop.engine.growing import Growth, awaited
from desktop.engine.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, MediaFile, Samples
from desktop.engine.pieces import PieceCutter, Unfinished
from desktop.engine.speech import Cutter, Window
from desktop.engine.voice import VoiceState, listen
from desktop.engine.whisper import Features, Recogniser

REPORT_EVERY_S = 0.1
PLACES = (0.25, 0.5, 0.75)
"""Where in a file, beside its beginning, the language is listened for."""
EXCERPT_MS = 30_000
LEAST_EXCERPT_SPEECH_S = 3.0
SHORTEST_FOR_PLACES_MS = 4 * EXCERPT_MS
SPEECH = 0.5


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where listening stands at the end of a window, beside the place itself."""

    voice: VoiceState
    before: str = ""
    """The text before, where it is passed on."""
    strands: tuple[Strand, ...] = ()
    """Where several tracks stand, each on its own."""

    def to_text(self) -> str:
        """For the library; only the engine reads it."""
        if self.strands:
            return json.dumps({"strands": [one.to_record() for one in self.strands]})
        return json.dumps({"voice": self.voice.to_text(), "before": self.before})

    @staticmethod
    def from_text(text: str) -> Bookmark:
        """What `to_text` wrote; that of a file's beginning for anything else."""
        try:
            record = json.loads(text)
            if "strands" in record:
                return Bookmark(VoiceState(), strands=tuple(map(Strand.from_record, record["strands"])))
            return Bookmark(VoiceState.from_text(record["voice"]), str(record["before"]))
        except (ValueError, LookupError, TypeError):
            return Bookmark(VoiceState())


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A window with its features; without any for silence."""

    window: Window
    features: Features | None
    places: tuple[Features, ...] = ()
    """With the first window of a file: speech from elsewhere in it, to tell its language by."""
    track: int = 0
    """Which of several, from 0."""


class FrontEnd:
    """One file on its way to the model. Runs on a thread of its own; `is_stopped` is asked at every step."""

    def __init__(
        self, work: Work, recogniser: Recogniser, is_stopped: Callable[[], bool], report: Callable[[int], None]
    ) -> None:
        """`report` is told, about ten times a second, up to which millisecond the sound has been decoded."""
        self._work = work
        self._recogniser = recogniser
        self._is_stopped = is_stopped
        self._report = report
        self.start_offset_ms = 0
        self.notes: tuple[errors.AppError, ...] = ()
        self.speakers: tuple[str, ...] = ()
        """Who speaks on each track, where each is heard on its own; known with the first window."""
        self.strands: tuple[Strand, ...] = ()
        """Where each track begins."""
        self.unfinished: list[Unfinished | None] = []
        """Of a recording that still goes on: for each track what is being said just now."""

    def prepared(self) -> Iterator[Prepared]:
        """The windows in their order; `notes` are known after the last. Raises AppError, or Stopped."""
        work = self._work
        growth = Growth(work.source, self._is_stopped) if work.is_growing else None
        with MediaFile(work.source, work.options.audio_track, growth) as file:
            places = tuple(self._places(file.duration_ms())) if self._must_find_language else ()
            self._begin(file.speakers)
            for track, window in self._pieces(file, growth) if growth else self._windows(file):
                self._leave_if_stopped()
                self.start_offset_ms = file.start_offset_ms()
                if len(window.samples):
                    yield Prepared(window, self._recogniser.features(window.samples), places, track)
                    places = ()
                else:
                    yield Prepared(window, None, track=track)
            self.notes = tuple(file.notes)

    def _begin(self, speakers: tuple[str, ...]) -> None:
        work, bookmark = self._work, Bookmark.from_text(self._work.bookmark)
        here = Strand(work.start_ms, bookmark.voice.to_text(), bookmark.before)
        is_known = len(bookmark.strands) == len(speakers)
        self.speakers = speakers
        self.strands = (bookmark.strands if is_known else tuple(here for _one in speakers)) or (here,)
        self.unfinished = [None] * len(self.strands)

    def _windows(self, file: MediaFile) -> Iterator[tuple[int, Window]]:
        cutters = [Cutter(one.heard_ms, self._work.options.vad, voice) for one, voice in self._places_to_begin()]
        for track, block in self._blocks(file):
            for window in cutters[track].fed(block):
                yield track, window
        for track, cutter in enumerate(cutters):
            for window in cutter.ended():
                yield track, window

    def _pieces(self, file: MediaFile, growth: Growth) -> Iterator[tuple[int, Window]]:
        """As `_windows`, of a recording that still goes on."""
        cutters = [PieceCutter(one.heard_ms, self._work.options.vad, voice) for one, voice in self._places_to_begin()]
        for news in awaited(self._blocks(file), growth.left):
            self._leave_if_stopped()
            for track, cutter in enumerate(cutters):
                if news is None:
                    pieces = cutter.stalled()
                elif news[0] == track:
                    cutter.is_behind = len(news[1]) >= BLOCK_SAMPLES
                    pieces = cutter.fed(news[1])
                else:
                    continue
                for piece in pieces:
                    yield track, piece
                self.unfinished[track] = cutter.unfinished()
        for track, cutter in enumerate(cutters):
            for piece in cutter.ended():
                yield track, piece

    def _places_to_begin(self) -> Iterator[tuple[Strand, VoiceState]]:
        for one in self.strands:
            yield one, VoiceState.from_text(one.voice)

    @property
    def _must_find_language(self) -> bool:
        options = self._work.options
        is_open = options.language == AUTO and not self._work.language and options.languages == "file"
        return is_open and self._recogniser.is_multilingual and not self._work.is_growing

    def _blocks(self, file: MediaFile) -> Iterator[tuple[int, Samples]]:
        """The sound of each track from where it begins on; reports how far it is decoded."""
        reported = 0.0
        at_ms = [one.heard_ms for one in self.strands]
        end_ms = self._work.end_ms
        blocks = file.blocks_of_speakers(at_ms) if file.speakers else ((0, block) for block in file.blocks(at_ms[0]))
        for track, decoded in blocks:
            self._leave_if_stopped()
            block = decoded[: max(0, end_ms - at_ms[track]) * SAMPLES_PER_MS] if end_ms else decoded
            at_ms[track] += len(block) // SAMPLES_PER_MS
            if (now := time.monotonic()) - reported >= REPORT_EVERY_S and not self._work.is_growing:
                reported = now
                self._report(min(at_ms))
            yield track, block
            if end_ms and min(at_ms) >= end_ms:
                return

    def _places(self, duration_ms: int) -> Iterator[Features]:
        """Speech from some places of a file that is long enough to have others than its beginning."""
        if duration_ms < SHORTEST_FOR_PLACES_MS:
            return
        for place in PLACES:
            self._leave_if_stopped()
            with MediaFile(self._work.source, self._work.options.audio_track) as file:
                samples = file.excerpt(int(duration_ms * place), EXCERPT_MS)
            found, _state = listen(samples, VoiceState())
            if np.count_nonzero(found >= SPEECH) * 512 >= LEAST_EXCERPT_SPEECH_S * SAMPLE_RATE_HZ:
                yield self._recogniser.features(samples)

    def _leave_if_stopped(self) -> None:
        if self._is_stopped():
            raise Stopped
