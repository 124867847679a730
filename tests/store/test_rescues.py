"""Copies of texts in the first place that takes them, where only their user can put them."""

import os
from pathlib import Path

import pytest

from desktop.core.errors import AppError
from desktop.core.formats import json
from desktop.core.transcript import Segment, Transcript
from desktop.store.rescues import Rescue, Rescues

TEXT = Transcript((Segment(0, 900, "Hello."),), "talk.mp4")


def test_a_copy_is_whole_and_found_again(tmp_path: Path) -> None:
    path = Rescues([tmp_path]).keep(7, TEXT)
    assert path == tmp_path / "undertone-7 talk.json"
    assert json.read(path.read_text(encoding="utf-8")) == TEXT
    assert Rescues([tmp_path]).found() == [Rescue(7, path)]


def test_a_second_copy_leaves_the_first(tmp_path: Path) -> None:
    rescues = Rescues([tmp_path])
    first, second = rescues.keep(7, TEXT), rescues.keep(7, TEXT)
    os.utime(first, (1, 1))
    assert rescues.found() == [Rescue(7, first), Rescue(7, second)]


def test_the_next_place_is_taken_where_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    places = [tmp_path / "file", tmp_path / "no" / "where", tmp_path / "own"]
    path = Rescues(places).keep(7, TEXT)
    assert path.parent == tmp_path / "own"
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Rescues(places).found() == [Rescue(7, path)]


def test_without_any_place_it_says_so(tmp_path: Path) -> None:
    for places in ([], [tmp_path / "no" / "where"]):
        with pytest.raises(AppError):
            Rescues(places).keep(7, TEXT)


def test_what_others_have_put_there_is_not_taken(tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("only root can give files to others")
    planted = Rescues([tmp_path]).keep(7, TEXT)
    os.chown(planted, 12345, 12345)
    assert Rescues([tmp_path]).found() == []
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 12345, 12345)
    with pytest.raises(AppError):
        Rescues([theirs]).keep(7, TEXT)


def test_files_with_other_names_are_nobodys_copies(tmp_path: Path) -> None:
    for name in ("undertone-x talk.json", "undertone-7.json", "talk.json", "undertone-7 talk.srt"):
        (tmp_path / name).touch()
    (tmp_path / "undertone-7 folder.json").mkdir()
    assert Rescues([tmp_path]).found() == []


def test_the_usual_places_are_those_of_the_user(home: Path) -> None:
    assert Rescues().keep(7, TEXT).parent == home
    (home / "Documents").mkdir()
    assert Rescues().keep(7, TEXT).parent == home / "Documents"
