"""Checkpoints of Transformers become models of CTranslate2, with its own converter, in a process of their own.

It takes torch and transformers, which the extra `convert` brings; the program itself never loads them.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.ports import StopFlag
from desktop.engine.holding import WEIGHTS

QUANTIZATIONS = ("float16", "int8", "int8_float16", "float32", "bfloat16")
COPIED = ("tokenizer.json", "preprocessor_config.json")
SAFE, PICKLED = ".safetensors", ".bin"
MOST_LETTERS = 300
LOOK_EVERY_S = 0.1


def is_checkpoint(names: Sequence[str]) -> bool:
    """Whether these are the files of a checkpoint, and not of a model that is ready."""
    return WEIGHTS not in names and "config.json" in names and any(_is_weights(name) for name in names)


def needed(names: Sequence[str]) -> set[str]:
    """What the converter reads of it: one kind of weights, and the small files."""
    kind = SAFE if any(name.endswith(SAFE) and _is_weights(name) for name in names) else PICKLED
    small = {name for name in names if name.endswith((".json", ".txt", ".model")) and "/" not in name}
    return small | {name for name in names if _is_weights(name) and name.endswith(kind)}


def check_possible(name: str) -> None:
    """Raises ConverterMissing without the extra."""
    if not (find_spec("torch") and find_spec("transformers")):
        raise errors.ConverterMissing(name=name)


def convert(source: Path, target: Path, name: str, quantization: str, stop: StopFlag) -> bool:
    """Make the model; whether it is there: False when stopped. Raises ConversionFailed."""
    if quantization not in QUANTIZATIONS:
        raise errors.BadOption(value=quantization, option=_("quantisation"), possible=", ".join(QUANTIZATIONS))
    _check_kind(source, name)
    log = target.with_suffix(".log")
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(source, target, quantization, log), daemon=True
    )
    process.start()
    try:
        while process.exitcode is None:
            if stop.is_set():
                return False
            process.join(LOOK_EVERY_S)
        if process.exitcode:
            raise errors.ConversionFailed(name=name, reason=_reason(log))
    finally:
        process.kill()
        process.join()
        process.close()
    return True


def _reason(log: Path) -> str:
    """The last line of a traceback says what it was."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1][:MOST_LETTERS] if lines else _("the converter died, perhaps for want of memory")


def _is_weights(name: str) -> bool:
    return "/" not in name and name.startswith(("model", "pytorch_model")) and name.endswith((SAFE, PICKLED))


def _check_kind(source: Path, name: str) -> None:
    try:
        config = json.loads((source / "config.json").read_text(encoding="utf-8"))
        kind = str(config.get("model_type", "?"))
    except (OSError, ValueError, AttributeError) as error:
        raise errors.ConversionFailed(name=name, reason=_("{file} is damaged").format(file="config.json")) from error
    if kind != "whisper":
        raise errors.ConversionFailed(name=name, reason=_("it is no Whisper model, but a {kind}").format(kind=kind))


def _work(source: Path, target: Path, quantization: str, log: Path) -> None:
    """The process. What it says goes into `log`; a failure is the end of it."""
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    sys.stdout = sys.stderr = log.open("w", encoding="utf-8")
    from ctranslate2.converters import TransformersConverter

    present = [file for file in COPIED if (source / file).is_file()]
    converter = TransformersConverter(str(source), copy_files=present, low_cpu_mem_usage=True)
    converter.convert(str(target), quantization=quantization, force=True)
    if "tokenizer.json" not in present:
        from transformers import WhisperTokenizerFast

        WhisperTokenizerFast.from_pretrained(str(source)).backend_tokenizer.save(str(target / "tokenizer.json"))
