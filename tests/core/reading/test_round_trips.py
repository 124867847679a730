"""What we write comes back: texts, lines and times, whatever was said."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.cues import Cue, one_line
from desktop.core.formats import FORMATS, WriteOptions, json
from desktop.core.formats.guards import unguarded_name
from desktop.core.reading import read
from desktop.core.reading.blocks import UNORDERED
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, doubted, heard, transcripts, without

DEFAULT = WriteOptions(suspects=True)
AS_IT_IS = WriteOptions(suspects=True, rules=None)
CONFUSED = "\u2060｛｝"
"""Our guards in SRT and ASS: whoever types these himself gets them back without, or as what they stand for."""


def shown(cues: list[Cue]) -> list[tuple[int, int, str]]:
    """In the order of time: cues that a person has set may lie anywhere."""
    return sorted(((cue.start_ms, cue.end_ms, cue.text) for cue in cues), key=lambda cue: cue[0])


def held(segments: tuple[Segment, ...]) -> list[tuple[int, int, str]]:
    return [(segment.start_ms, segment.end_ms, segment.text) for segment in segments]


def in_hundredths(cues: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """As ASS holds them; at least one hundredth long."""
    rounded = [((start + 5) // 10, (end + 5) // 10, text) for start, end, text in cues]
    return [(start * 10, max(start + 1, end) * 10, text) for start, end, text in rounded]


@example(EVERY_FRAGMENT)
@given(transcripts)
def test_our_srt_comes_back(transcript: Transcript) -> None:
    transcript = without(CONFUSED, transcript)
    cues = DEFAULT.cues(transcript)
    written = FORMATS["srt"].content(transcript, DEFAULT)
    if cues:
        found = read(written, "talk.srt")
        assert held(found.transcript.segments) == shown(cues)
        assert {note.sentence for note in found.notes} <= {UNORDERED}
        assert all(segment.is_pinned for segment in found.transcript.segments)
        again = FORMATS["srt"].content(found.transcript, AS_IT_IS)
        assert again == written or found.notes
        assert FORMATS["srt"].content(read(again, "talk.srt").transcript, AS_IT_IS) == again


@example(EVERY_FRAGMENT, False)
@example(EVERY_FRAGMENT, True)
@given(transcripts, st.booleans())
def test_our_vtt_comes_back(transcript: Transcript, with_word_times: bool) -> None:
    options = WriteOptions(suspects=True, word_timestamps=with_word_times)
    found = read(FORMATS["vtt"].content(transcript, options), "talk.vtt")
    assert held(found.transcript.segments) == shown(options.cues(transcript))
    assert found.transcript.is_demo == transcript.is_demo
    assert {note.sentence for note in found.notes} <= {UNORDERED}
    assert [segment.speaker for segment in found.transcript.segments] == [
        unguarded_name(one_line(cue.speaker)) for cue in sorted(options.cues(transcript), key=lambda cue: cue.start_ms)
    ]


@pytest.mark.parametrize("name", ["vtt", "ass", "ttml", "csv", "json"])
@pytest.mark.parametrize("speaker", ["Anna", "O'Neil & <Söhne>", "Dr. No", "شهرزاد", "a.b, c"])
def test_speakers_come_back(speaker: str, name: str) -> None:
    transcript = Transcript((Segment(0, 2_000, "Hello there.", speaker=speaker),))
    found = read(FORMATS[name].content(transcript, DEFAULT), f"talk.{name}").transcript
    assert [segment.speaker for segment in found.segments] == [speaker]


def test_word_times_come_back_in_vtt() -> None:
    segment = heard(" One two three four", 1_000, 3_000)
    data = FORMATS["vtt"].content(Transcript((segment,)), WriteOptions(word_timestamps=True))
    [found] = read(data, "talk.vtt").transcript.segments
    assert [word.start_ms for word in found.words] == [word.start_ms for word in segment.words]
    assert "".join(word.text for word in found.words) == "One two three four"


@example(EVERY_FRAGMENT)
@given(transcripts)
def test_our_ass_comes_back_but_for_times_below_a_hundredth(transcript: Transcript) -> None:
    transcript = without(CONFUSED, transcript)
    found = read(FORMATS["ass"].content(transcript, DEFAULT), "talk.ass").transcript
    wanted = in_hundredths(shown(DEFAULT.cues(transcript)))
    assert sorted(held(found.segments)) == sorted(wanted)


def test_words_of_our_karaoke_come_back() -> None:
    segment = heard(" One two three four", 1_000, 3_000)
    data = FORMATS["ass"].content(Transcript((segment,)), WriteOptions(word_timestamps=True))
    [found] = read(data, "talk.ass").transcript.segments
    assert [word.start_ms for word in found.words] == [word.start_ms for word in segment.words]


@given(transcripts)
def test_our_ttml_comes_back_but_for_spaces(transcript: Transcript) -> None:
    """XML knows one kind of white space, and several are one."""
    found = read(FORMATS["ttml"].content(transcript, DEFAULT), "talk.ttml").transcript
    assert held(found.segments) == [
        (start_ms, end_ms, "\n".join(re.sub("[ \t\r]+", " ", line) for line in text.split("\n")))
        for start_ms, end_ms, text in shown(DEFAULT.cues(transcript))
    ]


@pytest.mark.parametrize("name", ["csv", "tsv"])
@given(transcripts)
def test_our_tables_come_back(name: str, transcript: Transcript) -> None:
    written = FORMATS[name].content(transcript, DEFAULT)
    found = read(written, f"talk.{name}").transcript
    again = read(FORMATS[name].content(found, DEFAULT), f"talk.{name}").transcript
    assert found == again
    assert len(found.segments) == written.count(b"\r\n") - 1


@given(doubted())
def test_our_json_comes_back(transcript: Transcript) -> None:
    data = FORMATS["json"].content(transcript, WriteOptions())
    found = read(data, "talk.json")
    assert repr(found.transcript) == repr(json.read(data.decode()))
    assert found.notes == ()
