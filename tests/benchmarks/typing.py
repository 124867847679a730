"""From the text to the other program: a word on the command line, a paste on X11, the clipboard kept and given back."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.core.handover import ACCEPTED
from desktop.core.insertion import Text, insert
from desktop.core.ports import Purpose
from desktop.store.paths import Paths
from desktop.system.clipboard.x11 import X11Clipboard
from desktop.system.hotkey.x11 import X11Hotkey
from desktop.system.typist.x11 import X11Typist
from tests.journeys.desk import open_desk
from tests.journeys.test_typing import LONG, Another

RUNS = 30


def main() -> None:
    """Measure and print."""
    print(f"median of {RUNS} (95th percentile), milliseconds")
    with tempfile.TemporaryDirectory() as folder:
        _words(Path(folder))
        _paste(Path(folder))


def _words(folder: Path) -> None:
    """The command from its start to its end, and when the word arrives."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    folder.chmod(0o700)
    server = socket.socket(socket.AF_UNIX)
    server.bind(Paths.default().socket)
    server.listen()
    arrivals: list[float] = []

    def serve() -> None:
        while True:
            connection, _ = server.accept()
            with connection:
                if not connection.recv(1000):
                    return
                arrivals.append(time.monotonic())
                connection.sendall(ACCEPTED)

    thread = threading.Thread(target=serve)
    thread.start()
    told, ended, bare = [], [], []
    script = Path(sys.executable).with_name("undertone")
    for _ in range(RUNS):
        began = time.monotonic()
        subprocess.run([script, "dictate", "--press"], check=True)
        ended.append(time.monotonic() - began)
        told.append(arrivals[-1] - began)
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        bare.append(time.monotonic() - began)
    with socket.socket(socket.AF_UNIX) as last:
        last.connect(Paths.default().socket)
    thread.join()
    server.close()
    _show("undertone dictate --press: the word arrives", told)
    _show("undertone dictate --press: it has ended", ended)
    _show("python -c pass", bare)


def _paste(folder: Path) -> None:
    """The shortcut, and a text that is read by another program."""
    with open_desk(folder, tray=False) as desk:
        target, other = Another(desk, "target"), Another(desk, "other")
        pressed = threading.Event()
        hotkey = X11Hotkey(lambda news: pressed.set(), desk.display)
        typist, clipboard = X11Typist(desk.display), X11Clipboard(desk.display)
        target.take_keyboard()
        hotkey.grab(Purpose.DICTATE, "F9")

        def press() -> None:
            pressed.clear()
            typist.press("F9")
            pressed.wait()

        _show("key to news of it", _times(press))
        for what, copied in (("text", {"text": "old"}), ("an image of 1000 x 1000", {"image": 1000})):
            other.copy(**copied)
            _show(f"paste until it is read, {what} on the clipboard", _times(lambda: _insert(typist, clipboard, LONG)))
            fresh = [_fetched(desk.display) for _ in range(5)]
            _show(f"keep {what} first", fresh)
        for one in (hotkey, typist, clipboard):
            one.close()
        target.end()
        other.end()


def _insert(typist: X11Typist, clipboard: X11Clipboard, text: str) -> None:
    insert(Text(text, typist.focused()), typist, clipboard, threading.Event())


def _fetched(display: str) -> float:
    clipboard = X11Clipboard(display)
    began = time.monotonic()
    clipboard.keep()
    clipboard.is_lent()  # answered after that
    spent = time.monotonic() - began
    clipboard.close()
    return spent


def _times(do: Callable[[], Any]) -> list[float]:
    spent = []
    for _ in range(RUNS):
        began = time.monotonic()
        do()
        spent.append(time.monotonic() - began)
        time.sleep(0.3)  # the clipboard is given back
    return spent


def _show(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{what:<62} {1000 * statistics.median(seconds):7.1f} ({1000 * late:.1f})")


if __name__ == "__main__":
    main()
