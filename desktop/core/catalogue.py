"""The models that are offered, what each needs and is good for, and which one suits this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.i18n import _, mark
from desktop.core.jobs import Job
from desktop.core.machine import gigabytes
from desktop.core.names import speed as said_speed
from desktop.core.tuning import Tunings

ENGLISH, MULTILINGUAL = "en", "many"

LEAST_WORKED_MS = 5000

LEAST_SPEED = 3.0
"""Times real time: what is recommended is no slower, if there is anything as fast."""

BASE_SPEED_OF_A_CORE = 26.0
"""Times real time at which `base` in int8 runs on one core with AVX-512, as `undertone bench modes` measures it."""
CORES_HELP = 0.85
"""The exponent with which more cores help: they wait for one memory."""
MOST_CORES = 8
ISA_SHARES = {"AVX512": 1.0, "AVX2": 0.6, "NEON": 0.5}
PLAIN_ISA_SHARE = 0.3
BASE_SPEED_OF_A_CARD = 400.0
"""On purpose low: an H100 is five times as fast, a card of a notebook as slow as this."""

ROOM_BESIDE = 450 << 20
"""Bytes that the engine takes beside the weights."""
SHARE_OF_MEMORY = 0.7
"""Of the memory that is there, a model may take so much."""

DEMO_LABEL = mark("Demo (a few hundred words)")
"""What a person reads for the demo model wherever it stands among others."""

LEVELS = (mark("rough"), mark("fair"), mark("good"), mark("very good"), mark("excellent"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be installed. `size` is in bytes; `work` says how slow it is, `base` being 1."""

    name: str
    repository: str
    size: int
    work: float
    level: int
    """How accurate, from 1 to 5."""
    languages: str = MULTILINGUAL
    can_translate: bool = False

    @property
    def memory(self) -> int:
        """Bytes that it takes at most: the file is read as it is, and made smaller on the way."""
        return self.size + ROOM_BESIDE


def can_translate(name: str, is_multilingual: bool) -> bool:
    """Whether a model was trained to write English for speech in other languages."""
    # Those that were made faster were trained without that task: they answer in the spoken language instead.
    return is_multilingual and "turbo" not in name and "distil" not in name


def _offer(name: str, repository: str, megabytes: float, work: float, level: int) -> Offer:
    is_english = name.endswith(".en") or name.startswith("distil")
    languages = ENGLISH if is_english else MULTILINGUAL
    translates = can_translate(name, not is_english)
    return Offer(name, repository, round(megabytes * 1e6), work, level, languages, translates)


# Worst to best, by the word error rates that the makers of the models publish. The sizes are those of model.bin and
# tokenizer; the work is that of encoder and decoder for one window of 30 s.
OFFERS = (
    _offer("tiny", "Systran/faster-whisper-tiny", 78, 0.5, 1),
    _offer("tiny.en", "Systran/faster-whisper-tiny.en", 78, 0.5, 1),
    _offer("base", "Systran/faster-whisper-base", 148, 1.0, 2),
    _offer("base.en", "Systran/faster-whisper-base.en", 148, 1.0, 2),
    _offer("small", "Systran/faster-whisper-small", 486, 3.4, 3),
    _offer("small.en", "Systran/faster-whisper-small.en", 486, 3.4, 3),
    _offer("distil-small.en", "Systran/faster-distil-whisper-small.en", 336, 2.3, 3),
    _offer("distil-medium.en", "Systran/faster-distil-whisper-medium.en", 791, 5.4, 3),
    _offer("medium.en", "Systran/faster-whisper-medium.en", 1530, 10.6, 4),
    _offer("medium", "Systran/faster-whisper-medium", 1530, 10.6, 4),
    _offer("large-v1", "Systran/faster-whisper-large-v1", 3090, 21.0, 4),
    _offer("distil-large-v2", "Systran/faster-distil-whisper-large-v2", 1516, 10.0, 4),
    _offer("distil-large-v3", "Systran/faster-distil-whisper-large-v3", 1516, 10.0, 4),
    _offer("distil-large-v3.5", "distil-whisper/distil-large-v3.5-ct2", 1516, 10.0, 4),
    _offer("large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620, 10.5, 5),
    _offer("large-v2", "Systran/faster-whisper-large-v2", 3090, 21.0, 5),
    _offer("large-v3", "Systran/faster-whisper-large-v3", 3090, 21.0, 5),
)
BY_NAME = {offer.name: offer for offer in OFFERS}
RANKED = tuple(BY_NAME)
ALIASES = {"turbo": "large-v3-turbo", "large": "large-v3"}
_BY_REPOSITORY = {offer.repository: offer.name for offer in OFFERS}


def name_here(repository: str) -> str:
    """What a model of the hub is called here: as it is offered, else as a folder that says whose it is."""
    return _BY_REPOSITORY.get(repository, repository.replace("/", "--"))


def repository_of(name: str) -> str:
    """Where a model comes from that is not among the offered ones; empty where its name does not tell."""
    return name.replace("--", "/", 1) if "--" in name else ""


class Standing(StrEnum):
    """Where a model is."""

    OFFERED = "offered"
    INSTALLED = "installed"
    SHARED = "shared"
    """In the cache of Hugging Face, where other programs have put it."""
    DEMO = "demo"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as it is shown: offered, or there."""

    name: str
    standing: Standing = Standing.OFFERED
    repository: str = ""
    size: int = 0
    """Bytes: on the disk if it is there, else of the download."""
    memory: int = 0
    languages: str = MULTILINGUAL
    can_translate: bool = False
    level: int = 0
    """0 where nobody knows."""
    speed: float = 0.0
    """Times real time on this machine; 0 where nobody knows."""
    is_measured: bool = False
    reason: str = ""
    """Why it is the recommended one; empty for the others."""
    problem: str = ""
    """What is wrong with it."""
    path: str = ""
    fetched: int = 0
    """Bytes of it that lie aside since an installation was left."""

    @property
    def is_there(self) -> bool:
        """Whether it can be chosen."""
        return self.standing in (Standing.INSTALLED, Standing.SHARED, Standing.DEMO)

    @property
    def facts(self) -> tuple[str, ...]:
        """What a person wants to know before choosing it, each in a few words."""
        facts = [megabytes(self.size)] if self.size else []
        if self.standing is Standing.DEMO:
            return (*facts, _("only to try the program"))
        if self.memory:
            facts.append(_("{size} of memory").format(size=gigabytes(self.memory)))
        facts.append(_("English only") if self.languages == ENGLISH else _("99 languages"))
        if self.level:
            facts.append(_("accuracy: {level}").format(level=_(LEVELS[self.level - 1])))
        if self.speed:
            words = _("{speed} here, measured") if self.is_measured else _("about {speed} here")
            facts.append(words.format(speed=said_speed(self.speed)))
        return tuple(facts)


@dataclass(frozen=True, slots=True)
class Room:
    """What this machine has for a model, and what it would run on. Memory is in bytes."""

    cores: int = 1
    isa: str = ""
    memory: int = 0
    card_memory: int = 0
    """Of the graphics card that is used; 0 without one."""
    device: str = "cpu"
    hardware: str = ""
    """The name of that processor or card."""

    def speed_of(self, offer: Offer) -> float:
        """Times real time, as far as it can be told without a try."""
        if self.card_memory:
            return BASE_SPEED_OF_A_CARD / offer.work
        share = next((share for isa, share in ISA_SHARES.items() if self.isa.startswith(isa)), PLAIN_ISA_SHARE)
        cores = max(1, min(self.cores, MOST_CORES))
        return float(BASE_SPEED_OF_A_CORE * cores**CORES_HELP * share / offer.work)

    def holds(self, offer: Offer) -> bool:
        """Whether it fits into memory beside other programs; where that is not known it does."""
        there = self.card_memory or self.memory
        return not there or offer.memory <= SHARE_OF_MEMORY * there


def measured_speeds(room: Room, jobs: Iterable[Job], tunings: Tunings) -> dict[str, float]:
    """Times real time that models reach on this device: in the best way, else at work so far, else as first tried."""
    heard: Counter[str] = Counter()
    worked: Counter[str] = Counter()
    for job in jobs:
        if job.engine.device == room.device:
            heard[job.engine.model] += job.heard_ms
            worked[job.engine.model] += job.worked_ms
    reached = {name: heard[name] / worked[name] for name in heard if worked[name] >= LEAST_WORKED_MS}
    here = (room.device, room.hardware)
    return tunings.speeds(*here) | reached | tunings.best.speeds(*here)


def estimates(room: Room, measured: Mapping[str, float]) -> dict[str, float]:
    """The speed of every offer on this machine: guessed, and corrected by what was measured with any of them."""
    guessed = {offer.name: room.speed_of(offer) for offer in OFFERS}
    ratios = sorted(measured[name] / guessed[name] for name in measured if name in guessed)
    factor = ratios[len(ratios) // 2] if ratios else 1.0
    return {name: measured.get(name, factor * speed) for name, speed in guessed.items()}


def recommended(room: Room, speeds: Mapping[str, float], language: str = "") -> tuple[Offer, str]:
    """The one model that suits this machine, and why. `language` is what the user's files are spoken in, if known."""
    fitting = [offer for offer in OFFERS if offer.languages in (MULTILINGUAL, language) and room.holds(offer)]
    if not fitting:
        smallest = BY_NAME["tiny.en" if language == ENGLISH else "tiny"]
        return smallest, _("the smallest: memory is short on this machine")
    quick = [offer for offer in fitting if speeds[offer.name] >= LEAST_SPEED]
    if quick:
        best = _best(quick, language)
        words = _("the most accurate that runs here at {least} times real time or more (about {speed})")
        return best, words.format(least=f"{LEAST_SPEED:g}", speed=said_speed(speeds[best.name]))
    fastest = max(fitting, key=lambda offer: (speeds[offer.name], offer.languages == language))
    words = _("the fastest here (about {speed})")
    return fastest, words.format(speed=said_speed(speeds[fastest.name]))


def _best(offers: Sequence[Offer], language: str) -> Offer:
    """The most accurate; of equally accurate ones that for this language, then the one with less work."""
    return max(offers, key=lambda offer: (offer.level, offer.languages == language, -offer.work))


class Stage(StrEnum):
    """What is being done for an installation."""

    ASKING = "asking"
    FETCHING = "fetching"
    WAITING = "waiting"
    CHECKING = "checking"
    COPYING = "copying"
    CONVERTING = "converting"


_STAGES = {
    Stage.ASKING: mark("Asking what belongs to it…"),
    Stage.CHECKING: mark("Checking {done} of {total}"),
    Stage.COPYING: mark("Copying {done} of {total}"),
    Stage.CONVERTING: mark("Converting…"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an installation is. Bytes; `seconds_left` is negative where nobody knows."""

    name: str
    stage: Stage
    done: int = 0
    total: int = 0
    per_second: float = 0.0
    seconds_left: float = -1.0
    waits_for: str = ""

    @property
    def fraction(self) -> float:
        """From 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def said(self) -> str:
        """One line for people."""
        done, total = megabytes(self.done), megabytes(self.total)
        if self.stage is Stage.WAITING:
            return self.waits_for
        if self.stage is not Stage.FETCHING:
            return _(_STAGES[self.stage]).format(done=done, total=total)
        if self.seconds_left < 0:
            return _("{done} of {total}").format(done=done, total=total)
        words = _("{done} of {total}, {rate}/s, {left} left")
        return words.format(done=done, total=total, rate=megabytes(self.per_second), left=_time(self.seconds_left))


@dataclass(frozen=True, slots=True)
class Installed:
    """The end of an installation: the model is whole and can be chosen by this name."""

    name: str


def megabytes(count: float) -> str:
    """As downloads are told: 1 MB is a million bytes."""
    if count >= 999.5e6:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB" if count >= 9.95e6 else f"{count / 1e6:.1f} MB"


def time_for(size: int) -> str:
    """How long a download takes at 50 megabits a second, a usual line."""
    return _time(size / (50e6 / 8))


def _time(seconds: float) -> str:
    if seconds < 60:
        return _("{seconds} s").format(seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
