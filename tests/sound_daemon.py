"""A sound server of the test's own without any hardware: PulseAudio, or PipeWire with `UNDERTONE_SOUND=pipewire`."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ANSWERS = ["pactl", "info"]


@dataclass(frozen=True)
class SoundDaemon:
    """What others find it by, and the process that handles the sound."""

    address: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def load(self, module: str) -> str:
        """A module's number."""
        command = ["pactl", "load-module", *module.split()]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()


@contextlib.contextmanager
def open_sound_daemon(folder: Path) -> Iterator[SoundDaemon]:
    """Start it, and end it."""
    socket, bus = folder / "native", folder / "bus"
    environment = {
        **os.environ,
        "PULSE_SERVER": f"unix:{socket}",
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder),
        "HOME": str(folder),
    }
    is_pipewire = os.environ.get("UNDERTONE_SOUND") == "pipewire"
    if is_pipewire:
        environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
    quiet = subprocess.DEVNULL
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for command, is_up in _pipewire(bus) if is_pipewire else _pulseaudio(socket):
            processes[command[0]] = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
            until = time.monotonic() + 20
            while subprocess.run(is_up, env=environment, capture_output=True, check=False).returncode:
                assert time.monotonic() < until, f"{command[0]} never came up"
                time.sleep(0.05)
        main = processes["pipewire" if is_pipewire else "pulseaudio"]
        yield SoundDaemon(environment["PULSE_SERVER"], environment, main)
    finally:
        for process in reversed(processes.values()):
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


def _pulseaudio(socket: Path) -> Iterator[tuple[list[str], list[str]]]:
    usual = ["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes"]
    yield ["pulseaudio", *usual, "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"], _ANSWERS


def _pipewire(bus: Path) -> Iterator[tuple[list[str], list[str]]]:
    yield ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={bus}"], ["test", "-S", str(bus)]
    yield ["pipewire"], ["pw-cli", "info", "0"]
    yield ["wireplumber"], ["pw-metadata"]
    yield ["pipewire-pulse"], _ANSWERS
