"""faster-whisper and CTranslate2 behind our own values: the model, one step at a time.

faster-whisper loads models, makes features and splits words; the order of the steps is the pipeline's.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"  # faster-whisper takes a folder that is incomplete for a wish to download

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations
from tqdm import tqdm

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.options import AUTO, Options
from desktop.core.transcript import Word
from desktop.engine import hardware
from desktop.engine.failures import Translated
from desktop.engine.hardware import Threads
from desktop.engine.media import SAMPLE_RATE_HZ, Samples

# faster-whisper makes a bar even when it shows none, and tqdm a semaphore for it that outlives a killed process.
tqdm.set_lock(threading.RLock())

WINDOW_FRAMES = 3000
CPU_TEST_FRAMES = 100  # one second: a whole window of a large model takes a processor many
SELF_TEST_TOKENS = 4
FRAMES_PER_S = 100
LEAST_SHORT_FRAMES, SHORT_STEP_FRAMES, MARGIN_FRAMES = 10 * FRAMES_PER_S, 250, FRAMES_PER_S
REPETITION_PENALTY, NO_REPEAT_WORDS = 1.1, 3  # for windows in which the model went round in circles, and only there
BEST_OF = 5  # draws at a temperature above 0
MOST_HINT_TOKENS = 223  # half of what the decoder can hold, less the start of the transcript
MOST_HOTWORD_TOKENS = 111
DETECTION_TOP = 5
_PUNCTUATION_BEFORE = "\"'“¿([{-"
_PUNCTUATION_AFTER = "\"'.。,，!！?？:：”)]}、"

Features = npt.NDArray[np.float32]
"""(bands, 3000): the log-mel spectrum of 30 s, zero where there is no sound."""


def compute_types() -> dict[str, frozenset[str]]:
    """Each device that is there, with the compute types that it says it can run."""
    found = {"cpu": frozenset(ctranslate2.get_supported_compute_types("cpu"))}
    for index in range(ctranslate2.get_cuda_device_count()):
        with contextlib.suppress(RuntimeError):  # a driver that is too old, or a card that another program has
            types = frozenset(ctranslate2.get_supported_compute_types("cuda", index))
            found["cuda" if index == 0 else f"cuda:{index}"] = types
    return found


def versions() -> dict[str, str]:
    """The libraries that decide what comes out."""
    import faster_whisper

    return {"ctranslate2": ctranslate2.__version__, "faster-whisper": faster_whisper.__version__}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model took a window for."""

    tokens: tuple[int, ...]
    text: str
    avg_logprob: float
    no_speech_prob: float
    temperature: float


class _RowOnCard:
    """One row of what lies on a graphics card, where it lies: CTranslate2 itself cannot cut."""

    def __init__(self, all_rows: Any, row: int) -> None:
        about = dict(all_rows.__cuda_array_interface__)
        _count, *shape = about["shape"]
        size = math.prod(shape) * int(about["typestr"][2:])
        about |= {"shape": (1, *shape), "data": (about["data"][0] + row * size, False)}
        self.__cuda_array_interface__ = about
        self._all_rows = all_rows  # must not go before this


class Encoded:
    """Windows as the decoder sees them."""

    def __init__(self, model: Any, features: Sequence[Features], is_cpu: bool, check: Callable[[], None]) -> None:
        self._model, self._features = model, features
        self._rows: npt.NDArray[np.float32] | None = None
        if not is_cpu:
            self.all = model.encode(np.stack(features))
            return
        # On a processor windows gain nothing by being encoded together, and the attention of each takes 70 to 180 MB.
        for row, one in enumerate(features):
            check()
            encoded = np.asarray(model.encode(one[None]))
            if self._rows is None:
                self._rows = np.empty((len(features), *encoded.shape[1:]), np.float32)
            self._rows[row] = encoded[0]
        self.all = ctranslate2.StorageView.from_array(self._rows)

    @property
    def can_be_cut(self) -> bool:
        """Whether rows can be had without encoding them again: numpy has no bfloat16, and a view no other card."""
        return bool(self.all.device_index == 0 and self.all.dtype != ctranslate2.DataType.bfloat16)

    def one(self, row: int) -> Any:
        """One of the windows alone."""
        if self._rows is not None:
            return ctranslate2.StorageView.from_array(self._rows[row : row + 1])
        if self.can_be_cut:
            return ctranslate2.StorageView.from_array(_RowOnCard(self.all, row))
        return self._model.encode(self._features[row])


class Recogniser:
    """One model on one device. Raises AppError when it cannot be loaded there, or fails at work."""

    def __init__(self, model: Path, device: str, compute_type: str, threads: Threads) -> None:
        self.name = model.name
        self.threads = threads
        self.is_cpu = device == "cpu"
        self.size = (model / "model.bin").stat().st_size
        self._place = (device, compute_type)
        self._tokenizers: dict[tuple[str, str], Any] = {}
        with self._translated():
            kind, index = hardware.place(device)
            self._whisper = WhisperModel(
                str(model),
                kind,
                device_index=index,
                compute_type=compute_type,
                cpu_threads=threads.each,
                num_workers=threads.workers,
                local_files_only=True,
            )
            self._suppressed = get_suppressed_tokens(self._tokenizer(self.languages[0], "transcribe"), [-1])

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the model knows; faster-whisper names all of Whisper's for any that has more
        than one."""
        known = self._whisper.supported_languages
        if not self.is_multilingual:
            return tuple(known)
        return tuple(code for code in known if self._whisper.hf_tokenizer.token_to_id(f"<|{code}|>") is not None)

    @property
    def is_multilingual(self) -> bool:
        """Whether it knows more than one language."""
        return bool(self._whisper.model.is_multilingual)

    def self_test(self) -> int:
        """Hear one window of silence: shows that the whole model computes here. Returns the milliseconds it took."""
        started = time.monotonic()
        bands = self._whisper.feature_extractor.mel_filters.shape[0]
        frames = CPU_TEST_FRAMES if self.is_cpu else WINDOW_FRAMES
        encoded = self.encode([np.zeros((bands, frames), np.float32)])
        options = Options(max_new_tokens=SELF_TEST_TOKENS)
        (reading,) = self.read(encoded.all, [self.prompt(self.languages[0], options)], options)
        with self._translated():
            values = np.asarray(encoded.all.to_device(ctranslate2.Device.cpu).to(ctranslate2.DataType.float32))
        if not (np.isfinite(values).all() and math.isfinite(reading.avg_logprob)):
            kind, compute_type = self._place
            reason = _("the model gave no numbers.")
            raise errors.DeviceUnusable(device=kind, compute_type=compute_type, reason=reason)
        return round(1000 * (time.monotonic() - started))

    def features(self, samples: Samples) -> Features:
        """Of at most 30 s. As faster-whisper makes them, padded in the same place."""
        found: Features = pad_or_trim(self._whisper.feature_extractor(samples)[..., :-1])
        return found

    def short_features(
        self, samples: Samples, least_frames: int = LEAST_SHORT_FRAMES, margin_frames: int = MARGIN_FRAMES
    ) -> Features:
        """As `features`, without most of the empty rest of the 30 s: three to five times quicker to encode.

        Words are understood a little less well that way, and with less than ten seconds much less.
        """
        found = self._whisper.feature_extractor(samples)[..., :-1]
        wanted = max(least_frames, found.shape[-1] + margin_frames)
        # CTranslate2 keeps what it has prepared for each length that it was given: there shall be few.
        length = min(-(-wanted // SHORT_STEP_FRAMES) * SHORT_STEP_FRAMES, self._whisper.feature_extractor.nb_max_frames)
        short: Features = pad_or_trim(found, length=length)
        return short

    def encode(self, features: Sequence[Features], check: Callable[[], None] = lambda: None) -> Encoded:
        """The windows for the decoder; `check` may leave between two of them by raising."""
        with self._translated():
            return Encoded(self._whisper, features, self.is_cpu, check)

    def detect(self, encoded: Encoded) -> list[dict[str, float]]:
        """For each window the likeliest languages with their probabilities."""
        with self._translated():
            found = self._whisper.model.detect_language(encoded.all)
        return [{token[2:-2]: probability for token, probability in row[:DETECTION_TOP]} for row in found]

    def prompt(self, language: str, options: Options, before: str = "", begun: str = "") -> list[int]:
        """The tokens that the decoder starts with: hints first, then language and task, at last how the text begins."""
        tokenizer = self._tokenizer(language, options.task)
        hotwords = self._encoded_text(tokenizer, options.hotwords)[:MOST_HOTWORD_TOKENS]
        previous = self._encoded_text(tokenizer, options.prompt) + self._encoded_text(tokenizer, before)
        hint = hotwords + previous[-(MOST_HINT_TOKENS - len(hotwords)) :]
        prompt: list[int] = self._whisper.get_prompt(tokenizer, hint, without_timestamps=True)
        return prompt + self._encoded_text(tokenizer, begun)

    def read(
        self,
        encoded: Any,
        prompts: Sequence[Sequence[int]],
        options: Options,
        temperature: float = 0.0,
        allow_loops: bool = True,
    ) -> list[Reading]:
        """What the windows say, each for itself: the same whatever it is decoded together with.

        The prompts are of equal length. At temperatures above 0 words are drawn at random; CTranslate2 seeds that once
        in a thread, so two runs may differ.
        """
        limit = self._whisper.max_length
        if count := options.max_new_tokens:
            limit = min(limit, max(2 * count, count + len(prompts[0])))  # CTranslate2 writes half of it at most
        how: dict[str, Any] = {"beam_size": options.beam_size}
        if not allow_loops:
            how |= {"repetition_penalty": REPETITION_PENALTY, "no_repeat_ngram_size": NO_REPEAT_WORDS}
        if temperature > 0:
            how = {
                "beam_size": 1,
                "num_hypotheses": BEST_OF,
                "sampling_topk": 0,
                "sampling_temperature": temperature,
            }
        with self._translated():
            results = self._whisper.model.generate(
                encoded,
                [list(prompt) for prompt in prompts],
                max_length=limit,
                suppress_tokens=self._suppressed,
                return_scores=True,
                return_no_speech_prob=True,
                **how,
            )
        return [self._reading(result, temperature) for result in results]

    def words(
        self, encoded: Any, readings: Sequence[Reading], language: str, task: str, lengths: Sequence[int]
    ) -> list[list[Word]]:
        """The words of windows of these lengths in samples, with their times in them in milliseconds."""
        tokenizer = self._tokenizer(language, task)
        tokens = [[token for token in reading.tokens if token < tokenizer.eot] for reading in readings]
        frames = [-(-length * FRAMES_PER_S // SAMPLE_RATE_HZ) for length in lengths]
        if not all(tokens):  # nothing can be aligned with no words
            assert len(tokens) == 1, "windows without words are asked for one by one"
            return [[]]
        with self._translated():
            found = self._whisper.find_alignment(tokenizer, tokens, encoded, frames)
        return [_words(one) for one in found]

    def has_words(self, reading: Reading) -> bool:
        """Whether there is anything to align."""
        end = next(iter(self._tokenizers.values())).eot
        return any(token < end for token in reading.tokens)

    def _reading(self, result: Any, temperature: float) -> Reading:
        tokens = tuple(result.sequences_ids[0])
        # The score is the mean over the tokens; Whisper counts the end of the text as one more.
        avg_logprob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        text = next(iter(self._tokenizers.values())).decode(list(tokens)).strip()
        return Reading(tokens, text, avg_logprob, result.no_speech_prob, temperature)

    def _tokenizer(self, language: str, task: str) -> Any:
        known = language if language != AUTO else self.languages[0]
        if (known, task) not in self._tokenizers:
            self._tokenizers[known, task] = Tokenizer(
                self._whisper.hf_tokenizer, self._whisper.model.is_multilingual, task, known
            )
        return self._tokenizers[known, task]

    @staticmethod
    def _encoded_text(tokenizer: Any, text: str) -> list[int]:
        return list(tokenizer.encode(f" {text.strip()}")) if text.strip() else []

    def _translated(self) -> Translated:
        return Translated(self.name, *self._place)


def _words(found: list[dict[str, Any]]) -> list[Word]:
    merge_punctuations(found, _PUNCTUATION_BEFORE, _PUNCTUATION_AFTER)
    return [
        Word(
            round(1000 * float(one["start"])),
            round(1000 * float(one["end"])),
            one["word"],
            round(float(one["probability"]), 4),
        )
        for one in found
        if one["word"]
    ]
