"""The other ways to run Whisper, each as its own documentation uses it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from typing import Any

from desktop.benchmark.contestants import Piece, longest
from desktop.benchmark.task import FW_BATCHED, Task
from desktop.engine import cuda, hardware

os.environ["HF_HUB_OFFLINE"] = "1"  # faster-whisper takes a folder that is incomplete for a wish to download


class _InThisProcess:
    """What runs the model in the process that is measured."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._model: Any = None

    @property
    def model_pid(self) -> int:
        return os.getpid()

    def close(self) -> None:
        self._model = None


class FasterWhisper(_InThisProcess):
    """`WhisperModel.transcribe` with its speech detection, or `BatchedInferencePipeline` with batches of eight."""

    def load(self) -> None:
        if hardware.is_card(self._task.device):
            cuda.prepare()  # it would not find the wheel by itself
        from faster_whisper import WhisperModel

        task = self._task
        self._model = WhisperModel(
            task.model,
            task.device,
            compute_type=task.compute_type,
            cpu_threads=hardware.cpu_threads(),
            local_files_only=True,
        )

    def hear(self, stop: threading.Event) -> Iterator[Piece]:
        for number, source in enumerate(self._task.sources):
            segments = self._segments(source)
            window = None
            for segment in segments:
                yield Piece(number, segment.text.strip(), segment.seek != window, len(segment.tokens))
                window = segment.seek
                if stop.is_set():
                    segments.close()
                    return

    def _segments(self, source: str) -> Any:
        from faster_whisper import BatchedInferencePipeline

        task = self._task
        options: dict[str, Any] = {
            "language": task.language,
            "beam_size": task.beam_size,
            "temperature": list(task.temperatures),
            "condition_on_previous_text": False,
            "word_timestamps": task.word_times,
            "vad_filter": True,
        }
        if task.contestant == FW_BATCHED:
            limit = longest(task.tokens, prompt=4) or None
            batched = BatchedInferencePipeline(self._model)
            return batched.transcribe(source, batch_size=task.batch_size or 8, max_new_tokens=limit, **options)[0]
        limit = longest(task.tokens, prompt=3) or None
        return self._model.transcribe(source, max_new_tokens=limit, **options)[0]


class OpenAIWhisper(_InThisProcess):
    """OpenAI's own code on torch, with 32-bit floats where there is no graphics card."""

    def load(self) -> None:
        import torch
        import whisper

        torch.set_num_threads(hardware.cpu_threads())
        self._model = whisper.load_model(self._task.model, device=self._task.device)

    def hear(self, stop: threading.Event) -> Iterator[Piece]:
        task = self._task
        for number, source in enumerate(task.sources):
            if stop.is_set():
                return
            answer = self._model.transcribe(
                _decoded(source),
                language=task.language,
                beam_size=task.beam_size,
                temperature=task.temperatures,
                condition_on_previous_text=False,
                word_timestamps=task.word_times,
                sample_len=task.tokens or None,
                fp16=task.device == "cuda",
            )
            window = None
            for segment in answer["segments"]:
                yield Piece(number, segment["text"].strip(), segment["seek"] != window, len(segment["tokens"]))
                window = segment["seek"]


class WhisperCpp(_InThisProcess):
    """whisper.cpp through pywhispercpp: one segment for each window, since a random model sets no time stamps."""

    def load(self) -> None:
        from pywhispercpp.model import Model

        task = self._task
        self._model = Model(
            task.model,
            params_sampling_strategy=1,
            n_threads=hardware.cpu_threads(),
            beam_search={"beam_size": task.beam_size, "patience": -1.0},
            language=task.language,
            temperature=task.temperatures[0],
            temperature_inc=0.0,
            n_max_text_ctx=0,  # the text before is no context for the next window, as with the others
            no_timestamps=True,
            max_tokens=max(0, task.tokens - 1),  # it looks at the limit after the token that reaches it
            print_progress=False,
        )

    def hear(self, stop: threading.Event) -> Iterator[Piece]:
        import _pywhispercpp as binding

        for number, source in enumerate(self._task.sources):
            if stop.is_set():
                return
            ready_s: list[float] = []
            segments = self._model.transcribe(
                _decoded(source),
                new_segment_callback=lambda _segment, ready_s=ready_s: ready_s.append(time.monotonic()),
            )
            for place, (segment, at_s) in enumerate(zip(segments, ready_s, strict=True)):
                count = binding.whisper_full_n_tokens(self._model._ctx, place)
                yield Piece(number, segment.text, 1, count, at_s)


def _decoded(source: str) -> Any:
    """Sound for those that would start the ffmpeg program, which is not everywhere."""
    from faster_whisper import decode_audio

    return decode_audio(source)
