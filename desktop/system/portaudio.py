"""PortAudio, by sounddevice: opens a device, and lists the devices where the system has no better list."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Callable
from typing import Any

from desktop.core import errors
from desktop.core.recording import Device, SourceKind
from desktop.system.ring import Block

LATENCY_S = 0.1
"""What the device may hold before it hands it over; the ring and the sound server bear far longer delays than this."""

_lock = threading.RLock()
"""PortAudio may be called from several threads, but not while it starts, ends or opens."""
_open_streams: set[int] = set()


class PortAudioStream:
    """A device that is being recorded from."""

    def __init__(
        self,
        target: int | str,
        name: str,
        device: Device,
        dtype: str,
        heard: Callable[[Block], None],
        settings: Any = None,
        latency_s: float = LATENCY_S,
    ) -> None:
        """`heard` is called on a thread of PortAudio for each block of samples. Raises SoundDeviceRefused."""
        sounddevice = loaded()

        def on_block(block: Block, _count: int, _times: Any, _status: Any) -> None:
            heard(block)

        try:
            with _lock:
                self._stream = sounddevice.InputStream(
                    device=target,
                    samplerate=device.sample_rate_hz,
                    channels=device.channels,
                    dtype=dtype,
                    latency=latency_s,
                    callback=on_block,
                    extra_settings=settings,
                )
                _open_streams.add(id(self))
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            _open_streams.discard(id(self))
            raise errors.SoundDeviceRefused(name=name, reason=_reason(error)) from error

    @property
    def is_running(self) -> bool:
        """Whether the device still calls."""
        return bool(self._stream.active)

    def close(self) -> None:
        """Let go of the device. Waits for the sound server for as long as that takes: half a minute if it hangs."""
        try:
            with contextlib.suppress(loaded().PortAudioError):
                self._stream.abort()
            with contextlib.suppress(loaded().PortAudioError):
                self._stream.close()
        finally:
            _open_streams.discard(id(self))


def loaded() -> Any:
    """The library. Raises SoundLibraryMissing."""
    with _lock:
        try:
            import sounddevice
        except OSError as error:
            raise errors.SoundLibraryMissing(library="PortAudio", package="libportaudio2") from error
        # At the end it would wait for a sound server that hangs; the system closes everything by itself.
        atexit.unregister(sounddevice._exit_handler)
        return sounddevice


def devices() -> tuple[Device, ...]:
    """The microphones that PortAudio knows. Its list is as old as its start, so it is started anew if it may be."""
    sounddevice = loaded()
    with _lock:
        if not _open_streams:
            _start_anew(sounddevice)
        default = sounddevice.default.device[0]
        return tuple(
            Device(
                id=str(number),
                name=str(found["name"]),
                kind=SourceKind.MICROPHONE,
                sample_rate_hz=int(found["default_samplerate"]),
                channels=min(2, int(found["max_input_channels"])),
                is_default=number == default,
                sample_bits=24,
            )
            for number, found in enumerate(sounddevice.query_devices())
            if found["max_input_channels"] and found["hostapi"] == sounddevice.default.hostapi
        )


def has_device(name: str) -> bool:
    """Whether PortAudio lists a device of this name; looks again if it does not and may."""
    sounddevice = loaded()
    with _lock:
        names = [found["name"] for found in sounddevice.query_devices()]
        if name not in names and not _open_streams:
            _start_anew(sounddevice)
            names = [found["name"] for found in sounddevice.query_devices()]
        return name in names


def _start_anew(sounddevice: Any) -> None:
    sounddevice._terminate()
    sounddevice._initialize()


def _reason(error: Exception) -> str:
    text = str(error.args[0]) if error.args else type(error).__name__
    return text.removeprefix("Error opening InputStream: ").removeprefix("Error starting stream: ")
