"""Copies of texts whose edits the library could not take before the program had to end."""

from __future__ import annotations

import errno
import getpass
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.core.errors import AppError, ExportFailed
from desktop.core.jobs import JobId
from desktop.core.transcript import Transcript
from desktop.store.exports import Exports

_PRIVATE = 0o700
_NAME = re.compile(r"undertone-(\d+) .*\.json", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rescue:
    """A copy, whole and in our JSON, and the job whose text it is."""

    job_id: JobId
    path: Path


class Rescues:
    """Writes a copy into the first place that takes it, and finds it there again."""

    def __init__(self, places: Sequence[Path] | None = None) -> None:
        """`places` are folders, the best one first; the usual ones if not said."""
        self._places = _usual_places() if places is None else list(places)

    def keep(self, job_id: JobId, transcript: Transcript) -> Path:
        """Write a copy. Raises AppError where no place takes it."""
        name = Path(f"undertone-{job_id} {transcript.source or 'transcript'}")
        trouble: AppError = ExportFailed(name=name.name, reason=os.strerror(errno.ENOENT))
        for place in self._places:
            try:
                place.mkdir(_PRIVATE, exist_ok=True)
                if _is_ours(place) and (path := Exports(place, "rename").export(name, transcript, "json")):
                    return path
            except OSError as error:
                trouble = ExportFailed(name=str(place), reason=error.strerror or str(error))
            except AppError as error:
                trouble = error
        raise trouble

    def found(self) -> list[Rescue]:
        """The copies that are there, the oldest first."""
        found: list[tuple[float, Rescue]] = []
        for place in self._places:
            with suppress(OSError):
                if not _is_ours(place):
                    continue
                for path in place.glob("undertone-*.json"):
                    if (named := _NAME.fullmatch(path.name)) and path.is_file() and _is_ours(path):
                        found.append((path.stat().st_mtime, Rescue(int(named[1]), path)))
        return [rescue for _, rescue in sorted(found, key=lambda one: one[0])]


def _usual_places() -> list[Path]:
    """Where people look, then where there may be room on another disk: there in a folder for the user's eyes only."""
    documents = platformdirs.user_documents_path()
    own = f"undertone-{getpass.getuser()}"
    temporary = dict.fromkeys(map(Path, (tempfile.gettempdir(), "/var/tmp")))
    return [
        *([documents] if documents.is_dir() else []),
        Path.home(),
        *(one / own for one in temporary if one.is_dir()),
    ]


def _is_ours(path: Path) -> bool:
    """Nobody else has made it, nor a link to it: folders for temporary files are open to all. Raises OSError."""
    if sys.platform == "win32":  # there each user has such a folder alone
        return True
    return path.lstat().st_uid == path.stat().st_uid == os.getuid()
