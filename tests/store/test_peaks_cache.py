"""Waveforms on disk: whole or not at all, and never too many."""

import os
from pathlib import Path

import pytest

from desktop.core.peaks import Peaks
from desktop.store.peaks_cache import PeaksCache
from tests.core.test_peaks import peaks_of

HASH = "0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "peaks"


def sized(bins: int) -> Peaks:
    return peaks_of(bytes(range(256)) * (bins // 256))


def test_what_was_kept_comes_back_for_the_same_content_and_track(folder: Path) -> None:
    cache = PeaksCache(folder)
    assert cache.read(HASH, 0) is None
    cache.write(HASH, 0, sized(512))
    assert cache.read(HASH, 0) == sized(512)
    assert cache.read(HASH, 1) is None
    assert cache.read("other", 0) is None


def test_a_damaged_file_is_as_good_as_none_and_goes(folder: Path) -> None:
    cache = PeaksCache(folder)
    cache.write(HASH, 0, sized(512))
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-3])
    assert cache.read(HASH, 0) is None
    assert list(folder.iterdir()) == []


def test_the_longest_unused_go_first(folder: Path) -> None:
    cache = PeaksCache(folder, most_bytes=3 * len(sized(512).to_bytes()))
    for number in range(3):
        cache.write(f"{number}", 0, sized(512))
        os.utime(folder / f"{number}-0.peaks", (1000 + number, 1000 + number))
    assert cache.read("0", 0)
    cache.write("3", 0, sized(512))
    assert {path.name for path in folder.iterdir()} == {"0-0.peaks", "2-0.peaks", "3-0.peaks"}


def test_one_that_is_larger_than_all_may_stay_alone(folder: Path) -> None:
    cache = PeaksCache(folder, most_bytes=10)
    cache.write("small", 0, sized(256))
    cache.write("large", 0, sized(512))
    assert [path.name for path in folder.iterdir()] == ["large-0.peaks"]


def test_what_a_crash_has_left_counts_and_goes(folder: Path) -> None:
    cache = PeaksCache(folder, most_bytes=len(sized(512).to_bytes()))
    folder.mkdir()
    (folder / "0-0-1234.new").write_bytes(b"half")
    os.utime(folder / "0-0-1234.new", (1, 1))
    cache.write(HASH, 0, sized(512))
    assert [path.name for path in folder.iterdir()] == [f"{HASH}-0.peaks"]


def test_a_folder_that_cannot_be_written_costs_nothing_else(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    cache = PeaksCache(folder)
    cache.write(HASH, 0, sized(512))
    assert cache.read(HASH, 0) is None
