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
from desktop.engine.media import SAMPLE_RATE_HZ, SAMPLES_PER_MS, MediaFile, Samples
from desktop.engine.speech import Window, windows
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

    def to_text(self) -> str:
        """For the library; only the engine reads it."""
        return json.dumps({"voice": self.voice.to_text(), "before": self.before})

    @staticmethod
    def from_text(text: str) -> Bookmark:
        """What `to_text` wrote; that of a file's beginning for anything else."""
        try:
            record = json.loads(text)
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

    def prepared(self) -> Iterator[Prepared]:
        """The windows in their order; `notes` are known after the last. Raises AppError, or Stopped."""
        work = self._work
        with MediaFile(work.source, work.options.audio_track) as file:
            places = tuple(self._places(file.duration_ms())) if self._must_find_language else ()
            voice = Bookmark.from_text(work.bookmark).voice
            for window in windows(self._blocks(file), work.start_ms, work.options.vad, voice):
                self._leave_if_stopped()
                self.start_offset_ms = file.start_offset_ms()
                if len(window.samples):
                    yield Prepared(window, self._recogniser.features(window.samples), places)
                    places = ()
                else:
                    yield Prepared(window, None)
            self.notes = tuple(file.notes)

    @property
    def _must_find_language(self) -> bool:
        options = self._work.options
        is_open = options.language == AUTO and not self._work.language and options.languages == "file"
        return is_open and self._recogniser.is_multilingual

    def _blocks(self, file: MediaFile) -> Iterator[Samples]:
        """The sound from the start of the work on; reports how far it is decoded."""
        reported = 0.0
        at_ms = self._work.start_ms
        for decoded in file.blocks(at_ms):
            self._leave_if_stopped()
            block = decoded
            if self._work.end_ms:
                block = decoded[: max(0, self._work.end_ms - at_ms) * SAMPLES_PER_MS]
            at_ms += len(block) // SAMPLES_PER_MS
            if (now := time.monotonic()) - reported >= REPORT_EVERY_S:
                reported = now
                self._report(at_ms)
            yield block
            if self._work.end_ms and at_ms >= self._work.end_ms:
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
