"""What SRT and VTT share: blocks of a line with two times and the text below it, also where the blocks are damaged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from desktop.core.i18n import mark
from desktop.core.reading.notes import Notes
from desktop.core.transcript import Segment

LEAST_MS = 100
"""A cue of unknown times takes no shorter place than this."""
GUESSED_MS = 2_000
"""How long a cue lasts at most where its end is not known."""

OTHER_TEXT = mark("text outside of any cue; it was kept with the cue before it.")
TEXT_BEFORE_ALL = mark("text before the first cue; it was kept as a cue of its own.")
TEXT_BEFORE_FIRST = mark("text before the first cue; it was kept with it.")
TEXT_WITHOUT_CUE = mark("text in a file without any cue that has some; it was left out: {detail}")
BROKEN_TIMES = mark("times that cannot be read ({detail}); the cue was put between its neighbours.")
NO_ROOM = mark("times that cannot be read ({detail}); the text was kept with the cue before it.")
ENDS_EARLY = mark("the cue ends before it starts; it was given a later end.")
NEGATIVE = mark("a time below zero; it became zero.")
OTHER_ARROW = mark("“{detail}” stands between the times in place of “-->”; it was read as that.")
NO_TEXT = mark("a cue without text; it was left out.")
UNORDERED = mark("the cue starts before the one above it; it was put in its place.")
FORMATTING = mark("Left out: formatting ({count}×).")
POSITIONS = mark("Left out: positions on the screen ({count}×).")

_BREAK = re.compile("\r\r\n|\r\n|\r|\n")
_TIME = r"(-?)(?:(\d+):)?(\d{1,3}):(\d{1,2})(?:[.,:;]\s?(\d{1,9}))?"
_ARROW = r"\s*((?:-{1,2}|[–—])>)\s*"
TIME_LINE = re.compile(rf"[ \t]*{_TIME}{_ARROW}{_TIME}(?:[ \t]+(.*)|[ \t]*)")
_BROKEN_LINE = re.compile(r"[ \t]*-?\d+[:.,]\d.*-->.*|[ \t]*-->[ \t]*-?\d+:\d.*")


@dataclass(slots=True)
class Block:
    """A cue as it stands in the file. The times are missing where they cannot be read."""

    line: int
    start_ms: int | None
    end_ms: int
    settings: str = ""
    """What stands behind the times."""
    lines: list[tuple[int, str]] = field(default_factory=list)
    """The text, each line with its number."""
    raw_times: str = ""


def lines_of(text: str) -> list[str]:
    """The lines of a file of any system; separators that Unicode knows beside them belong to the text."""
    return _BREAK.split(text)


def has_time_line(text: str) -> bool:
    """Whether anything in the text looks like the times of a cue."""
    return any(TIME_LINE.fullmatch(line) for line in lines_of(text) if ">" in line)


def blocks_of(
    lines: Sequence[str], first: int, is_name: Callable[[str, str | None, bool], bool], notes: Notes
) -> tuple[list[tuple[int, str]], list[Block]]:
    """The lines before the first cue from line `first` on (an index), and the cues.

    `is_name` says of the line above times whether it names the cue. It is told the name of the cue before, if there is
    one, and whether the line stands where it should: right above, and below a blank line.
    """
    starts: list[tuple[int, Block]] = []
    floor, name = first, None
    for at in range(first, len(lines)):
        if "->" not in lines[at] and "–>" not in lines[at] and "—>" not in lines[at]:
            continue
        if block := _block(at + 1, lines[at], notes):
            begins, above = at, _above(lines, at, floor)
            if above is not None:
                is_in_place = above == at - 1 and (above == first or not lines[above - 1].strip())
                if is_name(lines[above].strip(), name, is_in_place):
                    begins, name = above, lines[above].strip()
            name = name or ""
            starts.append((begins, block))
            floor = at + 1
    ends = [begins for begins, _ in starts[1:]] + [len(lines)]
    before = [(at + 1, lines[at]) for at in range(first, starts[0][0] if starts else len(lines)) if lines[at].strip()]
    for (_begins, block), end in zip(starts, ends, strict=False):
        block.lines += [(at + 1, lines[at]) for at in range(block.line, end)]
    return before, [block for _, block in starts]


def in_one(block: Block, notes: Notes) -> list[str]:
    """The text lines of a cue, without blank ones; says so where text follows a blank line."""
    found: list[str] = []
    is_after_blank = False
    for number, line in block.lines:
        if not line.strip():
            is_after_blank = bool(found)
            continue
        if is_after_blank:
            notes.add(number, OTHER_TEXT)
            is_after_blank = False
        found.append(line.strip(" \t"))
    return found


def placed(cues: Sequence[tuple[Block, Segment]], notes: Notes) -> tuple[Segment, ...]:
    """The cues in the order of time; those whose times are not known between their neighbours."""
    found: list[Segment] = []
    for at, (block, segment) in enumerate(cues):
        if block.start_ms is None:
            _put_between(found, block, segment, _next_start(cues, at), notes)
        elif block.end_ms < block.start_ms:
            notes.add(block.line, ENDS_EARLY)
            next_ms = _next_start(cues, at)
            end_ms = block.start_ms + GUESSED_MS
            end_ms = end_ms if next_ms is None or next_ms <= block.start_ms else min(end_ms, next_ms)
            found.append(_at(segment, block.start_ms, end_ms))
        else:
            found.append(_at(segment, block.start_ms, block.end_ms))
        if len(found) > 1 and block.start_ms is not None and found[-1].start_ms < found[-2].start_ms:
            notes.add(block.line, UNORDERED)
    return tuple(sorted(found, key=lambda one: one.start_ms))


def first_cue(before: Sequence[tuple[int, str]], segments: Sequence[Segment], notes: Notes) -> tuple[Segment, ...]:
    """The cues with the text that stood above all of them."""
    if not before:
        return tuple(segments)
    number, text = before[0][0], "\n".join(line.strip(" \t") for _, line in before)
    if not segments:
        notes.add(number, TEXT_WITHOUT_CUE, " ".join(text.split())[:80])
        return ()
    first = segments[0]
    if first.start_ms >= LEAST_MS:
        notes.add(number, TEXT_BEFORE_ALL)
        own = Segment(max(0, first.start_ms - GUESSED_MS), first.start_ms, text, is_pinned=True)
        return (own, *segments)
    notes.add(number, TEXT_BEFORE_FIRST)
    return (replace(first, text=f"{text}\n{first.text}", words=()), *segments[1:])


def milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    """A time from its digits; those of the fraction are decimals."""
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(f"{fraction or ''}000"[:3])


def _above(lines: Sequence[str], at: int, floor: int) -> int | None:
    """The line above that is not blank."""
    return next((above for above in range(at - 1, floor - 1, -1) if lines[above].strip()), None)


def _block(number: int, line: str, notes: Notes) -> Block | None:
    if found := TIME_LINE.fullmatch(line):
        start_ms, end_ms = milliseconds(*found.groups()[1:5]), milliseconds(*found.groups()[7:11])
        if found[1] or found[7]:
            notes.add(number, NEGATIVE)
        if found[6] != "-->":
            notes.add(number, OTHER_ARROW, found[6])
        return Block(number, 0 if found[1] else start_ms, 0 if found[7] else end_ms, (found[12] or "").strip())
    if _BROKEN_LINE.fullmatch(line):
        return Block(number, None, 0, raw_times=line.strip())
    return None


def _next_start(cues: Sequence[tuple[Block, Segment]], at: int) -> int | None:
    return next((block.start_ms for block, _ in cues[at + 1 :] if block.start_ms is not None), None)


def _put_between(found: list[Segment], block: Block, segment: Segment, next_ms: int | None, notes: Notes) -> None:
    start_ms = found[-1].end_ms if found else 0
    end_ms = start_ms + GUESSED_MS if next_ms is None else min(start_ms + GUESSED_MS, next_ms)
    times = block.raw_times[:80]
    if found and end_ms - start_ms < LEAST_MS:
        notes.add(block.line, NO_ROOM, times)
        found[-1] = replace(found[-1], text=f"{found[-1].text}\n{segment.text}", words=())
        return
    notes.add(block.line, BROKEN_TIMES, times)
    found.append(_at(segment, start_ms, max(end_ms, start_ms + LEAST_MS)))


def _at(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    return replace(segment, start_ms=start_ms, end_ms=end_ms, is_pinned=True)
