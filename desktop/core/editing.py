"""What a person can do to a transcript: each function returns the step, and changes nothing itself.

Segments are named by their position. Times are milliseconds. A step that would change nothing is false.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from desktop.core.document import Edit, Splice
from desktop.core.i18n import mark
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word, is_spaceless, spread

Case = Literal["lower", "upper", "title", "sentence"]
Place = tuple[int, int]
"""A segment and a word in it, both by their position."""

SHORTEST_MS = 100
"""No segment is made shorter than this."""


def reworded(transcript: Transcript, at: int, text: str, typing: bool = True) -> Edit:
    """Another text for a segment. Words that stay keep their times."""
    return _one(mark("Type"), transcript, at, (transcript.segments[at].reworded(text),), typing)


def kept(transcript: Transcript, at: int) -> Edit:
    """The text of a doubtful segment was found right."""
    return _one(mark("Keep text"), transcript, at, (transcript.segments[at].kept(),))


def split(transcript: Transcript, at: int, offset: int) -> Edit:
    """Cut a segment in two before the character at `offset`, at the time of the word there."""
    segment = transcript.segments[at]
    left, right = cut(segment, offset)
    return _one(mark("Split"), transcript, at, (left, right) if left and right else (segment,))


def merged(transcript: Transcript, first: int, last: int) -> Edit:
    """Several neighbouring segments as one. The speaker and the language are those of the first."""
    segments = transcript.segments[first : last + 1]
    return Edit(mark("Merge"), (Splice(first, segments, (joined(segments),)),))


def deleted(transcript: Transcript, positions: Iterable[int]) -> Edit:
    """Segments away. What was heard stays in the original."""
    return Edit(
        mark("Delete"), tuple(Splice(at, (transcript.segments[at],), ()) for at in sorted(positions, reverse=True))
    )


def inserted(transcript: Transcript, start_ms: int, end_ms: int, text: str = "") -> Edit:
    """A new segment, as long as the neighbours leave room for it."""
    at = position_at(transcript, start_ms)
    before, after = transcript.segments[:at][-1:], transcript.segments[at : at + 1]
    start_ms = max(start_ms, *(one.end_ms for one in before)) if before else max(0, start_ms)
    end_ms = min(end_ms, *(one.start_ms for one in after)) if after else end_ms
    segment = Segment(start_ms, max(start_ms, end_ms), "").reworded(text)
    return Edit(mark("Insert"), (Splice(at, (), (segment,)),))


def retimed(transcript: Transcript, at: int, start_ms: int, end_ms: int, typing: bool = False) -> Edit:
    """Another place for a segment, never over its neighbours nor shorter than `SHORTEST_MS` if that can be helped."""
    segment = transcript.segments[at]
    least_ms = transcript.segments[at - 1].end_ms if at else 0
    most_ms = transcript.segments[at + 1].start_ms if at + 1 < len(transcript.segments) else max(end_ms, start_ms)
    if start_ms != segment.start_ms:
        start_ms = min(max(start_ms, least_ms), max(least_ms, end_ms - SHORTEST_MS))
    if end_ms != segment.end_ms:
        end_ms = max(min(end_ms, most_ms), min(most_ms, start_ms + SHORTEST_MS))
    return _one(mark("Change times"), transcript, at, (_within(segment, start_ms, max(start_ms, end_ms)),), typing)


def spoken_by(transcript: Transcript, positions: Iterable[int], speaker: str) -> Edit:
    """Who says these segments; nobody in particular if empty."""
    return _each(mark("Change speaker"), transcript, positions, lambda one: replace(one, speaker=speaker.strip()))


def renamed_speaker(transcript: Transcript, speaker: str, name: str) -> Edit:
    """Another name for a speaker, everywhere; that of another one makes both the same."""
    positions = [at for at, one in enumerate(transcript.segments) if one.speaker == speaker]
    return _each(mark("Rename speaker"), transcript, positions, lambda one: replace(one, speaker=name.strip()))


def recased(transcript: Transcript, positions: Iterable[int], case: Case) -> Edit:
    """The same words in lower, upper, title or sentence case."""
    return _each(mark("Change case"), transcript, positions, lambda one: one.reworded(_CASES[case](one.text)))


def rewritten(transcript: Transcript, texts: dict[int, str], label: str = mark("Replace")) -> Edit:
    """Another text for several segments, as one step."""
    return Edit(
        label,
        tuple(
            Splice(at, (transcript.segments[at],), (transcript.segments[at].reworded(text),))
            for at, text in sorted(texts.items())
        ),
    )


def replaced(transcript: Transcript, first: int, last: int, segments: Sequence[Segment], label: str) -> Edit:
    """Other segments in place of those from `first` to `last`; nothing is taken away if `last` lies before `first`."""
    return Edit(label, (Splice(first, transcript.segments[first : last + 1], tuple(segments)),))


def heard_again(transcript: Transcript, start_ms: int, end_ms: int, segments: Sequence[Segment]) -> Edit:
    """What another hearing of a stretch found, in place of the segments whose middle lies in it."""
    first, last = stretch(transcript, start_ms, end_ms)
    before, after = transcript.segments[:first][-1:], transcript.segments[last + 1 : last + 2]
    least_ms = before[0].end_ms if before else 0
    most_ms = after[0].start_ms if after else max([end_ms, *(one.end_ms for one in segments)])
    found = [
        _within(one, max(one.start_ms, least_ms), max(min(one.end_ms, most_ms), least_ms))
        for one in segments
        if one.start_ms < most_ms and one.end_ms > least_ms
    ]
    return replaced(transcript, first, last, found, mark("Hear again"))


def stretch(transcript: Transcript, start_ms: int, end_ms: int) -> tuple[int, int]:
    """The first and the last segment whose middle lies between two times; the last is before the first for none."""
    middles = [(one.start_ms + one.end_ms) / 2 for one in transcript.segments]
    return bisect_left(middles, start_ms), bisect_left(middles, end_ms) - 1


def reverted(transcript: Transcript, original: Transcript, at: int) -> Edit:
    """A segment as it was heard, with those around it that share its sound."""
    first = last = at
    while True:  # whatever shares sound with what is put back has to go, and so on
        start_ms, end_ms = transcript.segments[first].start_ms, transcript.segments[last].end_ms
        heard = [one for one in original.segments if _shares(one, start_ms, end_ms)]
        low = min([start_ms, *(one.start_ms for one in heard)])
        high = max([end_ms, *(one.end_ms for one in heard)])
        wider = [i for i, one in enumerate(transcript.segments) if _shares(one, low, high) or first <= i <= last]
        if (wider[0], wider[-1]) == (first, last):
            return replaced(transcript, first, last, heard, mark("Revert"))
        first, last = wider[0], wider[-1]


def reverted_each(transcript: Transcript, original: Transcript, positions: Iterable[int]) -> Edit:
    """Several segments as they were heard, as one step."""
    splices: list[Splice] = []
    segments, upto = list(transcript.segments), len(transcript.segments)
    for at in sorted(positions, reverse=True):  # from the back: those before stay in place
        if at < upto:
            (splice,) = reverted(replace(transcript, segments=tuple(segments)), original, at).splices
            splice.applied(segments)
            splices.append(splice)
            upto = splice.at
    return Edit(mark("Revert"), tuple(splices))


def all_reverted(transcript: Transcript, original: Transcript) -> Edit:
    """Everything as it was heard, as one step that can be undone."""
    return Edit(mark("Revert all"), (Splice(0, transcript.segments, original.segments),))


def pinned(
    transcript: Transcript,
    first: Place,
    last: Place,
    text: str,
    start_ms: int,
    end_ms: int,
    typing: bool = False,
) -> Edit:
    """The words from `first` to `last` as a cue that a person has set: its lines and times stay as they are.

    What is left of the segments before and after it stays where it is.
    """
    head, tail = transcript.segments[first[0]], transcript.segments[last[0]]
    whole = [_whole_words(one) for one in transcript.segments[first[0] : last[0] + 1]]
    words = [
        word for at, own in enumerate(whole, first[0]) for place, word in enumerate(own) if first <= (at, place) <= last
    ]
    before, after = whole[0][: first[1]], whole[-1][last[1] + 1 :]
    cue = replace(head, start_ms=start_ms, end_ms=end_ms, text="".join(word.text for word in words), words=tuple(words))
    cue = replace(_within(cue.reworded(text), start_ms, end_ms), is_pinned=True)
    parts = [
        *([_of_words(head, before, head.start_ms, min(before[-1].end_ms, start_ms))] if before else []),
        cue,
        *([_of_words(tail, after, max(after[0].start_ms, end_ms), tail.end_ms)] if after else []),
    ]
    removed = transcript.segments[first[0] : last[0] + 1]
    return Edit(mark("Set cue"), (Splice(first[0], removed, tuple(parts)),), typing)


def unpinned(transcript: Transcript, positions: Iterable[int]) -> Edit:
    """Cues that were set by hand follow the rules again."""
    return _each(
        mark("Let cue flow"),
        transcript,
        positions,
        lambda one: replace(one.reworded(" ".join(one.text.split())), is_pinned=False),
    )


# --- pieces of segments ---


def cut(segment: Segment, offset: int) -> tuple[Segment | None, Segment | None]:
    """Both parts of a segment, cut before the character at `offset`; none where there is no text."""
    left_text, right_text = segment.text[:offset].rstrip(), segment.text[offset:].lstrip()
    if not left_text or not right_text:
        return (segment, None) if left_text else (None, segment)
    words = _whole_words(segment)
    left, right, seen = list[Word](), list[Word](), 0
    skipped = len(segment.text) - len(segment.text.lstrip())
    for number, word in enumerate(words):
        text = word.text.lstrip() if number == 0 else word.text
        begins, ends = skipped + seen, skipped + seen + len(text)
        spaces = len(text) - len(text.lstrip())
        seen += len(text)
        if ends <= offset:
            left.append(word)
        elif begins + spaces >= offset:
            right.append(word)
        else:  # inside a word: both parts share its time by their length
            head, tail = text[: offset - begins], text[offset - begins :]
            one, two = spread([head, tail], word.start_ms, word.end_ms)
            left.append(replace(one, probability=word.probability))
            right.append(replace(two, probability=word.probability))
    at_ms = right[0].start_ms
    return (
        replace(segment, text=left_text, words=tuple(left), end_ms=max(left[-1].end_ms, segment.start_ms)),
        replace(segment, text=right_text, words=tuple(right), start_ms=at_ms),
    )


def joined(segments: Sequence[Segment]) -> Segment:
    """Neighbours as one segment, with a space between them where their script has any."""
    first, text, words = segments[0], "", list[Word]()
    for one in segments:
        has_text = bool(one.text.strip())
        space = " " if text and has_text and not (is_spaceless(text[-1]) or is_spaceless(one.text.lstrip()[0])) else ""
        own = _whole_words(one) if has_text else ()
        if own and words:
            own = (replace(own[0], text=space + own[0].text.lstrip()), *own[1:])
        text += space + one.text.strip()
        words += own
    suspect = next((one.suspect for one in segments if one.suspect), "")
    is_pinned = any(one.is_pinned for one in segments)
    end_ms = max(one.end_ms for one in segments)
    return replace(first, text=text, words=tuple(words), end_ms=end_ms, suspect=suspect, is_pinned=is_pinned)


def position_at(transcript: Transcript, at_ms: int) -> int:
    """The position of the first segment that starts at this time or later."""
    return bisect_left(transcript.segments, at_ms, key=lambda one: one.start_ms)


def _whole_words(segment: Segment) -> tuple[Word, ...]:
    """The words of a segment, also of one whose words nobody timed."""
    if segment.words and not segment.is_edited:
        return segment.words
    return segment.reworded(segment.text).words


def _of_words(segment: Segment, words: Sequence[Word], start_ms: int, end_ms: int) -> Segment:
    text = "".join(word.text for word in words).strip()
    return replace(segment, text=text, words=tuple(words), start_ms=start_ms, end_ms=max(start_ms, end_ms))


def _within(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    """The segment at another place; words that would lie outside come to its edge."""
    words = tuple(
        replace(
            word,
            start_ms=min(max(word.start_ms, start_ms), end_ms),
            end_ms=min(max(word.end_ms, start_ms), end_ms),
        )
        for word in segment.words
    )
    return replace(segment, start_ms=start_ms, end_ms=end_ms, words=words)


def _shares(segment: Segment, start_ms: int, end_ms: int) -> bool:
    return min(segment.end_ms, end_ms) > max(segment.start_ms, start_ms)


def _one(label: str, transcript: Transcript, at: int, segments: Sequence[Segment], typing: bool = False) -> Edit:
    return Edit(label, (Splice(at, (transcript.segments[at],), tuple(segments)),), typing)


def _each(label: str, transcript: Transcript, positions: Iterable[int], change: Callable[[Segment], Segment]) -> Edit:
    changed = ((at, transcript.segments[at], change(transcript.segments[at])) for at in sorted(positions))
    return Edit(label, tuple(Splice(at, (before,), (after,)) for at, before, after in changed if before != after))


def _sentence_case(text: str) -> str:
    low = text.lower()
    at = next((place for place, letter in enumerate(low) if letter.isalpha()), 0)
    return low[:at] + low[at : at + 1].upper() + low[at + 1 :]


_CASES: dict[Case, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": lambda text: " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" ")),
    "sentence": _sentence_case,
}
