"""Markdown: exact text, and a parser that we did not write finds what was said."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, markdown
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, texts, transcripts

PLAIN = WriteOptions(times=False, speakers=False)


def shown(text: str) -> list[str]:
    """The text of each block, after the parser has taken everything that it knows as markup."""
    found = []
    for before, block in pairwise(MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(text)):
        if block.type == "inline":
            kinds = {child.type for child in block.children or ()}
            assert before.type in {"paragraph_open", "heading_open"}
            assert kinds <= {"text", "text_special", "code_inline"} | {
                f"{name}_{at}" for name in ("strong", "em") for at in ("open", "close")
            }
            found.append("".join(child.content for child in block.children or ()))
    return found


def test_a_talk_is_a_heading_and_paragraphs_with_times_and_speakers() -> None:
    talk = Transcript(
        (
            Segment(500, 2_000, " Hello *there*.", speaker="Anna_B"),
            Segment(3_725_000, 3_726_000, " 1. One", speaker="Anna_B"),
        ),
        source="/home/anna/my_talk.v2.mp4",
    )
    assert markdown.write(talk, WriteOptions()) == (
        "# my\\_talk.v2\n\n`00:00:00` **Anna\\_B:** Hello \\*there\\*.\n\n`01:02:05` 1\\. One\n"
    )
    assert markdown.write(talk, PLAIN).endswith("v2\n\nHello \\*there\\*.\n\n1\\. One\n")
    assert markdown.write(talk, WriteOptions(title="Über alles")).startswith("# Über alles\n\n")


def test_the_demo_model_is_named() -> None:
    assert markdown.write(Transcript((), is_demo=True), WriteOptions()) == (
        "*Demo model: knows a few hundred words; install a model for real work*\n"
    )


def test_a_transcript_without_name_and_text_is_an_empty_file() -> None:
    assert markdown.write(Transcript(()), WriteOptions()) == ""


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "* a", "> a", "1. a", "12) a", "---", "===", "***", "```", "~~~", "| a |", "[a]: b"]
)
def test_nothing_that_was_said_is_a_block_of_its_own(text: str) -> None:
    assert shown(markdown.write(Transcript((Segment(0, 1, text),)), PLAIN)) == [text]


@given(texts)
def test_a_line_is_shown_as_it_was_typed(text: str) -> None:
    line = one_line(text)
    assert shown(markdown.escaped(line)) == ([line] if line else [])


@given(transcripts)
@example(EVERY_FRAGMENT)
def test_a_parser_finds_every_paragraph(transcript: Transcript) -> None:
    said = [one_line(one.text) for one in transcript.segments if one_line(one.text)]
    found = shown(markdown.write(transcript, PLAIN))
    assert found[len(found) - len(said) :] == said
    whole = shown(markdown.write(transcript, WriteOptions()))
    assert len(whole) == len(found)
    for block, text in zip(whole[len(found) - len(said) :], said, strict=True):
        assert re.match(r"\d\d+:\d\d:\d\d ", block)
        assert block.endswith(text)
