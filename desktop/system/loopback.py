"""What Windows plays, by WASAPI's loopback, which PortAudio does not offer. Written, not yet run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from desktop.core import errors
from desktop.core.recording import Device, SourceKind
from desktop.system.ring import Block

SAMPLE_RATE_HZ = 48_000
BLOCKS_A_SECOND = 40
LEAVE_WITHIN_S = 2.0


def devices() -> tuple[Device, ...]:
    """What each loudspeaker plays."""
    import soundcard

    default = soundcard.default_speaker().id
    return tuple(
        Device(
            id=speaker.id,
            name=speaker.name,
            kind=SourceKind.SYSTEM,
            sample_rate_hz=SAMPLE_RATE_HZ,
            channels=min(2, speaker.channels),
            is_default=speaker.id == default,
        )
        for speaker in soundcard.all_speakers()
    )


class LoopbackStream:
    """A loudspeaker that is being recorded: read on a thread of its own, since SoundCard has no callback."""

    def __init__(self, device: Device, heard: Callable[[Block], None]) -> None:
        """Raises SoundDeviceRefused."""
        import soundcard

        try:
            speaker = soundcard.get_microphone(device.id, include_loopback=True)
            self._recorder: Any = speaker.recorder(device.sample_rate_hz, device.channels)
        except (RuntimeError, IndexError, OSError) as error:
            raise errors.SoundDeviceRefused(name=device.name, reason=str(error)) from error
        self._heard = heard
        self._count = device.sample_rate_hz // BLOCKS_A_SECOND
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loopback", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the device still delivers."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Let go of the device."""
        self._closed.set()
        self._thread.join(LEAVE_WITHIN_S)

    def _run(self) -> None:
        with self._recorder as recorder:
            while not self._closed.is_set():
                block = recorder.record(self._count)  # zeros, in time, where nothing is played
                self._heard((np.clip(block, -1.0, 1.0) * 32767).astype(np.int16))
