"""What one contestant is asked to do, and what was measured while it did it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

OURS_FAST, OURS_PRECISE = "ours-fast", "ours-precise"
FW_SEQUENTIAL, FW_BATCHED = "fw-sequential", "fw-batched"
OPENAI, WHISPER_CPP = "openai-whisper", "whisper-cpp"
CONTESTANTS = (OURS_FAST, OURS_PRECISE, FW_SEQUENTIAL, FW_BATCHED, OPENAI, WHISPER_CPP)
OURS = (OURS_FAST, OURS_PRECISE)

FORMS = {OPENAI: "openai", WHISPER_CPP: "ggml"}
CTRANSLATE2 = "ctranslate2"


@dataclass(frozen=True, slots=True)
class Task:
    """One measurement: files to be transcribed one after the other by one contestant with one model."""

    contestant: str
    model: str
    sources: tuple[str, ...]
    tokens: int = 42
    """Steps of the decoder for each window; 0: as many as the model allows."""
    language: str = "en"
    word_times: bool = False
    device: str = "cpu"
    compute_type: str = "int8"
    beam_size: int = 5
    batch_size: int = 0
    """0: the contestant's own choice."""
    temperatures: tuple[float, ...] = (0.0,)
    look_ahead: int = 0
    """How many of the files to come the contestant is told of."""
    stop_after_s: float = 0.0
    """Leave at this moment; 0: go on to the end."""
    times: int = 1
    keeps_text: bool = False

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)

    @staticmethod
    def from_record(record: dict[str, Any]) -> Task:
        """The task that `to_record` wrote."""
        lists = {name: tuple(value) for name, value in record.items() if isinstance(value, list)}
        return Task(**record | lists)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. All but `load_s` and `peak_mb` is counted from after the load of the model."""

    load_s: float = 0.0
    wall_s: float = 0.0
    again_s: float = 0.0
    """The same once more by the same process, if that was asked for."""
    cpu_s: float = 0.0
    """User and system time, all processes together."""
    first_s: float = 0.0
    """Until the first text could be read."""
    stop_s: float = 0.0
    """From the wish to stop until the contestant had stopped; 0 when it was through before."""
    peak_mb: float = 0.0
    """The most memory that was resident, all processes together."""
    minor_faults: int = 0
    """Of the process that runs the model."""
    windows: int = 0
    tokens: int = 0
    text_hash: str = ""
    texts: tuple[str, ...] = ()
    """One for each file, if they were to be kept."""

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)

    @staticmethod
    def from_record(record: dict[str, Any]) -> Figures:
        """The figures that `to_record` wrote."""
        known = {field.name: record[field.name] for field in fields(Figures) if field.name in record}
        return Figures(**known | {"texts": tuple(known.get("texts", ()))})


def model_form(contestant: str) -> str:
    """The form in which a contestant reads a model."""
    return FORMS.get(contestant, CTRANSLATE2)
