"""What subtitles have to keep to: the style guides that are offered, and the user's own as a file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import PurePath
from typing import Any

from desktop.core.errors import RuleImpossible, RuleMissing, RulesUnreadable
from desktop.core.frames import FRAME_RATES, Frames
from desktop.core.i18n import _, mark

_FILM_RATE = 24.0
"""What a gap in frames is counted at where no frame rate is given."""


@dataclass(frozen=True, slots=True)
class About:
    """What a rule means to a reader, and between which values it may lie."""

    help: str
    minimum: float
    maximum: float
    choices: tuple[float, ...] = ()


def _rule(default: Any, help_text: str, minimum: float = 0, maximum: float = 0, choices: tuple[float, ...] = ()) -> Any:
    return field(default=default, metadata={"about": About(help_text, minimum, maximum, choices)})


@dataclass(frozen=True)
class Rules:
    """One set of limits for cues. A limit of 0 is none where its help says so."""

    line_characters: int = _rule(42, mark("Most characters in a line"), 4, 200)
    lines: int = _rule(2, mark("Most lines in a cue"), 1, 4)
    characters_per_second: float = _rule(20.0, mark("Fastest reading speed; 0: any"), 0, 100)
    shortest_ms: int = _rule(833, mark("Shortest time on the screen"), 100, 10_000)
    longest_ms: int = _rule(7_000, mark("Longest time on the screen"), 500, 60_000)
    gap_ms: int = _rule(0, mark("Smallest gap between two cues"), 0, 2_000)
    gap_frames: int = _rule(0, mark("Smallest gap in frames; they count at 24 a second without a frame rate"), 0, 50)
    close_gaps_ms: int = _rule(500, mark("Gaps shorter than this are closed; 0: none"), 0, 5_000)
    pause_ms: int = _rule(1_000, mark("A pause of this length always ends a cue"), 200, 10_000)
    most_words: int = _rule(0, mark("Most words that a cue is composed of; 0: any number"), 0, 50)
    full_width: bool = _rule(
        False, mark("Characters are full-width ones: a Latin letter is half a one; else a full-width one counts two")
    )
    dash: str = _rule("", mark("Stands before what each of two speakers says in one cue; empty: a cue each"))
    frame_rate: float = _rule(0.0, mark("Times fall on frames of this rate; 0: any time"), choices=(0.0, *FRAME_RATES))
    karaoke: bool = _rule(False, mark("Each word is marked while it is said, in formats that can do that"))

    @cached_property
    def frames(self) -> Frames | None:
        """The frames that times fall on, if they do."""
        return Frames(self.frame_rate) if self.frame_rate else None

    @cached_property
    def least_gap_ms(self) -> int:
        """The smallest gap between two cues in milliseconds."""
        if self.frame_rate:
            return int(self.frames_between * 1_000 // self.frame_rate)
        return max(self.gap_ms, -(-self.gap_frames * 1_000 // int(_FILM_RATE)))

    @cached_property
    def frames_between(self) -> int:
        """The smallest gap between two cues in frames; 0 without a frame rate."""
        return max(self.gap_frames, self.frames.count(self.gap_ms)) if self.frames else 0

    @cached_property
    def unit(self) -> int:
        """How many narrow letters are as wide as what is counted as one character."""
        return 2 if self.full_width else 1


DEFAULT = Rules()


@dataclass(frozen=True, slots=True)
class Preset:
    """A style to choose, with where its figures come from."""

    name: str
    label: str
    source: str
    rules: Rules


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("default", mark("Undertone"), mark("The figures of Netflix for English, without a gap"), DEFAULT),
        Preset(
            "netflix",
            mark("Netflix"),
            "Netflix, English (USA) Timed Text Style Guide; Subtitle Timing Guidelines",
            Rules(gap_frames=2, dash="-"),
        ),
        Preset(
            "netflix-zh",
            mark("Netflix, Chinese"),
            "Netflix, Chinese (Simplified) Timed Text Style Guide; Subtitle Timing Guidelines",
            Rules(line_characters=16, characters_per_second=9.0, gap_frames=2, full_width=True, dash="-"),
        ),
        # 180 words a minute are 3 a second, of six letters with the space. Gaps last at least a second, or are none.
        Preset(
            "bbc",
            mark("BBC"),
            "BBC Subtitle Guidelines, as others cite them: 37 characters, 180 words a minute",
            Rules(line_characters=37, characters_per_second=18.0, close_gaps_ms=1_000),
        ),
        Preset(
            "ted",
            mark("TED"),
            "TED Translators Cheat-sheet",
            Rules(characters_per_second=21.0, shortest_ms=1_000),
        ),
        Preset(
            "youtube",
            mark("YouTube"),
            mark("YouTube gives no figures; these are those of line 21 captions"),
            Rules(line_characters=32, shortest_ms=1_000, longest_ms=6_000),
        ),
        Preset(
            "vertical",
            mark("Short vertical video"),
            mark("No guide exists; a few large words at a time are what is usual"),
            Rules(
                line_characters=18,
                characters_per_second=0.0,
                shortest_ms=300,
                longest_ms=2_500,
                close_gaps_ms=800,
                pause_ms=800,
                most_words=6,
            ),
        ),
        Preset(
            "karaoke",
            mark("Karaoke"),
            mark("No guide exists; a line at a time, its words marked as they are sung"),
            Rules(lines=1, characters_per_second=0.0, shortest_ms=500, longest_ms=10_000, pause_ms=1_500, karaoke=True),
        ),
    )
}


def read_rules(text: str, name: str) -> Rules:
    """The rules that a TOML file sets; `preset = "bbc"` starts from those of a preset. `name` is the file's.

    Raises RulesUnreadable where it is no TOML, RuleMissing for a key that is none and RuleImpossible for a value that
    cannot be.
    """
    shown = PurePath(name).name
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RulesUnreadable(name=shown, detail=str(error)) from error
    base = values.pop("preset", "default")
    if not isinstance(base, str) or base not in PRESETS:
        raise RuleImpossible(name=shown, key="preset", value=_shown(base), possible=", ".join(PRESETS))
    chosen = {one.name: getattr(PRESETS[base].rules, one.name) for one in fields(Rules)}
    for key, value in values.items():
        if key not in chosen:
            raise RuleMissing(name=shown, key=key, possible=", ".join(("preset", *chosen)))
        chosen[key] = _accepted(key, value, shown)
    if chosen["longest_ms"] < chosen["shortest_ms"]:
        raise RuleImpossible(
            name=shown, key="longest_ms", value=chosen["longest_ms"], possible=f"{chosen['shortest_ms']} – 60000"
        )
    return Rules(**chosen)


def write_rules(rules: Rules) -> str:
    """The rules as a TOML file that says what each of them means."""
    lines = []
    for one in fields(Rules):
        about: About = one.metadata["about"]
        lines.append(f"{one.name} = {_shown(getattr(rules, one.name))}  # {_(about.help)}\n")
    return "".join(lines)


def _accepted(key: str, value: object, name: str) -> object:
    one = next(one for one in fields(Rules) if one.name == key)
    about: About = one.metadata["about"]
    match one.default:
        case bool():
            is_right, possible = isinstance(value, bool), "true, false"
        case str():
            is_right = isinstance(value, str) and value.isprintable() and len(value) <= 3
            possible = '"", "-", "- "'
        case int():
            is_right = type(value) is int and about.minimum <= value <= about.maximum
            possible = f"{about.minimum:g} – {about.maximum:g}"
        case _:
            value = float(value) if type(value) is int else value
            if about.choices:
                is_right, possible = value in about.choices, ", ".join(f"{choice:g}" for choice in about.choices)
            else:
                is_right = isinstance(value, float) and about.minimum <= value <= about.maximum
                possible = f"{about.minimum:g} – {about.maximum:g}"
    if not is_right:
        raise RuleImpossible(name=name, key=key, value=_shown(value), possible=possible)
    return value


def _shown(value: object) -> str:
    """A value as TOML writes it."""
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)
