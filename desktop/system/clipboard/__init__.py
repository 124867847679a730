"""The clipboard, lent for one text after the other: one file per system, and one for where nobody may."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from desktop.core.ports import Clipboard
from desktop.system.clipboard.null import NullClipboard


def choose() -> Clipboard:
    """What this system has."""
    if sys.platform == "win32":
        from desktop.system.clipboard.windows import WindowsClipboard

        return WindowsClipboard()
    if sys.platform == "darwin":
        from desktop.system.clipboard.macos import MacClipboard

        return MacClipboard()
    if "WAYLAND_DISPLAY" in os.environ:
        from desktop.system.clipboard.wayland import WaylandClipboard
        from desktop.system.wayland import NoCompositor

        try:
            return WaylandClipboard()
        except NoCompositor as error:
            if "DISPLAY" not in os.environ:
                return NullClipboard(str(error))
    return _on_x11()  # which on GNOME shares its clipboard with the windows of Wayland


def attend(work: Callable[[], None]) -> None:
    """Do the work of a process that has nothing else to do, so that whoever pastes is answered meanwhile.

    The clipboards have threads of their own for that; macOS asks on the main thread.
    """
    if sys.platform == "darwin":
        from desktop.system.macos import attend as attend_macos

        attend_macos(work)
    else:
        work()


def _on_x11() -> Clipboard:
    try:
        from desktop.system.clipboard.x11 import X11Clipboard
        from desktop.system.x11 import Unreachable
    except OSError as error:  # libxcb is not installed
        return NullClipboard(str(error))
    try:
        return X11Clipboard()
    except Unreachable as error:
        return NullClipboard(str(error))
