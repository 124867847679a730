"""Files for the report: new sentences by new voices, with what is said and when."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from demo_model import sentences, sounds, voices
from demo_model.sentences import Sentence
from demo_model.speech import RATE_HZ, Samples, Speech
from demo_model.voices import Voice

NOISE_LEVEL = 3e-4
"""Of the white noise under the speech, full scale 1."""
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in a recording; times in seconds."""

    sentence: Sentence
    span: Span
    words: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound, and all that is said in it."""

    samples: Samples
    said: tuple[Said, ...]

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return len(self.samples) / RATE_HZ


def single(seed: int, language: str, voice: Callable[[random.Random], Voice]) -> Recording:
    """One sentence with a little silence around it."""
    pick = random.Random(seed)
    return _recorded(pick, [_spoken(pick, language, voice(pick))], lambda: 0.4)


def long(seed: int, minutes: float, languages: Sequence[str] = ("en",), pauses: Span = (0.2, 3.0)) -> Recording:
    """So many minutes, with pauses between least and most; the languages change every thirty seconds."""
    pick = random.Random(seed)
    spoken: list[tuple[Sentence, Speech]] = []
    length_s = 0.0
    while length_s < minutes * 60:
        language = languages[int(length_s / 30) % len(languages)]
        is_flite = language == "en" and pick.random() < 0.1
        voice = voices.held_out_flite_voice(pick) if is_flite else voices.held_out_voice(pick, language)
        spoken.append(_spoken(pick, language, voice))
        length_s += spoken[-1][1].duration_s + sum(pauses) / 2
    return _recorded(pick, spoken, lambda: pick.uniform(*pauses))


def without_speech(seed: int, kind: str, minutes: float, level: float = 0.1) -> Samples:
    """Minutes of one kind of noise or tone."""
    random_numbers = np.random.default_rng(seed)
    pieces = [sounds.other_sound(random_numbers, 10 * RATE_HZ, kind) for _ in range(round(minutes * 6))]
    return np.concatenate(pieces) * np.float32(level)


def _spoken(pick: random.Random, language: str, voice: Voice) -> tuple[Sentence, Speech]:
    sentence = sentences.draw(pick, language, held_out=True)
    return sentence, voice.say(sentence.text)


def _recorded(pick: random.Random, spoken: Sequence[tuple[Sentence, Speech]], pause: Callable[[], float]) -> Recording:
    pieces, said = [_silence(pause())], []
    for sentence, speech in spoken:
        start_s = sum(map(len, pieces)) / RATE_HZ
        words = tuple((start_s + a, start_s + b) for a, b in speech.words)
        said.append(Said(sentence, (start_s, start_s + speech.duration_s), words))
        pieces += [speech.samples * np.float32(pick.uniform(0.4, 0.9)), _silence(pause())]
    samples = np.concatenate(pieces)
    noise = np.random.default_rng(pick.getrandbits(32)).standard_normal(len(samples), np.float32)
    return Recording(np.clip(samples + noise * np.float32(NOISE_LEVEL), -1, 1), tuple(said))


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)
