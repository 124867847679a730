"""A sound server of the test's own: loudspeakers and a microphone that lead nowhere, and hands on both."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.sound_daemon import open_sound_daemon
from tests.system.room import tracks_of

RATE = 48_000
TOOLS = ("pulseaudio", "pactl", "pacat")
PERIOD = 30_011

Sound = npt.NDArray[np.int16]


def missing_tools() -> list[str]:
    """What this machine lacks."""
    return [name for name in TOOLS if not shutil.which(name)]


def counted(seconds: float) -> Sound:
    """Two channels that together tell the number of each sample; never 0."""
    numbers = np.arange(round(seconds * RATE))
    return np.stack([numbers % PERIOD + 1, numbers // PERIOD + 100], axis=1).astype(np.int16)


def numbers_in(samples: Sound) -> npt.NDArray[np.int64]:
    """Which samples of the counted signal a recording of it holds, without the silence around."""
    sound = np.flatnonzero(samples[:, 1] >= 100)
    if not len(sound):
        return np.array([], np.int64)
    inner = samples[sound[0] : sound[-1] + 1].astype(np.int64)
    return (inner[:, 1] - 100) * PERIOD + inner[:, 0] - 1


def recorded(path: Path) -> list[Sound]:
    """The samples of each track, samples by channels, as they were played: PipeWire records the same with more bits."""
    return [one >> 16 if one.dtype == np.int32 else one for one in tracks_of(path)]


@dataclass
class SoundServer:
    """Two loudspeakers, “Speakers” (48 kHz, stereo) and “Headphones” (44.1 kHz, mono), and a microphone “Desk”.

    What is played into the loudspeakers “Speakers” is what the microphone hears.
    """

    address: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    folder: Path
    played: int = 0

    def play(
        self, sound: Sound, sink: str = "speakers", rate: int = RATE, ahead_ms: int = 300
    ) -> subprocess.Popen[bytes]:
        """Play in the background; the server is given the sound so far ahead."""
        self.played += 1
        file = self.folder / f"{self.played}.raw"
        file.write_bytes(sound.tobytes())
        how = ("--format=s16le", f"--rate={rate}", f"--channels={sound.shape[1]}", f"--latency-msec={ahead_ms}")
        return subprocess.Popen(["pacat", "-d", sink, *how, str(file)], env=self.environment)

    def load(self, *module: str) -> str:
        """A module's number."""
        done = subprocess.run(
            ["pactl", "load-module", *module], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def unload(self, module: str) -> None:
        """Take a device away."""
        subprocess.run(["pactl", "unload-module", module], env=self.environment, check=True)

    def freeze(self) -> None:
        """The server hangs."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self.process.send_signal(signal.SIGCONT)


DEVICES = (
    f"module-null-sink sink_name=speakers rate={RATE} channels=2 format=s16le"
    " sink_properties=device.description=Speakers",
    "module-null-sink sink_name=headphones rate=44100 channels=1 format=s16le"
    " sink_properties=device.description=Headphones",
    f"module-remap-source source_name=desk master=speakers.monitor channels=2 rate={RATE} format=s16le"
    " source_properties=device.description=Desk",
)


@contextlib.contextmanager
def open_sound_server(folder: Path) -> Iterator[SoundServer]:
    """Start it, and end it."""
    with open_sound_daemon(folder) as daemon:
        for device in DEVICES:
            daemon.load(device)
        subprocess.run(["pactl", "set-default-source", "desk"], env=daemon.environment, check=True)
        yield SoundServer(daemon.address, daemon.process, daemon.environment, folder)
