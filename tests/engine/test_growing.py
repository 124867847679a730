"""A recording read while it grows: nothing is lost, and its end is seen however it comes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from desktop.core.recording import flag_of
from desktop.engine.growing import Growth, awaited


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "talk.mka"
    with FileLock(flag_of(path)):
        path.write_bytes(b"head")
        yield path


def add(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def reading(growth: Growth) -> tuple[threading.Thread, list[bytes]]:
    """A thread that reads to the end."""
    found: list[bytes] = []

    def read() -> None:
        growth.wait()
        while piece := growth.read(3):
            found.append(piece)

    thread = threading.Thread(target=read)
    thread.start()
    return thread, found


def test_reading_waits_for_more_until_the_flag_is_gone(growing: Path) -> None:
    growth = Growth(growing, lambda: False)
    thread, found = reading(growth)
    for piece in (b"one", b"two", b"three"):
        add(growing, piece)
        thread.join(0.1)
        assert thread.is_alive()
    flag_of(growing).unlink()
    thread.join()
    assert b"".join(found) == b"headonetwothree"
    growth.close()


def test_a_recorder_that_died_is_an_end(tmp_path: Path) -> None:
    path = tmp_path / "talk.mka"
    path.write_bytes(b"all there is")
    flag_of(path).touch()  # nobody holds it
    growth = Growth(path, lambda: False)
    thread, found = reading(growth)
    thread.join()
    assert b"".join(found) == b"all there is"
    assert flag_of(path).exists(), "who repairs the recording looks for it"
    growth.close()


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "talk.mka"
    with FileLock(flag_of(path)):
        growth = Growth(path, lambda: False)
        thread, found = reading(growth)
        path.touch()
        thread.join(0.1)
        add(path, b"sound")
    flag_of(path).unlink(missing_ok=True)
    thread.join()
    assert b"".join(found) == b"sound"
    growth.close()


@pytest.mark.parametrize("how", ["stopped", "left"])
def test_nobody_waits_who_was_told_not_to(growing: Path, how: str) -> None:
    stop = threading.Event()
    growth = Growth(growing, stop.is_set)
    thread, found = reading(growth)
    thread.join(0.1)
    assert thread.is_alive()
    (stop if how == "stopped" else growth.left).set()
    thread.join()
    assert b"".join(found) == b"head"
    growth.close()


def test_the_end_of_what_is_there_is_known(growing: Path) -> None:
    growth = Growth(growing, lambda: False)
    assert growth.read(2) == b"he"
    assert not growth.is_at_end
    assert growth.read(100) == b"ad"
    assert growth.is_at_end
    add(growing, b"!")
    assert not growth.is_at_end
    growth.close()


# --- waiting on another thread ---


def test_things_come_in_order_and_the_end_is_the_end() -> None:
    assert list(awaited(iter(range(50)), threading.Event())) == list(range(50))


def test_when_nothing_comes_for_a_while_that_is_told() -> None:
    go_on = threading.Event()

    def slow() -> Iterator[int]:
        yield 1
        go_on.wait()
        yield 2

    found = awaited(slow(), threading.Event())
    assert next(found) == 1
    assert next(found) is None
    go_on.set()
    assert list(found) == [2]


def test_a_failure_reaches_the_one_who_waits() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    found = awaited(broken(), threading.Event())
    assert next(found) == 1
    with pytest.raises(ValueError, match="broken"):
        next(found)


def test_who_leaves_early_leaves_no_thread_behind() -> None:
    left = threading.Event()

    def endless() -> Iterator[int]:
        while not left.wait(0.001):
            yield 0

    found = awaited(endless(), left)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert left.is_set()
