"""ASS: styled subtitles, sung along word by word if the times of words are wanted."""

from __future__ import annotations

from desktop.core.cues import Cue, one_line
from desktop.core.formats.format import Format, WriteOptions, timed_pieces
from desktop.core.formats.guards import WORD_JOINER, field, guarded
from desktop.core.transcript import Transcript

HEIGHT = 1080
"""Of the picture that sizes are meant for; players scale them to theirs."""

_BOTTOM, _TOP = 2, 8  # as on a numeric keypad
_WHITE, _GOLD = "&H00FFFFFF", "&H0000D7FF"  # blue comes first
_HEAD = """\
[Script Info]
{title}ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,{size},{lit},&H00FFFFFF,&H00101010,&H80000000,0,0,0,0,100,100,0,0,1,3,1,{alignment},{edge},{edge},\
{margin},1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as a script with one style; the speaker is the name of a line."""
    lines = (_line(cue, options) for cue in options.cues(transcript))
    return header(options, options.heading(transcript)) + "".join(lines)


def header(options: WriteOptions, title: str = "", height: int = HEIGHT) -> str:
    """All that stands before the first line."""
    percent = options.line_percent
    size = max(1, height // 18)
    alignment, margin = (_TOP, height * percent // 100) if percent else (_BOTTOM, size)
    return _HEAD.format(
        title=f"Title: {title}\n" if title else "",
        width=height * 16 // 9,
        height=height,
        size=size,
        edge=2 * size,
        lit=_GOLD if options.sings else _WHITE,
        alignment=alignment,
        margin=margin,
    )


def text_of(cue: Cue, sings: bool) -> str:
    """The text of a cue as it stands in a line; `sings` lights up each word as it is said."""
    return _sung(cue) if sings and cue.words else _plain(cue.text)


def name_of(cue: Cue) -> str:
    """The speaker as it stands in a line."""
    return field(one_line(cue.speaker))


def _line(cue: Cue, options: WriteOptions) -> str:
    start, end = _hundredths(cue.start_ms), _hundredths(cue.end_ms)
    name = name_of(cue) if options.speakers else ""
    text = text_of(cue, options.sings)
    return f"Dialogue: 0,{_time(start)},{_time(max(start + 1, end))},Default,{name},0,0,0,,{text}\n"


def _hundredths(ms: int) -> int:
    return (ms + 5) // 10


def _time(hundredths: int) -> str:
    seconds, hundredths = divmod(hundredths, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{hundredths:02}"


def _sung(cue: Cue) -> str:
    """Each piece of the text after the time that it takes."""
    pieces = timed_pieces(cue)
    edges = [_hundredths(ms) for ms in (*(start_ms for start_ms, _ in pieces), cue.end_ms)]
    return "".join(
        f"{{\\k{stop - start}}}{_plain(text)}" for (_, text), start, stop in zip(pieces, edges, edges[1:], strict=False)
    )


def _plain(text: str) -> str:
    # A backslash at the very end would rob the brace of the next piece of its meaning.
    return guarded(text).replace("\n", r"\N") + (WORD_JOINER if text.endswith("\\") else "")


FORMAT = Format("ass", ".ass", "ASS", write)
