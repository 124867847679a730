"""SubRip: exact text, and readers that we did not write find what was meant."""

import re

import pytest
from hypothesis import assume, example, given, settings

from desktop.core.formats import WriteOptions, srt
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, HOUR_MS, transcripts, without
from tests.core.formats.readers import (
    NO_SHRINKING,
    by_ffmpeg,
    by_pysubs2,
    events_of_ffmpeg,
    expected,
    has_twins,
    unguarded,
)


def written(*segments: Segment, is_demo: bool = False) -> str:
    return srt.write(Transcript(segments, is_demo=is_demo), WriteOptions())


def text_of(text: str) -> str:
    """How a text stands in the file."""
    return written(Segment(0, 1_000, text)).partition(",000\n")[2].removesuffix("\n")


def test_cues_are_counted_from_one_and_separated_by_one_blank_line() -> None:
    segments = (
        Segment(500, 2_000, " Hello there."),
        Segment(2_500, 5_250, " A longer sentence, broken over two lines.\n"),
    )
    assert written(*segments) == (
        "1\n00:00:00,500 --> 00:00:02,000\nHello there.\n\n"
        "2\n00:00:02,500 --> 00:00:05,250\nA longer sentence, broken over two lines.\n"
    )


def test_a_transcript_without_text_is_an_empty_file() -> None:
    assert written() == written(Segment(0, 1_000, " ")) == ""


def test_the_demo_model_leaves_no_trace_in_the_text() -> None:
    assert written(Segment(0, 1_000, "hello"), is_demo=True) == written(Segment(0, 1_000, "hello"))


def test_hours_have_as_many_digits_as_they_need() -> None:
    segment = Segment(99 * HOUR_MS + 3_599_999, 123 * HOUR_MS + 62_003, "late")
    assert written(segment) == "1\n99:59:59,999 --> 123:01:02,003\nlate\n"


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("a --> b", "a --\u2060> b"),
        ("a <i>b</i>", "a <\u2060i>b<\u2060/i>"),
        ("if a < b", "if a <\u2060 b"),
        (r"C:\New\house", "C:\\\u2060New\\\u2060house"),
        (r"\a \\", r"\a \\"),
        (r"{\an8}up", r"｛\an8｝up"),
        ("{note}", "｛note｝"),
        (r"{\an8 without end", r"｛\an8 without end"),
        ("&lt; & &amp;", "&lt; & &amp;"),
        ("one\n\ntwo\r\nthree\x00four", "one two three four"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e"),
        ("\ud800 \udcff", "\ufffd \ufffd"),
        ("42", "42"),
    ],
)
def test_what_players_would_obey_is_made_harmless(typed: str, stands: str) -> None:
    assert text_of(typed) == stands


@given(transcripts)
def test_a_file_is_whole_whatever_the_text_holds(transcript: Transcript) -> None:
    text = srt.write(transcript, WriteOptions())
    blocks = text.encode().decode().removesuffix("\n").split("\n\n") if text else []
    assert len(blocks) == len(WriteOptions().cues(transcript))
    for number, block in enumerate(blocks, 1):
        assert re.fullmatch(rf"{number}\n\d\d+:\d\d:\d\d,\d{{3}} --> \d\d+:\d\d:\d\d,\d{{3}}\n[^\n]+(\n[^\n]+)*", block)
        assert block.count("-->") == 1


@given(transcripts)
@example(EVERY_FRAGMENT)
def test_pysubs2_reads_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    # Two times in one line are the times of a cue to pysubs2, and a number at the very end of a file is the counter of
    # one that never comes.
    plain = without(":", transcript)
    cues = WriteOptions().cues(plain)
    assume(all(cue.end_ms < 100 * HOUR_MS for cue in cues))
    assume(not cues or not cues[-1].lines[-1].isdigit())
    assert unguarded(by_pysubs2(srt.write(plain, WriteOptions()))) == unguarded(expected(cues))


@settings(max_examples=20, phases=NO_SHRINKING)
@given(transcripts)
@example(EVERY_FRAGMENT)
def test_ffmpeg_reads_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    cues = WriteOptions().cues(transcript)
    assume(cues and not has_twins(cues))
    assert unguarded(by_ffmpeg(srt.write(transcript, WriteOptions()), "srt", "webvtt")) == unguarded(expected(cues))


def test_libass_gets_no_command_and_no_line_break_that_nobody_typed() -> None:
    events = events_of_ffmpeg(srt.write(EVERY_FRAGMENT, WriteOptions()), "srt")
    cues = WriteOptions().cues(EVERY_FRAGMENT)
    assert len(events) == len(cues)
    for event, cue in zip(events, cues, strict=True):
        assert not re.search(r"[{}]|\\[nh]", event)
        assert event.count(r"\N") == len(cue.lines) - 1
