"""Builds every object, connects them, starts and stops them in order."""

from __future__ import annotations

import json
import logging
import logging.handlers
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import __version__
from desktop.app.dictation import DictationDesk, make_views
from desktop.app.editing import EditingDesk
from desktop.app.leaving import Leaving
from desktop.app.machine import MachineDesk
from desktop.app.models import ModelsDesk, choices
from desktop.app.recording import LateMicrophones, LateRecorder, RecordingDesk
from desktop.core import i18n
from desktop.core.errors import AppError
from desktop.core.events import SteppedDown
from desktop.core.formats import FORMATS
from desktop.core.handover import Handover
from desktop.core.i18n import _, _n
from desktop.core.jobs import Engine, Job, JobId
from desktop.core.options import AUTO
from desktop.core.ports import Microphones, Recorder
from desktop.core.settings import ALWAYS, ON_BATTERY, Settings
from desktop.core.shortcuts import Shortcuts
from desktop.engine.child import child_at_once
from desktop.engine.client import EngineClient, FileInspector
from desktop.engine.diagnosis import on_battery
from desktop.engine.models import Models
from desktop.services.file_queue import FileQueue
from desktop.services.garbage import Collector
from desktop.services.hooks import EndOfSession, Uncaught
from desktop.services.ledger import Ledger
from desktop.services.recording import Recording
from desktop.services.single_instance import SingleInstance
from desktop.store.exports import Exports
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.store.rescues import Rescues
from desktop.store.settings_file import SettingsFile
from desktop.store.tunings import TuningsFile
from desktop.system.awake import WakepyAwake
from desktop.system.usage import SystemMeter
from desktop.ui import icons, theme
from desktop.ui.main_window import MainWindow
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.shortcuts_page import ShortcutsPage, give_keys, shortcuts_of
from desktop.ui.tray import Tray

LOG_BYTES = 1_000_000
KEYS_SIZE = (640, 560)

log = logging.getLogger(__name__)


def run(wish: Handover, paths: Paths) -> int:
    """Start the program for this user and stay until it is quit. Returns the exit status."""
    qt = QApplication(["undertone"])  # X takes the name of the window class from it
    qt.setApplicationName("undertone")
    qt.setApplicationDisplayName("Undertone")
    qt.setApplicationVersion(__version__)
    qt.setDesktopFileName("io.github.undertone.Undertone")
    qt.setQuitOnLastWindowClosed(False)
    i18n.use_language("", paths.translations)
    icons.use(paths.icons)
    qt.setWindowIcon(icons.app_icon())
    try:
        _keep_log(paths)
        app = App(qt, paths)
    except AppError as error:
        QMessageBox.critical(None, "Undertone", str(error))
        return 1
    app.start(wish)
    return qt.exec()


class App(QObject):
    """All parts of the running program and the joints between them."""

    def __init__(self, qt: QApplication, paths: Paths) -> None:
        super().__init__()
        self._qt = qt
        self._stopped = self._was_asked_of_device = False
        self._stepped_down: SteppedDown | None = None
        self._keys_page: ShortcutsPage | None = None
        self._paths = paths
        self._settings_file = SettingsFile(paths.settings_file)
        self._settings, self._problems = self._settings_file.load()
        self._memory = QSettings(str(paths.config / "window.ini"), QSettings.Format.IniFormat)
        self._models = Models(paths.models, paths.demo_model)
        self._theme = theme.Theme(qt, paths.marks, self._settings.theme)
        library = Library(paths.library, paths.locks)
        library.recover()
        self._library = library
        ledger = Ledger()
        tunings = TuningsFile(paths.tunings)
        make_engine = partial(EngineClient, self._models, leaves_room=self._leaves_room, tunings=tunings.load)
        engine = make_engine()
        self._files = FileQueue(
            library,
            FileInspector(),
            engine,
            self._exports,
            self._models.resolve,
            WakepyAwake(),
            self._settings,
            ledger,
        )
        models = choices(self._models)
        self._window = MainWindow(self._memory, models, [(one.name, _(one.label)) for one in FORMATS.values()])
        self._editing = EditingDesk(
            self._window, self._files, library, ledger, (self._models, models), paths, self._memory
        )
        self._leaving = Leaving(self._window, self._editing.editor, library, ledger, Rescues())
        self._keys = self._kept_keys()
        self._dialog = SettingsDialog([(AUTO, _("Automatic")), *models], self._window)
        self._tray = Tray()
        self._machine = MachineDesk(
            (self._window, self._dialog, self._tray),
            self._files,
            (engine, lambda card: make_engine(card=card)),
            self._models,
            SystemMeter(),
            paths,
            self._memory,
        )
        self._shop = ModelsDesk(self._window, self._dialog, self._files, self._models, (library, ledger))
        microphones = LateMicrophones()
        recorder = LateRecorder(microphones)
        self._recording = RecordingDesk(
            self._window,
            self._tray,
            self._dialog,
            recorder,
            self._recorder(recorder, microphones),
            (self._files, self._editing),
            (library, ledger),
            paths.recordings,
            self._memory,
        )
        self._instance = SingleInstance(paths.socket)
        self._dictation = DictationDesk(
            make_views(self._window, self._tray, models, self._memory),
            engine,
            recorder,
            self._models,
            library,
            self._instance,
            paths,
            self._memory,
        )
        self._end_of_session = EndOfSession()
        self._uncaught = Uncaught()
        self._collector = Collector()
        self._connect()

    def _recorder(self, recorder: Recorder, microphones: Microphones) -> Recording:
        """It has an engine of its own: what is being said does not wait for files."""
        return Recording(
            recorder,
            microphones,
            self._library,
            FileInspector(),
            EngineClient(self._models, child_at_once),
            self._models.resolve,
            WakepyAwake(),
            self._settings,
            self._paths.recordings,
        )

    def _connect(self) -> None:
        self._connect_queue()
        window, tray = self._window, self._tray

        window.settings_wanted.connect(self._on_settings_wanted)
        window.shortcuts_wanted.connect(self._on_shortcuts_wanted)
        window.quit_wanted.connect(self.quit)
        window.closed.connect(self._on_window_closed)

        tray.open_wanted.connect(window.bring_up)
        tray.files_wanted.connect(self._on_files_wanted)
        tray.start_wanted.connect(self._files.start)
        tray.hold_wanted.connect(self._files.hold)
        tray.job_wanted.connect(self._on_job_wanted)
        tray.settings_wanted.connect(self._on_settings_wanted)
        tray.quit_wanted.connect(self.quit)

        self._dialog.changed.connect(self._on_setting_changed)
        self._recording.setting_chosen.connect(self._on_setting_changed)
        self._dictation.setting_chosen.connect(self._on_setting_changed)
        self._dictation.settings_wanted.connect(self._on_settings_wanted)
        for offer in (window.show_models, self._dialog.show_models, self._editing.use_models):
            self._shop.choices_changed.connect(offer)
        self._editing.style_chosen.connect(self._on_style_chosen)
        window.pane.doubt_chosen.connect(self._on_doubt_chosen)
        self._editing.editor.opened.connect(self._collector.pass_over)
        self._instance.opened.connect(self._on_opened)
        self._end_of_session.wanted.connect(self.stop)
        self._uncaught.happened.connect(window.notices.show_bug)
        self._qt.commitDataRequest.connect(window.pane.keep_changes)

    def _connect_queue(self) -> None:
        files, window = self._files, self._window

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

    def start(self, wish: Handover) -> None:
        """Show what there is; everything heavy comes later."""
        if Tray.is_possible():
            self._tray.show()
        if not wish.hidden or not self._tray.is_visible():
            self._window.show()
        for problem in self._problems:
            self._window.notices.show_error(problem)
        self._editing.use_settings(self._settings)
        self._machine.use_settings(self._settings)
        self._shop.use_settings(self._settings)
        self._recording.use_settings(self._settings)
        self._dictation.use_settings(self._settings)
        self._dictation.start()
        self._window.show_held(self._files.is_held)
        self._files.restore()
        self._offer_what_is_left()
        self._recording.recover()
        self._leaving.offer_copies()
        self._shop.offer_first()
        if wish.files:
            self._files.add(wish.files)

    @Slot()
    def quit(self) -> None:
        """End the program; asks only when work would be interrupted or edits would be lost."""
        self._begin_to_leave()

    def _begin_to_leave(self) -> bool:
        """Whether the user has agreed to leave running work."""
        if not self._recording.agreed_to_stop():
            return False
        if self._files.is_busy and not self._agreed_to_interrupt():
            return False
        self._leaving.begin(self.stop)
        return True

    @Slot()
    def stop(self) -> None:
        """Save, stop and leave, in the reverse order of the start."""
        if self._stopped:
            return
        self._stopped = True
        self._instance.close()
        self._tray.hide()
        self._window.remember_shape()
        self._window.hide()
        self._dictation.close()
        self._machine.close()
        self._shop.close()
        self._recording.close()
        self._editing.close()
        self._files.close()
        self._leaving.save_the_rest()
        self._library.close()
        self._end_of_session.close()
        self._qt.quit()

    # --- news from the window ---

    @Slot(list, dict)
    def _on_options_wanted(self, job_ids: Sequence[JobId], changes: dict[str, object]) -> None:
        self._files.change_options(job_ids, **changes)

    @Slot()
    def _on_settings_wanted(self) -> None:
        self._window.bring_up()
        self._dialog.show_settings(self._settings)
        self._window.recorder.look()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot(str, object)
    def _on_setting_changed(self, name: str, value: object) -> None:
        try:
            self._settings = self._settings.with_value(name, value)
            self._settings_file.save(self._settings)
        except AppError as error:
            self._window.notices.show_error(error)
        self._theme.use(self._settings.theme)
        self._files.use_settings(self._settings)
        self._machine.use_settings(self._settings)
        self._shop.use_settings(self._settings)
        self._editing.use_settings(self._settings)
        self._recording.use_settings(self._settings)
        self._dictation.use_settings(self._settings)

    @Slot()
    def _on_window_closed(self) -> None:
        if not self._tray.is_visible() or not self._settings.close_to_tray:
            if not self._begin_to_leave():
                self._window.show()
        elif self._recording.is_busy:
            self._recording.tell_of_tray()
        elif not self._memory.value("told_of_tray"):
            self._memory.setValue("told_of_tray", "yes")
            self._tray.notify(_("Undertone goes on in the tray"), _("Open it there, or choose Quit in its menu."))

    # --- news from the queue ---

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
        self._on_setting_changed("device", engine.device)
        self._on_setting_changed("compute_type", engine.compute_type)

    @Slot(int, int)
    def _on_ran_dry(self, done: int, failed: int) -> None:
        if self._settings.notify:
            told = [_n("{count} file is done.", "{count} files are done.", done)] if done else []
            told += [_n("{count} file failed.", "{count} files failed.", failed)] if failed else []
            self._tray.notify(_("The queue is done"), " ".join(told))

    # --- news from elsewhere ---

    @Slot(object)
    def _on_opened(self, wish: Handover) -> None:
        if not wish.hidden:
            self._window.bring_up()
        if wish.files:
            self._files.add(wish.files)

    @Slot()
    def _on_files_wanted(self) -> None:
        self._window.bring_up()
        self._window.ask_for_files()

    @Slot(int)
    def _on_job_wanted(self, job_id: JobId) -> None:
        self._window.bring_up()
        self._window.choose(job_id)

    # --- style and keys ---

    def _exports(self, settings: Settings) -> Exports:
        return self._editing.exports(settings)

    @Slot(str)
    def _on_style_chosen(self, style: str) -> None:
        self._on_setting_changed("subtitle_style", style)

    @Slot(int)
    def _on_doubt_chosen(self, percent: int) -> None:
        if percent != self._settings.doubt_percent:
            self._on_setting_changed("doubt_percent", percent)

    def _kept_keys(self) -> Shortcuts:
        """The keys that the user has chosen, given to the commands."""
        actions = self._window.actions_with_keys()
        try:
            record = json.loads(str(self._memory.value("keys") or "{}"))
        except ValueError:
            record = {}
        keys = shortcuts_of(actions, record)
        give_keys(actions, keys)
        return keys

    @Slot()
    def _on_shortcuts_wanted(self) -> None:
        if self._keys_page:
            self._keys_page.raise_()
            self._keys_page.activateWindow()
            return
        scopes = {"queue": _("Queue"), "text": _("Text"), "cues": _("Cues"), "review": _("Review")}
        page = ShortcutsPage(self._window.actions_with_keys(), self._keys, scopes, self._window)
        page.changed.connect(self._on_keys_changed)
        page.setWindowFlag(Qt.WindowType.Dialog)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.setWindowTitle(_("Keys"))
        page.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        page.resize(*KEYS_SIZE)
        page.destroyed.connect(self._on_keys_page_closed)
        page.show()
        self._keys_page = page

    @Slot()
    def _on_keys_page_closed(self) -> None:
        self._keys_page = None

    @Slot(object)
    def _on_keys_changed(self, keys: Shortcuts) -> None:
        self._keys = keys
        give_keys(self._window.actions_with_keys(), keys)
        self._memory.setValue("keys", json.dumps(keys.to_record()))

    # --- small things ---

    def _leaves_room(self) -> bool:
        wish = self._settings.leave_room
        return wish == ALWAYS or (wish == ON_BATTERY and bool(on_battery()))

    def _offer_what_is_left(self) -> None:
        left = self._files.left_over
        if left:
            self._window.notices.show_notice(
                _n("{count} file is left from last time.", "{count} files are left from last time.", len(left)),
                _("Resume"),
                self._files.start,
            )

    def _agreed_to_interrupt(self) -> bool:
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


def _keep_log(paths: Paths) -> None:
    """Failures and their places, never what was said."""
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            paths.logs / "undertone.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:  # no log is no reason not to start
        handler = logging.NullHandler()
    logging.basicConfig(level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s")
