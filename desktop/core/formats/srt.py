"""SubRip: the subtitles that every player reads."""

from __future__ import annotations

from desktop.core.cues import Cue
from desktop.core.formats.format import Format, WriteOptions, timestamp
from desktop.core.formats.guards import guarded
from desktop.core.transcript import Transcript


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as SubRip text; empty without cues."""
    return "\n".join(_block(number, cue) for number, cue in enumerate(options.cues(transcript), 1))


def _block(number: int, cue: Cue) -> str:
    return f"{number}\n{timestamp(cue.start_ms, ',')} --> {timestamp(cue.end_ms, ',')}\n{guarded(cue.text)}\n"


FORMAT = Format("srt", ".srt", "SRT", write)
