"""The NVIDIA cards of this machine, as the driver tells of them: no library of CUDA is needed for that."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from dataclasses import replace
from typing import Any

from desktop.core.machine import Card
from desktop.engine import cuda

_CAPABILITY_MAJOR, _CAPABILITY_MINOR = 75, 76  # of CUdevice_attribute


def cards(driver: Any = None) -> tuple[Card, ...]:
    """In the order in which CTranslate2 counts them, which CUDA_VISIBLE_DEVICES may change. Empty without a driver."""
    if driver is None:
        if not cuda.has_driver():
            return ()
        driver = ctypes.CDLL(cuda.DRIVERS.get(sys.platform, cuda.DRIVER))
    count = ctypes.c_int()
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return ()
    newest = ctypes.c_int()
    driver.cuDriverGetVersion(ctypes.byref(newest))
    can = f"{newest.value // 1000}.{newest.value % 1000 // 10}"
    found = tuple(replace(_card(driver, index), cuda=can) for index in range(count.value))
    return _with_memory(found) if found else ()


def _card(driver: Any, index: int) -> Card:
    device = ctypes.c_int()
    driver.cuDeviceGet(ctypes.byref(device), index)
    name, bus = ctypes.create_string_buffer(256), ctypes.create_string_buffer(64)
    driver.cuDeviceGetName(name, len(name), device)
    driver.cuDeviceGetPCIBusId(bus, len(bus), device)
    memory = ctypes.c_size_t()
    driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    parts = []
    for attribute in (_CAPABILITY_MAJOR, _CAPABILITY_MINOR):
        value = ctypes.c_int()
        driver.cuDeviceGetAttribute(ctypes.byref(value), attribute, device)
        parts.append(str(value.value))
    return Card(index, _text(name), memory.value, capability=".".join(parts), bus=_text(bus))


def _with_memory(found: tuple[Card, ...]) -> tuple[Card, ...]:
    """With what only NVIDIA's management library tells: free memory, and the version of the driver."""
    with contextlib.suppress(ImportError):
        import pynvml

        with contextlib.suppress(pynvml.NVMLError):
            pynvml.nvmlInit()
            try:
                driver = str(pynvml.nvmlSystemGetDriverVersion())
                return tuple(replace(card, driver=driver, free=_free(pynvml, card)) for card in found)
            finally:
                pynvml.nvmlShutdown()
    return found


def _free(nvml: Any, card: Card) -> int:
    try:
        return int(nvml.nvmlDeviceGetMemoryInfo(nvml.nvmlDeviceGetHandleByPciBusId(card.bus)).free)
    except nvml.NVMLError:
        return 0


def _text(buffer: ctypes.Array[ctypes.c_char]) -> str:
    return buffer.value.decode("utf-8", "replace")
