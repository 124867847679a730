"""How file names and times are written for people."""

import os
from pathlib import Path

from desktop.core.i18n import _

_DIRECTION_MARKS = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNSEEN = dict.fromkeys((*range(32), 127, *_DIRECTION_MARKS), "·") | {10: "␤", 13: "␤"}
MOST_CHARACTERS = 120


def shown_path(path: Path | str) -> str:
    """A path as one line of valid text, whatever bytes, newlines or direction marks its name holds.

    Very long ones keep their start and their end.
    """
    text = os.fsencode(path).decode("utf-8", "replace").translate(_UNSEEN)
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]}…{text[-half:]}"


def shown_name(path: Path | str) -> str:
    """The last part of a path as one line of valid text."""
    return shown_path(Path(path).name)


def clock(ms: int) -> str:
    """A time as `1:02:45` or `2:45`."""
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def rough_duration(seconds: float) -> str:
    """A time still to wait, as people say it: `less than a minute`, `3 min`, `1 h 20 min`."""
    if seconds < 10:
        return _("a few seconds")
    if seconds < 60:
        return _("less than a minute")
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def speed(factor: float) -> str:
    """How many seconds of sound are heard in one second: `12×`, `0.8×`."""
    return f"{factor:.0f}×" if factor >= 10 else f"{factor:.1f}×"
