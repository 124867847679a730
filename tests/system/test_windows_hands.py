"""Shortcut, keys and clipboard of Windows, on a fake of what Windows is asked for."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from desktop.core.errors import (
    ClipboardTaken,
    ClipboardUnusable,
    HotkeyTaken,
    HotkeyUnfit,
    TargetClosed,
    TargetDeaf,
    TargetElevated,
    TargetMoved,
    TypingImpossible,
)
from desktop.core.insertion import Method, Text, insert
from desktop.core.ports import KeyNews, Purpose, Target
from desktop.system import hotkey as hotkeys
from tests.system.fake_windows import CF_BITMAP, CF_UNICODETEXT, CONTROL, KEY_UP, UNICODE, FakeWindows, V
from tests.system.fakes import NEVER, forget, hands, until

REAL = ("desktop.system.windows", *(f"desktop.system.{kind}.windows" for kind in ("hotkey", "typist", "clipboard")))
OLD = {CF_UNICODETEXT: "old\0".encode("utf-16-le"), 0xC00F: b"<b>old</b>"}


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWindows]:
    fake = FakeWindows()
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: fake.library(name), raising=False)
    monkeypatch.setattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE, raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: fake.error, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    forget(REAL)
    yield fake
    forget(REAL)


# --- inserting ---


def test_a_text_lands_and_the_clipboard_is_what_it_was(windows: FakeWindows) -> None:
    windows.copy({**OLD, CF_BITMAP: b"a handle"})
    with hands() as (typist, clipboard):
        target = typist.focused()
        assert target == Target(500, "notepad")
        clipboard.keep()
        insert(Text("Grüße,\n你好 🎉", target), typist, clipboard, NEVER)
        until(lambda: windows.field == "Grüße,\r\n你好 🎉")
        assert windows.sent == [(CONTROL, 0, 0), (V, 0, 0), (V, 0, KEY_UP), (CONTROL, 0, KEY_UP)]
        until(lambda: windows.clip == OLD)
    assert windows.names == [
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    ]


def test_what_the_user_copies_meanwhile_stays(windows: FakeWindows) -> None:
    windows.copy(OLD)
    windows.reads_pastes = False
    new = {CF_UNICODETEXT: b"n\0e\0w\0\0\0"}
    with hands() as (typist, clipboard):
        taken = threading.Timer(0.1, windows.copy, (new,))
        taken.start()
        with pytest.raises(ClipboardTaken):
            insert(Text("Hi.", typist.focused()), typist, clipboard, NEVER)
        taken.join()
        time.sleep(0.4)  # when it would have come back
        assert windows.clip == new
    assert windows.clip == new


def test_a_text_right_after_another_is_not_taken_away_with_it(windows: FakeWindows) -> None:
    windows.copy(OLD)
    with hands() as (typist, clipboard):
        for text in ("One. ", "Two. ", "Three. "):
            insert(Text(text, typist.focused()), typist, clipboard, NEVER)
        until(lambda: windows.field == "One. Two. Three. ")
        clipboard.offer("Four. ", None)
        time.sleep(0.4)  # what the texts before have left to do is done
        assert clipboard.is_lent()
    assert windows.clip == OLD, "closing gives back too"


def test_a_program_that_does_not_take_it_is_named(windows: FakeWindows) -> None:
    windows.reads_pastes = False
    stop = threading.Event()
    stop.set()
    with hands() as (typist, clipboard), pytest.raises(TargetDeaf) as caught:
        insert(Text("Hi.", typist.focused()), typist, clipboard, stop)
    assert caught.value.facts["program"] == "notepad"
    assert windows.clip == {}


def test_the_window_of_an_administrator_takes_none(windows: FakeWindows) -> None:
    windows.front = 501
    with hands() as (typist, clipboard), pytest.raises(TargetElevated) as caught:
        insert(Text("Hi.", typist.focused()), typist, clipboard, NEVER)
    assert caught.value.facts["program"] == "regedit"
    assert windows.sent == []
    assert windows.clip == {CF_UNICODETEXT: b"H\0i\0.\0\0\0"}


def test_a_clipboard_that_another_program_holds_open(windows: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    windows.copy(OLD)
    with hands() as (_typist, clipboard):
        monkeypatch.setattr(sys.modules["desktop.system.clipboard.windows"], "OPEN_WITHIN_S", 0.02)
        windows.is_open = True
        with pytest.raises(ClipboardUnusable):
            clipboard.offer("Hi.", None)
        windows.is_open = False
        clipboard.offer("Hi.", None)
        windows.is_open = True
        clipboard.give_back()
        time.sleep(0.4)
        assert clipboard.is_lent()
        windows.is_open = False
        until(lambda: windows.clip == OLD)
        clipboard.put("Hi.")
    assert windows.clip == {CF_UNICODETEXT: b"H\0i\0.\0\0\0"}


# --- keys ---


def test_letter_by_letter(windows: FakeWindows) -> None:
    with hands() as (typist, clipboard):
        insert(Text("Ö🎉\r\nx", typist.focused(), Method.TYPE), typist, clipboard, NEVER)
        assert windows.field == "Ö🎉\rx"
        assert all(flags & UNICODE for _code, _scan, flags in windows.sent)
        windows.takes_keys = False
        with pytest.raises(TypingImpossible):
            typist.type_text("Hi.")


def test_nothing_is_pressed_elsewhere_or_between_the_users_keys(windows: FakeWindows) -> None:
    with hands() as (typist, _clipboard):
        target = typist.focused()
        windows.down = {CONTROL, 0x5C}
        assert typist.wait_for_release(0.02) == "Ctrl+Meta"
        windows.down = set()
        assert typist.wait_for_release(10.0) == ""
        windows.front = 501
        for press in (typist.press, typist.type_text):
            with pytest.raises(TargetMoved):
                press("Ctrl+V", target)
        assert typist.is_there(target)
        del windows.programs[500]
        assert not typist.is_there(target)
        windows.front = 0
        assert typist.focused() is None
        assert windows.sent == []


def test_a_target_that_is_closed_is_told_from_one_that_was_left(windows: FakeWindows) -> None:
    with hands() as (typist, clipboard):
        target = typist.focused()
        windows.front = 501
        with pytest.raises(TargetMoved):
            insert(Text("Hi.", target), typist, clipboard, NEVER)
        del windows.programs[500]
        with pytest.raises(TargetClosed):
            insert(Text("Hi.", target), typist, clipboard, NEVER)


# --- shortcuts ---


def test_a_shortcut_tells_press_and_release(windows: FakeWindows) -> None:
    news: list[KeyNews] = []
    hotkey = hotkeys.choose(news.append, {})
    assert hotkey.grab(Purpose.DICTATE, "Ctrl+Alt+Space") == "Ctrl+Alt+Space"
    hotkey.grab(Purpose.DICTATE, "Ctrl+Alt+Space")
    window = windows.key_window()
    assert windows.hotkeys == {(window, 1): (0x4000 | 1 | 2, 0x20)}, "and does not repeat"
    windows.press(window, 1)
    windows.press(window, 1)
    assert hotkey.is_down(Purpose.DICTATE)
    windows.down.clear()
    until(lambda: len(news) == 2)
    assert [(one.purpose, one.is_down) for one in news] == [(Purpose.DICTATE, True), (Purpose.DICTATE, False)]
    windows.press(window, 1)
    hotkey.close()
    assert windows.hotkeys == {}
    assert not news[-1].is_down, "whoever waits for the release gets one"


def test_a_shortcut_that_cannot_be_had_leaves_the_one_before(windows: FakeWindows) -> None:
    hotkey = hotkeys.choose(lambda news: None, {})
    hotkey.grab(Purpose.DICTATE, "Ctrl+ö")
    before = dict(windows.hotkeys)
    assert list(before.values()) == [(0x4000 | 2, 0xC0)]
    windows.taken.add((0x4000 | 2, 0x20))
    with pytest.raises(HotkeyTaken):
        hotkey.grab(Purpose.DICTATE, "Ctrl+Space")
    for unfit in ("Ctrl+☃", "F11", "D"):
        with pytest.raises(HotkeyUnfit):
            hotkey.grab(Purpose.DICTATE, unfit)
    assert windows.hotkeys == before
    hotkey.close()
