"""Where cues break the rules, why, and the step that would help."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from desktop.core import editing
from desktop.core.composer import FOREVER_MS, reading_ms
from desktop.core.cues import SHORTEST_MS, Cue, compose
from desktop.core.document import Edit
from desktop.core.i18n import _, mark
from desktop.core.line_breaks import needs_no_space, width
from desktop.core.rules import Rules
from desktop.core.transcript import Segment, Transcript

FAST, WIDE, LINES, SHORT, LONG, GAP, OPEN, OVERLAP = (
    "fast",
    "wide",
    "lines",
    "short",
    "long",
    "gap",
    "open",
    "overlap",
)

_SENTENCES = {
    FAST: mark("{value} characters per second, limit {limit}"),
    WIDE: mark("{value} characters in a line, limit {limit}"),
    LINES: mark("{value} lines, limit {limit}"),
    SHORT: mark("{value} s on the screen, at least {limit} s"),
    LONG: mark("{value} s on the screen, limit {limit} s"),
    GAP: mark("{value} s before the next cue, at least {limit} s"),
    OPEN: mark("a gap of {value} s before the next cue: it flickers below {limit} s"),
    OVERLAP: mark("{value} s over the next cue"),
}
CODES = tuple(_SENTENCES)
_IN_MS = (SHORT, LONG, GAP, OPEN, OVERLAP)

_AROUND = 4
"""How many segments on either side an edit is tried with."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One limit that a cue breaks. `value` and `limit` are what `code` counts: characters, lines or milliseconds.

    What lies between two cues is a problem of the first of them.
    """

    cue: int
    code: str
    value: float
    limit: float

    @property
    def said(self) -> str:
        """The reason in the language of the user: “24 characters per second, limit 20”."""
        scale = 1_000 if self.code in _IN_MS else 1
        return _(_SENTENCES[self.code]).format(value=f"{self.value / scale:g}", limit=f"{self.limit / scale:g}")

    def to_record(self) -> dict[str, Any]:
        """Plain values for a report; the cue is counted from 1, as in the files."""
        return {"cue": self.cue + 1, "code": self.code, "value": self.value, "limit": self.limit, "reason": self.said}


def problems(cues: Sequence[Cue], rules: Rules) -> list[Problem]:
    """Every limit that is broken, in the order of the cues."""
    found = []
    last = 0
    for number, cue in enumerate(cues):
        found += [Problem(number, *one) for one in _of_one(cue, rules)]
        if number + 1 == len(cues):
            break
        if cue.end_ms > cues[last].end_ms or number == 0:
            last = number
        found += [Problem(last, *one) for one in _between(cues[last], cues[number + 1], rules)]
    return sorted(found, key=lambda one: one.cue)


def fix(transcript: Transcript, cues: Sequence[Cue], problem: Problem, rules: Rules) -> Edit | None:
    """The step after which there is one problem of this kind less and no other more; none if nothing helps.

    `cues` are those of the transcript under the rules.
    """
    for edit in _candidates(transcript, cues, problem, rules):
        if edit and _helps(transcript, edit, problem, rules):
            return edit
    return None


# --- what breaks the rules ---


def _of_one(cue: Cue, rules: Rules) -> Iterator[tuple[str, float, float]]:
    widest = max(map(width, cue.lines)) / rules.unit
    length_ms = cue.end_ms - cue.start_ms
    speed = read_per_second(cue, rules)
    if widest > rules.line_characters:
        yield WIDE, widest, rules.line_characters
    if len(cue.lines) > rules.lines:
        yield LINES, len(cue.lines), rules.lines
    if length_ms < rules.shortest_ms:
        yield SHORT, length_ms, rules.shortest_ms
    if length_ms > rules.longest_ms:
        yield LONG, length_ms, rules.longest_ms
    if rules.characters_per_second and length_ms < reading_ms(_letters(cue, rules), rules):
        yield FAST, math.ceil(speed * 10) / 10, rules.characters_per_second


def read_per_second(cue: Cue, rules: Rules) -> float:
    """How many characters a second a reader has to read."""
    return _letters(cue, rules) / rules.unit * 1_000 / max(1, cue.end_ms - cue.start_ms)


def _letters(cue: Cue, rules: Rules) -> int:
    """How wide the text is on one line, without dashes before speakers."""
    lines = cue.lines
    if rules.dash and len(lines) > 1 and all(line.startswith(rules.dash) for line in lines):
        lines = tuple([line.removeprefix(rules.dash) for line in lines])
    spaces = sum(not (needs_no_space(one[-1:]) or needs_no_space(other[:1])) for one, other in pairwise(lines))
    return sum(map(width, lines)) + spaces


def _between(cue: Cue, following: Cue, rules: Rules) -> Iterator[tuple[str, float, float]]:
    gap_ms = following.start_ms - cue.end_ms
    if gap_ms < 0:
        yield OVERLAP, -gap_ms, 0
    elif gap_ms < rules.least_gap_ms:
        yield GAP, gap_ms, rules.least_gap_ms
    elif rules.least_gap_ms + _FRAME_SLACK_MS < gap_ms < rules.close_gaps_ms:
        could_close = following.start_ms - rules.least_gap_ms - cue.start_ms <= rules.longest_ms
        if could_close:
            yield OPEN, gap_ms, rules.close_gaps_ms


_FRAME_SLACK_MS = 1  # two frames are 83 or 84 ms


# --- what would help ---


def _helps(transcript: Transcript, edit: Edit, problem: Problem, rules: Rules) -> bool:
    """Whether the problem goes without another one coming, as far as can be seen a few segments around."""
    first = max(0, min(splice.at for splice in edit.splices) - _AROUND)
    last = max(splice.at + len(splice.removed) for splice in edit.splices) + _AROUND
    before = list(transcript.segments[first:last])
    after = list(before)
    for splice in edit.splices:
        replace(splice, at=splice.at - first).applied(after)
    was, would_be = (
        [one.code for one in problems(compose(replace(transcript, segments=tuple(segments)), rules), rules)]
        for segments in (before, after)
    )
    return len(would_be) < len(was) and would_be.count(problem.code) < was.count(problem.code)


def _candidates(transcript: Transcript, cues: Sequence[Cue], problem: Problem, rules: Rules) -> Iterator[Edit | None]:
    """What may help, the smallest change first."""
    at = problem.cue
    cue = cues[at]
    following = cues[at + 1] if at + 1 < len(cues) else None
    match problem.code:
        case "fast" | "short":
            yield from _longer(transcript, cues, at, rules)
        case "long":
            yield _set(transcript, cue, cue.start_ms, _whole_ms(cue.start_ms + rules.longest_ms, rules))
            yield _composed_anew(transcript, cues, at, rules)
        case "wide" | "lines":
            yield _composed_anew(transcript, cues, at, rules)
        case "gap" | "overlap" if following:
            if cue.is_pinned:
                end_ms = _whole_ms(following.start_ms - rules.least_gap_ms, rules)
                yield _set(transcript, cue, cue.start_ms, end_ms)
            if following.is_pinned:
                yield _set(transcript, following, cue.end_ms + rules.least_gap_ms, following.end_ms)
        case "open" if following:
            yield _set(transcript, cue, cue.start_ms, _whole_ms(following.start_ms - rules.least_gap_ms, rules))
    pins = [place for place in (at, at + 1, at - 1) if 0 <= place < len(cues) and cues[place].is_pinned]
    for count in range(1, len(pins) + 1):
        yield editing.unpinned(transcript, [cues[place].first[0] for place in pins[:count]])


def _longer(transcript: Transcript, cues: Sequence[Cue], at: int, rules: Rules) -> Iterator[Edit | None]:
    """The cue for as long as it takes to read: into the silence behind it, then into that before it."""
    cue, (least_ms, most_ms) = cues[at], _room(transcript, cues, at, rules)
    length_ms = max(rules.shortest_ms, reading_ms(_letters(cue, rules), rules))
    end_ms = max(cue.end_ms, min(cue.start_ms + length_ms, most_ms))
    yield _set(transcript, cue, cue.start_ms, end_ms)
    yield _set(transcript, cue, max(least_ms, min(cue.start_ms, end_ms - length_ms)), end_ms)


def _room(transcript: Transcript, cues: Sequence[Cue], at: int, rules: Rules) -> tuple[int, int]:
    """From when to when a cue may stay without touching another one or a segment that is not its own."""
    cue, segments = cues[at], transcript.segments
    least_ms, most_ms = 0, FOREVER_MS
    if at:
        least_ms = cues[at - 1].end_ms + rules.least_gap_ms
    if cue.first[0] and not cue.first[1]:
        least_ms = max(least_ms, segments[cue.first[0] - 1].end_ms)
    if at + 1 < len(cues):
        most_ms = cues[at + 1].start_ms - rules.least_gap_ms
    if cue.last[0] + 1 < len(segments):
        most_ms = min(most_ms, segments[cue.last[0] + 1].start_ms)
    return least_ms, most_ms


def _set(transcript: Transcript, cue: Cue, start_ms: int, end_ms: int) -> Edit | None:
    """The cue as it is, but with other times."""
    if end_ms - start_ms < SHORTEST_MS or start_ms < 0:
        return None
    if cue.is_pinned:
        return editing.retimed(transcript, cue.first[0], start_ms, end_ms)
    return editing.pinned(transcript, cue.first, cue.last, cue.text, start_ms, end_ms)


def _composed_anew(transcript: Transcript, cues: Sequence[Cue], at: int, rules: Rules) -> Edit | None:
    """The words of a cue that was set by hand in lines that fit, in several cues if need be, all of them set."""
    if not cues[at].is_pinned:
        return None
    place = cues[at].first[0]
    segment = transcript.segments[place]
    plain = replace(segment.reworded(" ".join(segment.text.split())), is_pinned=False)
    end_ms = _room(transcript, cues, at, rules)[1] + rules.least_gap_ms
    wall = Segment(end_ms, end_ms, "|", is_pinned=True)
    parts = compose(replace(transcript, segments=(plain, wall)), rules)[:-1]
    return editing.replaced(transcript, place, place, list(_as_pinned(parts, plain)), mark("Fit cue"))


def _as_pinned(cues: Sequence[Cue], segment: Segment) -> Iterator[Segment]:
    """The cues of a segment as segments of their own, over all of its time."""
    starts = [segment.start_ms, *[cue.start_ms for cue in cues[1:]]]
    ends = [*[cue.end_ms for cue in cues[:-1]], max(segment.end_ms, *[cue.end_ms for cue in cues])]
    for cue, start_ms, end_ms in zip(cues, starts, ends, strict=True):
        yield replace(segment, start_ms=start_ms, end_ms=end_ms, text=cue.text, words=cue.words, is_pinned=True)


def _whole_ms(at_ms: int, rules: Rules) -> int:
    return rules.frames.down_ms(at_ms) if rules.frames else at_ms
