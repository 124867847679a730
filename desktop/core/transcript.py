"""What was heard: words, segments and the transcript they make, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop.core.coverage import Coverage
from desktop.core.i18n import mark
from desktop.core.words import Word, realigned

__all__ = ["DEMO_MODEL", "Segment", "Transcript", "Word"]

DEMO_MODEL = mark("Demo model: knows a few hundred words; install a model for real work")
"""Stands wherever text of the demo model is shown or written."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech that the engine wrote as one piece: about a sentence.

    The four figures are the engine's own view of its quality, as Whisper defines them.
    `text` may hold line breaks where a person has set them.
    """

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...] = ()
    avg_logprob: float = 0.0
    no_speech_prob: float = 0.0
    compression_ratio: float = 0.0
    temperature: float = 0.0
    suspect: str = ""
    """Why the text may not be what was said, a code of `core.doubts`; empty where nothing speaks against it."""
    language: str = ""
    """Only where the language was looked for in each window; else that of the transcript."""
    speaker: str = ""
    is_pinned: bool = False
    """Set by hand as a cue: its lines and times stay as they are in every export."""

    def reworded(self, text: str) -> Segment:
        """The same stretch of sound with another text, its words at their places. A person wrote it: no suspicion."""
        words = realigned(self.words, text, self.start_ms, self.end_ms)
        return replace(self, text=text, words=words, suspect="")

    def kept(self) -> Segment:
        """The same, found right by a person."""
        return replace(self, suspect="")

    @property
    def is_edited(self) -> bool:
        """Whether the text is no longer what the words say."""
        return bool(self.words) and self.text.split() != "".join(word.text for word in self.words).split()


@dataclass(frozen=True, slots=True)
class Transcript:
    """All segments of one medium, in the order of time, with what is known about how they were heard."""

    segments: tuple[Segment, ...]
    source: str = ""
    language: str = ""
    model: str = ""
    duration_ms: int = 0
    is_demo: bool = False
    coverage: Coverage = Coverage()
    """Which parts of the sound are speech and which of them have text."""

    def without_suspects(self) -> Transcript:
        """The same without the segments whose text may not be what was said."""
        return replace(self, segments=tuple(one for one in self.segments if not one.suspect))

    @property
    def text(self) -> str:
        """The whole text, one line a segment."""
        return "\n".join(segment.text.strip() for segment in self.segments)
