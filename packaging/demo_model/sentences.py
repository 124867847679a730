"""Sentences in the four languages, those of the training and those of the report never the same."""

import random
import zlib
from dataclasses import dataclass

from demo_model import english, parallel

LANGUAGES = ("en", *parallel.LANGUAGES)
_HELD_OUT_SHARE = 10
"""One sentence in so many belongs to the report."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, and what that is in English."""

    language: str
    text: str
    english: str

    @property
    def is_held_out(self) -> bool:
        """Whether it belongs to the report: a property of its text, so no list has to be kept."""
        return zlib.crc32(self.text.encode()) % _HELD_OUT_SHARE == 0


def draw(pick: random.Random, language: str, held_out: bool = False) -> Sentence:
    """One sentence for the training, or for the report."""
    while True:
        if language == "en":
            text = english.sentence(pick)
            found = Sentence(language, text, text)
        else:
            found = Sentence(language, *parallel.LANGUAGES[language].sentence(pick))
        if found.is_held_out == held_out:
            return found


def words() -> list[str]:
    """All words as they stand inside a sentence."""
    return sorted({*english.WORDS, *(word for one in parallel.LANGUAGES.values() for word in one.words)})
