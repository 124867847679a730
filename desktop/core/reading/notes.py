"""What was odd in a file that was read, and what was done about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from desktop.core.i18n import _


class NotRead(ValueError):
    """The file looks like one of a format but cannot be read as one; the message says why."""


@dataclass(frozen=True, slots=True)
class Note:
    """One oddity. It names its line, or how many places it is about where it would be tiresome to name them all."""

    line: int
    """Counted from 1; 0 where it concerns the whole file."""
    sentence: str
    """Marked for translation; `{detail}` and `{count}` stand for the values below."""
    detail: str = ""
    count: int = 1

    @property
    def said(self) -> str:
        """The note in the language of the reader."""
        sentence = _(self.sentence).format(detail=self.detail, count=self.count)
        return _("Line {line}: {note}").format(line=self.line, note=sentence) if self.line else sentence

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return {"line": self.line, "note": _(self.sentence).format(detail=self.detail, count=self.count)}


class Notes:
    """Collects notes while a file is read."""

    def __init__(self) -> None:
        self._single: list[Note] = []
        self._counted: Counter[str] = Counter()

    def add(self, line: int, sentence: str, detail: str = "") -> None:
        """One place, by its line."""
        self._single.append(Note(line, sentence, detail))

    def count(self, sentence: str, places: int = 1) -> None:
        """What happens all over a file and is said once, with how often."""
        if places:
            self._counted[sentence] += places

    def all(self) -> tuple[Note, ...]:
        """What concerns the whole file, then line by line."""
        whole = [Note(0, sentence, count=places) for sentence, places in self._counted.items()]
        return (*whole, *sorted(self._single, key=lambda note: note.line))
