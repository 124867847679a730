"""DOCX: python-docx reads back what was said, whatever it was."""

import io
import zipfile
from xml.etree import ElementTree

import docx as reader
from hypothesis import example, given, settings

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, docx
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, doubted, transcripts

TALK = Transcript(
    (
        Segment(500, 2_000, " Hello there.", speaker="Anna"),
        Segment(3_725_000, 3_726_000, " Bye\x00 now.", speaker="Anna"),
    ),
    source="talk.mp4",
    language="en",
)


def lines(transcript: Transcript, options: WriteOptions) -> list[str]:
    return [one.text for one in reader.Document(io.BytesIO(docx.write(transcript, options))).paragraphs]


def test_a_talk_has_a_title_times_and_speakers() -> None:
    document = reader.Document(io.BytesIO(docx.write(TALK, WriteOptions())))
    title, first, second = document.paragraphs
    assert (title.text, title.style.name) == ("talk", "Title")
    assert [run.text for run in first.runs] == ["00:00:00  ", "Anna: ", "Hello there."]
    assert [run.bold for run in first.runs] == [None, True, None]
    assert second.text == "01:02:05  Bye now."
    about = document.core_properties
    assert (about.title, about.author, about.language, about.created) == ("talk", "Undertone", "en", None)


def test_times_and_speakers_can_be_left_out() -> None:
    assert lines(TALK, WriteOptions(times=False, speakers=False)) == ["talk", "Hello there.", "Bye now."]


def test_paragraphs_go_up_to_a_pause() -> None:
    joined = WriteOptions(times=False, paragraph_pause_ms=10_000_000)
    assert lines(TALK, joined) == ["talk", "Anna: Hello there. Bye now."]


def test_the_demo_model_is_named() -> None:
    assert lines(Transcript((), is_demo=True), WriteOptions()) == [
        "Demo model: knows a few hundred words; install a model for real work"
    ]


@settings(max_examples=30)
@given(doubted())
def test_the_same_transcript_gives_the_same_bytes(transcript: Transcript) -> None:
    packed = docx.write(transcript, WriteOptions())
    assert packed == docx.write(transcript, WriteOptions())
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))


@settings(max_examples=50)
@given(transcripts)
@example(EVERY_FRAGMENT)
def test_python_docx_reads_every_paragraph_as_it_was_typed(transcript: Transcript) -> None:
    said = [one_line(one.text) for one in transcript.segments if one_line(one.text)]
    found = lines(transcript, WriteOptions(times=False, speakers=False))
    assert found[len(found) - len(said) :] == said
