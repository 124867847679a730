"""How likely each 32 ms of sound is speech: Silero's detector, listening to a stream.

The weights are those that faster-whisper brings; `packaging/voice_model.py` writes its sums as products of matrices.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop.core import resources
from desktop.engine.media import SAMPLES_PER_MS, Samples

FRAME_SAMPLES = 512
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS
CONTEXT_SAMPLES = 64
STATE_SIZE = 128

Probabilities = npt.NDArray[np.float32]


def _zeros(*shape: int) -> npt.NDArray[np.float32]:
    return np.zeros(shape, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class VoiceState:
    """What the detector remembers of the sound before: with it, it goes on as if it had never stopped."""

    hidden: npt.NDArray[np.float32] = field(default_factory=lambda: _zeros(1, 1, STATE_SIZE))
    cell: npt.NDArray[np.float32] = field(default_factory=lambda: _zeros(1, 1, STATE_SIZE))
    context: Samples = field(default_factory=lambda: _zeros(CONTEXT_SAMPLES))

    def to_text(self) -> str:
        """For a bookmark."""
        joined = np.concatenate([self.hidden.ravel(), self.cell.ravel(), self.context]).astype("<f4")
        return base64.b64encode(joined.tobytes()).decode("ascii")

    @staticmethod
    def from_text(text: str) -> VoiceState:
        """What `to_text` wrote; the state at the start of a file for anything else."""
        try:
            values = np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)
            hidden, cell, context = np.split(values, [STATE_SIZE, 2 * STATE_SIZE])
            if len(context) != CONTEXT_SAMPLES:
                return VoiceState()
        except ValueError:
            return VoiceState()
        return VoiceState(hidden.reshape(1, 1, -1), cell.reshape(1, 1, -1), context)


def listen(samples: Samples, state: VoiceState) -> tuple[Probabilities, VoiceState]:
    """The probability of speech for each frame, and the state after them.

    The same to the last bit however the sound is parted into calls. A last frame that is not full is filled up with
    silence, as faster-whisper does at the end of a file; so only the last call may end in one.
    """
    if not len(samples):
        return _zeros(0), state
    frames = np.pad(samples, (0, -len(samples) % FRAME_SAMPLES)).reshape(-1, FRAME_SAMPLES)
    contexts = np.concatenate([state.context[None], frames[:-1, -CONTEXT_SAMPLES:]])
    output, hidden, cell = _network().run(
        None, {"input": np.concatenate([contexts, frames], axis=1), "h": state.hidden, "c": state.cell}
    )
    return output, VoiceState(hidden, cell, frames[-1, -CONTEXT_SAMPLES:].copy())


@cache
def _network() -> Any:
    import onnxruntime  # not every process of the engine hears anything

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1  # the other cores are the model's
    options.enable_cpu_mem_arena = False  # it would keep what its largest block took
    options.log_severity_level = 3
    path = resources.folder() / "voice" / "silero.onnx"
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
