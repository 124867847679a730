"""The transcript as text to read: paragraphs up to a pause or another speaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from desktop.core.cues import one_line
from desktop.core.formats.format import WriteOptions
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import is_spaceless

_FIRST_IDEOGRAPHIC = "\u2e80"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Segments that belong together, none of them without text. `speaker` is empty where it is the one before."""

    segments: tuple[Segment, ...]
    speaker: str

    @property
    def start_ms(self) -> int:
        """When its first word was said."""
        return max(0, self.segments[0].start_ms)

    @property
    def text(self) -> str:
        """All of it on one line."""
        return "".join(spaced(self))


def paragraphs(transcript: Transcript, options: WriteOptions) -> Iterator[Paragraph]:
    """What is chosen of the transcript, in order."""
    said = [one for one in options.chosen(transcript).segments if one_line(one.text)]
    starts = [0, *(at for at, (left, right) in enumerate(pairwise(said), 1) if _may_part(left, right, options))]
    before = ""
    for start, stop in zip(starts, [*starts[1:], len(said)], strict=True):
        if start < stop:
            speaker = one_line(said[start].speaker) if options.speakers else ""
            yield Paragraph(tuple(said[start:stop]), speaker if speaker != before else "")
            before = speaker


def spaced(paragraph: Paragraph) -> Iterator[str]:
    """The text of each segment, with the space that parts it from the one before."""
    left = ""
    for segment in paragraph.segments:
        text = one_line(segment.text)
        yield text if not left or _is_ideographic(left[-1], text[0]) else f" {text}"
        left = text


def _may_part(left: Segment, right: Segment, options: WriteOptions) -> bool:
    pause_ms = options.paragraph_pause_ms
    return not pause_ms or right.start_ms - left.end_ms >= pause_ms or right.speaker != left.speaker


def _is_ideographic(left: str, right: str) -> bool:
    """Whether sentences follow one another without a space: in Chinese and Japanese, but not in Thai."""
    return min(left, right) >= _FIRST_IDEOGRAPHIC and is_spaceless(left) and is_spaceless(right)
