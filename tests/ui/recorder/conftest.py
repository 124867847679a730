"""A window with its recorder."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from tests.ui.recorder.news import ALL


@pytest.fixture
def memory(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot, memory: QSettings) -> MainWindow:
    widget = MainWindow(memory, [("demo", "Demo")], [("srt", "SRT")])
    qtbot.addWidget(widget)
    qtbot.addWidget(widget.recorder.small)
    qtbot.addWidget(widget.recorder.read_along)
    widget.recorder.show_devices(ALL)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget
