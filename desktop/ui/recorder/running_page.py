"""The recorder while it records: time, level, text, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.core.i18n import _
from desktop.core.names import clock, shown_path
from desktop.core.recording import SourceKind, State, Status
from desktop.ui.commands import Commands
from desktop.ui.player.player_bar import CommandButton
from desktop.ui.recorder.buttons import CommandPush, StateSign, said_state
from desktop.ui.recorder.live_text import LiveText
from desktop.ui.recorder.script import Line
from desktop.ui.recorder.sources import SourcesMenu
from desktop.ui.recorder.track_rows import TrackRows
from desktop.ui.recorder.warning_bar import WarningBar
from desktop.ui.recorder.words import said_behind, said_lost, said_room
from desktop.ui.theme import GRID

TIME_PX = 40
SIGN_PX = 20
EDGE = 3 * GRID


class TimeLabel(QLabel):
    """A time that does not push its neighbours about while its digits change."""

    def __init__(self, pixels: int) -> None:
        super().__init__()
        self._ms = -1
        font = self.font()
        font.setPixelSize(pixels)
        self.setFont(font)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAccessibleDescription(_("Recorded so far"))
        self.show_time(0)

    def show_time(self, ms: int) -> None:
        """Show a length."""
        if ms // 1000 == self._ms // 1000 and self._ms >= 0:
            return
        self._ms = ms
        text = clock(ms)
        self.setText(text)
        widest = text.translate(str.maketrans("123456789", "000000000"))
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(widest) + 1)


class RunningPage(QWidget):
    """Shows the one recording that runs."""

    other_device_wanted = Signal()
    """The menu of devices shall open at the button of the warning."""

    def __init__(self, commands: Commands, menu: SourcesMenu) -> None:
        super().__init__()
        self._is_live = True
        self._state = State.IDLE
        self.sign, self.time = StateSign(SIGN_PX), TimeLabel(TIME_PX)
        self._said = QLabel()
        self.mark = CommandPush(commands.record_mark)
        self.pause = CommandPush(commands.record_pause)
        self.stop = CommandPush(commands.record_stop)
        self.tracks = TrackRows(menu, EDGE)
        self.silence = WarningBar(_("Choose another…"))
        self.silence.action_wanted.connect(self.other_device_wanted)
        self.text = LiveText()
        self._room, self._lost, self._behind = QLabel(), QLabel(), QLabel()
        self._links = [
            CommandButton(commands.read_along, "read-along"),
            CommandButton(commands.small_recorder, "small-window"),
        ]
        self._lay_out()
        self._show_hint()

    # --- what is shown ---

    def show_state(self, state: State) -> None:
        """Show where the recorder stands."""
        self._state = state
        self.sign.show_state(state)
        self._said.setText(said_state(state))
        role = QPalette.ColorRole.PlaceholderText if state is not State.RECORDING else QPalette.ColorRole.WindowText
        self.time.setForegroundRole(role)
        if state is not State.RECORDING:
            self.tracks.show_rest()

    def show_status(self, status: Status) -> None:
        """Show time, levels, room, and what is wrong."""
        self.time.show_time(status.elapsed_ms)
        self.tracks.show_devices(status.devices)
        if status.state is State.RECORDING:
            self.tracks.show_levels(status.levels, status.silent)
        self._said.setToolTip(shown_path(status.path) if status.path.name else "")
        self._show_silence(status)
        self._show_room(status)

    def show_live(self, is_live: bool) -> None:
        """Whether text comes while people speak."""
        self._is_live = is_live
        self._show_hint()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show what was said."""
        self.text.show_lines(lines)

    def show_behind(self, ms: int) -> None:
        """Show how far the text is behind the sound."""
        self._behind.setText(said_behind(ms))

    def _show_silence(self, status: Status) -> None:
        if not status.silent or status.state is not State.RECORDING:
            self.silence.hide()
            return
        names = _(" and ").join(f"“{name}”" for name in status.silent)
        is_microphone = any(one.kind is SourceKind.MICROPHONE for one in status.devices if one.name in status.silent)
        self.silence.warn(
            _("No sound from {names}").format(names=names),
            _("Is it muted, switched off, or turned all the way down?")
            if is_microphone
            else _("Does anything play? It may play through another loudspeaker."),
        )

    def _show_room(self, status: Status) -> None:
        text = said_room(status.free_bytes, status.lasts_ms) if status.free_bytes else ""
        self._room.setText(f"{_('Disk nearly full:')} {text}" if text and status.is_disk_low else text)
        role = QPalette.ColorRole.WindowText if status.is_disk_low else QPalette.ColorRole.PlaceholderText
        self._room.setForegroundRole(role)
        self._lost.setText(said_lost(status.lost_samples))
        self._lost.setToolTip(_("The machine was too busy. Silence stands in their place, so all times stay right."))

    def _show_hint(self) -> None:
        self.text.show_hint(
            _("What is said appears here, a few seconds later.")
            if self._is_live
            else _("Only the sound is recorded. Its text can be made at any time after.")
        )

    # --- layout ---

    def _lay_out(self) -> None:
        for quiet in (self._said, self._room, self._behind):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = QVBoxLayout()
        head.setContentsMargins(0, 2 * GRID, 0, 2 * GRID)
        head.setSpacing(GRID + GRID // 2)
        head.addLayout(self._top())
        head.addWidget(self.tracks)
        silence = QHBoxLayout()
        silence.setContentsMargins(EDGE, 0, EDGE, 0)
        silence.addWidget(self.silence)
        head.addLayout(silence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(_hairline())
        layout.addWidget(self.text, 1)
        layout.addWidget(_hairline())
        layout.addLayout(self._foot())

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(EDGE, 0, EDGE, 0)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(self.sign)
        row.addWidget(self.time)
        row.addSpacing(GRID)
        row.addWidget(self._said, 1)
        for button in (self.mark, self.pause, self.stop):
            row.addWidget(button)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(EDGE, GRID // 2, EDGE - GRID, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(self._room)
        row.addWidget(self._lost)
        row.addStretch(1)
        row.addWidget(self._behind)
        links = QHBoxLayout()
        links.setSpacing(0)
        for button in self._links:
            links.addWidget(button)
        row.addLayout(links)
        return row


def _hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line
