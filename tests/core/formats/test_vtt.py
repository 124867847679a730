"""WebVTT: exact text, valid for a strict reader, and the same cues for every reader."""

import re

import webvtt
from hypothesis import assume, example, given, settings

from desktop.core.formats import WriteOptions, vtt
from desktop.core.rules import PRESETS
from desktop.core.transcript import Segment, Transcript, Word
from tests.core.formats.hostile import EVERY_FRAGMENT, HOUR_MS, heard, transcripts, without
from tests.core.formats.readers import NO_SHRINKING, by_ffmpeg, by_webvtt_py, expected, has_twins

PLAIN = WriteOptions()
WORD_TIMES = WriteOptions(word_timestamps=True)


def written(*segments: Segment, is_demo: bool = False, options: WriteOptions = PLAIN) -> str:
    return vtt.write(Transcript(segments, is_demo=is_demo), options)


def test_cues_follow_the_header_after_a_blank_line() -> None:
    assert written(Segment(500, 2_000, " Hello there."), Segment(2_500, 4_250, " Tom & Jerry --> <b>")) == (
        "WEBVTT\n\n"
        "00:00:00.500 --> 00:00:02.000\nHello there.\n\n"
        "00:00:02.500 --> 00:00:04.250\nTom &amp; Jerry --&gt; &lt;b&gt;\n"
    )


def test_a_transcript_without_text_is_the_header_alone() -> None:
    assert written() == written(Segment(0, 1_000, "\n")) == "WEBVTT\n"


def test_the_demo_model_is_named_in_a_note() -> None:
    note = "NOTE Demo model: knows a few hundred words; install a model for real work\n"
    assert written(is_demo=True) == f"WEBVTT\n\n{note}"
    assert written(Segment(0, 1_000, "hello"), is_demo=True) == (
        f"WEBVTT\n\n{note}\n00:00:00.000 --> 00:00:01.000\nhello\n"
    )


def test_hours_have_as_many_digits_as_they_need() -> None:
    assert written(Segment(123 * HOUR_MS + 62_003, 124 * HOUR_MS, "late")) == (
        "WEBVTT\n\n123:01:02.003 --> 124:00:00.000\nlate\n"
    )


def test_direction_marks_stay_as_they_are() -> None:
    text = "\u200fשלום\u200e \u2067مرحبا\u2069"
    assert written(Segment(0, 1_000, text)).endswith(f"\n{text}\n")


def test_word_times_stand_before_the_words_on_both_lines() -> None:
    segment = heard(" Tom & Jerry went up the hill, and <then> they came down.", 0, 6_000)
    assert written(segment, options=WORD_TIMES) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:06.000\n"
        "Tom <00:00:00.500>&amp; <00:00:01.000>Jerry <00:00:01.500>went <00:00:02.000>up"
        " <00:00:02.500>the <00:00:03.000>hill,\n"
        "<00:00:03.500>and <00:00:04.000>&lt;then&gt; <00:00:04.500>they <00:00:05.000>came <00:00:05.500>down.\n"
    )


def test_word_times_are_written_only_when_they_are_wanted() -> None:
    segment = heard(" one two", 0, 2_000)
    assert "<" not in written(segment)
    assert "one <00:00:01.000>two" in written(segment, options=WORD_TIMES)
    assert "one <00:00:01.000>too" in written(segment.reworded("one too"), options=WORD_TIMES)
    assert "one <00:00:01.000>two" in written(segment, options=WriteOptions(rules=PRESETS["karaoke"].rules))


def test_a_speaker_is_the_voice_of_a_cue_whatever_the_name_holds() -> None:
    segment = Segment(0, 1_000, "Hi", speaker="Tom & <Jerry>")
    assert written(segment).endswith("\n<v Tom ＆ ＜Jerry＞>Hi\n")
    assert written(segment, options=WriteOptions(speakers=False)).endswith("\nHi\n")
    (cue,) = webvtt.from_string(written(segment), strict=True).captions
    assert (cue.text, cue.voice) == ("Hi", "Tom ＆ ＜Jerry＞")


def test_lines_can_begin_further_up() -> None:
    assert "01.000 line:70%\nHi\n" in written(Segment(0, 1_000, "Hi"), options=WriteOptions(line_percent=70))


def test_what_was_set_by_hand_keeps_its_lines_and_times() -> None:
    segment = Segment(17, 1_003, "one\ntwo\nthree", is_pinned=True)
    assert written(segment).endswith("\n00:00:00.017 --> 00:00:01.003\none\ntwo\nthree\n")


def test_word_times_that_do_not_increase_inside_the_cue_are_left_out() -> None:
    times = [(0, 0), (0, 500), (500, 500), (500, 2_000), (2_000, 2_000)]
    words = tuple(
        Word(start_ms, end_ms, f" {name}", 0.9) for (start_ms, end_ms), name in zip(times, "abcde", strict=True)
    )
    assert written(Segment(0, 2_000, " a b c d e", words), options=WORD_TIMES).endswith("\na b <00:00:00.500>c d e\n")


@given(transcripts)
@example(EVERY_FRAGMENT)
def test_webvtt_py_finds_a_valid_file_with_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    text = vtt.write(transcript, PLAIN)
    assert text.encode().decode() == text
    assert by_webvtt_py(text) == expected(WriteOptions().cues(transcript))


@given(transcripts)
def test_word_times_change_nothing_but_the_tags(transcript: Transcript) -> None:
    text = vtt.write(transcript, WORD_TIMES)
    assert by_webvtt_py(text) == expected(WriteOptions().cues(transcript))
    assert re.sub(r"<[\d:.]+>", "", text) == vtt.write(transcript, PLAIN)


@given(transcripts)
def test_word_times_lie_inside_their_cue_and_increase(transcript: Transcript) -> None:
    for block in vtt.write(transcript, WORD_TIMES).split("\n\n")[1:]:
        times = re.findall(r"(?<=<)\d+:\d\d:\d\d\.\d{3}(?=>)", block)
        edges = re.findall(r"\d+:\d\d:\d\d\.\d{3}", block.partition("\n")[0])
        ordered = [edges[0], *times, edges[1]] if edges else []
        assert ordered == sorted(set(ordered), key=lambda time: (len(time), time))


@settings(max_examples=20, phases=NO_SHRINKING)
@given(transcripts)
@example(EVERY_FRAGMENT)
def test_ffmpeg_reads_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    # FFmpeg 5.1 obeys \N, \n and \h in WebVTT, which has no such thing, and leaves its own backslash before braces
    # when it writes SubRip. The standard knows no way around it.
    plain = without("\\{}", transcript)
    cues = WriteOptions().cues(plain)
    assume(cues and not has_twins(cues))
    assert by_ffmpeg(vtt.write(plain, WORD_TIMES), "webvtt", "srt") == expected(cues)
