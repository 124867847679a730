"""Picks device and compute type, and says why in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.machine import Card
from desktop.core.options import AUTO
from desktop.engine import limits

CUDA_TYPES = ("int8_float16", "float16", "int8_float32", "float32")
CPU_TYPES = ("int8", "float32")
AVX512 = ("avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq")
MOST_TWICE = 1200 << 20
"""Bytes of a model up to which two of its batches are worked on at once."""
CARD_BATCH, CPU_BATCH, SMALL_BATCH = 16, 2, 3
SMALL = 200 << 20
"""Bytes of a model up to which a third window on a processor is worth its memory: 4 % less time for 90 MB with base,
the same for 300 MB with small."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to run a model. The ladder is tried from the top until one passes its self-test."""

    device: str
    compute_type: str

    def __str__(self) -> str:
        return f"{self.device.upper()} {self.compute_type}"

    @property
    def is_card(self) -> bool:
        """Whether it runs on a graphics card."""
        return is_card(self.device)

    def needs_less_than(self, other: Rung) -> bool:
        """Whether it takes less memory on the same card: weights of eight bits are half of sixteen."""
        return _weight_bits(self.compute_type) < _weight_bits(other.compute_type)


@dataclass(frozen=True, slots=True)
class Threads:
    """How the processor is shared: `workers` batches at once, with so many threads each."""

    workers: int
    each: int


def is_card(device: str) -> bool:
    """Whether a device is a graphics card."""
    return device != "cpu"


def place(device: str) -> tuple[str, int]:
    """What CTranslate2 calls a device: "cuda:1" is the second card."""
    kind, _colon, index = device.partition(":")
    return kind, int(index or 0)


def ladder(device: str, compute_type: str, supported: Mapping[str, frozenset[str]]) -> tuple[Rung, ...]:
    """The ways to try, best first, card after card and the processor last. bfloat16 is in it only when asked for.

    `supported` maps each device that is there to its compute types; "cuda" is the first card, "cuda:1" the second.
    Asked for, "cuda" is any card. Raises DeviceUnusable when nothing is left.
    """
    cards = [one for one in supported if is_card(one)]
    if device == AUTO:
        devices = [*cards, "cpu"]
    elif device == "cuda":
        devices = cards
    else:
        devices = ["cuda" if device == "cuda:0" else device]
    rungs = [
        Rung(one, kind)
        for one in devices
        for kind in (_preferred(one) if compute_type == AUTO else (compute_type,))
        if kind in supported.get(one, ())
    ]
    if not rungs:
        raise errors.DeviceUnusable(
            device=device, compute_type=compute_type, reason=_why_nothing(device, compute_type, supported)
        )
    return tuple(rungs)


def why(
    chosen: Rung,
    failures: Mapping[Rung, str],
    supported: Mapping[str, frozenset[str]],
    asked: bool,
    problem: str = "",
    left: Mapping[Rung, str] = MappingProxyType({}),
) -> str:
    """The sentence that says why this rung was taken.

    `problem` is what keeps all cards from being used, `left` are ways that passed and failed later, at work.
    """
    if left:
        failed, reason = next(reversed(tuple(left.items())))
        return _("{rung}: {failed} failed at work ({reason})").format(rung=chosen, failed=failed, reason=reason)
    if failures:
        failed, reason = next(iter(failures.items()))
        return _("{rung}: {failed} failed its self-test ({reason})").format(rung=chosen, failed=failed, reason=reason)
    if asked:
        return _("{rung}: as chosen in the settings").format(rung=chosen)
    return _why_best(chosen, supported, problem)


def _why_best(chosen: Rung, supported: Mapping[str, frozenset[str]], problem: str) -> str:
    if chosen.is_card:
        return _("{rung}: a usable graphics card was found").format(rung=chosen)
    if problem:
        return _("{rung}: {problem}").format(rung=chosen, problem=problem)
    if any(map(is_card, supported)):
        return _("{rung}: the graphics card has no compute type that fits").format(rung=chosen)
    return _("{rung}: no usable graphics card found").format(rung=chosen)


@cache
def cpu_threads() -> int:
    """The physical cores that this process may use: CTranslate2 is slower with more threads than that."""
    found = limits.physical_cores()
    return max(1, min(found, round(limits.cores() or found)))


def with_room(threads: int) -> int:
    """So many that other programs have room beside the engine."""
    return max(1, threads // 2)


def shared(cores: int, device: str, model_size: int, is_one_by_one: bool) -> Threads:
    """Two batches at once use two halves of a processor better than one batch uses the whole: decoding is many small
    steps. Not where windows come one by one, nor where two batches of a large model would need too much memory."""
    if is_card(device) or is_one_by_one or cores < 2 or model_size > MOST_TWICE:
        return Threads(1, cores)
    return split(cores, 2)


def windows(is_card: bool, model_size: int) -> int:
    """How many windows of a file are decoded together, where nothing was measured on this machine."""
    if is_card:
        return CARD_BATCH
    return SMALL_BATCH if model_size <= SMALL else CPU_BATCH


def split(cores: int, workers: int) -> Threads:
    """So many batches at once, or as many as there are cores for."""
    workers = max(1, min(workers, cores))
    return Threads(workers, cores // workers)


def environment(present: Mapping[str, str], about: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables to start an engine process with, beside those that are there. `about` is the processor's own."""
    about = _cpuinfo() if about is None else about
    # glibc's heap in pages of 2 MB: a thousand times fewer page faults.
    tunables = [present.get("GLIBC_TUNABLES", ""), "glibc.malloc.hugetlb=1"]
    wanted = {"GLIBC_TUNABLES": ":".join(filter(None, tunables))}
    # CUDA counts the fastest card first and NVIDIA's other tools the one in the first slot: here all mean the same.
    if "CUDA_DEVICE_ORDER" not in present:
        wanted["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    # numpy's helpers wait for the next sum by turning in circles, on the cores that the model needs: the features of a
    # window are too small a sum to be worth any.
    if "OPENBLAS_NUM_THREADS" not in present:
        wanted["OPENBLAS_NUM_THREADS"] = "1"
    # CTranslate2 has kernels for AVX-512 and never takes them by itself. AMD's processors do not slow down for them.
    is_amd = about.get("vendor_id") == "AuthenticAMD"
    if is_amd and set(AVX512) <= set(about.get("flags", "").split()) and "CT2_FORCE_CPU_ISA" not in present:
        wanted["CT2_FORCE_CPU_ISA"] = "AVX512"
    return wanted


def name_of(device: str, cards: Sequence[Card]) -> str:
    """What the maker calls a device."""
    if not is_card(device):
        return processor_name()
    return next((card.name for card in cards if card.device == device), "")


def processor_name() -> str:
    """What the maker calls the processor, as far as the system tells."""
    if about := _cpuinfo():
        return about.get("model name", "")
    import platform

    return platform.processor()


def instructions() -> frozenset[str]:
    """The instruction sets of the processor, under Linux's names; empty where the system does not tell."""
    about = _cpuinfo()
    return frozenset(about.get("flags", about.get("Features", "")).split())


def _cpuinfo() -> dict[str, str]:
    """What Linux tells about the first processor."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.partition("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def _preferred(device: str) -> tuple[str, ...]:
    return CUDA_TYPES if is_card(device) else CPU_TYPES


def _weight_bits(compute_type: str) -> int:
    if compute_type.startswith("int8"):
        return 8
    return 32 if compute_type == "float32" else 16


def _why_nothing(device: str, compute_type: str, supported: Mapping[str, frozenset[str]]) -> str:
    cards = [one for one in supported if is_card(one)]
    if device == "cuda" and not cards:
        return _("no NVIDIA card with a working driver was found.")
    if device not in (AUTO, "cuda", "cuda:0", *supported):
        return _("there is no such card; there are: {cards}.").format(cards=", ".join(cards) or _("none"))
    devices = {AUTO: list(supported), "cuda": cards, "cuda:0": ["cuda"]}.get(device, [device])
    where = ", ".join(devices)
    possible = ", ".join(sorted(set().union(*(supported.get(one, frozenset()) for one in devices))))
    return _("{where} can run {possible}.").format(where=where, possible=possible)
