"""The figures of an exported model, all measured on new sentences by new voices."""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import soundfile
from faster_whisper import WhisperModel

from demo_model import export, recordings, sentences, voices
from demo_model.card import Figure
from demo_model.recordings import Recording
from demo_model.scoring import HeardSegment, HeardWord, Score, plain, score, word_errors
from demo_model.speech import RATE_HZ, Samples

SINGLE_SENTENCES = 60
LONG_MINUTES = 10
QUIET_KINDS = ("zeros", "white", "pink", "tone", "melody", "hum")


def measure(folder: Path, is_brief: bool = False) -> Iterator[Figure]:
    """All figures, each as soon as it is there; a look at the training needs only a sixth of the sound."""
    part = 1 / 6 if is_brief else 1.0
    count, minutes = round(SINGLE_SENTENCES * part), max(2.0, LONG_MINUTES * part)
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
    yield "multilingual", str(model.model.is_multilingual), "True"
    yield from _sentences(model, count)
    yield from _long(model, folder, recordings.long(7, minutes))
    yield from _quiet(model, minutes)
    yield from _languages(model, count)
    yield from _mixed(model, minutes / 2)
    yield from _as_float(model, count)


def _sentences(model: WhisperModel, count: int) -> Iterator[Figure]:
    for variant in voices.HELD_OUT_VARIANTS:
        voice = partial(voices.held_out_voice, language="en", variants=(variant,))
        yield f"word errors, espeak-ng {variant}", _percent(_single_errors(model, "en", voice, count)), "4 %"
    errors = _single_errors(model, "en", voices.held_out_flite_voice, 2 * count)
    yield "word errors, flite awb", _percent(errors), "15 %"


def _single_errors(
    model: WhisperModel, language: str, voice: Callable[[random.Random], Any], count: int, task: str = "transcribe"
) -> float:
    pairs = []
    for seed in range(count):
        recording = recordings.single(seed, language, voice)
        said = recording.said[0].sentence
        heard = _text(model, recording.samples, language=language, task=task)
        pairs.append((said.english if task == "translate" else said.text, heard))
    return word_errors(pairs)


def _long(model: WhisperModel, folder: Path, recording: Recording) -> Iterator[Figure]:
    name = f"{recording.duration_s / 60:.0f} min"
    for how, options in (
        ("without text before", {"condition_on_previous_text": False}),
        ("with text before", {"condition_on_previous_text": True}),
        ("speech filter", {"condition_on_previous_text": False, "vad_filter": True}),
    ):
        heard = _heard(model, recording.samples, language="en", **options)
        yield from _long_figures(f"{name}, {how}", score(recording, heard))
    timed = _heard(model, recording.samples, language="en", word_timestamps=True, condition_on_previous_text=False)
    result = score(recording, timed)
    yield f"{name}, word times: median, p95", _times(result.word_times), "120 ms"
    yield f"{name}, sentence times from words", _times(result.sentence_times), "60 ms, 200 ms"
    for mode in ("fast", "precise"):
        heard = _undertone(folder, recording.samples, "--language", "en", "--mode", mode)
        result = score(recording, heard)
        yield from _long_figures(f"{name}, undertone {mode}", result)
        yield f"{name}, undertone {mode}, word times", _times(result.word_times), "120 ms"


def _long_figures(name: str, result: Score) -> Iterator[Figure]:
    yield f"{name}: word errors", _percent(result.word_errors), "6 %"
    yield f"{name}: sentences lost", f"{result.lost_sentences} of {result.sentences}", "0"
    yield f"{name}: sentences mostly misheard", f"{result.misheard_sentences} of {result.sentences}", ""
    yield f"{name}: sentence times, median, p95", _times(result.sentence_times), "60 ms, 200 ms"


def _quiet(model: WhisperModel, minutes: float) -> Iterator[Figure]:
    for kind in QUIET_KINDS:
        sound = recordings.without_speech(3, kind, minutes)
        texts = [_text(model, sound, language=language) for language in ("en", None)]
        yield f"{minutes:.0f} min of {kind}: words", str(sum(len(plain(text)) for text in texts)), "0"


def _languages(model: WhisperModel, count: int) -> Iterator[Figure]:
    right = total = 0
    for language in sentences.LANGUAGES:
        voice = partial(voices.held_out_voice, language=language)
        for seed in range(count):
            found, _, _ = model.detect_language(recordings.single(1000 + seed, language, voice).samples)
            right, total = right + (found == language), total + 1
        if language != "en":
            errors = _single_errors(model, language, voice, count)
            yield f"word errors, {language}, new voices", _percent(errors), ""
            errors = _single_errors(model, language, voice, count, task="translate")
            yield f"word errors of the translation from {language}", _percent(errors), "15 %"
    yield "language right", _percent(right / total), "97 %"


def _mixed(model: WhisperModel, minutes: float) -> Iterator[Figure]:
    recording = recordings.long(11, minutes, ("en", "de", "fr", "es"), (0.3, 1.0))
    heard = _heard(model, recording.samples, multilingual=True, condition_on_previous_text=False)
    yield f"{minutes:.0f} min of four languages in turn: word errors", _percent(score(recording, heard).word_errors), ""


def _as_float(model: WhisperModel, count: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        export.write(Path(folder), "float32")
        exact = WhisperModel(folder, device="cpu", compute_type="float32", cpu_threads=2)
    voice = partial(voices.held_out_voice, language="en")
    first, second = (_single_errors(one, "en", voice, 3 * count) for one in (exact, model))
    yield "word errors, float32 and int8", f"{_percent(first)}, {_percent(second)}", "1 point more"


def _text(model: WhisperModel, samples: Samples, **options: Any) -> str:
    return " ".join(segment.text for segment in model.transcribe(samples, **options)[0])


def _heard(model: WhisperModel, samples: Samples, **options: Any) -> list[HeardSegment]:
    found = []
    for segment in model.transcribe(samples, **options)[0]:
        if segment.words:
            words = tuple(HeardWord(word.word, (word.start, word.end)) for word in segment.words)
        else:
            words = tuple(HeardWord(text, (segment.start, segment.end)) for text in segment.text.split())
        found.append(HeardSegment((segment.start, segment.end), words))
    return found


def _undertone(folder: Path, samples: Samples, *options: str) -> list[HeardSegment]:
    """What the program itself makes of the recording, from its JSON file."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place, "talk.flac")
        soundfile.write(source, samples, RATE_HZ, subtype="PCM_16")
        command = [str(Path(sys.executable).with_name("undertone")), "transcribe", str(source), "--model", str(folder)]
        command += ["--format", "json", "--output-dir", place, "--again", "--quiet", *options]
        homes = {f"XDG_{kind}_HOME": str(Path(place, kind)) for kind in ("DATA", "CONFIG", "STATE")}
        subprocess.run(command, check=True, env={"PATH": "/usr/bin:/bin", **homes}, stdout=subprocess.DEVNULL)
        record = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
    return [
        HeardSegment(
            (segment["start_ms"] / 1000, segment["end_ms"] / 1000),
            tuple(HeardWord(one["text"], (one["start_ms"] / 1000, one["end_ms"] / 1000)) for one in segment["words"]),
        )
        for segment in record["segments"]
    ]


def _times(times: Any) -> str:
    return f"{times.median:.0f} ms, {times.p95:.0f} ms"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
