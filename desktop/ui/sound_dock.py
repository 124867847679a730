"""The sound of the file that is shown, under its text: the player, the waveform, and the picture beside the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.cues import Composer, Cue
from desktop.core.jobs import Job
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.rules import DEFAULT, Rules
from desktop.core.transcript import Transcript
from desktop.ui.commands import Commands
from desktop.ui.player.playback import Playback
from desktop.ui.player.player_bar import PlayerBar
from desktop.ui.player.video_pane import VideoPane
from desktop.ui.player.waveform import Waveform
from desktop.ui.theme import hairline

STEP_MS = 3000
WAVEFORM_LEAST = 96
QWIDGETSIZE_MAX = 16_777_215


class SoundDock(QWidget):
    """Keeps player, waveform and picture at one place of one file."""

    edit_wanted = Signal(object)
    position_changed = Signal(int)
    segment_chosen = Signal(int)
    stretch_changed = Signal()
    failed = Signal(object)
    """An AppError."""
    peaks_wanted = Signal(Path, object, int)
    """The file, its Media and the number of the sound track whose waveform is to be shown."""
    peaks_unwanted = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._source: tuple[Path, int] | None = None
        self._has_video = self._is_small = False
        self._transcript = Transcript(())
        self._volume, self._is_muted = 1.0, False
        self._composer = Composer(DEFAULT)
        self._cues: Sequence[Cue] | None = None
        self.playback = Playback()
        self.bar = PlayerBar(commands)
        self.waveform = Waveform()
        self.video = VideoPane()
        self._lay_out()
        self._connect()
        self.hide()

    # --- what it is about ---

    def show_job(self, job: Job | None) -> None:
        """Be about the file of a job, if it is known what the file is; else about none."""
        source = (job.source, job.options.audio_track) if job and job.media else None
        if source == self._source:
            return
        self._source = source
        self.peaks_unwanted.emit()
        self.video.clear()
        self._commands.loop.setChecked(False)
        media = job.media if job else None
        self._has_video = bool(media and media.has_video)
        self.setVisible(source is not None)
        self.bar.allow_video(self._has_video)
        self._commands.show_video.setEnabled(self._has_video)
        if job is None or media is None:
            self.playback.close()
            return
        self.playback.open(job.source, media, job.options.audio_track)
        length_ms = media.duration_ms + media.start_offset_ms
        self.waveform.show_media(None, length_ms)
        self.bar.overview.show_media(self.waveform.canvas.peaks, length_ms)
        self.peaks_wanted.emit(job.source, media, job.options.audio_track)
        self._show_video()

    def close_file(self) -> None:
        """Let go of the file and of the player."""
        self.show_job(None)
        self.playback.close()

    def take(self, transcript: Transcript) -> None:
        """Show the segments of a text, or of the same one after a step."""
        self._transcript = transcript
        self._cues = None
        self.waveform.take(transcript)
        self.bar.overview.show_coverage(transcript.coverage)
        self._show_cue(self.position_ms)

    @Slot(object)
    def show_peaks(self, peaks: Peaks) -> None:
        """Show the whole waveform."""
        self.waveform.show_peaks(peaks)
        self.bar.overview.show_media(self.waveform.canvas.peaks, self.playback.duration_ms)

    @Slot(tuple)
    def add_peaks(self, parts: Iterable[PeaksPart]) -> None:
        """Show more of the waveform."""
        self.waveform.add_peaks(parts)
        self.bar.overview.redraw()  # of the same peaks

    @Slot(object, str)
    def set_rules(self, rules: Rules, _name: str = "") -> None:
        """Compose what stands over the picture with these rules."""
        self._composer, self._cues = Composer(rules), None
        self._show_cue(self.position_ms)

    def set_selection(self, positions: Sequence[int]) -> None:
        """Stress these segments in the waveform, and bring them into view there while nothing plays."""
        self.waveform.set_selection(positions)
        segments = [self._transcript.segments[at] for at in positions if at < len(self._transcript.segments)]
        if segments and not self.is_playing:
            self.waveform.bring_into_view(segments[0].start_ms, segments[-1].end_ms)

    # --- playing ---

    @property
    def position_ms(self) -> int:
        """Where the player is."""
        return self.playback.position_ms

    @property
    def is_playing(self) -> bool:
        """Whether it plays."""
        return self.playback.is_playing

    @property
    def stretch(self) -> tuple[int, int] | None:
        """The stretch that is selected in the waveform."""
        return self.waveform.stretch if self.waveform.isVisible() else None

    @Slot(int)
    def seek(self, ms: int) -> None:
        """Go to a time."""
        self.playback.seek(ms)

    @Slot()
    def back(self) -> None:
        """Some seconds back."""
        self.playback.step(-STEP_MS)

    @Slot()
    def forward(self) -> None:
        """Some seconds forward."""
        self.playback.step(STEP_MS)

    @Slot()
    def slower(self) -> None:
        """The next slower speed."""
        self.playback.change_speed(-1)

    @Slot()
    def faster(self) -> None:
        """The next faster speed."""
        self.playback.change_speed(1)

    @Slot()
    def usual_speed(self) -> None:
        """As it was recorded."""
        self.playback.set_speed(1.0)

    def play_loop(self, start_ms: int, end_ms: int) -> None:
        """Play a stretch again and again."""
        if end_ms > start_ms:
            self.playback.play_loop(start_ms, end_ms)

    def end_loop(self) -> None:
        """Let it go on behind the stretch."""
        self.playback.set_loop(None)

    # --- what is seen ---

    @Slot(bool)
    def show_waveform(self, _wanted: bool) -> None:
        """Show the waveform above the player, or no longer: as its command is checked."""
        self._show_waveform()

    def give_way(self, is_small: bool) -> None:
        """In a window that is too low for all, the text goes before waveform and picture."""
        if is_small is not self._is_small:
            self._is_small = is_small
            self._show_waveform()
            self._show_video()

    @Slot(bool)
    def show_video(self, _wanted: bool) -> None:
        """Show the picture beside the text."""
        self._show_video()

    def remember(self, memory: QSettings) -> None:
        """Keep how fast and how loud it plays."""
        memory.setValue("speed", self.playback.speed)
        memory.setValue("volume", self._volume)
        memory.setValue("muted", self._is_muted)

    def restore(self, memory: QSettings) -> None:
        """Play as fast and as loud as the last time."""
        self.playback.set_speed(float(str(memory.value("speed", 1.0))))
        muted = str(memory.value("muted", "false")) == "true"
        self.playback.set_volume(float(str(memory.value("volume", 1.0))), muted)

    def _show_waveform(self) -> None:
        shown = self._commands.show_waveform.isChecked() and not self._is_small
        self.waveform.setVisible(shown)
        self.bar.show_overview(not shown)
        self.setMaximumHeight(QWIDGETSIZE_MAX if shown else self.bar.sizeHint().height() + 1)

    def _show_video(self) -> None:
        shown = self._has_video and self._commands.show_video.isChecked() and not self._is_small
        self.video.setVisible(shown)
        self.playback.show_pictures(shown)
        self._show_cue(self.position_ms)

    def _show_cue(self, ms: int) -> None:
        if not self.video.isVisibleTo(self):
            return
        if self._cues is None:
            self._cues = self._composer.compose(self._transcript.without_suspects())
        at = bisect_right(self._cues, ms, key=lambda cue: cue.start_ms) - 1
        is_on = at >= 0 and ms < self._cues[at].end_ms
        self.video.show_cue(self._cues[at].lines if is_on else ())

    @Slot(int)
    def _on_position_changed(self, ms: int) -> None:
        self.bar.show_position(ms)
        self.waveform.set_playhead(ms)
        self._show_cue(ms)
        self.position_changed.emit(ms)

    @Slot(float, bool)
    def _on_volume_changed(self, volume: float, is_muted: bool) -> None:
        self._volume, self._is_muted = volume, is_muted
        self.bar.show_volume(volume, is_muted)

    @Slot(object)
    def _on_loop_changed(self, stretch: object) -> None:
        self._commands.loop.setChecked(stretch is not None)

    def _connect(self) -> None:
        playback, bar, waveform = self.playback, self.bar, self.waveform
        playback.position_changed.connect(self._on_position_changed)
        playback.duration_changed.connect(bar.show_duration)
        playback.state_changed.connect(bar.show_state)
        playback.speed_changed.connect(bar.show_speed)
        playback.volume_changed.connect(self._on_volume_changed)
        playback.loop_changed.connect(self._on_loop_changed)
        playback.picture_changed.connect(self.video.show_frame)
        playback.failed.connect(self.failed)
        bar.seek_wanted.connect(playback.seek)
        bar.speed_wanted.connect(playback.set_speed)
        bar.volume_wanted.connect(playback.set_volume)
        waveform.seek_wanted.connect(playback.seek)
        waveform.edit_wanted.connect(self.edit_wanted)
        waveform.segment_chosen.connect(self.segment_chosen)
        waveform.stretch_selected.connect(self.stretch_changed)
        waveform.stretch_cleared.connect(self.stretch_changed)

    def _lay_out(self) -> None:
        self.waveform.setMinimumHeight(WAVEFORM_LEAST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(hairline())
        layout.addWidget(self.waveform, 1)
        layout.addWidget(self.bar)
