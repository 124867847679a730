"""JSON: all that is known about a transcript, for other programs and for reading it back without loss.

One object in UTF-8. Times are whole milliseconds from the beginning of the sound; text is as it was heard or typed,
words with the space before them. A later version of the program may add keys; `version` grows when the meaning of one
changes, and a reader refuses a version that it does not know.

    format        "undertone"
    version       1
    source        string: the path of the medium; bytes that are no UTF-8 as half surrogates (\\udc80 to \\udcff)
    language      string: the code of Whisper, such as "en"; "" when nobody knows
    model         string
    duration_ms   integer: length of the sound
    demo_model    boolean
    map           list of [start_ms, end_ms, kind] without gaps; kind is "silence", "text", "missing" (speech without
                  text) or "suspect" (text in doubt); the key may be absent
    segments      list of objects in the order of time:
      start_ms, end_ms       integers
      text                   string; a line break only where a person set it
      words                  list of {"start_ms", "end_ms", "text", "probability"}, may be empty; the probability
                             is a number from 0 to 1, or null
      avg_logprob, no_speech_prob, compression_ratio, temperature
                             numbers as Whisper defines them, or null
      suspect                string, absent when empty: why the text may not be what was said
      language               string, absent when empty: where it is another than that of the transcript
      speaker                string, absent when empty
      pinned                 boolean, absent when false: a cue set by hand, its lines and times stay as they are
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.formats.format import Format, WriteOptions
from desktop.core.transcript import Segment, Transcript, Word

NAME = "undertone"
VERSION = 1

_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


def write(transcript: Transcript, _options: WriteOptions) -> str:
    """The transcript as one JSON object, one line a segment; figures that are not finite become null."""
    head = {
        "format": NAME,
        "version": VERSION,
        "source": transcript.source,
        "language": transcript.language,
        "model": transcript.model,
        "duration_ms": transcript.duration_ms,
        "demo_model": transcript.is_demo,
        "map": [[part.start_ms, part.end_ms, part.kind] for part in transcript.coverage.parts],
    }
    segments = ",\n".join(dumped(segment_record(segment)) for segment in transcript.segments)
    return f'{dumped(head)[:-1]}, "segments": [\n{segments}\n]}}\n'


def read(text: str) -> Transcript:
    """The transcript that `write` wrote, exactly. Raises ValueError for any other text, and for a newer version."""
    try:
        record = json.loads(text, parse_constant=_refuse)
        if record["format"] != NAME or record["version"] > VERSION:
            raise ValueError(f"{record['format']} {record['version']} is not {NAME} {VERSION}")
        return _transcript(record)
    except (LookupError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("not a transcript") from error


def dumped(record: Any) -> str:
    """The plain values as JSON on one line, which UTF-8 can always encode."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    # Python keeps the bytes of a file name that is no UTF-8 as half surrogates: legal in JSON as escapes only.
    return _HALF_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def segment_record(segment: Segment) -> dict[str, Any]:
    """One segment as plain values that JSON can hold."""
    rare = {
        "suspect": segment.suspect,
        "language": segment.language,
        "speaker": segment.speaker,
        "pinned": segment.is_pinned,
    }
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "words": [_word_record(word) for word in segment.words],
        "avg_logprob": _finite(segment.avg_logprob),
        "no_speech_prob": _finite(segment.no_speech_prob),
        "compression_ratio": _finite(segment.compression_ratio),
        "temperature": _finite(segment.temperature),
        **{name: value for name, value in rare.items() if value},
    }


def _word_record(word: Word) -> dict[str, Any]:
    return {
        "start_ms": word.start_ms,
        "end_ms": word.end_ms,
        "text": word.text,
        "probability": _finite(word.probability),
    }


def _finite(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None


def _transcript(record: dict[str, Any]) -> Transcript:
    return Transcript(
        segments=tuple(segment_of(one) for one in record["segments"]),
        source=str(record["source"]),
        language=str(record["language"]),
        model=str(record["model"]),
        duration_ms=int(record["duration_ms"]),
        is_demo=bool(record["demo_model"]),
        coverage=Coverage(tuple(Part(int(start), int(end), Kind(kind)) for start, end, kind in record.get("map", ()))),
    )


def segment_of(record: dict[str, Any]) -> Segment:
    """The segment that `segment_record` wrote. Raises LookupError, TypeError or ValueError."""
    return Segment(
        start_ms=int(record["start_ms"]),
        end_ms=int(record["end_ms"]),
        text=str(record["text"]),
        words=tuple(_word(one) for one in record["words"]),
        avg_logprob=_figure(record["avg_logprob"]),
        no_speech_prob=_figure(record["no_speech_prob"]),
        compression_ratio=_figure(record["compression_ratio"]),
        temperature=_figure(record["temperature"]),
        suspect=str(record.get("suspect", "")),
        language=str(record.get("language", "")),
        speaker=str(record.get("speaker", "")),
        is_pinned=bool(record.get("pinned", False)),
    )


def _word(record: dict[str, Any]) -> Word:
    return Word(
        start_ms=int(record["start_ms"]),
        end_ms=int(record["end_ms"]),
        text=str(record["text"]),
        probability=_figure(record["probability"]),
    )


def _figure(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


FORMAT = Format("json", ".json", "JSON", write)
