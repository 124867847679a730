"""How much of the machine is in use, and when that is too much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.errors import AppError, CardMemoryNearlyFull, MemoryNearlyFull, TooHot
from desktop.core.i18n import _

FULL, ROOM_AGAIN = 0.90, 0.85
"""Shares of memory: too much, and no longer too much. Between the two nothing changes."""
COOL_BELOW_C = 12.0
"""So far below what is too hot, it is cool again."""
IN_A_ROW = 2
"""A single sample is no reason to do anything."""


@dataclass(frozen=True, slots=True)
class CardUsage:
    """One graphics card at one moment, with all programs that use it. What is not told is 0."""

    device: str
    name: str
    load: float = 0.0
    """0 to 1."""
    used: int = 0
    memory: int = 0
    celsius: float = 0.0
    hot_at: float = 0.0
    """From there on it slows down by itself."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The machine at one moment. Memory is in bytes; what is not told is 0."""

    at_s: float
    """On a clock that only goes forward."""
    load: float
    """Of all processors, 0 to 1."""
    used: int
    memory: int
    own: int = 0
    """What this program and its engines take."""
    celsius: float = 0.0
    hot_at: float = 0.0
    cards: tuple[CardUsage, ...] = ()


class Strain(StrEnum):
    """What there is too much of."""

    MEMORY = "memory"
    CARD_MEMORY = "card-memory"
    HEAT = "heat"


class Limits:
    """Which limits are passed: from the second sample in a row on, and until there is clearly room again."""

    def __init__(self) -> None:
        self._over: Counter[Strain] = Counter()
        self.passed: frozenset[Strain] = frozenset()

    def take(self, usage: Usage) -> dict[Strain, AppError]:
        """What has become too much with this sample, and how that is said."""
        found = {}
        for strain in Strain:
            if strain in self.passed:
                if _has_room(strain, usage):
                    self.passed -= {strain}
            elif problem := _problem(strain, usage):
                self._over[strain] += 1
                if self._over[strain] >= IN_A_ROW:
                    self.passed |= {strain}
                    found[strain] = problem
                continue
            self._over[strain] = 0
        return found


def _problem(strain: Strain, usage: Usage) -> AppError | None:
    match strain:
        case Strain.MEMORY if _share(usage.used, usage.memory) >= FULL:
            return MemoryNearlyFull(percent=_percent(usage.used, usage.memory))
        case Strain.CARD_MEMORY:
            for card in usage.cards:
                if _share(card.used, card.memory) >= FULL:
                    return CardMemoryNearlyFull(name=card.name, percent=_percent(card.used, card.memory))
        case Strain.HEAT:
            for name, celsius, hot_at in _temperatures(usage):
                if hot_at and celsius >= hot_at:
                    return TooHot(name=name, degrees=round(celsius))
    return None


def _has_room(strain: Strain, usage: Usage) -> bool:
    match strain:
        case Strain.MEMORY:
            return _share(usage.used, usage.memory) < ROOM_AGAIN
        case Strain.CARD_MEMORY:
            return all(_share(card.used, card.memory) < ROOM_AGAIN for card in usage.cards)
    return all(celsius <= hot_at - COOL_BELOW_C for _name, celsius, hot_at in _temperatures(usage) if hot_at)


def _temperatures(usage: Usage) -> list[tuple[str, float, float]]:
    cards = [(card.name, card.celsius, card.hot_at) for card in usage.cards]
    return [(_("the processor"), usage.celsius, usage.hot_at), *cards]


def _share(used: int, memory: int) -> float:
    return used / memory if memory else 0.0


def _percent(used: int, memory: int) -> int:
    return round(100 * _share(used, memory))
