"""Plays the sound of a file and hands out its pictures, on the clock of the cues."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.core.errors import NoLoudspeaker, Unplayable
from desktop.core.media import Media
from desktop.core.names import shown_name
from desktop.ui.player import multimedia, source_file
from desktop.ui.player.clock import PlayClock

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
TICK_MS = 33
NEAR_MS = 2 * TICK_MS
"""The end of a stretch is met by a timer of its own once it is so near."""
EARLY_MS = 4
"""So much before its end a stretch counts as over."""

Stretch = tuple[int, int]
"""Start and end in milliseconds."""


class State(StrEnum):
    """What the player does."""

    EMPTY = "empty"  # no file
    PAUSED = "paused"
    PLAYING = "playing"


class Playback(QObject):
    """Plays one file at a time. Qt's player is made, and the file is opened, when sound or picture are first wanted.

    All times are on the clock of the cues, which is that of Qt's player: it starts with the earliest stream.
    """

    position_changed = Signal(int)
    """Some thirty times a second while it plays."""
    duration_changed = Signal(int)
    state_changed = Signal(str)
    """A `State`."""
    speed_changed = Signal(float)
    volume_changed = Signal(float, bool)
    """The volume, 0 to 1, and whether it is muted."""
    loop_changed = Signal(object)
    """The `Stretch` that is played again and again, or None."""
    picture_changed = Signal(object)
    """A QVideoFrame."""
    failed = Signal(object)
    """An AppError. Everything but sound and picture goes on."""

    def __init__(self) -> None:
        super().__init__()
        self._source: Path | None = None
        self._track = 0
        self._is_open = False
        self._is_ready = False
        """Qt's player has looked into the file: what is said to it before is lost."""
        self._wants_picture = False
        self._has_said_no_device = False
        self._player: QMediaPlayer | None = None
        self._output: QAudioOutput | None = None
        self._sink: QVideoSink | None = None
        self._clock = PlayClock()
        self._state = State.EMPTY
        self._duration_ms = 0
        self._speed = 1.0
        self._volume = 1.0
        self._is_muted = False
        self._loop: Stretch | None = None
        self._told_ms = -1
        self._ticker = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._on_tick)
        self._ending = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._ending.timeout.connect(self._on_tick)

    # --- what it is about ---

    @property
    def state(self) -> State:
        """What it does."""
        return self._state

    @property
    def is_playing(self) -> bool:
        """Whether it plays."""
        return self._state is State.PLAYING

    @property
    def position_ms(self) -> int:
        """Where it is."""
        at_ms = self._clock.at(time.monotonic())
        return round(min(at_ms, self._duration_ms) if self._duration_ms else at_ms)

    @property
    def duration_ms(self) -> int:
        """How long the file is; 0 if nobody knows yet."""
        return self._duration_ms

    @property
    def speed(self) -> float:
        """How fast it plays; 1 is the usual speed."""
        return self._speed

    @property
    def loop(self) -> Stretch | None:
        """What it plays again and again."""
        return self._loop

    @property
    def wanted_track(self) -> int:
        """The place among the sound tracks of the file of the one that is to be heard."""
        return self._track

    @property
    def active_track(self) -> int:
        """The place of the one that is heard; -1 as long as the file is not open."""
        return self._player.activeAudioTrack() if self._player else -1

    def open(self, source: Path, media: Media | None = None, track: int = 0) -> None:
        """Be about another file, from its start. `track` counts from 1; 0 is the one that is heard by default."""
        self.close()
        self._source = source
        self._track = source_file.place_of(media, track)
        self._tell_duration(media.duration_ms + media.start_offset_ms if media else 0)
        self._enter(State.PAUSED)
        self._tell_position()
        if self._wants_picture:
            self._load()

    def close(self) -> None:
        """Let go of the file: it can be moved or deleted then."""
        self._let_go()
        self._source = None
        self.set_loop(None)
        self._clock.rest(0)
        self._tell_duration(0)
        self._enter(State.EMPTY)

    def show_pictures(self, wanted: bool) -> None:
        """Whether somebody looks: only then a file is opened before it is played."""
        self._wants_picture = wanted
        if self._player:
            self._player.setVideoSink(self._sink if wanted else None)  # type: ignore[arg-type]
        if wanted and self._source:
            self._load()

    # --- playing ---

    def play(self) -> None:
        """Go on; from the beginning when it has come to the end."""
        if self._source is None or self.is_playing or not self._load() or self._player is None:
            return
        self._say_when_nothing_is_heard()
        at_ms = self.position_ms
        if self._duration_ms and at_ms >= self._duration_ms - EARLY_MS:
            at_ms = 0
        if self._loop and not self._loop[0] <= at_ms < self._loop[1] - EARLY_MS:
            at_ms = self._loop[0]
        self._clock.rest(at_ms)
        self._enter(State.PLAYING)
        if self._is_ready:
            self._start(self._player)

    def pause(self) -> None:
        """Stand still; silent at once."""
        if self.is_playing:
            self._rest_at(self.position_ms)

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def seek(self, ms: int) -> None:
        """Go to a time. A loop around another place ends."""
        if self._source is None:
            return
        if self._loop and not self._loop[0] <= ms <= self._loop[1]:
            self.set_loop(None)
        self._go_to(ms)

    def step(self, by_ms: int) -> None:
        """Go forward, or back."""
        self.seek(self.position_ms + by_ms)

    def play_loop(self, start_ms: int, end_ms: int) -> None:
        """Play from one time to another, again and again."""
        if self._source is None or end_ms <= start_ms:
            return
        self._loop = (start_ms, end_ms)
        self.loop_changed.emit(self._loop)
        self._go_to(start_ms)
        self.play()

    def set_loop(self, stretch: Stretch | None) -> None:
        """Whatever plays comes back to the start of the stretch when it reaches its end; None lets it go on."""
        if stretch is None:
            if self._loop:
                self._loop = None
                self.loop_changed.emit(None)
        elif stretch[1] > stretch[0]:
            self._loop = stretch
            self.loop_changed.emit(stretch)
            if self.is_playing and not stretch[0] <= self.position_ms < stretch[1]:
                self._go_to(stretch[0])

    def set_speed(self, speed: float) -> None:
        """Play faster or slower, in the same pitch; 0.5 to 2."""
        speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
        if speed == self._speed:
            return
        at_ms = self.position_ms
        self._speed = speed
        if self._player:
            self._player.setPlaybackRate(speed)
        if self._clock.is_running:
            self._clock.run(at_ms, speed, time.monotonic())
        self.speed_changed.emit(speed)

    def change_speed(self, steps: int) -> None:
        """The next of the speeds that are offered, or the one before with -1."""
        nearest = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - self._speed))
        self.set_speed(SPEEDS[min(max(nearest + steps, 0), len(SPEEDS) - 1)])

    def set_volume(self, volume: float, is_muted: bool = False) -> None:
        """How loud it is, 0 to 1, as an ear counts."""
        self._volume, self._is_muted = min(max(volume, 0.0), 1.0), is_muted
        self._set_output_volume()
        self.volume_changed.emit(self._volume, is_muted)

    def _start(self, player: QMediaPlayer) -> None:
        at_ms = self.position_ms
        player.setPosition(at_ms)
        player.play()
        self._clock.run(at_ms, self._speed, time.monotonic())

    def _go_to(self, ms: float) -> None:
        at_ms = max(0, round(min(ms, self._duration_ms) if self._duration_ms else ms))
        if self._player and self._is_ready:
            self._player.setPosition(at_ms)
        if self._clock.is_running:
            self._clock.run(at_ms, self._speed, time.monotonic())
        else:
            self._clock.rest(at_ms)
        self._tell_position()

    def _rest_at(self, ms: float) -> None:
        """Stop there. To set the position as well throws away what the device has not played yet: some 100 ms."""
        if self._player and self._is_ready:
            self._player.pause()
            self._player.setPosition(round(ms))
        self._clock.rest(ms)
        self._enter(State.PAUSED)
        self._tell_position()

    # --- time goes by ---

    @Slot()
    def _on_tick(self) -> None:
        if not self.is_playing:
            return
        if self._loop:
            left_ms = self._loop[1] - self._clock.at(time.monotonic())
            if left_ms <= EARLY_MS:
                self._go_to(self._loop[0])
                return
            if left_ms / self._speed <= NEAR_MS:
                self._ending.start(max(1, int((left_ms - EARLY_MS / 2) / self._speed)))
        self._tell_position()

    @Slot("qlonglong")
    def _on_position_reported(self, ms: int) -> None:
        self._clock.hear(ms, time.monotonic())
        # Without a device Qt's player comes to the end and does not say so (6.11).
        if self._player and self._clock.is_running and 0 < self._player.duration() <= ms:
            self._on_end(self._player)

    def _tell_position(self) -> None:
        at_ms = self.position_ms
        if at_ms != self._told_ms:
            self._told_ms = at_ms
            self.position_changed.emit(at_ms)

    def _tell_duration(self, ms: int) -> None:
        if ms != self._duration_ms:
            self._duration_ms = ms
            self.duration_changed.emit(ms)

    def _enter(self, state: State) -> None:
        if state is State.PLAYING:
            self._ticker.start()
        else:
            self._ticker.stop()
            self._ending.stop()
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    # --- Qt's player ---

    def _load(self) -> bool:
        """Open the file if it is not open yet; whether it could be."""
        if self._is_open or self._source is None:
            return self._is_open
        if trouble := source_file.trouble_of(self._source):
            self.failed.emit(trouble)
            return False
        player = self._player or self._make_player()
        self._is_open = True
        source_file.give(player, self._source)
        return True

    def _let_go(self) -> None:
        if self._player and self._is_open:
            self._is_open = self._is_ready = False
            source_file.take(self._player)

    def _make_player(self) -> QMediaPlayer:
        devices = multimedia.devices()
        from PySide6.QtMultimedia import QMediaPlayer, QVideoSink

        player = self._player = multimedia.never_asked(QMediaPlayer(self))
        self._sink = multimedia.never_asked(QVideoSink(self))
        self._sink.videoFrameChanged.connect(self._on_frame)
        player.setVideoSink(self._sink if self._wants_picture else None)  # type: ignore[arg-type]
        player.setPlaybackRate(self._speed)
        player.setPitchCompensation(True)
        player.positionChanged.connect(self._on_position_reported)
        player.mediaStatusChanged.connect(self._on_status)
        player.errorOccurred.connect(self._on_error)
        devices.audioOutputsChanged.connect(self._on_devices_changed)
        self._on_devices_changed()
        return player

    @Slot()
    def _on_devices_changed(self) -> None:
        """Play through what is there: without any device Qt would warn, and go on in silence."""
        if self._player is None:
            return
        from PySide6.QtMultimedia import QAudioOutput

        devices = multimedia.devices()
        if not devices.audioOutputs():
            self._player.setAudioOutput(None)  # type: ignore[arg-type]
            self._output = None
        elif self._output is None:
            self._output = multimedia.never_asked(QAudioOutput(self))
            self._set_output_volume()
            self._player.setAudioOutput(self._output)
        elif self._output.device() not in devices.audioOutputs():  # headphones were pulled out
            self._output.setDevice(devices.defaultAudioOutput())

    def _set_output_volume(self) -> None:
        if self._output:
            # What sounds half as loud is a fifth of the amplitude; the cube is what volume controls use.
            self._output.setVolume(self._volume**3)
            self._output.setMuted(self._is_muted)

    def _say_when_nothing_is_heard(self) -> None:
        if self._output is None and not self._has_said_no_device:
            self._has_said_no_device = True
            self.failed.emit(NoLoudspeaker())

    @Slot("QMediaPlayer::MediaStatus")
    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if self._player is None or not self._is_open:
            return
        if status is status.LoadedMedia and not self._is_ready:
            self._is_ready = True
            self._choose_track(self._player)
            # Headers are wrong about the length at times; this is where its end will be.
            self._tell_duration(self._player.duration() or self._duration_ms)
            if self.is_playing:
                self._start(self._player)
            else:
                self._player.setPosition(self.position_ms)
                self._player.pause()  # shows the picture there
        elif status is status.EndOfMedia and self._clock.is_running:
            self._on_end(self._player)

    def _on_end(self, player: QMediaPlayer) -> None:
        if self._loop:
            self._go_to(self._loop[0])
            player.play()
        else:
            self._rest_at(self._duration_ms)

    def _choose_track(self, player: QMediaPlayer) -> None:
        if self._track < len(player.audioTracks()) and player.activeAudioTrack() != self._track:
            player.setActiveAudioTrack(self._track)

    @Slot("QMediaPlayer::Error", str)
    def _on_error(self, error: QMediaPlayer.Error, reason: str) -> None:
        if error is error.NoError or self._source is None:
            return
        name = shown_name(self._source)
        self._let_go()
        self._clock.rest(self.position_ms)
        self._enter(State.PAUSED)
        self.failed.emit(Unplayable(name=name, reason=reason.rstrip(".") or error.name))

    @Slot("QVideoFrame")
    def _on_frame(self, frame: QVideoFrame) -> None:
        self.picture_changed.emit(frame)
