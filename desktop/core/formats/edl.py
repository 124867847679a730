"""EDL: a marker for each segment, for the time line of DaVinci Resolve and other cutting rooms (CMX 3600).

The time line begins at one hour, as is the custom. Without a frame rate it counts 25 frames a second; 29.97 and 23.976
count 30 and 24 frames as a second, without drop frames, as the file says.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.cues import one_line
from desktop.core.formats.format import Format, WriteOptions
from desktop.core.i18n import mark
from desktop.core.transcript import Transcript

FRAME_RATE = 25.0
START_HOURS = 1


def write(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript as a list of markers."""
    head = f"TITLE: {options.heading(transcript)}".rstrip()
    return "\n".join([head, "FCM: NON-DROP FRAME\n", *_events(transcript, options)])


def _events(transcript: Transcript, options: WriteOptions) -> Iterator[str]:
    frame_rate = options.rules_in_use.frame_rate or FRAME_RATE
    said = (one for one in options.chosen(transcript).segments if one_line(one.text))
    for number, one in enumerate(said, 1):
        start, end = (round(max(0, ms) * frame_rate / 1000) for ms in (one.start_ms, one.end_ms))
        times = " ".join([_timecode(start, frame_rate), _timecode(start + 1, frame_rate)] * 2)
        speaker = one_line(one.speaker) if options.speakers else ""
        text = f"{speaker}: {one_line(one.text)}" if speaker else one_line(one.text)
        # A bar would begin the next field.
        named = f" |C:ResolveColorBlue |M:{text.replace('|', '｜')} |D:{max(1, end - start)}"
        yield f"{number:03}  001      V     C        {times}  \n{named}\n"


def _timecode(frame: int, frame_rate: float) -> str:
    seconds, frame = divmod(frame, round(frame_rate))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours + START_HOURS:02}:{minutes:02}:{seconds:02}:{frame:02}"


FORMAT = Format("edl", ".edl", mark("EDL markers"), write)
