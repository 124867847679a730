"""Which key does what: no key does two things in one place, and nothing of the user's choice is lost by accident."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.shortcuts import TEXT, Command, Shortcuts, canonical

COMMANDS = (
    Command("add", ("Ctrl+O",)),
    Command("find", ("Ctrl+F", "F3")),
    Command("remove", ("Del",), "queue"),
    Command("delete", ("Del",), TEXT),
    Command("again"),
)


def shortcuts(**changed: tuple[str, ...]) -> Shortcuts:
    now = Shortcuts(COMMANDS)
    for name, keys in changed.items():
        now = now.with_keys(name, keys)
    return now


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ctrl+Shift+P", "shift+Control+p"),
        ("Del", "Delete"),
        ("Ctrl+Return", "ctrl+enter"),
        ("Shift+Tab", "Backtab"),
        ("Shift+Backtab", "Shift+Tab"),
        ("Ctrl++", "control++"),
        ("Ctrl+K, Ctrl+S", "ctrl+k, ctrl+s"),
        ("Meta+Esc", "win+Escape"),
    ],
)
def test_a_key_is_one_however_it_is_written(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("Ctrl+P", "Alt+P"), ("Ctrl++", "Ctrl+-"), ("F1", "F11"), ("Ctrl++", "+")])
def test_different_keys_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_commands_come_with_their_keys() -> None:
    assert shortcuts().keys("find") == ("Ctrl+F", "F3")
    assert shortcuts().keys("again") == ()
    assert not shortcuts().is_changed("find")


def test_a_key_that_another_command_has_is_in_conflict() -> None:
    assert shortcuts().conflict("again", "control+o") == "add"
    assert shortcuts().conflict("again", "f3") == "find"
    assert shortcuts().conflict("add", "Ctrl+O") == ""
    assert shortcuts().conflict("again", "Ctrl+J") == ""


def test_a_key_may_do_different_things_in_different_places() -> None:
    assert shortcuts().conflict("remove", "Delete") == ""
    assert shortcuts().conflict("delete", "Delete") == ""


def test_a_key_of_the_whole_window_meets_every_place() -> None:
    assert shortcuts().conflict("again", "Delete") == "remove"
    assert shortcuts().conflict("remove", "Ctrl+O") == "add"


def test_a_key_that_begins_a_longer_one_is_in_conflict() -> None:
    assert shortcuts(add=("Ctrl+K, Ctrl+S",)).conflict("again", "Ctrl+K") == "add"
    assert shortcuts(add=("Ctrl+K",)).conflict("again", "Ctrl+K, Ctrl+S") == "add"
    assert shortcuts(add=("Ctrl+K, Ctrl+S",)).conflict("again", "Ctrl+K, Ctrl+T") == ""


@pytest.mark.parametrize("key", ["Ctrl+C", "ctrl+v", "A", "Shift+A", "Space", "Backspace", "Left", "Return", "+", "Ä"])
def test_keys_of_writing_are_refused_where_text_is_written(key: str) -> None:
    assert shortcuts().refusal("add", key)
    assert shortcuts().refusal("delete", key)


@pytest.mark.parametrize("key", ["Ctrl+J", "Alt+Left", "F5", "Ctrl+Space", "Ctrl++", "Meta+A", "Alt+A"])
def test_other_keys_can_be_had(key: str) -> None:
    assert not shortcuts().refusal("add", key)


def test_where_no_text_is_written_letters_are_keys_like_any_other() -> None:
    assert not shortcuts().refusal("remove", "D")
    assert shortcuts().refusal("remove", "Ctrl+C")


def test_only_what_was_changed_is_kept() -> None:
    now = shortcuts(add=("Ctrl+J",), find=())
    assert now.to_record() == {"add": ["Ctrl+J"], "find": []}
    assert now.with_keys("add", ("control+o",)).to_record() == {"find": []}


def test_a_key_is_taken_from_whoever_has_it() -> None:
    now = shortcuts().taken_over("again", "F3")
    assert now.keys("again") == ("F3",)
    assert now.keys("find") == ("Ctrl+F",)
    now = shortcuts().taken_over("again", "Delete")
    assert now.keys("remove") == now.keys("delete") == ()


def test_a_reset_takes_its_keys_back() -> None:
    now = shortcuts().taken_over("again", "Ctrl+O").reset("add")
    assert now.keys("add") == ("Ctrl+O",)
    assert now.keys("again") == ()
    assert now.to_record() == {}


def test_what_was_kept_comes_back() -> None:
    now = shortcuts().taken_over("again", "Ctrl+O").with_keys("find", ())
    assert Shortcuts.of(COMMANDS, json.loads(json.dumps(now.to_record()))) == now


def test_keys_that_have_changed_places_come_back() -> None:
    record = {"add": ["Ctrl+F"], "find": ["Ctrl+O"]}
    assert Shortcuts.of(COMMANDS, record).to_record() == record


def test_a_choice_of_the_user_goes_before_a_newer_default() -> None:
    newer = (*COMMANDS, Command("new", ("Ctrl+J",)))
    now = Shortcuts.of(newer, {"add": ["Ctrl+J"]})
    assert now.keys("add") == ("Ctrl+J",)
    assert now.keys("new") == ()


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {"add": "Ctrl+J"},
        {"add": [7]},
        {"nobody": ["Ctrl+J"]},
        {"add": ["Ctrl+C"]},
        {"add": ["A"]},
    ],
)
def test_what_cannot_be_read_leaves_the_defaults(record: object) -> None:
    assert Shortcuts.of(COMMANDS, record).keys("add") == ("Ctrl+O",)


def test_the_second_of_two_that_want_one_key_keeps_its_own() -> None:
    now = Shortcuts.of(COMMANDS, {"add": ["Ctrl+J"], "find": ["ctrl+j"]})
    assert now.keys("add") == ("Ctrl+J",)
    assert now.keys("find") == ("Ctrl+F", "F3")


keys = st.sampled_from(["Ctrl+O", "Ctrl+F", "F3", "Del", "Ctrl+J", "Ctrl+K", "Ctrl+K, Ctrl+S"])
names = st.sampled_from([one.name for one in COMMANDS])
steps = st.lists(st.tuples(st.sampled_from(["take", "reset", "clear"]), names, keys), max_size=12)


@given(steps)
def test_whatever_is_done_no_key_does_two_things_in_one_place(done: list[tuple[str, str, str]]) -> None:
    now = Shortcuts(COMMANDS)
    for what, name, key in done:
        if what == "take" and not now.refusal(name, key):
            now = now.taken_over(name, key)
        elif what == "reset":
            now = now.reset(name)
        elif what == "clear":
            now = now.with_keys(name, ())
    assert not [(one.name, key) for one in COMMANDS for key in now.keys(one.name) if now.conflict(one.name, key)]
    assert Shortcuts.of(COMMANDS, now.to_record()) == now
