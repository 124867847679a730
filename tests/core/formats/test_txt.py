"""Plain text: one line a segment."""

from hypothesis import given

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, txt
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import transcripts


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


def test_the_demo_model_leaves_no_trace_in_the_text() -> None:
    assert written("one", is_demo=True) == "one\n"


@given(transcripts)
def test_there_are_as_many_lines_as_segments_with_text(transcript: Transcript) -> None:
    lines = txt.write(transcript, WriteOptions()).encode().decode().split("\n")
    assert lines == [*filter(None, (one_line(segment.text) for segment in transcript.segments)), ""]
