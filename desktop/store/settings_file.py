"""Settings to and from disk: read leniently, brought up to date, written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop.core.errors import AppError, BadOption, SettingsBroken, SettingsUnwritable
from desktop.core.settings import Settings, about_settings, default_of

Record = dict[str, Any]


class SettingsFile:
    """The settings on disk.

    Reading never fails: what cannot be used is replaced by its default and reported. A write leaves the old file or
    the new one, never a part. What this version does not know is kept for the one that does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[Settings, list[AppError]]:
        """The settings, and what the user should know about them."""
        try:
            record = self._read()
        except FileNotFoundError:
            return Settings(), []
        except (OSError, ValueError) as error:
            return Settings(), [SettingsBroken(reason=_reason(error), kept=str(self._put_aside()))]
        return settings_from(record)

    def save(self, settings: Settings) -> None:
        """Write what differs from the defaults, so that a better default reaches all who left it alone.

        Raises SettingsUnwritable.
        """
        try:
            old = self._read()
        except FileNotFoundError:
            old = {}
        except (OSError, ValueError):
            self._put_aside()
            old = {}
        try:
            self._write(record_of(settings, old))
        except OSError as error:
            raise SettingsUnwritable(reason=_reason(error), folder=str(self._path.parent)) from error

    def _read(self) -> Record:
        """The record on disk, brought up to date. Raises OSError, or ValueError when it is not one."""
        try:
            record = json.loads(self._path.read_text(encoding="utf-8-sig"))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(record, dict):
            raise ValueError("not a JSON object")
        return upgraded(record)

    def _put_aside(self) -> Path:
        aside = self._path.with_name(f"{self._path.stem}.broken{self._path.suffix}")
        with suppress(OSError):
            self._path.replace(aside)
        return aside

    def _write(self, record: Record) -> None:
        # A settings file that is a link into a folder of dotfiles stays one.
        target = Path(os.path.realpath(self._path))
        target.parent.mkdir(0o700, parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            # Escaped, because a folder's name may hold bytes that are no UTF-8.
            json.dump(record, file, indent=2, ensure_ascii=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)


def settings_from(record: Record) -> tuple[Settings, list[AppError]]:
    """The settings that a record holds; a value outside its limits is reported and stays at its default."""
    settings, problems = Settings(), list[AppError]()
    for name, _about in about_settings():
        if name in record:
            try:
                settings = settings.with_value(name, _as_like(default_of(name), record[name]))
            except BadOption as problem:
                problems.append(problem)
    return settings, problems


def record_of(settings: Settings, old: Record) -> Record:
    """Plain values for JSON: the changed settings, and what `old` holds that this version does not know."""
    names = [name for name, _about in about_settings()]
    unknown = {key: value for key, value in old.items() if key not in names}
    changed = {name: getattr(settings, name) for name in names if getattr(settings, name) != default_of(name)}
    return unknown | {"version": max(_version(old), VERSION)} | changed


def _as_like(default: object, value: object) -> object:
    """JSON has neither tuples nor a difference between 0 and 0.0."""
    if not isinstance(default, tuple) or not isinstance(value, list):
        return value
    if default and isinstance(default[0], float):
        return tuple(_as_float(part) for part in value)
    return tuple(tuple(part) if isinstance(part, list) else part for part in value)


def _as_float(value: object) -> object:
    with suppress(OverflowError):
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return value


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _version(record: Record) -> int:
    version = record.get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) and version > 0 else 0


def _named_as_in_the_dialog_2026_11(record: Record) -> Record:
    """A file without a version was written by hand, perhaps with the spelling of the command line: `beam-size`."""
    return {key.replace("-", "_"): value for key, value in record.items()}


UPGRADES: tuple[Callable[[Record], Record], ...] = (_named_as_in_the_dialog_2026_11,)
"""Step n brings a record from version n to n + 1. Steps are added at the end and never changed."""

VERSION = len(UPGRADES)


def upgraded(record: Record) -> Record:
    """The record in the form of this version; one of a later version stays as it is."""
    steps = UPGRADES[_version(record) :]
    for step in steps:
        record = step(record)
    return record | {"version": VERSION} if steps else record
