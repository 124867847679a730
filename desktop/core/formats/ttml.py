"""TTML: subtitles for broadcasters and streaming services, in the text profile of IMSC 1."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from desktop.core.cues import Cue, one_line
from desktop.core.formats.format import Format, WriteOptions, timestamp
from desktop.core.transcript import Transcript

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" \
ttp:profile="http://www.w3.org/ns/ttml/profile/imsc1/text" ttp:timeBase="media" xml:lang={language}>
<head>
<metadata>{title}{agents}</metadata>
<styling>
<style xml:id="plain" tts:color="#ffffff" tts:backgroundColor="#000000c0" tts:fontFamily="proportionalSansSerif" \
tts:fontSize="100%" tts:lineHeight="125%" tts:textAlign="center"/>
</styling>
<layout>
<region xml:id="place" {place} tts:overflow="visible"/>
</layout>
</head>
<body>
<div style="plain" region="place">
"""
_TAIL = "</div>\n</body>\n</tt>\n"


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as TTML: a paragraph a cue, a speaker as its agent."""
    cues = options.cues(transcript)
    names = dict.fromkeys(_speaker(cue, options) for cue in cues)
    agents = {name: f"speaker{number}" for number, name in enumerate(filter(None, names), 1)}
    heading = options.heading(transcript)
    head = _HEAD.format(
        language=quoteattr(transcript.language),
        title=f"<ttm:title>{escape(heading)}</ttm:title>" if heading else "",
        place=_place(options.line_percent),
        agents="".join(_agent(name, agent) for name, agent in agents.items()),
    )
    return head + "".join(_paragraph(cue, agents.get(_speaker(cue, options), "")) for cue in cues) + _TAIL


def _speaker(cue: Cue, options: WriteOptions) -> str:
    return one_line(cue.speaker) if options.speakers else ""


def _place(line_percent: int) -> str:
    top, height, align = (line_percent, 100 - line_percent, "before") if line_percent else (10, 80, "after")
    return f'tts:origin="10% {top}%" tts:extent="80% {height}%" tts:displayAlign="{align}"'


def _agent(name: str, agent: str) -> str:
    return f'<ttm:agent xml:id="{agent}" type="person"><ttm:name type="full">{escape(name)}</ttm:name></ttm:agent>'


def _paragraph(cue: Cue, agent: str) -> str:
    times = f'begin="{timestamp(cue.start_ms, ".")}" end="{timestamp(cue.end_ms, ".")}"'
    speaker = f' ttm:agent="{agent}"' if agent else ""
    return f"<p {times}{speaker}>{'<br/>'.join(map(escape, cue.lines))}</p>\n"


FORMAT = Format("ttml", ".ttml", "TTML", write)
