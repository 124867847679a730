"""Real text into another program on Wayland: sway without a screen, its keyboard and clipboard.

sway refuses to run as root: it runs as nobody then, and we talk to it over its sockets.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop.core.errors import ClipboardTaken, TargetClosed, TargetMoved
from desktop.core.insertion import Method, Text, insert
from desktop.core.ports import Target
from desktop.system.clipboard.apart import ClipboardApart
from desktop.system.clipboard.wayland import QUIET_S, WaylandClipboard
from desktop.system.layer import AWAY, LayerPicture
from desktop.system.typist.wayland import KeyboardTypist
from tests.journeys.desk import Desk, wait_for
from tests.journeys.test_typing import TEXTS, TIMES, Another

TOOLS = ("sway", "wl-copy", "grim")
NOBODY = 65534


@pytest.fixture(autouse=True, params=range(TIMES))
def turn(request: pytest.FixtureRequest) -> None:
    """How often each test is done."""


class Seat(Desk):
    """A screen of sway."""

    def window(self, name: str = "Undertone") -> str | None:
        tree = self.run("swaymsg", "-r", "-t", "get_tree")
        return name if f'"{name.strip("^$")}"' in tree else None


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    run = Path("/tmp") / f"undertone-sway-{os.getpid()}"  # a place that nobody can reach
    run.mkdir()
    (run / "config").write_text("default_border none\nxwayland disable\n")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK")
    }
    environment |= {"XDG_RUNTIME_DIR": str(run), "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman"}
    environment |= {"WLR_LIBINPUT_NO_DEVICES": "1", "HOME": str(run), "QT_QPA_PLATFORM": "wayland"}
    user = NOBODY if os.getuid() == 0 else None
    if user:
        os.chown(run, user, user)
    quiet = subprocess.DEVNULL
    command = ["sway", "-c", str(run / "config")]
    sway = subprocess.Popen(command, env=environment, user=user, group=user, stdout=quiet, stderr=quiet)
    try:
        wait_for("sway", lambda: any(run.glob("wayland-?")) and any(run.glob("sway-ipc*")))
        sockets = [next(run.glob("wayland-?")), next(run.glob("sway-ipc*"))]
        environment |= {"WAYLAND_DISPLAY": sockets[0].name, "SWAYSOCK": str(sockets[1])}
        yield Seat(sockets[0].name, environment, [sway])
    finally:
        sway.terminate()
        sway.wait()
        shutil.rmtree(run)


@dataclass
class Rig:
    """Typist and clipboard as the program has them, and another program."""

    seat: Seat
    typist: KeyboardTypist
    clipboard: ClipboardApart
    target: Another
    stop: threading.Event = field(default_factory=threading.Event)

    def insert(self, text: str, method: Method = Method.PASTE, target: Target | None = None) -> None:
        self.clipboard.keep()
        insert(Text(text, target or self.typist.focused(), method), self.typist, self.clipboard, self.stop)

    def copy(self, kind: str, data: bytes) -> None:
        quiet = subprocess.DEVNULL
        command = ["wl-copy", "-t", kind]
        subprocess.run(command, input=data, env=self.seat.environment, stdout=quiet, stderr=quiet, check=True)

    def copied_as(self, kind: str, data: bytes) -> dict[str, str]:
        """Copied, and seen by a third program."""
        self.copy(kind, data)
        wait_for("the copy", lambda: self.copied().get(kind) == hashlib.sha256(data).hexdigest())
        return self.copied()

    def copied(self) -> dict[str, str]:
        found = {}
        for kind in self.seat.run("wl-paste", "-l").split():
            if "undertone" not in kind:
                command = ["wl-paste", "-n", "-t", kind]
                raw = subprocess.run(command, env=self.seat.environment, capture_output=True, check=False).stdout
                found[kind] = hashlib.sha256(raw).hexdigest()
        return found

    def given_back(self, before: dict[str, str]) -> None:
        wait_for("the clipboard as before", lambda: not self.clipboard.is_lent())
        wait_for("the copy as before", lambda: self.copied() == before)


@pytest.fixture(scope="module")
def whole_rig(seat: Seat) -> Iterator[Rig]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "SWAYSOCK"):
            patch.setenv(name, seat.environment[name])
        target = Another(seat, "target")
        typist, clipboard = KeyboardTypist(), ClipboardApart(WaylandClipboard)
        wait_for("the keyboard in the window", typist.focused)
        yield Rig(seat, typist, clipboard, target)
        typist.close()
        clipboard.close()
        target.end()


@pytest.fixture
def rig(whole_rig: Rig) -> Rig:
    """The same each time: nothing lent, nothing typed, nobody busy."""
    wait_for("the clipboard given back", lambda: not whole_rig.clipboard.is_lent())
    for word in ("clear", "delay 0"):
        whole_rig.target(word)
    return whole_rig


def test_every_text_is_pasted_and_the_clipboard_is_what_it_was(rig: Rig) -> None:
    before = rig.copied_as("text/plain", b"old")
    for text in TEXTS.values():
        rig.target("clear")
        rig.insert(text)
        assert rig.target.text == text
    rig.given_back(before)


def test_an_image_comes_back(rig: Rig) -> None:
    before = rig.copied_as("image/png", bytes(range(256)) * 10_000)
    rig.insert("Beside an image.")
    assert rig.target.text == "Beside an image."
    rig.given_back(before)


def test_a_busy_program_gets_the_text_and_a_history_is_no_receipt(rig: Rig) -> None:
    rig.copy("text/plain", b"old")
    history = subprocess.Popen(["wl-paste", "--watch", "sh", "-c", "cat > /dev/null"], env=rig.seat.environment)
    try:
        rig.target("delay 1500")
        rig.insert("Late.")
        assert rig.target.text == "Late."
    finally:
        history.kill()
        history.wait()


def test_what_the_user_copies_meanwhile_stays(rig: Rig) -> None:
    rig.target("delay 2500")
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(rig.insert, "Mine.")
        wait_for("the text on the clipboard", rig.clipboard.is_lent, look_every_s=0.01)
        rig.copy("text/plain", b"the user's")  # looking whether it is there would be a reading
        with pytest.raises(ClipboardTaken):
            done.result()
    time.sleep(2 * QUIET_S)
    assert rig.seat.run("wl-paste", "-n") == "the user's"


def test_into_another_or_a_closed_window_nothing_is_pasted(rig: Rig) -> None:
    spoken_for = rig.typist.focused()
    other = Another(rig.seat, "other")
    wait_for("the keyboard in the other", lambda: rig.typist.focused() != spoken_for)
    with pytest.raises(TargetMoved):
        rig.insert("Secret.", target=spoken_for)
    gone = rig.typist.focused()
    other.end()
    wait_for("the keyboard back", lambda: rig.typist.focused() == spoken_for)
    with pytest.raises(TargetClosed):
        rig.insert("Lost?", target=gone)
    assert rig.target.text == ""


def test_letter_by_letter(rig: Rig) -> None:
    text = "Žluťoučký kůň, (50%) — “漢字”\n\tÉté: A-z_0; абв αβγ 😀"
    rig.insert(text, Method.TYPE)
    wait_for("the last letter", lambda: rig.target.text.endswith("😀"))
    assert rig.target.text == text


def test_the_sign_of_dictation_is_above_all_windows_and_takes_no_keyboard(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def middle(from_top: int) -> tuple[int, ...]:
        """A pixel in the middle, so far from the top, or from the bottom if negative."""
        command = ["grim", "-t", "ppm", "-"]
        shot = subprocess.run(command, env=rig.seat.environment, capture_output=True, check=True).stdout
        _kind, width, height, _depth = shot.split(maxsplit=4)[:4]
        at = 3 * (int(width) * (from_top % int(height)) + int(width) // 2)
        return tuple(shot[-3 * int(width) * int(height) :][at : at + 3])

    for name in ("XDG_RUNTIME_DIR", "WAYLAND_DISPLAY"):
        monkeypatch.setenv(name, rig.seat.environment[name])
    target = rig.typist.focused()
    sign = LayerPicture()
    try:
        for color, size, scale, is_at_top in (
            ((255, 0, 0), (480, 52), 1, False),
            ((0, 255, 0), (480, 90), 1, False),
            ((0, 0, 255), (960, 104), 2, True),
        ):
            pixel = bytes((*reversed(color), 255))
            sign.show(pixel * size[0] * size[1], size, scale, is_at_top)
            row = AWAY + 10 if is_at_top else -AWAY - 10
            wait_for("the sign", lambda row=row, color=color: middle(row) == color)
        assert middle(-AWAY - 10) != (0, 255, 0), "it is at the top now"
        assert rig.typist.focused() == target
        rig.insert("Below it.")
        assert rig.target.text == "Below it."
        sign.hide()
        wait_for("the sign to go", lambda: middle(AWAY + 10) != (0, 0, 255))
        sign.show(pixel * 960 * 104, (960, 104), 2, True)
        wait_for("the sign to come again", lambda: middle(AWAY + 10) == (0, 0, 255))
    finally:
        sign.close()
    wait_for("the sign to go with us", lambda: middle(AWAY + 10) != (0, 0, 255))
