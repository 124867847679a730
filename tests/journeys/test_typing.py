"""Real keys in, real text out: shortcut, paste and clipboard on a real X server, with other programs around.

`UNDERTONE_SOAK=20 pytest tests/journeys/test_typing.py` does each of them twenty times.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from xcffib.xproto import SelectionNotifyEvent, SelectionRequestEvent

from desktop.core.dictation import Dictation, Resource
from desktop.core.dictation_actions import (
    FinishMicrophone,
    Hold,
    Insert,
    LetGo,
    NoteTarget,
    Recognise,
    Say,
    StartMicrophone,
    StopMicrophone,
)
from desktop.core.dictation_events import (
    Cancelled,
    Closed,
    DropWanted,
    Ended,
    Event,
    Inserted,
    NotInserted,
    Opened,
    Pressed,
    Recognised,
    Released,
)
from desktop.core.dictation_steps import step
from desktop.core.errors import (
    AppError,
    ClipboardTaken,
    ClipboardUnusable,
    HotkeysImpossible,
    HotkeyTaken,
    HotkeyUnfit,
    TargetClosed,
    TargetDeaf,
    TargetMissing,
    TargetMoved,
    TypingImpossible,
)
from desktop.core.insertion import Method, Text, insert, method_for
from desktop.core.ports import KeyNews, Purpose, Target
from desktop.system.clipboard.apart import ClipboardApart
from desktop.system.clipboard.x11 import QUIET_S, X11Clipboard
from desktop.system.hotkey.x11 import X11Hotkey
from desktop.system.typist.x11 import X11Typist
from desktop.system.x11 import Loop, Server
from tests.conftest import ROOT
from tests.journeys.desk import Desk, wait_for

TIMES = int(os.environ.get("UNDERTONE_SOAK", "1"))
DRAWINGS = {"PIXMAP", "BITMAP"}
"""No content: the number of a drawing that the owner keeps in the server."""
ABOUT = {"TARGETS", "TIMESTAMP", "MULTIPLE", "SAVE_TARGETS"} | DRAWINGS


@pytest.fixture(autouse=True, params=range(TIMES))
def turn(request: pytest.FixtureRequest) -> None:
    """How often each test is done."""


class Another:
    """Another program (`text_field.py`)."""

    def __init__(self, desk: Desk, name: str, **variables: str) -> None:
        self.desk, self.name = desk, name
        script = Path(__file__).with_name("text_field.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), name],
            env={**desk.environment, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"
        wait_for(f"the window {name}", lambda: desk.window(f"^{name}$"))

    def __call__(self, words: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    @property
    def text(self) -> str:
        return str(self("text"))

    def copy(self, **what: Any) -> None:
        self("copy " + json.dumps(what))

    def take_keyboard(self) -> None:
        self("focus")
        wait_for(f"the keyboard in {self.name}", lambda: self.desk.active() == self.name)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def copied_on(desk: Desk) -> dict[str, str]:
    """All that is on the clipboard, by format, as a third program sees it."""
    listed = desk.run("xclip", "-selection", "clipboard", "-o", "-t", "TARGETS").split()
    found = {}
    for target in listed:
        if target not in ABOUT:
            command = ["xclip", "-selection", "clipboard", "-o", "-t", target]
            raw = subprocess.run(command, env=desk.environment, capture_output=True, check=False).stdout
            found[target] = hashlib.sha256(raw).hexdigest()
    return found


@dataclass
class Rig:
    """Shortcut, typist and clipboard as the program has them, and two other programs."""

    desk: Desk
    hotkey: X11Hotkey
    typist: X11Typist
    clipboard: ClipboardApart
    target: Another
    other: Another
    news: list[KeyNews] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def insert(self, text: str, method: Method = Method.PASTE, target: Target | None = None) -> None:
        """As the service does it: what is there is kept from the key on, the window is noted, the text inserted."""
        self.clipboard.keep()
        insert(Text(text, target or self.typist.focused(), method), self.typist, self.clipboard, self.stop)

    def keys(self, *arguments: str) -> None:
        self.desk.run("xdotool", *arguments)

    def heard(self, count: int) -> list[tuple[Purpose, bool]]:
        wait_for(f"{count} pieces of news of a key", lambda: len(self.news) >= count, look_every_s=0.01)
        return [(one.purpose, one.is_down) for one in self.news]

    def copied(self) -> dict[str, str]:
        return copied_on(self.desk)

    def copied_text(self) -> str:
        return self.desk.run("xclip", "-selection", "clipboard", "-o")

    def given_back(self, before: dict[str, str]) -> None:
        wait_for("the clipboard as before", lambda: not self.clipboard.is_lent())
        assert self.copied() == before


def apart(desk: Desk) -> ClipboardApart:
    """The clipboard of this screen, as the program has it."""
    return ClipboardApart(partial(X11Clipboard, desk.display))


@pytest.fixture(scope="module")
def whole_rig(desk: Desk) -> Iterator[Rig]:
    target, other = Another(desk, "target"), Another(desk, "other")
    news: list[KeyNews] = []
    hotkey = X11Hotkey(news.append, desk.display)
    typist, clipboard = X11Typist(desk.display), apart(desk)
    yield Rig(desk, hotkey, typist, clipboard, target, other, news)
    for one in (hotkey, typist, clipboard):
        one.close()
    for program in (target, other):
        program.end()


@pytest.fixture
def rig(whole_rig: Rig) -> Iterator[Rig]:
    """The same each time: nothing typed, no key down, no shortcut taken, “old” on the clipboard."""
    whole_rig.news.clear()
    for word in ("clear", "delay 0"):
        whole_rig.target(word)
        whole_rig.other(word)
    whole_rig.other.copy(text="old")
    whole_rig.target.take_keyboard()
    yield whole_rig
    for purpose in Purpose:
        whole_rig.hotkey.let_go(purpose)
    whole_rig.keys("keyup", "ctrl", "keyup", "shift", "keyup", "alt", "keyup", "space", "keyup", "Escape")


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., Future[Any]]]:
    """Does something on another thread."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit


class TestShortcut:
    def test_a_key_that_repeats_for_five_seconds_is_pressed_and_released_once(self, rig: Rig) -> None:
        assert rig.hotkey.grab(Purpose.DICTATE, "ctrl+space") == "Ctrl+Space"
        rig.keys("keydown", "ctrl", "keydown", "space", "sleep", "5", "keyup", "space", "keyup", "ctrl")
        assert rig.heard(2) == [(Purpose.DICTATE, True), (Purpose.DICTATE, False)]
        held_ms = rig.news[1].at_ms - rig.news[0].at_ms
        assert held_ms >= 4900
        assert rig.target.text == ""

    @pytest.mark.parametrize("locks", [["Num_Lock"], ["Caps_Lock"], ["Num_Lock", "Caps_Lock"]])
    def test_locks_do_not_matter(self, rig: Rig, locks: list[str]) -> None:
        rig.hotkey.grab(Purpose.DICTATE, "Ctrl+Alt+D")
        rig.keys("key", *locks)
        try:
            rig.keys("keydown", "ctrl", "keydown", "alt", "keydown", "d")
            rig.keys("keyup", "ctrl", "keyup", "alt", "keyup", "d")
            assert rig.heard(2) == [(Purpose.DICTATE, True), (Purpose.DICTATE, False)]
            rig.insert("Under a lock.")
        finally:
            rig.keys("key", *locks)
        assert rig.target.text == "Under a lock."

    def test_pressed_twice_in_a_row_it_says_so_twice(self, rig: Rig) -> None:
        rig.hotkey.grab(Purpose.DICTATE, "F9")
        rig.keys("key", "--delay", "20", "F9", "F9")
        assert [is_down for _, is_down in rig.heard(4)] == [True, False, True, False]

    def test_one_that_is_taken_is_reported_and_the_one_before_stays(self, rig: Rig) -> None:
        somebody = X11Hotkey(lambda news: None, rig.desk.display)
        try:
            somebody.grab(Purpose.DICTATE, "Ctrl+F10")
            rig.hotkey.grab(Purpose.DICTATE, "F9")
            with pytest.raises(HotkeyTaken) as raised:
                rig.hotkey.grab(Purpose.DICTATE, "Ctrl+F10")
            assert "Ctrl+F10" in raised.value.said_headline
            rig.keys("key", "F9")
            rig.heard(2)
        finally:
            somebody.close()
        rig.hotkey.grab(Purpose.DICTATE, "Ctrl+F10")
        rig.keys("key", "F9", "key", "ctrl+F10")
        rig.heard(4)

    def test_other_chords_with_the_same_key_belong_to_others(self, rig: Rig) -> None:
        rig.hotkey.grab(Purpose.DICTATE, "Ctrl+Alt+D")
        rig.hotkey.grab(Purpose.DROP, "Ctrl+Alt+Shift+D")
        rig.keys("key", "d", "key", "ctrl+alt+shift+d", "key", "ctrl+alt+d")
        assert rig.heard(4)[::2] == [(Purpose.DROP, True), (Purpose.DICTATE, True)]
        assert rig.target.text == "d"

    def test_esc_cancels_during_a_hold_and_belongs_to_others_afterwards(self, rig: Rig) -> None:
        rig.hotkey.grab(Purpose.DICTATE, "Ctrl+Space")
        rig.hotkey.grab(Purpose.CANCEL, "Esc")
        rig.keys(
            "keydown", "ctrl", "keydown", "space", "key", "Escape", "keyup", "space", "keyup", "ctrl", "key", "Escape"
        )
        news = rig.heard(6)
        assert news[1] == (Purpose.CANCEL, True)
        assert news.count((Purpose.CANCEL, True)) == 2
        rig.hotkey.let_go(Purpose.CANCEL)
        rig.target("clear")
        rig.keys("key", "Escape")
        wait_for("Esc in the other program", lambda: "0+1000000" in rig.target("keys"))
        assert len(rig.news) == 6

    def test_what_is_down_can_be_asked(self, rig: Rig) -> None:
        rig.hotkey.grab(Purpose.DICTATE, "F9")
        assert rig.hotkey.is_down(Purpose.DICTATE) is False
        rig.keys("keydown", "F9")
        assert rig.hotkey.is_down(Purpose.DICTATE) is True
        rig.keys("keyup", "F9")
        assert rig.hotkey.is_down(Purpose.DICTATE) is False

    def test_in_another_alphabet_shortcut_and_paste_work_all_the_same(self, rig: Rig) -> None:
        rig.desk.run("setxkbmap", "us,ru", "-option", "grp:shifts_toggle")
        rig.hotkey.grab(Purpose.DICTATE, "Ctrl+Alt+D")
        rig.keys("key", "ISO_Next_Group")
        try:
            rig.keys("key", "ctrl+alt+d")
            assert rig.heard(2) == [(Purpose.DICTATE, True), (Purpose.DICTATE, False)]
            rig.insert("Добрый день.")
        finally:
            rig.desk.run("setxkbmap", "us", "-option", "")
        assert rig.target.text == "Добрый день."

    @pytest.mark.parametrize(
        "shortcut", ["A", "Shift+Space", "Ctrl+V", "Ctrl+Shift+V", "Ctrl+K, Ctrl+C", "Ctrl", "Ctrl+☃"]
    )
    def test_one_that_others_need_is_refused(self, rig: Rig, shortcut: str) -> None:
        with pytest.raises(HotkeyUnfit):
            rig.hotkey.grab(Purpose.DICTATE, shortcut)


LONG = " ".join(f"Sentence {number} of a long dictation." for number in range(70))[:2000]
TEXTS = {
    "short": "Hello, world.",
    "other scripts": "żółć É 漢字 😀 œ “q” שלום привет",
    "several lines": "Dear Anna,\n\n\tthank you.\n",
    "2,000 characters": LONG,
    "in pieces": "Nothing is too long. " * 40_000,
}
COPIES: dict[str, dict[str, Any]] = {
    "text": {"text": "old text ü"},
    "html": {"text": "bold", "html": "<b>bold</b>"},
    "image": {"image": 400},
    "large": {"text": "label", "bytes": 6_000_000},
}


class TestInserting:
    @pytest.mark.parametrize("text", list(TEXTS.values()), ids=list(TEXTS))
    def test_the_text_is_in_the_other_program(self, rig: Rig, text: str) -> None:
        before = rig.copied()
        rig.insert(text)
        assert rig.target.text == text
        rig.given_back(before)

    @pytest.mark.parametrize("copied", list(COPIES.values()), ids=list(COPIES))
    def test_the_clipboard_is_what_it_was(self, rig: Rig, copied: dict[str, Any]) -> None:
        rig.other.copy(**copied)
        before = rig.copied()
        for text in ("One. ", "Two."):
            rig.insert(text)
        assert rig.target.text == "One. Two."
        rig.given_back(before)

    def test_an_empty_clipboard_is_empty_again(self, rig: Rig) -> None:
        rig.other("empty")
        assert rig.copied_text() == ""
        rig.insert("Hello.")
        assert rig.target.text == "Hello."
        wait_for("the clipboard as before", lambda: not rig.clipboard.is_lent())
        assert rig.copied_text() == ""

    def test_a_program_that_is_busy_gets_the_text_and_not_what_was_copied(self, rig: Rig) -> None:
        rig.target("delay 2500")
        before = rig.copied()
        rig.insert("Late.")
        assert rig.target.text == "Late."
        rig.given_back(before)

    def test_a_clipboard_history_that_looks_in_is_no_receipt(
        self, rig: Rig, meanwhile: Callable[..., Future[Any]]
    ) -> None:
        rig.target("delay 900")
        done = meanwhile(rig.insert, "Mine.")
        wait_for("the text on the clipboard", rig.clipboard.is_lent, look_every_s=0.01)
        assert rig.copied_text() == "Mine."
        assert "x-kde-passwordManagerHint" in rig.copied()
        assert not done.done()
        done.result()
        assert rig.target.text == "Mine."

    def test_what_the_user_copies_before_the_paste_stays(self, rig: Rig, meanwhile: Callable[..., Future[Any]]) -> None:
        rig.target("delay 1500")
        done = meanwhile(rig.insert, "Mine.")
        wait_for("the text on the clipboard", rig.clipboard.is_lent, look_every_s=0.01)
        rig.other.copy(text="the user's")
        with pytest.raises(ClipboardTaken):
            done.result()
        time.sleep(2 * QUIET_S)
        assert rig.copied_text() == "the user's"

    def test_what_the_user_copies_after_the_paste_stays(self, rig: Rig) -> None:
        rig.insert("Mine.")
        rig.other.copy(text="the user's")
        time.sleep(2 * QUIET_S)
        assert rig.copied_text() == "the user's"
        assert rig.target.text == "Mine."

    def test_what_the_user_copies_while_speaking_is_what_comes_back(self, rig: Rig) -> None:
        rig.clipboard.keep()
        rig.other.copy(text="newer")
        before = rig.copied()
        rig.insert("Mine.")
        rig.given_back(before)

    def test_nothing_is_pasted_while_a_key_is_held(self, rig: Rig, meanwhile: Callable[..., Future[Any]]) -> None:
        rig.keys("keydown", "ctrl")
        done = meanwhile(rig.insert, "After all.")
        time.sleep(0.5)
        assert rig.target.text == ""
        assert rig.copied_text() == "old"
        rig.keys("keyup", "ctrl")
        done.result()
        assert rig.target.text == "After all."

    def test_into_another_window_nothing_is_pasted(self, rig: Rig) -> None:
        spoken_for = rig.typist.focused()
        rig.other.take_keyboard()
        before = rig.copied()
        with pytest.raises(TargetMoved):
            rig.insert("Secret.", target=spoken_for)
        assert rig.target.text == rig.other.text == ""
        assert rig.copied() == before

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_a_window_that_is_closed_is_reported(
        self, rig: Rig, meanwhile: Callable[..., Future[Any]], when: str
    ) -> None:
        third = Another(rig.desk, "third")
        third("delay 5000")
        third.take_keyboard()
        before = rig.copied()
        target = rig.typist.focused()
        if when == "before":
            third.end()
        done = meanwhile(rig.insert, "Lost?", target=target)
        if when == "after":
            wait_for("the text on the clipboard", rig.clipboard.is_lent, look_every_s=0.01)
            third.end()
        with pytest.raises(TargetClosed):
            done.result()
        rig.given_back(before)
        assert rig.target.text == ""

    def test_without_any_window_there_is_no_target(self, rig: Rig) -> None:
        rig.keys("key", "super+d")  # openbox: show the desktop
        try:
            wait_for("no window with the keyboard", lambda: not rig.desk.active())
            with pytest.raises(TargetMissing):
                rig.insert("Nowhere.")
        finally:
            rig.keys("key", "super+d")

    def test_a_program_that_does_not_paste_is_reported(self, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("desktop.core.insertion.READ_WITHIN_S", 0.5)
        before = rig.copied()
        with pytest.raises(TargetDeaf) as raised:
            rig.insert("Hello.", Method.TERMINAL)  # a text field knows no Ctrl+Shift+V
        assert "text_field.py" in raised.value.said_headline
        rig.given_back(before)
        assert rig.target.text == ""

    def test_each_program_gets_its_own_chord(self, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("desktop.core.insertion.READ_WITHIN_S", 0.25)
        with pytest.raises(TargetDeaf):
            rig.insert("x", Method.TERMINAL)
        assert rig.target("keys")[-1] == "6000000+56"  # Ctrl+Shift+V
        rig.insert("Inserted.", Method.SELECTION)
        assert rig.target("keys")[-1] == "2000000+1000006"  # Shift+Insert
        assert rig.target.text == "Inserted."

    def test_letter_by_letter_where_pasting_is_impossible(self, rig: Rig) -> None:
        before = rig.copied()
        text = "Žluťoučký kůň, (50%) — “漢字”\n\tÉté: A-z_0; ÀÁÂ абв αβγ 😀"
        rig.insert(text, Method.TYPE)
        wait_for("the last letter", lambda: rig.target.text.endswith("😀"))
        assert rig.target.text == text
        assert rig.copied() == before

    def test_a_copy_is_for_good(self, rig: Rig) -> None:
        rig.insert("Copied.", Method.COPY)
        assert rig.copied_text() == "Copied."
        rig.insert("Inserted.")
        wait_for("the clipboard as before", lambda: not rig.clipboard.is_lent())
        assert rig.copied_text() == "Copied."
        assert rig.target.text == "Inserted."


def test_a_terminal_gets_the_text(rig: Rig, tmp_path: Path) -> None:
    if not shutil.which("xterm"):
        pytest.skip("this machine lacks xterm: see packaging/linux/system_packages.sh")
    typed = tmp_path / "typed"
    command = ["xterm", "-u8", "-title", "terminal", "-e", "sh", "-c", f"stty -icanon min 1 -echo; cat > {typed}"]
    terminal = subprocess.Popen(command, env={**rig.desk.environment, "LC_ALL": "C.UTF-8"})
    try:
        wait_for("the terminal", lambda: rig.desk.active() == "terminal" and typed.exists())
        before = rig.copied()
        target = rig.typist.focused()
        assert target
        method = method_for(target.program, {})
        assert method is Method.SELECTION
        texts = "echo żółć 漢字 ", LONG
        for text in texts:
            rig.insert(text, method)
        wait_for("the text in the terminal", lambda: typed.read_bytes() == "".join(texts).encode())
        rig.given_back(before)
    finally:
        terminal.kill()
        terminal.wait()


HOLDS_THE_LOCK = """
import ctypes, sys, threading
from desktop.system.typist.x11 import X11Typist

typist = X11Typist()
x11 = ctypes.PyDLL("libX11.so.6")  # it keeps the lock of Python while it waits, as the windows of PySide do
x11.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x11.XOpenDisplay(None))
pressing = threading.Thread(target=lambda: [typist.press("F9") for _time in range(40)])
pressing.start()
while pressing.is_alive():
    x11.XSync(display, False)
typist.close()
"""


def test_a_window_that_waits_for_the_server_does_not_bring_the_screen_to_a_stand(rig: Rig) -> None:
    subprocess.run([sys.executable, "-c", HOLDS_THE_LOCK], env=rig.desk.environment, check=True, timeout=60)


def test_a_window_of_our_own_is_a_target_like_any_other(rig: Rig) -> None:
    script = Path(__file__).with_name("own_window.py")
    environment = {**rig.desk.environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, check=True, timeout=30)
    assert json.loads(done.stdout) == "Into our own window.old"


def test_keys_go_to_the_target_even_if_the_keyboard_is_given_away_in_that_moment(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = X11Typist._held

    def given_away(typist: X11Typist) -> str:
        found = held(typist)
        if typist is rig.typist and rig.desk.active() == "target":
            rig.other.take_keyboard()
        return found

    spoken_for = rig.typist.focused()
    monkeypatch.setattr(X11Typist, "_held", given_away)
    rig.typist.press("x", spoken_for)
    monkeypatch.undo()
    wait_for("the letter", lambda: rig.target.text == "x")
    assert rig.other.text == ""
    assert rig.desk.active() == "other"
    rig.keys("key", "y")
    wait_for("the next letter where the user went", lambda: rig.other.text == "y")


def test_a_clipboard_whose_process_dies_is_told_and_there_is_another_one(rig: Rig) -> None:
    clipboard = apart(rig.desk)
    try:
        clipboard.put("Here.")
        os.kill(clipboard.pid, signal.SIGKILL)
        with pytest.raises(ClipboardUnusable):
            clipboard.wait_read(60.0)
        clipboard.put("Here again.")
        assert rig.copied_text() == "Here again."
    finally:
        clipboard.close()


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_at_the_end_the_clipboard_is_given_back_and_stays_until_somebody_copies(
    rig: Rig, copied: dict[str, Any]
) -> None:
    rig.other.copy(**copied)
    before = rig.copied()
    clipboard = apart(rig.desk)
    clipboard.offer("Half way.", rig.typist.focused())
    assert rig.copied_text() == "Half way."
    clipboard.close()
    assert rig.copied() == before
    assert rig.copied() == before, "not only once"
    heir = ("pgrep", "-f", f"desktop.system.clipboard.heir [0-9]+ {rig.desk.display}$")
    assert rig.desk.run(*heir)
    rig.other.copy(text="newer")
    wait_for("the process to end", lambda: not rig.desk.run(*heir))
    assert rig.copied_text() == "newer"


class Dictator:
    """What the service will be, with speech that is known beforehand: a take says its own number."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.dictation = Dictation()
        self.said: list[object] = []
        self.held: set[Resource] = set()
        self.targets: dict[int, Target | None] = {}
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._hotkey = X11Hotkey(self._on_key, rig.desk.display)
        self._hotkey.grab(Purpose.DICTATE, "Ctrl+Space")
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def tell(self, event: Event) -> None:
        self._events.put(event)

    def end(self) -> None:
        self._events.put(Ended())
        self._events.put(None)
        self._thread.join()
        self._hotkey.close()
        assert not self.held

    def wait(self) -> Dictation:
        wait_for("the end of it", lambda: self._events.empty() and self.dictation.is_idle and self.dictation.count)
        return self.dictation

    def _on_key(self, news: KeyNews) -> None:
        if news.purpose is Purpose.DICTATE:
            self.tell(Pressed(news.at_ms) if news.is_down else Released(news.at_ms))
        elif news.is_down:
            self.tell(Cancelled())

    def _run(self) -> None:
        while event := self._events.get():
            self.dictation, actions = step(self.dictation, event)
            for action in actions:
                self._do(action)

    def _do(self, action: object) -> None:
        match action:
            case StartMicrophone(take):
                self.rig.clipboard.keep()
                self.tell(Opened(take))
            case NoteTarget(take):
                self.targets[take] = self.rig.typist.focused()
            case FinishMicrophone(take) | StopMicrophone(take):
                self.tell(Closed(take, has_speech=True))
            case Recognise(take):
                self.tell(Recognised(take, f"Take {take}. "))
            case Insert(take, text):
                try:
                    insert(Text(text, self.targets[take]), self.rig.typist, self.rig.clipboard, self.rig.stop)
                    self.tell(Inserted(take))
                except AppError as error:
                    self.tell(NotInserted(take, error))
            case Hold(resource) | LetGo(resource):
                (self.held.add if isinstance(action, Hold) else self.held.remove)(resource)
                if resource is Resource.CANCEL_KEY and isinstance(action, Hold):
                    self._hotkey.grab(Purpose.CANCEL, "Esc")
                elif resource is Resource.CANCEL_KEY:
                    self._hotkey.let_go(Purpose.CANCEL)
            case _:
                self.said.append(action)


class TestDictating:
    """The whole way from the key to the text but for microphone and engine."""

    @pytest.fixture
    def dictator(self, rig: Rig) -> Iterator[Dictator]:
        one = Dictator(rig)
        yield one
        one.end()

    def test_hold_and_let_go(self, rig: Rig, dictator: Dictator) -> None:
        before = rig.copied()
        rig.keys(
            "keydown", "ctrl", "keydown", "space", "sleep", "0.7", "keyup", "space", "sleep", "0.2", "keyup", "ctrl"
        )
        dictator.wait()
        assert rig.target.text == "Take 1. "
        rig.given_back(before)

    def test_tap_and_tap_again_in_another_window(self, rig: Rig, dictator: Dictator) -> None:
        rig.keys("key", "ctrl+space")
        rig.other.take_keyboard()
        rig.keys("key", "ctrl+space")
        dictator.wait()
        assert (rig.target.text, rig.other.text) == ("", "Take 1. ")

    def test_one_after_the_other_without_a_pause(self, rig: Rig, dictator: Dictator) -> None:
        for _ in range(3):
            rig.keys("keydown", "ctrl", "keydown", "space", "sleep", "0.45", "keyup", "space", "keyup", "ctrl")
        wait_for("three takes", lambda: dictator.wait().count == 3)
        assert rig.target.text == "Take 1. Take 2. Take 3. "

    def test_esc_forgets_what_is_spoken(self, rig: Rig, dictator: Dictator) -> None:
        rig.keys("key", "ctrl+space", "sleep", "0.2", "key", "Escape")
        dictator.wait()
        assert rig.target.text == ""

    def test_the_window_changes_during_a_hold_and_the_text_waits(self, rig: Rig, dictator: Dictator) -> None:
        before = rig.copied()
        rig.keys("keydown", "ctrl", "keydown", "space")
        wait_for("the take", lambda: 1 in dictator.targets)
        rig.other.take_keyboard()
        rig.keys("sleep", "0.5", "keyup", "space", "keyup", "ctrl")
        wait_for("the waiting text", lambda: dictator.dictation.waiting)
        assert isinstance(dictator.said[0], Say)
        assert isinstance(dictator.said[0].error, TargetMoved)
        assert rig.target.text == rig.other.text == ""
        assert rig.copied() == before
        dictator.tell(DropWanted())
        wait_for("the text", lambda: rig.other.text == "Take 1. ")


class Manager:
    """A clipboard manager, such as desktops have: takes over the copy of a program that ends."""

    def __init__(self, display: str) -> None:
        self.kept = ""
        self._loop = Loop("manager", self._start, display)

    def _start(self, server: Server) -> Callable[[Any], None]:
        self._server, self._window = server, server.window()
        server.core.SetSelectionOwner(self._window, server.atom("CLIPBOARD_MANAGER"), 0)
        server.sync()
        return self._take

    def _take(self, event: Any) -> None:
        server = self._server
        if isinstance(event, SelectionRequestEvent):
            assert server.atom_name(event.target) == "SAVE_TARGETS"
            self._asked = event
            box = server.atom("BOX")
            server.core.ConvertSelection(self._window, server.atom("CLIPBOARD"), server.atom("UTF8_STRING"), box, 0)
        elif isinstance(event, SelectionNotifyEvent):
            self.kept = server.property(self._window, event.property, delete=True)[2].decode()
            one = self._asked
            told = SelectionNotifyEvent.synthetic(one.time, one.requestor, one.selection, one.target, one.property)
            server.core.SendEvent(False, one.requestor, 0, told.pack())

    def end(self) -> None:
        self._loop.close()


def test_at_the_end_a_clipboard_manager_takes_over_what_was_given_back(rig: Rig) -> None:
    manager = Manager(rig.desk.display)
    clipboard = apart(rig.desk)
    clipboard.offer("Half way.", rig.typist.focused())
    clipboard.close()
    manager.end()
    assert manager.kept == "old"


def test_when_the_server_goes_away_everything_says_so() -> None:
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "100x100x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        display = ":" + told.readline().strip()
    hotkey, typist, clipboard = X11Hotkey(print, display), X11Typist(display), X11Clipboard(display)
    assert typist.focused() is None
    clipboard.put("Here.")
    server.kill()
    server.wait()
    with pytest.raises(HotkeysImpossible):
        hotkey.grab(Purpose.DICTATE, "F9")
    with pytest.raises(TypingImpossible):
        typist.press("Ctrl+V")
    with pytest.raises(ClipboardUnusable):
        clipboard.put("Gone.")
    assert hotkey.is_down(Purpose.DICTATE) is None
    assert not clipboard.is_lent()
    for one in (hotkey, typist, clipboard):
        one.close()
