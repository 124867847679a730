"""What can be seen on a real card alone; figures and failures of it are in `check_cuda`."""

import threading
from pathlib import Path

import jiwer
import pytest

from desktop.core import events
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine import cuda
from desktop.engine.client import EngineClient
from desktop.engine.diagnosis import diagnose
from tests.conftest import SAMPLES
from tests.sounds import plain, said_in

pytestmark = pytest.mark.skipif(not cuda.has_driver(), reason="no NVIDIA card with a working driver")

NEVER = threading.Event()


def text_of(engine: EngineClient, source: Path, device: str) -> str:
    options = Options(model="demo", language="en", device=device)
    heard = (one for one in engine.transcribe(Work(source, options), NEVER) if isinstance(one, events.Heard))
    return plain(" ".join(segment.text for one in heard for segment in one.segments))


def test_the_card_is_chosen_and_every_type_of_it_proved(engine: EngineClient) -> None:
    *_before, machine = diagnose(engine, Options(model="demo"), NEVER)
    assert [proof.problem for proof in machine.proofs] == [""] * len(machine.proofs)
    assert machine.choice.device == "cuda"
    assert machine.choice.compute_type == "int8_float16"
    assert machine.cards[0].free > 0


def test_the_card_hears_as_well_as_the_processor(engine: EngineClient) -> None:
    said = plain(said_in("demo-minute"))
    rates = {
        device: jiwer.wer(said, text_of(engine, SAMPLES / "demo-minute.flac", device)) for device in ("cpu", "cuda")
    }
    assert rates["cuda"] <= rates["cpu"] + 0.02
