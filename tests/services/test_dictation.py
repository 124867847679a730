"""Dictation with hands, ears and a scribe that do as tests say."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import errors, events
from desktop.core.dictated import Entry, ModelReady, Outcome, Read, ScribeNews, Sketched, Unread, Utterance
from desktop.core.dictation import Dictation
from desktop.core.errors import AppError
from desktop.core.jobs import Engine
from desktop.core.options import Options
from desktop.core.ports import KeyNews, Purpose, StopFlag, Target, Work
from desktop.core.settings import Settings
from desktop.core.spoken import Around
from desktop.core.transcript import Segment
from desktop.services.dictation import Dictating
from desktop.services.dictation_loop import Hands, Means
from desktop.store.library import Library
from tests.services.recorders import FakeRecorder

SETTINGS = Settings(dictation=True, language="en")
TEXT = "Hello world."


class FakeSpeech:
    """Sound that is there at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_open, self.is_over, self.is_mute = True, False, False
        self.error: AppError | None = None
        self.level, self.duration_ms, self.first_s = 0.3, 2000, None
        self.is_kept: bool | None = None
        self._left = [b"sound"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"sound")

    def read(self) -> bytes:
        self.is_over = self.is_over or self.error is not None
        return self._left.pop() if self._left else b""

    def finish(self) -> None:
        self.is_over = True

    def stop(self) -> None:
        self.is_over = True

    def close(self, keep: bool) -> bool:
        self.is_kept = keep
        if not keep:
            self.path.unlink()
        return keep


class FakeEars:
    def __init__(self) -> None:
        self.takes: list[FakeSpeech] = []
        self.is_closed = False

    def use(self, name: str, pre_roll_ms: int) -> None:
        self.is_closed = False

    def listen(self, path: Path) -> FakeSpeech:
        self.takes.append(FakeSpeech(path))
        return self.takes[-1]

    def tick(self) -> None: ...

    def close(self) -> None:
        self.is_closed = True


class FakeScribe:
    """Understands `says` in whatever it is given."""

    def __init__(self) -> None:
        self.says: str | AppError = TEXT
        self.left: list[int] = []
        self.options: Options | None = None
        self._news: queue.SimpleQueue[ScribeNews] = queue.SimpleQueue()

    def use(self, options: Options | None) -> None:
        if options and options != self.options:
            self._news.put(ModelReady(Engine("demo", "cpu", "int8")))
        self.options = options

    def begin(self, number: int, utterance: Utterance) -> None: ...

    def feed(self, number: int, samples: bytes) -> None:
        self._news.put(Sketched(number, "Hello"))

    def end(self, number: int) -> None:
        if isinstance(self.says, AppError):
            self._news.put(Unread(number, self.says))
        else:
            self._news.put(Read(number, (Segment(0, 1000, self.says),) if self.says else (), "en"))

    def leave(self, number: int) -> None:
        self.left.append(number)

    def run(self, stop: StopFlag) -> Iterator[ScribeNews]:
        while not stop.is_set():
            try:
                yield self._news.get(timeout=0.02)
            except queue.Empty:
                continue


class FakeHands:
    """Hotkey, typist, clipboard and caret in one."""

    def __init__(self) -> None:
        self.on_key: Callable[[KeyNews], None] = lambda _news: None
        self.grabbed: dict[Purpose, str] = {}
        self.refuses: dict[str, AppError] = {}
        self.field: list[str] = []
        self.fails: AppError | None = None
        self.down: bool | None = True
        self.closed: list[str] = []
        self.shows: Around | None = None
        self._offered = ""

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        if shortcut in self.refuses:
            raise self.refuses[shortcut]
        self.grabbed[purpose] = shortcut
        return shortcut

    def let_go(self, purpose: Purpose) -> None:
        self.grabbed.pop(purpose, None)

    def is_down(self, purpose: Purpose) -> bool | None:
        return self.down

    def focused(self) -> Target | None:
        return Target(7, "editor")

    def is_there(self, target: Target) -> bool:
        return True

    def wait_for_release(self, within_s: float) -> str:
        return ""

    def can_press(self, chord: str) -> bool:
        return True

    def press(self, chord: str, target: Target | None = None) -> None:
        if self.fails:
            raise self.fails
        self.field.append(self._offered)

    def type_text(self, text: str, target: Target | None = None) -> None:
        self.field.append(text)

    def around(self) -> Around | None:
        return self.shows

    def keep(self) -> None: ...

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        self._offered = text

    def wait_read(self, within_s: float) -> bool:
        return True

    def is_lent(self) -> bool:
        return True

    def give_back(self) -> None:
        self._offered = ""

    def put(self, text: str) -> None:
        self._offered = text

    def close(self) -> None:
        self.closed.append("")


class FakeTranscriber:
    """Hears `says` in every file."""

    def __init__(self) -> None:
        self.heard: list[Work] = []
        self.says = "Hello again."

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        self.heard.append(work)
        segments = (Segment(0, 1000, self.says),) if self.says else ()
        yield events.Heard(segments, 1000, "en", (), "")

    def close(self) -> None: ...


class Booth:
    """The service with everything around it."""

    def __init__(self, library: Library, folder: Path, qtbot: QtBot) -> None:
        self.library, self.folder, self.qtbot = library, folder, qtbot
        self.ears, self.scribe, self.hands = FakeEars(), FakeScribe(), FakeHands()
        self.recorder, self.transcriber = FakeRecorder(), FakeTranscriber()
        self.given_way: list[bool] = []
        self.said: list[AppError] = []
        self.shown: list[Dictation] = []
        self.nothing: list[None] = []
        self.recovered: list[Entry] = []
        chime = SimpleNamespace(tones_hz=(), start=lambda: None, end=lambda: None, close=lambda: None)
        means = Means(self.ears, self.scribe, chime, self._hands, self.given_way.append, lambda name: name)
        self.dictating = Dictating(means, library, self.recorder, self.transcriber, folder)
        self.dictating.said.connect(self.said.append)
        self.dictating.changed.connect(self.shown.append)
        self.dictating.nothing_heard.connect(lambda: self.nothing.append(None))
        self.dictating.recovered.connect(self.recovered.append)

    def _hands(self, on_key: Callable[[KeyNews], None], wanted: Mapping[Purpose, str]) -> Hands:
        self.hands.on_key = on_key
        return Hands(self.hands, self.hands, self.hands, self.hands)

    def start(self, **changes: Any) -> None:
        settings = SETTINGS
        for name, value in changes.items():
            settings = settings.with_value(name, value)
        self.dictating.use_settings(settings)
        self.wait(lambda: Purpose.DICTATE in self.hands.grabbed or self.said)

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=10_000)

    def key(self, *at_ms: int) -> None:
        """Down, up, down, ..."""
        for number, at in enumerate(at_ms):
            self.hands.on_key(KeyNews(Purpose.DICTATE, number % 2 == 0, at))

    def speak(self) -> None:
        """A hold of a second."""
        self.key(0)
        self.wait(lambda: self.shown and self.shown[-1].takes and self.shown[-1].takes[-1].is_open)
        self.hands.on_key(KeyNews(Purpose.DICTATE, False, 1000))

    def outcomes(self) -> list[Outcome]:
        return [one.outcome for one in self.library.entries()]

    def is_idle(self) -> bool:
        return bool(self.shown) and self.shown[-1].is_idle


@pytest.fixture
def booth(library: Library, tmp_path: Path, qtbot: QtBot) -> Iterator[Booth]:
    one = Booth(library, tmp_path / "sound", qtbot)
    yield one
    one.dictating.close()
    assert Purpose.CANCEL not in one.hands.grabbed
    assert one.ears.is_closed


def test_what_is_said_while_the_key_is_held_is_inserted_and_kept(booth: Booth) -> None:
    booth.start()
    booth.speak()
    booth.wait(lambda: booth.hands.field and booth.outcomes() == [Outcome.INSERTED])
    assert booth.hands.field == [f"{TEXT} "]
    (entry,) = booth.library.entries()
    assert (entry.text, entry.heard, entry.program, entry.duration_ms) == (f"{TEXT} ", TEXT, "editor", 2000)
    assert entry.sound
    assert entry.sound.exists()
    booth.wait(booth.is_idle)
    assert booth.given_way[:2] == [False, True]


def test_a_text_fits_in_with_what_stands_at_the_caret(booth: Booth) -> None:
    booth.hands.shows = Around("I say", "to all")
    booth.start()
    booth.speak()
    booth.wait(lambda: booth.hands.field and booth.outcomes() == [Outcome.INSERTED])
    assert booth.hands.field == [f" {TEXT} "]


def test_nobody_is_asked_what_stands_at_the_caret_where_that_is_not_wanted(booth: Booth) -> None:
    booth.hands.shows = Around("I say", " to all")
    booth.start(dictation_fits=False)
    booth.speak()
    booth.wait(lambda: booth.hands.field)
    assert booth.hands.field == [f"{TEXT} "]


def test_esc_belongs_to_dictation_only_while_somebody_speaks_and_leaves_nothing(booth: Booth) -> None:
    booth.start()
    booth.key(0, 100)
    booth.wait(lambda: booth.hands.grabbed.get(Purpose.CANCEL) == "Esc")
    booth.hands.on_key(KeyNews(Purpose.CANCEL, True, 500))
    booth.wait(lambda: booth.ears.takes[0].is_kept is False)
    booth.wait(lambda: Purpose.CANCEL not in booth.hands.grabbed)
    assert booth.scribe.left == [1]
    assert booth.outcomes() == []


def test_where_no_history_is_wanted_nothing_is_left_once_the_text_is_inserted(booth: Booth) -> None:
    booth.start(dictation_history="none")
    booth.speak()
    booth.wait(lambda: booth.hands.field and booth.is_idle())
    booth.wait(lambda: booth.ears.takes[0].is_kept and not booth.ears.takes[0].path.exists())
    booth.wait(lambda: booth.outcomes() == [])


def test_where_nothing_is_heard_nothing_is_inserted_or_kept(booth: Booth) -> None:
    booth.scribe.says = ""
    booth.start()
    booth.speak()
    booth.wait(lambda: booth.nothing)
    booth.wait(lambda: booth.outcomes() == [] and not booth.ears.takes[0].path.exists())
    assert booth.hands.field == []


def test_a_text_that_cannot_be_inserted_waits_and_its_key_is_taken_for_so_long(booth: Booth) -> None:
    booth.start()
    booth.hands.fails = errors.TargetMoved()
    booth.speak()
    booth.wait(lambda: booth.said and Purpose.DROP in booth.hands.grabbed)
    assert isinstance(booth.said[0], errors.TargetMoved)
    assert booth.outcomes() == [Outcome.WAITING]
    booth.hands.fails = None
    booth.hands.on_key(KeyNews(Purpose.DROP, True, 9000))
    booth.wait(lambda: booth.outcomes() == [Outcome.INSERTED] and Purpose.DROP not in booth.hands.grabbed)
    assert booth.hands.field == [f"{TEXT} "]


def test_what_could_not_be_recognised_keeps_its_sound_and_can_be_heard_again(booth: Booth) -> None:
    booth.start()
    booth.scribe.says = errors.EngineKilled()
    booth.speak()
    booth.wait(lambda: booth.said and booth.outcomes() == [Outcome.SPOKEN])
    (entry,) = booth.library.entries()
    booth.dictating.hear_again(entry.id, "base")
    booth.wait(lambda: booth.outcomes() == [Outcome.WAITING] and booth.recovered)
    assert booth.library.entries()[0].text == "Hello again. "
    assert booth.transcriber.heard[0].options.model == "base"
    assert [one.text for one in booth.shown[-1].waiting] == ["Hello again. "]


@pytest.mark.usefixtures("loud_log")
def test_what_the_program_was_killed_over_is_text_at_the_next_start(booth: Booth) -> None:
    booth.folder.mkdir()
    cut_off, silent, growing, unreadable = (booth.folder / f"{at}.mka" for at in (1000, 2000, 3000, 4000))
    for path in (cut_off, silent, growing, unreadable):
        path.write_bytes(b"sound")
    booth.recorder.unrepairable[silent] = errors.NoSound(name="2000.mka")
    booth.recorder.unrepairable[unreadable] = errors.DiskFull(folder="dictations")
    booth.recorder.growing.add(growing)
    booth.start()
    booth.dictating.recover()
    booth.wait(lambda: booth.recovered)
    booth.wait(lambda: booth.shown and booth.shown[-1].waiting)
    assert booth.recorder.repaired == [cut_off]
    assert not silent.exists()
    assert unreadable.exists(), "which the next start may be able to read"
    assert [one.sound for one in booth.library.entries()] == [cut_off]
    assert growing.exists()
    assert [one.text for one in booth.shown[-1].waiting] == ["Hello again. "]


def test_texts_that_wait_are_there_again_at_the_next_start(booth: Booth, library: Library) -> None:
    now_ms = time.time_ns() // 1_000_000
    old = Entry(spoken_ms=1000, text="Old. ", outcome=Outcome.WAITING)
    fresh = library.keep_entry(Entry(spoken_ms=now_ms, text="Fresh. ", outcome=Outcome.WAITING))
    library.keep_entry(old)
    booth.start(dictation_history="always")
    booth.dictating.recover()
    booth.wait(lambda: booth.shown and booth.shown[-1].waiting)
    booth.dictating.drop()
    booth.wait(lambda: booth.hands.field == ["Fresh. "])
    booth.wait(lambda: library.entry(fresh.id) == Entry(fresh.id, now_ms, 0, "Fresh. ", outcome=Outcome.INSERTED))


def test_a_shortcut_that_is_taken_is_told_once(booth: Booth) -> None:
    booth.hands.refuses["F9"] = errors.HotkeyTaken(shortcut="F9")
    booth.start(dictation_shortcut="F9")
    booth.dictating.use_settings(SETTINGS.with_value("dictation_shortcut", "F9"))
    booth.dictating.use_settings(SETTINGS.with_value("dictation_shortcut", "F10"))
    booth.wait(lambda: booth.hands.grabbed.get(Purpose.DICTATE) == "F10")
    assert len(booth.said) == 1


def test_a_microphone_that_fails_is_told_and_what_was_said_is_inserted(booth: Booth) -> None:
    booth.start()
    booth.key(0)
    booth.wait(lambda: booth.ears.takes)
    booth.ears.takes[0].error = errors.MicrophoneGone(name="Desk")
    booth.wait(lambda: booth.said)
    booth.key(1000, 1500)
    booth.hands.on_key(KeyNews(Purpose.DICTATE, False, 1500))
    booth.wait(lambda: booth.hands.field == [f"{TEXT} "])


def test_a_mute_microphone_is_told_of(booth: Booth) -> None:
    booth.start()
    booth.key(0)
    booth.wait(lambda: booth.ears.takes)
    booth.ears.takes[0].is_mute = True
    booth.hands.on_key(KeyNews(Purpose.DICTATE, False, 1500))
    booth.wait(lambda: booth.said)
    assert isinstance(booth.said[0], errors.MicrophoneSilent)
    booth.wait(lambda: booth.ears.takes[0].is_kept is False)


def test_a_release_that_never_came_is_looked_for(booth: Booth) -> None:
    booth.start()
    booth.key(0)
    booth.wait(lambda: booth.ears.takes)
    booth.hands.down = False
    booth.wait(lambda: booth.hands.field == [f"{TEXT} "])


def test_switched_off_nothing_is_taken_and_nothing_is_heard(booth: Booth) -> None:
    booth.start()
    booth.dictating.use_settings(SETTINGS.with_value("dictation", False))
    booth.wait(lambda: not booth.hands.grabbed and booth.ears.is_closed)
    assert booth.scribe.options is None
    booth.dictating.use_settings(SETTINGS)
    booth.wait(lambda: Purpose.DICTATE in booth.hands.grabbed)


def test_while_it_is_off_nothing_is_inserted_and_that_is_said(booth: Booth, library: Library) -> None:
    entry = library.keep_entry(Entry(text="Hello. ", outcome=Outcome.INSERTED, spoken_ms=2**50))
    booth.dictating.use_settings(SETTINGS.with_value("dictation", False))
    booth.dictating.insert_again(entry.id)
    booth.wait(lambda: booth.said)
    assert isinstance(booth.said[0], errors.DictationOff)
    assert booth.hands.field == []


def test_ended_in_the_middle_the_sound_is_kept(library: Library, tmp_path: Path, qtbot: QtBot) -> None:
    booth = Booth(library, tmp_path / "sound", qtbot)
    booth.start()
    booth.key(0)
    booth.wait(lambda: booth.ears.takes and booth.hands.grabbed.get(Purpose.CANCEL))
    booth.dictating.close()
    assert booth.ears.takes[0].is_kept
    assert booth.outcomes() == [Outcome.SPOKEN]
    assert Purpose.CANCEL not in booth.hands.grabbed
    assert booth.given_way[-1] is True
    assert len(booth.hands.closed) == 4
