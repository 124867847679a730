"""The user's own subtitle style is read as it was written, and never stands in the way of an export."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.errors import SettingsUnwritable
from desktop.core.rules import DEFAULT, PRESETS
from desktop.core.settings import OWN_STYLE, Settings
from desktop.store.style_file import keep_own_style, style_of

OWN = Settings(subtitle_style=OWN_STYLE)


def test_own_rules_come_back(tmp_path: Path) -> None:
    rules = replace(DEFAULT, line_characters=30, dash="- ")
    keep_own_style(rules, tmp_path / "style.toml")
    assert style_of(OWN, tmp_path / "style.toml") == rules


@pytest.mark.parametrize("content", [None, b"", b"line_characters = no", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_means_the_usual_style(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "style.toml"
    if content is not None:
        file.write_bytes(content)
    assert style_of(OWN, file) == DEFAULT


def test_a_preset_needs_no_file(tmp_path: Path) -> None:
    assert style_of(Settings(subtitle_style="bbc"), tmp_path / "none") == PRESETS["bbc"].rules


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnwritable):
        keep_own_style(DEFAULT, tmp_path / "missing" / "style.toml")
