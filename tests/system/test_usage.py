"""What the machine and its cards tell of their load."""

import os
from types import SimpleNamespace

import psutil
import pytest

from desktop.core.usage import CardUsage, Usage
from desktop.system.usage import HOT_CARD_C, SystemMeter


class NvmlError(Exception):
    """As NVIDIA's library raises it."""


class FakeNvml:
    """One card that tells everything, and one that tells nothing but its name."""

    NVMLError = NvmlError
    NVML_TEMPERATURE_GPU = 0
    NVML_TEMPERATURE_THRESHOLD_SLOWDOWN = 1

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.is_open = False

    def nvmlInit(self) -> None:
        if self.fails:
            raise NvmlError
        self.is_open = True

    def nvmlShutdown(self) -> None:
        self.is_open = False

    def nvmlDeviceGetCount(self) -> int:
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:
        return "RTX 4090" if handle == 0 else b"Old card"

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:
        return self._only_first(handle, SimpleNamespace(gpu=73))

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        return self._only_first(handle, SimpleNamespace(used=6 << 30, total=24 << 30))

    def nvmlDeviceGetTemperature(self, handle: int, _sensor: int) -> int:
        return int(self._only_first(handle, SimpleNamespace(value=64)).value)

    def nvmlDeviceGetTemperatureThreshold(self, handle: int, _which: int) -> int:
        raise NvmlError

    @staticmethod
    def _only_first(handle: int, value: SimpleNamespace) -> SimpleNamespace:
        if handle:
            raise NvmlError
        return value


def sampled(nvml: object) -> Usage:
    for sample in SystemMeter(nvml).watch():
        return sample()
    raise AssertionError


def test_this_machine_tells_of_itself() -> None:
    found = sampled(FakeNvml(fails=True))
    assert 0 <= found.load <= 1
    assert 0 < found.used < found.memory
    assert found.own >= psutil.Process(os.getpid()).memory_info().rss / 2
    assert found.cards == ()


def test_cards_tell_what_they_can() -> None:
    nvml = FakeNvml()
    first, second = sampled(nvml).cards
    assert first == CardUsage("cuda", "RTX 4090", 0.73, 6 << 30, 24 << 30, 64, HOT_CARD_C)
    assert second == CardUsage("cuda:1", "Old card")
    assert not nvml.is_open, "it is closed when nobody looks any more"


def test_without_nvidia_there_are_no_cards() -> None:
    assert isinstance(sampled(None).cards, tuple)


def test_the_hottest_place_of_the_processor_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [
        SimpleNamespace(label="a", current=61.0, high=90.0, critical=100.0),
        SimpleNamespace(label="b", current=72.0, high=90.0, critical=100.0),
    ]
    other = [SimpleNamespace(label="", current=99.0, high=None, critical=None)]
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: {"nvme": other, "coretemp": places}, raising=False)
    found = sampled(FakeNvml(fails=True))
    assert (found.celsius, found.hot_at) == (72.0, 100.0)


def test_a_system_without_sensors_tells_no_temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(psutil, "sensors_temperatures", raising=False)
    assert sampled(FakeNvml(fails=True)).hot_at == 0.0
