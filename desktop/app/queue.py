"""The joints around the queue: its rows and commands in the window, the tray, and what is said of its jobs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from desktop.core.errors import AppError
from desktop.core.events import SteppedDown
from desktop.core.i18n import _, _n
from desktop.core.jobs import Engine, Job, JobId
from desktop.core.settings import Settings
from desktop.services.file_queue import FileQueue
from desktop.ui.main_window import MainWindow
from desktop.ui.tray import Tray


class QueueDesk(QObject):
    """Connects the queue with the window and the tray that show it."""

    setting_chosen = Signal(str, object)
    """Name and value of a setting that was changed by an answer."""

    def __init__(self, window: MainWindow, tray: Tray, files: FileQueue) -> None:
        super().__init__()
        self._window, self._tray, self._files = window, tray, files
        self._settings = Settings()
        self._stepped_down: SteppedDown | None = None
        self._was_asked_of_device = False
        self._connect()

    def use_settings(self, settings: Settings) -> None:
        """Work, and tell of it, from then on as they say."""
        self._settings = settings
        self._files.use_settings(settings)

    def restore(self) -> None:
        """Show the queue of the last time, and offer to go on with what was left."""
        self._window.show_held(self._files.is_held)
        self._files.restore()
        if left := self._files.left_over:
            self._window.notices.show_notice(
                _n("{count} file is left from last time.", "{count} files are left from last time.", len(left)),
                _("Resume"),
                self._files.start,
            )

    def agreed_to_interrupt(self) -> bool:
        """Whether the user lets go of the job that runs, if one does."""
        if not self._files.is_busy:
            return True
        box = QMessageBox(self._window)
        box.setWindowTitle("Undertone")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(_("A file is being transcribed. Quit all the same?"))
        box.setInformativeText(_("What was heard is kept; it goes on from there at the next start."))
        leave = box.addButton(_("Quit"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(_("Keep working"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.exec()
        return box.clickedButton() is leave

    def _connect(self) -> None:
        files, window, tray = self._files, self._window, self._tray

        window.files_dropped.connect(files.add)
        window.start_wanted.connect(files.start)
        window.hold_wanted.connect(files.hold)
        window.pause_wanted.connect(files.pause)
        window.cancel_wanted.connect(files.cancel)
        window.resume_wanted.connect(files.resume)
        window.again_wanted.connect(files.transcribe_again)
        window.remove_wanted.connect(files.remove)
        window.put_back_wanted.connect(files.put_back)
        window.move_wanted.connect(files.move)
        window.options_wanted.connect(self._on_options_wanted)

        files.job_changed.connect(window.show_job)
        files.job_changed.connect(self._on_jobs_changed)
        files.removed.connect(window.remove_jobs)
        files.removed.connect(self._on_jobs_changed)
        files.reordered.connect(window.model.reorder)
        files.loading.connect(window.show_loading)
        files.engine_changed.connect(window.show_engine)
        files.stepped_down.connect(self._on_stepped_down)
        files.engine_changed.connect(self._on_engine_changed)
        files.held_changed.connect(window.show_held)
        files.held_changed.connect(self._on_jobs_changed)
        files.already_there.connect(window.show_already_there)
        files.said.connect(self._on_said)
        files.exported.connect(self._on_exported)
        files.export_failed.connect(self._on_export_failed)
        files.ran_dry.connect(self._on_ran_dry)

        tray.files_wanted.connect(self._on_files_wanted)
        tray.start_wanted.connect(files.start)
        tray.hold_wanted.connect(files.hold)
        tray.job_wanted.connect(self._on_job_wanted)

    # --- wishes ---

    @Slot(list, dict)
    def _on_options_wanted(self, job_ids: Sequence[JobId], changes: dict[str, object]) -> None:
        self._files.change_options(job_ids, **changes)

    @Slot()
    def _on_files_wanted(self) -> None:
        self._window.bring_up()
        self._window.ask_for_files()

    @Slot(int)
    def _on_job_wanted(self, job_id: JobId) -> None:
        self._window.bring_up()
        self._window.choose(job_id)

    # --- news ---

    @Slot()
    def _on_jobs_changed(self) -> None:
        self._tray.show_jobs(self._files.jobs, self._files.is_held)

    @Slot(object)
    def _on_said(self, said: str | AppError) -> None:
        if isinstance(said, AppError):
            self._window.notices.show_error(said)
        else:
            self._window.notices.show_notice(said)

    @Slot(object, list)
    def _on_exported(self, _job: Job, written: Sequence[Path]) -> None:
        if self._window.isVisible():
            names = ", ".join(path.name for path in written)
            self._window.notices.show_notice(_("Written: {names}").format(names=names), seconds=8)

    @Slot(object, object, list)
    def _on_export_failed(self, job: Job, error: AppError, formats: Sequence[str]) -> None:
        save = partial(self._window.ask_where_to_save, [job.id], formats)
        self._window.notices.show_notice(str(error), _("Save elsewhere…"), save)

    @Slot(object)
    def _on_stepped_down(self, news: SteppedDown) -> None:
        self._stepped_down = self._stepped_down or news

    @Slot(object)
    def _on_engine_changed(self, engine: Engine) -> None:
        """Ask once whether what goes on after a failure is to stay so; until the end of the program it does anyway."""
        if self._stepped_down is None or self._was_asked_of_device:
            return
        self._was_asked_of_device = True
        said = _("{left} failed: {cause} {now} goes on, until Undertone is started again.").format(
            left=self._stepped_down.left, cause=self._stepped_down.cause.said_headline, now=engine
        )
        keep = partial(self._keep_device, engine)
        self._window.notices.show_notice(said, _("Keep {now}").format(now=engine), keep)

    def _keep_device(self, engine: Engine) -> None:
        self.setting_chosen.emit("device", engine.device)
        self.setting_chosen.emit("compute_type", engine.compute_type)

    @Slot(int, int)
    def _on_ran_dry(self, done: int, failed: int) -> None:
        if self._settings.notify:
            told = [_n("{count} file is done.", "{count} files are done.", done)] if done else []
            told += [_n("{count} file failed.", "{count} files failed.", failed)] if failed else []
            self._tray.notify(_("The queue is done"), " ".join(told))
