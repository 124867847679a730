"""Markdown: a heading, and a paragraph for each stretch of speech."""

from __future__ import annotations

import re

from desktop.core.formats.format import Format, WriteOptions, short_timestamp
from desktop.core.formats.prose import Paragraph, paragraphs
from desktop.core.i18n import _
from desktop.core.transcript import DEMO_MODEL, Transcript

_MARKUP = re.compile(r"[\\`*_\[\]<>&~$|]")
# What makes a line a heading, a list, a quotation or a rule when it begins with it.
_OPENING = re.compile(r"\A(\d{1,9}(?=[.)])|(?=[#+=-]))")


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript with its times, unless these are not wanted; empty when it has neither name nor text."""
    heading = options.heading(transcript)
    blocks = [f"# {escaped(heading)}\n"] if heading else []
    blocks += [f"*{escaped(_(DEMO_MODEL))}*\n"] if transcript.is_demo else []
    blocks += [_block(one, options.shows_times(usual=True)) for one in paragraphs(transcript, options)]
    return "\n".join(blocks)


def escaped(text: str) -> str:
    """One line of text such that Markdown shows it as it was typed."""
    return _OPENING.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", text), count=1)


def _block(paragraph: Paragraph, times: bool) -> str:
    time = f"`{short_timestamp(paragraph.start_ms)}` " if times else ""
    speaker = f"**{escaped(paragraph.speaker)}:** " if paragraph.speaker else ""
    return f"{time}{speaker}{escaped(paragraph.text)}\n"


FORMAT = Format("md", ".md", "Markdown", write)
