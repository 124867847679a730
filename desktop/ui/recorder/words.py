"""How the recorder says times, room on the disk, losses and guesses."""

from __future__ import annotations

from desktop.core.i18n import _, _n
from desktop.core.names import clock, rough_duration

BEHIND_MS = 25_000
"""What is certain comes when a piece of speech ends, after 20 s at the latest: only what is later is called late."""
LONG_MS = 100 * 3_600_000


def said_room(free_bytes: int, lasts_ms: int) -> str:
    """How much fits on the disk: `312 GB free, enough for 41 h`."""
    free = said_bytes(free_bytes)
    if not lasts_ms:
        return _("{size} free").format(size=free)
    if lasts_ms >= LONG_MS:
        return _("{size} free, enough for days").format(size=free)
    hours = lasts_ms // 3_600_000
    time = _("{hours} h").format(hours=hours) if hours >= 10 else rough_duration(lasts_ms / 1000)
    return _("{size} free, enough for {time}").format(size=free, time=time)


def said_bytes(count: int) -> str:
    """A size as people say it."""
    if count >= 10 << 30:
        return _("{size} GB").format(size=count >> 30)
    if count >= 1 << 30:
        return _("{size} GB").format(size=f"{count / (1 << 30):.1f}")
    return _("{size} MB").format(size=count >> 20)


def said_behind(ms: int) -> str:
    """How far the text is behind the sound; empty while it keeps up."""
    if ms < BEHIND_MS:
        return ""
    if ms < 60_000:
        return _("Text is {seconds} s behind").format(seconds=round(ms / 1000))
    return _("Text is {time} min behind").format(time=clock(ms))


def said_lost(samples: int) -> str:
    """How much was lost; empty if nothing was."""
    return _n("{count} sample was lost", "{count} samples were lost", samples) if samples else ""


def with_dots(guess: str) -> str:
    """A guess goes on, unless it ends like a sentence."""
    return guess if guess.endswith((".", "?", "!", "。", "？", "！", "…")) else f"{guess} …"
