"""No typing: where nobody may press keys in other programs. The text can still be copied."""

from __future__ import annotations

from desktop.core.errors import TypingImpossible
from desktop.core.ports import Target


class NullTypist:
    """Says why."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def focused(self) -> Target | None:
        """Some window, nobody knows which."""
        return Target(0, "")

    def is_there(self, target: Target) -> bool:
        """As far as anybody knows."""
        return True

    def wait_for_release(self, within_s: float) -> str:
        """Nobody knows."""
        return ""

    def can_press(self, chord: str) -> bool:
        """Never."""
        return False

    def press(self, chord: str, target: Target | None = None) -> None:
        """Raises TypingImpossible."""
        raise TypingImpossible(reason=self._reason)

    def type_text(self, text: str, target: Target | None = None) -> None:
        """Raises TypingImpossible."""
        raise TypingImpossible(reason=self._reason)

    def close(self) -> None:
        """There is nothing to let go."""
