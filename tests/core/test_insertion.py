"""The steps of an insertion, in their order, and what each failure leaves behind."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from desktop.core.errors import (
    AppError,
    ClipboardTaken,
    KeysHeld,
    TargetClosed,
    TargetDeaf,
    TargetElevated,
    TargetMissing,
    TargetMoved,
    TypingImpossible,
)
from desktop.core.insertion import KNOWN, Method, Text, insert, method_for
from desktop.core.ports import Target

HERE, THERE = Target(7, "editor"), Target(8, "chat")


@dataclass
class Machine:
    """Typist and clipboard in one, which write down what is done."""

    windows: list[Target | None] = field(default_factory=lambda: [HERE])
    """Who has the keyboard, at one look after the other; the last one stays."""
    is_open: bool = True
    is_closing: bool = False
    """It is gone when it is looked for the next time."""
    held: str = ""
    presses: int = 0
    """How often a key comes down in the very moment of pressing."""
    keys: frozenset[str] = frozenset({"Ctrl+V", "Ctrl+Shift+V", "Shift+Ins"})
    refuses: AppError | None = None
    reads_at: int = 1
    """At which look the text is read; 0: never."""
    is_taken: bool = False
    done: list[str] = field(default_factory=list)

    def focused(self) -> Target | None:
        return self.windows.pop(0) if len(self.windows) > 1 else self.windows[0]

    def is_there(self, target: Target) -> bool:
        return self.is_open

    def wait_for_release(self, within_s: float) -> str:
        return self.held

    def can_press(self, chord: str) -> bool:
        return chord in self.keys

    def press(self, chord: str, target: Target | None = None) -> None:
        self._check(target)
        self.presses -= 1
        if self.presses >= 0:
            raise KeysHeld(keys="Ctrl")
        self.done.append(f"press {chord}")

    def type_text(self, text: str, target: Target | None = None) -> None:
        self._check(target)
        self.done.append(f"type {text}")

    def _check(self, target: Target | None) -> None:
        if self.refuses:
            raise self.refuses
        if self.focused() != target:
            self.is_open = self.is_open and not self.is_closing
            raise TargetMoved

    def keep(self) -> None:
        self.done.append("keep")

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        self.done.append(f"offer {text}" + (" and select it" if with_selection else ""))

    def wait_read(self, within_s: float) -> bool:
        self.reads_at -= 1
        return self.reads_at == 0

    def is_lent(self) -> bool:
        return not self.is_taken

    def give_back(self) -> None:
        self.done.append("give back")

    def put(self, text: str) -> None:
        self.done.append(f"put {text}")

    def close(self) -> None: ...

    def insert(self, method: Method = Method.PASTE, target: Target | None = HERE) -> None:
        insert(Text("Hi.", target, method), self, self, threading.Event())


def test_the_text_is_offered_pasted_read_and_the_clipboard_given_back() -> None:
    machine = Machine(reads_at=3)
    machine.insert()
    assert machine.done == ["offer Hi.", "press Ctrl+V", "give back"]


@pytest.mark.parametrize(
    ("method", "done"),
    [
        (Method.TERMINAL, ["offer Hi.", "press Ctrl+Shift+V", "give back"]),
        (Method.SELECTION, ["offer Hi. and select it", "press Shift+Ins", "give back"]),
        (Method.TYPE, ["type Hi."]),
        (Method.COPY, ["put Hi."]),
    ],
)
def test_each_program_gets_it_in_its_own_way(method: Method, done: list[str]) -> None:
    machine = Machine()
    machine.insert(method)
    assert machine.done == done


def test_a_keyboard_without_a_v_pastes_with_insert() -> None:
    machine = Machine(keys=frozenset({"Shift+Ins"}))
    machine.insert()
    assert machine.done[1] == "press Shift+Ins"


@pytest.mark.parametrize(
    ("machine", "failure"),
    [
        (Machine(held="Ctrl+Shift"), KeysHeld),
        (Machine(windows=[THERE]), TargetMoved),
        (Machine(windows=[None]), TargetMissing),
        (Machine(windows=[THERE], is_open=False), TargetClosed),
        (Machine(windows=[None], is_open=False), TargetClosed),
    ],
)
def test_before_the_clipboard_is_touched_everything_is_looked_at(machine: Machine, failure: type[AppError]) -> None:
    with pytest.raises(failure):
        machine.insert()
    assert machine.done == []


@pytest.mark.parametrize(
    ("machine", "failure", "pressed"),
    [
        (Machine(windows=[HERE, THERE]), TargetMoved, False),
        (Machine(windows=[HERE, THERE], is_closing=True), TargetClosed, False),
        (Machine(reads_at=0), TargetDeaf, True),
        (Machine(reads_at=0, is_taken=True), ClipboardTaken, True),
    ],
)
def test_whatever_fails_the_clipboard_is_given_back(machine: Machine, failure: type[AppError], pressed: bool) -> None:
    with pytest.raises(failure):
        machine.insert()
    assert machine.done == ["offer Hi.", *(["press Ctrl+V"] if pressed else []), "give back"]


@pytest.mark.parametrize("method", [Method.PASTE, Method.TYPE])
@pytest.mark.parametrize("error", [TypingImpossible(reason="x"), TargetElevated(program="x")])
def test_where_nobody_may_type_the_text_is_on_the_clipboard(method: Method, error: AppError) -> None:
    machine = Machine(refuses=error)
    with pytest.raises(type(error)):
        machine.insert(method)
    assert machine.done[-1] == "put Hi."


def test_a_key_that_comes_down_in_the_moment_of_pressing_is_waited_for() -> None:
    machine = Machine(presses=3)
    machine.insert()
    assert machine.done == ["offer Hi.", "press Ctrl+V", "give back"]
    machine = Machine(presses=1000)
    with pytest.raises(KeysHeld):
        machine.insert()
    assert machine.done == ["offer Hi.", "give back"]


def test_without_a_target_there_is_nothing_to_insert_into() -> None:
    with pytest.raises(TargetMissing):
        Machine().insert(target=None)


def test_the_end_of_the_program_is_not_held_up_by_a_deaf_one() -> None:
    stop = threading.Event()
    stop.set()
    machine = Machine(reads_at=0)
    with pytest.raises(TargetDeaf):
        insert(Text("Hi.", HERE), machine, machine, stop)
    assert machine.reads_at == -1


def test_programs_are_known_by_their_names() -> None:
    assert method_for("konsole", {}) is Method.TERMINAL
    assert method_for("XTerm", {}) is Method.SELECTION
    assert method_for("putty.exe", {}) is Method.SELECTION
    assert method_for("firefox", {}) is Method.PASTE
    assert method_for("konsole", {"konsole": Method.TYPE}) is Method.TYPE
    assert all(name == name.casefold() for name in KNOWN)
