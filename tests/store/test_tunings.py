"""What was measured on this machine, on disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.errors import SettingsUnwritable
from desktop.core.tuning import Setup, Tuning, Tunings
from desktop.store.tunings import TuningsFile

TUNING = Tuning("base", 1000, "cpu", "AMD EPYC", Setup("int8", 2, 4, 2), 12.5)


def test_what_was_kept_is_there_for_another_process(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "tunings.json"
    TuningsFile(path).keep(TUNING)
    TuningsFile(path).keep(replace(TUNING, device="cuda"))
    TuningsFile(path).keep(replace(TUNING, factor=20.0))
    assert {one.factor for one in TuningsFile(path).load().all} == {12.5, 20.0}
    assert [one.name for one in path.parent.iterdir()] == ["tunings.json"]


@pytest.mark.parametrize("text", ["", "{", "{}", "null", "[1, null, {}]", "[" * 100_000, '[{"model": "base"}]'])
def test_what_cannot_be_read_was_never_measured(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tunings.json"
    path.write_text(text)
    file = TuningsFile(path)
    assert file.load() == Tunings()
    file.keep(TUNING)
    assert file.load() == Tunings((TUNING,))


def test_a_good_record_beside_a_broken_one_is_used(tmp_path: Path) -> None:
    path = tmp_path / "tunings.json"
    TuningsFile(path).keep(TUNING)
    path.write_text(path.read_text().replace("[", "[{},", 1))
    assert TuningsFile(path).load() == Tunings((TUNING,))


def test_no_place_for_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsUnwritable):
        TuningsFile(tmp_path / "file" / "tunings.json").keep(TUNING)
