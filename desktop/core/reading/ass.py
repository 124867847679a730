"""SubStation Alpha (ASS and SSA): the lines that are said, with speakers and karaoke; styles are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop.core.formats.guards import unguarded, unguarded_name
from desktop.core.i18n import mark
from desktop.core.reading.blocks import FORMATTING, NO_TEXT, OTHER_TEXT, Block, lines_of, milliseconds, placed
from desktop.core.reading.notes import Notes
from desktop.core.reading.vtt import sung
from desktop.core.transcript import Segment, Transcript

NAME = "ass"

COMMENTS = mark("Left out: comments ({count}×).")
DRAWINGS = mark("Left out: drawings ({count}×).")
TOO_SHORT = mark("fewer fields than the format line names; the line was kept as text.")

_TIME = re.compile(r"\s*(?:(\d+):)?(\d+):(\d+)(?:[.,:](\d{1,9}))?\s*")
_BLOCK = re.compile(r"\{([^{}]*)\}")
_DRAWING = re.compile(r"\\p(\d+)")
_KARAOKE = re.compile(r"\\(?:kf|ko|kt|k|K)(\d+)")
_FORMAT = ("Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text")


def looks_like(text: str, _name: str) -> bool:
    """Whether it has the head of a script, or a line of dialogue."""
    return re.search(r"^\s*\[Script Info\]|^\s*Dialogue\s*:", text, re.IGNORECASE | re.MULTILINE) is not None


def read(text: str, notes: Notes) -> Transcript:
    """The lines of dialogue, each a segment of its own."""
    fields: Sequence[str] = _FORMAT
    section, is_smart = "", True
    cues: list[tuple[Block, Segment]] = []
    for number, line in enumerate(lines_of(text), 1):
        key, _, value = line.partition(":")
        if line.strip().startswith("["):
            section = line.strip().lower()
        match key.strip().lower():
            case "wrapstyle":
                is_smart = value.strip() != "2"
            case "format" if "text" in value.lower():
                fields = [field.strip() for field in value.split(",")]
            case "comment":
                notes.count(COMMENTS)
            case "dialogue":
                if cue := _cue(number, value, fields, is_smart, notes):
                    cues.append(cue)
            case _ if section == "[events]" and cues and line.strip() and line.strip()[0] not in "[;!":
                notes.add(number, OTHER_TEXT)
                block, last = cues[-1]
                cues[-1] = (block, replace(last, text=f"{last.text}\n{line.strip()}", words=()))
    return Transcript(placed(cues, notes))


def _cue(number: int, line: str, fields: Sequence[str], is_smart: bool, notes: Notes) -> tuple[Block, Segment] | None:
    values = line.split(",", len(fields) - 1)
    if len(values) < len(fields):
        notes.add(number, TOO_SHORT)
    named = {field.lower(): value for field, value in zip(fields, values, strict=False)}
    text = named.get("text", values[-1])
    start, end = (_TIME.fullmatch(named.get(edge, "")) for edge in ("start", "end"))
    is_timed = start is not None and end is not None
    block = Block(
        number,
        milliseconds(*start.groups()) if start and is_timed else None,
        milliseconds(*end.groups()) if end else 0,
        raw_times=f"{named.get('start', '')} – {named.get('end', '')}".strip(),
    )
    timed = list(_timed(text, block.start_ms or 0, is_smart, notes))
    plain = "".join(said for _, said in timed)
    lines = [one.strip(" \t") for one in plain.split("\n")]
    shown = "\n".join(one for one in lines if one)
    if not shown.strip():
        notes.add(number, NO_TEXT)
        return None
    speaker = unguarded_name(named.get("name", named.get("actor", "")).strip())
    words = sung(timed, block.end_ms) if len(timed) > 1 and is_timed else ()
    return block, Segment(0, 0, shown, words, speaker=speaker)


def _timed(text: str, start_ms: int, is_smart: bool, notes: Notes) -> Iterator[tuple[int, str]]:
    """The text in the pieces that karaoke times, without commands and drawings."""
    at_ms = next_ms = start_ms
    said, end = "", 0
    is_drawing = is_formatted = is_drawn = False
    for block in [*_BLOCK.finditer(text), None]:
        part = text[end : block.start() if block else len(text)]
        is_drawn |= is_drawing and bool(part.strip())
        said += "" if is_drawing else _plain(part, is_smart)
        if block is None:
            break
        end = block.end()
        durations = [int(one) * 10 for one in _KARAOKE.findall(block[1])]
        is_formatted |= not durations
        if drawing := _DRAWING.findall(block[1]):
            is_drawing = drawing[-1] != "0"
        for duration_ms in durations:
            if said:
                yield at_ms, said
                said = ""
            at_ms, next_ms = next_ms, next_ms + duration_ms
    yield at_ms, said
    notes.count(DRAWINGS, int(is_drawn))
    notes.count(FORMATTING, int(is_formatted))


def _plain(text: str, is_smart: bool) -> str:
    shown = text.replace(r"\N", "\n").replace(r"\h", "\u00a0").replace(r"\n", " " if is_smart else "\n")
    shown = shown.replace(r"\{", "{").replace(r"\}", "}")
    return unguarded(shown)
