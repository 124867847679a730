"""The soft sounds at the start and the end of a dictation: pure tones, which are easily told from a voice."""

from __future__ import annotations

import contextlib
import queue
import threading

import numpy as np
import numpy.typing as npt

from desktop.core.errors import AppError
from desktop.system import portaudio

RATE_HZ = 48_000
START_HZ = (1760, 2640)
"""One after the other; above what carries most of a voice."""
TONE_S = 0.07
LOUDNESS = 0.12
LEAVE_WITHIN_S = 1.0


class SystemChime:
    """The Chime port. The sounds are played on a thread of its own, which begins with the first one."""

    tones_hz = START_HZ

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[tuple[int, ...] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """The microphone hears."""
        self._play(START_HZ)

    def end(self) -> None:
        """It does not hear any more."""
        self._play(START_HZ[::-1])

    def close(self) -> None:
        """No sound after this."""
        self._wanted.put(None)
        if self._thread:
            self._thread.join(LEAVE_WITHIN_S)

    def _play(self, tones: tuple[int, ...]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="chime", daemon=True)
            self._thread.start()
        self._wanted.put(tones)

    def _run(self) -> None:
        while (tones := self._wanted.get()) is not None:
            with contextlib.suppress(AppError, OSError):
                _play(np.concatenate([_tone(hz) for hz in tones]))


def _tone(hz: int) -> npt.NDArray[np.float32]:
    """It swells and fades: a sudden end would be heard at every pitch."""
    at = np.arange(round(TONE_S * RATE_HZ)) / RATE_HZ
    found: npt.NDArray[np.float32] = (LOUDNESS * np.sin(2 * np.pi * hz * at) * np.sin(np.pi * at / TONE_S) ** 2).astype(
        np.float32
    )
    return found


def _play(samples: npt.NDArray[np.float32]) -> None:
    sounddevice = portaudio.loaded()
    try:
        with sounddevice.OutputStream(samplerate=RATE_HZ, channels=1, dtype="float32", latency="low") as stream:
            stream.write(samples[:, None])
    except sounddevice.PortAudioError as error:
        raise OSError(str(error)) from error
