"""Windows as tensors, all of a batch together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from demo_model import features
from demo_model.scripts import IGNORED, Script
from demo_model.vocabulary import END, STEP_S
from demo_model.windows import Window


@dataclass(frozen=True, slots=True)
class Batch:
    """What the network gets, and what it shall answer."""

    features: Tensor
    shifts: Tensor
    phones: Tensor
    tokens: Tensor
    targets: Tensor
    """(windows, places): at each place the token to predict, which is the next one."""
    spans: Tensor
    """(windows, places + 1, 2): first step of the sound that a token is about, and the one after the last; -1: none."""


def stacked(examples: Sequence[Window]) -> Batch:
    """One batch; texts are filled up with ends that nobody has to predict."""
    samples = torch.from_numpy(np.stack([one.samples for one in examples]))
    colours = torch.from_numpy(np.stack([one.colour for one in examples]))
    mel = features.log_mel(samples, colours, torch.tensor([one.peak for one in examples]))
    for row, one in enumerate(examples):
        mel[row, :, one.frames :] = 0
    longest = max(len(one.script.tokens) for one in examples)
    steps = mel.shape[2] // 2
    return Batch(
        features=mel,
        shifts=torch.tensor([one.shift for one in examples]),
        phones=torch.from_numpy(np.stack([one.phones for one in examples])),
        tokens=_filled([one.script.tokens for one in examples], longest, END)[:, :-1],
        targets=_filled([one.script.targets for one in examples], longest, IGNORED)[:, 1:],
        spans=torch.tensor([_spans(one.script, longest, steps) for one in examples]),
    )


def _filled(rows: Sequence[Sequence[int]], longest: int, filling: int) -> Tensor:
    return torch.tensor([[*row, *[filling] * (longest - len(row))] for row in rows])


def _spans(script: Script, longest: int, steps: int) -> list[tuple[int, int]]:
    found = []
    for span in script.spans:
        if span is None:
            found.append((-1, -1))
            continue
        first = min(max(0, round(span[0] / STEP_S)), steps - 1)
        found.append((first, max(first + 1, min(steps, round(span[1] / STEP_S)))))
    return found + [(-1, -1)] * (longest - len(found))
