"""How a setting is declared: its default, and what the dialog, the file and the tests have to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from desktop.core.i18n import mark
from desktop.core.insertion import METHODS

Kind = Literal[
    "switch",
    "choice",
    "choices",
    "number",
    "numbers",
    "text",
    "folder",
    "model",
    "microphone",
    "system-sound",
    "shortcut",
    "methods",
    "words",
]
Pairs = tuple[tuple[str, str], ...]
"""The rows of a table of two columns."""

RECOGNITION = mark("Recognition")
MODELS = mark("Models")
RECORDING = mark("Recording")
DICTATION = mark("Dictation")
QUEUE = mark("Queue")
EXPORT = mark("Export")
APPEARANCE = mark("Appearance")
PAGES = (RECOGNITION, MODELS, RECORDING, DICTATION, QUEUE, EXPORT, APPEARANCE)


@dataclass(frozen=True, slots=True)
class About:
    """What the dialog needs to draw one setting. `choices` maps a value to what the user reads."""

    page: str
    label: str
    help: str
    kind: Kind
    choices: dict[str, str] = field(default_factory=dict)
    minimum: float = 0
    maximum: float = 0

    def accepts(self, value: object) -> bool:
        """Whether a value of the file or the command line is within the limits."""
        fits: bool
        match self.kind:
            case "switch":
                fits = isinstance(value, bool)
            case "choice":
                fits = isinstance(value, str) and value in self.choices
            case "choices":
                fits = isinstance(value, tuple) and all(
                    isinstance(part, str) and part in self.choices for part in value
                )
            case "number":
                fits = isinstance(value, int) and not isinstance(value, bool) and self.minimum <= value <= self.maximum
            case "numbers":
                fits = (
                    isinstance(value, tuple)
                    and bool(value)
                    and all(isinstance(part, float) and self.minimum <= part <= self.maximum for part in value)
                )
            case "text" | "folder" | "model" | "microphone" | "system-sound" | "shortcut":
                fits = isinstance(value, str)
            case "methods":
                fits = _are_pairs(value) and all(program and method in METHODS for program, method in value)
            case "words":
                fits = _are_pairs(value) and all(any(map(str.isalnum, heard or written)) for heard, written in value)
        return fits


def _are_pairs(value: object) -> TypeGuard[Pairs]:
    return isinstance(value, tuple) and all(
        isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in value
    )


def setting(default: Any, about: About) -> Any:
    """A field of the settings that holds its declaration."""
    return field(default=default, metadata={"about": about})


def named(values: tuple[str, ...], *labels: str) -> dict[str, str]:
    """Values and what the user reads for each of them."""
    return dict(zip(values, labels, strict=True))
