"""Windows as tensors, all of a batch together."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from demo_model import features
from demo_model.scripts import IGNORED, Script
from demo_model.speech import RATE_HZ
from demo_model.vocabulary import END, STEP_S
from demo_model.windows import Window

FULL_SCALE = 32768


@dataclass(frozen=True, slots=True)
class Batch:
    """What the network gets, and what it shall answer."""

    samples: Tensor
    """(windows, samples): 16-bit integers, as in a file."""
    colours: Tensor
    peaks: Tensor
    frames: Tensor
    shifts: Tensor
    phones: Tensor
    tokens: Tensor
    targets: Tensor
    """(windows, places): at each place the token to predict, which is the next one."""
    spans: Tensor
    """(windows, places + 1, 2): first step of the sound that a token is about, and the one after the last; -1: none."""

    @property
    def features(self) -> Tensor:
        """(windows, bands, frames); zero where there is no sound."""
        mel = features.log_mel(self.samples.float() / FULL_SCALE, self.colours, self.peaks)
        has_sound = torch.arange(mel.shape[2], device=mel.device) < self.frames[:, None]
        return mel * has_sound[:, None]

    def to(self, device: str) -> "Batch":
        """The same on a device."""
        return Batch(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


def stacked(examples: Sequence[Window]) -> Batch:
    """One batch; texts are filled up with ends that nobody has to predict."""
    longest = max(len(one.script.tokens) for one in examples)
    samples = np.stack([one.samples for one in examples])
    steps = samples.shape[1] // round(STEP_S * RATE_HZ)
    return Batch(
        samples=torch.from_numpy((samples * (FULL_SCALE - 1)).astype(np.int16)),
        colours=torch.from_numpy(np.stack([one.colour for one in examples])),
        peaks=torch.tensor([one.peak for one in examples]),
        frames=torch.tensor([one.frames for one in examples]),
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
