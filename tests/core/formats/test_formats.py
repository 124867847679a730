"""The registry, and what all formats promise."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import doubts
from desktop.core.cues import one_line
from desktop.core.formats import FORMATS, Format, WriteOptions
from desktop.core.formats.format import timestamp
from desktop.core.rules import DEFAULT
from desktop.core.settings import about_setting
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import doubted, texts


def test_every_format_is_found_by_its_name() -> None:
    assert list(FORMATS) == "srt vtt txt docx md html json csv tsv ass ttml edl".split()
    assert all(name == one.name and one.suffix == f".{name}" for name, one in FORMATS.items())


def test_the_settings_offer_the_formats_that_there_are() -> None:
    assert about_setting("export_formats").choices == {name: one.label for name, one in FORMATS.items()}


options = st.builds(
    WriteOptions,
    word_timestamps=st.booleans(),
    suspects=st.booleans(),
    rules=st.sampled_from([DEFAULT, None]),
    frame_rate=st.sampled_from([0, 23.976, 25]),
    times=st.sampled_from([None, True, False]),
    speakers=st.booleans(),
    paragraph_pause_ms=st.sampled_from([0, 2_000]),
    title=texts,
)


@pytest.mark.parametrize("one", FORMATS.values(), ids=FORMATS)
@given(transcript=doubted(), options=options)
def test_every_text_is_utf_8_without_control_characters_and_ends_with_a_line_break(
    one: Format, transcript: Transcript, options: WriteOptions
) -> None:
    written = one.write(transcript, options)
    if isinstance(written, bytes):
        assert one.content(transcript, options) == written
        return
    assert one.content(transcript, options).decode() == written
    is_table = one.name in ("csv", "tsv")
    text = written.removeprefix("\ufeff").replace("\r\n", "\n").replace("\t", "") if is_table else written
    assert not text or text.endswith("\n")
    assert not text.startswith("\ufeff")
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


@given(doubted())
def test_without_rules_each_segment_is_a_cue(transcript: Transcript) -> None:
    said = [one for one in transcript.without_suspects().segments if one_line(one.text)]
    assert len(WriteOptions(rules=None).cues(transcript)) == len(said)


def test_without_rules_lines_and_times_stay_as_they_are() -> None:
    segments = (Segment(3, 50, "one\ntwo\nthree"), Segment(50, 90, "a" * 100))
    cues = WriteOptions(rules=None, frame_rate=25).cues(Transcript(segments))
    assert [(one.start_ms, one.end_ms, one.text) for one in cues] == [(3, 50, "one\ntwo\nthree"), (50, 90, "a" * 100)]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
@given(transcript=doubted())
def test_suspect_text_is_left_out_unless_it_is_wanted(name: str, transcript: Transcript) -> None:
    write = FORMATS[name].write
    assert write(transcript, WriteOptions()) == write(transcript.without_suspects(), WriteOptions(suspects=True))
    kept = replace(transcript, segments=tuple(one.kept() for one in transcript.segments))
    assert write(transcript, WriteOptions(suspects=True)) == write(kept, WriteOptions())


def test_text_of_people_is_left_out_only_where_it_is_suspect() -> None:
    heard = Transcript((Segment(0, 1_000, "One."), Segment(2_000, 3_000, "Two.", suspect=doubts.UNSURE)))
    assert FORMATS["txt"].write(heard, WriteOptions()) == "One.\n"
    assert FORMATS["txt"].write(heard, WriteOptions(suspects=True)) == "One.\nTwo.\n"
    assert FORMATS["srt"].write(heard, WriteOptions()) == "1\n00:00:00,000 --> 00:00:01,000\nOne.\n"
    assert FORMATS["vtt"].write(heard, WriteOptions()) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nOne.\n"


@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (0, "00:00:00.000"),
        (59_999, "00:00:59.999"),
        (3_599_999, "00:59:59.999"),
        (359_999_999, "99:59:59.999"),
        (360_000_000, "100:00:00.000"),
    ],
)
def test_times_are_written_with_all_their_digits(ms: int, expected: str) -> None:
    assert timestamp(ms, ".") == expected
