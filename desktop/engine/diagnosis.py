"""Looks at the machine, lets every device prove what it says it can, and chooses one: step by step."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import replace

import psutil

from desktop import __version__
from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.machine import Choice, Machine, Processor, Proof
from desktop.core.options import Options
from desktop.core.ports import StopFlag
from desktop.engine import hardware, limits, protocol
from desktop.engine.client import EngineClient
from desktop.engine.hardware import Rung

INSTRUCTIONS = (
    "sse4_1 avx f16c avx2 fma avx_vnni avx512f avx512bw avx512vl avx512_vnni avx512_bf16 amx_int8 amx_bf16 "
    "asimd asimddp i8mm bf16 sve"
).split()


def diagnose(engine: EngineClient, options: Options, stop: StopFlag) -> Iterator[Machine]:
    """What is known so far, again after each step; the last has the choice for these options.

    Nothing is raised for what does not work: that is what is told. The engine must not be at work on anything else.
    """
    machine = Machine(
        processor(),
        system=platform.platform(),
        versions={"undertone": __version__, "python": platform.python_version()},
    )
    yield machine
    try:
        hello = engine.introduction(stop)
    except errors.AppError as error:
        yield replace(machine, choice=Choice(problem=str(error)))
        return
    if hello is None:
        return
    machine = replace(
        machine,
        cards=hello.cards,
        cublas=hello.cublas,
        compute_types={device: tuple(sorted(kinds)) for device, kinds in hello.compute_types.items()},
        versions=machine.versions | hello.versions,
    )
    yield machine
    for rung in _rungs(hello):
        proof, isa = _proof(engine, rung, stop)
        if stop.is_set():
            return
        known = replace(machine.processor, isa=isa or machine.processor.isa)
        machine = replace(machine, processor=known, proofs=(*machine.proofs, proof))
        yield machine
    yield replace(machine, choice=_choice(engine, options, stop))


def processor() -> Processor:
    """The processor, and how much of it the engine would take."""
    memory = psutil.virtual_memory()
    limit = limits.memory()
    return Processor(
        name=hardware.processor_name(),
        cores=psutil.cpu_count(logical=False) or limits.physical_cores(),
        threads=hardware.cpu_threads(),
        limit=_limit(),
        instructions=tuple(one for one in INSTRUCTIONS if one in hardware.instructions()),
        memory=min(memory.total, limit or memory.total),
        available=min(memory.available, limit or memory.available),
        on_battery=on_battery(),
    )


def on_battery() -> bool | None:
    """Whether the machine draws on its battery just now; None where it has none."""
    tell = getattr(psutil, "sensors_battery", None)
    try:
        found = tell() if tell else None
    except OSError:  # a container that shows nothing of the machine's power supply
        return None
    return None if found is None or found.power_plugged is None else not found.power_plugged


def _limit() -> str:
    allowed, quota = limits.physical_cores(), limits.cores()
    if quota is not None and quota < allowed:
        return _("a control group gives {count:.1f} processors' time").format(count=quota)
    if allowed < (psutil.cpu_count(logical=False) or allowed):
        return _("this process may use {count} cores").format(count=allowed)
    return ""


def _rungs(hello: protocol.Hello) -> list[Rung]:
    """All that the devices say they can, those that would be tried first; no cards where a library is missing."""
    rungs = []
    for device, kinds in hello.compute_types.items():
        if not (hardware.is_card(device) and hello.cublas.problem):
            preferred = hardware.CUDA_TYPES if hardware.is_card(device) else hardware.CPU_TYPES
            order = [kind for kind in preferred if kind in kinds]
            rungs += [Rung(device, kind) for kind in (*order, *sorted(kinds - set(order)))]
    return rungs


def _proof(engine: EngineClient, rung: Rung, stop: StopFlag) -> tuple[Proof, str]:
    try:
        proved = engine.proof(rung, stop) or protocol.Proved(0)
    except errors.AppError as error:
        return Proof(rung.device, rung.compute_type, problem=error.said_headline), ""
    return Proof(rung.device, rung.compute_type, proved.ms), proved.isa


def _choice(engine: EngineClient, options: Options, stop: StopFlag) -> Choice:
    try:
        found = engine.prove(options.model, options, stop)
    except errors.AppError as error:
        return Choice(problem=str(error))
    return Choice(found.model, found.device, found.compute_type, found.reason, engine.self_test_ms)
