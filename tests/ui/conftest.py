"""Widgets without a screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from desktop.store.paths import Paths
from desktop.ui import icons
from desktop.ui.theme import Theme


@pytest.fixture(autouse=True)
def drawn_icons(paths: Paths, qapp: object) -> None:
    """Icons come from the resources."""
    icons.use(paths.icons)


@pytest.fixture
def look(qapp: QApplication, tmp_path: Path) -> Iterator[Theme]:
    """The light theme, and then no theme again."""
    yield Theme(qapp, tmp_path / "marks", "light")
    qapp.styleHints().unsetColorScheme()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
