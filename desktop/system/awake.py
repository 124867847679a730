"""Keeps the machine awake while the queue works."""

from __future__ import annotations

from typing import Any


class WakepyAwake:
    """By the means of each system: the session manager, the power management, or the system's own call."""

    def __init__(self) -> None:
        self._mode: Any = None

    def hold(self) -> str | None:
        """Keep awake from here on; why it cannot be done on this machine, or None."""
        from wakepy import keep

        if self._mode is not None:
            return None
        mode = keep.running(on_fail="pass")
        mode.__enter__()
        if mode.active:
            self._mode = mode
            return None
        return str(mode.result.get_failure_text())

    def release(self) -> None:
        """The machine may sleep again."""
        mode, self._mode = self._mode, None
        if mode is not None:
            mode.__exit__(None, None, None)
