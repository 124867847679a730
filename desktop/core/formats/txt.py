"""Plain text: one line a segment, nothing else."""

from __future__ import annotations

from desktop.core.cues import one_line
from desktop.core.formats.format import Format, WriteOptions
from desktop.core.i18n import mark
from desktop.core.transcript import Transcript


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The text of the transcript; segments without any are left out."""
    lines = (one_line(segment.text) for segment in options.chosen(transcript).segments)
    return "".join(f"{line}\n" for line in lines if line)


FORMAT = Format("txt", ".txt", mark("Text"), write)
