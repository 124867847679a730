"""How far a text is from what was said, or from another text: word error rate after Whisper's own normalisation."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from desktop.core.i18n import _

REFERENCES = (".txt", ".json")


@dataclass(frozen=True, slots=True)
class Errors:
    """All texts together, so that long ones weigh more than short ones."""

    words: int
    substituted: int
    deleted: int
    inserted: int

    @property
    def rate(self) -> float:
        """The word error rate."""
        wrong = self.substituted + self.deleted + self.inserted
        return wrong / self.words if self.words else float(wrong > 0)


def errors(references: Sequence[str], texts: Sequence[str], language: str) -> Errors:
    """What it takes to make the references of the texts. Raises ImportError without jiwer."""
    import jiwer

    plain, _how = normaliser(language)
    pairs = [(plain(said), plain(heard)) for said, heard in zip(references, texts, strict=True)]
    spoken = [(said, heard) for said, heard in pairs if said]  # jiwer takes no empty reference
    surplus = sum(len(heard.split()) for said, heard in pairs if not said)
    if not spoken:
        return Errors(0, 0, 0, surplus)
    found = jiwer.process_words([said for said, _heard in spoken], [heard for _said, heard in spoken])
    words = found.hits + found.substitutions + found.deletions
    return Errors(words, found.substitutions, found.deletions, found.insertions + surplus)


def normaliser(language: str) -> tuple[Callable[[str], str], str]:
    """What makes texts alike that say the same, and its name for the table."""
    if find_spec("whisper") is None:
        return _plain, _("lower case without punctuation")
    from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

    if language == "en":
        return EnglishTextNormalizer(), _("Whisper's normalisation for English")
    return BasicTextNormalizer(), _("Whisper's basic normalisation")


def reference_of(source: Path, folder: Path) -> str | None:
    """What is said in a file: NAME.txt, or the segments of NAME.json; None where neither tells."""
    for suffix in REFERENCES:
        path = folder / f"{source.stem}{suffix}"
        if path.is_file():
            text = path.read_text(encoding="utf-8-sig")
            return text if suffix == ".txt" else _said(text)
    return None


def _said(record: str) -> str | None:
    try:
        return " ".join(one["text"] for one in json.loads(record)["segments"])
    except (KeyError, TypeError, ValueError):
        return None


def _plain(text: str) -> str:
    return " ".join("".join(one if one.isalnum() or one == "'" else " " for one in text.lower()).split())
