"""How long lines are and how fast they are read, as the rules count; and how that is said."""

from __future__ import annotations

import math

from PySide6.QtGui import QFont

from desktop.core.cues import Cue
from desktop.core.i18n import _
from desktop.core.line_breaks import width
from desktop.core.problems import FAST, problems, read_per_second
from desktop.core.rules import Rules


def small(font: QFont) -> QFont:
    """The font of figures that stand beside a text."""
    smaller = QFont(font)
    smaller.setPointSizeF(max(6.0, font.pointSizeF() * 0.8))
    return smaller


def length_of(line: str, rules: Rules) -> float:
    """The characters of a line, in the width that the rules count in."""
    return width(line) / rules.unit


def shown_length(line: str, rules: Rules) -> str:
    """`31`, or `45/42` for a line that is too long."""
    length = length_of(line, rules)
    return f"{length:g}/{rules.line_characters}" if length > rules.line_characters else f"{length:g}"


def shown_speed(cue: Cue, rules: Rules) -> str:
    """The characters that have to be read in a second."""
    return f"{math.ceil(10 * read_per_second(cue, rules)) / 10:.1f}"


def said_speed(cue: Cue, rules: Rules) -> str:
    """How fast a cue has to be read, and how fast it may be if that is too fast."""
    limits = [one for one in problems([cue], rules) if one.code == FAST]
    return limits[0].said if limits else _("{speed} characters per second").format(speed=shown_speed(cue, rules))
