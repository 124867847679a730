"""Subtitle cues from a transcript: composed under rules where nobody set them by hand, in order, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from desktop.core.composer import FOREVER_MS, Part, composed
from desktop.core.editing import Place
from desktop.core.rules import DEFAULT, Rules
from desktop.core.stretches import Stretch, beginning, cleaned, one_line, spoken, stretch_of
from desktop.core.transcript import Segment, Transcript, Word

__all__ = ["SHORTEST_MS", "Composer", "Cue", "Place", "beginning", "compose", "one_line"]

SHORTEST_MS = 100
"""A cue that starts sooner than this after the one before it has to wait."""

# Speech without a pause is composed in stretches of about this many segments, so that an edit far away touches none.
_NEAR = 12
_SCRAMBLE, _LOW_BITS = 2_654_435_761, (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands on the screen for a while: a few lines, none of them empty, fit for any format.

    `words` is filled where their times were heard or given: together they say the lines. `first` and `last` say which
    words of the transcript it holds; a segment without words has those that its text would get when it is typed.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    words: tuple[Word, ...] = ()
    first: Place = (0, 0)
    last: Place = (0, 0)
    speaker: str = ""
    is_pinned: bool = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def compose(transcript: Transcript, rules: Rules = DEFAULT) -> list[Cue]:
    """The cues of a transcript, sorted. Those set by hand are as they were set; the others flow around them.

    A cue that flows starts with its first word and stays at least until its last one has been said, but for the gap
    before the next. It never overlaps another one, as long as there is a millisecond for each.
    """
    return Composer(rules).compose(transcript)


@dataclass(frozen=True, slots=True)
class _Span:
    """Segments that are composed together, by their positions, and what is around them."""

    segments: tuple[Segment, ...]
    languages: tuple[str, ...]
    least_ms: int
    next_ms: int
    wall_ms: int


class Composer:
    """Composes under one set of rules, and knows the cues of the last time: only what has changed is done again."""

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self._rules = rules
        self._known: dict[int, tuple[_Span, list[int], list[Cue]]] = {}

    def compose(self, transcript: Transcript) -> list[Cue]:
        """The cues of a transcript, as `compose` makes them."""
        known, self._known = self._known, {}
        cues: list[Cue] = []
        for positions, span in self._spans(transcript):
            if span.segments[0].is_pinned:
                cues += _pinned(span.segments[0], positions[0])
            else:
                cues += self._flowing(span, positions, known.get(id(span.segments[0])))
        return _settled(cues, self._rules)

    def _flowing(
        self, span: _Span, positions: list[int], before: tuple[_Span, list[int], list[Cue]] | None
    ) -> list[Cue]:
        if before and before[0] == span:
            cues = before[2] if before[1] == positions else list(_moved(before[2], before[1], positions))
        else:
            cues = _composed(span, positions, self._rules)
        self._known[id(span.segments[0])] = (span, positions, cues)
        return cues

    def _spans(self, transcript: Transcript) -> Iterator[tuple[list[int], _Span]]:
        """What is composed together, in the order of time."""
        segments, rules = transcript.segments, self._rules
        groups = list(self._groups(segments))
        heads = [_first_ms(segments[group[0]]) for group in groups]
        least_ms = 0
        for number, group in enumerate(groups):
            members = tuple([segments[at] for at in group])
            follower = segments[groups[number + 1][0]] if number + 1 < len(groups) else None
            wall_ms = max(least_ms, follower.start_ms) if follower and follower.is_pinned else FOREVER_MS
            # Where segments lie over each other, the last one may be over before another one.
            last_ms = min(wall_ms, max(least_ms, *map(_last_start_ms, members)))
            next_ms = min(wall_ms, max(heads[number + 1], last_ms)) if follower else FOREVER_MS
            if next_ms - max(map(_last_ms, members)) > rules.longest_ms + rules.least_gap_ms + rules.close_gaps_ms:
                next_ms = wall_ms = FOREVER_MS  # too far away to matter
            languages = tuple([one.language or transcript.language for one in members])
            yield group, _Span(members, languages, least_ms if heads[number] < least_ms else 0, next_ms, wall_ms)
            least_ms = max(least_ms, members[0].end_ms if members[0].is_pinned else last_ms)

    def _groups(self, segments: Sequence[Segment]) -> Iterator[list[int]]:
        """The positions of segments that speak without a pause or a change of speaker; pinned ones are alone."""
        keeps_speaker = not (self._rules.dash and self._rules.lines > 1)
        group: list[int] = []
        before: Segment | None = None
        last_ms = 0
        for at in _in_order(segments):
            segment = segments[at]
            if not segment.text or segment.text.isspace():
                continue
            if before and (
                segment.is_pinned
                or before.is_pinned
                or (keeps_speaker and segment.speaker != before.speaker)
                or _first_ms(segment) - last_ms >= self._rules.pause_ms
            ):
                yield from _chunks(group, segments)
                group = []
            group.append(at)
            before = segment
            last_ms = max(last_ms, _last_ms(segment))
        if group:
            yield from _chunks(group, segments)


def _in_order(segments: Sequence[Segment]) -> Sequence[int]:
    positions = range(len(segments))
    if all(one.start_ms <= other.start_ms for one, other in pairwise(segments)):
        return positions
    return sorted(positions, key=lambda at: segments[at].start_ms)


def _chunks(group: list[int], segments: Sequence[Segment]) -> Iterator[list[int]]:
    """The group, parted where it is long: at the longest pause far and wide, at any place of its own without pauses.

    Whether it is parted at a place depends on what is near to it alone, so that an edit moves no cut far away.
    """
    if len(group) <= 2 * _NEAR:
        yield group
        return
    pauses = [
        (_first_ms(segments[right]) - _last_ms(segments[left]), segments[right].start_ms * _SCRAMBLE & _LOW_BITS)
        for left, right in pairwise(group)
    ]
    first = 0
    for at in range(_NEAR, len(pauses) - _NEAR):
        if at + 1 - first > _NEAR and pauses[at] == max(pauses[at - _NEAR : at + _NEAR + 1]):
            yield group[first : at + 1]
            first = at + 1
    yield group[first:]


def _first_ms(segment: Segment) -> int:
    words = segment.words
    return max(segment.start_ms, min(words[0].start_ms, segment.end_ms)) if words else segment.start_ms


def _last_start_ms(segment: Segment) -> int:
    words = segment.words
    return max(segment.start_ms, min(words[-1].start_ms, segment.end_ms)) if words else segment.start_ms


def _last_ms(segment: Segment) -> int:
    words = segment.words
    return max(segment.start_ms, min(words[-1].end_ms, segment.end_ms)) if words else segment.end_ms


def _pinned(segment: Segment, position: int) -> list[Cue]:
    lines = [line.strip() for line in map(cleaned, segment.text.split("\n"))]
    lines = [line for line in lines if line]
    if not lines:
        return []
    words = segment.words if segment.words and not segment.is_edited else ()
    last = max(0, len(spoken(segment)) - 1)
    return [
        Cue(
            max(0, segment.start_ms),
            max(0, segment.start_ms) + max(1, segment.end_ms - max(0, segment.start_ms)),
            tuple(lines),
            tuple([word if word.text.isprintable() else replace(word, text=cleaned(word.text)) for word in words]),
            (position, 0),
            (position, last),
            segment.speaker,
            True,
        )
    ]


def _composed(span: _Span, positions: Sequence[int], rules: Rules) -> list[Cue]:
    stretch = stretch_of(span.segments, span.languages, span.least_ms, span.wall_ms, rules)
    if not stretch.words:
        return []
    return [_cue(part, stretch, span, positions, rules) for part in composed(stretch.units, span.next_ms, rules)]


def _cue(part: Part, stretch: Stretch, span: _Span, positions: Sequence[int], rules: Rules) -> Cue:
    first, end = stretch.begins[part.first], stretch.begins[part.end]
    edges = [first, *[stretch.begins[at] for at in part.breaks], end]
    words = stretch.words
    lines = ["".join([word.text for word in words[left:right]]).strip() for left, right in pairwise(edges)]
    if rules.dash and True in stretch.units.is_turn[part.first + 1 : part.end]:
        lines = [rules.dash + line for line in lines]
    (first_segment, first_word), (last_segment, last_word) = stretch.places[first], stretch.places[end - 1]
    is_timed = all(one.words for one in span.segments[first_segment : last_segment + 1])
    return Cue(
        part.start_ms,
        part.end_ms,
        tuple(lines),
        tuple(words[first:end]) if is_timed else (),
        (positions[first_segment], first_word),
        (positions[last_segment], last_word),
        span.segments[first_segment].speaker,
    )


def _moved(cues: Sequence[Cue], before: Sequence[int], positions: Sequence[int]) -> Iterator[Cue]:
    """The same cues of the same segments, which stand at other positions."""
    now = dict(zip(before, positions, strict=True))
    for cue in cues:
        (first_segment, first_word), (last_segment, last_word) = cue.first, cue.last
        yield Cue(
            cue.start_ms,
            cue.end_ms,
            cue.lines,
            cue.words,
            (now[first_segment], first_word),
            (now[last_segment], last_word),
            cue.speaker,
        )


def _settled(cues: list[Cue], rules: Rules) -> list[Cue]:
    """The cues such that none is over another one and none flashes, also where segments lie over each other.

    The gap between two gives way to that: a cue that flows is shown for `SHORTEST_MS` if there is any room.
    """
    is_settled = all(
        other.start_ms - one.start_ms >= SHORTEST_MS
        and one.end_ms <= other.start_ms
        and (one.end_ms - one.start_ms >= SHORTEST_MS or one.is_pinned)
        for one, other in pairwise(cues)
    )
    if is_settled and (not cues or cues[-1].is_pinned or cues[-1].end_ms - cues[-1].start_ms >= SHORTEST_MS):
        return cues
    found: list[Cue] = []
    least_ms, at = 0, 0
    while at < len(cues):
        end = next((place for place in range(at, len(cues)) if cues[place].is_pinned), len(cues))
        wall_ms = max(least_ms, cues[end].start_ms) if end < len(cues) else FOREVER_MS
        if end > at:
            found += _one_after_the_other(cues[at:end], least_ms, wall_ms, rules)
        found += cues[end : end + 1]
        least_ms = max(least_ms, *(cue.end_ms for cue in cues[end : end + 1]), 0)
        at = end + 1
    return found


def _one_after_the_other(cues: Sequence[Cue], least_ms: int, wall_ms: int, rules: Rules) -> Iterator[Cue]:
    """Cues that flow between two times: each waits for the one before it, and if there is no time they share it."""
    frames = rules.frames
    step_ms = frames.up_ms(SHORTEST_MS) if frames else SHORTEST_MS
    starts: list[int] = []
    for cue in cues:
        starts.append(max(cue.start_ms, starts[-1] + step_ms if starts else least_ms))
    latest_ms = wall_ms
    for number in reversed(range(len(starts))):
        latest_ms -= step_ms
        starts[number] = min(starts[number], latest_ms)
    if starts[0] < least_ms:
        step_ms = max(1, (wall_ms - least_ms) // len(starts))
        starts = [least_ms + number * step_ms for number in range(len(starts))]
    if frames:
        starts = [max(least_ms, frames.down_ms(start_ms)) for start_ms in starts]
    for cue, start_ms, follower_ms in zip(cues, starts, [*starts[1:], wall_ms], strict=True):
        room_ms = follower_ms - rules.least_gap_ms
        shown_ms = frames.up_ms(start_ms + SHORTEST_MS) if frames else start_ms + SHORTEST_MS
        end_ms = max(min(cue.end_ms, follower_ms), min(shown_ms, follower_ms))
        if cue.start_ms != start_ms:
            end_ms = min(max(end_ms, start_ms + rules.shortest_ms), max(end_ms, room_ms))
        end_ms = max(end_ms, start_ms + 1)
        is_same = (start_ms, end_ms) == (cue.start_ms, cue.end_ms)
        yield cue if is_same else replace(cue, start_ms=start_ms, end_ms=end_ms)
