"""How an export begins, before it is written."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from desktop.core.coverage import Coverage
from desktop.core.cues import one_line
from desktop.core.formats import txt
from desktop.core.formats.format import Format, WriteOptions
from desktop.core.transcript import Transcript

MOST_LINES = 200
MOST_CHARACTERS = 50_000


def preview(transcript: Transcript, wanted: Format, options: WriteOptions, most_lines: int = MOST_LINES) -> str:
    """The first lines of the file, as they will be but for the ends of very long ones; a document as plain text.

    Only as many segments are written as these lines need, so that ten hours are shown as fast as ten minutes.
    """
    text = _written(_beginning(transcript, options, most_lines), wanted, options)
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    shown = "\n".join(lines[:most_lines])
    return shown if len(shown) <= MOST_CHARACTERS else f"{shown[:MOST_CHARACTERS]}…"


def _beginning(transcript: Transcript, options: WriteOptions, most: int) -> Transcript:
    """As many segments as can fill these lines, and as many parts of the map; a paragraph joins some of them.

    What a format leaves out fills no lines, but stays: there is one that keeps everything.
    """
    chosen = (at for at, one in enumerate(transcript.segments) if options.suspects or not one.suspect)
    filling = (at for at in chosen if one_line(transcript.segments[at].text))
    last = next(islice(filling, most, None), len(transcript.segments))
    parts = transcript.coverage.parts[:most]
    return replace(transcript, segments=transcript.segments[: last + 1], coverage=Coverage(parts))


def _written(transcript: Transcript, wanted: Format, options: WriteOptions) -> str:
    written = wanted.write(transcript, options)
    if isinstance(written, str):
        return written
    heading = options.heading(transcript)
    return f"{heading}\n\n" * bool(heading) + txt.write(
        transcript, replace(options, times=options.shows_times(usual=True))
    )
