"""Everything that can be done in the window, as actions with a key each, and the menus that offer them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.i18n import _
from desktop.core.jobs import Job, JobState
from desktop.core.languages import LANGUAGES
from desktop.core.options import AUTO
from desktop.core.settings import about_setting
from desktop.ui import icons
from desktop.ui.transcript_page import KEEP_KEY

Choices = Sequence[tuple[str, str]]
"""Values and what the user reads for them."""

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
    """The actions belong to the window, so that their keys work in all of it. What they do is connected there."""

    options_wanted = Signal(dict)
    export_wanted = Signal(list)
    """Names of formats."""

    def __init__(self, window: QWidget, models: Choices, formats: Choices) -> None:
        super().__init__(window)
        self._window = window
        make = self._make
        self.add = make(_("&Add files…"), "add", "Ctrl+O")
        self.add_folder = make(_("Add &folder…"), "open-folder", "Ctrl+Shift+O")
        self.paste = make(_("&Paste files"), "copy", "Ctrl+Shift+V")
        self.start = make(_("&Start"), "play", "Ctrl+Return")
        self.pause = make(_("Pa&use"), "pause", "Ctrl+P")
        self.resume = make(_("&Resume"), "play", "Ctrl+R")
        self.cancel = make(_("&Cancel"), "cancel", "Ctrl+.")
        self.again = make(_("&Transcribe again"), "retry", "Ctrl+Shift+R")
        self.up = make(_("Move &up"), "up", "Alt+Up")
        self.down = make(_("Move &down"), "down", "Alt+Down")
        self.remove = make(_("Re&move from queue"), "remove", "Delete")
        self.undo = make(_("U&ndo change of text"), "undo", "Ctrl+Z")
        self.redo = make(_("Re&do change of text"), "retry", "Ctrl+Shift+Z")
        self.next_place = make(_("Next p&lace to check"), "down", "F8")
        self.previous_place = make(_("Pre&vious place to check"), "up", "Shift+F8")
        self.keep = make(_("&Keep this text"), "done", KEEP_KEY)
        self.switch_side = make(_("Queue or te&xt"), "window", "F6")
        self.settings = make(_("S&ettings…"), "settings", "Ctrl+,")
        self.quit = make(_("&Quit"), "quit", "Ctrl+Q")
        self.names = make(_("&Names and words…"), "words", "Ctrl+Shift+N")
        self.export = make(_("Chosen &formats"), "export", "Ctrl+E")
        self.save_elsewhere = make(_("&Save elsewhere…"), "folder", "Ctrl+Shift+S")
        self._option_menus = [
            self._option_menu(_("&Language"), "language", language_choices()),
            self._option_menu(_("&Write"), "task", task_choices()),
            self._option_menu(_("M&odel"), "model", models),
            self._option_menu(_("Way of wor&king"), "mode", mode_choices()),
        ]
        self.export_menu = self._export_menu(formats)
        self.job_menu = self._job_menu()
        self.main_menu = self._main_menu()

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
        for one in (self.export_menu, self.export, self.save_elsewhere):
            one.setEnabled(any(job.heard_ms for job in chosen))
        is_open = any(job.state not in LOCKED for job in chosen)
        self.names.setEnabled(is_open)
        for menu in self._option_menus:
            menu.setEnabled(is_open)
        has_places = len(chosen) == 1 and bool(chosen[0].coverage.to_check)
        for action in (self.next_place, self.previous_place):
            action.setEnabled(has_places)

    # --- making them ---

    def _make(self, text: str, icon: str, shortcut: str) -> QAction:
        action = QAction(icons.icon(icon), text, self._window)
        action.setShortcut(QKeySequence(shortcut))
        self._window.addAction(action)
        return action

    def _main_menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.addActions([self.add, self.add_folder, self.paste])
        menu.addSeparator()
        menu.addActions([self.start, self.pause, self.resume, self.cancel, self.again])
        menu.addActions([self.up, self.down, self.remove])
        menu.addSeparator()
        menu.addMenu(self.export_menu)
        menu.addActions([self.undo, self.redo])
        menu.addActions([self.next_place, self.previous_place, self.keep, self.switch_side])
        menu.addSeparator()
        menu.addActions([self.settings, self.quit])
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
        menu.addAction(self.export)
        menu.addSeparator()
        for name, label in formats:
            menu.addAction(label).setData([name])
        menu.addSeparator()
        menu.addAction(self.save_elsewhere)
        menu.triggered.connect(self._on_export)
        return menu

    def _option_menu(self, title: str, option: str, choices: Choices) -> QMenu:
        menu = QMenu(title, self._window)
        for value, label in choices:
            menu.addAction(label).setData({option: value})
        menu.triggered.connect(self._on_option)
        return menu

    @Slot(QAction)
    def _on_option(self, action: QAction) -> None:
        self.options_wanted.emit(action.data())

    @Slot(QAction)
    def _on_export(self, action: QAction) -> None:
        if action not in (self.export, self.save_elsewhere):  # these have keys, too, and are connected by themselves
            self.export_wanted.emit(action.data())


def is_holding(jobs: Sequence[Job], held: bool) -> bool:
    """Whether the start button means "pause": something runs, or would run next."""
    working = any(job.state is JobState.RUNNING for job in jobs)
    return working or (not held and any(job.state is JobState.WAITING for job in jobs))
