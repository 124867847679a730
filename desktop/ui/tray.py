"""The tray icon: what goes on at a glance, and a menu for what is wanted without the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPainter
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobState
from desktop.core.names import shown_name
from desktop.ui import icons
from desktop.ui.pace import Pace, state_line

RECENT = 8
SIZES = (22, 24, 32, 44, 48, 64)


class Tray(QObject):
    """Drawn from the jobs it is shown; its states differ in shape, not only in colour."""

    open_wanted = Signal()
    files_wanted = Signal()
    start_wanted = Signal()
    hold_wanted = Signal()
    job_wanted = Signal(int)
    settings_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = QSystemTrayIcon(icons.tray_icon("idle"))
        self._menu = QMenu()
        self._state = ("idle", -1)
        self._held = False
        add = self._menu.addAction
        self._open = add(_("Open Undertone"), self.open_wanted.emit)
        self._files = add(_("Transcribe files…"), self.files_wanted.emit)
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
        self._show_state(_state(running, held and waiting, failed), round(20 * running.fraction) if running else -1)
        self._icon.setToolTip(_tooltip(running, jobs))
        self._now.setVisible(running is not None)
        if running:
            self._now.setText(f"{shown_name(running.source)}   {100 * running.fraction:.0f} %")
        self._hold.setText(_("Resume queue") if held else _("Pause queue"))
        self._hold.setEnabled(running is not None or waiting)
        self._show_recent([job for job in jobs if job.state is JobState.DONE])

    def notify(self, title: str, text: str) -> None:
        """A message of the desktop."""
        self._icon.showMessage(title, text, icons.app_icon())

    def _show_state(self, state: str, twentieths: int) -> None:
        if (state, twentieths) != self._state:
            self._state = (state, twentieths)
            icon = icons.tray_icon(state)
            self._icon.setIcon(_with_progress(icon, twentieths / 20) if twentieths >= 0 else icon)

    def _show_recent(self, done: Sequence[Job]) -> None:
        recent = sorted(done, key=lambda job: job.id, reverse=True)[:RECENT]
        if [action.data() for action in self._recent.actions()] != [job.id for job in recent]:
            self._recent.clear()
            for job in recent:
                self._recent.addAction(shown_name(job.source)).setData(job.id)
        self._recent.setEnabled(bool(recent))

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


def _with_progress(icon: QIcon, fraction: float) -> QIcon:
    """The icon with a bar along its foot, in every size that a tray may ask for."""
    result = QIcon()
    for size in SIZES:
        pixmap = icon.pixmap(size, size)
        painter = QPainter(pixmap)
        painter.setPen(Qt.PenStyle.NoPen)
        height = max(3, size // 8)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawRect(QRectF(0, size - height, size, height))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawRect(QRectF(0, size - height, size * fraction, height))
        painter.end()
        result.addPixmap(pixmap)
    return result
