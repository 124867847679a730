"""Widgets without a screen."""

import pytest

from desktop.store.paths import Paths
from desktop.ui import icons


@pytest.fixture(autouse=True)
def drawn_icons(paths: Paths, qapp: object) -> None:
    """Icons come from the resources."""
    icons.use(paths.icons)
