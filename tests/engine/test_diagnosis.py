"""The diagnosis of this machine, and of one with a card that fails."""

import threading
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

import psutil
import pytest

from desktop.core.machine import Machine
from desktop.core.options import Options
from desktop.engine.child import Child
from desktop.engine.client import EngineClient
from desktop.engine.diagnosis import diagnose, on_battery, processor
from desktop.engine.models import Models
from tests.engine import failing

OPTIONS = Options(model="demo")


def diagnosis(engine: EngineClient) -> list[Machine]:
    try:
        return list(diagnose(engine, OPTIONS, threading.Event()))
    finally:
        engine.close()


def with_card(models: Models, fails: object) -> EngineClient:
    return EngineClient(models, partial(Child, main=partial(failing.main, fails=fails)))


def test_every_type_is_proved_and_one_is_chosen(models: Models) -> None:
    steps = diagnosis(EngineClient(models))
    last = steps[-1]
    assert [len(step.proofs) for step in steps] == sorted(len(step.proofs) for step in steps), "it only grows"
    assert {proof.compute_type for proof in last.proofs} == set(last.compute_types["cpu"])
    assert all(proof.passed for proof in last.proofs)
    assert last.proofs[0].compute_type == "int8", "in the order in which they are tried"
    assert (last.choice.device, last.choice.compute_type) == ("cpu", "int8")
    assert last.processor.isa in ("GENERIC", "AVX", "AVX2", "AVX512", "NEON")
    assert last.versions["ctranslate2"]


def test_a_type_that_ends_the_process_is_told_and_the_others_are_proved(models: Models) -> None:
    last = diagnosis(with_card(models, failing.abort_in_self_test))[-1]
    assert [card.name for card in last.cards] == [failing.CARD.name]
    failed = [proof for proof in last.proofs if not proof.passed]
    assert {proof.device for proof in failed} == {"cuda"}
    assert len(failed) == len(failing.TYPES)
    assert "SIGABRT" in failed[0].problem
    assert last.choice.device == "cpu"


def test_where_the_library_is_missing_the_card_is_not_tried(models: Models) -> None:
    last = diagnosis(with_card(models, failing.missing_library))[-1]
    assert {proof.device for proof in last.proofs} == {"cpu"}
    assert "libcublasLt.so.12" in str(last.cublas.error)
    assert "libcublasLt.so.12 is missing" in last.choice.reason


def test_a_model_that_is_not_there_is_no_reason_not_to_tell_the_rest(models: Models) -> None:
    engine = EngineClient(models)
    try:
        *_before, last = diagnose(engine, Options(model="nowhere"), threading.Event())
    finally:
        engine.close()
    assert last.proofs
    assert "nowhere" in last.choice.problem


def test_it_can_be_left_at_any_step(models: Models) -> None:
    engine, stop = EngineClient(models), threading.Event()
    steps: Iterator[Machine] = diagnose(engine, OPTIONS, stop)
    next(steps)
    stop.set()
    assert list(steps) == []
    engine.close()


def test_the_processor_is_never_asked_for_more_than_it_has() -> None:
    found = processor()
    assert 1 <= found.threads <= max(1, found.cores)
    assert 0 < found.available <= found.memory


@pytest.mark.parametrize(("plugged", "expected"), [(True, False), (False, True), (None, None)])
def test_a_battery_is_told_when_it_is_drawn_on(
    monkeypatch: pytest.MonkeyPatch, plugged: bool | None, expected: bool | None
) -> None:
    battery = SimpleNamespace(percent=50, power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert on_battery() is expected
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert on_battery() is None


def test_where_nothing_of_the_power_supply_is_shown_there_is_no_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise FileNotFoundError(2, "No such file or directory", "/sys/class/power_supply")

    monkeypatch.setattr(psutil, "sensors_battery", missing, raising=False)
    assert on_battery() is None


@pytest.mark.parametrize("step", ["first", "last"])
def test_the_report_can_be_had_at_any_step(models: Models, step: str) -> None:
    steps = diagnosis(EngineClient(models))
    assert "Processor" in steps[0 if step == "first" else -1].to_text("/home/x")
