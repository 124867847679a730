"""Sound as the network gets it: exactly what faster-whisper makes of it, for many windows at once."""

import numpy as np
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from torch import Tensor

BANDS = 80
FRAMES_PER_S = 100
_POINTS, _HOP = 400, 160
_FILTERS = torch.from_numpy(FeatureExtractor(feature_size=BANDS).mel_filters)
_SHAPE = torch.from_numpy(np.hanning(_POINTS + 1)[:-1].astype(np.float32))
_RANGE = 8.0


def log_mel(samples: Tensor, colours: Tensor, peaks: Tensor) -> Tensor:
    """(windows, samples) to (windows, bands, frames).

    `colours`, (windows, bands), is added to the logarithms of the bands, as a microphone colours a sound. Everything
    eight orders below the loudest is cut off; `peaks`, (windows,), says how loud the rest of the file is.
    """
    shape, filters = _SHAPE.to(samples.device), _FILTERS.to(samples.device)
    spectrum = torch.stft(samples, _POINTS, _HOP, window=shape, return_complex=True)[..., :-1].abs() ** 2
    bands = (filters @ spectrum).clamp(min=1e-10).log10() + colours[:, :, None]
    loudest = torch.maximum(bands.amax((1, 2)), peaks)
    return (torch.maximum(bands, loudest[:, None, None] - _RANGE) + 4.0) / 4.0
