"""The ladder of devices and compute types, and the sentence about the choice."""

import pytest

from desktop.core import errors
from desktop.engine.hardware import Rung, cpu_threads, ladder, why

CPU = frozenset({"int8", "int8_float32", "float32", "bfloat16"})
ADA = frozenset({"int8", "int8_float16", "int8_bfloat16", "int8_float32", "float16", "bfloat16", "float32"})
PASCAL = frozenset({"int8", "int8_float32", "float32"})


def rungs(device: str, compute_type: str, **supported: frozenset[str]) -> list[str]:
    return [str(rung) for rung in ladder(device, compute_type, supported)]


def test_a_graphics_card_comes_first_and_the_processor_last() -> None:
    assert rungs("auto", "auto", cpu=CPU, cuda=ADA) == [
        "CUDA int8_float16",
        "CUDA float16",
        "CUDA int8_float32",
        "CUDA float32",
        "CPU int8",
        "CPU float32",
    ]


def test_an_old_card_uses_what_it_can() -> None:
    assert rungs("cuda", "auto", cpu=CPU, cuda=PASCAL) == ["CUDA int8_float32", "CUDA float32"]


def test_without_a_card_the_processor_is_used() -> None:
    assert rungs("auto", "auto", cpu=CPU) == ["CPU int8", "CPU float32"]


def test_bfloat16_is_used_only_when_asked_for() -> None:
    assert rungs("auto", "bfloat16", cpu=CPU, cuda=ADA) == ["CUDA bfloat16", "CPU bfloat16"]


@pytest.mark.parametrize(("device", "kind"), [("cuda", "auto"), ("cpu", "float16"), ("cuda", "int8")])
def test_what_cannot_work_is_refused_in_a_sentence(device: str, kind: str) -> None:
    with pytest.raises(errors.DeviceUnusable) as told:
        ladder(device, kind, {"cpu": CPU})
    assert device in str(told.value)
    assert "{" not in str(told.value)


def test_the_reason_names_the_card_that_failed() -> None:
    first, second = Rung("cuda", "float16"), Rung("cpu", "int8")
    told = why(second, {first: "libcublas is missing"}, {"cuda": ADA, "cpu": CPU}, asked=False)
    assert told == "CPU int8: CUDA float16 failed its self-test (libcublas is missing)"
    assert why(second, {}, {"cpu": CPU}, asked=False) == "CPU int8: no usable graphics card found"


def test_there_is_at_least_one_thread() -> None:
    assert cpu_threads() >= 1
