"""What the model libraries raise, as errors of ours. Their classes tell nothing, only their texts do."""

from __future__ import annotations

from desktop.core import errors
from desktop.engine import cuda

OUT_OF_MEMORY = (
    "out of memory",
    "out_of_memory",
    "alloc_failed",  # cuBLAS
    "failed to allocate",  # MKL
    "cannot allocate memory",
    "bad_alloc",
    "memoryerror",
)
"""How systems and libraries say it, in small letters."""


class Translated:
    """A context in which a failure of the libraries becomes an AppError that names model, device and type."""

    def __init__(self, model: str, device: str, compute_type: str) -> None:
        self._model, self._device, self._compute_type = model, device, compute_type

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if isinstance(error, MemoryError):
            raise errors.EngineOutOfMemory from error
        # The tokenizers library raises plain Exception for a file that it cannot read.
        known = isinstance(error, RuntimeError | ValueError | OSError | KeyError | TypeError | IndexError)
        if known or type(error) is Exception:
            assert isinstance(error, Exception)
            raise self._named(" ".join(str(error).split())) from error

    def _named(self, text: str) -> errors.AppError:
        low = text.lower()
        if any(mark in low for mark in OUT_OF_MEMORY):
            return errors.EngineOutOfMemory()
        if low.startswith("library ") and "not found" in low:
            return errors.CudaLibraryMissing(library=text.split()[1], remedy=cuda.remedy())
        if "compute type" in low:
            return errors.DeviceUnusable(device=self._device, compute_type=self._compute_type, reason=text)
        if "cuda" in low or "cublas" in low:
            return errors.CudaFailed(reason=text[:200])
        return errors.ModelBroken(model=self._model, reason=text[:200])
