"""Why an engine process died, in words that a person can act on."""

import signal

import pytest

from desktop.core import errors
from desktop.engine.deaths import classify
from tests.conftest import sentence_of


@pytest.mark.parametrize(
    ("status", "stderr", "expected"),
    [
        (-signal.SIGKILL, "", errors.EngineKilled),
        (-signal.SIGTERM, "", errors.EngineKilled),
        (-signal.SIGILL, "", errors.ProcessorTooOld),
        (-signal.SIGSEGV, "Fatal Python error: Segmentation fault", errors.EngineCrashed),
        (-signal.SIGABRT, "terminate called after throwing an instance of 'std::bad_alloc'", errors.EngineOutOfMemory),
        (-signal.SIGABRT, "CUDA failed with error out of memory", errors.EngineOutOfMemory),
        (-signal.SIGABRT, "cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED", errors.EngineOutOfMemory),
        (-signal.SIGABRT, "Could not load library libcublas.so.12.", errors.CudaLibraryMissing),
        (1, "RuntimeError: CUDA failed with error driver shutting down", errors.CudaFailed),
        (1, "OSError: [Errno 28] No space left on device: '/tmp/x'", errors.DiskFull),
        (1, "MemoryError", errors.EngineOutOfMemory),
        (3, "something else", errors.EngineCrashed),
        (0xC000001D, "", errors.ProcessorTooOld),
        (0xC0000409, "", errors.EngineCrashed),
        (-1073740791, "", errors.EngineCrashed),
        (None, "", errors.EngineCrashed),
        (-99, "", errors.EngineCrashed),
    ],
)
def test_each_death_has_its_sentence(status: int | None, stderr: str, expected: type[errors.AppError]) -> None:
    cause = classify(status, stderr, memory_killer_struck=False)
    assert type(cause) is expected
    assert "{" not in sentence_of(cause)


def test_the_memory_killer_explains_a_kill() -> None:
    assert type(classify(-signal.SIGKILL, "", memory_killer_struck=True)) is errors.EngineOutOfMemory


def test_the_missing_library_is_named() -> None:
    assert "libcublas.so.12" in str(classify(-6, "Unable to load libcublas.so.12!", memory_killer_struck=False))
