"""The tray icon: what goes on at a glance, and a menu for what is wanted without the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPainter
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.core.dictation import RECORDING, Dictation
from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobState
from desktop.core.names import clock, shown_name
from desktop.core.recording import State, Status
from desktop.core.settings import Settings
from desktop.ui import icons
from desktop.ui.pace import Pace, state_line
from desktop.ui.recorder.buttons import said_state

RECENT = 8
GOES_MS = 350
"""So long after its menu is closed, the keyboard is back in the other program."""
SIZES = (22, 24, 32, 44, 48, 64)


class Tray(QObject):
    """Drawn from the jobs it is shown; its states differ in shape, not only in colour."""

    open_wanted = Signal()
    files_wanted = Signal()
    start_wanted = Signal()
    hold_wanted = Signal()
    job_wanted = Signal(int)
    record_wanted = Signal()
    record_pause_wanted = Signal()
    """Pause the recording, or go on."""
    record_mark_wanted = Signal()
    record_stop_wanted = Signal()
    recorder_wanted = Signal()
    dictate_wanted = Signal()
    """Start to dictate, or end what is being said."""
    dictate_cancel_wanted = Signal()
    drop_wanted = Signal()
    """Insert the newest text that waits; the keyboard is back in the other program by then."""
    copy_waiting_wanted = Signal(str)
    """Copy this text that waits."""
    dictations_wanted = Signal()
    """Show what was dictated."""
    settings_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = QSystemTrayIcon(icons.tray_icon("idle"))
        self._menu = QMenu()
        self._state = ("idle", -1)
        self._of_queue = ("idle", -1, "Undertone")
        self._recording = Status()
        self._told_s = -1
        self._dictation = Dictation()
        self._dictate_key, self._drop_key = "", ""
        self._hears_always = False
        self._held = False
        add = self._menu.addAction
        self._open = add(_("Open Undertone"), self.open_wanted.emit)
        self._files = add(_("Transcribe files…"), self.files_wanted.emit)
        self._menu.addSeparator()
        self._dictate = add("", self.dictate_wanted.emit)
        self._dictate_cancel = add(_("Cancel the dictation"), self.dictate_cancel_wanted.emit)
        self._drop = add("", self._on_drop)
        self._copy_waiting = add(_("Copy the text that waits"), self._on_copy_waiting)
        self._dictations = add(_("Dictations…"), self.dictations_wanted.emit)
        self._menu.addSeparator()
        self._record = add(_("Record"), self.record_wanted.emit)
        self._record_pause = add("", self.record_pause_wanted.emit)
        self._record_mark = add(_("Mark this moment"), self.record_mark_wanted.emit)
        self._record_stop = add(_("Stop the recording"), self.record_stop_wanted.emit)
        self._recorder = add(_("Show the recorder"), self.recorder_wanted.emit)
        self._menu.addSeparator()
        self._now = add("")
        self._now.setEnabled(False)
        self._hold = add("", self._on_hold)
        self._recent = self._menu.addMenu(_("Recent transcripts"))
        self._recent.triggered.connect(self._on_recent)
        self._menu.addSeparator()
        add(_("Settings…"), self.settings_wanted.emit)
        add(_("Quit"), self.quit_wanted.emit)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.open_wanted)
        self._offer_recording()
        self._offer_dictation()

    @staticmethod
    def is_possible() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Put the icon into the tray."""
        self._icon.show()

    def hide(self) -> None:
        """Take the icon out of the tray."""
        self._icon.hide()

    def is_visible(self) -> bool:
        """Whether the icon is in the tray."""
        return self._icon.isVisible()

    def show_jobs(self, jobs: Sequence[Job], held: bool) -> None:
        """Show what goes on."""
        running = next((job for job in jobs if job.state is JobState.RUNNING), None)
        waiting = any(job.state in (JobState.WAITING, JobState.INTERRUPTED) for job in jobs)
        failed = any(job.state is JobState.FAILED for job in jobs)
        self._held = held
        state = _state(running, held and waiting, failed)
        self._of_queue = (state, round(20 * running.fraction) if running else -1, _tooltip(running, jobs))
        self._show()
        self._now.setVisible(running is not None)
        if running:
            self._now.setText(f"{shown_name(running.source)}   {100 * running.fraction:.0f} %")
        self._hold.setText(_("Resume queue") if held else _("Pause queue"))
        self._hold.setEnabled(running is not None or waiting)
        self._show_recent([job for job in jobs if job.state is JobState.DONE])

    def show_recording(self, status: Status) -> None:
        """Show where the recorder stands and, once a second, how far it is."""
        was, self._recording = self._recording, status
        if status.state is not was.state:
            self._offer_recording()
        if status.state is not was.state or status.elapsed_ms // 1000 != self._told_s:
            self._told_s = status.elapsed_ms // 1000
            self._show()

    def show_dictation(self, dictation: Dictation) -> None:
        """Show where dictation stands, and the texts that wait."""
        self._dictation = dictation
        self._offer_dictation()
        self._show()

    def use_keys(self, dictate_key: str, drop_key: str) -> None:
        """Tell these keys beside what they do; empty where there is none."""
        self._dictate_key, self._drop_key = dictate_key, drop_key
        self._offer_dictation()

    def use_settings(self, settings: Settings) -> None:
        """Offer dictation if it is on, and show a microphone that is on all the time."""
        self._dictate.setVisible(settings.dictation)
        self._hears_always = settings.dictation and settings.dictation_pre_roll_ms > 0
        self._state = ("", -1)
        self._show()

    def place(self) -> QRect:
        """Where the icon is on the screen; empty where nobody knows."""
        return self._icon.geometry()

    def notify(self, title: str, text: str) -> None:
        """A message of the desktop."""
        self._icon.showMessage(title, text, icons.app_icon())

    def _show(self) -> None:
        """What the microphone hears comes first: it is what must not be forgotten."""
        state, twentieths, tip = self._of_queue
        if take := self._dictation.shown:
            is_heard = take.stage in RECORDING
            self._show_state("listening" if is_heard else "recognising", -1)
            self._icon.setToolTip(_("You dictate") if is_heard else _("What you dictated is recognised"))
            return
        if self._recording.state is State.IDLE:
            if waiting := self._dictation.waiting:
                state, twentieths = "text-waits", -1
                tip = _n("{count} dictated text waits", "{count} dictated texts wait", len(waiting))
            if self._hears_always:
                tip = f"{tip}\n{_('The microphone is on, for what is said before the key')}"
            self._show_state(state, twentieths)
            self._icon.setToolTip(tip)
            return
        is_paused = self._recording.state is State.PAUSED
        self._show_state("recording-paused" if is_paused else "recording", -1)
        self._icon.setToolTip(_recording_tooltip(self._recording))

    def _offer_dictation(self) -> None:
        waiting = self._dictation.waiting
        is_heard = self._dictation.listening is not None
        self._dictate.setText(_with_key(_("End the dictation") if is_heard else _("Dictate"), self._dictate_key))
        self._dictate_cancel.setVisible(not self._dictation.is_idle)
        self._drop.setText(_with_key(_("Insert the text that waits"), self._drop_key))
        for action in (self._drop, self._copy_waiting):
            action.setVisible(bool(waiting))

    def _offer_recording(self) -> None:
        state = self._recording.state
        runs = state in (State.RECORDING, State.PAUSED)
        self._record.setVisible(state is State.IDLE)
        self._record_pause.setText(_("Go on recording") if state is State.PAUSED else _("Pause the recording"))
        for action in (self._record_pause, self._record_mark):
            action.setVisible(runs)
        self._record_stop.setVisible(runs or state is State.STARTING)

    def _show_state(self, state: str, twentieths: int) -> None:
        if (state, twentieths) != self._state:
            self._state = (state, twentieths)
            icon = icons.tray_icon(state)
            if twentieths >= 0:
                icon = _painted(icon, partial(_paint_progress, fraction=twentieths / 20))
            if self._hears_always and state not in ("listening", "recognising"):
                icon = _painted(icon, _paint_ear)
            self._icon.setIcon(icon)

    def _show_recent(self, done: Sequence[Job]) -> None:
        recent = sorted(done, key=lambda job: job.id, reverse=True)[:RECENT]
        if [action.data() for action in self._recent.actions()] != [job.id for job in recent]:
            self._recent.clear()
            for job in recent:
                self._recent.addAction(shown_name(job.source)).setData(job.id)
        self._recent.setEnabled(bool(recent))

    @Slot()
    def _on_drop(self) -> None:
        QTimer.singleShot(GOES_MS, self, self.drop_wanted.emit)

    @Slot()
    def _on_copy_waiting(self) -> None:
        if self._dictation.waiting:
            self.copy_waiting_wanted.emit(self._dictation.waiting[-1].text)

    @Slot()
    def _on_hold(self) -> None:
        (self.start_wanted if self._held else self.hold_wanted).emit()

    @Slot(QAction)
    def _on_recent(self, action: QAction) -> None:
        self.job_wanted.emit(action.data())

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.open_wanted.emit()


def _state(running: Job | None, held: bool, failed: bool) -> str:
    if running:
        return "working"
    if held:
        return "paused"
    return "failed" if failed else "idle"


def _tooltip(running: Job | None, jobs: Sequence[Job]) -> str:
    if running:
        percent = f"{100 * running.fraction:.0f} %"
        return f"{shown_name(running.source)}  {percent}\n{state_line(running, Pace.of(running))}"
    waiting = sum(job.state is JobState.WAITING for job in jobs)
    return f"Undertone\n{_n('{count} file waits', '{count} files wait', waiting)}" if waiting else "Undertone"


def _recording_tooltip(status: Status) -> str:
    lines = [f"{said_state(status.state)}  {clock(status.elapsed_ms)}"]
    lines += [one.name for one in status.devices]
    lines += [_("No sound from {names}").format(names=name) for name in status.silent]
    return "\n".join(lines)


def _painted(icon: QIcon, paint: Callable[[QPainter, int], None]) -> QIcon:
    """The icon with something painted onto it, in every size that a tray may ask for."""
    result = QIcon()
    for size in SIZES:
        pixmap = icon.pixmap(size, size)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        paint(painter, size)
        painter.end()
        result.addPixmap(pixmap)
    return result


def _paint_progress(painter: QPainter, size: int, fraction: float) -> None:
    """A bar along the foot."""
    height = max(3, size // 8)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRect(QRectF(0, size - height, size, height))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawRect(QRectF(0, size - height, size * fraction, height))


def _paint_ear(painter: QPainter, size: int) -> None:
    """A dot in a white ring at the top: the microphone is on."""
    side = size * 0.42
    painter.setBrush(QColor(255, 255, 255))
    painter.drawEllipse(QRectF(size - side, 0, side, side))
    painter.setBrush(QColor("#d6336c"))
    painter.drawEllipse(QRectF(size - side, 0, side, side).adjusted(side / 6, side / 6, -side / 6, -side / 6))


def _with_key(text: str, key: str) -> str:
    """A menu shows what stands behind the tab as the key of an entry."""
    return f"{text}\t{key}" if key else text
