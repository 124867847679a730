"""Where speech is: a stream of sound cut into windows of at most 24 s for the model, at pauses.

A window depends on the samples that follow the end of the one before it and on nothing else. Work that goes on from
the end of a window, in another process on another day, therefore finds the same windows as work that never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from desktop.engine.media import SAMPLE_RATE_HZ, SAMPLES_PER_MS, Samples

# The model takes 30 s. Filled to the brim it has no room for the end of the last sentence and loses it.
WINDOW_SAMPLES = 24 * SAMPLE_RATE_HZ
LOOKS_S = (45, 60, 75, 90)  # how much sound is looked at until the next window is certain
SETTLED_SAMPLES = 3 * SAMPLE_RATE_HZ  # speech that ends this long before the end of a look cannot change any more
PAUSE_MS = 300  # a window ends at a pause of this length at least, so that no sentence is cut
PAD_MS = 400
QUIET_SAMPLES = SAMPLE_RATE_HZ // 10
SEARCH_SAMPLES = 5 * SAMPLE_RATE_HZ

Region = tuple[int, int]  # start and end in samples


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Sound for the model: stretches of speech, put one after the other without the pauses between them.

    `samples` has at most 24 s and is empty for silence. `spans` says for each stretch where it starts in the window
    and where in the file. Up to `end_ms` all sound is dealt with once this window has been heard.
    """

    samples: Samples
    spans: tuple[tuple[int, int, int], ...]
    """(start in the window, start in the file, length), in milliseconds."""
    end_ms: int

    def file_ms(self, at_ms: int, is_end: bool = False) -> int:
        """The place in the file of a place in the window; an end stays in the stretch that it closes."""
        for window_ms, file_ms, length_ms in reversed(self.spans):
            if at_ms > window_ms or (at_ms == window_ms and not is_end):
                return file_ms + min(at_ms - window_ms, length_ms)
        return self.spans[0][1] if self.spans else 0


def windows(blocks: Iterator[Samples], start_ms: int, vad: bool) -> Iterator[Window]:
    """Cut the sound, whose first sample lies at `start_ms`, into windows."""
    sound = _Ahead(blocks)
    at = start_ms * SAMPLES_PER_MS
    look = _look_for_speech if vad else _look_at_all
    while sound.fill(1):
        regions, cut = _decided(sound, look)
        cut = cut // SAMPLES_PER_MS * SAMPLES_PER_MS or cut  # whole milliseconds: work may go on from there
        yield _window(sound.peek(cut), regions, at, cut)
        sound.drop(cut)
        at += cut


class _Ahead:
    """The sound that has been decoded but not yet used."""

    def __init__(self, blocks: Iterator[Samples]) -> None:
        self._blocks = blocks
        self._held: Samples = np.empty(0, np.float32)
        self.ended = False

    def fill(self, length: int) -> bool:
        """Decode until `length` samples are there; False when there is none at all."""
        kept = [self._held]
        have = len(self._held)
        while have < length and not self.ended:
            block = next(self._blocks, None)
            self.ended = block is None
            if block is not None:
                kept.append(block)
                have += len(block)
        self._held = np.concatenate(kept) if len(kept) > 1 else self._held
        return have > 0

    def peek(self, length: int) -> Samples:
        return self._held[:length]

    def drop(self, length: int) -> None:
        self._held = self._held[length:].copy()

    def is_all(self, length: int) -> bool:
        """Whether `length` samples are all there will ever be."""
        self.fill(length + 1)
        return len(self._held) <= length


def _decided(sound: _Ahead, look: _Look) -> tuple[list[Region], int]:
    for seconds in LOOKS_S:
        length = seconds * SAMPLE_RATE_HZ
        is_all = sound.is_all(length)
        found = look(sound.peek(length), is_all, seconds == LOOKS_S[-1])
        if found is not None:
            return found
    raise AssertionError("the longest look always decides")


def _look_for_speech(samples: Samples, is_all: bool, is_last_look: bool) -> tuple[list[Region], int] | None:
    """The regions of the first window and where it ends; None when more sound could still change them."""
    regions = speech_regions(samples)
    settled = [region for region in regions if is_all or region[1] <= len(samples) - SETTLED_SAMPLES]
    if not regions:
        return [], len(samples) if is_all else len(samples) - SETTLED_SAMPLES
    if not settled:
        return ([], regions[0][0]) if regions[0][0] else None
    first = _fitting(settled)
    follower = regions[len(first)] if len(first) < len(regions) else None
    if follower is None and is_all:
        return first, len(samples)
    is_full = follower is not None and _total([*first, follower]) > WINDOW_SAMPLES
    return (first, first[-1][1]) if is_full or is_all or is_last_look else None


def _look_at_all(samples: Samples, is_all: bool, _is_last_look: bool) -> tuple[list[Region], int]:
    """Everything is taken for speech; the cut is made where it is quietest."""
    if is_all and len(samples) <= WINDOW_SAMPLES:
        return [(0, len(samples))], len(samples)
    cut = _quietest(samples[:WINDOW_SAMPLES])
    return [(0, cut)], cut


_Look = Callable[[Samples, bool, bool], tuple[list[Region], int] | None]


def speech_regions(samples: Samples) -> list[Region]:
    """Start and end, in samples, of each stretch of speech: at most 24 s long, in order, never overlapping."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    longest_s = WINDOW_SAMPLES / SAMPLE_RATE_HZ
    options = VadOptions(min_silence_duration_ms=PAUSE_MS, speech_pad_ms=PAD_MS, max_speech_duration_s=longest_s)
    found = get_speech_timestamps(samples, options)
    return [piece for one in found for piece in _pieces(one["start"], min(one["end"], len(samples)))]


def _pieces(start: int, end: int) -> Iterator[Region]:
    # The padding may carry a region a little over the limit; the model would cut off what is beyond it.
    for at in range(start, end, WINDOW_SAMPLES):
        yield at, min(at + WINDOW_SAMPLES, end)


def _fitting(regions: list[Region]) -> list[Region]:
    count = 1
    while count < len(regions) and _total(regions[: count + 1]) <= WINDOW_SAMPLES:
        count += 1
    return regions[:count]


def _total(regions: list[Region]) -> int:
    return sum(end - start for start, end in regions)


def _quietest(samples: Samples) -> int:
    tail = samples[-SEARCH_SAMPLES:]
    loudness = np.square(tail[: len(tail) // QUIET_SAMPLES * QUIET_SAMPLES]).reshape(-1, QUIET_SAMPLES).sum(axis=1)
    return len(samples) - len(tail) + int(loudness.argmin()) * QUIET_SAMPLES + QUIET_SAMPLES // 2


def _window(samples: Samples, regions: list[Region], at: int, cut: int) -> Window:
    spans = []
    length = 0
    for start, end in regions:
        spans.append((length // SAMPLES_PER_MS, (at + start) // SAMPLES_PER_MS, (end - start) // SAMPLES_PER_MS))
        length += end - start
    speech = np.concatenate([samples[start : min(end, cut)] for start, end in regions]) if regions else samples[:0]
    return Window(speech, tuple(spans), (at + cut) // SAMPLES_PER_MS)
