"""How far dictation has come: what is spoken, recognised, inserted, and what waits.

One dictation is a take. While one is still recognised the next may be spoken. What leads from one state to the next
stands in `dictation_steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.i18n import mark


class Trigger(StrEnum):
    """What the shortcut does."""

    BOTH = "both"
    """Hold to talk, or tap to start and tap again to end."""
    HOLD = "hold"
    TAP = "tap"


TRIGGERS = {
    Trigger.BOTH: mark("Hold, or tap to start and end"),
    Trigger.HOLD: mark("Hold to talk"),
    Trigger.TAP: mark("Tap to start, tap to end"),
}


class Stage(StrEnum):
    """How far a take has come. The first two listen until the key says otherwise."""

    PRESSED = "pressed"
    """The key is down; whether it is held or tapped will be known when it is let go."""
    LATCHED = "latched"
    """It was tapped: the microphone is on until the next tap."""
    FINISHING = "finishing"
    """The end was asked for; the microphone is on as long as speech goes on."""
    RECOGNISING = "recognising"
    READY = "ready"
    """The text is known and waits for the key to be let go, or for an earlier text."""
    INSERTING = "inserting"


LISTENING = frozenset({Stage.PRESSED, Stage.LATCHED})
RECORDING = LISTENING | {Stage.FINISHING}


class Resource(StrEnum):
    """What is taken from the rest of the machine for a while, and always given back."""

    CANCEL_KEY = "cancel-key"
    """Esc, which belongs to the other programs unless something can be cancelled."""
    FILES = "files"
    """The processor that the file queue works with."""


HELD_IN: Mapping[Resource, frozenset[Stage]] = {
    Resource.CANCEL_KEY: LISTENING,
    Resource.FILES: RECORDING | {Stage.RECOGNISING},
}
"""The stages of a take that need it."""


@dataclass(frozen=True, slots=True)
class Take:
    """One dictation on its way from the key to the text."""

    number: int
    stage: Stage
    since_ms: int = 0
    """When the key went down."""
    is_open: bool = False
    """Sound comes in: from here on nothing that is said is missed."""
    is_broken: bool = False
    """Its microphone failed, which was said already."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that could not be inserted and is kept for the user."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Dictation:
    """All that dictation knows at one moment. `dictation_steps.step` gives the next one."""

    trigger: Trigger = Trigger.BOTH
    key_is_down: bool = False
    takes: tuple[Take, ...] = ()
    """In the order of speaking; only the last can be listening."""
    waiting: tuple[Waiting, ...] = ()
    count: int = 0
    """How many takes there were; the number of the last one."""

    @property
    def is_idle(self) -> bool:
        """Nothing is under way. Texts may be waiting."""
        return not self.takes

    @property
    def listening(self) -> Take | None:
        """The take whose end the key decides."""
        last = self.takes[-1] if self.takes else None
        return last if last and last.stage in LISTENING else None

    @property
    def shown(self) -> Take | None:
        """The take that concerns the user most: the one that is spoken, else the one whose text comes next."""
        recording = [take for take in self.takes if take.stage in RECORDING]
        return next(iter([*reversed(recording), *self.takes]), None)

    @property
    def held(self) -> frozenset[Resource]:
        """What is taken from others in this state. It follows from the state alone: no way out can forget a thing."""
        stages = {take.stage for take in self.takes}
        return frozenset(resource for resource, needed_in in HELD_IN.items() if stages & needed_in)

    def take(self, number: int) -> Take | None:
        """The take of that number, unless it is over."""
        return next((take for take in self.takes if take.number == number), None)
