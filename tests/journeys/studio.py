"""A sound server with microphones and loudspeakers that are made of nothing, and voices to speak into them."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.ui.player.speakers import open_speakers

USB, WEBCAM = "USB Microphone", "Webcam C920"
"""The usual microphone, and another that is always silent."""
TOOLS = ("pulseaudio", "pactl", "paplay", "ffmpeg")


@dataclass
class Studio:
    """What is played into `usb` comes out of the microphone of that name; `speakers` is the sound of the system."""

    server: str
    voices: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PULSE_SERVER": self.server}

    def pactl(self, *arguments: str) -> str:
        """Tell the server something; what it answers."""
        done = subprocess.run(["pactl", *arguments], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def speak(self, sample: Path, into: str = "usb") -> None:
        """Play a file, at the speed of speech, into a microphone or through the speakers."""
        decode = ["ffmpeg", "-v", "quiet", "-i", str(sample), "-f", "s16le", "-ar", "48000", "-ac", "2", "-"]
        play = ["paplay", "--raw", "--rate=48000", "--channels=2", "-d", into]
        sound = subprocess.Popen(decode, stdout=subprocess.PIPE)
        voice = subprocess.Popen(play, stdin=sound.stdout, env=self.environment, stderr=subprocess.DEVNULL)
        assert sound.stdout
        sound.stdout.close()
        self.voices += [sound, voice]

    def hush(self) -> None:
        """Nobody speaks any more."""
        for voice in reversed(self.voices):
            voice.kill()
            voice.wait()
        self.voices = []

    def plug_in(self, name: str, called: str) -> None:
        """One more microphone."""
        self.pactl("load-module", "module-null-sink", f"sink_name={name}", f"sink_properties=device.description={name}")
        spaced = called.replace(" ", "\\ ")
        self.pactl(
            "load-module",
            "module-remap-source",
            f"master={name}.monitor",
            f"source_name={name}-microphone",
            f'source_properties=device.description="{spaced}"',
        )


@contextlib.contextmanager
def open_studio(folder: Path) -> Iterator[Studio]:
    """Start it, and end it."""
    with open_speakers(folder) as speakers:
        studio = Studio(speakers.server)
        studio.plug_in("usb", USB)
        studio.plug_in("webcam", WEBCAM)
        studio.pactl("set-default-source", "usb-microphone")
        studio.pactl("set-default-sink", "speakers")
        try:
            yield studio
        finally:
            studio.hush()
