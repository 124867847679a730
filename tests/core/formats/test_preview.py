"""The preview: the beginning of what will be written, from the beginning of the transcript alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import doubts
from desktop.core.formats import FORMATS, WriteOptions, preview
from desktop.core.formats.preview import MOST_CHARACTERS
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import doubted

TEXTS = [name for name in FORMATS if name not in ("docx", "json")]
HOURS = Transcript(
    tuple(Segment(at * 3_000, at * 3_000 + 2_000, f" Sentence {at}.") for at in range(1_000)), source="talk.mp4"
)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("options", [WriteOptions(), WriteOptions(times=True)])
def test_the_first_lines_are_those_of_the_file(name: str, options: WriteOptions) -> None:
    whole = FORMATS[name].content(HOURS, options).decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    shown = preview(HOURS, FORMATS[name], options, 100).split("\n")
    assert len(shown) == 100
    assert shown == whole[:100]


def test_json_begins_with_its_head_and_segments() -> None:
    head, *segments = preview(HOURS, FORMATS["json"], WriteOptions(), 10).split("\n")
    assert head.startswith('{"format": "undertone"')
    assert [f"Sentence {at}." in line for at, line in enumerate(segments)] == [True] * 9


def test_json_keeps_doubtful_text_in_the_preview_as_in_the_file() -> None:
    doubtful = tuple(replace(one, suspect=doubts.BOILERPLATE) for one in HOURS.segments[:50])
    transcript = replace(HOURS, segments=(*doubtful, Segment(200_000, 200_001, " "), *HOURS.segments[70:]))
    whole = FORMATS["json"].content(transcript, WriteOptions()).decode().split("\n")
    assert preview(transcript, FORMATS["json"], WriteOptions(), 80).split("\n") == whole[:80]


def test_a_document_is_shown_as_text() -> None:
    assert (
        preview(HOURS, FORMATS["docx"], WriteOptions(), 4) == "talk\n\n[00:00:00] Sentence 0.\n[00:00:03] Sentence 1."
    )
    assert preview(HOURS, FORMATS["docx"], WriteOptions(times=False), 3).endswith("\nSentence 0.")


def test_text_that_is_left_out_takes_no_room() -> None:
    doubt = tuple(Segment(at, at + 1, "Thank you.", suspect=doubts.BOILERPLATE) for at in range(500))
    assert (
        preview(Transcript((*doubt, *HOURS.segments)), FORMATS["txt"], WriteOptions(), 2) == "Sentence 0.\nSentence 1."
    )


def test_a_line_without_end_is_cut() -> None:
    shown = preview(Transcript((Segment(0, 1, "a" * 10**6),)), FORMATS["txt"], WriteOptions())
    assert shown == "a" * MOST_CHARACTERS + "…"


@pytest.mark.parametrize("name", FORMATS)
@given(transcript=doubted(), most=st.integers(1, 30))
def test_there_is_a_preview_of_everything(name: str, transcript: Transcript, most: int) -> None:
    shown = preview(transcript, FORMATS[name], WriteOptions(), most)
    assert shown.encode().decode().count("\n") < most
