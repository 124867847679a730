"""The joints around the recorder: its views, the tray, the settings, and the queue that gets what was recorded."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from desktop.app.editing import EditingDesk
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobId
from desktop.core.names import clock
from desktop.core.ports import Microphones, Recorder, SoundStream, Take
from desktop.core.recording import Device, State, Status, lasts_ms, usual_bytes_a_second
from desktop.core.settings import Settings
from desktop.core.transcript import Segment
from desktop.services.file_queue import FileQueue
from desktop.services.keeping import folder_of
from desktop.services.ledger import Ledger
from desktop.services.recording import Recording
from desktop.services.task import Task, reported
from desktop.store.library import Library
from desktop.ui.main_window import MainWindow
from desktop.ui.recorder.sources import Choice
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.tray import Tray


class LateMicrophones:
    """The Microphones port. What it takes to hear is loaded when somebody is about to record, not at the start."""

    @cached_property
    def real(self) -> Microphones:
        """Takes a moment the first time."""
        from desktop.system.microphones import SystemMicrophones

        return SystemMicrophones()

    def devices(self) -> tuple[Device, ...]:
        """What there is now."""
        return self.real.devices()

    def watch(self, changed: Callable[[tuple[Device, ...]], None]) -> Callable[[], None]:
        """Tell of all devices at once and whenever there are others, on another thread; the answer ends it."""
        return self.real.watch(changed)

    def open(self, device: Device, heard: Callable[[Any], None]) -> SoundStream:
        """Record as `device` says."""
        return self.real.open(device, heard)


class LateRecorder:
    """The Recorder port; what it takes to write sound is loaded as late."""

    def __init__(self, microphones: Microphones) -> None:
        self._microphones = microphones

    @cached_property
    def real(self) -> Recorder:
        """Takes half a second the first time."""
        from desktop.system.recorder import SystemRecorder

        return SystemRecorder(self._microphones)

    def take(self, devices: Sequence[Device], path: Path) -> Take:
        """A recording into a new file, a track for each device."""
        return self.real.take(devices, path)

    def is_growing(self, path: Path) -> bool:
        """Whether some process is recording into this file."""
        return self.real.is_growing(path)

    def repair(self, path: Path) -> None:
        """Give the file of a recording that was cut off its length and its index."""
        self.real.repair(path)


class RecordingDesk(QObject):
    """Connects the recorder with everything that shows it, and hands its jobs to the queue."""

    setting_chosen = Signal(str, object)
    """Name and value of a setting that was changed in the recorder."""
    changed = Signal()
    """It has begun, paused, gone on or ended."""

    def __init__(
        self,
        window: MainWindow,
        tray: Tray,
        dialog: SettingsDialog,
        recorder: LateRecorder,
        recording: Recording,
        queue: tuple[FileQueue, EditingDesk],
        library: tuple[Library, Ledger],
        folder: Path,
        memory: QSettings,
    ) -> None:
        super().__init__()
        self._window, self._tray, self._dialog = window, tray, dialog
        self._views = window.recorder
        self._recording = recording
        self._loading: Task | None = Task(partial(_load, recorder))
        self._loading.failed.connect(self._on_load_failed)
        self._loading.finished.connect(self._on_loaded)
        self._is_loading = False
        self._files, self._editing = queue
        self._library, self._ledger = library
        self._folder, self._memory = folder, memory
        self._settings = Settings()
        self._job: Job | None = None
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether sound is being recorded."""
        return self._recording.is_busy

    def use_settings(self, settings: Settings) -> None:
        """Record from then on as they say."""
        self._settings = settings
        self._recording.use_settings(settings)
        self._views.show_choice(_choice(settings), settings.live)

    def agreed_to_stop(self) -> bool:
        """Whether the user lets go of the recording that runs, if one does."""
        if not self.is_busy:
            return True
        box = QMessageBox(self._window)
        box.setWindowTitle("Undertone")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(_("A recording is running: {time}. Stop it and quit?").format(time=clock(self._views.elapsed_ms)))
        box.setInformativeText(_("What was recorded is kept; the rest of its text is heard at the next start."))
        leave = box.addButton(_("Stop and quit"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(_("Keep recording"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is leave

    def tell_of_tray(self) -> None:
        """The window was closed to the tray: it is said once that the recording goes on."""
        if not self._memory.value("told_of_recording"):
            self._memory.setValue("told_of_recording", "yes")
            self._tray.notify(
                _("The recording goes on"), _("The tray shows it. Pause or stop it there, or open the window again.")
            )

    def recover(self) -> None:
        """Offer what a crash has cut off."""
        self._recording.recover()

    def close(self) -> None:
        """End a recording properly and take its windows away."""
        self._views.close()
        if self._loading and self._is_loading:
            self._loading.finished.disconnect(self._on_loaded)
            self._loading.wait()
        self._recording.close()

    def _connect(self) -> None:
        views, recording, tray, window = self._views, self._recording, self._tray, self._window

        views.start_wanted.connect(recording.start)
        views.pause_wanted.connect(recording.pause)
        views.resume_wanted.connect(recording.resume)
        views.mark_wanted.connect(self._on_mark_wanted)
        views.stop_wanted.connect(recording.stop)
        views.device_wanted.connect(recording.switch_to)
        views.devices_wanted.connect(self._on_devices_wanted)
        views.choice_changed.connect(self._on_choice_changed)
        views.live_wanted.connect(partial(self.setting_chosen.emit, "live"))

        recording.state_changed.connect(views.show_state)
        recording.state_changed.connect(self._on_state_changed)
        recording.state_changed.connect(self.changed)
        recording.metered.connect(views.show_status)
        recording.metered.connect(tray.show_recording)
        recording.devices_changed.connect(views.show_devices)
        recording.devices_changed.connect(self._dialog.show_devices)
        recording.devices_changed.connect(self._show_room)
        recording.job_changed.connect(self._on_job_changed)
        recording.heard.connect(views.show_heard)
        recording.heard.connect(self._on_heard)
        recording.preview_changed.connect(views.show_preview)
        recording.behind_changed.connect(views.show_behind)
        recording.marked.connect(views.show_mark)
        recording.gapped.connect(views.show_gap)
        recording.loading.connect(window.show_loading)
        recording.engine_changed.connect(window.show_engine)
        recording.warned.connect(views.show_warning)
        recording.failed.connect(self._on_failed)
        recording.finished.connect(self._on_finished)
        recording.handed_over.connect(self._on_handed_over)
        recording.recovered.connect(views.recovered.offer)

        views.recovered.resume_wanted.connect(self._on_resume_wanted)
        views.recovered.open_wanted.connect(self._on_open_wanted)
        views.recovered.discard_wanted.connect(self._on_discard_wanted)
        self._files.removed.connect(views.recovered.forget)
        window.transcript_wanted.connect(self._on_transcript_wanted)

        tray.record_wanted.connect(views.record)
        tray.record_pause_wanted.connect(views.pause_or_go_on)
        tray.record_mark_wanted.connect(self._on_mark_wanted)
        tray.record_stop_wanted.connect(recording.stop)
        tray.recorder_wanted.connect(window.show_recorder)

    # --- wishes ---

    @Slot()
    def _on_mark_wanted(self) -> None:
        self._recording.mark()

    @Slot()
    def _on_devices_wanted(self) -> None:
        """Devices are told when a recording could begin at once: what it takes is loaded first, beside the window."""
        if self._loading is None:
            self._recording.look_for_devices()
        elif not self._is_loading:
            self._is_loading = True
            self._loading.start()

    @Slot()
    def _on_loaded(self) -> None:
        if self._loading:
            self._loading.end()
            self._loading = None
            self._on_devices_wanted()

    @Slot(object)
    def _on_load_failed(self, error: Exception) -> None:
        self._views.show_warning(reported(error))

    @Slot()
    def _show_room(self) -> None:
        """How much fits, before anything is recorded; a folder that is not there yet lies on the disk of its parent."""
        folder = folder_of(self._settings, self._folder)
        there = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
        try:
            free_bytes = shutil.disk_usage(there).free if there else 0
        except OSError:
            free_bytes = 0
        devices = _choice(self._settings).devices(self._recording.devices)
        self._views.show_room(free_bytes, lasts_ms(free_bytes, usual_bytes_a_second(devices)) if devices else 0)

    @Slot(object)
    def _on_choice_changed(self, choice: Choice) -> None:
        for name, value in (
            ("sources", choice.sources),
            ("microphone", choice.microphone),
            ("system_sound", choice.system),
        ):
            if getattr(self._settings, name) != value:
                self.setting_chosen.emit(name, value)
        self._show_room()

    @Slot(int)
    def _on_resume_wanted(self, job_id: JobId) -> None:
        self._window.choose(job_id)
        self._files.resume([job_id])
        self._files.start()

    @Slot(int)
    def _on_open_wanted(self, job_id: JobId) -> None:
        self._window.choose(job_id)

    @Slot(int)
    def _on_discard_wanted(self, job_id: JobId) -> None:
        self._files.remove([job_id])
        self._recording.discard(job_id)

    # --- news ---

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        if state is State.IDLE:
            self._tray.show_recording(Status())

    @Slot(object)
    def _on_job_changed(self, job: Job) -> None:
        self._job = job
        self._views.show_job(job)
        self._window.show_job(job)

    @Slot(int, int, object)
    def _on_heard(self, job_id: JobId, position: int, segments: Sequence[Segment]) -> None:
        if self._job and self._job.id == job_id:
            self._editing.editor.hear(job_id, position, segments, self._job.coverage)

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self._views.show_warning(error)
        if not self._window.isVisible():
            self._tray.notify(error.said_headline, error.said_advice)

    @Slot(object)
    def _on_finished(self, job: Job) -> None:
        self._show_facts(job.id)

    @Slot(object)
    def _on_handed_over(self, job: Job) -> None:
        self._files.put_back([job.id])

    @Slot(object)
    def _on_transcript_wanted(self, job_id: JobId | None) -> None:
        if job_id is not None:
            self._show_facts(job_id)

    def _show_facts(self, job_id: JobId) -> None:
        self._ledger.do(partial(self._library.recording, job_id), partial(self._window.show_facts, job_id))


def _choice(settings: Settings) -> Choice:
    return Choice(settings.sources, settings.microphone, settings.system_sound)


def _load(recorder: LateRecorder, _stop: threading.Event) -> Iterator[Recorder]:
    yield recorder.real
