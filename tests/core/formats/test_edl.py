"""EDL: exact text, and one marker a segment whatever was said."""

import re

import pytest
from hypothesis import given

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, edl
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import transcripts

TALK = Transcript((Segment(500, 2_000, " Hello | there.", speaker="Anna"), Segment(3_661_040, 3_661_040, " Bye.")))


def test_a_segment_is_a_marker_on_a_time_line_that_begins_at_one_hour() -> None:
    assert edl.write(TALK, WriteOptions(title="Talk")) == (
        "TITLE: Talk\nFCM: NON-DROP FRAME\n\n"
        "001  001      V     C        01:00:00:12 01:00:00:13 01:00:00:12 01:00:00:13  \n"
        " |C:ResolveColorBlue |M:Anna: Hello ｜ there. |D:38\n\n"
        "002  001      V     C        02:01:01:01 02:01:01:02 02:01:01:01 02:01:01:02  \n"
        " |C:ResolveColorBlue |M:Bye. |D:1\n"
    )


@pytest.mark.parametrize(
    ("frame_rate", "timecode"),
    [(23.976, "01:59:56:10"), (24, "02:00:00:00"), (29.97, "01:59:56:12"), (30, "02:00:00:00"), (59.94, "01:59:56:24")],
)
def test_frames_are_counted_as_the_picture_runs(frame_rate: float, timecode: str) -> None:
    late = Transcript((Segment(3_600_000, 3_600_000, "late"),))
    assert f"C        {timecode} " in edl.write(late, WriteOptions(frame_rate=frame_rate))


@given(transcripts)
def test_there_is_one_marker_a_segment_with_text(transcript: Transcript) -> None:
    events = edl.write(transcript, WriteOptions(speakers=False)).encode().decode().split("\n\n")[1:]
    said = [one_line(one.text) for one in transcript.segments if one_line(one.text)]
    assert len(events) == max(1, len(said)) if said else events in ([], [""])
    for event, text in zip(events, said, strict=False):
        found = re.fullmatch(
            r"\d+  001      V     C        (\d+:\d\d:\d\d:\d\d ){4} \n \|C:\w+ \|M:(.*) \|D:\d+\n?", event
        )
        assert found
        assert found[2].replace("｜", "|") == text.replace("｜", "|")
