"""Subtitles and transcripts of others, and ours, as a transcript: what a file holds decides, not its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from desktop.core.errors import FileEmpty, NotSubtitles, SubtitlesBroken
from desktop.core.i18n import _, mark
from desktop.core.names import shown_name
from desktop.core.reading import ass, json, srt, table, ttml, vtt
from desktop.core.reading.encodings import decoded
from desktop.core.reading.notes import Note, Notes, NotRead
from desktop.core.transcript import Transcript

__all__ = ["MOST_BYTES", "READERS", "SUFFIXES", "Note", "Read", "Reader", "read"]

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa", ".json", ".ttml", ".dfxp", ".csv", ".tsv")
"""What the names of files that can be read usually end with."""
MOST_BYTES = 200 << 20
"""No file of text is larger: what is need not be read to its end."""

_POSSIBLE = mark("SRT, VTT, ASS, SSA, TTML, our CSV and TSV, and JSON of ours, Whisper, WhisperX and whisper.cpp")
_GUESSED = mark("The letters are read as {detail}: the file itself does not say.")
_UNREADABLE = mark("Bytes that are no text in {detail} were replaced by “�”.")


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: whether a text looks like it (its file's name may help), and how it is read."""

    name: str
    looks_like: Callable[[str, str], bool]
    read: Callable[[str, Notes], Transcript]


# In the order in which they are tried: the later ones ask for less.
READERS = MappingProxyType(
    {
        one.name: one
        for one in (
            Reader(json.NAME, json.looks_like, json.read),
            Reader(vtt.NAME, vtt.looks_like, vtt.read),
            Reader(ass.NAME, ass.looks_like, ass.read),
            Reader(ttml.NAME, ttml.looks_like, ttml.read),
            Reader(table.NAME, table.looks_like, table.read),
            Reader(srt.NAME, srt.looks_like, srt.read),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read. Its cues are pinned segments: lines and times are as they stood there."""

    transcript: Transcript
    format: str
    encoding: str
    notes: tuple[Note, ...] = ()


def read(data: bytes, name: str) -> Read:
    """What a file of this name holds. Raises FileEmpty, NotSubtitles or SubtitlesBroken."""
    shown = shown_name(name)
    if not data.strip():
        raise FileEmpty(name=shown)
    if len(data) > MOST_BYTES:
        raise NotSubtitles(name=shown, possible=_(_POSSIBLE))
    notes = Notes()
    text, encoding = decoded(data)
    reader = next((one for one in READERS.values() if one.looks_like(text, name)), None)
    if reader is None:
        raise NotSubtitles(name=shown, possible=_(_POSSIBLE))
    if not encoding.startswith("utf"):
        notes.add(0, _GUESSED, encoding)
    if "\ufffd" in text and "\ufffd".encode() not in data:
        notes.add(text[: text.index("\ufffd")].count("\n") + 1, _UNREADABLE, encoding)
    try:
        transcript = reader.read(text, notes)
    except NotRead as error:
        raise SubtitlesBroken(name=shown, format=reader.name.upper(), reason=_(str(error))) from error
    return Read(transcript, reader.name, encoding, notes.all())
