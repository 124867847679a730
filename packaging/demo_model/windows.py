"""What the network is trained on: windows of sound, each with what shall be written for it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo_model import sounds
from demo_model.clips import StoredClip
from demo_model.features import BANDS, FRAMES_PER_S
from demo_model.scripts import Form, Placed, Script, Wanted, Writer
from demo_model.speech import RATE_HZ, SILENCE, WINDOW_S, Samples
from demo_model.vocabulary import STEP_S

_LEAST_PART_S = 0.3
_PAUSES_S = ((0.02, 0.4), (0.1, 0.8), (0.2, 1.5), (0.3, 3.0), (1.0, 6.0))


@dataclass(frozen=True, slots=True)
class Window:
    """One example."""

    samples: Samples
    frames: int
    """So many frames hold sound; those after them are zero, as past the end of a file."""
    peak: float
    """The logarithm of the loudest band in the rest of the file."""
    colour: npt.NDArray[np.float32]
    """What the microphone adds to the logarithm of each band."""
    shift: int
    """The place in a whole window at which this one begins, in steps of 20 ms."""
    phones: npt.NDArray[np.int64]
    """One for each step of 20 ms."""
    script: Script


class Composer:
    """Puts windows together; the same seed gives the same windows."""

    def __init__(self, clips: Sequence[StoredClip], phones: Sequence[str]) -> None:
        self._phones = {name: number for number, name in enumerate(phones)}
        self._all = clips
        self._by_language: dict[str, list[StoredClip]] = {}
        for clip in clips:
            self._by_language.setdefault(clip.sentence.language, []).append(clip)

    def begin(self, seed: int, window_s: float, before_share: float) -> None:
        """Begin anew: windows of so many seconds; with such a chance they have text before, which makes them long."""
        self._pick = random.Random(seed)
        self._random = np.random.default_rng(seed)
        self._length_s = window_s
        self._writer = Writer(self._pick, self._by_language, window_s, self._pick.random() < before_share)

    def window(self) -> Window:
        """One example."""
        pick = self._pick
        shift = pick.randint(0, round((WINDOW_S - self._length_s) / STEP_S))
        if pick.random() < 0.06:
            return self._without_speech(shift)
        language = pick.choice(self._all).sentence.language
        is_translated = pick.random() < (0.04 if language == "en" else 0.5)
        placed = self._placed(language, may_be_cut=not is_translated)
        wanted = Wanted(language, pick.choice(list(Form)), is_translated)
        script = self._writer.script(placed, wanted, shift * STEP_S)
        return self._finished(self._sound(placed), self._content_s(placed), shift, self._phones_of(placed), script)

    def _placed(self, language: str, may_be_cut: bool) -> list[Placed]:
        """Sentences one after the other until the window is full; the first and the last may be cut by its edges."""
        pick = self._pick
        pauses, most_sentences = pick.choice(_PAUSES_S), pick.choice((1, 2, 4, 99, 99, 99))
        is_mixed = pick.random() < 0.04
        found: list[Placed] = []
        at = self._lead_s()
        while len(found) < most_sentences:
            clip = pick.choice(self._all if is_mixed and found else self._by_language[language])
            if not found and may_be_cut and pick.random() < 0.12:
                at = -pick.uniform(0.0, max(0.0, clip.duration_s - 0.8))
            fits = at + clip.duration_s <= self._length_s
            if not found and not fits:
                at = 0.0
                continue
            if fits or (may_be_cut and at < self._length_s - _LEAST_PART_S):
                found.append(Placed(clip, at))
            if not fits:
                break
            at += clip.duration_s + pick.uniform(*pauses)
        return found

    def _lead_s(self) -> float:
        kind = self._pick.random()
        if kind < 0.35:
            return 0.0
        longest_s = 0.5 if kind < 0.7 else 3.0 if kind < 0.97 else 20.0
        return self._pick.uniform(0, min(longest_s, self._length_s / 2))

    def _sound(self, placed: Sequence[Placed]) -> Samples:
        pick = self._pick
        samples = np.zeros(round(self._length_s * RATE_HZ), np.float32)
        for one in placed:
            start, spoken = round(one.start_s * RATE_HZ), one.clip.samples * np.float32(10 ** pick.uniform(-0.35, 0.0))
            part = spoken[max(0, -start) : len(samples) - start]
            samples[max(0, start) : max(0, start) + len(part)] += part
        if pick.random() < 0.3:
            samples = sounds.in_room(samples, sounds.room(self._random))
        samples *= np.float32(10 ** pick.uniform(-1.2, 0.1))
        if pick.random() < 0.65:
            kind = pick.choice(("white", "white", "pink", "brown", "hum", "melody"))
            loudness = (np.sqrt(np.mean(np.square(samples))) + 1e-5) * 10 ** -pick.uniform(0.7, 2.5)
            samples += sounds.other_sound(self._random, len(samples), kind) * np.float32(loudness)
        if pick.random() < 0.06:
            self._disturb(samples, placed)
        return samples

    def _disturb(self, samples: Samples, placed: Sequence[Placed]) -> None:
        """Another sound after a sentence, where nobody speaks."""
        ends = [*(round(one.start_s * RATE_HZ) for one in placed[1:]), len(samples)]
        for one, end in zip(placed, ends, strict=True):
            start = round((one.end_s + 0.1) * RATE_HZ)
            if end - start > RATE_HZ // 4 and self._pick.random() < 0.5:
                loudness = np.float32(10 ** self._pick.uniform(-2.5, -0.7))
                samples[start:end] += sounds.other_sound(self._random, end - start) * loudness

    def _content_s(self, placed: Sequence[Placed]) -> float:
        """Where the file ends: mostly past the window, else some time after the last sentence."""
        left_s = self._length_s - placed[-1].end_s
        if left_s < 0 or self._pick.random() < 0.5:
            return self._length_s
        return placed[-1].end_s + self._pick.uniform(0, min(left_s, 1.0))

    def _without_speech(self, shift: int) -> Window:
        pick, count = self._pick, round(self._length_s * RATE_HZ)
        samples = sounds.other_sound(self._random, count) * np.float32(10 ** pick.uniform(-4, -0.5))
        if pick.random() < 0.3:
            samples += sounds.other_sound(self._random, count) * np.float32(10 ** pick.uniform(-4, -1))
        content_s = self._length_s if pick.random() < 0.6 else pick.uniform(0.3, self._length_s)
        return self._finished(samples, content_s, shift, self._phones_of(()), self._writer.script_of_silence())

    def _finished(
        self, samples: Samples, content_s: float, shift: int, phones: npt.NDArray[np.int64], script: Script
    ) -> Window:
        pick = self._pick
        peak = pick.uniform(0.0, 3.0) if pick.random() < 0.3 else -10.0
        points = self._random.uniform(-0.5, 0.5, 6) * (pick.random() < 0.5)
        colour = np.interp(np.linspace(0, 5, BANDS), np.arange(6), points).astype(np.float32)
        samples = np.clip(samples, -1, 1)
        samples[round(content_s * RATE_HZ) :] = 0
        if pick.random() < 0.3:  # then the silence is part of the file
            content_s = self._length_s
        return Window(samples, round(content_s * FRAMES_PER_S), peak, colour, shift, phones, script)

    def _phones_of(self, placed: Sequence[Placed]) -> npt.NDArray[np.int64]:
        labels = np.zeros(round(self._length_s / STEP_S), np.int64)
        for one in placed:
            starts = [one.start_s + at for at, _ in one.clip.speech.phones]
            names = [name for _, name in one.clip.speech.phones]
            for name, start, end in zip(names, starts, [*starts[1:], one.end_s], strict=True):
                first, last = max(0, round(start / STEP_S)), max(0, round(end / STEP_S))
                labels[first:last] = self._phones.get(name, self._phones[SILENCE])
        return labels
