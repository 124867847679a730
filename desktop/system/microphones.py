"""Everything that can be recorded on this machine, by the means of each system."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from desktop.core import errors
from desktop.core.ports import SoundStream
from desktop.core.recording import Device
from desktop.system import portaudio
from desktop.system.ring import Block
from desktop.system.sound_file import dtype_of

LOOK_EVERY_S = 5.0
LEAVE_WITHIN_S = 2.0


class SystemMicrophones:
    """The Microphones port: PulseAudio or PipeWire on Linux (ALSA where neither runs), WASAPI on Windows, CoreAudio on
    macOS."""

    def __init__(self, latency_s: float = portaudio.LATENCY_S) -> None:
        """So much may be held back before it is handed over: less needs a machine that is always in time."""
        self._latency_s = latency_s

    def prepare(self) -> None:
        """Load what it takes to open a device, which takes a second the first time. Raises AppError."""
        if sys.platform == "linux":
            from desktop.system import pulse

            portaudio.has_device(pulse.PORTAUDIO_NAME)
        else:
            portaudio.loaded()

    def devices(self) -> tuple[Device, ...]:
        """What there is now. May take a moment, half a minute if the sound server hangs. Raises AppError."""
        if sys.platform == "linux":
            from desktop.system import pulse

            try:
                return pulse.devices()
            except errors.SoundServerSilent:
                if found := portaudio.devices():
                    return found
                raise
        return (*portaudio.devices(), *_loopbacks())

    def watch(self, changed: Callable[[tuple[Device, ...]], None]) -> Callable[[], None]:
        """Tell of all devices at once and whenever there are others, on another thread; the answer ends it."""
        if sys.platform == "linux":
            from desktop.system import pulse

            if pulse.is_there():
                return pulse.Watch(changed).close
        return _Look(self.devices, changed).close

    def open(self, device: Device, heard: Callable[[Block], None]) -> SoundStream:
        """Record from a device, in its own rate and channels. Raises AppError."""
        if device.id.isdecimal():
            return portaudio.PortAudioStream(
                int(device.id), device.name, device, dtype_of(device), heard, _settings(), self._latency_s
            )
        if sys.platform == "win32":
            from desktop.system.loopback import LoopbackStream

            return LoopbackStream(device, heard)
        from desktop.system import pulse

        return pulse.open_stream(device, dtype_of(device), heard, self._latency_s)


def no_system_sound() -> errors.AppError:
    """What is needed to record the sound of this system, where no device offers it."""
    if sys.platform == "darwin":
        return errors.NoSystemSound(what="a virtual sound device such as BlackHole (macOS has none of its own)")
    return errors.NoSystemSound(what="PulseAudio or PipeWire, or a virtual sound device")


class _Look:
    """Looks now and then, where the system tells nothing by itself."""

    def __init__(self, look: Callable[[], tuple[Device, ...]], changed: Callable[[tuple[Device, ...]], None]) -> None:
        self._look = look
        self._changed = changed
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound devices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join(LEAVE_WITHIN_S)

    def _run(self) -> None:
        last: tuple[Device, ...] | None = None
        while not self._closed.is_set():
            try:
                found = self._look()
            except errors.AppError:
                found = ()
            if found != last:
                last = found
                self._changed(found)
            self._closed.wait(LOOK_EVERY_S)


def _loopbacks() -> tuple[Device, ...]:
    if sys.platform != "win32":
        return ()
    from desktop.system import loopback

    return loopback.devices()


def _settings() -> object:
    """Windows converts rates only when it is asked to; elsewhere the system does."""
    return portaudio.loaded().WasapiSettings(auto_convert=True) if sys.platform == "win32" else None
