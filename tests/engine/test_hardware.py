"""The ladder of devices and compute types, and the sentence about the choice."""

import pytest

from desktop.core import errors
from desktop.engine import hardware
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


TWO = {"cpu": CPU, "cuda": PASCAL, "cuda:1": ADA}


def test_several_cards_are_tried_one_after_the_other() -> None:
    assert [str(rung) for rung in ladder("auto", "int8_float32", TWO)] == [
        "CUDA int8_float32",
        "CUDA:1 int8_float32",
        "CPU int8_float32",
    ]
    assert {rung.device for rung in ladder("cuda", "auto", TWO)} == {"cuda", "cuda:1"}


@pytest.mark.parametrize(("asked", "device"), [("cuda:1", "cuda:1"), ("cuda:0", "cuda"), ("cpu", "cpu")])
def test_one_of_several_cards_can_be_chosen(asked: str, device: str) -> None:
    assert {rung.device for rung in ladder(asked, "auto", TWO)} == {device}


def test_a_card_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(errors.DeviceUnusable, match="cuda, cuda:1"):
        ladder("cuda:7", "auto", TWO)


def test_a_device_is_named_as_ctranslate2_does() -> None:
    assert [hardware.place(one) for one in ("cpu", "cuda", "cuda:0", "cuda:3")] == [
        ("cpu", 0),
        ("cuda", 0),
        ("cuda", 0),
        ("cuda", 3),
    ]


def test_weights_of_eight_bits_need_less_than_others() -> None:
    small, half, whole = (Rung("cuda", kind) for kind in ("int8_float16", "float16", "float32"))
    assert small.needs_less_than(half)
    assert half.needs_less_than(whole)
    assert not small.needs_less_than(Rung("cuda", "int8"))
    assert not whole.needs_less_than(small)


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


def test_the_reason_names_what_keeps_all_cards_from_being_used_and_what_failed_at_work() -> None:
    card, cpu = Rung("cuda", "float16"), Rung("cpu", "int8")
    told = why(cpu, {}, {"cpu": CPU, "cuda": ADA}, asked=False, problem="The library is missing.")
    assert told == "CPU int8: The library is missing."
    told = why(cpu, {}, {"cpu": CPU, "cuda": ADA}, asked=True, left={card: "it died"})
    assert told == "CPU int8: CUDA float16 failed at work (it died)"


def test_there_is_at_least_one_thread() -> None:
    assert cpu_threads() >= 1
    assert [hardware.with_room(count) for count in (1, 2, 3, 8)] == [1, 1, 1, 4]


AMD = {"vendor_id": "AuthenticAMD", "flags": "sse2 avx2 avx512f avx512cd avx512vl avx512bw avx512dq"}


def test_an_engine_starts_with_large_pages_and_the_wider_kernels_where_they_help() -> None:
    assert hardware.environment({}, AMD) == {
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "CT2_FORCE_CPU_ISA": "AVX512",
        "OPENBLAS_NUM_THREADS": "1",
    }
    assert "CT2_FORCE_CPU_ISA" not in hardware.environment({}, AMD | {"flags": "sse2 avx2 avx512f"})
    assert "CT2_FORCE_CPU_ISA" not in hardware.environment({}, AMD | {"vendor_id": "GenuineIntel"})
    assert "CT2_FORCE_CPU_ISA" not in hardware.environment({}, {})


def test_what_the_user_has_set_stays() -> None:
    theirs = {
        "GLIBC_TUNABLES": "glibc.malloc.check=1",
        "CT2_FORCE_CPU_ISA": "AVX2",
        "CUDA_DEVICE_ORDER": "FASTEST_FIRST",
        "OPENBLAS_NUM_THREADS": "2",
    }
    assert hardware.environment(theirs, AMD) == {"GLIBC_TUNABLES": "glibc.malloc.check=1:glibc.malloc.hugetlb=1"}


@pytest.mark.parametrize(
    ("cores", "device", "size", "one_by_one", "threads"),
    [
        (2, "cpu", 80 << 20, False, (2, 1)),
        (8, "cpu", 80 << 20, False, (2, 4)),
        (1, "cpu", 80 << 20, False, (1, 1)),
        (2, "cpu", 80 << 20, True, (1, 2)),  # the next window needs the text of this one
        (4, "cpu", 1600 << 20, False, (1, 4)),  # two batches of a large model would take too much memory
        (4, "cuda", 80 << 20, False, (1, 4)),
    ],
)
def test_the_processor_is_shared_by_two_batches_where_it_pays(
    cores: int, device: str, size: int, one_by_one: bool, threads: tuple[int, int]
) -> None:
    assert hardware.shared(cores, device, size, one_by_one) == hardware.Threads(*threads)
