"""Qt's player as this program wants it: loaded when needed, quiet on the terminal, its pictures made by the CPU."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import PySide6
from PySide6.QtCore import (
    QCoreApplication,
    QLoggingCategory,
    QMessageLogContext,
    QObject,
    QSize,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices

Asked = TypeVar("Asked", bound=QObject)

log = logging.getLogger(__name__)

_QUIET = -8
"""AV_LOG_QUIET"""


@cache
def devices() -> QMediaDevices:
    """The devices for sound, followed as they come and go. The first call loads the libraries: some 50 ms."""
    # With a software OpenGL, as on remote desktops, converting a picture there costs 50 ms and blocks the window;
    # without OpenGL it is 9 ms for Full HD. Nothing else in the program draws with it.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
    # What goes wrong with a file is told by the player's own signal.
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    with _warnings_kept_back():
        from PySide6.QtMultimedia import QMediaDevices, QVideoFrame, QVideoFrameFormat

        found = QMediaDevices()
        found.audioOutputs()  # warns when no sound server runs
        _quieten_ffmpeg()
        # The first picture says that it is made without OpenGL.
        QVideoFrame(QVideoFrameFormat(QSize(2, 2), QVideoFrameFormat.PixelFormat.Format_YUV420P)).toImage()
    return found


def never_asked(one: Asked) -> Asked:
    """The same, after PySide has looked whether Python overrides what Qt calls for each connection, and noted that not.

    A thread of Qt's player that ends its work disconnects from these objects with a lock of Qt held. The first time,
    PySide would look from there and wait for the interpreter, while the main thread, which has it, waits for that lock
    in `stop`: the program stood still for ever (PySide 6.11).
    """
    one.objectNameChanged.connect(_nothing)
    one.objectNameChanged.disconnect(_nothing)
    return one


def _nothing(_name: str) -> None:
    pass


@contextmanager
def _warnings_kept_back() -> Iterator[None]:
    before = qInstallMessageHandler(_keep)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _keep(_type: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    log.debug("Qt: %s", message)


def _quieten_ffmpeg() -> None:
    """FFmpeg in Qt describes each file on stderr; Qt has no switch for it (6.11)."""
    folder = Path(PySide6.__file__).parent
    for library in (*folder.glob("Qt/lib/libavutil.*"), *folder.glob("avutil-*.dll")):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(str(library)).av_log_set_level(_QUIET)
