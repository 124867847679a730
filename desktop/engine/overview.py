"""All models at one glance: those that are there, those that are broken or half fetched, and those that are offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop.core.catalogue import (
    BY_NAME,
    ENGLISH,
    MULTILINGUAL,
    OFFERS,
    ROOM_BESIDE,
    Entry,
    Offer,
    Room,
    Standing,
    estimates,
    measured_speeds,
    recommended,
    repository_of,
)
from desktop.core.jobs import Job
from desktop.core.tuning import Tunings
from desktop.engine import hardware
from desktop.engine.cards import cards
from desktop.engine.diagnosis import processor
from desktop.engine.installing import Installer
from desktop.engine.models import Model, Models, Origin

_STANDINGS = {Origin.OWN: Standing.INSTALLED, Origin.CACHE: Standing.SHARED, Origin.DEMO: Standing.DEMO}
ISAS = (("avx512f", "AVX512"), ("avx2", "AVX2"), ("asimd", "NEON"))


def room_here(device: str = "auto") -> Room:
    """What this machine has for a model. `device` is the setting."""
    about = processor()
    isa = next((name for flag, name in ISAS if flag in hardware.instructions()), "")
    found = cards() if device != "cpu" else ()
    card = next((one for one in found if one.device == device), next(iter(found), None))
    if card is None:
        return Room(about.threads, isa, about.memory, hardware=about.name)
    return Room(about.threads, isa, about.memory, card.memory, card.device, card.name)


def overview(
    models: Models, installer: Installer, room: Room, jobs: Iterable[Job], tunings: Tunings, language: str = ""
) -> list[Entry]:
    """First what is there, best first, then what is broken, then what is offered, best first.

    How fast they are here, jobs and tunings tell.
    """
    installed = models.installed()
    measured = measured_speeds(room, jobs, _of_these(tunings, installed))
    speeds = measured | estimates(room, measured)
    best, reason = recommended(room, speeds, language)
    fetched = installer.fetched()
    there = [_present(model) for model in installed]
    broken = [
        replace(_named(name), standing=Standing.BROKEN, problem=error.said_headline)
        for name, error in models.broken().items()
    ]
    known = {entry.name for entry in (*there, *broken)}
    begun = [_named(name) for name in fetched if name not in known and name not in BY_NAME]
    offered = [_offered(offer) for offer in reversed(OFFERS) if offer.name not in known]
    return [
        replace(
            entry,
            speed=speeds.get(entry.name, 0.0),
            is_measured=entry.name in measured,
            reason=reason if entry.name == best.name else "",
            fetched=fetched.get(entry.name, 0),
        )
        for entry in (*there, *broken, *begun, *offered)
    ]


def _of_these(tunings: Tunings, installed: Iterable[Model]) -> Tunings:
    """Without those of another model that had the name of one of these."""
    sizes = {model.name: model.size for model in installed}
    return Tunings(tuple(one for one in tunings.all if sizes.get(one.model, one.size) == one.size))


def _present(model: Model) -> Entry:
    return replace(
        _named(model.name),
        standing=_STANDINGS.get(model.origin, Standing.INSTALLED),
        size=model.size,
        memory=model.size + ROOM_BESIDE,
        languages=MULTILINGUAL if model.is_multilingual else ENGLISH,
        can_translate=model.can_translate,
        path=str(model.path),
    )


def _named(name: str) -> Entry:
    return _offered(BY_NAME[name]) if name in BY_NAME else Entry(name, repository=repository_of(name))


def _offered(offer: Offer) -> Entry:
    return Entry(
        offer.name,
        repository=offer.repository,
        size=offer.size,
        memory=offer.memory,
        languages=offer.languages,
        can_translate=offer.can_translate,
        level=offer.level,
    )
