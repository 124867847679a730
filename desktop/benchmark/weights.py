"""Tensors of the exact shapes of Whisper's models: random but the same everywhere, or such that say a sentence."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from desktop.benchmark.vocabulary import Vocabulary

Array = npt.NDArray[np.float32]
Shape = tuple[int, ...]

SOUND_PLACES = 1500
TEXT_PLACES = 448
SPREAD = 0.02
PLACE_SPREAD = 0.5
"""So large that each place has another best token: without it a model of random weights repeats one for ever."""
SURE_SPREAD = 12.0
"""Of the logits: the best of 50,000 such tokens has a probability of about 0.9."""
HUSH = 4.0
HUSHED_BY = 10.0


@dataclass(frozen=True, slots=True)
class Size:
    """The measures of one of Whisper's models."""

    width: int
    heads: int
    sound_layers: int
    text_layers: int
    bands: int = 80
    languages: int = 99

    @property
    def vocabulary_size(self) -> int:
        """How many tokens it knows."""
        return 51766 + self.languages


SIZES = {
    "micro": Size(64, 2, 1, 1),
    "tiny": Size(384, 6, 4, 4),
    "base": Size(512, 8, 6, 6),
    "small": Size(768, 12, 12, 12),
    "medium": Size(1024, 16, 24, 24),
    "large-v2": Size(1280, 20, 32, 32),
    "large-v3": Size(1280, 20, 32, 32, bands=128, languages=100),
    "turbo": Size(1280, 20, 32, 4, bands=128, languages=100),
}


class RandomWeights(Mapping[str, Array]):
    """The tensors by the names that OpenAI's checkpoints give them, each made when it is asked for.

    Such a model writes noise at the cost of the real one. It never ends a text by itself: along the first axis the
    decoder's last norm puts the same value into every state, and the tokens that it must not say lie far on the other
    side. So whoever runs it decodes up to the limit of tokens, and all do the same work.
    """

    def __init__(self, size: Size, seed: int = 0, sure: bool = True) -> None:
        self.size = size
        self.vocabulary = Vocabulary(size.languages)
        self._seed = seed
        self._sure = sure

    def __getitem__(self, name: str) -> Array:
        shape = self.shapes[name]
        if name == "encoder.positional_embedding":
            return waves(*shape)
        if name == "decoder.positional_embedding":
            return self._noise(name, shape) * np.float32(PLACE_SPREAD / SPREAD)
        if name == "decoder.token_embedding.weight":
            return self._embedding(shape)
        return self._level(name, shape) if _is_norm(name) or name.endswith(".bias") else self._noise(name, shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shape of each tensor."""
        return dict(_shapes(self.size))

    def _level(self, name: str, shape: Shape) -> Array:
        """Norms leave as it is what they get, and nothing is added, but for the last norm."""
        is_last = name.startswith("decoder.ln.")
        if name.endswith(".bias"):
            return _with_first(np.zeros(shape, np.float32), HUSHED_BY if is_last else 0.0)
        if not is_last:
            return np.ones(shape, np.float32)
        gain = SURE_SPREAD / (SPREAD * self.size.width**0.5) if self._sure else 1.0
        return _with_first(np.full(shape, gain, np.float32), 0.0)

    def _embedding(self, shape: Shape) -> Array:
        table = self._noise("decoder.token_embedding.weight", shape)
        table[:, 0] = 0.0
        table[self.vocabulary.silent] = 0.0
        table[self.vocabulary.silent, 0] = -HUSH
        # Where a time stamp has to be first, it is this one: then nobody takes the window for a short one.
        table[self.vocabulary.stamp(0.0), 0] = -HUSH * 0.9
        return table

    def _noise(self, name: str, shape: Shape) -> Array:
        random = np.random.default_rng((self._seed, zlib.crc32(name.encode())))
        return random.standard_normal(shape, np.float32) * np.float32(SPREAD)


class ScriptedWeights(RandomWeights):
    """A model that says one sentence whatever it hears.

    No layer adds anything to what it is given, and the decoder's place embedding is the token to say next.
    """

    def __init__(self, sentence: str, seconds: float = 4.0, size: Size = SIZES["micro"], language: str = "en") -> None:
        super().__init__(size)
        words = [f" {word}" for word in sentence.split()]
        self.vocabulary = Vocabulary(size.languages, tuple(words))
        number = self.vocabulary.number
        self._script = [number(f"<|{language}|>"), number("<|transcribe|>"), self.vocabulary.stamp(0.0)]
        self._script += [*map(number, words), self.vocabulary.stamp(seconds), number("<|endoftext|>")]

    def __getitem__(self, name: str) -> Array:
        shape = self.shapes[name]
        if name == "decoder.token_embedding.weight":
            table = self._noise(name, shape)
            unit: Array = table / np.linalg.norm(table, axis=1, keepdims=True)
            return unit
        if name == "decoder.positional_embedding":
            script = self._script + [self._script[-1]] * (TEXT_PLACES - len(self._script))
            return np.float32(20.0) * self["decoder.token_embedding.weight"][script]
        if name == "decoder.ln.weight":
            return np.full(shape, 4.0, np.float32)
        if name == "decoder.ln.bias" or name.endswith((".out.weight", ".mlp.2.weight")):
            return np.zeros(shape, np.float32)
        return super().__getitem__(name)


def waves(places: int, width: int) -> Array:
    """Whisper's place embedding for sound: sines, then cosines, of wave lengths from 2π to 20,000π."""
    rates = np.exp(-np.log(10000.0) / (width // 2 - 1) * np.arange(width // 2))
    angles = np.outer(np.arange(places), rates)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def _shapes(size: Size) -> Iterator[tuple[str, Shape]]:
    width = size.width
    yield "encoder.positional_embedding", (SOUND_PLACES, width)
    yield from _linear("encoder.conv1", (width, size.bands, 3))
    yield from _linear("encoder.conv2", (width, width, 3))
    for layer in range(size.sound_layers):
        yield from _block(f"encoder.blocks.{layer}", width, ("attn",))
    yield from _norm("encoder.ln_post", width)
    yield "decoder.positional_embedding", (TEXT_PLACES, width)
    yield "decoder.token_embedding.weight", (size.vocabulary_size, width)
    for layer in range(size.text_layers):
        yield from _block(f"decoder.blocks.{layer}", width, ("attn", "cross_attn"))
    yield from _norm("decoder.ln", width)


def _block(name: str, width: int, attentions: tuple[str, ...]) -> Iterator[tuple[str, Shape]]:
    for attention in attentions:
        for part in ("query", "key", "value", "out"):
            shapes = _linear(f"{name}.{attention}.{part}", (width, width))
            yield from ((one, shape) for one, shape in shapes if not one.endswith("key.bias"))
        yield from _norm(f"{name}.{attention}_ln", width)
    yield from _linear(f"{name}.mlp.0", (4 * width, width))
    yield from _linear(f"{name}.mlp.2", (width, 4 * width))
    yield from _norm(f"{name}.mlp_ln", width)


def _linear(name: str, shape: Shape) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", shape
    yield f"{name}.bias", shape[:1]


def _norm(name: str, width: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (width,)
    yield f"{name}.bias", (width,)


def _is_norm(name: str) -> bool:
    return name.split(".")[-2].endswith(("ln", "ln_post"))


def _with_first(values: Array, first: float) -> Array:
    values[0] = first
    return values
