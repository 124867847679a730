"""What is told about a machine: all of it, in rows, without personal paths."""

import json

from desktop.core.errors import CudaLibraryMissing
from desktop.core.machine import Card, Choice, Cublas, Library, Machine, Processor, Proof, without_home

HOME = "/home/josé"
MACHINE = Machine(
    Processor("AMD EPYC", 8, 4, "a control group gives 4.0 processors' time", ("avx2",), "AVX2", 16 << 30, 8 << 30),
    (Card(0, "RTX 4090", 24 << 30, 20 << 30, "8.9", "580.1", "13.0"), Card(1, "Tesla T4")),
    Cublas((Library("libcublasLt.so.12", f"{HOME}/venv/lib/libcublasLt.so.12", "12.9.3"), Library("libcublas.so.12"))),
    {"cpu": ("int8",), "cuda": ("float16",)},
    (Proof("cuda", "float16", 1234), Proof("cpu", "int8", 35), Proof("cuda:1", "int8", problem="out of memory")),
    Choice("large-v3", "cuda", "float16", "CUDA float16: a usable graphics card was found", 210),
    "Linux",
    {"ctranslate2": "4.8.5"},
)


def test_everything_is_in_the_report_and_nothing_personal() -> None:
    text = MACHINE.to_text(HOME)
    for fact in (
        "AMD EPYC", "4 (a control group gives 4.0 processors' time)", "16.0 GB, 8.0 GB of it free", "AVX2",
        "cuda RTX 4090: 24.0 GB, 20.0 GB of it free; compute capability 8.9; driver 580.1 (CUDA 13.0)",
        "cuda:1 Tesla T4", "libcublasLt.so.12: ~/venv/lib/libcublasLt.so.12 12.9.3", "libcublas.so.12: missing",
        "cuda float16: 1.2 s", "cpu int8: 35 ms", "cuda:1 int8: failed: out of memory",
        "runs on: CUDA float16: a usable graphics card was found", "ctranslate2: 4.8.5",
    ):  # fmt: skip
        assert fact in text, fact
    assert "josé" not in text


def test_the_record_is_json_without_anything_personal() -> None:
    record = MACHINE.to_record(HOME)
    assert record["cublas"]["libraries"][0]["path"] == "~/venv/lib/libcublasLt.so.12"
    assert "josé" not in json.dumps(record, ensure_ascii=False)
    assert record["proofs"][2]["problem"] == "out of memory"


def test_a_problem_is_told_with_its_remedy() -> None:
    problem = CudaLibraryMissing(library="libcublas.so.12", remedy="pip install it").to_record()
    text = Machine(cublas=Cublas(problem=problem), choice=Choice(problem="nothing works")).to_text("/home/x")
    assert "Install it with pip install it" in text
    assert "problem: nothing works" in text
    assert "no NVIDIA card with a working driver was found." in text


def test_proofs_say_whether_they_passed() -> None:
    assert [proof.passed for proof in MACHINE.proofs] == [True, True, False]


def test_a_home_that_is_the_root_hides_nothing() -> None:
    assert without_home("/usr/lib", "/") == "/usr/lib"
    assert without_home("/home/a/b /home/a", "/home/a/") == "~/b ~"
