"""WebVTT: the subtitles of the web, with the times of words if wanted."""

from __future__ import annotations

from html import escape

from desktop.core.cues import Cue, compose, one_line
from desktop.core.formats.format import Format, WriteOptions, timestamp
from desktop.core.transcript import DEMO_MODEL, Transcript

DEMO_NOTE = f"NOTE {DEMO_MODEL}\n"


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as WebVTT; the header alone without cues."""
    notes = [DEMO_NOTE] if transcript.is_demo else []
    return "\n".join(["WEBVTT\n", *notes, *(_block(cue, options) for cue in compose(options.chosen(transcript)))])


def _block(cue: Cue, options: WriteOptions) -> str:
    text = _with_word_times(cue) if options.word_timestamps else _escaped(cue.text)
    return f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}\n{text}\n"


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _with_word_times(cue: Cue) -> str:
    """The text with the time before each word; those of the specification only: inside the cue and increasing."""
    parts, rest, at_ms = [], cue.text, cue.start_ms
    for word in cue.words:
        before, said, rest = rest.partition(one_line(word.text))
        parts.append(_escaped(before))
        if at_ms < word.start_ms < cue.end_ms:
            at_ms = word.start_ms
            parts.append(f"<{timestamp(at_ms, '.')}>")
        parts.append(_escaped(said))
    return "".join([*parts, _escaped(rest)])


FORMAT = Format("vtt", ".vtt", "VTT", write)
