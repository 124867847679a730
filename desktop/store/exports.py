"""Exports on disk: each file whole or not at all; what was there before goes only if the user says so."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from desktop.core.cues import beginning
from desktop.core.errors import AppError, DiskFull, ExportFailed
from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.names import shown_path
from desktop.core.transcript import Transcript

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_PLAIN = WriteOptions()


class NewFile:
    """A file on its way. `path` is where it lies after its block, None when one is there and is to stay."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.path: Path | None = None
        self.is_given_up = False

    def give_up(self) -> None:
        """It will not be whole: at the end of the block it is gone."""
        self.is_given_up = True


class Exports:
    """The Exporter port: writes transcripts into one folder, or beside each source, under one policy for taken names.

    Holds nothing open; any number of threads and processes may write at the same time.
    """

    def __init__(self, folder: Path | None, collision: str, options: WriteOptions = _PLAIN) -> None:
        """`folder` is made when it is missing; None is the folder of each source. `collision` as in the settings."""
        self._folder = folder
        self._collision = collision
        self._options = options

    def export(self, source: Path, transcript: Transcript, format_name: str) -> Path | None:
        """The file that was written: `talk.srt` for `talk.mp4`; never the source itself, under no policy.

        None when there is one and it is to stay. Raises ExportFailed or DiskFull.
        """
        wanted = FORMATS[format_name]
        target = (self._folder or source.parent) / f"{_stem(source)}{wanted.suffix}"
        content = wanted.content(transcript, self._options)
        try:
            if self._folder is not None:
                _make(self._folder)
            return self._write(content, target, source)
        except OSError as error:
            raise _failure(error, target) from error

    @contextmanager
    def new_file(self, target: Path, source: Path) -> Iterator[NewFile]:
        """A file that is filled bit by bit and gets its name at the end of the block, under the same policy.

        Whatever the block raises, and `NewFile.give_up`, leave nothing behind and what was there as it was. Raises
        ExportFailed or DiskFull, also for an OSError of the block.
        """
        try:
            with _begun(target.parent) as (path, file):
                new = NewFile(file)
                yield new
                if not new.is_given_up:
                    _flush(file)
                    file.close()
                    new.path = self._place(path, target, source)
                    _flush_folder(target.parent)
        except OSError as error:
            raise _failure(error, target) from error

    def _write(self, content: bytes, target: Path, source: Path) -> Path | None:
        if self._collision == "skip" and os.path.lexists(target):
            return None
        with _temporary(target.parent, content) as whole:
            written = self._place(whole, target, source)
            _flush_folder(target.parent)
            return written

    def _place(self, whole: Path, target: Path, source: Path) -> Path | None:
        """Give the whole file its name, or the first free one of `talk (2).srt`, `talk (3).srt` and so on."""
        take: Callable[[Path, Path], None] = partial(_replace, source) if self._collision == "overwrite" else _claim
        ending, number = target.suffix, 1
        while True:
            try:
                return _named(partial(take, whole), target, ending)
            except FileExistsError:
                if self._collision == "skip":
                    return None
            number += 1
            take, ending = _claim, f" ({number}){target.suffix}"


def _stem(source: Path) -> str:
    return source.stem if source.name not in ("", "..") else "transcript"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error


@contextmanager
def _temporary(folder: Path, content: bytes) -> Iterator[Path]:
    """A new file with this content, safe on the disk; gone at the end unless it was renamed."""
    with _begun(folder) as (path, file):
        file.write(content)
        _flush(file)
        file.close()
        yield path


@contextmanager
def _begun(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file without a name of its own, open; gone at the end unless it was renamed."""
    path = folder / f".undertone-{secrets.token_hex(8)}"
    try:
        with path.open("x+b") as file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _named(take: Callable[[Path], None], wanted: Path, ending: str) -> Path:
    """The wanted path with another ending, once taken; shorter by as many characters as the disk refuses."""
    stem = wanted.stem
    while True:
        target = wanted.with_name(f"{stem}{ending}")
        try:
            take(target)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG or len(stem) == 1:
                raise
            stem = beginning(stem, len(stem) - 1)
        else:
            return target


def _claim(whole: Path, target: Path) -> None:
    """Give the file a name that is free; raises FileExistsError when another was faster."""
    try:
        target.hardlink_to(whole)
    except FileExistsError:
        raise
    except OSError:
        _claim_without_links(whole, target)


def _claim_without_links(whole: Path, target: Path) -> None:
    # FAT, exFAT and some network folders. Should the process be ended between these two lines, an empty file stays.
    target.touch(exist_ok=False)
    try:
        whole.replace(target)
    except OSError:
        target.unlink()
        raise


def _replace(source: Path, whole: Path, target: Path) -> None:
    """Put the file in the place of another, but never of the source: for that, raises FileExistsError."""
    if _is_same_file(source, target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    whole.replace(target)


def _is_same_file(source: Path, target: Path) -> bool:
    try:
        return target.samefile(source)
    except OSError:
        return False


def _flush_folder(folder: Path) -> None:
    """Make the new name last. The file itself is safe already, and not every file system can do this."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _failure(error: OSError, target: Path) -> AppError:
    if error.errno in _DISK_FULL:
        return DiskFull(folder=shown_path(target.parent))
    return ExportFailed(name=shown_path(target), reason=error.strerror or str(error))
