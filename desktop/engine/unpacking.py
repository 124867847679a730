"""A model that somebody brings along: the files of a folder or of a zip, read in pieces."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.names import shown_path
from desktop.engine.holding import WEIGHTS
from desktop.engine.models import needed_files
from desktop.engine.receipt import BLOCK
from desktop.engine.receipt import blocks as blocks_of

ENDINGS_OF_WEIGHTS = (".bin", ".safetensors")
ENCRYPTED = 0x1
MOST_FILES = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """One file that was given; `name` is without folders, so that it can lead nowhere else."""

    name: str
    size: int
    source: Path
    member: str = ""

    def blocks(self) -> Iterator[bytes]:
        """Its content. Raises ModelUnlike where a zip is damaged."""
        if not self.member:
            yield from blocks_of(self.source)
            return
        left = self.size
        try:
            with zipfile.ZipFile(self.source) as archive, archive.open(self.member) as file:
                # A zip may hold more than it says: nothing beyond that is taken.
                while left > 0 and (block := file.read(min(BLOCK, left))):
                    left -= len(block)
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _unlike(self.source, _("the zip is damaged near {file}").format(file=self.name)) from error


def open_given(source: Path) -> list[Given]:
    """The files of the folder that holds weights, be it `source` itself or the only one in it. Raises ModelUnlike."""
    files = _in_folder(source) if source.is_dir() else _in_zip(source)
    folders = {folder for folder, one in files if one.name.endswith(ENDINGS_OF_WEIGHTS)}
    if not folders:
        raise _unlike(source, _("{files} is missing").format(files=WEIGHTS))
    if len(folders) > 1 and "" not in folders:
        raise _unlike(source, _("there are several models in it"))
    chosen = "" if "" in folders else folders.pop()
    return [one for folder, one in files if folder == chosen]


def _in_folder(source: Path) -> list[tuple[str, Given]]:
    paths = [source, *(path for path in sorted(source.iterdir()) if path.is_dir())]
    return [
        ("" if folder == source else folder.name, Given(file.name, file.stat().st_size, file))
        for folder in paths
        for file in sorted(folder.iterdir())
        if file.is_file()
    ]


def _in_zip(source: Path) -> list[tuple[str, Given]]:
    try:
        with zipfile.ZipFile(source) as archive:
            members = [one for one in archive.infolist()[:MOST_FILES] if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _unlike(source, _("it is neither a folder nor a zip")) from error
    if any(one.flag_bits & ENCRYPTED for one in members):
        raise _unlike(source, _("the zip has a password"))
    return [
        (str(path.parent).removeprefix("."), Given(path.name, one.file_size, source, one.filename))
        for one, path in _named(members)
        if not path.name.startswith(".") and "__MACOSX" not in path.parts
    ]


def _named(members: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    for one in members:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if path.name not in ("", ".."):
            yield one, path


def _unlike(source: Path, reason: str) -> errors.ModelUnlike:
    return errors.ModelUnlike(name=shown_path(source), reason=reason, needed=needed_files())
