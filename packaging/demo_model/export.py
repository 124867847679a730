"""The averaged network as a CTranslate2 folder that faster-whisper loads."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from ctranslate2.specs.whisper_spec import WhisperSpec
from torch.optim.swa_utils import AveragedModel

from demo_model import vocabulary
from demo_model.clips import CACHE
from demo_model.features import BANDS
from demo_model.network import GUIDED_HEAD, SOUND_PLACES, Network
from demo_model.training import CHECKPOINT, SIZE

FOLDER = CACHE / "export"
FORM = "int8_float16"
"""Matrices as 8-bit integers, the rest as 16-bit floats: half of what CTranslate2's int8 would take for that rest."""
_PREPROCESSOR = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": BANDS,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480_000,
    "nb_max_frames": 3000,
    "sampling_rate": 16_000,
}

Weights = dict[str, npt.NDArray[np.float32]]


def averaged_network() -> Network:
    """The running average of the last checkpoint."""
    state = torch.load(CHECKPOINT, map_location="cpu")["average"]
    average = AveragedModel(Network(SIZE, phones=len(state["module.phone.bias"])))
    average.load_state_dict(state)
    return average.module.eval()


def write(folder: Path, form: str = FORM) -> None:
    """Write the model; `form` is CTranslate2's name of a quantization, or float32."""
    network = averaged_network()
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    weights["tokens"] = network.tokens.detach().numpy()
    weights["sound_places"] = network.sound_places[:SOUND_PLACES].numpy()
    spec = WhisperSpec(SIZE.sound_layers, SIZE.sound_heads, SIZE.text_layers, SIZE.text_heads)
    _fill(spec, weights)
    spec.register_vocabulary(vocabulary.TOKENS)
    # Nothing is suppressed at the beginning: the end is the right answer to silence.
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids = list(vocabulary.LANGUAGES.values())
    spec.config.alignment_heads = [[SIZE.text_layers - 1, GUIDED_HEAD]]
    spec.validate()
    spec.optimize(quantization=None if form == "float32" else form)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary.TOKENS, ensure_ascii=False), encoding="utf-8")
    vocabulary.write_tokenizer(folder / "tokenizer.json")
    (folder / "preprocessor_config.json").write_text(f"{json.dumps(_PREPROCESSOR, indent=1)}\n", encoding="utf-8")


def _fill(spec: Any, weights: Weights) -> None:
    sound, text = spec.encoder, spec.decoder
    for number in (1, 2):
        _linear(getattr(sound, f"conv{number}"), weights, f"conv{number}")
    sound.position_encodings.encodings = weights["sound_places"]
    _norm(sound.layer_norm, weights, "sound_ln")
    text.embeddings.weight = text.projection.weight = weights["tokens"]
    text.position_encodings.encodings = weights["text_places"]
    _norm(text.layer_norm, weights, "text_ln")
    for number, layer in enumerate(sound.layer):
        _block(layer, weights, f"sound.{number}")
    for number, layer in enumerate(text.layer):
        _block(layer, weights, f"text.{number}")
        across, name = layer.attention, f"text.{number}.cross_attn"
        _norm(across.layer_norm, weights, f"{name}_ln")
        _joined(across.linear[0], weights, name, ("query",))
        _joined(across.linear[1], weights, name, ("key", "value"))
        _linear(across.linear[2], weights, f"{name}.out")


def _block(layer: Any, weights: Weights, name: str) -> None:
    within = layer.self_attention
    _norm(within.layer_norm, weights, f"{name}.attn_ln")
    _joined(within.linear[0], weights, f"{name}.attn", ("query", "key", "value"))
    _linear(within.linear[1], weights, f"{name}.attn.out")
    _norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")
    _linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")


def _joined(spec: Any, weights: Weights, name: str, parts: tuple[str, ...]) -> None:
    """CTranslate2 multiplies once for what is a matrix each in the paper; keys have no bias."""
    spec.weight = np.concatenate([weights[f"{name}.{part}.weight"] for part in parts])
    none = np.zeros(SIZE.width, np.float32)
    spec.bias = np.concatenate([weights.get(f"{name}.{part}.bias", none) for part in parts])


def _linear(spec: Any, weights: Weights, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
