"""Whisper's network: two convolutions and an encoder for the sound, a decoder for the text; here it can be trained."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from demo_model import vocabulary
from demo_model.features import BANDS

SOUND_PLACES, TEXT_PLACES = 1500, 448


GUIDED_HEAD = 0
"""Of the last two decoder layers. That of the last one gives words their times."""


@dataclass(frozen=True, slots=True)
class Size:
    """The measures of the network."""

    width: int = 144
    sound_layers: int = 4
    sound_heads: int = 3
    text_layers: int = 3
    text_heads: int = 4


class Attention(nn.Module):
    """Multi-head attention, as Whisper's: keys have no bias."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, states: Tensor, source: Tensor, is_causal: bool = False) -> Tensor:
        """(batch, places, width); `source` is what is looked at."""
        query, key, value = (self._split(part) for part in (self.query(states), self.key(source), self.value(source)))
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=is_causal)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def log_weights(self, states: Tensor, source: Tensor, head: int) -> Tensor:
        """(batch, places, source places): where one head looks, as logarithms."""
        part = slice(head * (width := states.shape[-1] // self.heads), (head + 1) * width)
        query, key = self.query(states)[..., part], self.key(source)[..., part]
        return (query @ key.transpose(1, 2) / math.sqrt(width)).float().log_softmax(-1)

    def _split(self, states: Tensor) -> Tensor:
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """One layer. Those of the decoder also look at the sound."""

    def __init__(self, width: int, heads: int, is_decoder: bool) -> None:
        super().__init__()
        self.attn_ln, self.attn = nn.LayerNorm(width), Attention(width, heads)
        self.is_decoder = is_decoder
        if is_decoder:
            self.cross_attn_ln, self.cross_attn = nn.LayerNorm(width), Attention(width, heads)
        self.mlp_ln = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, states: Tensor, sound: Tensor | None = None) -> Tensor:
        """(batch, places, width)"""
        return self._mixed(self._attended(states), sound)

    def with_look(self, states: Tensor, sound: Tensor) -> tuple[Tensor, Tensor]:
        """The same, and where the guided head looks."""
        states = self._attended(states)
        return self._mixed(states, sound), self.cross_attn.log_weights(self.cross_attn_ln(states), sound, GUIDED_HEAD)

    def _attended(self, states: Tensor) -> Tensor:
        """Each place has looked at the others, in the decoder at those before it."""
        normed = self.attn_ln(states)
        return states + self.attn(normed, normed, is_causal=self.is_decoder)

    def _mixed(self, states: Tensor, sound: Tensor | None) -> Tensor:
        if sound is not None:
            states = states + self.cross_attn(self.cross_attn_ln(states), sound)
        return states + self.mlp(self.mlp_ln(states))


class Network(nn.Module):
    """The whole model, and a small head that names the phone of each moment: it teaches the encoder to hear."""

    def __init__(self, size: Size, phones: int) -> None:
        super().__init__()
        width = size.width
        self.size = size
        self.conv1 = nn.Conv1d(BANDS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("sound_places", waves(vocabulary.STAMPS, width), persistent=False)
        self.sound = nn.ModuleList(Block(width, size.sound_heads, is_decoder=False) for _ in range(size.sound_layers))
        self.sound_ln = nn.LayerNorm(width)
        self.phone = nn.Linear(width, phones)
        self.words = nn.Parameter(torch.randn(vocabulary.FIRST_STAMP, width) * 0.05)
        self.stamps = nn.Parameter(torch.eye(width) * 0.07)
        self.text_places = nn.Parameter(torch.randn(TEXT_PLACES, width) * 0.01)
        self.text = nn.ModuleList(Block(width, size.text_heads, is_decoder=True) for _ in range(size.text_layers))
        self.text_ln = nn.LayerNorm(width)

    @property
    def tokens(self) -> Tensor:
        """(tokens, width): their embeddings. All time stamps learn from each: one linear map of their places."""
        return torch.cat([self.words, self.sound_places @ self.stamps])

    def encode(self, features: Tensor, shifts: Tensor) -> Tensor:
        """(batch, bands, frames) to (batch, frames / 2, width); a window begins at the place that its shift says."""
        states = functional.gelu(self.conv2(functional.gelu(self.conv1(features)))).transpose(1, 2)
        places = torch.arange(states.shape[1], device=states.device) + shifts[:, None]
        states = states + self.sound_places[places]
        for block in self.sound:
            states = block(states)
        return self.sound_ln(states)

    def decode(self, tokens: Tensor, sound: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The states that predict the next token, (batch, places, width), and where two heads look.

        One head of the last layer but one looks for the token that is read, one of the last for the token to come.
        """
        states = functional.embedding(tokens, self.tokens) + self.text_places[: tokens.shape[1]]
        for block in self.text[:-2]:
            states = block(states, sound)
        states, look_for_read = self.text[-2].with_look(states, sound)
        states, look_for_next = self.text[-1].with_look(states, sound)
        return self.text_ln(states), look_for_read, look_for_next

    def scores(self, states: Tensor) -> Tensor:
        """(..., width) to (..., tokens)"""
        return states @ self.tokens.T


def waves(places: int, width: int) -> Tensor:
    """Whisper's place embedding for sound: sines, then cosines, of wave lengths from 2π to 20,000π."""
    rates = torch.exp(-math.log(10000.0) / (width // 2 - 1) * torch.arange(width // 2))
    angles = torch.arange(places)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)
