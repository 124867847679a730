"""Where no program tells what it shows."""

from __future__ import annotations

from desktop.core.spoken import Around


class NullCaret:
    """The Caret port where nothing is known."""

    def around(self) -> Around | None:
        """Never anything."""
        return None

    def close(self) -> None:
        """Nothing to let go of."""
