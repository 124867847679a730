"""One set of weights in the three forms that are read: CTranslate2 folder, OpenAI checkpoint, ggml file."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from desktop.benchmark.weights import SIZES, SOUND_PLACES, TEXT_PLACES, Array, RandomWeights, Size

GGML_MAGIC = 0x67676D6C
FLOAT32, FLOAT16 = 0, 1
WINDOW = {
    "chunk_length": 30,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480000,
    "nb_max_frames": 3000,
    "sampling_rate": 16000,
    "feature_extractor_type": "WhisperFeatureExtractor",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A random model of a size, in one of the three forms. `sure`: it trusts its own text, so nobody tries again."""

    size: str
    form: str
    sure: bool = True

    def place(self, folder: Path) -> Path:
        """Where it lies, or will lie."""
        name = self.size if self.sure else f"{self.size}-unsure"
        return folder / {"ctranslate2": name, "openai": f"{name}.pt", "ggml": f"{name}.ggml"}[self.form]

    def make(self, folder: Path) -> Path:
        """Write it, whole or not at all, unless it is there."""
        place = self.place(folder)
        if not place.exists():
            weights = RandomWeights(SIZES[self.size], sure=self.sure)
            unfinished = place.with_name(f"{place.name}.part")
            unfinished.parent.mkdir(parents=True, exist_ok=True)
            WRITERS[self.form](weights, unfinished)
            unfinished.replace(place)
        return place


def write_ctranslate2(weights: RandomWeights, folder: Path, quantization: str = "float16") -> None:
    """Write a folder that `faster_whisper.WhisperModel` loads. Most models are handed round as float16."""
    from ctranslate2.specs.whisper_spec import WhisperSpec

    size, vocabulary = weights.size, weights.vocabulary
    spec = WhisperSpec(size.sound_layers, size.heads, size.text_layers, size.heads)
    _fill(spec, weights)
    spec.register_vocabulary(vocabulary.tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [vocabulary.number(" "), vocabulary.number("<|endoftext|>")]
    spec.config.lang_ids = [vocabulary.number(f"<|{code}|>") for code in vocabulary.languages]
    # OpenAI's choice for a model whose heads nobody has looked at.
    aligned = range(size.text_layers // 2, size.text_layers)
    spec.config.alignment_heads = [[layer, head] for layer in aligned for head in range(size.heads)]
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    vocabulary.write_tokenizer(folder / "tokenizer.json")
    preprocessor = json.dumps(WINDOW | {"feature_size": size.bands}, indent=1)
    (folder / "preprocessor_config.json").write_text(preprocessor, encoding="utf-8")


def write_openai(weights: RandomWeights, path: Path) -> None:
    """Write a checkpoint that `whisper.load_model` reads; needs torch. OpenAI's own hold float16 as well."""
    import torch

    tensors = {name: torch.from_numpy(values.astype(np.float16)) for name, values in weights.items()}
    torch.save({"dims": dimensions(weights.size), "model_state_dict": tensors}, path)


def write_ggml(weights: RandomWeights, path: Path) -> None:
    """Write the file that whisper.cpp reads: measures, mel filters, text tokens, tensors as 16-bit floats."""
    with path.open("wb") as file:
        file.write(struct.pack("<i", GGML_MAGIC))
        file.write(struct.pack("<11i", *(dimensions(weights.size)[name] for name in GGML_ORDER), FLOAT16))
        filters = _mel_filters(weights.size.bands)
        file.write(struct.pack("<2i", *filters.shape))
        filters.tofile(file)
        tokens = weights.vocabulary.raw
        file.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            file.write(struct.pack("<i", len(token)) + token)
        for name, values in weights.items():
            _write_tensor(file, name, values)


GGML_ORDER = (
    "n_vocab n_audio_ctx n_audio_state n_audio_head n_audio_layer "
    "n_text_ctx n_text_state n_text_head n_text_layer n_mels"
).split()


def dimensions(size: Size) -> dict[str, int]:
    """The measures under the names that OpenAI's code gives them."""
    return {
        "n_mels": size.bands,
        "n_vocab": size.vocabulary_size,
        "n_audio_ctx": SOUND_PLACES,
        "n_audio_state": size.width,
        "n_audio_head": size.heads,
        "n_audio_layer": size.sound_layers,
        "n_text_ctx": TEXT_PLACES,
        "n_text_state": size.width,
        "n_text_head": size.heads,
        "n_text_layer": size.text_layers,
    }


def _write_tensor(file: BinaryIO, name: str, values: Array) -> None:
    if name.startswith("encoder.conv") and name.endswith(".bias"):
        values = values.reshape(-1, 1)  # whisper.cpp adds it to a plane
    small = values.ndim < 2 or name.endswith(("conv1.bias", "conv2.bias", "positional_embedding"))
    label = name.encode()
    file.write(struct.pack("<3i", values.ndim, len(label), FLOAT32 if small else FLOAT16))
    file.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)) + label)
    values.astype(np.float32 if small else np.float16).tofile(file)


def _mel_filters(bands: int) -> Array:
    from faster_whisper.feature_extractor import FeatureExtractor

    filters: Array = FeatureExtractor(feature_size=bands).mel_filters.astype(np.float32)
    return filters


def _fill(spec: Any, weights: RandomWeights) -> None:
    sound, text = spec.encoder, spec.decoder
    for number in (1, 2):
        _linear(getattr(sound, f"conv{number}"), weights, f"encoder.conv{number}")
    sound.position_encodings.encodings = weights["encoder.positional_embedding"]
    _norm(sound.layer_norm, weights, "encoder.ln_post")
    for number, layer in enumerate(sound.layer):
        _block(layer, weights, f"encoder.blocks.{number}")
    text.embeddings.weight = text.projection.weight = weights["decoder.token_embedding.weight"]
    text.position_encodings.encodings = weights["decoder.positional_embedding"]
    _norm(text.layer_norm, weights, "decoder.ln")
    for number, layer in enumerate(text.layer):
        _block(layer, weights, f"decoder.blocks.{number}")
        across = layer.attention
        _norm(across.layer_norm, weights, f"decoder.blocks.{number}.cross_attn_ln")
        _joined(across.linear[0], weights, f"decoder.blocks.{number}.cross_attn", ("query",))
        _joined(across.linear[1], weights, f"decoder.blocks.{number}.cross_attn", ("key", "value"))
        _linear(across.linear[2], weights, f"decoder.blocks.{number}.cross_attn.out")


def _block(layer: Any, weights: RandomWeights, name: str) -> None:
    within = layer.self_attention
    _norm(within.layer_norm, weights, f"{name}.attn_ln")
    _joined(within.linear[0], weights, f"{name}.attn", ("query", "key", "value"))
    _linear(within.linear[1], weights, f"{name}.attn.out")
    _norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")
    _linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")


def _joined(spec: Any, weights: RandomWeights, name: str, parts: tuple[str, ...]) -> None:
    """CTranslate2 multiplies once for what is a matrix each in the paper; keys have no bias."""
    spec.weight = np.concatenate([weights[f"{name}.{part}.weight"] for part in parts])
    none = np.zeros(weights.size.width, np.float32)
    spec.bias = np.concatenate([weights.get(f"{name}.{part}.bias", none) for part in parts])


def _linear(spec: Any, weights: RandomWeights, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(spec: Any, weights: RandomWeights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


WRITERS: dict[str, Callable[[RandomWeights, Path], None]] = {
    "ctranslate2": write_ctranslate2,
    "openai": write_openai,
    "ggml": write_ggml,
}
