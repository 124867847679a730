"""What a person chooses for an export, as settings keep it and as formats are told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.frames import FRAME_RATES
from desktop.core.rules import DEFAULT, PRESETS, Rules
from desktop.core.settings import OWN_STYLE, about_setting

AS_IT_IS = "as-it-is"
TIMES = {"usual": None, "yes": True, "no": False}
PAUSES = (0, 1_000, 2_000, 3_000, 5_000)
"""From which length on a pause begins a paragraph, in milliseconds; 0: every segment is one."""


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """All that a person chooses for an export, as plain values that settings can keep."""

    formats: tuple[str, ...] = ("srt", "vtt")
    style: str = "default"
    """The name of a preset, `own` for the rules that the table of cues shows, `as-it-is` for segments as they are."""
    frame_rate: float = 0.0
    times: str = "usual"
    paragraph_pause_ms: int = 0
    speakers: bool = True
    word_timestamps: bool = False
    suspects: bool = False
    folder: str = ""
    """Empty: beside each source."""
    collision: str = "rename"
    previewed: str = ""
    """The format whose preview was looked at last."""

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return {**asdict(self), "formats": list(self.formats)}

    @staticmethod
    def of(record: object) -> ExportChoices:
        """What `to_record` wrote; what cannot be read is as when first installed."""
        plain = ExportChoices()
        known = record if isinstance(record, dict) else {}
        values = {one.name: _read(one.name, known.get(one.name), getattr(plain, one.name)) for one in fields(plain)}
        return ExportChoices(**values)

    def options(self, own: Rules = DEFAULT) -> WriteOptions:
        """What a format is told; `own` are the rules that the table of cues shows."""
        preset = PRESETS.get(self.style)
        return WriteOptions(
            word_timestamps=self.word_timestamps,
            suspects=self.suspects,
            rules=None if self.style == AS_IT_IS else preset.rules if preset else own,
            frame_rate=self.frame_rate,
            times=TIMES[self.times],
            speakers=self.speakers,
            paragraph_pause_ms=self.paragraph_pause_ms,
        )


def _read(name: str, value: Any, plain: Any) -> Any:
    """A stored value, or the plain one where it is not possible."""
    if name == "formats":
        return tuple(one for one in FORMATS if one in value) if isinstance(value, list | tuple) else plain
    if type(value) is not type(plain):
        return plain
    possible: dict[str, Sequence[object]] = {
        "style": (*PRESETS, OWN_STYLE, AS_IT_IS),
        "frame_rate": (0.0, *FRAME_RATES),
        "times": tuple(TIMES),
        "paragraph_pause_ms": PAUSES,
        "collision": tuple(about_setting("collision").choices),
        "previewed": ("", *FORMATS),
    }
    return value if value in possible.get(name, (value,)) else plain
