"""JSON: exact text, and a transcript that comes back as it was."""

import json as standard
import math
import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.core import doubts
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.formats import WriteOptions, json
from desktop.core.transcript import Segment, Transcript, Word
from tests.core.formats.hostile import doubted

SMALL = Transcript(
    (
        Segment(500, 2_000, " Hello „wörld“.", (Word(500, 900, " Hello", 0.5),), -0.25, 0.125, 1.5, 0.2),
        Segment(2_500, 4_000, " Bye.", suspect=doubts.BOILERPLATE, language="de"),
    ),
    source="/home/anna/talk.mp4",
    language="en",
    model="demo",
    duration_ms=5_000,
    is_demo=True,
    coverage=Coverage((Part(0, 500, Kind.SILENCE), Part(500, 2_500, Kind.TEXT), Part(2_500, 4_000, Kind.SUSPECT))),
)
SMALL_TEXT = """\
{"format": "undertone", "version": 1, "source": "/home/anna/talk.mp4", "language": "en", "model": "demo", \
"duration_ms": 5000, "demo_model": true, \
"map": [[0, 500, "silence"], [500, 2500, "text"], [2500, 4000, "suspect"]], "segments": [
{"start_ms": 500, "end_ms": 2000, "text": " Hello „wörld“.", \
"words": [{"start_ms": 500, "end_ms": 900, "text": " Hello", "probability": 0.5}], \
"avg_logprob": -0.25, "no_speech_prob": 0.125, "compression_ratio": 1.5, "temperature": 0.2},
{"start_ms": 2500, "end_ms": 4000, "text": " Bye.", "words": [], \
"avg_logprob": 0.0, "no_speech_prob": 0.0, "compression_ratio": 0.0, "temperature": 0.0, \
"suspect": "boilerplate", "language": "de"}
]}
"""
EARLIER_TEXT = """\
{"format": "undertone", "version": 1, "source": "talk.mp4", "language": "en", "model": "small", \
"duration_ms": 5000, "demo_model": false, "segments": [
{"start_ms": 500, "end_ms": 2000, "text": " Hello.", "words": [], \
"avg_logprob": -0.25, "no_speech_prob": 0.125, "compression_ratio": 1.5, "temperature": 0.2}
]}
"""


def written(transcript: Transcript) -> str:
    return json.write(transcript, WriteOptions())


def test_a_transcript_is_one_object_with_one_line_a_segment() -> None:
    assert written(SMALL) == SMALL_TEXT
    assert standard.loads(SMALL_TEXT)["segments"][0]["words"][0]["text"] == " Hello"
    assert json.read(SMALL_TEXT) == SMALL


def test_suspect_text_is_always_written() -> None:
    assert json.write(SMALL, WriteOptions(suspects=False)) == json.write(SMALL, WriteOptions(suspects=True))


def test_a_file_of_before_there_was_a_map_is_read() -> None:
    (segment,) = json.read(EARLIER_TEXT).segments
    assert segment == Segment(500, 2_000, " Hello.", (), -0.25, 0.125, 1.5, 0.2)
    assert json.read(EARLIER_TEXT).coverage == Coverage()


def test_an_empty_transcript_has_no_segments() -> None:
    record = standard.loads(written(Transcript(())))
    assert (record["segments"], record["map"]) == ([], [])


def test_a_name_that_is_no_utf_8_is_written_as_escapes() -> None:
    transcript = Transcript((), source="t\udcffalk\x00\n.mp4")
    text = written(transcript)
    assert r'"t\udcffalk\u0000\n.mp4"' in text
    assert json.read(text) == transcript


def test_figures_that_are_not_finite_become_null_and_come_back_as_not_a_number() -> None:
    text = written(Transcript((Segment(0, 1, "a", (Word(0, 1, "a", math.nan),), -math.inf, math.inf),)))
    assert text.count("null") == 3
    (segment,) = json.read(text).segments
    figures = (segment.words[0].probability, segment.avg_logprob, segment.no_speech_prob)
    assert all(math.isnan(figure) for figure in figures)


@given(doubted(), st.floats(allow_nan=False, allow_infinity=False))
def test_every_transcript_comes_back_as_it_was(transcript: Transcript, figure: float) -> None:
    # Two halves of a surrogate pair, one after the other, are one character to JSON.
    assume(not re.search("[\ud800-\udbff][\udc00-\udfff]", repr_of(transcript)))
    given_figure = replace(
        transcript, segments=tuple(replace(one, avg_logprob=figure, temperature=figure) for one in transcript.segments)
    )
    text = written(given_figure)
    assert json.read(text.encode().decode()) == given_figure


def repr_of(transcript: Transcript) -> str:
    texts = [text for one in transcript.segments for text in (one.text, *(word.text for word in one.words))]
    return "\n".join([transcript.source, transcript.model, *texts])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        SMALL_TEXT[:-4],
        SMALL_TEXT.replace('"undertone"', '"whisper"'),
        SMALL_TEXT.replace('"version": 1', '"version": 2'),
        SMALL_TEXT.replace('"version": 1', '"version": "1"'),
        SMALL_TEXT.replace('"start_ms": 500, ', ""),
        SMALL_TEXT.replace('"start_ms": 500', '"start_ms": 1e999'),
        SMALL_TEXT.replace('"start_ms": 500', '"start_ms": "soon"'),
        SMALL_TEXT.replace("-0.25", "NaN"),
        SMALL_TEXT.replace('"words": []', '"words": 1'),
        SMALL_TEXT.replace('"words": []', '"words": [1]'),
        SMALL_TEXT.replace('[0, 500, "silence"]', '[0, 500, "noise"]'),
        SMALL_TEXT.replace('[0, 500, "silence"]', "[0, 500]"),
        SMALL_TEXT.replace('[0, 500, "silence"]', '[0, "soon", "silence"]'),
        SMALL_TEXT.replace('[0, 500, "silence"]', "1"),
        SMALL_TEXT.replace('"map": [', '"map": null, "other": ['),
    ],
)
def test_anything_else_is_refused_with_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        json.read(text)
