"""The settings on disk: read whatever is there, keep what is not ours, never leave a part of a file."""

import json
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import AppError, BadOption, SettingsUnwritable
from desktop.core.settings import Settings, about_setting, about_settings
from desktop.store.settings_file import VERSION, SettingsBroken, SettingsFile, record_of, settings_from, upgraded
from tests.core.test_settings import json_values

ROOT = Path(__file__).parents[2]
NAMES = [name for name, _about in about_settings()]
CHANGED = Settings(
    language="de",
    vad=False,
    beam_size=2,
    temperatures=(0.0, 0.5),
    export_formats=("txt",),
    export_folder="/home/anna/Résumés",
    theme="dark",
)


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "config" / "settings.json")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "settings.json"


def test_without_a_file_all_is_as_declared(file: SettingsFile) -> None:
    assert file.load() == (Settings(), [])


def test_what_is_saved_is_read_again(file: SettingsFile) -> None:
    file.save(CHANGED)
    assert file.load() == (CHANGED, [])
    file.save(Settings())
    assert file.load() == (Settings(), [])


def test_only_changes_are_written_so_that_better_defaults_reach_everyone(written: Path) -> None:
    SettingsFile(written).save(Settings(beam_size=2))
    assert json.loads(written.read_text()) == {"version": VERSION, "beam_size": 2}


def test_a_bad_value_is_reported_and_the_others_hold(written: Path) -> None:
    written.write_text(json.dumps({"version": 1, "beam_size": 99, "theme": "pink", "language": "de"}))
    settings, problems = SettingsFile(written).load()
    assert settings == Settings(language="de")
    assert [type(problem) for problem in problems] == [BadOption, BadOption]
    assert about_setting("beam_size").label in str(problems[0])


def test_numbers_may_be_written_without_a_point(written: Path) -> None:
    written.write_text('{"version": 1, "temperatures": [0, 1]}')
    assert SettingsFile(written).load() == (Settings(temperatures=(0.0, 1.0)), [])


def test_what_a_later_version_added_is_kept(written: Path) -> None:
    later = {"version": VERSION + 7, "beam_size": 3, "hotkey": {"keys": ["ctrl", "d"]}}
    written.write_text(json.dumps(later))
    file = SettingsFile(written)
    settings, problems = file.load()
    assert (settings, problems) == (Settings(beam_size=3), [])
    file.save(Settings(beam_size=4))
    assert json.loads(written.read_text()) == later | {"beam_size": 4}


def test_a_file_written_by_hand_may_spell_names_as_on_the_command_line(written: Path) -> None:
    written.write_text('{"beam-size": 3, "compute_type": "float32"}')
    assert SettingsFile(written).load() == (Settings(beam_size=3, compute_type="float32"), [])


def test_a_mark_of_windows_editors_at_the_start_is_no_fault(written: Path) -> None:
    written.write_bytes(b'\xef\xbb\xbf{"version": 1, "beam_size": 3}')
    assert SettingsFile(written).load() == (Settings(beam_size=3), [])


BROKEN = {
    "nothing": b"",
    "half": b'{"version": 1, "beam_',
    "no object": b"[1, 2]",
    "no text": b"\xff\xfe\x00\x80",
    "too deep": b"[" * 100_000,
    "too big a number": b'{"beam_size": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_kept_aside_and_reported(written: Path, content: bytes) -> None:
    written.write_bytes(content)
    file = SettingsFile(written)
    settings, problems = file.load()
    aside = written.with_name("settings.broken.json")
    assert settings == Settings()
    assert [type(problem) for problem in problems] == [SettingsBroken]
    assert str(aside) in str(problems[0])
    assert aside.read_bytes() == content
    assert file.load() == (Settings(), [])


def test_a_file_that_breaks_while_the_program_runs_is_kept_aside_too(written: Path) -> None:
    file = SettingsFile(written)
    file.load()
    written.write_text("half an edit by h")
    file.save(CHANGED)
    assert file.load() == (CHANGED, [])
    assert written.with_name("settings.broken.json").read_text() == "half an edit by h"


def test_a_folder_in_the_place_of_the_file_is_reported(written: Path) -> None:
    written.mkdir()
    settings, problems = SettingsFile(written).load()
    assert (settings, len(problems)) == (Settings(), 1)


def test_a_link_into_a_folder_of_dotfiles_stays_a_link(tmp_path: Path, written: Path) -> None:
    kept = tmp_path / "dotfiles.json"
    kept.write_text("{}")
    written.symlink_to(kept)
    SettingsFile(written).save(CHANGED)
    assert written.is_symlink()
    assert SettingsFile(kept).load() == (CHANGED, [])


def test_a_folder_name_that_is_no_text_survives(file: SettingsFile) -> None:
    odd = Settings(export_folder=b"/home/caf\xe9".decode("utf-8", "surrogateescape"))
    file.save(odd)
    assert file.load() == (odd, [])


def test_an_unwritable_place_is_one_sentence_and_the_old_file_stays(tmp_path: Path) -> None:
    in_the_way = tmp_path / "config"
    in_the_way.write_text("a file")
    with pytest.raises(SettingsUnwritable) as failure:
        SettingsFile(in_the_way / "settings.json").save(CHANGED)
    assert str(in_the_way) in str(failure.value)


def test_a_write_that_fails_leaves_the_old_file(written: Path) -> None:
    file = SettingsFile(written)
    file.save(CHANGED)
    written.with_name("settings.json.new").mkdir()  # where the new file would grow
    with pytest.raises(SettingsUnwritable):
        file.save(Settings())
    assert file.load() == (CHANGED, [])


SAVE_FOR_EVER = """
import sys
from pathlib import Path
from desktop.core.settings import Settings
from desktop.store.settings_file import SettingsFile
file = SettingsFile(Path(sys.argv[1]))
values = [Settings(export_folder=letter * 60_000, beam_size=size) for letter, size in (("a", 2), ("b", 3))]
file.save(values[0])
print("saving", flush=True)
while True:
    for value in values:
        file.save(value)
"""


def test_a_kill_in_the_middle_of_saving_leaves_the_old_or_the_new_file(written: Path) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    seen = set()
    for _round in range(25):
        saver = subprocess.Popen(
            [sys.executable, "-c", SAVE_FOR_EVER, str(written)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        with saver:
            assert saver.stdout
            assert saver.stdout.readline() == "saving\n"
            with pytest.raises(subprocess.TimeoutExpired):
                saver.wait(chance.uniform(0.0, 0.03))
            saver.send_signal(signal.SIGKILL)
        settings, problems = SettingsFile(written).load()
        assert problems == []
        assert (settings.export_folder[:1], settings.beam_size) in (("a", 2), ("b", 3))
        assert len(settings.export_folder) == 60_000
        seen.add(settings.beam_size)
    assert seen


names = st.sampled_from([*NAMES, "version", "beam-size"]) | st.text(max_size=8)
records = st.dictionaries(names, json_values, max_size=12)


@given(records)
def test_any_record_gives_settings_within_their_limits(record: dict[str, Any]) -> None:
    settings, problems = settings_from(upgraded(record))
    for name, about in about_settings():
        assert about.accepts(getattr(settings, name))
    assert all(isinstance(problem, AppError) and str(problem) for problem in problems)


@given(records)
def test_writing_keeps_all_that_is_not_ours_and_reading_it_again_changes_nothing(record: dict[str, Any]) -> None:
    old = upgraded(record)
    settings, _problems = settings_from(old)
    new = record_of(settings, old)
    foreign = [key for key in old if key not in (*NAMES, "version")]
    # repr, because a record may hold the number that is not equal to itself.
    assert [repr(new[key]) for key in foreign] == [repr(old[key]) for key in foreign]
    again = json.loads(json.dumps(new))
    assert settings_from(upgraded(again)) == (settings, [])


@given(st.binary(max_size=200) | records.map(lambda record: json.dumps(record).encode()))
def test_no_content_of_the_file_stops_the_program(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.json"
        path.write_bytes(content)
        file = SettingsFile(path)
        settings, _problems = file.load()
        file.save(settings)
        assert file.load() == (settings, [])
