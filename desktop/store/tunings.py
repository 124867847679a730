"""What was measured on this machine: a file of its own, since settings may be carried to another one."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from pathlib import Path

from desktop.core.errors import SettingsUnwritable
from desktop.core.tuning import Tuning, Tunings


class TuningsFile:
    """Read anew whenever it is asked, so that window and command line know of each other's measurements.

    What cannot be read was never measured. A write leaves the old file or the new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Tunings:
        """All that can be used."""
        try:
            records = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return Tunings()
        found = []
        for record in records if isinstance(records, list) else []:
            with suppress(TypeError, ValueError, KeyError, AttributeError):
                found.append(Tuning.from_record(record))
        return Tunings(tuple(found))

    def keep(self, tuning: Tuning) -> None:
        """Add it, or put it in the place of an older one. Raises SettingsUnwritable."""
        records = [one.to_record() for one in self.load().joined(tuning).all]
        fresh = self._path.with_name(f"{self._path.name}-{secrets.token_hex(4)}.new")
        try:
            self._path.parent.mkdir(0o700, parents=True, exist_ok=True)
            try:
                fresh.write_text(json.dumps(records, indent=1), encoding="utf-8")
                fresh.replace(self._path)
            finally:
                fresh.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsUnwritable(reason=error.strerror or str(error), folder=str(self._path.parent)) from error
