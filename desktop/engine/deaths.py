"""Why an engine process died, from its exit status and the last lines that it wrote to stderr."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from desktop.core import errors
from desktop.engine import cuda
from desktop.engine.failures import OUT_OF_MEMORY

# Windows reports these where POSIX has signals.
NTSTATUS = {
    0xC0000005: "SIGSEGV",
    0xC000001D: "SIGILL",
    0xC0000017: "out of memory",
    0xC0000135: "a library is missing",
    0xC0000409: "SIGABRT",
}


def classify(exit_status: int | None, stderr: str, memory_killer_struck: bool) -> errors.AppError:
    """The failure that a person can act on. Negative statuses are POSIX signals."""
    cause = _cause(exit_status)
    said = stderr.lower()
    if memory_killer_struck or cause == "out of memory" or any(mark in said for mark in OUT_OF_MEMORY):
        return errors.EngineOutOfMemory()
    return _said(stderr, said) or _signalled(cause, stderr)


def _said(stderr: str, said: str) -> errors.AppError | None:
    if "no space left on device" in said:
        return errors.DiskFull(folder=_quoted_path(stderr))
    if "libcublas" in said or "libcudart" in said:
        return errors.CudaLibraryMissing(library=_word_with("libcu", stderr), remedy=cuda.remedy())
    if "cuda" in said or "cublas" in said:
        return errors.CudaFailed(reason=_last_line(stderr))
    return None


def _signalled(cause: str, stderr: str) -> errors.AppError:
    if cause == "SIGILL":
        return errors.ProcessorTooOld()
    if cause in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"):
        return errors.EngineKilled(signal=cause)
    return errors.EngineCrashed(reason=cause if cause.startswith("SIG") else _last_line(stderr) or cause)


def memory_kills() -> int:
    """How often the system's memory killer has struck since boot; 0 where that is not told."""
    if sys.platform != "linux":
        return 0
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _cause(exit_status: int | None) -> str:
    if exit_status is None:
        return "no exit status"
    if exit_status < 0:
        try:
            return signal.Signals(-exit_status).name
        except ValueError:
            return f"signal {-exit_status}"
    return NTSTATUS.get(exit_status & 0xFFFFFFFF, f"exit status {exit_status}")


def _last_line(stderr: str) -> str:
    return next((line.strip()[:200] for line in reversed(stderr.splitlines()) if line.strip()), "")


def _word_with(part: str, stderr: str) -> str:
    return next((word.strip("'\",:;()") for word in stderr.split() if part in word), part)


def _quoted_path(stderr: str) -> str:
    return next((piece for piece in stderr.split("'")[1::2] if "/" in piece or "\\" in piece), "?")
