"""What a recording tells, made up for tests."""

from dataclasses import replace
from pathlib import Path

from desktop.core.jobs import Job, JobState
from desktop.core.media import Media
from desktop.core.recording import Device, Level, SourceKind, State, Status
from desktop.core.transcript import Segment

USB = Device("usb", "USB Microphone", SourceKind.MICROPHONE, 48_000, 1)
BUILT_IN = Device("in", "Built-in Microphone", SourceKind.MICROPHONE, 44_100, 2, is_default=True)
SPEAKERS = Device("out", "Speakers", SourceKind.SYSTEM, 48_000, 2, is_default=True)
ALL = (USB, BUILT_IN, SPEAKERS)

JOB = Job(7, Path("/data/Recording 2026-11-25 14.03.mka"), state=JobState.RUNNING, media=Media(1, "h", 4000))
LOUD = Level(0.5, 0.2, 0.6)
STATUS = Status(State.RECORDING, 61_000, (USB,), (LOUD,), (), 312 << 30, 41 * 3_600_000, 0, JOB.source)
PAUSED = replace(STATUS, state=State.PAUSED)
SILENT = replace(STATUS, levels=(Level(),), silent=(USB.name,))
TWO = replace(STATUS, devices=(USB, SPEAKERS), levels=(LOUD, Level(0.1, 0.05, 0.1)))


def said(*texts: str, speaker: str = "", start_ms: int = 0) -> list[Segment]:
    """A segment of four seconds for each text."""
    return [
        Segment(start_ms + 4000 * at, start_ms + 4000 * at + 3500, text, speaker=speaker)
        for at, text in enumerate(texts)
    ]
