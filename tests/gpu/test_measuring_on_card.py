"""What a real card tells of itself, and a measurement on it."""

import threading

import pytest

from desktop.core.options import Options
from desktop.engine import cuda, hardware
from desktop.engine.models import DEMO_NAME, Models
from desktop.engine.tuning import Bench, tune
from desktop.system.usage import SystemMeter
from tests.conftest import SAMPLES

pytestmark = pytest.mark.skipif(not cuda.has_driver(), reason="no NVIDIA card with a working driver")


def test_the_card_tells_its_load_memory_and_heat() -> None:
    for sample in SystemMeter().watch():
        card = sample().cards[0]
        assert 0 <= card.load <= 1
        assert 0 < card.used < card.memory
        assert 0 < card.celsius < card.hot_at
        break


def test_the_ways_to_compute_are_measured_on_the_card(models: Models) -> None:
    bench = Bench(SAMPLES / "demo-minute.flac", trial_s=2.0)
    *_before, last = tune(models, Options(model=DEMO_NAME, device="cuda"), bench, threading.Event())
    assert last.device == "cuda"
    assert last.tuning
    assert last.tuning.hardware == last.hardware != ""
    assert {trial.setup.compute_type for trial in last.trials} == set(hardware.CUDA_TYPES)
    assert len({trial.setup.windows for trial in last.trials}) > 1
