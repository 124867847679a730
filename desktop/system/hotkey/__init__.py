"""Shortcuts that work in every program: one file per system, and one for where there are none."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from desktop.core.errors import HotkeysImpossible
from desktop.core.ports import Hotkey, KeyNews, Purpose
from desktop.system.hotkey.null import NullHotkey


def choose(on_key: Callable[[KeyNews], None], wanted: Mapping[Purpose, str]) -> Hotkey:
    """What this system has. `on_key` is called on another thread; `wanted` are the shortcuts to be grabbed later."""
    if sys.platform == "win32":
        from desktop.system.hotkey.windows import WindowsHotkey

        return WindowsHotkey(on_key)
    if sys.platform == "darwin":
        from desktop.system.hotkey.macos import MacHotkey

        return MacHotkey(on_key)
    if "WAYLAND_DISPLAY" in os.environ:
        from desktop.system.hotkey.portal import PortalHotkey

        try:
            return PortalHotkey(on_key, wanted)
        except HotkeysImpossible as error:
            return NullHotkey(str(error.facts["reason"]))
    return _on_x11(on_key)


def _on_x11(on_key: Callable[[KeyNews], None]) -> Hotkey:
    try:
        from desktop.system.hotkey.x11 import X11Hotkey
        from desktop.system.x11 import Unreachable
    except OSError as error:  # libxcb is not installed
        return NullHotkey(str(error))
    try:
        return X11Hotkey(on_key)
    except Unreachable as error:
        return NullHotkey(str(error))
