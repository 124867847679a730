"""The bar under the text: play, step, loop, where one is, how fast and how loud."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.ui import icons
from desktop.ui.player.overview import Overview
from desktop.ui.player.playback import SPEEDS, State

ICON_PX = 20
VOLUME_PX = 72
GAP_PX = 8


class PlayerCommands(Protocol):
    """The commands that the bar has buttons for."""

    play: QAction
    loop: QAction
    previous_word: QAction
    next_word: QAction
    slower: QAction
    faster: QAction
    usual_speed: QAction
    show_waveform: QAction
    show_video: QAction


class PlayerBar(QWidget):
    """Shows what the player does, and wishes for what it should do. Its buttons are commands with a key each."""

    seek_wanted = Signal(int)
    speed_wanted = Signal(float)
    volume_wanted = Signal(float, bool)
    """0 to 1, and whether it is muted."""

    def __init__(self, commands: PlayerCommands) -> None:
        super().__init__()
        self._duration_ms = self._position_ms = 0
        self._volume, self._is_muted = 1.0, False
        self.play_button = CommandButton(commands.play, "play")
        self._back = CommandButton(commands.previous_word, "step-back")
        self._forward = CommandButton(commands.next_word, "step-forward")
        self._loop = CommandButton(commands.loop, "loop")
        self._waveform = CommandButton(commands.show_waveform, "waveform")
        self._video = CommandButton(commands.show_video, "picture")
        self._time = QLabel()
        self.overview = Overview()
        self._speed = self._speed_button(commands)
        self._mute = QToolButton()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._lay_out()
        self.overview.place_wanted.connect(self.seek_wanted)
        self._mute.clicked.connect(self._on_mute_clicked)
        self._slider.valueChanged.connect(self._on_slider_moved)
        self.show_speed(1.0)
        self.show_volume(1.0, False)
        self._show_time()

    def show_state(self, state: str) -> None:
        """Show whether it plays; without a file nothing can be pressed."""
        is_playing = state == State.PLAYING
        self.play_button.show_as("pause" if is_playing else "play", _("Pause") if is_playing else _("Play"))
        self.setEnabled(state != State.EMPTY)

    def show_position(self, ms: int) -> None:
        """Show where it is."""
        is_another_second = ms // 1000 != self._position_ms // 1000
        self._position_ms = ms
        self.overview.set_playhead(ms)
        if is_another_second:
            self._show_time()

    def show_duration(self, ms: int) -> None:
        """Show how long the file is."""
        self._duration_ms = ms
        self._show_time()

    def show_speed(self, speed: float) -> None:
        """Show how fast it plays."""
        self._speed.setText(speed_label(speed))
        for action in self._speeds.actions():
            action.setChecked(action.data() == speed)

    def show_volume(self, volume: float, is_muted: bool) -> None:
        """Show how loud it is."""
        self._volume, self._is_muted = volume, is_muted
        is_silent = is_muted or not volume
        self._mute.setIcon(icons.icon("muted" if is_silent else "volume"))
        label = _("Sound on") if is_silent else _("Sound off")
        self._mute.setToolTip(label)
        self._mute.setAccessibleName(label)
        with QSignalBlocker(self._slider):
            self._slider.setValue(0 if is_muted else round(100 * volume))

    def show_overview(self, is_shown: bool) -> None:
        """Show the strip of the whole file; with the waveform there is one already."""
        self.overview.setVisible(is_shown)

    def allow_video(self, has_video: bool) -> None:
        """Offer the picture, if the file has one."""
        self._video.setVisible(has_video)

    # --- what is pressed ---

    @Slot()
    def _on_mute_clicked(self) -> None:
        is_silent = self._is_muted or not self._volume
        self.volume_wanted.emit(self._volume or 1.0, not is_silent)

    @Slot(int)
    def _on_slider_moved(self, value: int) -> None:
        self.volume_wanted.emit(value / 100, False)

    # --- making it ---

    def _show_time(self) -> None:
        self._time.setText(f"{clock(self._position_ms)} / {clock(self._duration_ms)}")
        widest = clock(max(self._duration_ms, self._position_ms)).translate(str.maketrans("123456789", "000000000"))
        width = QFontMetrics(self._time.font()).horizontalAdvance(f"{widest} / {widest}")
        if width != self._time.minimumWidth():
            self._time.setMinimumWidth(width)

    def _speed_button(self, commands: PlayerCommands) -> QToolButton:
        button = QToolButton()
        menu = QMenu(button)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            action = menu.addAction(speed_label(speed))
            action.setCheckable(True)
            action.setData(speed)
            action.triggered.connect(partial(self.speed_wanted.emit, speed))
            self._speeds.addAction(action)
        menu.addSeparator()
        menu.addActions([commands.slower, commands.faster, commands.usual_speed])
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(_("Speed"))
        button.setAccessibleName(_("Speed"))
        widest = max(button.fontMetrics().horizontalAdvance(speed_label(speed)) for speed in SPEEDS)
        button.setMinimumWidth(widest + 34)
        return button

    def _lay_out(self) -> None:
        self._time.setForegroundRole(self._time.palette().ColorRole.PlaceholderText)
        self._time.setAccessibleName(_("Position and length"))
        self._time.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._mute.setIconSize(QSize(ICON_PX, ICON_PX))
        self._slider.setRange(0, 100)
        self._slider.setFixedWidth(VOLUME_PX)
        self._slider.setToolTip(_("Volume"))
        self._slider.setAccessibleName(_("Volume"))
        self.overview.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP_PX, GAP_PX // 2, GAP_PX, GAP_PX // 2)
        layout.setSpacing(2)
        for widget in (self._back, self.play_button, self._forward, self._loop):
            layout.addWidget(widget)
        layout.addSpacing(GAP_PX)
        layout.addWidget(self._time)
        layout.addSpacing(GAP_PX)
        layout.addWidget(self.overview, 100)
        layout.addStretch(1)
        for other in (self._speed, self._mute, self._slider, self._video, self._waveform):
            layout.addWidget(other)
        # What goes back is on the left, however one reads, as on every player.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


class CommandButton(QToolButton):
    """A button for a command, with a drawing of its own. It tells the key of the command, also after a change of it."""

    def __init__(self, command: QAction, icon: str) -> None:
        super().__init__()
        self._command = command
        self._label = ""
        self.setIcon(icons.icon(icon))
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setCheckable(command.isCheckable())
        self.clicked.connect(command.trigger)
        command.changed.connect(self._on_changed)
        self._on_changed()

    def show_as(self, icon: str, label: str) -> None:
        """What a press does now."""
        if label != self._label:
            self._label = label
            self.setIcon(icons.icon(icon))
            self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        label = self._label or self._command.text().replace("&", "").removesuffix("…")
        key = self._command.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setAccessibleName(label)
        self.setToolTip(f"{label} ({key})" if key else label)
        self.setEnabled(self._command.isEnabled())
        self.setChecked(self._command.isChecked())


def speed_label(speed: float) -> str:
    """`1×`, `0.75×`"""
    return f"{speed:g}×"
