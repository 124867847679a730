"""What stands around the caret of another program: one file per way to know, and one for where nobody tells."""

from __future__ import annotations

import sys

from desktop.core.ports import Caret
from desktop.system.caret.null import NullCaret


def choose() -> Caret:
    """What this system has."""
    if sys.platform == "win32":
        return NullCaret()
    if sys.platform == "darwin":
        from desktop.system.caret.macos import MacCaret

        return MacCaret()
    from desktop.system.caret.atspi import AtspiCaret

    return AtspiCaret()
