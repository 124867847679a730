"""faster-whisper and CTranslate2 behind our own values; with speech.py the only place that imports them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"  # faster-whisper takes a folder that is incomplete for a wish to download

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from tqdm import tqdm

from desktop.core import errors
from desktop.core.options import AUTO, Options
from desktop.core.transcript import Segment, Word
from desktop.engine.media import SAMPLE_RATE_HZ
from desktop.engine.speech import Window

# faster-whisper makes a bar even when it shows none, and tqdm a semaphore for it that outlives a killed process.
tqdm.set_lock(threading.RLock())

SELF_TEST_FRAMES = 100  # one second


def compute_types() -> dict[str, frozenset[str]]:
    """Each device that is there, with the compute types that it says it can run."""
    devices = ["cpu", *(["cuda"] if ctranslate2.get_cuda_device_count() else [])]
    return {device: frozenset(ctranslate2.get_supported_compute_types(device)) for device in devices}


def versions() -> dict[str, str]:
    """The libraries that decide what comes out."""
    import faster_whisper

    return {"ctranslate2": ctranslate2.__version__, "faster-whisper": faster_whisper.__version__}


class Recogniser:
    """One model on one device. Raises AppError when it cannot be loaded there."""

    def __init__(self, model: Path, device: str, compute_type: str, cpu_threads: int) -> None:
        self.name = model.name
        with _Translated(self.name, device, compute_type):
            self._whisper = WhisperModel(
                str(model), device, compute_type=compute_type, cpu_threads=cpu_threads, local_files_only=True
            )
        self._place = (device, compute_type)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the model knows."""
        return tuple(self._whisper.supported_languages)

    def self_test(self) -> int:
        """Encode one second of silence: shows that every library is there. Returns the milliseconds it took."""
        started = time.monotonic()
        bands = self._whisper.feature_extractor.mel_filters.shape[0]
        with _Translated(self.name, *self._place):
            output = self._whisper.encode(np.zeros((bands, SELF_TEST_FRAMES), np.float32))
            np.asarray(output.to_device(ctranslate2.Device.cpu) if self._place[0] == "cuda" else output)
        return round(1000 * (time.monotonic() - started))

    def hear(self, window: Window, options: Options, language: str) -> tuple[list[Segment], str]:
        """The segments of one window, in the time of the file, and the language they are in.

        The previous text is not passed on: each window stands alone, so that one bad window cannot spoil the next
        and work can go on from any of them.
        """
        # Fallback temperatures draw at random: the same window shall give the same text on every run.
        ctranslate2.set_random_seed(window.end_ms & 0x7FFFFFFF)
        with _Translated(self.name, *self._place):
            found, info = self._whisper.transcribe(
                window.samples,
                language=None if language == AUTO else language,
                task=options.task,
                beam_size=options.beam_size,
                temperature=list(options.temperatures),
                max_new_tokens=options.max_new_tokens or None,
                condition_on_previous_text=False,
                word_timestamps=True,
                vad_filter=False,
            )
            return list(_segments(found, window)), info.language


def _segments(found: Iterator[Any], window: Window) -> Iterator[Segment]:
    length_ms = len(window.samples) * 1000 // SAMPLE_RATE_HZ
    for one in found:
        if not one.text.strip():
            continue
        start_ms, end_ms = _place(one.start, one.end, window, length_ms)
        yield Segment(
            start_ms,
            end_ms,
            one.text.strip(),
            tuple(_word(word, window, length_ms) for word in one.words or ()),
            round(one.avg_logprob, 4),
            round(one.no_speech_prob, 4),
            round(one.compression_ratio, 4),
            float(one.temperature or 0.0),
        )


def _word(word: Any, window: Window, length_ms: int) -> Word:
    return Word(*_place(word.start, word.end, window, length_ms), word.word, round(float(word.probability), 4))


def _place(start_s: float, end_s: float, window: Window, length_ms: int) -> tuple[int, int]:
    start_ms = min(max(0, round(1000 * start_s)), length_ms)
    end_ms = min(max(start_ms, round(1000 * end_s)), length_ms)
    file_start_ms = window.file_ms(start_ms)
    return file_start_ms, max(file_start_ms, window.file_ms(end_ms, is_end=True))


class _Translated:
    """Turns what the libraries raise into our errors. Their classes tell nothing, only their texts do."""

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
        if "out of memory" in low or "failed to allocate" in low or "bad_alloc" in low:
            return errors.EngineOutOfMemory()
        if low.startswith("library ") and "not found" in low:
            return errors.CudaLibraryMissing(library=text.split()[1])
        if "compute type" in low:
            return errors.DeviceUnusable(device=self._device, compute_type=self._compute_type, reason=text)
        if "cuda" in low or "cublas" in low:
            return errors.CudaFailed(reason=text[:200])
        return errors.ModelBroken(model=self._model, reason=text[:200])
