"""The waveform of the file: an overview of all of it, and below that a part to look at closely and to work on."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.document import Edit
from desktop.core.peaks import Peaks, PeaksPart
from desktop.core.transcript import Transcript
from desktop.ui.player.canvas import ZOOM, Canvas
from desktop.ui.player.overview import Overview


class Waveform(QWidget):
    """Shows the sound and the segments of one transcript over it.

    A click goes there; an edge that is dragged comes to where the sound begins or ends, unless Alt is held; the middle
    of a segment moves it; empty space, the ruler, or Shift anywhere selects a stretch.
    """

    seek_wanted = Signal(int)
    edit_wanted = Signal(object)
    """An `Edit`, when a segment is let go of at another place."""
    stretch_selected = Signal(int, int)
    stretch_cleared = Signal()
    segment_chosen = Signal(int)
    menu_wanted = Signal(QPoint, int)
    """Where on the screen, and at which time: the right button was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.overview = Overview()
        self.canvas = Canvas()
        self._length_ms = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.overview)
        layout.addWidget(self.canvas, 1)
        self.setFocusProxy(self.canvas)
        # The sound runs from left to right, however one reads.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.overview.place_wanted.connect(self._on_place_wanted)
        self.overview.view_wanted.connect(self.canvas.center)
        self.canvas.view_changed.connect(self.overview.show_frame)
        for mine, its in (
            (self.seek_wanted, self.canvas.seek_wanted),
            (self.edit_wanted, self.canvas.edit_wanted),
            (self.stretch_selected, self.canvas.stretch_selected),
            (self.stretch_cleared, self.canvas.stretch_cleared),
            (self.segment_chosen, self.canvas.segment_chosen),
            (self.menu_wanted, self.canvas.menu_wanted),
        ):
            its.connect(mine)

    def show_media(self, peaks: Peaks | None, duration_ms: int) -> None:
        """Show another file from its start; None if its peaks are not known yet."""
        self._length_ms = duration_ms
        self.canvas.show_media(peaks, duration_ms)
        self._show_in_overview()
        self.overview.show_frame(self.canvas.view)
        self.overview.set_playhead(0)

    def show_peaks(self, peaks: Peaks) -> None:
        """Show all peaks of the same file."""
        self.canvas.show_peaks(peaks)
        self._show_in_overview()

    def add_peaks(self, parts: Iterable[PeaksPart]) -> None:
        """Show what follows the peaks that are shown."""
        self.canvas.add_peaks(parts)
        self._show_in_overview()

    def show_transcript(self, transcript: Transcript) -> None:
        """Show the segments and the map of another transcript."""
        self.canvas.show_transcript(transcript)
        self.overview.show_coverage(transcript.coverage)

    def take(self, transcript: Transcript, _edit: Edit | None = None) -> None:
        """Show the same transcript after an edit."""
        self.show_transcript(transcript)

    def set_playhead(self, ms: int) -> None:
        """Show where the sound is."""
        self.canvas.set_playhead(ms)
        self.overview.set_playhead(ms)

    def set_selection(self, positions: Iterable[int]) -> None:
        """Stress these segments."""
        self.canvas.set_selection(positions)

    @property
    def stretch(self) -> tuple[int, int] | None:
        """What is selected, from and to."""
        return self.canvas.stretch

    def set_stretch(self, stretch: tuple[int, int] | None) -> None:
        """Mark a stretch as selected, or none."""
        self.canvas.set_stretch(stretch)

    def bring_into_view(self, start_ms: int, end_ms: int) -> None:
        """Move there, unless it is in view."""
        self.canvas.bring_into_view(start_ms, end_ms)

    @Slot()
    def zoom_in(self) -> None:
        """Come closer."""
        self.canvas.zoom(ZOOM)

    @Slot()
    def zoom_out(self) -> None:
        """See more."""
        self.canvas.zoom(1 / ZOOM)

    @Slot()
    def show_all(self) -> None:
        """See all of it."""
        self.canvas.show_all()

    @Slot()
    def follow(self) -> None:
        """Show the playhead, and go with it."""
        self.canvas.follow()

    @Slot(int)
    def _on_place_wanted(self, ms: int) -> None:
        self.canvas.center(ms)
        self.seek_wanted.emit(ms)

    def _show_in_overview(self) -> None:
        self._length_ms = max(self._length_ms, self.canvas.peaks.length_ms)
        self.overview.show_media(self.canvas.peaks, self._length_ms)
