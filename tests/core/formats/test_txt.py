"""Plain text: one line a segment, or paragraphs, with times and speakers if wanted."""

from hypothesis import given

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, txt
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import transcripts

TALK = Transcript(
    (
        Segment(0, 2_000, " Hello there.", speaker="Anna"),
        Segment(2_500, 4_000, " How are you?", speaker="Anna"),
        Segment(4_100, 5_000, " Fine.", speaker="Ben"),
        Segment(9_000, 12_000, " And\nyou?", speaker="Ben"),
        Segment(3_725_000, 3_726_000, " (noise)"),
        Segment(3_726_000, 3_727_000, " Well.", speaker="Ben"),
    )
)


def written(*texts: str, is_demo: bool = False) -> str:
    return txt.write(Transcript(tuple(Segment(0, 0, text) for text in texts), is_demo=is_demo), WriteOptions())


def test_each_segment_is_a_line_as_it_was_typed() -> None:
    assert written(" Hello there.", " <i>Tom</i> & {Jerry} --> \\N ") == "Hello there.\n<i>Tom</i> & {Jerry} --> \\N\n"


def test_line_breaks_and_control_characters_inside_a_segment_become_spaces() -> None:
    assert written("one\n\ntwo\r\nthree\x00four\u2028five") == "one two three four five\n"


def test_segments_without_text_are_left_out() -> None:
    assert written("one", " ", "", "two") == "one\ntwo\n"


def test_a_transcript_without_text_is_an_empty_file() -> None:
    assert written() == ""
    assert txt.write(Transcript(()), WriteOptions(times=True, paragraph_pause_ms=1)) == ""


def test_the_demo_model_leaves_no_trace_in_the_text() -> None:
    assert written("one", is_demo=True) == "one\n"


def test_a_speaker_is_named_where_somebody_else_spoke_before() -> None:
    assert txt.write(TALK, WriteOptions()) == (
        "Anna: Hello there.\nHow are you?\nBen: Fine.\nAnd you?\n(noise)\nBen: Well.\n"
    )
    assert txt.write(TALK, WriteOptions(speakers=False)).startswith("Hello there.\nHow are you?\nFine.\n")


def test_times_stand_before_each_line_when_they_are_wanted() -> None:
    assert txt.write(TALK, WriteOptions(times=True)).splitlines()[2:5] == [
        "[00:00:04] Ben: Fine.",
        "[00:00:09] And you?",
        "[01:02:05] (noise)",
    ]


def test_a_paragraph_goes_up_to_a_pause_or_another_speaker() -> None:
    assert txt.write(TALK, WriteOptions(times=True, paragraph_pause_ms=2_000)) == (
        "[00:00:00] Anna: Hello there. How are you?\n\n"
        "[00:00:04] Ben: Fine.\n\n"
        "[00:00:09] And you?\n\n"
        "[01:02:05] (noise)\n\n"
        "[01:02:06] Ben: Well.\n"
    )
    assert "Ben: Fine. And you?\n" in txt.write(TALK, WriteOptions(paragraph_pause_ms=4_001))


def test_sentences_are_joined_as_their_script_joins_them() -> None:
    def joined(*texts: str) -> str:
        segments = tuple(Segment(at, at + 1, text) for at, text in enumerate(texts))
        return txt.write(Transcript(segments), WriteOptions(paragraph_pause_ms=1_000))

    assert joined("你好。", "世界。") == "你好。世界。\n"
    assert joined("你好。", "Hello.") == "你好。 Hello.\n"
    assert joined("สวัสดี", "ครับ") == "สวัสดี ครับ\n"
    assert joined("안녕.", "세상.") == "안녕. 세상.\n"


@given(transcripts)
def test_there_are_as_many_lines_as_segments_with_text(transcript: Transcript) -> None:
    lines = txt.write(transcript, WriteOptions(speakers=False)).encode().decode().split("\n")
    assert lines == [*filter(None, (one_line(segment.text) for segment in transcript.segments)), ""]


@given(transcripts)
def test_paragraphs_hold_all_that_lines_hold(transcript: Transcript) -> None:
    lines = txt.write(transcript, WriteOptions(speakers=False))
    joined = txt.write(transcript, WriteOptions(speakers=False, paragraph_pause_ms=1_000))
    assert joined.split() == lines.split() or "".join(joined.split()) == "".join(lines.split())
