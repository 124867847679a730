"""Text for formats without an escape character: nothing in it is taken for a command, and it can be had back."""

from __future__ import annotations

import re

# SubRip and SubStation have no escape character, and players take `<i>`, `{\an8}` and `\N` in them for commands. A
# word joiner, which has no width, hides these from them (mpv guards backslashes of its own so). Nothing of that kind
# helps with braces: libass (mpv, FFmpeg) leaves out all that stands between two of them, and VSFilter knows no `\{`,
# so they become their wide twins.
WORD_JOINER = "\u2060"
_GUARDED = re.compile(r"<|\\(?=[nNhH])|--(?=>)")
_GUARD = re.compile(rf"(?<=[<\\]){WORD_JOINER}|(?<=--){WORD_JOINER}(?=>)")
_WIDE = str.maketrans("{}", "｛｝")
_PLAIN = str.maketrans("｛｝", "{}")
# WebVTT has escapes for names, but FFmpeg before 6 shows what follows one, or a brace or backslash, on the screen.
_VOICE = str.maketrans("&<>{}\\", "＆＜＞｛｝＼")
_FIELD = str.maketrans(",", "，")
_NAME = str.maketrans("＆＜＞｛｝＼，", "&<>{}\\,")


def guarded(text: str) -> str:
    """The text such that players show it as it was typed."""
    return _GUARDED.sub(lambda found: found[0] + WORD_JOINER, text).translate(_WIDE)


def unguarded(text: str) -> str:
    """The text that was given to `guarded`, but for wide braces that somebody typed."""
    return _GUARD.sub("", text).translate(_PLAIN)


def voice(name: str) -> str:
    """The name of a speaker inside a tag of WebVTT, with wide twins for what would end or garble it."""
    twin = name.translate(_VOICE)
    return twin + WORD_JOINER if twin.endswith("--") else twin  # with the end of the tag it would be an arrow


def field(name: str) -> str:
    """The name of a speaker between the commas of ASS."""
    return name.translate(_FIELD)


def unguarded_name(name: str) -> str:
    """The name that was given to `voice` or `field`, but for wide twins that somebody typed."""
    return (name.removesuffix(WORD_JOINER) if name.endswith(f"--{WORD_JOINER}") else name).translate(_NAME)
