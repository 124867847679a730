"""JSON of ours, OpenAI's Whisper, WhisperX and whisper.cpp."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from desktop.core.formats import json as ours
from desktop.core.i18n import mark
from desktop.core.languages import LANGUAGES
from desktop.core.reading.notes import Notes, NotRead
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word, spread

NAME = "json"

NO_SEGMENT = mark("Segment {detail} has no text or no times that can be read; it was left out.")
NO_TEXT = mark("Left out: segments without text ({count}×).")
NO_TIMES = mark("Words without times share what their neighbours leave ({count}×).")
OTHER_WORDS = mark("Left out: times of words that do not make up the text of their segment ({count}×).")
UNORDERED = mark("Segments that stood after a later one were put in their places ({count}×).")

_SPECIAL = ("[_", "<|")
"""How tokens of whisper.cpp begin that are no text."""


def looks_like(text: str, name: str) -> bool:
    """Whether it begins as JSON does."""
    return text.lstrip()[:1] == "{" or (name.lower().endswith(".json") and text.lstrip()[:1] == "[")


def read(text: str, notes: Notes) -> Transcript:
    """The transcript. Ours comes back exactly. Raises NotRead."""
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotRead(f"line {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise NotRead(str(error)) from error
    match record:
        case {"format": ours.NAME}:
            return _ours(text, record)
        case {"transcription": list(entries)}:
            language = _text(record.get("result", {}), "language")
            return _transcript(entries, language, _text(record.get("model", {}), "type"), _of_whisper_cpp, notes)
        case {"segments": list(entries)} | list(entries):
            language = _text(record, "language") if isinstance(record, dict) else ""
            return _transcript(entries, language, "", _of_whisper, notes)
    raise NotRead(mark("it holds no segments"))


def _ours(text: str, record: dict[str, Any]) -> Transcript:
    try:
        return ours.read(text)
    except ValueError as error:
        version = record.get("version")
        if isinstance(version, int) and version > ours.VERSION:
            raise NotRead(mark("a newer Undertone wrote it")) from error
        raise NotRead(str(error)) from error


def _transcript(entries: Sequence[Any], language: str, model: str, read_one: Any, notes: Notes) -> Transcript:
    """Whatever can be read. Raises NotRead where nothing is left of segments that cannot."""
    found: list[Segment] = []
    unread = 0
    for number, entry in enumerate(entries, 1):
        try:
            segment = read_one(entry, notes)
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError):
            notes.add(0, NO_SEGMENT, str(number))
            unread += 1
            continue
        if segment.text:
            found.append(segment)
        else:
            notes.count(NO_TEXT)
    if unread and not found:
        raise NotRead(mark("none of its segments has a text and times that can be read"))
    notes.count(UNORDERED, sum(right.start_ms < left.start_ms for left, right in pairwise(found)))
    found.sort(key=lambda one: one.start_ms)
    return Transcript(tuple(found), language=_code(language), model=model)


def _of_whisper(entry: dict[str, Any], notes: Notes) -> Segment:
    """A segment of OpenAI's Whisper or of WhisperX, which names speakers and leaves out times of numbers."""
    start_ms = _ms(entry["start"])
    end_ms = max(start_ms, _ms(entry["end"]))
    words = [
        (
            str(word["word"] if "word" in word else word["text"]),
            _ms(word["start"]) if word.get("start") is not None else None,
            _ms(word["end"]) if word.get("end") is not None else None,
            _number(word.get("probability", word.get("score")), 1.0),
        )
        for word in entry.get("words") or ()
    ]
    segment = Segment(
        start_ms,
        end_ms,
        str(entry["text"]).strip(),
        avg_logprob=_number(entry.get("avg_logprob")),
        no_speech_prob=_number(entry.get("no_speech_prob")),
        compression_ratio=_number(entry.get("compression_ratio")),
        temperature=_number(entry.get("temperature")),
        speaker=str(entry.get("speaker") or ""),
        is_pinned=True,
    )
    return replace(segment, words=_words(segment, words, notes))


def _of_whisper_cpp(entry: dict[str, Any], notes: Notes) -> Segment:
    """A segment of whisper.cpp, whose tokens are parts of words."""
    offsets = entry["offsets"]
    start_ms = int(offsets["from"])
    segment = Segment(
        start_ms,
        max(start_ms, int(offsets["to"])),
        str(entry["text"]).strip(),
        speaker=str(entry.get("speaker") or ""),
        is_pinned=True,
    )
    words: list[tuple[str, int | None, int | None, float]] = []
    for token in entry.get("tokens") or ():
        text = str(token["text"])
        if text.startswith(_SPECIAL):
            continue
        token_start_ms, token_end_ms = int(token["offsets"]["from"]), int(token["offsets"]["to"])
        sure = _number(token.get("p"), 1.0)
        if words and not text.startswith(" "):
            before, begins_ms, _, least = words[-1]
            words[-1] = (before + text, begins_ms, token_end_ms, min(least, sure))
        else:
            words.append((text, token_start_ms, token_end_ms, sure))
    return replace(segment, words=_words(segment, words, notes))


def _words(
    segment: Segment, found: Sequence[tuple[str, int | None, int | None, float]], notes: Notes
) -> tuple[Word, ...]:
    """The words with the space before each as the text has it; none if they do not make up the text."""
    texts, at = [], 0
    for text, *_ in found:
        bare = text.strip()
        place = segment.text.find(bare, at)
        if not bare or place < 0 or segment.text[at:place].strip():
            break
        texts.append(segment.text[at : place + len(bare)])
        at = place + len(bare)
    if len(texts) < len(found) or segment.text[at:].strip():
        notes.count(OTHER_WORDS, int(bool(found)))
        return ()
    return tuple(_timed(segment, texts, found, notes))


def _timed(
    segment: Segment,
    texts: Sequence[str],
    found: Sequence[tuple[str, int | None, int | None, float]],
    notes: Notes,
) -> Iterator[Word]:
    at_ms, place = segment.start_ms, 0
    while place < len(found):
        _, start_ms, end_ms, probability = found[place]
        if start_ms is not None and end_ms is not None:
            at_ms = max(start_ms, end_ms)
            yield Word(start_ms, at_ms, texts[place], probability)
            place += 1
            continue
        stop = next((i for i in range(place, len(found)) if found[i][1] is not None and found[i][2] is not None), None)
        right_ms = segment.end_ms if stop is None else found[stop][1] or 0
        stop = len(found) if stop is None else stop
        notes.count(NO_TIMES, stop - place)
        for word, (*_, sure) in zip(spread(texts[place:stop], at_ms, right_ms), found[place:stop], strict=True):
            yield replace(word, probability=sure)
        place = stop


def _ms(seconds: Any) -> int:
    return round(float(seconds) * 1000)


def _number(value: Any, otherwise: float = 0.0) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def _text(record: Any, name: str) -> str:
    value = record.get(name) if isinstance(record, dict) else None
    return value if isinstance(value, str) else ""


def _code(language: str) -> str:
    """OpenAI's Whisper writes `en`, its API `english`."""
    named = {name.lower(): code for code, name in LANGUAGES.items()}
    return language if language in LANGUAGES else named.get(language.lower(), "")
