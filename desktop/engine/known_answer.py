"""A tiny model whose answer is known: a device that says anything else is not to be trusted with a real one.

It is made in memory, has Whisper's architecture and needs all of it: the convolutions and the encoder turn the sound
into a mark, cross-attention carries the mark into the decoder, and only where it arrives does the feed-forward layer
lead from each token to the next. Tokens are rows of a Hadamard matrix: of equal length, at right angles to each other
and without a mean, so that the layer norms leave them as they are and coarse numbers are as good as fine ones.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import time
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from ctranslate2.specs.whisper_spec import WhisperSpec

from desktop.core import errors
from desktop.core.i18n import _
from desktop.engine import hardware
from desktop.engine.failures import Translated

Array = npt.NDArray[np.float32]

WIDTH, HEADS, BANDS, FRAMES = 64, 2, 80, 200
PROMPT = ("<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>")
SENTENCE = ("every", "part", "of", "this", "device", "works")
END = "<|endoftext|>"
OTHERS = ("<|translate|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|0.00|>", "not")
TOKENS = (END, *PROMPT, *OTHERS, *SENTENCE)
MARK, PASSED = WIDTH - 1, WIDTH - 2
"""The rows that stand for "sound was heard" and for "the encoder attended to it"."""


def prove(device: str, compute_type: str) -> int:
    """Let the tiny model speak; the milliseconds that it took. Raises AppError when it fails or says something else."""
    began = time.monotonic()
    try:
        with Translated(_("Self-test"), device, compute_type):
            said = _said(device, compute_type)
    except errors.ModelBroken as error:  # it is not
        raise errors.CudaFailed(reason=str(error.facts["reason"])) from error
    if said != SENTENCE:
        reason = _("it said “{said}” instead of “{sentence}”.")
        reason = reason.format(said=" ".join(said) or "…", sentence=" ".join(SENTENCE))
        raise errors.DeviceUnusable(device=device, compute_type=compute_type, reason=reason)
    return round(1000 * (time.monotonic() - began))


def isa() -> str:
    """The set of instructions that CTranslate2 chose for the processor; empty when it does not tell.

    It tells it in its log only, once in a process, when it loads the first model.
    """
    before = ctranslate2.get_log_level()
    ctranslate2.set_log_level(logging.INFO)
    kept = os.dup(2)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 2)
            try:
                _model("cpu", "default")
            finally:
                os.dup2(kept, 2)
            file.seek(0)
            found = re.search(rb"Selected ISA: (\w+)", file.read())
    finally:
        os.close(kept)
        ctranslate2.set_log_level(before)
    return found[1].decode() if found else ""


def _said(device: str, compute_type: str) -> tuple[str, ...]:
    sound = ctranslate2.StorageView.from_array(np.ones((1, BANDS, FRAMES), np.float32))
    model = _model(device, compute_type)
    (result,) = model.generate(sound, [list(PROMPT)], beam_size=2, max_length=4 * len(SENTENCE))
    return tuple(result.sequences[0])


def _model(device: str, compute_type: str) -> Any:
    kind, index = hardware.place(device)
    return ctranslate2.models.Whisper(
        "known-answer", device=kind, device_index=index, compute_type=compute_type, intra_threads=1, files=_files()
    )


@cache
def _files() -> dict[str, bytes]:
    spec = WhisperSpec(1, HEADS, 1, HEADS)
    _fill(spec)
    spec.register_vocabulary(list(TOKENS))
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [TOKENS.index("<|en|>")]
    spec.config.alignment_heads = [[0, 0]]
    spec.validate()
    spec.optimize()
    with tempfile.TemporaryDirectory(prefix="undertone-") as folder:  # the library writes files only
        spec.save(folder)
        return {one.name: one.read_bytes() for one in Path(folder).iterdir()}


def _fill(spec: WhisperSpec) -> None:
    rows = hadamard(WIDTH)
    sound, text = spec.encoder, spec.decoder
    # Positive numbers pass a GELU as they are, so the mark goes through both convolutions as tens and zeros.
    first = np.zeros((WIDTH, BANDS, 3), np.float32)
    first[:, :, 1] = 10 * (rows[MARK] > 0)[:, None] / BANDS
    second = np.zeros((WIDTH, WIDTH, 3), np.float32)
    second[:, :, 1] = np.eye(WIDTH)
    for conv, weight in ((sound.conv1, first), (sound.conv2, second)):
        conv.weight, conv.bias = weight, _zeros(WIDTH)
    sound.position_encodings.encodings = _zeros(FRAMES // 2, WIDTH)
    _norm(sound.layer_norm)
    (layer,) = sound.layer
    _attention(layer.self_attention, _leading(rows[MARK], rows[PASSED]), within=True)
    _feed_forward(layer.ffn, _zeros(4 * WIDTH, WIDTH), _zeros(4 * WIDTH), _zeros(WIDTH, 4 * WIDTH))

    text.embeddings.weight = text.projection.weight = rows[1 : len(TOKENS) + 1]
    text.position_encodings.encodings = _zeros(4 * len(TOKENS), WIDTH)
    text.scale_embeddings = False
    _norm(text.layer_norm)
    (layer,) = text.layer
    _attention(layer.self_attention, _zeros(WIDTH, WIDTH), within=True)
    # What comes out of the encoder is both rows, after the norm each divided by √2.
    _attention(layer.attention, np.float32(2**0.5) * _leading(rows[PASSED], rows[MARK]), within=False)
    _feed_forward(layer.ffn, *_chain(rows))


def _chain(rows: Array) -> tuple[Array, Array, Array]:
    """From each token that was heard with the mark to the one that follows it."""
    into, biases, out = _zeros(4 * WIDTH, WIDTH), _zeros(4 * WIDTH), _zeros(WIDTH, 4 * WIDTH)
    script = [TOKENS.index(token) for token in (PROMPT[-1], *SENTENCE, END)]
    # Token plus mark have length √2 before the norm: each is found with 1/√2, together √2, alone not enough.
    for number, (here, there) in enumerate(pairwise(script)):
        into[number] = 40 * (rows[here + 1] + rows[MARK]) / WIDTH
        biases[number] = -40
        out[:, number] = rows[there + 1] / 2
    return into, biases, out


def _leading(here: Array, there: Array) -> Array:
    """The matrix that makes one row of another."""
    return np.outer(there, here) / np.float32(WIDTH)


def _attention(spec: object, values: Array, within: bool) -> None:
    """Looks at everything alike."""
    eye, none = np.eye(WIDTH, dtype=np.float32), _zeros(WIDTH, WIDTH)
    look, *rest = spec.linear  # type: ignore[attr-defined]
    _norm(spec.layer_norm)  # type: ignore[attr-defined]
    if within:
        look.weight, look.bias = np.concatenate([none, none, values]), _zeros(3 * WIDTH)
    else:
        look.weight, look.bias = none, _zeros(WIDTH)
        rest[0].weight, rest[0].bias = np.concatenate([none, values]), _zeros(2 * WIDTH)
    rest[-1].weight, rest[-1].bias = eye, _zeros(WIDTH)


def _feed_forward(spec: object, into: Array, biases: Array, out: Array) -> None:
    _norm(spec.layer_norm)  # type: ignore[attr-defined]
    spec.linear_0.weight, spec.linear_0.bias = into, biases  # type: ignore[attr-defined]
    spec.linear_1.weight, spec.linear_1.bias = out, _zeros(WIDTH)  # type: ignore[attr-defined]


def _norm(spec: object) -> None:
    spec.gamma, spec.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)  # type: ignore[attr-defined]


def _zeros(*shape: int) -> Array:
    return np.zeros(shape, np.float32)


def hadamard(size: int) -> Array:
    """Sylvester's: rows of ±1 at right angles to each other; all but the first have as many of each."""
    rows = np.ones((1, 1), np.float32)
    while len(rows) < size:
        rows = np.block([[rows, rows], [rows, -rows]]).astype(np.float32)
    return rows
