"""What a person chose for one job: a copy is taken when the job is made, so that later changes do not reach it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

Task = Literal["transcribe", "translate"]
Device = Literal["auto", "cpu", "cuda"]

TASKS = ("transcribe", "translate")
DEVICES = ("auto", "cpu", "cuda")
MOST_CARDS = 8
CARDS = tuple(f"cuda:{number}" for number in range(MOST_CARDS))
"""One of several graphics cards, as CTranslate2 counts them; "cuda" is the first."""
MODES = ("fast", "precise")
LANGUAGE_SCOPES = ("file", "per-window")
COMPUTE_TYPES = ("auto", "int8", "int8_float16", "int8_float32", "int8_bfloat16", "float16", "bfloat16", "float32")
FALLBACK_TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Options:
    """How one medium is to be transcribed."""

    model: str = AUTO
    language: str = AUTO
    task: str = "transcribe"
    device: str = AUTO
    compute_type: str = AUTO
    audio_track: int = 0
    """Counted from 1; 0 is the one that the file marks as default."""
    beam_size: int = 5
    temperatures: tuple[float, ...] = FALLBACK_TEMPERATURES
    max_new_tokens: int = 0
    """0: as many as the model allows."""
    vad: bool = True
    mode: str = "fast"
    """"fast" hears windows together, each for itself; "precise" one after the other, knowing the text before."""
    languages: str = "file"
    """Whether one language is looked for in the whole file or one in each window."""
    prompt: str = ""
    """Text that the speech could follow on: its style and spelling are taken up."""
    hotwords: str = ""
    """Names and words that are likely to be said."""
    batch_size: int = 0
    """Windows decoded together; 0: as many as device and model bear. The text does not depend on it."""

    def fingerprint(self) -> str:
        """The same for options that give the same text; the device and how it computes are not part of it."""
        values = self.to_record()
        for name in ("device", "compute_type", "batch_size"):
            del values[name]
        for name in ("mode", "languages", "prompt", "hotwords"):  # at their defaults: as before there was a choice
            if values[name] == Options.__dataclass_fields__[name].default:
                del values[name]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self) | {"temperatures": list(self.temperatures)}

    @staticmethod
    def from_record(record: dict[str, Any]) -> Options:
        """The options that `to_record` wrote; what an older version did not know has its default."""
        known = {name: record[name] for name in Options.__dataclass_fields__ if name in record}
        if "temperatures" in known:
            known["temperatures"] = tuple(known["temperatures"])
        return Options(**known)
