"""Engine processes that fail as real ones do on a graphics card: spawned like the real one, around the real pipeline.

A machine with a card is made up: the process says that it has one, "cuda" is computed on the processor, and the failure
comes where the libraries would have it, with the words that they use.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial, wraps
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from desktop.core.machine import Card
from desktop.engine import cards, cuda, process

CARD = Card(0, "NVIDIA Made-Up 4090", 24 << 30, 20 << 30, "8.9", "580.159.04", "13.0", "0000:01:00.0")
TYPES = frozenset({"int8_float16", "float16", "int8_float32", "float32", "int8"})
OUT_OF_MEMORY = "CUDA failed with error out of memory"
NOT_SUPPORTED = "cuBLAS failed with status CUBLAS_STATUS_NOT_SUPPORTED"
RESET = "CUDA failed with error unspecified launch failure"


def main(connection: Connection, stderr_path: str, with_model: bool, fails: Callable[[], None]) -> None:
    """The engine process with the made-up card, and what `fails` does to it."""
    if with_model and os.environ.get("CUDA_VISIBLE_DEVICES") != "-1":
        _pretend()
        fails()
    process.main(connection, stderr_path, with_model)


def _pretend() -> None:
    from desktop.engine import known_answer, whisper

    cuda.has_driver = lambda: True
    cuda.find = lambda *_: cuda.Cublas()
    cards.cards = lambda *_: (CARD,)
    real_types = whisper.compute_types
    whisper.compute_types = lambda: real_types() | {"cuda": TYPES}
    made = known_answer._model
    known_answer._model = lambda _device, compute_type: made("cpu", _on_cpu(compute_type))
    loaded = whisper.WhisperModel

    def on_cpu(model: str, device: str, *, compute_type: str, device_index: int = 0, **how: Any) -> Any:
        return loaded(model, "cpu", compute_type=_on_cpu(compute_type), **how)

    whisper.WhisperModel = on_cpu
    real_init = whisper.Recogniser.__init__

    @wraps(real_init)
    def init(self: Any, model: Path, device: str, compute_type: str, threads: Any) -> None:
        real_init(self, model, device, compute_type, threads)
        self.claims, self.is_cpu = device, True  # its tensors lie where the processor can reach them

    whisper.Recogniser.__init__ = init


def _on_cpu(compute_type: str) -> str:
    return "int8" if compute_type.startswith("int8") else "float32"


def _instead_of(name: str, failure: Callable[[Any, int, tuple[Any, ...]], None]) -> None:
    """Call `failure` with the recogniser, the number of the call since its self-test and the arguments, first."""
    from desktop.engine import whisper

    real = getattr(whisper.Recogniser, name)
    counts: dict[int, int] = {}

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        if self.claims != "cpu":
            counts[id(self)] = counts.get(id(self), -1) + 1
            with self._translated():
                failure(self, counts[id(self)], arguments)
        return real(self, *arguments, **named)

    setattr(whisper.Recogniser, name, counted)


# --- the ways to fail; those that count start with the call that is the self-test, number 0 ---


def nothing() -> None:
    """A card that works."""


def missing_library() -> None:
    """No cuBLAS anywhere."""
    names = cuda.POSIX_NAMES
    cuda.find = partial(_REAL_FIND, [], names)
    cuda._is_known_to_loader = lambda: False


def wrong_major(folder: str) -> None:
    """Only a cuBLAS that CTranslate2 does not look for."""
    cuda.find = partial(_REAL_FIND, [Path(folder)], cuda.POSIX_NAMES)
    cuda._is_known_to_loader = lambda: False


def abort_in_self_test() -> None:
    """A library that ends the process, as the C++ runtime does after an exception that nobody catches."""
    from desktop.engine import known_answer

    real = known_answer.prove

    def prove(device: str, compute_type: str) -> int:
        if device != "cpu":
            print("terminate called after throwing an instance of 'std::runtime_error'", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGABRT)
        return real(device, compute_type)

    known_answer.prove = prove


def crash_in_driver() -> None:
    """A driver that takes the process with it when it is asked for cards."""

    def crash(*_arguments: object) -> tuple[Card, ...]:
        os.kill(os.getpid(), signal.SIGSEGV)
        return ()

    cards.cards = crash


def wrong_answer() -> None:
    """A card without kernels for its architecture: no failure, and no sense."""
    from desktop.engine import known_answer

    real = known_answer._said
    known_answer._said = lambda device, kind: ("not",) if device != "cpu" else real(device, kind)


def not_supported_int8() -> None:
    """Loads well and refuses the first product of whole numbers."""

    def refuse(recogniser: Any, _number: int, _arguments: tuple[Any, ...]) -> None:
        if recogniser._place[1].startswith("int8"):
            raise RuntimeError(NOT_SUPPORTED)

    _instead_of("encode", refuse)


def not_supported_later() -> None:
    """The same at the first window after the self-test."""

    def refuse(recogniser: Any, number: int, _arguments: tuple[Any, ...]) -> None:
        if number >= 2 and recogniser._place[1].startswith("int8"):
            raise RuntimeError(NOT_SUPPORTED)

    _instead_of("encode", refuse)


def full_for_many(most: int) -> None:
    """Memory for so many windows together, and no more."""

    def refuse(_recogniser: Any, _number: int, arguments: tuple[Any, ...]) -> None:
        if len(arguments[0]) > most:
            raise RuntimeError(OUT_OF_MEMORY)

    _instead_of("encode", refuse)


def full_from(first: int) -> None:
    """Another program takes all memory in the middle of the work."""

    def refuse(_recogniser: Any, number: int, _arguments: tuple[Any, ...]) -> None:
        if number >= first:
            raise RuntimeError(OUT_OF_MEMORY)

    _instead_of("encode", refuse)


def reset_once(first: int, marker: str) -> None:
    """The driver resets: this process can compute no more, the next one can."""

    def refuse(_recogniser: Any, number: int, _arguments: tuple[Any, ...]) -> None:
        if number >= first and not Path(marker).exists():
            Path(marker).touch()
            raise RuntimeError(RESET)

    _instead_of("encode", refuse)


def aborts_from(first: int) -> None:
    """A card that dies at work again and again."""

    def die(_recogniser: Any, number: int, _arguments: tuple[Any, ...]) -> None:
        if number >= first:
            print("CUDA failed with error an illegal memory access", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGABRT)

    _instead_of("encode", die)


def hang_in_self_test() -> None:
    """A card that does not answer; the process goes on to say that it lives."""
    import time

    from desktop.engine import known_answer

    real = known_answer.prove

    def prove(device: str, compute_type: str) -> int:
        if device != "cpu":
            time.sleep(3600)
        return real(device, compute_type)

    known_answer.prove = prove


_REAL_FIND = cuda.find
