"""PulseAudio, and PipeWire where it stands in for it: what can be recorded, and news of what comes and goes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pulsectl

from desktop.core import errors
from desktop.core.recording import Device, SourceKind
from desktop.system import portaudio
from desktop.system.ring import Block
from desktop.system.sound_file import MOST_CHANNELS

CLIENT = "Undertone"
LEAVE_WITHIN_S = 2.0
LOOK_AGAIN_S = 1.0
SETTLE_S = 0.1
"""One device that is plugged in makes several changes: all are waited for."""

PORTAUDIO_NAME = "pulse"
SOURCE_VARIABLE = "PULSE_SOURCE"
_WITH_16_BITS = frozenset(range(5))
"""PulseAudio's numbers for 8 bits, A-law, mu-law and 16 bits; all others hold more."""

_FAILURES = (pulsectl.PulseError, pulsectl.PulseDisconnected)

_environment = threading.Lock()


class _Source(pulsectl.PulseSourceInfo):  # type: ignore[misc]
    """pulsectl keeps only a view of the sample format, on memory that is gone when it can be looked at."""

    def _init_from_struct(self, struct: Any) -> None:
        spec = struct.sample_spec
        self.bits = 16 if spec.format in _WITH_16_BITS else 24
        self.rate_hz = int(spec.rate)


class _Pulse(pulsectl.Pulse):  # type: ignore[misc]
    sources = pulsectl.Pulse._pulse_get_list(
        pulsectl._pulsectl.PA_SOURCE_INFO_CB_T, pulsectl._pulsectl.pa.context_get_source_info_list, _Source
    )


def is_there() -> bool:
    """Whether a server answers."""
    try:
        devices()
    except errors.SoundServerSilent:
        return False
    return True


def devices() -> tuple[Device, ...]:
    """Microphones, and what each loudspeaker plays. Raises SoundServerSilent."""
    try:
        with _connected() as pulse:
            return _listed(pulse)
    except _FAILURES as error:
        raise errors.SoundServerSilent from error


def open_stream(
    device: Device, dtype: str, heard: Callable[[Block], None], latency_s: float = portaudio.LATENCY_S
) -> portaudio.PortAudioStream:
    """Record from a device. Raises SoundDeviceRefused, SoundLibraryMissing.

    Debian's PortAudio knows the server only as one device; which source that is, libpulse reads from the environment
    when the stream is opened. The environment is one for the process, hence the lock.
    """
    if not portaudio.has_device(PORTAUDIO_NAME):
        raise errors.SoundLibraryMissing(library="the way from ALSA to the sound server", package="libasound2-plugins")
    with _environment:
        before = os.environ.get(SOURCE_VARIABLE)
        os.environ[SOURCE_VARIABLE] = device.id
        try:
            return portaudio.PortAudioStream(PORTAUDIO_NAME, device.name, device, dtype, heard, latency_s=latency_s)
        finally:
            if before is None:
                del os.environ[SOURCE_VARIABLE]
            else:
                os.environ[SOURCE_VARIABLE] = before


class Watch:
    """Tells of all devices whenever there are others, on a thread of its own, until `close`."""

    def __init__(self, changed: Callable[[tuple[Device, ...]], None]) -> None:
        self._changed = changed
        self._closed = threading.Event()
        self._pulse: _Pulse | None = None
        self._last: tuple[Device, ...] | None = None
        self._thread = threading.Thread(target=self._run, name="sound devices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No news after this."""
        self._closed.set()
        self._thread.join(LEAVE_WITHIN_S)  # a server that hangs is left behind: libpulse gives it half a minute

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with _connected() as pulse:
                    self._listen(pulse)
            except _FAILURES:
                self._tell(())
                self._closed.wait(LOOK_AGAIN_S)

    def _listen(self, pulse: _Pulse) -> None:
        pulse.event_mask_set("source", "sink", "server")
        is_new = True

        def note(_event: object) -> None:
            nonlocal is_new
            is_new = True

        pulse.event_callback_set(note)
        while not self._closed.is_set():
            if is_new:
                is_new = False
                self._tell(_listed(pulse))
            pulse.event_listen(timeout=SETTLE_S)

    def _tell(self, found: tuple[Device, ...]) -> None:
        if found != self._last and not self._closed.is_set():
            self._last = found
            self._changed(found)


def _connected() -> _Pulse:
    pulse = _Pulse(CLIENT, connect=False)
    try:
        pulse.connect()  # not with a timeout: pulsectl then takes all of it, always
    except _FAILURES:
        pulse.close()
        raise
    return pulse


def _listed(pulse: _Pulse) -> tuple[Device, ...]:
    server = pulse.server_info()
    sinks = {sink.index: sink for sink in pulse.sink_list()}
    found = []
    for source in sorted(pulse.sources(), key=lambda one: one.index):
        sink = sinks.get(source.monitor_of_sink)
        is_default = server.default_sink_name == sink.name if sink else server.default_source_name == source.name
        found.append(
            Device(
                id=source.name,
                name=(sink or source).description,
                kind=SourceKind.SYSTEM if sink else SourceKind.MICROPHONE,
                sample_rate_hz=source.rate_hz,
                channels=source.channel_count if source.channel_count <= MOST_CHANNELS else 2,
                is_default=is_default,
                sample_bits=source.bits,
            )
        )
    return _told_apart(found)


def _told_apart(found: Sequence[Device]) -> tuple[Device, ...]:
    """Two of the same make have one name: the second gets a number, as a name is what is remembered."""
    seen: dict[tuple[str, SourceKind], int] = {}
    named = []
    for device in found:
        key = (device.name, device.kind)
        seen[key] = seen.get(key, 0) + 1
        named.append(replace(device, name=f"{device.name} ({seen[key]})") if seen[key] > 1 else device)
    return tuple(named)
