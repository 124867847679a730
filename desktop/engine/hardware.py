"""Picks device and compute type, and says why in a sentence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.options import AUTO

CUDA_TYPES = ("int8_float16", "float16", "int8_float32", "float32")
CPU_TYPES = ("int8", "float32")
AVX512 = ("avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq")
MOST_TWICE = 1200 << 20
"""Bytes of a model up to which two of its batches are worked on at once."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to run a model. The ladder is tried from the top until one passes its self-test."""

    device: str
    compute_type: str

    def __str__(self) -> str:
        return f"{self.device.upper()} {self.compute_type}"


@dataclass(frozen=True, slots=True)
class Threads:
    """How the processor is shared: `workers` batches at once, with so many threads each."""

    workers: int
    each: int


def ladder(device: str, compute_type: str, supported: Mapping[str, frozenset[str]]) -> tuple[Rung, ...]:
    """The ways to try, best first. bfloat16 is in it only when asked for.

    `supported` maps each device that is there to its compute types. Raises DeviceUnusable when nothing is left.
    """
    devices = [one for one in ("cuda", "cpu") if device in (AUTO, one)]
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


def why(chosen: Rung, failures: Mapping[Rung, str], supported: Mapping[str, frozenset[str]], asked: bool) -> str:
    """The sentence that says why this rung was taken."""
    if failures:
        failed, reason = next(iter(failures.items()))
        return _("{rung}: {failed} failed its self-test ({reason})").format(rung=chosen, failed=failed, reason=reason)
    if asked:
        return _("{rung}: as chosen in the settings").format(rung=chosen)
    if chosen.device == "cuda":
        return _("{rung}: a usable graphics card was found").format(rung=chosen)
    if supported.get("cuda"):
        return _("{rung}: the graphics card has no compute type that fits").format(rung=chosen)
    return _("{rung}: no usable graphics card found").format(rung=chosen)


@cache
def cpu_threads() -> int:
    """The physical cores that this process may use: CTranslate2 is slower with more threads than that."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = {_siblings(cpu) for cpu in allowed}
    return max(1, min(len(cores), _cgroup_limit() or len(cores)))


def shared(cores: int, device: str, model_size: int, is_one_by_one: bool) -> Threads:
    """Two batches at once use two halves of a processor better than one batch uses the whole: decoding is many small
    steps. Not where windows come one by one, nor where two batches of a large model would need too much memory."""
    if device != "cpu" or is_one_by_one or cores < 2 or model_size > MOST_TWICE:
        return Threads(1, cores)
    return Threads(2, cores // 2)


def environment(present: Mapping[str, str], about: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables to start an engine process with, beside those that are there. `about` is the processor's own."""
    about = _cpuinfo() if about is None else about
    # glibc's heap in pages of 2 MB: a thousand times fewer page faults.
    tunables = [present.get("GLIBC_TUNABLES", ""), "glibc.malloc.hugetlb=1"]
    wanted = {"GLIBC_TUNABLES": ":".join(filter(None, tunables))}
    # CTranslate2 has kernels for AVX-512 and never takes them by itself. AMD's processors do not slow down for them.
    is_amd = about.get("vendor_id") == "AuthenticAMD"
    if is_amd and set(AVX512) <= set(about.get("flags", "").split()) and "CT2_FORCE_CPU_ISA" not in present:
        wanted["CT2_FORCE_CPU_ISA"] = "AVX512"
    return wanted


def processor_name() -> str:
    """What the maker calls the processor, as far as the system tells."""
    if about := _cpuinfo():
        return about.get("model name", "")
    import platform

    return platform.processor()


def _cpuinfo() -> dict[str, str]:
    """What Linux tells about the first processor."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.partition("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def _preferred(device: str) -> tuple[str, ...]:
    return CUDA_TYPES if device == "cuda" else CPU_TYPES


def _why_nothing(device: str, compute_type: str, supported: Mapping[str, frozenset[str]]) -> str:
    if device == "cuda" and not supported.get("cuda"):
        return _("no NVIDIA card with a working driver was found.")
    where = device if device != AUTO else ", ".join(supported)
    possible = ", ".join(sorted(set().union(*(supported.get(one, frozenset()) for one in where.split(", ")))))
    return _("{where} can run {possible}.").format(where=where, possible=possible)


def _siblings(cpu: int) -> str:
    # Two hyper-threads of one core name the same list.
    try:
        return (
            Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text(encoding="ascii").strip()
        )
    except OSError:
        return str(cpu)


def _cgroup_limit() -> int | None:
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else max(1, round(int(quota) / int(period)))
