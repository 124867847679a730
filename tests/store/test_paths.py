"""Where things live: as the system says, made for the user alone, the resources found wherever we are installed."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from desktop.core.errors import LibraryUnusable
from desktop.store.paths import Paths

ROOT = Path(__file__).parents[2]


def test_each_folder_is_where_the_system_keeps_such_things(home: Path) -> None:
    paths = Paths.default()
    assert paths.config == home / "config" / "undertone"
    assert paths.data == home / "data" / "undertone"
    assert paths.logs == home / "state" / "undertone" / "log"
    assert paths.settings_file.parent == paths.config
    assert {paths.library.parent, paths.models.parent, paths.locks.parent} == {paths.data}


def test_nothing_is_made_before_it_is_prepared(home: Path) -> None:
    before = sorted(home.rglob("*"))
    paths = Paths.default()
    assert paths.socket
    assert sorted(home.rglob("*")) == before
    paths.prepare()
    for folder in (paths.config, paths.data, paths.logs):
        assert folder.stat().st_mode & 0o777 == 0o700
    paths.prepare()


def test_without_a_place_for_the_data_there_is_one_sentence(home: Path) -> None:
    (home / "data" / "undertone").write_text("a file in the way")
    with pytest.raises(LibraryUnusable) as failure:
        Paths.default().prepare()
    assert str(home) in str(failure.value)


def test_an_unwritable_settings_folder_does_not_stop_the_program(home: Path) -> None:
    (home / "config" / "undertone").write_text("a file in the way")
    Paths.default().prepare()
    assert Paths.default().data.is_dir()


def test_the_resources_are_found_from_a_checkout() -> None:
    paths = Paths.default()
    assert paths.resources == ROOT / "resources"
    assert (paths.demo_model / "model.bin").is_file()
    assert any(paths.icons.glob("*.svg"))
    assert any(paths.samples.glob("*.flac"))


def test_the_resources_are_found_from_an_installed_package(tmp_path: Path) -> None:
    for part in ("core", "store"):
        shutil.copytree(ROOT / "desktop" / part, tmp_path / "desktop" / part, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "desktop" / "__init__.py", tmp_path / "desktop")
    (tmp_path / "desktop" / "resources").mkdir()
    ask = "from desktop.store.paths import Paths; print(Paths.default().resources)"
    told = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(tmp_path / "desktop" / "resources")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names a pipe instead")
def test_the_socket_lies_in_the_folder_of_the_session_and_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as session:
        monkeypatch.setenv("XDG_RUNTIME_DIR", session)
        socket = Paths.default().socket
    assert Path(socket).parent == Path(session)
    assert len(os.fsencode(socket)) <= 100


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names a pipe instead")
def test_a_socket_that_would_be_too_long_lies_with_the_data(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = home / ("r" * 100)
    long.mkdir(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    assert Path(Paths.default().socket).parent == Paths.default().data


def test_another_library_has_another_socket(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Paths.default().socket
    assert Paths.default().socket == first
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "elsewhere"))
    assert Paths.default().socket != first


def test_no_session_folder_is_no_reason_to_warn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Paths.default().socket
