"""Waveforms that were drawn once: files in the cache folder, the oldest of which go when they become too many."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from desktop.core.peaks import Peaks

log = logging.getLogger(__name__)

MOST_BYTES = 256 << 20
"""About 26 recordings of ten hours, or 500 of half an hour."""
SUFFIX = ".peaks"


class PeaksCache:
    """The PeaksShelf port. Each file is there whole or not at all; any number of processes may use the folder.

    A disk that is full or a folder that may not be written costs the drawing of a waveform once more, nothing else.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """The folder is made with the first file."""
        self._folder = folder
        self._most_bytes = most_bytes

    def read(self, content_hash: str, track: int) -> Peaks | None:
        """The peaks of a track of a file with this content, if they are there."""
        path = self._path(content_hash, track)
        try:
            peaks = Peaks.from_bytes(path.read_bytes())
            os.utime(path)  # the oldest in use go last
        except OSError:
            return None
        if peaks is None:
            with suppress(OSError):
                path.unlink()
        return peaks

    def write(self, content_hash: str, track: int, peaks: Peaks) -> None:
        """Keep them; the oldest files go if the folder becomes too large."""
        path = self._path(content_hash, track)
        fresh = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.new")
        try:
            self._folder.mkdir(0o700, parents=True, exist_ok=True)
            try:
                fresh.write_bytes(peaks.to_bytes())
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
            self._trim(path)
        except OSError as error:
            log.info("a waveform is not kept: %s", error.strerror)

    def _path(self, content_hash: str, track: int) -> Path:
        return self._folder / f"{content_hash}-{track}{SUFFIX}"

    def _trim(self, newest: Path) -> None:
        files = [(path.stat(), path) for path in self._folder.iterdir() if path.is_file()]
        total = sum(about.st_size for about, _path in files)
        for about, path in sorted(files, key=lambda one: one[0].st_mtime_ns):
            if total <= self._most_bytes:
                return
            if path != newest:
                path.unlink(missing_ok=True)
                total -= about.st_size
