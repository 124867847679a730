"""The recorder before a recording: one button, what it records from, and how much room there is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from desktop.core.i18n import _
from desktop.core.recording import Device
from desktop.ui.commands import Commands
from desktop.ui.recorder.buttons import RoundButton
from desktop.ui.recorder.sources import SourcesButton, SourcesMenu
from desktop.ui.recorder.words import said_room
from desktop.ui.theme import GRID

TITLE_PX = 20


class ReadyPage(QWidget):
    """Nothing to set up: it would start as it is."""

    live_wanted = Signal(bool)

    def __init__(self, commands: Commands, menu: SourcesMenu) -> None:
        super().__init__()
        self._commands = commands
        self.button = RoundButton(commands.record)
        self._title, self._hint, self._room = QLabel(_("Record")), QLabel(wordWrap=True), QLabel()
        self.sources = SourcesButton(menu)
        self.live = QCheckBox(_("&Text while people speak"))
        self.live.clicked.connect(self.live_wanted)
        commands.record.changed.connect(self._on_changed)
        self._lay_out()
        self._on_changed()

    def show_devices(self, devices: Sequence[Device], is_known: bool) -> None:
        """What would be recorded from."""
        self.sources.show_devices(devices, is_known)

    def show_live(self, is_live: bool) -> None:
        """Whether text would come while people speak."""
        self.live.setChecked(is_live)

    def show_room(self, free_bytes: int, lasts_ms: int) -> None:
        """How much fits on the disk."""
        self._room.setText(said_room(free_bytes, lasts_ms) if free_bytes else "")

    @Slot()
    def _on_changed(self) -> None:
        key = self._commands.record.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        where = _("The sound stays on this machine, and is safe from the first second.")
        self._hint.setText(f"{_('Press the button, or {key}.').format(key=key)} {where}" if key else where)

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setPixelSize(TITLE_PX)
        self._title.setFont(font)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        for quiet in (self._hint, self._room):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        layout.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        for widget, gap in (
            (self.button, 3 * GRID),
            (self._title, GRID),
            (self._hint, 3 * GRID),
            (self.sources, GRID // 2),
            (self.live, 3 * GRID),
            (self._room, 0),
        ):
            layout.addWidget(widget, 0, middle if widget is not self._hint else Qt.AlignmentFlag(0))
            layout.addSpacing(gap)
        layout.addStretch(3)
