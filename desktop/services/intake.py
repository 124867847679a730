"""From dropped paths to files: folders are walked, what is not media is counted; knows no Qt."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core import errors
from desktop.core.i18n import _, _n
from desktop.core.media import looks_like_media
from desktop.core.names import shown_name, shown_path

NAMED_AT_MOST = 3


@dataclass(slots=True)
class Intake:
    """The files of a drop in a steady order. What was left out is known once `files` has come to its end."""

    paths: Iterable[Path]
    left_out: list[Path] = field(default_factory=list)
    refused: list[errors.AppError] = field(default_factory=list)

    def files(self) -> Iterator[Path]:
        """Each named file as it is, and the media files of each folder."""
        for path in self.paths:
            if os.path.isdir(path):  # noqa: PTH112 - path.is_dir() raises for a name that is too long
                yield from self._walked(path)
            else:
                yield path

    def left_out_sentence(self) -> str:
        """What was left out of folders, in one line; empty when nothing was."""
        if not self.left_out:
            return ""
        names = ", ".join(shown_name(path) for path in self.left_out[:NAMED_AT_MOST])
        more = len(self.left_out) - NAMED_AT_MOST
        counted = _n("{count} file is not audio or video", "{count} files are not audio or video", len(self.left_out))
        listed = _("{names} and {more} more").format(names=names, more=more) if more > 0 else names
        return f"{counted}: {listed}"

    def _walked(self, folder: Path) -> Iterator[Path]:
        found = False
        for at, folders, names in os.walk(folder, onerror=self._refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(name for name in names if not name.startswith(".")):
                path = Path(at, name)
                if looks_like_media(path):
                    found = True
                    yield path
                else:
                    self.left_out.append(path)
        if not found:
            self.refused.append(errors.FolderWithoutMedia(name=shown_name(folder)))

    def _refuse(self, error: OSError) -> None:
        self.refused.append(errors.FileForbidden(name=shown_path(error.filename or "?")))
