"""No shortcuts: where the desktop gives none to programs."""

from __future__ import annotations

from desktop.core.errors import HotkeysImpossible
from desktop.core.ports import Purpose


class NullHotkey:
    """Says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def grab(self, purpose: Purpose, shortcut: str) -> str:
        """Raises HotkeysImpossible."""
        raise HotkeysImpossible(reason=self._reason)

    def let_go(self, purpose: Purpose) -> None:
        """There is none."""

    def is_down(self, purpose: Purpose) -> bool | None:
        """Nobody knows."""
        return None

    def close(self) -> None:
        """There is nothing to let go."""
