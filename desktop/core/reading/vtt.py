"""WebVTT: cues with their speakers and the times of words; notes and styles are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from desktop.core.formats.guards import unguarded_name
from desktop.core.formats.vtt import DEMO_NOTE
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
    milliseconds,
    placed,
)
from desktop.core.reading.notes import Notes
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word, pieces, spread

NAME = "vtt"

NO_HEADER = mark("The line WEBVTT at the beginning is missing; the file was read all the same.")
COMMENTS = mark("Left out: comments ({count}×).")
STYLES = mark("Left out: styles and regions ({count}×).")
VOICES = mark("several speakers in one cue; their names were kept in the text.")

_ASIDE = re.compile(r"(NOTE|STYLE|REGION)(?:[ \t].*)?")
_TAG = re.compile(r"<([^<>]*)>")
_TIME = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})")
_VOICE = re.compile(r"v(?:\.[^ \t]*)?[ \t]+(.*)", re.DOTALL)


def looks_like(text: str, name: str) -> bool:
    """Whether it says so itself, or is named so and has times."""
    return text.startswith("WEBVTT") or (name.lower().endswith(".vtt") and has_time_line(text))


def read(text: str, notes: Notes) -> Transcript:
    """The cues, each a segment of its own; the demo model if it says that it was heard by that."""
    lines = lines_of(text)
    first = 0
    if text.startswith("WEBVTT"):
        first = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    else:
        notes.add(0, NO_HEADER)
    is_demo = DEMO_NOTE.strip() in lines
    before, blocks = blocks_of(_without_asides(lines, first, notes), first, _is_name, notes)
    cues = [(block, segment) for block in blocks if (segment := _segment(block, notes))]
    return Transcript(first_cue(before, placed(cues, notes), notes), is_demo=is_demo)


def _is_name(line: str, _before: str | None, is_in_place: bool) -> bool:
    return is_in_place


def _without_asides(lines: Sequence[str], first: int, notes: Notes) -> list[str]:
    """The lines with blank ones in place of notes, styles and regions, which end at a blank line or a cue."""
    found, is_aside = list(lines), False
    for at in range(first, len(lines)):
        line = lines[at]
        if not line.strip() or "-->" in line:
            is_aside = False
        elif (opened := _ASIDE.fullmatch(line)) and (at == 0 or not lines[at - 1].strip()):
            is_aside = True
            if line != DEMO_NOTE.strip():
                notes.count(COMMENTS if opened[1] == "NOTE" else STYLES)
        if is_aside:
            found[at] = ""
    return found


def _segment(block: Block, notes: Notes) -> Segment | None:
    if block.settings:
        notes.count(POSITIONS)
    parts = list(_parts("\n".join(in_one(block, notes)), notes))
    voices = list(dict.fromkeys(voice for _, voice, _ in parts if voice))
    if len(voices) > 1:
        notes.add(block.line, VOICES)
        parts = list(_named(parts))
    text = "".join(text for _, _, text in parts)
    if not text.strip():
        notes.add(block.line, NO_TEXT)
        return None
    words = _words(block, parts) if any(at_ms is not None for at_ms, _, _ in parts) else ()
    return Segment(0, 0, text, words, speaker=voices[0] if len(voices) == 1 else "")


Part = tuple[int | None, str, str]
"""When it begins if that is said, who says it, and the text."""


def _parts(payload: str, notes: Notes) -> Iterator[Part]:
    """The text between the tags, unescaped."""
    at_ms: int | None = None
    voice, is_formatted, end = "", False, 0
    for tag in _TAG.finditer(payload):
        yield at_ms, voice, unescape(payload[end : tag.start()])
        end, at_ms = tag.end(), None
        if time := _TIME.fullmatch(tag[1]):
            at_ms = milliseconds(*time.groups())
        elif spoken := _VOICE.fullmatch(tag[1]):
            voice = unguarded_name(unescape(spoken[1]).strip())
        elif tag[1] == "/v":
            voice = ""
        else:
            is_formatted = True
    yield at_ms, voice, unescape(payload[end:])
    notes.count(FORMATTING, int(is_formatted))


def _named(parts: Sequence[Part]) -> Iterator[Part]:
    said = ""
    for at_ms, voice, text in parts:
        is_new = bool(voice and voice != said and text.strip())
        yield at_ms, voice, f"{voice}: {text.lstrip()}" if is_new else text
        said = voice if text.strip() else said


def _words(block: Block, parts: Sequence[Part]) -> tuple[Word, ...]:
    """The words between the times in the text; where several share one, by their length."""
    if block.start_ms is None:
        return ()
    timed: list[tuple[int, str]] = [(block.start_ms, "")]
    for at_ms, _, text in parts:
        if at_ms is not None and at_ms >= timed[-1][0]:
            timed.append((at_ms, ""))
        timed[-1] = (timed[-1][0], timed[-1][1] + text)
    return sung(timed, max(block.end_ms, timed[-1][0]))


def sung(timed: Sequence[tuple[int, str]], end_ms: int) -> tuple[Word, ...]:
    """The words of pieces of text that begin at certain times; each word begins where its letters do."""
    found: list[Word] = []
    space = ""
    for (start_ms, text), stop_ms in zip(timed, [*(start for start, _ in timed[1:]), end_ms], strict=True):
        said = space + text
        space = said[len(said.rstrip()) :]
        if texts := pieces(said.rstrip()):
            found += spread(texts, start_ms, stop_ms)
    return tuple(found)
