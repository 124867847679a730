"""SubRip as it is found in the world: numbers, blank lines and times may be missing or wrong."""

from __future__ import annotations

import re

from desktop.core.formats.guards import unguarded
from desktop.core.i18n import mark
from desktop.core.reading.blocks import (
    FORMATTING,
    NO_TEXT,
    POSITIONS,
    Block,
    blocks_of,
    first_cue,
    has_time_line,
    in_one,
    lines_of,
    placed,
)
from desktop.core.reading.notes import Notes
from desktop.core.transcript import Segment, Transcript

NAME = "srt"

AFTER_TIMES = mark("text behind the times ({detail}); it was kept as the first line of the cue.")

_TAG = re.compile(r"</?(?:i|b|u|s|em|strong|font|span|c|ruby|rt)(?:[ .][^<>]*)?/?>|\{\\[^{}]*\}", re.IGNORECASE)
_MOST_DIGITS = 9
_COORDINATES = re.compile(r"(?:[XYxy][12]:\d+\s*)+")


def looks_like(text: str, _name: str) -> bool:
    """Whether there are times of cues."""
    return has_time_line(text)


def read(text: str, notes: Notes) -> Transcript:
    """The cues, each a segment of its own."""
    before, blocks = blocks_of(lines_of(text), 0, _is_number, notes)
    # Braces stand in no file of ours, for they are commands to players: what looks like our guard is somebody's text.
    is_guarded = not {"{", "}"} & set(text)
    cues = [(block, segment) for block in blocks if (segment := _segment(block, is_guarded, notes))]
    return Transcript(first_cue(before, placed(cues, notes), notes))


def _is_number(line: str, before: str | None, is_in_place: bool) -> bool:
    """Elsewhere than in its place, a number is text unless it goes on from the one before."""
    if not line.isdecimal() or len(line) > _MOST_DIGITS:
        return False
    return is_in_place or before is None or (bool(before) and int(line) == int(before) + 1)


def _segment(block: Block, is_guarded: bool, notes: Notes) -> Segment | None:
    lines = in_one(block, notes)
    if _COORDINATES.fullmatch(block.settings):
        notes.count(POSITIONS)
    elif block.settings:
        notes.add(block.line, AFTER_TIMES, block.settings[:80])
        lines.insert(0, block.settings)
    text = "\n".join(lines)
    plain, tags = _TAG.subn("", text)
    if tags:
        notes.count(FORMATTING)
        plain = "\n".join(line for line in plain.split("\n") if line.strip())
    if not plain.strip():
        notes.add(block.line, NO_TEXT)
        return None
    return Segment(0, 0, unguarded(plain) if is_guarded else plain)
