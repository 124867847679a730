"""All models at one glance: those that are there, those that are broken or half fetched, and those that are offered."""

from __future__ import annotations

from collections.abc import Mapping
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
    recommended,
)
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
    found = hardware.instructions()
    isa = about.isa or next((name for flag, name in ISAS if flag in found), "")
    card = next(iter(cards()), None) if device != "cpu" else None
    return Room(about.threads, isa, about.memory, card.memory if card else 0)


def overview(
    models: Models, installer: Installer, room: Room, measured: Mapping[str, float], language: str = ""
) -> list[Entry]:
    """First what is there, best first, then what is broken, then what is offered, best first."""
    speeds = estimates(room, measured)
    best, reason = recommended(room, speeds, language)
    fetched = installer.fetched()
    there = [_present(model, speeds, measured) for model in models.installed()]
    broken = [
        replace(_named(name, speeds, measured), standing=Standing.BROKEN, problem=error.said_headline)
        for name, error in models.broken().items()
    ]
    known = {entry.name for entry in (*there, *broken)}
    begun = [_named(name, speeds, measured) for name in fetched if name not in known and name not in BY_NAME]
    offered = [_offered(offer, speeds, measured) for offer in reversed(OFFERS) if offer.name not in known]
    return [
        replace(entry, reason=reason if entry.name == best.name else "", fetched=fetched.get(entry.name, 0))
        for entry in (*there, *broken, *begun, *offered)
    ]


def _present(model: Model, speeds: Mapping[str, float], measured: Mapping[str, float]) -> Entry:
    entry = _named(model.name, speeds, measured)
    return replace(
        entry,
        standing=_STANDINGS.get(model.origin, Standing.INSTALLED),
        size=model.size,
        memory=model.size + ROOM_BESIDE,
        languages=MULTILINGUAL if model.is_multilingual else ENGLISH,
        can_translate=model.can_translate,
        path=str(model.path),
    )


def _named(name: str, speeds: Mapping[str, float], measured: Mapping[str, float]) -> Entry:
    if name in BY_NAME:
        return _offered(BY_NAME[name], speeds, measured)
    repository = name.replace("--", "/", 1) if "--" in name else ""
    return Entry(name, repository=repository, speed=measured.get(name, 0.0), is_measured=name in measured)


def _offered(offer: Offer, speeds: Mapping[str, float], measured: Mapping[str, float]) -> Entry:
    return Entry(
        offer.name,
        repository=offer.repository,
        size=offer.size,
        memory=offer.memory,
        languages=offer.languages,
        can_translate=offer.can_translate,
        level=offer.level,
        speed=speeds[offer.name],
        is_measured=offer.name in measured,
    )
