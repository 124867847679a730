"""One device on its way into a recording, opened and let go without ever waiting for it."""

from __future__ import annotations

import threading

from desktop.core.errors import AppError
from desktop.core.ports import Microphones, SoundStream
from desktop.core.recording import Device
from desktop.system.clock import Clock
from desktop.system.ring import Ring
from desktop.system.sound_file import dtype_of

RING_S = 20
"""How long the writer may be away (a disk that sleeps, a machine that is busy) before sound is lost."""


class Capture:
    """Opens the device on a thread of its own, which stays to let go of it: either may hang with the sound server.

    A capture that is left behind opening closes what it has opened at last.
    """

    def __init__(self, microphones: Microphones, device: Device, clock: Clock) -> None:
        """`device` with the rate, channels and bits that are wanted."""
        self.device = device
        self.began_s = clock.now_s()
        self.ring = Ring(
            RING_S * device.sample_rate_hz, device.channels, device.sample_rate_hz, dtype_of(device), clock
        )
        self.error: AppError | None = None
        """Why it could not be opened."""
        self._microphones = microphones
        self._stream: SoundStream | None = None
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound device", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether the system says that nothing more will come."""
        return self._stream is not None and not self._stream.is_running

    @property
    def is_left(self) -> bool:
        """Whether the device has been let go."""
        return self._left.is_set() and not self._thread.is_alive()

    def leave(self) -> None:
        """Let go of the device; does not wait."""
        self._left.set()

    def wait(self, seconds: float) -> None:
        """Wait until it is let go, so long at most."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            stream = self._microphones.open(self.device, self.ring.write)
        except AppError as error:
            self.error = error
            return
        self._stream = stream
        self._left.wait()
        stream.close()
