"""What is known about an audio or video file, and which file names look like one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

AUDIO_SUFFIXES = frozenset(
    ".aac .ac3 .aif .aiff .amr .ape .au .caf .dts .flac .m4a .m4b .mka .mp2 .mp3 .mpc .oga .ogg .opus .ra .spx .tta "
    ".wav .weba .wma .wv".split()
)
VIDEO_SUFFIXES = frozenset(
    ".3gp .asf .avi .flv .m2ts .m4v .mkv .mov .mp4 .mpeg .mpg .mts .mxf .ogv .rm .ts .vob .webm .wmv".split()
)


def looks_like_media(path: PurePath) -> bool:
    """Whether the name says audio or video: used for folders only; a file that is named is always tried."""
    return path.suffix.lower() in AUDIO_SUFFIXES | VIDEO_SUFFIXES


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One sound track of a file. `number` counts from 1 in the order of the file."""

    number: int
    language: str = ""
    title: str = ""
    codec: str = ""
    channels: int = 0
    sample_rate_hz: int = 0
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file as it was found: `content_hash` and `size` tell whether it is the same one later.

    `start_offset_ms` is where its sound starts on the clock of the picture; cues are in that clock.
    """

    size: int
    content_hash: str
    duration_ms: int = 0
    start_offset_ms: int = 0
    tracks: tuple[AudioTrack, ...] = ()
    has_video: bool = False
