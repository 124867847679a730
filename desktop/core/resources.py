"""Where the drawings, samples, models, translations and the speech detector lie that ship with the program."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def folder() -> Path:
    """A wheel carries them inside the package; in a checkout they lie beside it."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"
