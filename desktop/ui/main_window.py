"""The one window: the queue on one side, the transcript on the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QSettings, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.events import Loading
from desktop.core.i18n import _, _n
from desktop.core.jobs import Engine, Job, JobId, JobState
from desktop.core.recording import Facts
from desktop.core.transcript import DEMO_MODEL, Transcript
from desktop.ui.command_list import CommandList
from desktop.ui.commands import LOCKED, QUEUE, Commands, is_holding
from desktop.ui.editor_pane import EditorPane
from desktop.ui.empty_state import EmptyState
from desktop.ui.file_dialogs import FileDialogs
from desktop.ui.names_dialog import NamesDialog
from desktop.ui.notices import Notices
from desktop.ui.queue_model import QueueModel, dropped_paths
from desktop.ui.queue_view import COMPACT, READABLE, QueueView
from desktop.ui.recorder.recorder import Recorder
from desktop.ui.theme import hairline
from desktop.ui.top_bar import TopBar
from desktop.ui.two_panes import TwoPanes

QUEUE_WIDTH = 300
SMALLEST = (720, 480)
FIRST_SIZE = (1080, 700)


class MainWindow(QMainWindow):
    """Shows jobs and transcripts; says what the user wishes. Does nothing by itself."""

    files_dropped = Signal(list)
    start_wanted = Signal()
    hold_wanted = Signal()
    pause_wanted = Signal(list)
    cancel_wanted = Signal(list)
    resume_wanted = Signal(list)
    again_wanted = Signal(list)
    remove_wanted = Signal(list)
    put_back_wanted = Signal(list)
    move_wanted = Signal(list, object)
    options_wanted = Signal(list, dict)
    export_wanted = Signal(list, list, str)
    """Job ids, format names, and the folder; empty for where the settings say."""
    transcript_wanted = Signal(object)
    """The id of the job whose text shall be shown; None for no text."""
    export_dialog_wanted = Signal(list)
    copy_wanted = Signal(object, object)
    """A job, and the path of the copy of its video that gets the subtitles."""
    import_wanted = Signal(list)
    """Paths of subtitles that become transcripts."""
    import_onto_wanted = Signal(object)
    """The path of subtitles whose text belongs to the words that are shown."""
    compare_wanted = Signal()
    shortcuts_wanted = Signal()
    settings_wanted = Signal()
    quit_wanted = Signal()
    closed = Signal()

    def __init__(
        self, memory: QSettings, models: Sequence[tuple[str, str]], formats: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__()
        self._memory = memory
        self._held = False
        self._shown: JobId | None = None
        self.setWindowTitle("Undertone")
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self.notices = Notices()
        self.model = QueueModel()
        self.commands = Commands(self, models, formats)
        self.pane = EditorPane(models, self.commands)
        used = str(memory.value("commands") or "").split()
        self.command_list = CommandList(self.actions_with_keys, self, used)
        self.command_list.used_changed.connect(self._on_commands_used)
        self.queue = QueueView(self.model, self.commands.job_menu)
        self.recorder = Recorder(self.commands, memory, self.notices)
        self._dialogs = FileDialogs(self, memory)
        self._bar = TopBar(self.commands, self.recorder)
        self._shows_recorder = False
        self._right = QStackedWidget()
        self._engine = QLabel()
        self._demo = QLabel()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._restore_shape()
        self._refresh()

    # --- what is shown ---

    @Slot(list)
    def show_models(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these models from now on."""
        self.commands.show_models(choices)
        self.pane.head.show_models(choices)

    def show_offer(self, sentence: str) -> None:
        """Offer a model where there is nothing else to show; an empty sentence when there is one."""
        self._empty.show_offer(sentence)

    @Slot(object)
    def show_job(self, job: Job) -> None:
        """Show a job's new value."""
        was_empty, is_new = not self.model.jobs(), self.model.row_of(job.id) is None
        self.model.show_job(job)
        if self._shows_recorder:
            if job.id == self.recorder.job_id and (is_new or not self.queue.chosen()):
                self.queue.choose([job.id])
        elif was_empty:
            self.queue.choose([job.id])
        self._refresh()

    @Slot(list)
    def remove_jobs(self, job_ids: Sequence[JobId]) -> None:
        """Show these jobs no more."""
        chosen = {job.id for job in self.queue.chosen()}
        row = min((self.model.row_of(job_id) or 0 for job_id in job_ids), default=0)
        self.model.remove(job_ids)
        jobs = self.model.jobs()
        if jobs and chosen <= set(job_ids):
            self.queue.choose([jobs[min(row, len(jobs) - 1)].id])
        self._refresh()

    @Slot(int, object)
    def show_transcript(self, job_id: JobId, transcript: Transcript) -> None:
        """Show the text of a job, if it is still the chosen one."""
        if job_id == self._shown:
            self.pane.show_transcript(transcript)

    def show_facts(self, job_id: JobId, facts: Facts | None) -> None:
        """Show the marks and gaps of a recording, if it is still the chosen job."""
        if job_id == self._shown:
            self.pane.marks.show_facts(facts)
            self.pane.document.set_flags([mark.at_ms for mark in facts.marks] if facts else ())

    @Slot(bool)
    def show_held(self, held: bool) -> None:
        """Show whether the queue is held."""
        self._held = held
        self._refresh()

    @Slot(object)
    def show_loading(self, news: Loading) -> None:
        """Show that a model is being loaded."""
        text = _("Loading {model} ({device} {type})…")
        self._engine.setText(text.format(model=news.model, device=news.device, type=news.compute_type))

    @Slot(object)
    def show_engine(self, engine: Engine) -> None:
        """Show where the engine runs and why."""
        self._engine.setText(engine.reason)
        self._demo.setText(_(DEMO_MODEL) if engine.is_demo else "")

    @Slot(object)
    def show_already_there(self, job: Job) -> None:
        """Offer the transcript that is there already, or another run."""
        self.queue.choose([job.id])
        if job.state is JobState.DONE:
            self.notices.show_notice(
                _("This file is already transcribed."),
                _("Transcribe again"),
                partial(self.again_wanted.emit, [job.id]),
            )
        else:
            self.notices.show_notice(_("This file is already in the queue."))

    @Slot()
    def show_recorder(self) -> None:
        """Show the recorder in front of all windows."""
        self.bring_up()
        self._turn_to_recorder()

    @Slot()
    def _turn_to_recorder(self) -> None:
        self._shows_recorder = True
        self.recorder.look()
        job_id = self.recorder.job_id
        if job_id is not None and self.model.row_of(job_id) is not None:
            self.queue.choose([job_id])
        else:
            self.queue.clearSelection()
        self._refresh()
        page = self.recorder.page
        (page.running.text if self.recorder.is_running else page.ready.button).setFocus()

    @Slot()
    def _on_show_recorder(self) -> None:
        """Its key leads there; while nothing is recorded, back again, too."""
        if self._shows_recorder and not self.recorder.is_running:
            self._leave_recorder(None)
        else:
            self.show_recorder()

    @Slot()
    def _on_record(self) -> None:
        if self.recorder.is_running:
            self.show_recorder()
        else:
            self.commands.record.trigger()

    @Slot(object)
    def _leave_recorder(self, job_id: JobId | None) -> None:
        """Show the text of a job instead, or whatever there is."""
        if not self._shows_recorder:
            return
        self._shows_recorder = False
        jobs = self.model.jobs()
        if job_id is not None:
            self.queue.choose([job_id])
        elif jobs and not self.queue.chosen():
            self.queue.choose([jobs[0].id])
        self._refresh()

    @Slot(object)
    def _on_recording_ended(self, job_id: JobId | None) -> None:
        if job_id is not None:
            self._leave_recorder(job_id)
        self._refresh()

    def choose(self, job_id: JobId) -> None:
        """Select a job."""
        self.queue.choose([job_id])

    @Slot()
    def bring_up(self) -> None:
        """Show the window in front of the others."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    @Slot()
    def ask_for_files(self) -> None:
        """Let the user choose files to transcribe."""
        self._drop(self._dialogs.media())

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose a folder to transcribe."""
        self._drop(self._dialogs.media_folder())

    def ask_where_to_save(self, job_ids: Sequence[JobId], formats: Sequence[str]) -> None:
        """Let the user choose another folder for an export."""
        if folder := self._dialogs.export_folder():
            self.export_wanted.emit(list(job_ids), list(formats), folder)

    def remember_shape(self) -> None:
        """Keep size and place for the next start."""
        self._memory.setValue("geometry", self.saveGeometry())
        self._memory.setValue("queue_width", self._splitter.wished)
        self._memory.setValue("sound_height", self.pane.splitter.wished)
        self.pane.sound.remember(self._memory)
        for command in (self.commands.show_waveform, self.commands.show_video, self.commands.show_cues):
            self._memory.setValue(command.objectName(), command.isChecked())

    # --- layout ---

    def _lay_out(self) -> None:
        self._right.addWidget(self.pane)
        self._right.addWidget(self.recorder.page)
        self._splitter = TwoPanes(self.queue, self._right, self.queue, Qt.Orientation.Horizontal)
        self._splitter.give_way(READABLE, COMPACT)
        self._empty = EmptyState(self.ask_for_files)
        self._empty.models_wanted.connect(self.commands.models.trigger)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._splitter)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(hairline())
        layout.addWidget(self.recorder.recovered)
        layout.addWidget(self.notices)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self._engine.setForegroundRole(self._engine.palette().ColorRole.PlaceholderText)
        self._engine.setContentsMargins(12, 0, 0, 0)
        self._demo.setContentsMargins(0, 0, 12, 0)
        self.statusBar().addWidget(self._engine, 1)
        self.statusBar().addPermanentWidget(self._demo)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        self.queue.selection_changed.connect(self._on_selection_changed)
        self.queue.addActions(self.commands.of_scope(QUEUE))
        self.queue.paste_wanted.connect(self.commands.paste.trigger)
        self.queue.read_wanted.connect(self.commands.switch_side.trigger)
        self.model.files_dropped.connect(self.files_dropped)
        self.model.move_wanted.connect(self.move_wanted)
        self.pane.options_wanted.connect(self._on_options)
        self.pane.mend_wanted.connect(self._on_resume)
        self.pane.failed.connect(self.notices.show_error)
        self.pane.marks.place_wanted.connect(self.pane.show_place)
        self.pane.marks.place_wanted.connect(self.pane.sound.seek)
        self._bar.add_wanted.connect(self.ask_for_files)
        self._bar.record_wanted.connect(self._on_record)
        self._bar.start_wanted.connect(self._on_start_or_hold)
        self.recorder.page_wanted.connect(self.show_recorder)
        self.recorder.called.connect(self._turn_to_recorder)
        self.recorder.state_changed.connect(self._bar.show_recorder)
        self.recorder.second_passed.connect(self._bar.show_recorder)
        self.recorder.ended.connect(self._on_recording_ended)
        self._connect_commands()

    def _connect_commands(self) -> None:
        commands = self.commands
        commands.add.triggered.connect(self.ask_for_files)
        commands.add_folder.triggered.connect(self.ask_for_folder)
        commands.paste.triggered.connect(self._on_paste)
        commands.start.triggered.connect(self._on_start_or_hold)
        commands.pause.triggered.connect(self._on_pause)
        commands.resume.triggered.connect(self._on_resume)
        commands.cancel.triggered.connect(self._on_cancel)
        commands.again.triggered.connect(self._on_again)
        commands.up.triggered.connect(self._on_up)
        commands.down.triggered.connect(self._on_down)
        commands.remove.triggered.connect(self._on_remove)
        commands.names.triggered.connect(self._on_names)
        commands.switch_side.triggered.connect(self._on_switch_side)
        commands.settings.triggered.connect(self.settings_wanted)
        commands.quit.triggered.connect(self.quit_wanted)
        commands.export.triggered.connect(self._on_export_dialog)
        commands.export_chosen.triggered.connect(self._on_export_chosen)
        commands.copy_video.triggered.connect(self._on_copy_video)
        commands.import_subtitles.triggered.connect(self._on_import)
        commands.import_onto.triggered.connect(self._on_import_onto)
        commands.compare.triggered.connect(self.compare_wanted)
        commands.shortcuts.triggered.connect(self.shortcuts_wanted)
        commands.show_recorder.triggered.connect(self._on_show_recorder)
        commands.record.changed.connect(self._bar.show_recorder)
        commands.command_list.triggered.connect(self.command_list.open)
        commands.undo.triggered.connect(self.pane.undo_wanted)
        commands.redo.triggered.connect(self.pane.redo_wanted)
        commands.save_elsewhere.triggered.connect(self._on_save_elsewhere)
        commands.options_wanted.connect(self._on_options)
        commands.export_wanted.connect(self._on_export)

    @Slot(str, str)
    def show_history(self, undo: str, redo: str) -> None:
        """Say in the menu what undo and redo would do."""
        for command, label, wanted in (
            (self.commands.undo, _("U&ndo"), undo),
            (self.commands.redo, _("Re&do"), redo),
        ):
            command.setEnabled(bool(wanted))
            command.setText(f"{label}: {_(wanted)}" if wanted else label)

    def actions_with_keys(self) -> list[QAction]:
        """Everything that can be done, for the list of commands and the choice of keys."""
        return [*self.commands.all.values(), *self.pane.cues.commands.actions.values(), self.pane.review_bar.again]

    def _restore_shape(self) -> None:
        self.resize(*FIRST_SIZE)
        shape = self._memory.value("geometry")
        if isinstance(shape, QByteArray):
            self.restoreGeometry(shape)
        self._splitter.wish(int(str(self._memory.value("queue_width", QUEUE_WIDTH))))
        self.pane.splitter.wish(int(str(self._memory.value("sound_height", -1))))
        for command, usual in (
            (self.commands.show_waveform, "true"),
            (self.commands.show_video, "true"),
            (self.commands.show_cues, "false"),
        ):
            command.setChecked(str(self._memory.value(command.objectName(), usual)) == "true")
        self.pane.sound.restore(self._memory)
        self.resize(self.size().boundedTo(self.screen().availableSize()))  # another screen or scale than last time

    @Slot(object)
    def _on_commands_used(self, names: Sequence[str]) -> None:
        self._memory.setValue("commands", " ".join(names))

    # --- keeping everything that is shown in step ---

    def _refresh(self) -> None:
        jobs = self.model.jobs()
        self._stack.setCurrentWidget(self._splitter if jobs or self._shows_recorder else self._empty)
        self.queue.setVisible(bool(jobs))
        self._right.setCurrentWidget(self.recorder.page if self._shows_recorder else self.pane)
        self.pane.show_jobs(self.queue.chosen())
        self.commands.allow(self._queued(jobs), self._queued(self.queue.chosen()), self._held)
        self._bar.show_queue(jobs)

    @Slot()
    def _on_selection_changed(self) -> None:
        chosen = self.queue.chosen()
        job_id = chosen[0].id if len(chosen) == 1 else None
        if chosen:
            self._shows_recorder = job_id is not None and job_id == self.recorder.job_id
        if job_id != self._shown:
            self.pane.keep_changes()
            self._shown = job_id
            self.pane.clear()
            self.pane.marks.show_facts(None)
            self.pane.document.set_flags(())
            self.transcript_wanted.emit(job_id)
        self._refresh()

    # --- wishes ---

    def _ids(self) -> list[JobId]:
        return [job.id for job in self._queued(self.queue.chosen())]

    @staticmethod
    def _queued(jobs: Iterable[Job]) -> list[Job]:
        """Those that the queue can do something with: a recording belongs to the recorder while it runs."""
        return [job for job in jobs if not job.is_being_recorded]

    @Slot()
    def _on_start_or_hold(self) -> None:
        (self.hold_wanted if is_holding(self._queued(self.model.jobs()), self._held) else self.start_wanted).emit()

    @Slot()
    def _on_pause(self) -> None:
        self.pause_wanted.emit(self._ids())

    @Slot()
    def _on_resume(self) -> None:
        self.resume_wanted.emit(self._ids())
        self.start_wanted.emit()

    @Slot()
    def _on_cancel(self) -> None:
        self.cancel_wanted.emit(self._ids())

    @Slot()
    def _on_again(self) -> None:
        self.again_wanted.emit(self._ids())

    @Slot()
    def _on_remove(self) -> None:
        jobs = self._queued(self.queue.chosen())
        if not jobs:
            return
        self.remove_wanted.emit([job.id for job in jobs])
        self.notices.show_notice(
            _n("{count} file removed from the queue.", "{count} files removed from the queue.", len(jobs)),
            _("Undo"),
            partial(self.put_back_wanted.emit, [job.id for job in jobs]),
            seconds=10,
        )

    @Slot()
    def _on_up(self) -> None:
        self._move(up=True)

    @Slot()
    def _on_down(self) -> None:
        self._move(up=False)

    def _move(self, up: bool) -> None:
        wish = self.queue.neighbour(up)
        if wish:
            self.move_wanted.emit(*wish)

    @Slot(dict)
    def _on_options(self, changes: dict[str, str]) -> None:
        self.options_wanted.emit(self._ids(), changes)

    @Slot()
    def _on_names(self) -> None:
        jobs = [job for job in self.queue.chosen() if job.state not in LOCKED]
        names = {job.options.hotwords for job in jobs}
        if jobs:
            dialog = NamesDialog(names.pop() if len(names) == 1 else None, self)
            dialog.chosen.connect(partial(self._on_names_chosen, [job.id for job in jobs]))
            dialog.open()

    def _on_names_chosen(self, job_ids: list[JobId], names: str) -> None:
        self.options_wanted.emit(job_ids, {"hotwords": names})

    @Slot()
    def _on_export_chosen(self) -> None:
        self._on_export([])

    @Slot(list)
    def _on_export(self, formats: Sequence[str]) -> None:
        self.pane.keep_changes()
        self.export_wanted.emit(self._ids(), list(formats), "")

    @Slot()
    def _on_save_elsewhere(self) -> None:
        self.pane.keep_changes()
        self.ask_where_to_save(self._ids(), [])

    @Slot()
    def _on_export_dialog(self) -> None:
        self.pane.keep_changes()
        self.export_dialog_wanted.emit(self._ids())

    @Slot()
    def _on_copy_video(self) -> None:
        self.pane.keep_changes()
        (job,) = self.queue.chosen()
        if target := self._dialogs.copy_of(job):
            self.copy_wanted.emit(job, target)

    @Slot()
    def _on_import(self) -> None:
        if paths := self._dialogs.subtitles():
            self.import_wanted.emit(paths)

    @Slot()
    def _on_import_onto(self) -> None:
        self.pane.keep_changes()
        for path in self._dialogs.subtitles_of_this():
            self.import_onto_wanted.emit(path)

    @Slot()
    def _on_paste(self) -> None:
        self._take_mime(QGuiApplication.clipboard().mimeData())

    @Slot()
    def _on_switch_side(self) -> None:
        (self.pane.text if self.queue.hasFocus() else self.queue).setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- files ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._empty.show_drag(True)

    def dragLeaveEvent(self, event: object) -> None:
        self._empty.show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._empty.show_drag(False)
        if self._take_mime(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _take_mime(self, mime: QMimeData) -> bool:
        paths = dropped_paths(mime)
        if paths:
            self.files_dropped.emit(paths)
        elif mime.hasUrls():
            self.notices.show_notice(_("Only files of this machine can be added: download it first."))
        return bool(paths)

    def _drop(self, paths: list[Path]) -> None:
        if paths:
            self.files_dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pane.keep_changes()
        self.remember_shape()
        super().closeEvent(event)
        self.closed.emit()
