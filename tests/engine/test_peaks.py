"""The peaks of real files, and the process that finds them."""

import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from desktop.core import errors
from desktop.core.peaks import LEVELS, PART_MS, TOP, Peaks, PeaksPart
from desktop.core.ports import Stopped
from desktop.engine.child import Child
from desktop.engine.client import PeaksDrawer
from desktop.engine.peaks import PART_SAMPLES, part_of, peaks
from tests.conftest import SAMPLES
from tests.sounds import RATE_HZ, long_sound, with_ffmpeg, write_sound

SHORT = SAMPLES / "demo-short.flac"


def gathered(parts: Iterable[PeaksPart]) -> Peaks:
    whole = Peaks()
    for part in parts:
        whole.add(part)
    return whole


def columns(whole: Peaks, start_ms: int, count: int) -> list[int]:
    return [high for high, _mean in whole.columns(start_ms, 10, count)]


def test_values_are_the_square_root_of_the_amplitude(tmp_path: Path) -> None:
    square = np.concatenate([np.full(RATE_HZ, level, np.float32) for level in (0.0, 0.01, 0.25, 1.0)])
    found = gathered(peaks(write_sound(tmp_path / "steps.wav", square, subtype="FLOAT"), 0))
    assert found.length_ms == 4000
    for second, value in enumerate((0, 25, 127, TOP)):
        high, mean = found.columns(1000 * second + 300, 10, 1)[0]
        assert high == pytest.approx(value, abs=1)
        assert mean == pytest.approx(value, abs=1)


def test_a_tone_is_less_loud_in_the_mean_than_at_its_top(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(np.arange(RATE_HZ, dtype=np.float32) * 2 * np.pi * 440 / RATE_HZ)
    high, mean = gathered(peaks(write_sound(tmp_path / "tone.wav", tone), 0)).columns(500, 10, 1)[0]
    assert (high / TOP) ** 2 == pytest.approx(0.5, abs=0.01)
    assert (mean / TOP) ** 2 == pytest.approx(0.5 / np.sqrt(2), abs=0.01)


def test_each_level_holds_the_loudest_of_the_finer_one() -> None:
    sound = np.random.default_rng(4).normal(0, 0.2, PART_SAMPLES).astype(np.float32)
    part = part_of(sound)
    assert [len(level) for level in part.highs] == [1024, 256, 64, 16, 4, 1]
    for fine, coarse in zip(part.highs, part.highs[1:], strict=False):
        assert list(coarse) == [max(fine[at : at + 4]) for at in range(0, len(fine), 4)]
    assert len(part.means) == LEVELS


def test_parts_are_whole_but_the_last(tmp_path: Path) -> None:
    parts = list(peaks(long_sound(tmp_path / "long.flac", 35), 0))
    assert [len(part.highs[0]) for part in parts] == [1024, 1024, 1024, 3500 - 3 * 1024]
    assert gathered(parts).length_ms == 35_000


def test_sound_that_starts_late_has_silence_before_it(tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    video = ["-f", "lavfi", "-i", "color=black:s=64x64:r=10:d=9"]
    with_ffmpeg(*video, "-itsoffset", "5", "-i", SHORT, "-map", "0:v", "-map", "1:a", "-c:a", "flac", late)
    found, plain = gathered(peaks(late, 0)), gathered(peaks(SHORT, 0))
    assert columns(found, 0, 495) == [0] * 495
    assert found.length_ms == pytest.approx(plain.length_ms + 5000, abs=20)
    assert columns(found, 5000, 200) == pytest.approx(columns(plain, 0, 200), abs=60)


def test_the_wanted_track_is_drawn(tmp_path: Path) -> None:
    two = tmp_path / "two.mka"
    silence = ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono"]
    with_ffmpeg(*silence, "-i", SHORT, "-map", "0:a", "-map", "1:a", "-c:a", "flac", "-t", "2", two)
    assert gathered(peaks(two, 1)).loudest() == 0
    assert gathered(peaks(two, 2)).loudest() > 50


def test_it_can_be_stopped(tmp_path: Path) -> None:
    steps = peaks(long_sound(tmp_path / "long.flac", 60), 0, iter([False, True]).__next__)
    next(steps)
    with pytest.raises(Stopped):
        next(steps)


def test_a_process_of_its_own_finds_the_same(tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 60)
    drawn = [part for parts in PeaksDrawer().draw(source, 0, threading.Event()) for part in parts]
    assert gathered(drawn) == gathered(peaks(source, 0))


def test_a_failure_says_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    for name, content, failure in (("text.mp3", b"no sound at all", errors.NotMedia), ("0.wav", b"", errors.FileEmpty)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(failure):
            list(PeaksDrawer().draw(tmp_path / name, 0, threading.Event()))
    with pytest.raises(errors.FileMissing):
        list(PeaksDrawer().draw(tmp_path / "nowhere.mp3", 0, threading.Event()))


class Watched(Child):
    """A process that can be seen from outside."""

    started: "list[Watched]"

    def __init__(self, with_model: bool, with_cards: bool = True) -> None:
        super().__init__(with_model, with_cards)
        type(self).started.append(self)


@pytest.fixture(autouse=True)
def started() -> list[Watched]:
    Watched.started = []
    return Watched.started


def test_stopping_ends_the_process_and_keeps_what_was_drawn(tmp_path: Path, started: list[Watched]) -> None:
    stop = threading.Event()
    drawn = []
    for parts in PeaksDrawer(Watched).draw(long_sound(tmp_path / "long.flac", 1800), 0, stop):
        drawn += parts
        stop.set()
    assert 0 < len(drawn) * PART_MS < 1_800_000
    assert not started[0].is_alive


def test_leaving_it_half_way_ends_the_process(tmp_path: Path, started: list[Watched]) -> None:
    news = PeaksDrawer(Watched).draw(long_sound(tmp_path / "long.flac", 1800), 0, threading.Event())
    next(news)
    news.close()
    assert not started[0].is_alive


def test_a_process_that_dies_over_a_file_costs_the_waveform_alone(tmp_path: Path, started: list[Watched]) -> None:
    source = long_sound(tmp_path / "long.flac", 1800)
    news = PeaksDrawer(Watched).draw(source, 0, threading.Event())
    next(news)
    os.kill(started[0].pid, signal.SIGKILL)
    with pytest.raises(errors.WaveformMissing, match=r"long\.flac"):
        list(news)
