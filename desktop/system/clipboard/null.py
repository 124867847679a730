"""No clipboard: where the desktop lends it to nobody."""

from __future__ import annotations

from desktop.core.errors import ClipboardUnusable
from desktop.core.ports import Target


class NullClipboard:
    """Says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def keep(self) -> None:
        """There is nothing to keep."""

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        """Raises ClipboardUnusable."""
        raise ClipboardUnusable(reason=self._reason)

    def wait_read(self, within_s: float) -> bool:
        """Never."""
        return False

    def is_lent(self) -> bool:
        """Never."""
        return False

    def give_back(self) -> None:
        """There is nothing to give back."""

    def put(self, text: str) -> None:
        """Raises ClipboardUnusable."""
        raise ClipboardUnusable(reason=self._reason)

    def close(self) -> None:
        """There is nothing to let go."""
