"""The recorder in the window: ready for a recording, or showing the one that runs."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStackedWidget

from desktop.core.recording import State
from desktop.ui.commands import Commands
from desktop.ui.recorder.ready_page import ReadyPage
from desktop.ui.recorder.running_page import RunningPage
from desktop.ui.recorder.sources import SourcesMenu


class RecorderPage(QStackedWidget):
    """Two pages: before, and while."""

    def __init__(self, commands: Commands, menu: SourcesMenu) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.ready = ReadyPage(commands, menu)
        self.running = RunningPage(commands, menu)
        self.addWidget(self.ready)
        self.addWidget(self.running)

    def show_state(self, state: State) -> None:
        """Show the page of a state."""
        had_focus = self.ready.button.hasFocus() or self.running.isAncestorOf(self.focusWidget() or self)
        self.running.show_state(state)
        self.setCurrentWidget(self.ready if state is State.IDLE else self.running)
        if had_focus:
            (self.ready.button if state is State.IDLE else self.running.text).setFocus()
