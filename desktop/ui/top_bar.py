"""The bar along the top of the window: add, record, start; how far the queue is; the menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobState
from desktop.core.names import clock
from desktop.core.recording import State
from desktop.ui import icons
from desktop.ui.commands import Commands
from desktop.ui.recorder.buttons import said_state, with_key
from desktop.ui.recorder.recorder import Recorder


class TopBar(QWidget):
    """What is wanted most, as buttons; the menu has all of it."""

    add_wanted = Signal()
    record_wanted = Signal()
    """Record at once or, while a recording runs, show the recorder."""
    start_wanted = Signal()
    """Start or pause the queue."""

    def __init__(self, commands: Commands, recorder: Recorder) -> None:
        super().__init__()
        self._commands, self._recorder = commands, recorder
        self._add = QPushButton(icons.icon("add"), _("Add"))
        self._record = QPushButton(icons.icon("record-dot"), "")
        self._sources = QToolButton()
        self._start = QPushButton()
        self._summary = QLabel()
        self._more = QToolButton()
        self._make()
        self._lay_out()
        self.show_recorder()

    def show_queue(self, jobs: Sequence[Job]) -> None:
        """Show how far the jobs are, and what can be done with them."""
        start = self._commands.start
        self._start.setText(start.text().replace("&", ""))
        self._start.setIcon(start.icon())
        self._start.setEnabled(start.isEnabled())
        self._start.setVisible(bool(jobs))
        self._summary.setText(_summary(jobs))

    def show_recorder(self) -> None:
        """While a recording runs, the button tells how long, and leads back to it."""
        recorder, commands = self._recorder, self._commands
        is_running = recorder.is_running
        self._record.setIcon(icons.icon("record-dot" if recorder.state is not State.PAUSED else "pause"))
        self._record.setText(clock(recorder.elapsed_ms) if is_running else _("Record"))
        label = _("Show the recorder") if is_running else _("Record at once")
        self._record.setToolTip(with_key(label, commands.show_recorder if is_running else commands.record))
        self._record.setAccessibleName(
            f"{said_state(recorder.state)} {self._record.text()}" if is_running else _("Record")
        )
        self._sources.setVisible(not is_running)

    def _make(self) -> None:
        self._add.setToolTip(_("Add files (Ctrl+O)"))
        self._add.clicked.connect(self.add_wanted)
        self._record.clicked.connect(self.record_wanted)
        self._sources.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._sources.setFixedWidth(28)
        self._sources.setMenu(self._recorder.menu)
        self._sources.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._sources.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sources.setAccessibleName(_("What to record from"))
        self._sources.setToolTip(_("What to record from"))
        self._start.clicked.connect(self.start_wanted)
        self._summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._more.setIcon(icons.icon("more"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setAccessibleName(_("Menu"))
        self._more.setToolTip(_("Menu (F10)"))
        self._more.setShortcut(QKeySequence("F10"))
        self._more.setMenu(self._commands.main_menu)

    def _lay_out(self) -> None:
        record = QHBoxLayout()
        record.setSpacing(0)
        record.addWidget(self._record)
        record.addWidget(self._sources)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self._add)
        layout.addLayout(record)
        layout.addWidget(self._start)
        layout.addStretch(1)
        layout.addWidget(self._summary)
        layout.addWidget(self._more)


def _summary(jobs: Sequence[Job]) -> str:
    if not jobs:
        return ""
    done = sum(job.state is JobState.DONE for job in jobs)
    failed = sum(job.state is JobState.FAILED for job in jobs)
    told = _("{done} of {count} done").format(done=done, count=len(jobs))
    return f"{told}  ·  {_n('{count} failed', '{count} failed', failed)}" if failed else told
