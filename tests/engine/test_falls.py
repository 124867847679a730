"""Which ways are left, and which are tried again."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import errors
from desktop.engine import falls
from desktop.engine.falls import Falls
from desktop.engine.hardware import CUDA_TYPES, Rung

MODEL, OTHER = Path("large-v3"), Path("tiny")
LADDER = (*(Rung(*pair) for pair in product(("cuda", "cuda:1"), CUDA_TYPES)), Rung("cpu", "int8"))
CAUSES = [errors.EngineOutOfMemory(), errors.CudaFailed(reason="x"), errors.EngineCrashed(reason="SIGABRT")]


def test_want_of_memory_rules_out_what_needs_as_much_on_the_same_card() -> None:
    left = Falls()
    left.leave(MODEL, Rung("cuda", "int8_float16"), errors.EngineOutOfMemory())
    assert left.remaining(MODEL, LADDER) == LADDER[4:]


def test_half_the_weights_are_worth_a_try() -> None:
    left = Falls()
    left.leave(MODEL, Rung("cuda", "float16"), errors.EngineOutOfMemory())
    assert [str(rung) for rung in left.remaining(MODEL, LADDER[:4])] == ["CUDA int8_float16", "CUDA int8_float32"]


def test_other_failures_rule_out_themselves_alone() -> None:
    left = Falls()
    left.leave(MODEL, LADDER[0], errors.CudaFailed(reason="CUBLAS_STATUS_NOT_SUPPORTED"))
    assert left.remaining(MODEL, LADDER) == LADDER[1:]


def test_another_model_has_its_own_ladder() -> None:
    left = Falls()
    left.leave(MODEL, LADDER[0], errors.EngineOutOfMemory())
    assert left.remaining(OTHER, LADDER) == LADDER


@given(st.lists(st.tuples(st.sampled_from(LADDER[:-1]), st.sampled_from(CAUSES))))
def test_the_processor_is_always_left_and_nothing_that_failed(failures: list[tuple[Rung, errors.AppError]]) -> None:
    left = Falls()
    for rung, cause in failures:
        before = left.count
        left.leave(MODEL, rung, cause)
        assert left.count > before
    remaining = left.remaining(MODEL, LADDER)
    assert remaining[-1] == LADDER[-1]
    assert not {rung for rung, _cause in failures} & set(remaining)
    assert set(left.left(MODEL)) == {rung for rung, _cause in failures}


@pytest.mark.parametrize(
    ("cause", "has_died", "expected"),
    [
        (errors.EngineCrashed(reason="SIGABRT"), True, True),
        (errors.EngineKilled(signal="SIGKILL"), True, True),
        (errors.EngineOutOfMemory(), True, True),  # with fewer windows together
        (errors.EngineOutOfMemory(), False, False),  # it has come down to one already
        (errors.CudaFailed(reason="CUDA failed with error unspecified launch failure"), False, True),
        (errors.CudaFailed(reason="cuBLAS failed with status CUBLAS_STATUS_NOT_SUPPORTED"), False, False),
        (errors.CudaFailed(reason="no kernel image is available for execution on the device"), True, False),
    ],
)
def test_only_what_may_pass_gets_another_try(cause: errors.AppError, has_died: bool, expected: bool) -> None:
    assert falls.is_worth_another_try(cause, has_died) is expected
