"""SubRip: the subtitles that every player reads."""

from __future__ import annotations

import re

from desktop.core.cues import Cue, compose
from desktop.core.formats.format import Format, WriteOptions, timestamp
from desktop.core.transcript import Transcript

# SubRip has no escape character, and players take `<i>`, `{\an8}` and `\N` in it for commands. A word joiner, which
# has no width, hides these from them (mpv guards backslashes of its own so). Nothing of that kind helps with braces:
# libass (mpv, FFmpeg) leaves out all that stands between two of them, so they become their wide twins.
_WORD_JOINER = "\u2060"
_GUARDED = re.compile(r"<|\\(?=[nNhH])|--(?=>)")
_WIDE_BRACES = str.maketrans("{}", "｛｝")


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as SubRip text; empty without cues."""
    return "\n".join(_block(number, cue) for number, cue in enumerate(compose(options.chosen(transcript)), 1))


def _block(number: int, cue: Cue) -> str:
    return f"{number}\n{timestamp(cue.start_ms, ',')} --> {timestamp(cue.end_ms, ',')}\n{_as_typed(cue.text)}\n"


def _as_typed(text: str) -> str:
    """The text such that players show it as it was typed."""
    return _GUARDED.sub(lambda found: found[0] + _WORD_JOINER, text).translate(_WIDE_BRACES)


FORMAT = Format("srt", ".srt", "SRT", write)
