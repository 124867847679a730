"""WebVTT: the subtitles of the web, with speakers, and with the times of words if wanted."""

from __future__ import annotations

from html import escape

from desktop.core.cues import Cue, one_line
from desktop.core.formats.format import Format, WriteOptions, timed_pieces, timestamp
from desktop.core.formats.guards import voice
from desktop.core.transcript import DEMO_MODEL, Transcript

DEMO_NOTE = f"NOTE {DEMO_MODEL}\n"


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as WebVTT; the header alone without cues."""
    notes = [DEMO_NOTE] if transcript.is_demo else []
    return "\n".join(["WEBVTT\n", *notes, *(_block(cue, options) for cue in options.cues(transcript))])


def text_of(cue: Cue, options: WriteOptions) -> str:
    """The text of a cue with its speaker and the times of its words, as far as they are wanted."""
    speaker = one_line(cue.speaker) if options.speakers else ""
    return (f"<v {voice(speaker)}>" if speaker else "") + (_sung(cue) if options.sings else _escaped(cue.text))


def settings_of(options: WriteOptions) -> str:
    """Where cues stand, as their first line says it."""
    return f"line:{options.line_percent}%" if options.line_percent else ""


def _block(cue: Cue, options: WriteOptions) -> str:
    times = f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}"
    return f"{f'{times} {settings_of(options)}'.rstrip()}\n{text_of(cue, options)}\n"


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _sung(cue: Cue) -> str:
    (_start_ms, first), *others = timed_pieces(cue)
    return _escaped(first) + "".join(f"<{timestamp(start_ms, '.')}>{_escaped(text)}" for start_ms, text in others)


FORMAT = Format("vtt", ".vtt", "VTT", write)
