"""What a person can do to a cue: each function returns the step on the transcript that the cues were composed from.

A cue that was changed by hand is pinned: no rule moves it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop.core.cues import Cue
from desktop.core.document import Edit, Splice
from desktop.core.editing import SHORTEST_MS, cut, pinned, unpinned
from desktop.core.i18n import mark
from desktop.core.rules import Rules
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import is_spaceless
from desktop.ui.cues.measures import length_of


def reworded(transcript: Transcript, cue: Cue, text: str) -> Edit:
    """Another text, with its line breaks; a cue without any text goes."""
    tidy = "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)
    if not tidy:
        return deleted(transcript, [cue])
    return _set(transcript, cue, tidy, cue.start_ms, cue.end_ms)


def retimed(transcript: Transcript, cues: Sequence[Cue], row: int, start_ms: int, end_ms: int, typing: bool) -> Edit:
    """Another place in time, never over its neighbours nor shorter than `SHORTEST_MS`."""
    cue = cues[row]
    least_ms, most_ms = room(transcript, cues, row)
    if start_ms != cue.start_ms:
        start_ms = max(start_ms, least_ms)
    if end_ms != cue.end_ms:
        end_ms = min(max(end_ms, start_ms + SHORTEST_MS), most_ms)
    if start_ms != cue.start_ms:
        start_ms = max(min(start_ms, end_ms - SHORTEST_MS), least_ms)
    if (start_ms, end_ms) == (cue.start_ms, cue.end_ms) or end_ms <= start_ms:
        return Edit(mark("Set cue"), ())
    return _set(transcript, cue, cue.text, start_ms, end_ms, typing)


def moved(transcript: Transcript, cues: Sequence[Cue], row: int, by_ms: int, typing: bool) -> Edit:
    """The same length elsewhere, as far as the neighbours leave room."""
    cue = cues[row]
    least_ms, most_ms = room(transcript, cues, row)
    by_ms = max(least_ms - cue.start_ms, by_ms) if by_ms < 0 else min(most_ms - cue.end_ms, by_ms)
    if not by_ms:
        return Edit(mark("Set cue"), ())
    return _set(transcript, cue, cue.text, cue.start_ms + by_ms, cue.end_ms + by_ms, typing)


def room(transcript: Transcript, cues: Sequence[Cue], row: int) -> tuple[int, int]:
    """From when to when a cue may last. A neighbour that flows gives way as far as its words allow."""
    cue = cues[row]
    least_ms = _last_ms(transcript, cues[row - 1]) if row else 0
    if row + 1 < len(cues):
        after = cues[row + 1]
        most_ms = after.start_ms if after.is_pinned or not after.words else after.words[0].start_ms
    else:
        most_ms = max(transcript.duration_ms, cue.end_ms, transcript.segments[cue.last[0]].end_ms)
    return min(least_ms, cue.start_ms), max(most_ms, cue.end_ms)


def _last_ms(transcript: Transcript, cue: Cue) -> int:
    """Until when nothing may stand over a cue."""
    segment = transcript.segments[cue.last[0]]
    if cue.is_pinned or not cue.words:
        return cue.end_ms
    ends_with_segment = cue.last[1] >= len(segment.words) - 1
    return max(cue.words[-1].end_ms, segment.end_ms if ends_with_segment else 0)


def split(transcript: Transcript, cue: Cue, text: str, offset: int, gap_ms: int) -> Edit:
    """Two cues, cut before the character at `offset` of the text, with a gap between them where the words leave it."""
    left_text, right_text = text[:offset].strip(), text[offset:].strip()
    if not left_text or not right_text:
        return reworded(transcript, cue, text)
    kept = len(text[:offset].lstrip()) if left_text else 0
    whole = _set(transcript, cue, text.strip(), cue.start_ms, cue.end_ms)
    at, segment = _pinned_part(cue, whole)
    left, right = cut(segment, kept)
    if left is None or right is None:
        return reworded(transcript, cue, text)
    end_ms = max(left.end_ms, right.start_ms - gap_ms)
    start_ms = min(left.start_ms, end_ms)
    halves = (replace(left, start_ms=start_ms, end_ms=min(end_ms, right.start_ms)), right)
    return _instead(whole, at, halves, mark("Split cue"))


def middle(text: str) -> int:
    """Where a text is cut into halves: at its line break, else at the space nearest to the middle."""
    breaks = [at for at, letter in enumerate(text) if letter == "\n"]
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    return min(breaks or spaces or [len(text) // 2], key=lambda at: abs(2 * at - len(text)))


def merged(transcript: Transcript, cues: Sequence[Cue], first: int, last: int, rules: Rules) -> Edit:
    """Neighbouring cues as one: on one line if they fit, else a line for each if these fit, else on two like lines."""
    one, other = cues[first], cues[last]
    lines = [_joined(cue.lines) for cue in cues[first : last + 1]]
    text = _joined(lines)
    if length_of(text, rules) > rules.line_characters:
        if len(lines) <= rules.lines and all(length_of(line, rules) <= rules.line_characters for line in lines):
            text = "\n".join(lines)
        else:
            at = middle(text)
            text = f"{text[:at].rstrip()}\n{text[at:].lstrip()}"
    edit = _set(transcript, replace(one, last=other.last), text, one.start_ms, other.end_ms)
    return replace(edit, label=mark("Merge cues"))


def deleted(transcript: Transcript, cues: Iterable[Cue]) -> Edit:
    """Cues away with their words."""
    splices: list[Splice] = []
    waiting: list[Splice] = []
    touched = len(transcript.segments)
    for cue in sorted(cues, key=lambda one: one.first, reverse=True):  # from the back: those before stay in place
        if cue.last[0] >= touched:
            transcript, waiting = after(transcript, Edit("", tuple(waiting))), []
        whole = _set(transcript, cue, cue.text, cue.start_ms, cue.end_ms)
        waiting += _instead(whole, _pinned_part(cue, whole)[0], (), "").splices
        splices.append(waiting[-1])
        touched = waiting[-1].at
    return Edit(mark("Delete cue"), tuple(splices))


def let_flow(transcript: Transcript, cues: Iterable[Cue]) -> Edit:
    """Cues that were set by hand keep to the rules again."""
    return unpinned(transcript, {cue.first[0] for cue in cues if cue.is_pinned})


def continued(before: Edit, edit: Edit) -> Edit:
    """An edit as going on with the one before, if it changes what that has made: both will be one step of undo."""
    if len(before.splices) != 1 or len(edit.splices) != 1:
        return edit
    mine, theirs = before.splices[0], edit.splices[0]
    at, length = theirs.at - mine.at, len(theirs.removed)
    if at < 0 or mine.inserted[at : at + length] != theirs.removed:
        return edit
    inserted = (*mine.inserted[:at], *theirs.inserted, *mine.inserted[at + length :])
    return replace(edit, splices=(Splice(mine.at, mine.inserted, inserted),))


def after(transcript: Transcript, edit: Edit) -> Transcript:
    """The transcript with this edit."""
    segments = list(transcript.segments)
    for splice in edit.splices:
        splice.applied(segments)
    return replace(transcript, segments=tuple(segments))


def _set(transcript: Transcript, cue: Cue, text: str, start_ms: int, end_ms: int, typing: bool = False) -> Edit:
    """`core.editing.pinned`, without growing over the segment behind it."""
    last = cue.last[0]
    if last + 1 < len(transcript.segments):  # the next one may begin before its first word, and so before its cue
        end_ms = min(end_ms, max(start_ms, transcript.segments[last + 1].start_ms))
    return pinned(transcript, cue.first, cue.last, text, start_ms, end_ms, typing)


def _pinned_part(cue: Cue, edit: Edit) -> tuple[int, Segment]:
    """The segment that `_set` has made of a cue, and its place in the splice."""
    place = 1 if cue.first[1] else 0
    return place, edit.splices[0].inserted[place]


def _instead(edit: Edit, place: int, segments: tuple[Segment, ...], label: str) -> Edit:
    splice = edit.splices[0]
    inserted = (*splice.inserted[:place], *segments, *splice.inserted[place + 1 :])
    return Edit(label, (replace(splice, inserted=inserted),))


def _joined(lines: Iterable[str]) -> str:
    text = ""
    for line in lines:
        has_space = text and not (is_spaceless(text[-1]) or is_spaceless(line[0]))
        text += f" {line}" if has_space else line
    return text
