"""A desk for the real program: X server, window manager, tray, and hands on keyboard and mouse."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from desktop.core.transcript import Segment, Transcript
from desktop.store.library import Library

T = TypeVar("T")

WAIT_S = 60.0
SCREEN = "1280x800x24"
TEXT_LEFT, TEXT_TOP = 399, 160
"""Where the first line of a text stands in a window of the usual size."""
LINE_STEP = 34
"""From one line to the next."""
INK = 128
"""Darker parts of the screen are written on."""


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
        self.run("xdotool", "key", "--clearmodifiers", "--delay", "30", *keys)

    def type_text(self, text: str) -> None:
        """Type into the focused window."""
        self.run("xdotool", "type", "--delay", "12", text)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a place of the screen."""
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def double_click(self, x: int, y: int) -> None:
        """Click twice at a place of the screen."""
        self.run("xdotool", "mousemove", str(x), str(y), "click", "--repeat", "2", "--delay", "40", "1")

    def place_of(self, window: str) -> tuple[int, int, int, int]:
        """x, y, width, height of a window on the screen."""
        assert window, "xwininfo would wait for a click"
        told = self.run("xwininfo", "-id", window)  # xdotool counts the frame of the window manager twice
        x, y, width, height = (
            int(found[1])
            for name in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
            if (found := re.search(rf"{name}: +(-?\d+)", told))
        )
        return x, y, width, height

    def place(self) -> tuple[int, int, int, int]:
        """x, y, width, height of the window that has the keyboard."""
        return self.place_of(wait_for("a window", lambda: self.run("xdotool", "getactivewindow").strip()))

    def drag(self, start: tuple[int, int], end: tuple[int, int], held: str = "") -> None:
        """Drag from one place to another, in steps, as a hand does; a key is held while the pointer moves."""
        down = ["mousemove", *map(str, start), "mousedown", "1", *(["keydown", held] if held else [])]
        steps = [[round(a + (b - a) * step / 10) for a, b in zip(start, end, strict=True)] for step in range(1, 11)]
        moves = [word for x, y in steps for word in ("mousemove", str(x), str(y), "sleep", "0.02")]
        up = ["sleep", "0.1", "mouseup", "1", *(["keyup", held] if held else [])]
        self.run("xdotool", *down, *moves, *up)

    def active(self) -> str:
        """The name of the window that has the keyboard."""
        return self.run("xdotool", "getactivewindow", "getwindowname").strip()

    def pixels(self, x: int, y: int, width: int, height: int) -> bytes:
        """What a part of the screen shows: red, green and blue of each pixel, row by row."""
        crop = f"{width}x{height}+{x}+{y}"
        command = ["import", "-silent", "-window", "root", "-crop", crop, "-depth", "8", "rgb:-"]
        return subprocess.run(command, env=self.environment, capture_output=True, check=True).stdout

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
    for name in ("WAYLAND_DISPLAY", "HF_HUB_OFFLINE"):  # the latter is set by the engine, where a test has one here
        environment.pop(name, None)
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
        self._session = tempfile.mkdtemp(prefix="run-")  # short, as a real one: sockets live in it
        weakref.finalize(self, shutil.rmtree, self._session, ignore_errors=True)
        self.variables: dict[str, str] = {}
        self.command = [sys.executable, "-m", "desktop"]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        folders = {"CONFIG_HOME": "config", "DATA_HOME": "data", "STATE_HOME": "state", "CACHE_HOME": "cache"}
        own = {f"XDG_{name}": str(self.home / folder) for name, folder in folders.items()}
        return {
            **self.desk.environment,
            **own,
            "XDG_RUNTIME_DIR": self._session,
            "HOME": str(self.home),
        } | self.variables

    def start(self, *arguments: str | Path, wait: bool = True) -> None:
        """Start it and wait for its window."""
        command = [*self.command, *map(str, arguments)]
        log = (self.home / "program.log").open("ab")
        self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        log.close()
        if wait:
            wait_for("the window", self.desk.window)

    def open_text(self) -> None:
        """Wait until the text can be read, and put the keyboard into it."""
        wait_for("the keyboard in the window", lambda: self.desk.active() == "Undertone")
        wait_for("the text", self._shows_text)
        self.desk.press("F6", "F6", "ctrl+Home")

    def start_again(self) -> None:
        """kill -9 in the middle of all, and the same text open again."""
        self.kill()
        self.start()
        self.open_text()

    def seen(self, what: str, look: Callable[[Sequence[Segment]], object]) -> tuple[Segment, ...]:
        """Wait until the segments of the first text are so; what they are then."""
        wait_for(f"{what}, and not {self.texts()}", lambda: look(self.transcript().segments))
        return self.transcript().segments

    def back_and_forth(self, heard: Transcript) -> None:
        """Everything undone and done again; and once more after a kill and a restart."""
        after = self.transcript().segments
        ((edits,),) = self.rows("SELECT edits_done FROM jobs WHERE id = 1")
        assert isinstance(edits, int)
        for is_again in (False, True):
            if is_again:
                self.start_again()
                assert self.transcript().segments == after
            self.desk.press(*["ctrl+z"] * edits)
            self.seen("everything undone", lambda segments: segments == heard.segments)
            self.desk.press(*["ctrl+shift+z"] * edits)
            self.seen("everything done again", lambda segments: segments == after)

    def words_on(self, line: int) -> list[tuple[int, int]]:
        """Where the words of a line of the text begin on the screen, at half of their height."""
        x, y, width, _height = self.desk.place()
        left, top, wide, high = x + TEXT_LEFT - 4, y + TEXT_TOP + 4 + line * LINE_STEP, width - TEXT_LEFT - 30, 16
        shown = self.desk.pixels(left, top, wide, high)
        inked = [any(shown[3 * (row * wide + at)] < INK for row in range(high)) for at in range(wide)]
        starts = [at for at in range(4, wide) if inked[at] and not any(inked[at - 4 : at])]
        return [(left + at + 1, top + high // 2) for at in starts]

    def _shows_text(self) -> bool:
        x, y, _width, _height = self.desk.place()
        first_line = self.desk.pixels(x + TEXT_LEFT, y + TEXT_TOP, 300, 24)
        return min(first_line) < INK < max(first_line)

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
