"""What a machine can do for the engine: values that the engine finds out and others show."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from desktop.core.errors import AppError
from desktop.core.i18n import _


@dataclass(frozen=True, slots=True)
class Card:
    """One NVIDIA graphics card, as the driver tells of it. Memory is in bytes; what is not told is empty or 0."""

    index: int
    name: str
    memory: int = 0
    free: int = 0
    capability: str = ""
    driver: str = ""
    cuda: str = ""
    """The newest CUDA that the driver can run."""
    bus: str = ""
    """The slot: the same in all of NVIDIA's tools."""

    @property
    def device(self) -> str:
        """The name under which it is chosen."""
        return "cuda" if self.index == 0 else f"cuda:{self.index}"


@dataclass(frozen=True, slots=True)
class Library:
    """A file that has to be there for a graphics card to be used."""

    name: str
    path: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Cublas:
    """cuBLAS as it was found: in the order in which it is loaded."""

    libraries: tuple[Library, ...] = ()
    other: str = ""
    """A file of another major version, which is of no use."""
    problem: dict[str, Any] | None = None
    """The record of the AppError that says why it cannot be used."""

    @property
    def error(self) -> AppError | None:
        """The problem as an error that can be raised and read."""
        return AppError.from_record(self.problem) if self.problem else None


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor and how the engine would use it."""

    name: str = ""
    cores: int = 0
    """Physical ones, of the whole machine."""
    threads: int = 0
    """How many the engine takes: never more than it may, or than there are cores that it may use."""
    limit: str = ""
    """What lowers that number, in words; empty when nothing does."""
    instructions: tuple[str, ...] = ()
    isa: str = ""
    """The set that CTranslate2 uses."""
    memory: int = 0
    available: int = 0
    on_battery: bool | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What the self-test says of one way to compute: its time, or why it failed."""

    device: str
    compute_type: str
    ms: int = 0
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether the device gave the known answer."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a model runs and why; `problem` when it runs nowhere."""

    model: str = ""
    device: str = ""
    compute_type: str = ""
    reason: str = ""
    self_test_ms: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """All of it: what `undertone doctor` prints and the settings show."""

    processor: Processor = Processor()
    cards: tuple[Card, ...] = ()
    cublas: Cublas = Cublas()
    compute_types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What each device says that it can run."""
    proofs: tuple[Proof, ...] = ()
    choice: Choice = Choice()
    system: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For people: headings, each with its lines of a name and what there is to say. No personal paths but those
        of libraries."""
        return [
            (_("Processor"), self._processor_rows()),
            (_("Graphics cards"), self._card_rows()),
            (_("CUDA libraries"), self._library_rows()),
            (_("Self-test"), [(f"{one.device} {one.compute_type}", _said(one)) for one in self.proofs]),
            (_("Choice"), self._choice_rows()),
            (_("Versions"), [(_("system"), self.system), *self.versions.items()]),
        ]

    def to_text(self, home: str) -> str:
        """The rows as lines, to be sent to somebody: the user's own folder is `~` in it."""
        lines = [
            line
            for heading, rows in self.rows()
            if rows
            for line in ("", f"{heading}:", *(f"  {one}: {two}" for one, two in rows))
        ]
        return without_home("\n".join(lines[1:]), home)

    def to_record(self, home: str) -> dict[str, Any]:
        """Plain values that JSON can hold, likewise."""
        plain: dict[str, Any] = json.loads(without_home(json.dumps(asdict(self)), json.dumps(home)[1:-1]))
        return plain

    def _processor_rows(self) -> list[tuple[str, str]]:
        it = self.processor
        threads = f"{it.threads} ({it.limit})" if it.limit else str(it.threads)
        memory = _("{all}, {free} of it free").format(all=gigabytes(it.memory), free=gigabytes(it.available))
        return [
            (_("name"), it.name or "?"),
            (_("physical cores"), str(it.cores)),
            (_("threads of the engine"), threads),
            (_("instruction sets"), ", ".join(it.instructions) or "?"),
            (_("used by CTranslate2"), it.isa or "?"),
            (_("memory"), memory),
        ]

    def _card_rows(self) -> list[tuple[str, str]]:
        if not self.cards:
            return [(_("none"), _("no NVIDIA card with a working driver was found."))]
        about = _("{all}, {free} of it free; compute capability {capability}; driver {driver} (CUDA {cuda})")
        return [
            (
                f"{card.device} {card.name}",
                about.format(
                    all=gigabytes(card.memory),
                    free=gigabytes(card.free),
                    capability=card.capability or "?",
                    driver=card.driver or "?",
                    cuda=card.cuda or "?",
                ),
            )
            for card in self.cards
        ]

    def _library_rows(self) -> list[tuple[str, str]]:
        rows = [(one.name, f"{one.path} {one.version}".strip() or _("missing")) for one in self.cublas.libraries]
        if error := self.cublas.error:
            rows.append((_("problem"), str(error)))
        return rows

    def _choice_rows(self) -> list[tuple[str, str]]:
        it = self.choice
        if it.problem:
            return [(_("problem"), it.problem)]
        if not it.model:  # not known yet
            return []
        return [
            (_("model"), it.model),
            (_("runs on"), it.reason),
            (_("self-test of the model"), milliseconds(it.self_test_ms)),
        ]


def without_home(text: str, home: str) -> str:
    """The text with every mention of the user's own folder shortened."""
    return text.replace(home.rstrip("/\\"), "~") if len(home) > 1 else text


def _said(proof: Proof) -> str:
    return _("failed: {problem}").format(problem=proof.problem) if proof.problem else milliseconds(proof.ms)


def gigabytes(count: int) -> str:
    """As memory is sold: 16.0 GB are 16 times 2 to the 30th bytes."""
    return f"{count / (1 << 30):.1f} GB" if count else "?"


def milliseconds(count: int) -> str:
    """A time of a self-test."""
    return f"{count / 1000:.1f} s" if count >= 1000 else f"{count} ms"
