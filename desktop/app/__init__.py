"""The running program: builds every object and connects them."""

from desktop.app.program import run

__all__ = ["run"]
