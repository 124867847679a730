"""A file as Qt's player is given it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QFileDevice, QIODevice, QObject, QUrl

from desktop.core.errors import AppError, FileForbidden, FileMissing
from desktop.core.media import Media
from desktop.core.names import shown_name

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer


def give(player: QMediaPlayer, source: Path) -> None:
    """Let the player open a file."""
    if _is_writable_as_url(source):
        player.setSource(QUrl.fromLocalFile(str(source)))
    else:
        player.setSourceDevice(_opened(source, player))


def take(player: QMediaPlayer) -> None:
    """Let the player close its file."""
    device = player.sourceDevice()
    player.stop()
    player.setSource(QUrl())
    if device:
        device.deleteLater()


def place_of(media: Media | None, track: int) -> int:
    """The place of a track among those of the file, as Qt counts them."""
    if track:
        return track - 1
    tracks = media.tracks if media else ()
    return next((place for place, one in enumerate(tracks) if one.is_default), 0)


def trouble_of(source: Path) -> AppError | None:
    try:
        with source.open("rb"):
            return None
    except PermissionError:
        return FileForbidden(name=shown_name(source))
    except OSError:
        return FileMissing(name=shown_name(source))


def _is_writable_as_url(source: Path) -> bool:
    """Names may hold bytes that are no UTF-8; Qt cannot say them."""
    try:
        str(source).encode()
    except UnicodeEncodeError:
        return False
    return True


def _opened(source: Path, parent: QObject) -> QFile:
    device = QFile(parent)
    handle = os.open(source, os.O_RDONLY)
    device.open(handle, QIODevice.OpenModeFlag.ReadOnly, QFileDevice.FileHandleFlag.AutoCloseHandle)
    return device
