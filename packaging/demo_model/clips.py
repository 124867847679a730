"""The cache of spoken sentences: made once, in parts, and drawn from during the training."""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo_model import sentences, voices
from demo_model.sentences import Sentence
from demo_model.speech import RATE_HZ, Samples, Speech

CACHE = Path.home() / ".cache" / "undertone-demo-model"
PARTS = 96
CLIPS_IN_A_PART = 500
LONGEST_S = 9.0
LANGUAGE_SHARES = {"en": 60, "de": 14, "es": 13, "fr": 13}
_SAMPLES, _TEXTS = "part-{:03}.npy", "part-{:03}.json"


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken sentence."""

    sentence: Sentence
    voice: str
    speech: Speech


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A spoken sentence whose samples lie on disk until they are wanted."""

    sentence: Sentence
    speech: Speech
    start: int
    count: int

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return self.count / RATE_HZ

    @property
    def samples(self) -> Samples:
        """Between -1 and 1."""
        return self.speech.samples[self.start : self.start + self.count].astype(np.float32) / 32768


def make_parts(share: int = 0, shares: int = 1) -> Iterator[Path]:
    """Make the parts that are missing, or every `shares`-th of them, each whole or not at all."""
    folder = CACHE / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(share, PARTS, shares):
        texts = folder / _TEXTS.format(number)
        if not texts.exists():
            _write_part(folder, number)
            yield texts


def stored() -> list[StoredClip]:
    """All clips of the parts that are there."""
    found = []
    for texts in sorted((CACHE / "clips").glob("part-*.json")):
        samples = np.load(texts.with_suffix(".npy"), mmap_mode="r")
        for one in json.loads(texts.read_text(encoding="utf-8")):
            words = tuple((start, end) for start, end in one["words"])
            phones = tuple((start, name) for start, name in one["phones"])
            sentence = Sentence(one["language"], one["text"], one["english"])
            found.append(StoredClip(sentence, Speech(samples, words, phones), one["start"], one["count"]))
    return found


def _write_part(folder: Path, number: int) -> None:
    pick = random.Random(number)
    described, pieces, at = [], [], 0
    while len(described) < CLIPS_IN_A_PART:
        clip = _speak(pick)
        if not 0.2 < clip.speech.duration_s < LONGEST_S:
            continue
        pieces.append((np.clip(clip.speech.samples, -1, 1) * 32767).astype(np.int16))
        described.append(_described(clip, at))
        at += len(pieces[-1])
    unfinished = folder / f"unfinished-{number}.npy"
    np.save(unfinished, np.concatenate(pieces))
    unfinished.replace(folder / _SAMPLES.format(number))
    _write(folder / _TEXTS.format(number), json.dumps(described, ensure_ascii=False))


def _speak(pick: random.Random) -> Clip:
    (language,) = pick.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))
    sentence, voice = sentences.draw(pick, language), voices.training_voice(pick, language)
    return Clip(sentence, voice.name, voice.say(sentence.text))


def _described(clip: Clip, start: int) -> dict[str, object]:
    return {
        "language": clip.sentence.language,
        "text": clip.sentence.text,
        "english": clip.sentence.english,
        "voice": clip.voice,
        "start": start,
        "count": len(clip.speech.samples),
        "words": [(round(a, 3), round(b, 3)) for a, b in clip.speech.words],
        "phones": [(round(at, 3), name) for at, name in clip.speech.phones],
    }


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
