"""Qt's player as this program wants it: loaded when needed, quiet on the terminal, its pictures made by the CPU."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import (
    QCoreApplication,
    QLoggingCategory,
    QMessageLogContext,
    QSize,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices

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
