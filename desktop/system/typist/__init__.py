"""Presses keys in other programs: one file per system, and one for where nobody may."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from desktop.core.errors import TypingImpossible
from desktop.core.ports import Typist
from desktop.system.typist.null import NullTypist


def choose(token: str, keep_token: Callable[[str], None]) -> Typist:
    """What this system has. The token stands for what the user has allowed the portal; a dialog may open without it."""
    if sys.platform == "win32":
        from desktop.system.typist.windows import WindowsTypist

        return WindowsTypist()
    if sys.platform == "darwin":
        from desktop.system.typist.macos import MacTypist

        return MacTypist()
    if "WAYLAND_DISPLAY" in os.environ:
        return _on_wayland(token, keep_token)
    try:
        from desktop.system.typist.x11 import X11Typist
        from desktop.system.x11 import Unreachable
    except OSError as error:  # libxcb is not installed
        return NullTypist(str(error))
    try:
        return X11Typist()
    except Unreachable as error:
        return NullTypist(str(error))


def _on_wayland(token: str, keep_token: Callable[[str], None]) -> Typist:
    from desktop.system.typist.wayland import KeyboardTypist, PortalTypist

    try:
        return KeyboardTypist()
    except TypingImpossible:
        try:
            return PortalTypist(token, keep_token)
        except TypingImpossible as error:
            return NullTypist(str(error.facts["reason"]))
