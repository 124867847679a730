"""A desk for the real program: X server, window manager, tray, and hands on keyboard and mouse."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from desktop.core.transcript import Transcript
from desktop.store.library import Library

T = TypeVar("T")

WAIT_S = 60.0
SCREEN = "1280x800x24"


def wait_for(what: str, look: Callable[[], T | None], look_every_s: float = 0.05) -> T:
    """Look until there is something; a journey that never gets there fails with `what`."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(look_every_s)
    raise AssertionError(f"never seen: {what}")


@dataclass
class Desk:
    """One X screen with its own D-Bus session."""

    display: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *arguments: str | Path) -> str:
        """A tool on this screen; its output."""
        done = subprocess.run([*map(str, arguments)], env=self.environment, capture_output=True, check=False)
        return done.stdout.decode()

    def open(self, *arguments: str) -> None:
        """Start a program that stays; it ends with the desk."""
        quiet = subprocess.DEVNULL
        self.processes.append(subprocess.Popen(arguments, env=self.environment, stdout=quiet, stderr=quiet))

    def window(self, name: str = "Undertone") -> str | None:
        """The id of a visible window."""
        found = self.run("xdotool", "search", "--onlyvisible", "--name", name).split()
        return found[-1] if found else None

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, on the focused window."""
        self.run("xdotool", "key", "--clearmodifiers", "--delay", "60", *keys)

    def type_text(self, text: str) -> None:
        """Type into the focused window."""
        self.run("xdotool", "type", "--delay", "25", text)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a place of the screen."""
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def place_of(self, window: str) -> tuple[int, int, int, int]:
        """x, y, width, height of a window on the screen."""
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).split()
        values = dict(line.split("=") for line in lines if "=" in line)
        return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag from one place to another, in steps, as a hand does."""
        self.run("xdotool", "mousemove", *map(str, start), "mousedown", "1")
        for step in range(1, 11):
            x, y = (round(a + (b - a) * step / 10) for a, b in zip(start, end, strict=True))
            self.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.03")
        self.run("xdotool", "sleep", "0.2", "mouseup", "1")

    def picture(self, path: Path) -> Path:
        """A screenshot."""
        self.run("import", "-window", "root", path)
        return path


@contextlib.contextmanager
def open_desk(folder: Path, tray: bool = True) -> Iterator[Desk]:
    """Start Xvfb, D-Bus, openbox and trayer; end them all."""
    reader, writer = os.pipe()
    arguments = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(arguments, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        display = ":" + told.readline().strip()
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "NO_AT_BRIDGE": "1"}
    environment.pop("WAYLAND_DISPLAY", None)
    desk = Desk(display, environment, [server])
    try:
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        desk.processes.append(bus)
        assert bus.stdout
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        bus.stdout.close()
        desk.open("openbox", "--sm-disable")
        wait_for("the window manager", lambda: "_NET_SUPPORTED(ATOM) = _" in desk.run("xprop", "-root"))
        if tray:
            desk.open("trayer", "--edge", "bottom", "--align", "right", "--width", "20", "--height", "32")
            wait_for("the tray", lambda: desk.run("xdotool", "search", "--class", "trayer"))
        yield desk
    finally:
        for process in reversed(desk.processes):
            process.kill()
            process.wait()


class Program:
    """The real program as a process of its own, with a home of its own."""

    def __init__(self, desk: Desk, home: Path) -> None:
        self.desk = desk
        self.home = home
        self.command = [sys.executable, "-m", "desktop"]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        folders = {"CONFIG_HOME": "config", "DATA_HOME": "data", "STATE_HOME": "state", "CACHE_HOME": "cache"}
        own = {f"XDG_{name}": str(self.home / folder) for name, folder in folders.items()}
        return {**self.desk.environment, **own, "XDG_RUNTIME_DIR": str(self.home / "run"), "HOME": str(self.home)}

    def start(self, *arguments: str | Path, wait: bool = True) -> None:
        """Start it and wait for its window."""
        command = [*self.command, *map(str, arguments)]
        log = (self.home / "program.log").open("ab")
        self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        log.close()
        if wait:
            wait_for("the window", self.desk.window)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command of it to its end."""
        command = [*self.command, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def kill(self) -> None:
        """kill -9."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def end(self) -> int:
        """Ask it to end, as the end of a session does; its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def said(self) -> str:
        """What it wrote to the terminal."""
        return (self.home / "program.log").read_text(errors="replace")

    def rows(self, query: str) -> Sequence[tuple[object, ...]]:
        """What is in its library by now."""
        file = self.home / "data" / "undertone" / "library.sqlite3"
        if not file.exists():
            return []
        db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return db.execute(query).fetchall()
        except sqlite3.OperationalError:  # the tables are being made
            return []
        finally:
            db.close()

    def states(self) -> list[str]:
        """The states of the jobs of the queue, in its order."""
        return [str(row[0]) for row in self.rows("SELECT state FROM jobs WHERE queued ORDER BY position, id")]

    def transcript(self, job_id: int = 1) -> Transcript:
        """A transcript as it is now, with all edits."""
        if not self.rows(f"SELECT id FROM jobs WHERE id = {job_id}"):
            return Transcript(())
        data = self.home / "data" / "undertone"
        library = Library(data / "library.sqlite3", data / "locks")
        try:
            return library.transcript(job_id)
        finally:
            library.close()

    def texts(self, job_id: int = 1) -> list[str]:
        """The text of each segment of a transcript."""
        return [segment.text for segment in self.transcript(job_id).segments]

    def engine_pids(self) -> list[int]:
        """The engine processes that it has."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [int(pid) for file in children for pid in file.read_text().split()]
        return [pid for pid in pids if b"spawn_main" in _command_line(pid)]


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def missing_tools() -> list[str]:
    """What a desk needs and this machine lacks."""
    return [tool for tool in ("Xvfb", "openbox", "trayer", "xdotool", "xprop", "dbus-daemon") if not shutil.which(tool)]
