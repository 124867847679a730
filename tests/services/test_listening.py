"""The waveform of the file that is shown: kept from the last time, or drawn now, and never that of another one."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.errors import FileMissing, Unforeseen
from desktop.core.media import Media
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.ports import StopFlag
from desktop.engine.client import PeaksDrawer
from desktop.services.listening import Listening
from desktop.store.peaks_cache import PeaksCache
from tests.conftest import SAMPLES
from tests.core.test_peaks import part_of

SOURCE = Path("talk.mp4")
MEDIA = Media(1, "hash-of-talk", 60_000)
PARTS = [(part_of(bytes([value] * 1024)),) for value in (10, 20, 30)]

Draw = Callable[[Path, int, StopFlag], Iterator[tuple[PeaksPart, ...]]]


class Drawn:
    """A drawer that does what a test says."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self.calls: list[tuple[Path, int]] = []

    def draw(self, source: Path, track: int, stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
        self.calls.append((source, track))
        return self._draw(source, track, stop)


def all_parts(_source: Path, _track: int, _stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
    yield from PARTS


class Told:
    """What a listening tells, in order."""

    def __init__(self, listening: Listening) -> None:
        self.news: list[object] = []
        listening.known.connect(self.news.append)
        listening.heard.connect(self.news.append)
        listening.done.connect(self.on_done)
        listening.failed.connect(self.news.append)

    def on_done(self) -> None:
        self.news.append("done")


@pytest.fixture
def cache(tmp_path: Path) -> PeaksCache:
    return PeaksCache(tmp_path / "peaks")


@pytest.fixture
def listen(qapp: object, cache: PeaksCache) -> Iterator[Callable[[Drawn], Listening]]:
    made: list[Listening] = []

    def make(drawer: Drawn) -> Listening:
        made.append(Listening(drawer, cache))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_peaks_are_told_as_they_are_drawn_and_kept_for_the_next_time(
    qtbot: QtBot, listen: Callable[[Drawn], Listening], cache: PeaksCache
) -> None:
    drawer = Drawn(all_parts)
    listening = listen(drawer)
    told = Told(listening)
    with qtbot.waitSignal(listening.done):
        listening.listen(SOURCE, MEDIA, 2)
        assert listening.is_at_work
    assert told.news == [*PARTS, "done"]
    assert drawer.calls == [(SOURCE, 2)]
    assert not listening.is_at_work
    whole = Peaks()
    for (part,) in PARTS:
        whole.add(part)
    with qtbot.waitSignal(listening.done):
        listening.listen(SOURCE, MEDIA, 2)
    assert told.news[4:] == [whole, "done"]
    assert len(drawer.calls) == 1
    assert cache.read(MEDIA.content_hash, 2) == whole


def test_another_file_stops_the_work_on_the_one_before(
    qtbot: QtBot, listen: Callable[[Drawn], Listening], cache: PeaksCache
) -> None:
    begun, left = threading.Event(), threading.Event()

    def draw(source: Path, _track: int, stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
        if source == SOURCE:
            yield PARTS[0]
            begun.set()
            stop.wait()
            yield PARTS[1]  # too late: nobody may hear of it
            left.set()
        else:
            yield PARTS[2]

    listening = listen(Drawn(draw))
    told = Told(listening)
    with qtbot.waitSignal(listening.heard):
        listening.listen(SOURCE, MEDIA, 0)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(listening.done):
        listening.listen(Path("other.mp4"), Media(2, "hash-of-other"), 0)
    qtbot.waitUntil(left.is_set)
    assert told.news == [PARTS[0], PARTS[2], "done"]
    listening.close()
    assert cache.read(MEDIA.content_hash, 0) is None
    assert cache.read("hash-of-other", 0)


def test_a_failure_is_told_and_nothing_is_kept(
    qtbot: QtBot, listen: Callable[[Drawn], Listening], cache: PeaksCache
) -> None:
    def draw(_source: Path, _track: int, _stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
        yield PARTS[0]
        raise FileMissing(name="talk.mp4")

    listening = listen(Drawn(draw))
    with qtbot.waitSignal(listening.failed) as told:
        listening.listen(SOURCE, MEDIA, 0)
    assert isinstance(told.args[0], FileMissing)
    assert cache.read(MEDIA.content_hash, 0) is None


@pytest.mark.usefixtures("loud_log")
def test_a_bug_becomes_the_plain_error(qtbot: QtBot, listen: Callable[[Drawn], Listening]) -> None:
    def draw(_source: Path, _track: int, _stop: StopFlag) -> Iterator[tuple[PeaksPart, ...]]:
        raise ZeroDivisionError

    listening = listen(Drawn(draw))
    with qtbot.waitSignal(listening.failed) as told:
        listening.listen(SOURCE, MEDIA, 0)
    assert isinstance(told.args[0], Unforeseen)


def test_a_real_file_is_drawn_by_a_real_process(qtbot: QtBot, cache: PeaksCache) -> None:
    listening = Listening(PeaksDrawer(), cache)
    with qtbot.waitSignal(listening.done, timeout=30_000):
        listening.listen(SAMPLES / "demo-minute.flac", MEDIA, 0)
    listening.close()
    kept = cache.read(MEDIA.content_hash, 0)
    assert kept
    assert kept.length_ms > 50_000
