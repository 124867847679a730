"""Shortcuts and keys by the portal of Wayland desktops, against a fake one of each kind."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.core.chords import hotkey
from desktop.core.errors import ClipboardUnusable, HotkeysImpossible, HotkeyUnfit, TypingImpossible
from desktop.core.ports import KeyNews, Purpose
from desktop.system import clipboard
from desktop.system import hotkey as hotkey_package
from desktop.system import typist as typist_package
from desktop.system.hotkey.portal import PortalHotkey, trigger
from desktop.system.portal import APP_ID
from desktop.system.typist.wayland import PortalTypist
from tests.conftest import ROOT
from tests.journeys.desk import wait_for

WANTED = {Purpose.DICTATE: "Ctrl+Alt+Space", Purpose.DROP: "Meta+F9"}


class Fake:
    """The fake portal as a process of its own."""

    def __init__(self, kind: str) -> None:
        command = [sys.executable, str(Path(__file__).with_name("fake_portal.py")), kind]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.told() == ["ready"]

    def told(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def say(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate()


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus of this test alone."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("this machine lacks dbus-daemon: see packaging/linux/system_packages.sh")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert daemon.stdout
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().decode().strip())
    yield
    daemon.terminate()
    daemon.communicate()


@pytest.fixture
def portal(bus: None) -> Iterator[Callable[[str], Fake]]:
    made: list[Fake] = []

    def make(kind: str) -> Fake:
        made.append(Fake(kind))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def news() -> list[KeyNews]:
    return []


@pytest.fixture
def hotkeys(news: list[KeyNews]) -> Iterator[Callable[[], PortalHotkey]]:
    made: list[PortalHotkey] = []

    def make() -> PortalHotkey:
        made.append(PortalHotkey(news.append, WANTED))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("kind", ["normal", "app-id", "silent"])
def test_the_key_is_told_when_it_goes_down_and_up(
    portal: Callable[[str], Fake], hotkeys: Callable[[], PortalHotkey], news: list[KeyNews], kind: str
) -> None:
    fake, mine = portal(kind), hotkeys()
    assert fake.told() == ["registered", APP_ID]
    read = mine.grab(Purpose.DICTATE, WANTED[Purpose.DICTATE])
    assert read == ("Ctrl+Alt+Space" if kind == "silent" else "Press dictate")
    assert fake.told() == ["bound", {"dictate": "CTRL+ALT+space", "drop": "LOGO+F9"}]
    for words in ("press dictate", "press dictate", "press drop", "release dictate", "press sing"):
        fake.say(words)
    wait_for("the key", lambda: len(news) == 2)
    assert [(one.purpose, one.is_down) for one in news] == [(Purpose.DICTATE, True), (Purpose.DICTATE, False)]
    assert news[0].at_ms <= news[1].at_ms
    assert mine.is_down(Purpose.DICTATE) is None


def test_the_user_is_asked_once_for_all_shortcuts(
    portal: Callable[[str], Fake], hotkeys: Callable[[], PortalHotkey], news: list[KeyNews]
) -> None:
    fake, mine = portal("normal"), hotkeys()
    for purpose, text in WANTED.items():
        mine.grab(purpose, text)
    mine.let_go(Purpose.DICTATE)
    for words in ("press dictate", "press drop"):
        fake.say(words)
    wait_for("the key", lambda: news)
    assert [one.purpose for one in news] == [Purpose.DROP]
    assert [fake.told()[0] for _ in range(2)] == ["registered", "bound"]


def test_another_key_needs_another_session(portal: Callable[[str], Fake], hotkeys: Callable[[], PortalHotkey]) -> None:
    fake, mine = portal("normal"), hotkeys()
    mine.grab(Purpose.DICTATE, "F8")
    mine.grab(Purpose.DICTATE, "F9")
    told = [fake.told() for _ in range(4)]
    assert told[1:3] == [
        ["bound", {"dictate": "F8", "drop": "LOGO+F9"}],
        ["bound", {"dictate": "F9", "drop": "LOGO+F9"}],
    ]
    assert told[3] == ["closed", False]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("gnome48", "BindShortcuts is not implemented"), ("refusing", "it was refused"), ("old", "No such method")],
)
def test_why_it_cannot_be_done_is_said(
    portal: Callable[[str], Fake], hotkeys: Callable[[], PortalHotkey], kind: str, reason: str
) -> None:
    portal(kind)
    with pytest.raises(HotkeysImpossible) as raised:
        hotkeys().grab(Purpose.DICTATE, "F9")
    assert reason in raised.value.said_headline
    assert "undertone dictate" in raised.value.said_advice


def test_without_a_portal_or_a_bus_it_says_so(
    bus: None, hotkeys: Callable[[], PortalHotkey], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = hotkeys()
    with pytest.raises(HotkeysImpossible):
        mine.grab(Purpose.DICTATE, "F9")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={ROOT / 'nothing'}")
    with pytest.raises(HotkeysImpossible) as raised:
        hotkeys()
    assert "no session bus" in raised.value.said_headline


def test_esc_is_not_lent_and_typing_keys_are_refused(
    portal: Callable[[str], Fake], hotkeys: Callable[[], PortalHotkey]
) -> None:
    portal("normal")
    mine = hotkeys()
    with pytest.raises(HotkeysImpossible):
        mine.grab(Purpose.CANCEL, "Esc")
    with pytest.raises(HotkeyUnfit):
        mine.grab(Purpose.DICTATE, "A")


@pytest.mark.parametrize(
    ("shortcut", "told"),
    [
        ("Meta+H", "LOGO+h"),
        ("Ctrl+PgUp", "CTRL+Prior"),
        ("Pause", "Pause"),
        ("F12", "F12"),
        ("Alt+Shift+F", "ALT+SHIFT+f"),
    ],
)
def test_shortcuts_as_the_specification_writes_them(shortcut: str, told: str) -> None:
    assert trigger(hotkey(shortcut)) == told


class TestTypist:
    def test_the_chord_is_pressed_and_the_consent_kept(self, portal: Callable[[str], Fake]) -> None:
        fake = portal("normal")
        kept: list[str] = []
        typist = PortalTypist("token of yesterday", kept.append)
        try:
            typist.press("Ctrl+V")
            typist.type_text("é\n")
        finally:
            typist.close()
        told = [fake.told() for _ in range(10)]
        assert told[:2] == [["registered", APP_ID], ["devices", 1, "token of yesterday"]]
        assert told[2:6] == [["key", 0xFFE3, 1], ["key", 0x76, 1], ["key", 0x76, 0], ["key", 0xFFE3, 0]]
        assert told[6:] == [["key", 0xE9, 1], ["key", 0xE9, 0], ["key", 0xFF0D, 1], ["key", 0xFF0D, 0]]
        assert kept == ["token of today"]

    @pytest.mark.parametrize("kind", ["refusing", "old"])
    def test_without_consent_it_says_so(self, portal: Callable[[str], Fake], kind: str) -> None:
        portal(kind)
        with pytest.raises(TypingImpossible) as raised:
            PortalTypist("", lambda token: None)
        assert "clipboard" in raised.value.said_advice


class TestChoice:
    def test_where_there_is_nothing_everything_says_why(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.setenv("DISPLAY", ":9999")
        keys, typist, board = hotkey_package.choose(print, WANTED), typist_package.choose("", print), clipboard.choose()
        with pytest.raises(HotkeysImpossible):
            keys.grab(Purpose.DICTATE, "F9")
        with pytest.raises(TypingImpossible):
            typist.press("Ctrl+V")
        for use in (board.put, lambda text: board.offer(text, None)):
            with pytest.raises(ClipboardUnusable):
                use("Hi.")
        for one in (keys, typist, board):
            one.close()

    def test_on_wayland_the_portal_is_asked(
        self, portal: Callable[[str], Fake], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        portal("normal")
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.setenv("WAYLAND_DISPLAY", "nothing")
        keys, typist, board = hotkey_package.choose(print, WANTED), typist_package.choose("", print), clipboard.choose()
        assert [type(one).__name__ for one in (keys, typist, board)] == [
            "PortalHotkey",
            "PortalTypist",
            "NullClipboard",
        ]
        for one in (keys, typist, board):
            one.close()
