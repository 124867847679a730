"""A graphics card that fails in each of the ways that real ones do: the work goes on and says what happened."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from desktop.core import errors, events
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine.child import Child
from desktop.engine.client import EngineClient
from desktop.engine.models import Models
from tests.conftest import SAMPLES
from tests.engine import failing
from tests.sounds import long_sound, said_in

OPTIONS = Options(language="en", model="demo", temperatures=(0.0,))
SHORT = SAMPLES / "demo-short.flac"
ALL_TYPES = [f"cuda {kind}" for kind in ("int8_float16", "float16", "int8_float32", "float32")]

Start = Callable[..., EngineClient]


@pytest.fixture
def start(models: Models) -> Iterator[Start]:
    """Starts an engine on a machine with a made-up card that fails as the function says, with these values."""
    started: list[EngineClient] = []

    def one(fails: Callable[..., None], *values: object, **how: float) -> EngineClient:
        main = partial(failing.main, fails=partial(fails, *values))
        started.append(EngineClient(models, partial(Child, main=main), **how))  # type: ignore[arg-type]
        return started[-1]

    yield one
    for engine in started:
        engine.close()


@pytest.fixture(scope="session")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several windows of speech."""
    return long_sound(tmp_path_factory.mktemp("sound") / "talk.flac", 150)


class Told:
    """The news of a file, sorted."""

    def __init__(self, engine: EngineClient, source: Path, options: Options = OPTIONS) -> None:
        self.news = list(engine.transcribe(Work(source, options), threading.Event()))

    @property
    def tried(self) -> list[str]:
        return [f"{one.device} {one.compute_type}" for one in self.news if isinstance(one, events.Loading)]

    @property
    def reasons(self) -> list[str]:
        return [one.engine.reason for one in self.news if isinstance(one, events.Started)]

    @property
    def kinds(self) -> list[type]:
        return [type(one) for one in self.news]

    @property
    def notes(self) -> list[errors.AppError]:
        assert isinstance(self.news[-1], events.Finished)
        return list(self.news[-1].notes)

    @property
    def text(self) -> str:
        return " ".join(segment.text for one in self.news if isinstance(one, events.Heard) for segment in one.segments)

    def is_whole(self, length_ms: int) -> bool:
        """Whether every millisecond is accounted for, once and in order."""
        heard = [one for one in self.news if isinstance(one, events.Heard)]
        parts = [part for one in heard for part in one.parts]
        joints = zip(parts, parts[1:], strict=False)
        return heard[-1].heard_ms == length_ms and all(one.end_ms == two.start_ms for one, two in joints)


# --- before the model is loaded ---


def test_a_card_that_works_is_used(start: Start) -> None:
    told = Told(start(failing.nothing), SHORT)
    assert told.tried == ["cuda int8_float16"]
    assert told.reasons == ["CUDA int8_float16: a usable graphics card was found"]
    assert told.text == said_in("demo-short")


def test_a_missing_library_is_seen_before_anything_is_loaded_and_the_processor_does_it(start: Start) -> None:
    engine = start(failing.missing_library)
    told = Told(engine, SHORT)
    assert told.tried == ["cpu int8"]
    (reason,) = told.reasons
    assert reason == "CPU int8: The graphics card cannot be used: the library libcublasLt.so.12 is missing."
    assert told.text == said_in("demo-short")
    with pytest.raises(errors.CudaLibraryMissing, match=r"pip install 'undertone\[cuda\]'"):
        Told(engine, SHORT, replace(OPTIONS, device="cuda"))


def test_a_library_of_another_major_version_is_named(start: Start, tmp_path: Path) -> None:
    (tmp_path / "libcublas.so.13").touch()
    engine = start(failing.wrong_major, str(tmp_path))
    (reason,) = Told(engine, SHORT).reasons
    assert "libcublas.so.13" in reason
    with pytest.raises(errors.CudaLibraryWrong, match=r"libcublasLt\.so\.12"):
        Told(engine, SHORT, replace(OPTIONS, device="cuda"))


def test_a_library_that_aborts_costs_processes_and_nothing_else(start: Start) -> None:
    told = Told(start(failing.abort_in_self_test), SHORT)
    assert told.tried == [*ALL_TYPES, "cpu int8"]
    assert told.reasons == ["CPU int8: CUDA int8_float16 failed its self-test (The engine crashed (SIGABRT).)"]
    assert told.text == said_in("demo-short")


def test_a_driver_that_crashes_when_it_is_asked_is_not_asked_again(start: Start) -> None:
    engine = start(failing.crash_in_driver)
    told = Told(engine, SHORT)
    assert told.tried == ["cpu int8"]
    assert "its driver crashed when it was asked" in told.reasons[0]
    with pytest.raises(errors.DriverCrashed):
        Told(engine, SHORT, replace(OPTIONS, device="cuda"))


def test_a_card_that_computes_nonsense_is_found_out(start: Start) -> None:
    told = Told(start(failing.wrong_answer), SHORT)
    assert told.tried[-1] == "cpu int8"
    assert "it said “not” instead of “every part of this device works”" in told.reasons[0]


def test_a_card_that_does_not_answer_is_given_up(start: Start) -> None:
    told = Told(start(failing.hang_in_self_test, proof_s=3.0), SHORT, replace(OPTIONS, compute_type="float32"))
    assert told.tried == ["cuda float32", "cpu float32"]
    assert "The engine stopped answering." in told.reasons[0]


def test_whole_numbers_that_are_refused_at_the_first_product_leave_the_other_types(start: Start) -> None:
    told = Told(start(failing.not_supported_int8), SHORT)
    assert told.tried == ["cuda int8_float16", "cuda float16"]
    assert "CUBLAS_STATUS_NOT_SUPPORTED" in told.reasons[0]


# --- in the middle of the work ---


def test_a_type_that_is_refused_at_work_gives_way_to_the_next(start: Start, long_file: Path) -> None:
    told = Told(start(failing.not_supported_later), long_file)
    assert told.tried == ["cuda int8_float16", "cuda float16"]
    assert events.Restarted not in told.kinds, "it can only fail again"
    assert told.is_whole(150_000)
    (note,) = told.notes
    assert isinstance(note, errors.SteppedDown)
    assert str(note).startswith("“talk.flac”: CUDA int8_float16 failed at 0:")
    assert "CUDA float16 went on from there" in str(note)


def test_memory_for_one_window_is_enough(start: Start, long_file: Path) -> None:
    told = Told(start(failing.full_for_many, 1), long_file)
    assert told.tried == ["cuda int8_float16"]
    assert told.is_whole(150_000)
    assert [type(note) for note in told.notes] == [errors.MemoryWasShort]


def test_a_batch_that_was_asked_for_shrinks_for_good_when_it_has_no_room(start: Start, long_file: Path) -> None:
    told = Told(start(failing.full_for_many, 2), long_file, replace(OPTIONS, batch_size=4))
    assert told.is_whole(150_000)
    (note,) = told.notes
    assert note.facts["count"] == 2


def test_without_any_memory_the_processor_goes_on_and_stays_until_a_new_start(start: Start, long_file: Path) -> None:
    engine = start(failing.full_from, 2)
    told = Told(engine, long_file)
    # The other types on the card need no less memory.
    assert told.tried == ["cuda int8_float16", "cpu int8"]
    assert told.kinds.count(events.SteppedDown) == 1
    assert told.is_whole(150_000)
    assert [type(note) for note in told.notes] == [errors.SteppedDown]

    later = Told(engine, SHORT)
    assert later.tried == []
    assert "CUDA int8_float16 failed at work (There was not enough memory" in later.reasons[0]

    assert Told(start(failing.full_from, 2), SHORT).tried == ["cuda int8_float16"]


def test_after_a_reset_of_the_driver_a_new_process_does_it(start: Start, long_file: Path, tmp_path: Path) -> None:
    told = Told(start(failing.reset_once, 2, str(tmp_path / "was reset")), long_file)
    assert told.tried == ["cuda int8_float16", "cuda int8_float16"]
    assert events.SteppedDown not in told.kinds
    assert told.is_whole(150_000)
    assert told.notes == []


def test_a_card_that_dies_again_and_again_is_left(start: Start, long_file: Path) -> None:
    told = Told(start(failing.aborts_from, 1), long_file, replace(OPTIONS, compute_type="float16"))
    assert told.tried == ["cuda float16", "cuda float16", "cpu int8"]
    assert told.kinds.count(events.Restarted) == told.kinds.count(events.SteppedDown) == 1
    assert told.is_whole(150_000)


def test_what_was_asked_for_and_fails_at_work_is_no_reason_to_stop(start: Start, long_file: Path) -> None:
    asked = replace(OPTIONS, device="cuda", compute_type="int8_float16")
    told = Told(start(failing.full_from, 2), long_file, asked)
    assert told.tried == ["cuda int8_float16", "cpu int8"]
    assert told.is_whole(150_000)


# --- room for others ---


def test_other_programs_come_first_when_they_are_to(models: Models) -> None:
    room = False
    engine = EngineClient(models, leaves_room=lambda: room)
    try:
        Told(engine, SHORT)
        first = engine.child_pid or 0
        usual = os.getpriority(os.PRIO_PROCESS, first)
        room = True
        told = Told(engine, SHORT)
        second = engine.child_pid or 0
        assert second != first
        assert os.getpriority(os.PRIO_PROCESS, second) > usual
        assert told.text == said_in("demo-short")
        Told(engine, SHORT)
        assert engine.child_pid == second
    finally:
        engine.close()


# --- several cards ---


def test_each_client_keeps_to_its_card_unless_somebody_chooses_another(models: Models) -> None:
    child = partial(Child, main=partial(failing.main, fails=failing.nothing))
    engine = EngineClient(models, child, card="cpu")
    try:
        assert Told(engine, SHORT).tried == ["cpu int8"]
        assert engine.cards == (failing.CARD,), "which others may then be given"
        assert Told(engine, SHORT, replace(OPTIONS, device="cuda")).tried == ["cuda int8_float16"]
    finally:
        engine.close()


def test_cards_that_cannot_be_used_are_not_given_to_anybody(models: Models) -> None:
    child = partial(Child, main=partial(failing.main, fails=failing.missing_library))
    engine = EngineClient(models, child)
    try:
        assert Told(engine, SHORT).tried == ["cpu int8"]
        assert engine.cards == ()
    finally:
        engine.close()
