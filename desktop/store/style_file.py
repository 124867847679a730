"""The subtitle style of the settings: one that is offered, or the user's own rules in a file."""

from __future__ import annotations

from pathlib import Path

from desktop.core.errors import AppError, SettingsUnwritable
from desktop.core.names import shown_path
from desktop.core.rules import DEFAULT, PRESETS, Rules, read_rules, write_rules
from desktop.core.settings import Settings


def style_of(settings: Settings, file: Path) -> Rules:
    """The rules; the usual ones where the user's own cannot be read."""
    if settings.subtitle_style in PRESETS:
        return PRESETS[settings.subtitle_style].rules
    try:
        return read_rules(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeError, AppError):
        return DEFAULT


def keep_own_style(rules: Rules, file: Path) -> None:
    """Write the user's own rules. Raises SettingsUnwritable."""
    try:
        file.write_text(write_rules(rules), "utf-8")
    except OSError as error:
        raise SettingsUnwritable(reason=error.strerror or str(error), folder=shown_path(file.parent)) from error
