"""Everything that can be done in the window, as actions with a key each, and the menus that offer them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.dictation import Dictation
from desktop.core.editing import Case
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobState
from desktop.core.languages import LANGUAGES
from desktop.core.options import AUTO
from desktop.core.recording import State
from desktop.core.settings import Settings, about_setting
from desktop.core.shortcuts import EVERYWHERE, TEXT
from desktop.ui import icons

Choices = Sequence[tuple[str, str]]
"""Values and what the user reads for them."""

KEEP_KEY = "F9"
QUEUE = "queue"
"""The scope of keys that work on the queue alone."""

LOCKED = (JobState.RUNNING, JobState.DONE)
"""The states in which options can no longer be changed."""


def language_choices() -> list[tuple[str, str]]:
    """Every language that Whisper knows, and its detection."""
    return [(AUTO, _("Detect language")), *((code, _(name)) for code, name in LANGUAGES.items())]


def task_choices() -> list[tuple[str, str]]:
    """Transcribe or translate."""
    return [(value, _(label)) for value, label in about_setting("task").choices.items()]


def mode_choices() -> list[tuple[str, str]]:
    """Fast or precise."""
    return [(value, _(label)) for value, label in about_setting("mode").choices.items()]


class Commands(QObject):
    """The actions belong to the window, so that their keys work in all of it. What they do is connected there.

    Each is an attribute; `all` has them by name, for the list of commands and for the choice of other keys.
    """

    options_wanted = Signal(dict)
    export_wanted = Signal(list)
    """Names of formats."""
    case_wanted = Signal(str)

    def __init__(self, window: QWidget, models: Choices, formats: Choices) -> None:
        super().__init__(window)
        self._window = window
        self.all: dict[str, QAction] = {}
        self._make_queue_commands()
        self._make_recorder_commands()
        self._make_dictation_commands()
        self._make_text_commands()
        self._make_playback_commands()
        self._make_view_commands()
        self._model_menu = self._option_menu(_("M&odel"), "model", models)
        self._option_menus = [
            self._option_menu(_("&Language"), "language", language_choices()),
            self._option_menu(_("&Write"), "task", task_choices()),
            self._model_menu,
            self._option_menu(_("Way of wor&king"), "mode", mode_choices()),
        ]
        self.export_menu = self._export_menu(formats)
        self.job_menu = self._job_menu()
        self.text_menu = self._text_menu()
        self.machine_menu = self._menu(_("T&his machine"), "machine", [self.machine, self.monitor, self.tune])
        self.playback_menu = self._menu(_("&Playback"), "play", self._playback)
        self.view_menu = self._menu(_("Vie&w"), "window", self._view)
        self.recorder_menu = self._menu(_("Recor&der"), "microphone", self._recorder)
        self.dictation_menu = self._menu(_("D&ictation"), "dictations", [self.dictate, self.dictations])
        self.main_menu = self._main_menu()

    def _make_queue_commands(self) -> None:
        make = self._make
        self.add = make("add", _("&Add files…"), "add", "Ctrl+O")
        self.add_folder = make("add-folder", _("Add &folder…"), "open-folder", "Ctrl+Shift+O")
        self.paste = make("paste", _("&Paste files"), "copy", "Ctrl+Shift+V")
        self.start = make("start", _("&Start"), "play", "Ctrl+Return")
        self.pause = make("pause", _("Pa&use"), "pause", "Ctrl+P")
        self.resume = make("resume", _("&Resume"), "play", "Ctrl+G")
        self.cancel = make("cancel", _("&Cancel"), "cancel", "Ctrl+.")
        self.again = make("again", _("&Transcribe again"), "retry", "Ctrl+Shift+R")
        self.up = make("move-up", _("Move &up"), "up", "Alt+Up")
        self.down = make("move-down", _("Move &down"), "down", "Alt+Down")
        # Delete belongs to the text as well: on the queue alone it removes a job.
        self.remove = make("remove", _("Re&move from queue"), "remove", "Delete", QUEUE)
        self.names = make("names", _("&Names and words…"), "words", "Ctrl+Shift+N")
        self.export = make("export", _("&Export…"), "export", "Ctrl+E")
        self.export_chosen = make("export-chosen", _("Chosen &formats"), "export", "Ctrl+Shift+X")
        self.save_elsewhere = make("save-elsewhere", _("&Save elsewhere…"), "folder", "Ctrl+Shift+S")
        self.copy_video = make("copy-video", _("Copy of the &video with subtitles…"), "picture", "Ctrl+Shift+E")
        self.import_subtitles = make("import", _("&Import subtitles…"), "open-folder", "Ctrl+I")
        self.import_onto = make("import-onto", _("Import onto this te&xt…"), "open-folder", "Ctrl+Shift+I")
        self.machine = make("machine", _("What this &machine can do…"), "machine", "Ctrl+Shift+K")
        self.monitor = make("monitor", _("&Load of this machine…"), "gauge", "F11")
        self.tune = make("tune", _("&Best settings for this machine…"), "tune", "Ctrl+Shift+T")
        self.models = make("models", _("Mode&ls…"), "model", "Ctrl+Shift+G")
        self.settings = make("settings", _("S&ettings…"), "settings", "Ctrl+,")
        self.quit = make("quit", _("&Quit"), "quit", "Ctrl+Q")

    def _make_recorder_commands(self) -> None:
        make = self._make
        self.record = make("record", _("Reco&rd"), "record-dot", "Ctrl+R")
        self.record_pause = make("record-pause", _("&Pause the recording"), "pause", "Ctrl+Shift+Space")
        self.record_mark = make("record-mark", _("&Mark this moment"), "flag", "Ctrl+M")
        self.record_stop = make("record-stop", _("&Stop the recording"), "stop", "Ctrl+D")
        self.show_recorder = make("show-recorder", _("Sho&w the recorder"), "microphone", "F12")
        self.small_recorder = make(
            "small-recorder", _("Small &recorder above all windows"), "small-window", "Ctrl+Shift+B", checkable=True
        )
        self.read_along = make("read-along", _("Read &along in large type"), "read-along", "F5")
        self.record_mark.setIconText(_("Mark"))
        self.record_stop.setIconText(_("Stop"))
        self.read_along.setIconText(_("Read along"))
        self.small_recorder.setIconText(_("Small recorder"))
        self._recorder = [
            self.record, self.record_pause, self.record_mark, self.record_stop, None,
            self.show_recorder, self.small_recorder, self.read_along,
        ]  # fmt: skip
        self.allow_recording(State.IDLE)

    def _make_dictation_commands(self) -> None:
        self.dictate = self._make("dictate", _("&Dictate"), "microphone", "Ctrl+Shift+Y")
        self.dictations = self._make("dictations", _("D&ictations…"), "dictations", "Shift+F12")

    def _make_text_commands(self) -> None:
        make = self._make
        self.undo = make("undo", _("U&ndo"), "undo", "Ctrl+Z")
        self.redo = make("redo", _("Re&do"), "retry", "Ctrl+Shift+Z")
        self.find = make("find", _("&Find…"), "search", "Ctrl+F")
        self.replace = make("replace", _("Find and &replace…"), "search", "Ctrl+H")
        self.find_next = make("find-next", _("Find ne&xt"), "down", "F3")
        self.find_previous = make("find-previous", _("Find pre&vious"), "up", "Shift+F3")
        self.split = make("split", _("&Split here"), "split", "Ctrl+Shift+Return", TEXT)
        self.merge_next = make("merge-next", _("&Merge with the next"), "merge", "Ctrl+J", TEXT)
        self.merge_previous = make("merge-previous", _("Mer&ge with the one before"), "merge", "Ctrl+Shift+J", TEXT)
        self.insert = make("insert", _("&Insert after"), "add", "Ctrl+Shift+A", TEXT)
        self.delete = make("delete", _("&Delete"), "remove", "Ctrl+Shift+Delete", TEXT)
        self.speaker = make("speaker", _("Spea&ker…"), "language", "Ctrl+L")
        self.keep = make("keep", _("&Keep this text"), "done", KEEP_KEY, TEXT)
        self.next_place = make("next-place", _("Next p&lace to check"), "down", "F8")
        self.previous_place = make("previous-place", _("Pre&vious place to check"), "up", "Shift+F8")
        self.review = make("review", _("Re&view doubtful words"), "tune", "F7")
        self.hear_again = make("hear-again", _("&Hear this part again…"), "retry", "Ctrl+Shift+H")
        self.compare = make("compare", _("&Compare with the original…"), "copy", "Ctrl+Shift+D")
        self.revert = make("revert", _("Re&vert to what was heard"), "undo", "Ctrl+Shift+U")
        self.start_here = make("start-here", _("Star&ts at the playhead"), "down", "Ctrl+[")
        self.end_here = make("end-here", _("En&ds at the playhead"), "up", "Ctrl+]")
        cases: dict[Case, str] = {
            "sentence": _("&Sentence case"),
            "lower": _("&lower case"),
            "upper": _("&UPPER CASE"),
            "title": _("&Title Case"),
        }
        self._cases = [
            make(f"case-{case}", label, "words", f"Ctrl+Shift+{number}")
            for number, (case, label) in enumerate(cases.items(), 1)
        ]
        for case, action in zip(cases, self._cases, strict=True):
            action.triggered.connect(partial(self.case_wanted.emit, case))

    def _make_playback_commands(self) -> None:
        make = self._make
        self.play = make("play", _("&Play or pause"), "play", "Ctrl+Space")
        self.loop = make("loop", _("&Loop this part"), "loop", "Ctrl+Shift+L", checkable=True)
        self.back = make("back", _("&Back a little"), "up", "Alt+,")
        self.forward = make("forward", _("&Forward a little"), "down", "Alt+.")
        self.previous_word = make("previous-word", _("The word be&fore"), "step-back", "Alt+Left")
        self.next_word = make("next-word", _("The next &word"), "step-forward", "Alt+Right")
        self.previous_segment = make("previous-segment", _("The segment &before"), "up", "Alt+PgUp")
        self.next_segment = make("next-segment", _("The next &segment"), "down", "Alt+PgDown")
        self.slower = make("slower", _("S&lower"), "down", "Alt+-")
        self.faster = make("faster", _("Fas&ter"), "up", "Alt++")
        self.usual_speed = make("usual-speed", _("&Usual speed"), "play", "Alt+0")
        self.follow = make("follow", _("F&ollow the sound again"), "down", "Ctrl+Shift+F")
        self._playback = [
            self.play, self.loop, None, self.back, self.forward, self.previous_word, self.next_word,
            self.previous_segment, self.next_segment, None, self.slower, self.faster, self.usual_speed, self.follow,
        ]  # fmt: skip

    def _make_view_commands(self) -> None:
        make = self._make
        self.switch_side = make("switch-side", _("Queue or te&xt"), "window", "F6")
        self.show_cues = make("show-cues", _("Table of &cues"), "words", "Ctrl+T", checkable=True)
        self.show_waveform = make("show-waveform", _("&Waveform"), "waveform", "Ctrl+Shift+W", checkable=True)
        self.show_video = make("show-video", _("&Picture"), "picture", "Ctrl+Shift+M", checkable=True)
        self.zoom_in = make("zoom-in", _("Zoom &in on the sound"), "add", "Ctrl++")
        self.zoom_out = make("zoom-out", _("Zoom &out of the sound"), "up", "Ctrl+-")
        self.zoom_all = make("zoom-all", _("&All of the sound"), "window", "Ctrl+0")
        self.command_list = make("commands", _("All &commands…"), "search", "Ctrl+Shift+P")
        self.shortcuts = make("shortcuts", _("&Keys…"), "settings", "Ctrl+K")
        self._view = [
            self.switch_side, self.show_cues, self.show_waveform, self.show_video, None, self.zoom_in, self.zoom_out,
            self.zoom_all,
        ]  # fmt: skip

    def of_scope(self, scope: str) -> list[QAction]:
        """Those whose keys hold in one part of the window; the part has to take them."""
        return [action for action in self.all.values() if action.data() == scope]

    def allow(self, jobs: Sequence[Job], chosen: Sequence[Job], held: bool) -> None:
        """Offer only what makes sense for the jobs of the queue and the chosen ones among them."""
        states = {job.state for job in chosen}
        holds = is_holding(jobs, held)
        self.start.setText(_("Pause &queue") if holds else _("&Start"))
        self.start.setIcon(icons.icon("pause" if holds else "play"))
        self.start.setEnabled(holds or any(job.state in (JobState.WAITING, JobState.INTERRUPTED) for job in jobs))
        self.pause.setEnabled(bool(states & {JobState.RUNNING, JobState.WAITING}))
        self.cancel.setEnabled(bool(states - {JobState.DONE, JobState.CANCELLED}))
        self.resume.setEnabled(any(job.is_resumable for job in chosen))
        self.again.setEnabled(any(job.media for job in chosen))
        for action in (self.remove, self.up, self.down):
            action.setEnabled(bool(chosen))
        for one in (self.export_menu, self.export, self.export_chosen, self.save_elsewhere):
            one.setEnabled(any(job.heard_ms for job in chosen))
        is_open = any(job.state not in LOCKED for job in chosen)
        self.copy_video.setEnabled(len(chosen) == 1 and bool(chosen[0].heard_ms and chosen[0].media))
        self.names.setEnabled(is_open)
        for menu in self._option_menus:
            menu.setEnabled(is_open)
        has_places = len(chosen) == 1 and bool(chosen[0].coverage.to_check)
        for action in (self.next_place, self.previous_place):
            action.setEnabled(has_places)

    def allow_recording(self, state: State) -> None:
        """Offer what the recorder can do now."""
        runs = state in (State.RECORDING, State.PAUSED)
        is_paused = state is State.PAUSED
        self.record.setEnabled(state is State.IDLE)
        self.record_pause.setText(_("&Go on recording") if is_paused else _("&Pause the recording"))
        self.record_pause.setIconText(_("Go on") if is_paused else _("Pause"))
        self.record_pause.setIcon(icons.icon("record-dot" if is_paused else "pause"))
        for action in (self.record_pause, self.record_mark):
            action.setEnabled(runs)
        self.record_stop.setEnabled(runs or state is State.STARTING)

    def allow_dictation(self, settings: Settings, dictation: Dictation) -> None:
        """Offer what dictation can do now."""
        self.dictate.setEnabled(settings.dictation)
        self.dictate.setText(_("&End the dictation") if dictation.listening else _("&Dictate"))

    # --- making them ---

    def _make(
        self, name: str, text: str, icon: str, shortcut: str, scope: str = EVERYWHERE, checkable: bool = False
    ) -> QAction:
        action = QAction(icons.icon(icon), text, self._window)
        action.setObjectName(name)
        action.setCheckable(checkable)
        action.setShortcut(QKeySequence(shortcut))
        if scope == EVERYWHERE:
            self._window.addAction(action)
        elif scope == TEXT:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setData(scope)
        self.all[name] = action
        return action

    def _main_menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.addActions([self.add, self.add_folder, self.paste, self.import_subtitles])
        menu.addSeparator()
        menu.addActions([self.start, self.pause, self.resume, self.cancel, self.again])
        menu.addActions([self.up, self.down, self.remove])
        menu.addSeparator()
        for one in (
            self.recorder_menu,
            self.dictation_menu,
            self.export_menu,
            self.text_menu,
            self.playback_menu,
            self.view_menu,
        ):
            menu.addMenu(one)
        menu.addSeparator()
        menu.addAction(self.models)
        menu.addMenu(self.machine_menu)
        menu.addActions([self.command_list, self.shortcuts, self.settings, self.quit])
        return menu

    def _text_menu(self) -> QMenu:
        case = self._menu(_("C&ase"), "words", self._cases)
        return self._menu(
            _("Te&xt"),
            "words",
            [
                self.undo, self.redo, None, self.find, self.replace, None, self.split, self.merge_next,
                self.merge_previous, self.insert, self.delete, self.speaker, case, self.start_here, self.end_here, None,
                self.next_place, self.previous_place, self.keep, self.review, self.hear_again, None,
                self.compare, self.revert, self.import_onto,
            ],
        )  # fmt: skip

    def _menu(self, title: str, icon: str, entries: Sequence[QAction | QMenu | None]) -> QMenu:
        """None is a line between two groups."""
        menu = QMenu(title, self._window)
        menu.setIcon(icons.icon(icon))
        for entry in entries:
            if isinstance(entry, QMenu):
                menu.addMenu(entry)
            elif entry:
                menu.addAction(entry)
            else:
                menu.addSeparator()
        return menu

    def _job_menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.addActions([self.resume, self.pause, self.cancel, self.again])
        menu.addSeparator()
        for one in self._option_menus:
            menu.addMenu(one)
        menu.addAction(self.names)
        menu.addSeparator()
        menu.addMenu(self.export_menu)
        menu.addSeparator()
        menu.addActions([self.up, self.down, self.remove])
        return menu

    def _export_menu(self, formats: Choices) -> QMenu:
        menu = QMenu(_("E&xport"), self._window)
        menu.setIcon(icons.icon("export"))
        menu.addActions([self.export, self.export_chosen])
        menu.addSeparator()
        for name, label in formats:
            menu.addAction(label).setData([name])
        menu.addSeparator()
        menu.addActions([self.save_elsewhere, self.copy_video])
        menu.triggered.connect(self._on_export)
        return menu

    def show_models(self, choices: Choices) -> None:
        """Offer these models from now on."""
        self._model_menu.clear()
        self._fill(self._model_menu, "model", choices)

    @staticmethod
    def _fill(menu: QMenu, option: str, choices: Choices) -> None:
        for value, label in choices:
            menu.addAction(label).setData({option: value})

    def _option_menu(self, title: str, option: str, choices: Choices) -> QMenu:
        menu = QMenu(title, self._window)
        self._fill(menu, option, choices)
        menu.triggered.connect(self._on_option)
        return menu

    @Slot(QAction)
    def _on_option(self, action: QAction) -> None:
        self.options_wanted.emit(action.data())

    @Slot(QAction)
    def _on_export(self, action: QAction) -> None:
        if isinstance(action.data(), list):  # the others have keys, too, and are connected by themselves
            self.export_wanted.emit(action.data())


def is_holding(jobs: Sequence[Job], held: bool) -> bool:
    """Whether the start button means "pause": something runs, or would run next."""
    working = any(job.state is JobState.RUNNING for job in jobs)
    return working or (not held and any(job.state is JobState.WAITING for job in jobs))
