"""Builds every object, connects them, starts and stops them in order."""

from __future__ import annotations

import logging
import logging.handlers
from functools import partial

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import __version__
from desktop.app.dictation import DictationDesk, make_views
from desktop.app.editing import EditingDesk
from desktop.app.keys import KeysDesk
from desktop.app.leaving import Leaving
from desktop.app.machine import MachineDesk
from desktop.app.models import ModelsDesk, choices
from desktop.app.queue import QueueDesk
from desktop.app.recording import LateMicrophones, LateRecorder, RecordingDesk
from desktop.core import i18n
from desktop.core.errors import AppError
from desktop.core.formats import FORMATS
from desktop.core.handover import Handover
from desktop.core.i18n import _
from desktop.core.options import AUTO
from desktop.core.ports import Microphones, Recorder
from desktop.core.settings import ALWAYS, ON_BATTERY, Settings
from desktop.core.tuning import MEASURED_WITH
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
from desktop.ui.tray import Tray

LOG_BYTES = 1_000_000

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
        self._stopped = False
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
        self._keys = KeysDesk(self._window, self._memory)
        self._dialog = SettingsDialog([(AUTO, _("Automatic")), *models], self._window)
        self._tray = Tray()
        self._queue = QueueDesk(self._window, self._tray, self._files)
        self._machine = MachineDesk(
            (self._window, self._dialog, self._tray),
            self._files,
            (engine, lambda card: make_engine(card=card)),
            self._models,
            SystemMeter(),
            paths,
            self._memory,
        )
        self._shop = ModelsDesk(
            self._window,
            self._dialog,
            self._files,
            self._models,
            (library, ledger),
            tunings,
            paths.samples / MEASURED_WITH,
            lambda: self._recording.is_busy or self._dictation.is_busy or self._machine.is_measuring,
        )
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
        window, tray = self._window, self._tray

        window.settings_wanted.connect(self._on_settings_wanted)
        window.quit_wanted.connect(self.quit)
        window.closed.connect(self._on_window_closed)

        tray.open_wanted.connect(window.bring_up)
        tray.settings_wanted.connect(self._on_settings_wanted)
        tray.quit_wanted.connect(self.quit)

        self._dialog.changed.connect(self._on_setting_changed)
        for desk in (self._queue, self._editing, self._recording, self._dictation):
            desk.setting_chosen.connect(self._on_setting_changed)
        self._dictation.settings_wanted.connect(self._on_settings_wanted)
        for offer in (window.show_models, self._dialog.show_models, self._editing.use_models):
            self._shop.choices_changed.connect(offer)
        for begun in (self._recording.changed, self._dictation.dictating.changed, self._machine.measuring):
            begun.connect(self._shop.give_way)
        self._editing.editor.opened.connect(self._collector.pass_over)
        self._instance.opened.connect(self._on_opened)
        self._end_of_session.wanted.connect(self.stop)
        self._uncaught.happened.connect(window.notices.show_bug)
        self._qt.commitDataRequest.connect(window.pane.keep_changes)

    def start(self, wish: Handover) -> None:
        """Show what there is; everything heavy comes later."""
        if Tray.is_possible():
            self._tray.show()
        if not wish.hidden or not self._tray.is_visible():
            self._window.show()
        for problem in self._problems:
            self._window.notices.show_error(problem)
        self._use_settings()
        self._dictation.start()
        self._queue.restore()
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
        if not self._recording.agreed_to_stop() or not self._queue.agreed_to_interrupt():
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

    # --- news ---

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
        self._use_settings()

    def _use_settings(self) -> None:
        for desk in (self._queue, self._machine, self._shop, self._editing, self._recording, self._dictation):
            desk.use_settings(self._settings)

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

    @Slot(object)
    def _on_opened(self, wish: Handover) -> None:
        if not wish.hidden:
            self._window.bring_up()
        if wish.files:
            self._files.add(wish.files)

    def _exports(self, settings: Settings) -> Exports:
        return self._editing.exports(settings)

    def _leaves_room(self) -> bool:
        wish = self._settings.leave_room
        return wish == ALWAYS or (wish == ON_BATTERY and bool(on_battery()))


def _keep_log(paths: Paths) -> None:
    """Failures and their places, never what was said."""
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            paths.logs / "undertone.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:  # no log is no reason not to start
        handler = logging.NullHandler()
    logging.basicConfig(level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s")
