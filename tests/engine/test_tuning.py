"""The measurement: which ways are tried, which is kept, and that the engine then takes it."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from desktop.core import errors, events
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.core.tuning import Findings, Setup, Trial, Tuning, Tunings
from desktop.engine import hardware
from desktop.engine import tuning as module
from desktop.engine.child import Child
from desktop.engine.client import EngineClient
from desktop.engine.models import DEMO_NAME, Models
from desktop.engine.tuning import Bench, gauge, tune
from tests.conftest import SAMPLES
from tests.engine import failing

SHORT = SAMPLES / "demo-short.flac"


@pytest.fixture(autouse=True)
def little_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two windows are enough to see that it works."""
    monkeypatch.setattr(module, "LEAST_MS", 4000)
    monkeypatch.setattr(module, "MOST_MS", 4000)


def found(models: Models, bench: Bench, device: str = "cpu", compute_type: str = "auto") -> list[Findings]:
    options = Options(model=DEMO_NAME, device=device, compute_type=compute_type)
    return list(tune(models, options, bench, threading.Event()))


def test_threads_batches_and_types_are_tried_and_the_fastest_is_kept(models: Models) -> None:
    steps = found(models, Bench(SHORT))
    last = steps[-1]
    setups = [trial.setup for trial in last.trials]
    assert len(set(setups)) == len(setups), "nothing is tried twice"
    assert {one.windows for one in setups} == {1, hardware.SMALL_BATCH, 4}
    assert {one.compute_type for one in setups} == {"int8", "float32"}
    assert not [trial.problem for trial in last.trials if trial.problem]
    assert last.is_over
    assert last.tuning
    assert last.best
    assert (last.tuning.setup, last.tuning.factor) == (last.best.setup, last.best.factor)
    assert last.tuning.hardware == hardware.processor_name()
    assert [len(step.trials) for step in steps] == sorted(len(step.trials) for step in steps), "it only grows"


def test_what_would_take_the_place_of_the_usual_way_is_measured_twice() -> None:
    usual, other = Setup("int8", 2, 1, 2), Setup("int8", 1, 2, 2)
    findings = Findings("base", "cpu", trials=(Trial(usual, 10.0), Trial(other, 20.0)))
    assert module._rivals(findings, usual) == (usual, other)
    assert module._rivals(findings, other) == ()
    assert module._rivals(Findings("base", "cpu"), usual) == ()


def test_a_compute_type_that_somebody_chose_is_the_only_one(models: Models) -> None:
    last = found(models, Bench(SHORT), compute_type="float32")[-1]
    assert {trial.setup.compute_type for trial in last.trials} == {"float32"}


def test_when_the_time_is_over_what_is_known_is_kept(models: Models) -> None:
    last = found(models, Bench(SHORT, all_s=0.0))[-1]
    assert len(last.trials) == 1
    assert last.tuning


def test_a_new_model_is_only_tried_in_the_usual_way_and_goes_on_in_it(models: Models) -> None:
    tuning = gauge(models, Options(model=DEMO_NAME, device="cpu"), Bench(SHORT), threading.Event())
    assert tuning
    assert tuning.setup is None
    assert tuning.factor > 0
    engine = started(models, Tunings((tuning,)), Options(model=DEMO_NAME, device="cpu")).engine
    assert engine.compute_type == "int8"


def test_a_new_model_that_fails_here_is_said(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Trials, "run", lambda _self, setup, _ms: Trial(setup, problem="no memory"))
    with pytest.raises(errors.NothingTuned, match="no memory"):
        gauge(models, Options(model=DEMO_NAME, device="cpu"), Bench(SHORT), threading.Event())


def test_a_way_that_the_card_refuses_is_told_and_the_others_go_on(models: Models) -> None:
    child = partial(Child, main=partial(failing.main, fails=failing.not_supported_int8))
    last = found(models, Bench(SHORT, child), device="cuda")[-1]
    assert (last.device, last.hardware) == ("cuda", failing.CARD.name)
    assert {trial.setup.compute_type for trial in last.trials} == set(hardware.CUDA_TYPES)
    refused = {trial.setup.compute_type for trial in last.trials if trial.problem}
    assert refused == {"int8_float16", "int8_float32"}
    assert last.tuning
    assert last.tuning.device == "cuda"
    assert last.tuning.setup.compute_type not in refused


def test_it_is_left_at_once(models: Models) -> None:
    stop = threading.Event()
    steps: Iterator[Findings] = tune(models, Options(model=DEMO_NAME, device="cpu"), Bench(SHORT), stop)
    for step in steps:
        if step.at_work:
            stop.set()
            break
    assert list(steps) == []


def test_a_model_that_is_not_there_is_said(models: Models) -> None:
    with pytest.raises(errors.ModelMissing):
        list(tune(models, Options(model="nowhere"), Bench(SHORT), threading.Event()))


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    sound = module._Sound(SHORT, tmp_path / "missing" / "speech.wav")
    with pytest.raises(errors.TuningImpossible, match="room"):
        sound.of(1000)


def started(models: Models, tunings: Tunings, options: Options) -> events.Started:
    engine = EngineClient(models, tunings=lambda: tunings)
    try:
        news = list(engine.transcribe(Work(SHORT, options), threading.Event()))
    finally:
        engine.close()
    assert isinstance(news[-1], events.Finished)
    return next(one for one in news if isinstance(one, events.Started))


def kept(models: Models, **changes: object) -> Tunings:
    model = models.find(DEMO_NAME)
    setup = Setup("float32", 1, 1, 3)
    values = {"device": "cpu", "hardware": hardware.processor_name(), "setup": setup, "factor": 21.0, **changes}
    return Tunings((Tuning(model.name, model.size, **values),))  # type: ignore[arg-type]


def test_what_was_measured_is_used(models: Models) -> None:
    engine = started(models, kept(models), Options(model=DEMO_NAME, device="cpu")).engine
    assert engine.compute_type == "float32", "which would not be the first choice"
    assert engine.factor == 21.0


def test_what_was_measured_on_another_processor_is_not(models: Models) -> None:
    engine = started(models, kept(models, hardware="another"), Options(model=DEMO_NAME, device="cpu")).engine
    assert (engine.compute_type, engine.factor) == ("int8", 0.0)


def test_a_type_that_somebody_chose_stays(models: Models) -> None:
    options = Options(model=DEMO_NAME, device="cpu", compute_type="int8")
    engine = started(models, kept(models), options).engine
    assert (engine.compute_type, engine.factor) == ("int8", 0.0)


def test_precise_work_was_not_measured(models: Models) -> None:
    engine = started(models, kept(models), Options(model=DEMO_NAME, device="cpu", mode="precise")).engine
    assert (engine.compute_type, engine.factor) == ("float32", 0.0)
