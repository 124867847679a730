"""Plain text: a line for each segment or paragraph, with the time and the speaker before it if wanted."""

from __future__ import annotations

from desktop.core.formats.format import Format, WriteOptions, short_timestamp
from desktop.core.formats.prose import Paragraph, paragraphs
from desktop.core.i18n import mark
from desktop.core.transcript import Transcript


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The text of the transcript; segments without any are left out. Between paragraphs stands a blank line."""
    lines = (_line(one, options.shows_times(usual=False)) for one in paragraphs(transcript, options))
    return ("\n" if options.paragraph_pause_ms else "").join(lines)


def _line(paragraph: Paragraph, times: bool) -> str:
    time = f"[{short_timestamp(paragraph.start_ms)}] " if times else ""
    speaker = f"{paragraph.speaker}: " if paragraph.speaker else ""
    return f"{time}{speaker}{paragraph.text}\n"


FORMAT = Format("txt", ".txt", mark("Text"), write)
