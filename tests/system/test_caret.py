"""What stands at the caret of another program, asked over AT-SPI on a private bus; `test_dictation` asks a real one."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import Message, MessageType, Variant

from desktop.core.spoken import Around
from desktop.system.bus import Bus
from desktop.system.caret.atspi import REGISTRY, ROLE_PASSWORD, ROLE_TERMINAL, STATE_FOCUSED, AtspiCaret

FIELD = "/field"
ROLE_ENTRY = 79


@dataclass
class Field:
    """A text field as its program tells of it."""

    text: str = ""
    caret: int = 0
    selection: tuple[int, int] | None = None
    role: int = ROLE_ENTRY
    states: list[int] = field(default_factory=lambda: [1 << STATE_FOCUSED, 0])
    is_silent: bool = False

    def answer(self, member: str, body: list[Any]) -> tuple[str, list[Any]]:
        if member == "Get":
            return "v", [Variant("i", {"CaretOffset": self.caret, "CharacterCount": len(self.text)}[body[1]])]
        if member == "GetText":
            return "s", [self.text[slice(*body)]]
        return {
            "GetState": ("au", [self.states]),
            "GetRole": ("u", [self.role]) if self.role else ("", []),
            "GetNSelections": ("i", [int(self.selection is not None)]),
            "GetSelection": ("ii", list(self.selection or ())),
        }[member]


class Others:
    """The bus for assistive technologies, its registry, and a program on it, all in one."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.field = Field()
        self.wanted: list[str] = []
        self._bus = Bus("others", address)
        real = self._bus._bus
        real.add_message_handler(self._on_message)
        for name in ("org.a11y.Bus", REGISTRY):
            self._bus.do(real.request_name(name))

    def focus(self, is_focused: bool) -> None:
        """Say that the field has got the keyboard, or has lost it."""
        body = ["focused", int(is_focused), 0, Variant("i", 0), {}]
        message = Message.new_signal(FIELD, "org.a11y.atspi.Event.Object", "StateChanged", "siiva{sv}", body)
        self._bus.loop.call_soon_threadsafe(self._bus._bus.send, message)

    def close(self) -> None:
        self._bus.close()

    def _on_message(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "GetAddress":
            return Message.new_method_return(message, "s", [self.address])
        if message.member == "RegisterEvent":
            self.wanted.append(message.body[0])
            return Message.new_method_return(message)
        if message.path != FIELD:
            return None
        if self.field.is_silent:
            return True  # the answer never comes
        return Message.new_method_return(message, *self.field.answer(message.member or "", message.body))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not shutil.which("dbus-daemon"):
        pytest.skip("this machine lacks dbus-daemon: see packaging/linux/system_packages.sh")
    place = f"unix:path={tmp_path_factory.mktemp('bus') / 'bus'}"
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={place}"])
    wait(lambda: Path(place.removeprefix("unix:path=")).exists())
    yield place
    daemon.kill()
    daemon.wait()


@pytest.fixture
def others(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Others]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    one = Others(address)
    yield one
    one.close()


@pytest.fixture
def caret(others: Others) -> Iterator[AtspiCaret]:
    one = AtspiCaret()
    wait(lambda: others.wanted)
    yield one
    one.close()


def wait(until: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_before_anybody_has_told_of_a_focus_nothing_is_known(caret: AtspiCaret, others: Others) -> None:
    assert others.wanted == ["object:state-changed:focused"]
    assert caret.around() is None


def test_the_text_on_both_sides_of_the_caret(caret: AtspiCaret, others: Others) -> None:
    others.field = Field("They say: , and more", 10)
    others.focus(True)
    wait(lambda: caret.around() == Around("They say: ", ", and more"))
    others.field = Field("ä" * 100 + "漢" * 100, 100)
    assert caret.around() == Around("ä" * 60, "漢" * 60)
    others.field = Field("")
    assert caret.around() == Around("")


def test_what_is_selected_will_be_replaced(caret: AtspiCaret, others: Others) -> None:
    others.field = Field("one two three", 7, selection=(4, 7))
    others.focus(True)
    wait(lambda: caret.around() == Around("one ", " three"))


@pytest.mark.parametrize(
    "shown",
    [
        Field("secret", 6, role=ROLE_PASSWORD),
        Field("user@host:~$ ", 13, role=ROLE_TERMINAL),
        Field("not here any more", 3, states=[0, 0]),
        Field("odd", 3, states=[]),
        Field("odd", 3, role=0),
        Field("no caret", -1),
        Field("\ufffc\ufffc", 1),
    ],
)
def test_what_is_secret_or_elsewhere_or_odd_stays_unknown(caret: AtspiCaret, others: Others, shown: Field) -> None:
    others.field = Field("known", 5)
    others.focus(True)
    wait(caret.around)
    others.field = shown
    assert caret.around() is None


def test_who_has_lost_the_keyboard_is_not_asked(caret: AtspiCaret, others: Others) -> None:
    others.field = Field("known", 5)
    others.focus(True)
    wait(caret.around)
    others.focus(False)
    wait(lambda: caret.around() is None)


def test_a_program_that_does_not_answer_is_not_waited_for(caret: AtspiCaret, others: Others) -> None:
    others.field = Field("known", 5)
    others.focus(True)
    wait(caret.around)
    others.field.is_silent = True
    assert caret.around() is None
    others.field.is_silent = False
    wait(lambda: caret.around() == Around("known"))


def test_a_bus_that_is_gone_keeps_nobody_from_leaving(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "bus"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={place}")
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address=unix:path={place}"])
    wait(place.exists)
    others = Others(f"unix:path={place}")
    caret = AtspiCaret()
    wait(lambda: others.wanted)
    daemon.kill()
    daemon.wait()
    caret.close()
    others.close()


def test_without_a_bus_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    one = AtspiCaret()
    assert one.around() is None
    one.close()
