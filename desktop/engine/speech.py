"""Where speech is: a stream of sound cut into windows for the model, at pauses.

Where a window ends depends on the sound after the end of the one before it (and on what the speech detector remembers
of what came earlier, which is a part of the window) and on nothing else. Work that goes on from the end of a window, in
another process on another day, therefore finds the same windows as work that never stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from desktop.core.coverage import Span
from desktop.engine.media import SAMPLES_PER_MS, Samples
from desktop.engine.voice import FRAME_MS, FRAME_SAMPLES, Probabilities, VoiceState, listen

WINDOW_FRAMES = 30_000 // FRAME_MS
"""What the model takes: 29.98 s."""
SPEECH = 0.5
SILENCE = 0.35  # between the two, what was before goes on
BREATH_FRAMES = 3  # about 0.1 s below SILENCE ends a stretch of speech
PAUSE_FRAMES = 300 // FRAME_MS
PAD_FRAMES = 224 // FRAME_MS  # kept of the silence on either side of speech
LONG_SILENCE_FRAMES = 30_000 // FRAME_MS
SETTLED_FRAMES = 1000 // FRAME_MS  # speech this long before the end of what is known cannot change any more
PAUSE_IS_WORTH = 0.5  # a pause is preferred to a breath that would fill the window by half more

Frames = tuple[int, int]
"""Start and end, counted in frames."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Sound for the model: stretches of speech, put one after the other without the long pauses between them.

    `samples` has at most 30 s and is empty for silence. `spans` says for each stretch where it starts in the window
    and where in the file. Up to `end_ms` all sound is dealt with once this window has been heard.
    """

    samples: Samples
    spans: tuple[tuple[int, int, int], ...]
    """(start in the window, start in the file, length), in milliseconds."""
    start_ms: int
    end_ms: int
    speech: tuple[Span, ...] = ()
    """Where the detector hears speech, in the file, without the silence around it; gaps of a breath are in it."""
    probabilities: Probabilities = field(default_factory=lambda: np.zeros(0, np.float32))
    """Of speech, for each frame from `start_ms` on."""
    voice: VoiceState = field(default_factory=VoiceState)
    """What the detector remembers at `end_ms`."""
    whole: Samples | None = None
    """All sound from `start_ms` on, where silence was left out and the model could take all of it."""

    @property
    def length_ms(self) -> int:
        """Of its samples."""
        return len(self.samples) // SAMPLES_PER_MS

    def file_ms(self, at_ms: int, is_end: bool = False) -> int:
        """The place in the file of a place in the window; an end stays in the stretch that it closes."""
        for window_ms, file_ms, length_ms in reversed(self.spans):
            if at_ms > window_ms or (at_ms == window_ms and not is_end):
                return file_ms + min(at_ms - window_ms, length_ms)
        return self.spans[0][1] if self.spans else self.start_ms

    def clearness(self, start_ms: int, end_ms: int) -> float:
        """Mean probability of speech where there is some, between two places in the file; 0 without any."""
        first, last = (start_ms - self.start_ms) // FRAME_MS, -(-(end_ms - self.start_ms) // FRAME_MS)
        found = self.probabilities[max(0, first) : max(0, last)]
        found = found[found >= SPEECH]
        return float(found.mean()) if len(found) else 0.0

    def pieces(self, count: int) -> list[Window]:
        """The window cut at its pauses into at most `count` windows of like length."""
        pieces = [self]
        while len(pieces) < count:
            longest = max(range(len(pieces)), key=lambda at: pieces[at].length_ms)
            halves = pieces[longest]._halves()
            if not halves:
                break
            pieces[longest : longest + 1] = halves
        return pieces

    def _halves(self) -> tuple[Window, Window] | None:
        """Cut at the pause nearest to the middle; None where there is no pause."""
        count = len(self.probabilities)
        cuts = [cut for cut, _worth in _pauses(stretches_of(self.probabilities), count) if count < 5 * cut < 4 * count]
        if not cuts:
            return None
        cut_ms = self.start_ms + min(cuts, key=lambda cut: abs(2 * cut - count)) * FRAME_MS
        return self._between(self.start_ms, cut_ms), self._between(cut_ms, self.end_ms)

    def unabridged(self) -> Window | None:
        """The window with the silence that was left out, if the model can take it: for speech that was not noticed."""
        if self.whole is None:
            return None
        spans = ((0, self.start_ms, len(self.whole) // SAMPLES_PER_MS),)
        return Window(self.whole, spans, self.start_ms, self.end_ms, self.speech, self.probabilities)

    def _between(self, start_ms: int, end_ms: int) -> Window:
        pieces, spans, length_ms = [], [], 0
        for window_ms, file_ms, span_ms in self.spans:
            left, right = max(file_ms, start_ms), min(file_ms + span_ms, end_ms)
            if right > left:
                at = (window_ms + left - file_ms) * SAMPLES_PER_MS
                pieces.append(self.samples[at : at + (right - left) * SAMPLES_PER_MS])
                spans.append((length_ms, left, right - left))
                length_ms += right - left
        # The parts carry no bookmark: work never goes on from within a window.
        frames = slice((start_ms - self.start_ms) // FRAME_MS, -(-(end_ms - self.start_ms) // FRAME_MS))
        speech = tuple(one for one in self.speech if start_ms <= one[0] < end_ms)
        samples = np.concatenate(pieces) if pieces else self.samples[:0]
        return Window(samples, tuple(spans), start_ms, end_ms, speech, self.probabilities[frames])


def windows(blocks: Iterator[Samples], start_ms: int, vad: bool, voice: VoiceState | None = None) -> Iterator[Window]:
    """Cut the sound, whose first sample lies at `start_ms`, into windows.

    `voice` is that of the window which ended there. Without `vad` all sound is given to the model, not only speech.
    """
    cutter = Cutter(start_ms, vad, voice)
    for block in blocks:
        yield from cutter.fed(block)
    yield from cutter.ended()


class Cutter:
    """Takes sound and gives it back as windows, each as soon as nothing that follows can move its end."""

    def __init__(self, start_ms: int, vad: bool, voice: VoiceState | None = None) -> None:
        self.start_ms = start_ms
        """Of the first sound that is in no window yet."""
        self._vad = vad
        self._sound = _Listened(voice or VoiceState())

    def fed(self, block: Samples) -> Iterator[Window]:
        """The windows that are complete with this sound."""
        self._sound.add(block)
        yield from self._windows(False)

    def ended(self) -> Iterator[Window]:
        """The rest: there is no more sound."""
        self._sound.end()
        yield from self._windows(True)

    def _windows(self, is_all: bool) -> Iterator[Window]:
        while (cut := self._cut(self._sound.probabilities, is_all)) is not None:
            yield self._taken(cut)

    def _cut(self, probabilities: Probabilities, is_all: bool) -> int | None:
        return _cut(probabilities, is_all, self._vad)

    def _taken(self, cut: int) -> Window:
        window = self._sound.taken(cut, self.start_ms, self._vad)
        self.start_ms = window.end_ms
        return window


class _Listened:
    """The sound that has been listened to but is in no window yet; its first frame is frame 0."""

    def __init__(self, voice: VoiceState) -> None:
        self._samples: Samples = np.empty(0, np.float32)
        self.probabilities: Probabilities = np.empty(0, np.float32)
        self._heard = 0  # samples that the detector knows
        self._states: list[tuple[int, VoiceState]] = [(0, voice)]

    def add(self, block: Samples) -> None:
        """Take in more sound."""
        self._samples = np.concatenate([self._samples, block]) if len(block) else self._samples
        self._listen(self._heard + (len(self._samples) - self._heard) // FRAME_SAMPLES * FRAME_SAMPLES)

    def end(self) -> None:
        """Listen to the last frame, too, though it is not full."""
        self._listen(len(self._samples))

    def _listen(self, end: int) -> None:
        if end > self._heard:
            found, state = listen(self._samples[self._heard : end], self._states[-1][1])
            self.probabilities = np.concatenate([self.probabilities, found])
            self._heard = end
            self._states.append((len(self.probabilities), state))

    def window(self, cut: int, at_ms: int, vad: bool) -> Window:
        """Everything up to a frame as a window, without a bookmark."""
        probabilities = self.probabilities[:cut]
        stretches = stretches_of(probabilities)
        end = min(cut * FRAME_SAMPLES, self._heard)
        pieces, spans, length = [], [], 0
        for first, last in _padded(stretches, cut) if vad else [(0, cut)]:
            piece = self._samples[first * FRAME_SAMPLES : min(last * FRAME_SAMPLES, end)]
            spans.append((length // SAMPLES_PER_MS, at_ms + first * FRAME_MS, len(piece) // SAMPLES_PER_MS))
            pieces.append(piece)
            length += len(piece)
        end_ms = at_ms + end // SAMPLES_PER_MS
        return Window(
            samples=np.concatenate(pieces) if pieces else self._samples[:0],
            spans=tuple(spans),
            start_ms=at_ms,
            end_ms=end_ms,
            speech=tuple(
                (at_ms + first * FRAME_MS, min(at_ms + last * FRAME_MS, end_ms))
                for first, last in _joined(stretches, PAUSE_FRAMES)
            ),
            probabilities=probabilities,
        )

    def taken(self, cut: int, at_ms: int, vad: bool) -> Window:
        """Everything up to a frame as a window; it is taken away."""
        window = self.window(cut, at_ms, vad)
        end = min(cut * FRAME_SAMPLES, self._heard)
        is_abridged = len(window.samples) < end <= WINDOW_FRAMES * FRAME_SAMPLES
        whole = self._samples[:end].copy() if is_abridged else None
        return replace(window, whole=whole, voice=self._drop(cut))

    def _drop(self, cut: int) -> VoiceState:
        """Forget what lies before a frame; what the detector remembers there."""
        at, state = next((at, state) for at, state in reversed(self._states) if at <= cut)
        if at < cut:
            _found, state = listen(self._samples[at * FRAME_SAMPLES : min(cut * FRAME_SAMPLES, self._heard)], state)
        self._states = [(0, state), *((at - cut, one) for at, one in self._states if at > cut)]
        self._samples = self._samples[cut * FRAME_SAMPLES :].copy()
        self.probabilities = self.probabilities[cut:].copy()
        self._heard = max(0, self._heard - cut * FRAME_SAMPLES)
        return state


def _cut(probabilities: Probabilities, is_all: bool, vad: bool) -> int | None:
    """The frame where the first window ends; None as long as more sound could still move it.

    What is known beyond the end does not count, else the size of the blocks would.
    """
    count = len(probabilities)
    stretches = stretches_of(probabilities)
    full = _full_at(stretches, count) if vad else (WINDOW_FRAMES if count > WINDOW_FRAMES else None)
    silent = _silent_at(stretches, count) if vad else None
    if silent is not None and (full is None or silent < full):
        return silent
    if full is not None and (is_all or count >= full + SETTLED_FRAMES):
        known = probabilities[: full + SETTLED_FRAMES]
        return best_cut(known, stretches_of(known), full, vad)
    return count if is_all and full is None and count else None


def stretches_of(probabilities: Probabilities) -> list[Frames]:
    """Where speech is: from a frame of 0.5 at least to where it stays below 0.35 for three frames."""
    loud = np.flatnonzero(probabilities >= SPEECH)
    if not len(loud):
        return []
    # A frame that is not silent keeps a stretch going, but starts none.
    going = np.flatnonzero(probabilities >= SILENCE)
    groups = np.split(going, np.flatnonzero(np.diff(going) > BREATH_FRAMES) + 1)
    found = []
    for group in groups:
        at = np.searchsorted(loud, group[0])
        if at < len(loud) and loud[at] <= group[-1]:
            found.append((int(loud[at]), int(group[-1]) + 1))
    return found


def _padded(stretches: list[Frames], count: int) -> list[Frames]:
    """The stretches with a little silence around each; those that touch are one."""
    return _joined([(max(0, start - PAD_FRAMES), min(count, end + PAD_FRAMES)) for start, end in stretches], 0)


def _joined(stretches: list[Frames], gap: int) -> list[Frames]:
    """The stretches, those with at most `gap` frames between them as one."""
    joined: list[Frames] = []
    for start, end in stretches:
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _full_at(stretches: list[Frames], count: int) -> int | None:
    """The frame with which the padded speech before it fills a window; None when all of it fits."""
    left = WINDOW_FRAMES
    for first, last in _padded(stretches, count):
        if last - first > left:
            return first + left
        left -= last - first
    return None


def _silent_at(stretches: list[Frames], count: int) -> int | None:
    """The frame in the first long silence where a window ends; a pad's length before speech could begin is left."""
    ends = [0, *(end for _start, end in stretches)]
    starts = [*(start for start, _end in stretches), count]
    for end, start in zip(ends, starts, strict=True):
        if start - end > LONG_SILENCE_FRAMES:
            return end + LONG_SILENCE_FRAMES - PAD_FRAMES
    return None


def best_cut(probabilities: Probabilities, stretches: list[Frames], full: int, vad: bool) -> int:
    """The pause before `full` that fills the window best; where nobody pauses, the least likely speech near its end."""
    best, best_worth = 0, 0.0
    for cut, worth in _pauses(stretches, len(probabilities)):
        if cut > full:
            break
        filled = _total(_padded([one for one in stretches if one[1] <= cut], cut)) if vad else cut
        value = filled / WINDOW_FRAMES + worth
        if value > best_worth:
            best, best_worth = cut, value
    if best_worth >= PAUSE_IS_WORTH:
        return best
    start = max(1, full - WINDOW_FRAMES // 3)
    return start + int(np.argmin(probabilities[start:full]))


def _pauses(stretches: list[Frames], count: int) -> Iterator[tuple[int, float]]:
    """The middle of each gap between stretches, and how good a place to cut it is."""
    ends = [end for _start, end in stretches]
    followers = [*(start for start, _end in stretches[1:]), count]
    for end, follower in zip(ends, followers, strict=False):
        if follower > end:
            yield (end + follower) // 2, PAUSE_IS_WORTH if follower - end >= PAUSE_FRAMES else 0.0


def _total(spans: list[Frames]) -> int:
    return sum(end - start for start, end in spans)
