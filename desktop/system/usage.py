"""How much of the machine is in use: psutil for the machine itself, NVIDIA's management library for its cards."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import psutil

from desktop.core.usage import CardUsage, Usage

PROCESSOR_SENSORS = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "acpitz")
"""Under Linux; the first that is there is the processor's own."""
FIRST_S = 0.2
"""The load is that since the sample before, and each thread has a first one."""
HOT_CARD_C, HOT_PROCESSOR_C = 90.0, 98.0
"""Where the hardware does not say itself from where on it slows down."""


class SystemMeter:
    """The Meter port. Not the window's thread: a driver that is ill takes seconds to answer."""

    def __init__(self, nvml: Any = None) -> None:
        """`nvml` is the module of NVIDIA's library, or something like it; by default the real one, if it is there."""
        self._nvml = nvml
        self._own = psutil.Process()

    def watch(self) -> Iterator[Callable[[], Usage]]:
        """A function that tells how things are, for as long as the iterator is kept."""
        with _cards(self._nvml) as cards:
            waits = chain([FIRST_S], repeat(None))
            yield lambda: self._sample(cards, next(waits))

    def _sample(self, cards: Callable[[], tuple[CardUsage, ...]], wait_s: float | None) -> Usage:
        memory = psutil.virtual_memory()
        celsius, hot_at = _processor_heat()
        return Usage(
            time.monotonic(),
            psutil.cpu_percent(wait_s) / 100,
            memory.total - memory.available,
            memory.total,
            self._own_memory(),
            celsius,
            hot_at,
            cards(),
        )

    def _own_memory(self) -> int:
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in (self._own, *self._own.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        return total


def _processor_heat() -> tuple[float, float]:
    """The hottest place of the processor, and what is too hot for it; 0 and 0 where nobody tells."""
    tell = getattr(psutil, "sensors_temperatures", None)
    found: dict[str, Any] = {}
    with contextlib.suppress(OSError):
        found = tell() if tell else {}
    for name in PROCESSOR_SENSORS:
        places = [one for one in found.get(name, ()) if one.current and one.current > 0]
        if places:
            hottest = max(places, key=lambda one: one.current)
            return float(hottest.current), float(hottest.critical or HOT_PROCESSOR_C)
    return 0.0, 0.0


def _real_nvml() -> Any:
    import pynvml

    return pynvml


@contextlib.contextmanager
def _cards(nvml: Any) -> Iterator[Callable[[], tuple[CardUsage, ...]]]:
    """What tells of the cards; of none where there is no driver."""
    nvml = nvml or _real_nvml()
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        yield lambda: ()
        return
    try:
        handles = list(_handles(nvml))
        yield lambda: tuple(_card(nvml, index, handle) for index, handle in enumerate(handles))
    finally:
        with contextlib.suppress(nvml.NVMLError):
            nvml.nvmlShutdown()


def _handles(nvml: Any) -> Iterator[Any]:
    """In the order of their slots: the engine is told to count them so, too."""
    count = 0
    with contextlib.suppress(nvml.NVMLError):
        count = nvml.nvmlDeviceGetCount()
    for index in range(count):
        with contextlib.suppress(nvml.NVMLError):
            yield nvml.nvmlDeviceGetHandleByIndex(index)


def _card(nvml: Any, index: int, handle: Any) -> CardUsage:
    def told(ask: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return ask()
        except nvml.NVMLError:
            return otherwise

    name = told(lambda: nvml.nvmlDeviceGetName(handle), "?")
    load = told(lambda: nvml.nvmlDeviceGetUtilizationRates(handle).gpu, 0)
    memory = told(lambda: nvml.nvmlDeviceGetMemoryInfo(handle), None)
    celsius = told(lambda: nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU), 0)
    slows_at = nvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN
    hot_at = told(lambda: nvml.nvmlDeviceGetTemperatureThreshold(handle, slows_at), 0)
    return CardUsage(
        "cuda" if index == 0 else f"cuda:{index}",
        name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name),
        load / 100,
        int(memory.used) if memory else 0,
        int(memory.total) if memory else 0,
        float(celsius),
        float(hot_at or HOT_CARD_C) if celsius else 0.0,
    )
