"""Readers of subtitles that we did not write, brought to one shape: start, end, text."""

import html
import re
import subprocess

import pysubs2
import webvtt
from hypothesis import Phase

from desktop.core.cues import Cue
from desktop.core.formats.guards import unguarded as plain

Read = tuple[int, int, str]

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""For tests that start a program each time: a failure is seen at once, not after minutes."""

_BLOCK = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3}) --> (?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})\n(.*)", re.DOTALL)


def by_webvtt_py(text: str) -> list[Read]:
    """Cues of a WebVTT file without its tags; raises an error where the file breaks the standard."""
    return [
        (cue.start_time.in_milliseconds(), cue.end_time.in_milliseconds(), html.unescape(cue.text))
        for cue in webvtt.from_string(text, strict=True).captions
    ]


def by_pysubs2(text: str) -> list[Read]:
    """Cues of a SubRip file below 100 hours."""
    return [(cue.start, cue.end, cue.text.replace("\\N", "\n")) for cue in pysubs2.SSAFile.from_string(text, "srt")]


def script_by_pysubs2(text: str) -> list[Read]:
    """Cues of an ASS file without its commands."""
    return [(cue.start, cue.end, cue.plaintext) for cue in pysubs2.SSAFile.from_string(text, "ass")]


def by_ffmpeg(text: str, from_format: str, to_format: str) -> list[Read]:
    """Cues after FFmpeg has read the file and written it in another format; any complaint of FFmpeg is an error."""
    command = ["ffmpeg", "-nostdin", "-v", "warning", "-f", from_format, "-i", "pipe:", "-f", to_format, "pipe:"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    written = done.stdout.decode().replace("\r\n", "\n")
    return [_parsed(block) for block in written.split("\n\n") if " --> " in block]


def events_of_ffmpeg(text: str, from_format: str) -> list[str]:
    """The text of cues as FFmpeg gives it to libass: to what draws them in mpv, and on burnt-in subtitles."""
    command = ["ffmpeg", "-nostdin", "-v", "warning", "-f", from_format, "-i", "pipe:", "-f", "ass", "pipe:"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().split("\n")
    return [line.split(",", 9)[9].rstrip("\r") for line in lines if line.startswith("Dialogue:")]


def expected(cues: list[Cue]) -> list[Read]:
    """What a reader has to find."""
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in cues]


def has_twins(cues: list[Cue]) -> bool:
    """Whether a cue is there twice: FFmpeg leaves the second one out, and says so."""
    return len(set(expected(cues))) < len(cues)


def unguarded(cues: list[Read]) -> list[Read]:
    """Without what the writers put in against players that obey the text."""
    return [(start_ms, end_ms, plain(text)) for start_ms, end_ms, text in cues]


def to_hundredths(cues: list[Read]) -> list[Read]:
    """Times as ASS has them."""
    rounded = [((start_ms + 5) // 10, (end_ms + 5) // 10, text) for start_ms, end_ms, text in cues]
    return [(10 * start, 10 * max(start + 1, end), text) for start, end, text in rounded]


def _parsed(block: str) -> Read:
    found = _BLOCK.search(block)
    assert found, block
    start_ms, end_ms = (
        ((int(h or 0) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms)
        for h, m, s, ms in (found.groups()[:4], found.groups()[4:8])
    )
    return start_ms, end_ms, found[9].rstrip("\n")
