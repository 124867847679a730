"""The joints around the text that is open: its editor, its sound, its dialogs, and what goes in and out as files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from os.path import expanduser as expanded  # unlike the one of Path it never raises
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QProgressDialog

from desktop.core import editing
from desktop.core.errors import AppError
from desktop.core.events import Finished, Working
from desktop.core.formats import WriteOptions
from desktop.core.i18n import _, _n
from desktop.core.jobs import Job, JobId
from desktop.core.rules import Rules
from desktop.core.settings import OWN_STYLE, Settings
from desktop.core.transcript import Segment
from desktop.engine.client import EngineClient, PeaksDrawer
from desktop.engine.models import Models
from desktop.services.editor import Editor
from desktop.services.file_queue import FileQueue
from desktop.services.ledger import Ledger
from desktop.services.listening import Listening
from desktop.services.second_opinion import SecondOpinion
from desktop.services.video_copy import VideoCopy
from desktop.store.exports import Exports
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.store.peaks_cache import PeaksCache
from desktop.store.style_file import keep_own_style, style_of
from desktop.ui.commands import Choices
from desktop.ui.main_window import MainWindow

if TYPE_CHECKING:  # dialogs are loaded when they are first wanted: the window shall be there at once
    from desktop.core.reading import Note
    from desktop.ui.comparison_dialog import ComparisonDialog
    from desktop.ui.export_choices import ExportChoices
    from desktop.ui.export_dialog import ExportDialog


class EditingDesk(QObject):
    """Connects the editor with the pane that shows it and with the queue that feeds it."""

    setting_chosen = Signal(str, object)
    """Name and value of a setting that was changed beside the text."""

    def __init__(
        self,
        window: MainWindow,
        files: FileQueue,
        library: Library,
        ledger: Ledger,
        models: tuple[Models, Choices],
        paths: Paths,
        memory: QSettings,
    ) -> None:
        super().__init__()
        self._window, self._files, self._library, self._ledger = window, files, library, ledger
        self._paths, self._memory = paths, memory
        self._settings = Settings()
        self._model_choices = models[1]
        self.editor = Editor(library, ledger)
        self._opinion = SecondOpinion(EngineClient(models[0]))
        self._listening = Listening(PeaksDrawer(), PeaksCache(paths.peaks))
        self._copy = VideoCopy(library, _mux)
        self._comparison: ComparisonDialog | None = None
        self._connect()

    def use_settings(self, settings: Settings) -> None:
        """Compose and mark as they say."""
        self._settings = settings
        self._window.pane.use_settings(self.rules(settings), settings.doubt_percent)

    @Slot(list)
    def use_models(self, choices: Choices) -> None:
        """Offer these models for a second opinion from now on."""
        self._model_choices = choices

    def exports(self, settings: Settings) -> Exports:
        """What writes files as the settings say."""
        folder = Path(expanded(settings.export_folder)) if settings.export_folder else None
        options = WriteOptions(settings.word_timestamps, settings.export_suspects, self.rules(settings))
        return Exports(folder, settings.collision, options)

    def rules(self, settings: Settings) -> Rules:
        """The subtitle style of the settings."""
        return style_of(settings, self._paths.style_file)

    def close(self) -> None:
        """Keep what is being typed; let go of the file and of the processes."""
        self._window.pane.keep_changes()
        self.editor.close()
        self._window.pane.sound.close_file()
        self._listening.close()
        self._opinion.close()
        self._copy.close()

    def _connect(self) -> None:
        window, files, editor = self._window, self._files, self.editor
        pane, sound = window.pane, window.pane.sound

        window.transcript_wanted.connect(editor.open)
        window.export_wanted.connect(self._on_export_wanted)
        window.export_dialog_wanted.connect(self._on_export_dialog_wanted)
        window.import_wanted.connect(files.import_subtitles)
        window.import_onto_wanted.connect(editor.import_onto)
        window.compare_wanted.connect(self._on_compare_wanted)
        window.copy_wanted.connect(self._on_copy_wanted)

        pane.edit_wanted.connect(editor.do)
        pane.undo_wanted.connect(editor.undo)
        pane.redo_wanted.connect(editor.redo)
        pane.revert_wanted.connect(self._on_revert_wanted)
        pane.hearing_wanted.connect(self._on_hearing_wanted)
        pane.cues.rules_changed.connect(self._on_rules_changed)
        pane.doubt_chosen.connect(self._on_doubt_chosen)

        editor.opened.connect(window.show_transcript)
        editor.opened.connect(self._on_opened)
        editor.changed.connect(pane.take)
        editor.changed.connect(self._on_changed)
        editor.grown.connect(pane.grow)
        editor.history_changed.connect(window.show_history)
        editor.edited.connect(files.read_map)
        editor.imported.connect(self._on_notes)
        files.heard.connect(self._on_heard)
        files.imported.connect(self._on_imported)

        self._copy.done.connect(self._on_copied)
        self._copy.failed.connect(window.notices.show_error)
        sound.peaks_wanted.connect(self._listening.listen)
        sound.peaks_unwanted.connect(self._listening.leave)
        self._listening.known.connect(sound.show_peaks)
        self._listening.heard.connect(sound.add_peaks)
        self._listening.failed.connect(window.notices.show_error)

    # --- the text ---

    @Slot(int, int, object)
    def _on_heard(self, job_id: JobId, position: int, segments: Sequence[Segment]) -> None:
        if job := self._job(job_id):
            self.editor.hear(job_id, position, segments, job.coverage)

    @Slot(list)
    def _on_revert_wanted(self, positions: Sequence[int]) -> None:
        document = self.editor.document
        if document and positions:
            self.editor.do(editing.reverted_each(document.current, document.original, positions))

    @Slot()
    def _on_compare_wanted(self) -> None:
        document = self.editor.document
        if document is None or self._comparison:
            return
        from desktop.ui.comparison_dialog import ComparisonDialog

        dialog = ComparisonDialog(document.original, document.current, self._window)
        dialog.edit_wanted.connect(self.editor.do)
        dialog.place_wanted.connect(self._window.pane.show_place)
        dialog.addActions([self._window.commands.undo, self._window.commands.redo])  # their keys work there, too
        dialog.destroyed.connect(self._on_comparison_gone)
        self._comparison = dialog
        dialog.show()

    @Slot()
    def _on_opened(self) -> None:
        if self._comparison:
            self._comparison.close()  # it is about another text

    @Slot()
    def _on_comparison_gone(self) -> None:
        self._comparison = None

    @Slot()
    def _on_changed(self) -> None:
        if self._comparison and self.editor.document:
            self._comparison.take(self.editor.document.original, self.editor.document.current)

    @Slot(int, int)
    def _on_hearing_wanted(self, start_ms: int, end_ms: int) -> None:
        job = self._job(self.editor.job_id)
        if job is None:
            return
        from desktop.ui.opinion_dialog import OpinionDialog

        present = self._window.pane.present(start_ms, end_ms)
        dialog = OpinionDialog(start_ms, end_ms, present, job.options, self._model_choices, self._window)
        dialog.hearing_wanted.connect(partial(self._opinion.ask, job, start_ms, end_ms))
        dialog.cancel_wanted.connect(self._opinion.cancel)
        dialog.taken.connect(partial(self._take_opinion, job.id, start_ms, end_ms))
        self._opinion.told.connect(dialog.show_told)
        self._opinion.arrived.connect(dialog.show_found)
        self._opinion.failed.connect(dialog.show_error)
        self._opinion.ended.connect(dialog.show_ended)
        dialog.open()

    def _take_opinion(self, job_id: JobId, start_ms: int, end_ms: int, segments: Sequence[Segment]) -> None:
        document = self.editor.document
        if document and self.editor.job_id == job_id:
            self.editor.do(editing.heard_again(document.current, start_ms, end_ms, segments))

    def _job(self, job_id: JobId | None) -> Job | None:
        return next((job for job in self._files.jobs if job.id == job_id), None)

    # --- files ---

    @Slot(list, list, str)
    def _on_export_wanted(self, job_ids: Sequence[JobId], formats: Sequence[str], folder: str) -> None:
        settings = self._settings.with_value("export_folder", folder) if folder else self._settings
        self._files.export(job_ids, formats or settings.export_formats, self.exports(settings))

    @Slot(list)
    def _on_export_dialog_wanted(self, job_ids: Sequence[JobId]) -> None:
        from desktop.ui.export_dialog import ExportDialog

        jobs = [job for job in self._files.jobs if job.heard_ms]
        dialog = ExportDialog(jobs, self._export_choices(), self.rules(self._settings), job_ids, self._window)
        dialog.transcript_wanted.connect(partial(self._on_preview_wanted, dialog))
        dialog.export_wanted.connect(self._on_export_chosen)
        dialog.open()

    def _on_preview_wanted(self, dialog: ExportDialog, job_id: JobId) -> None:
        self._ledger.do(partial(self._library.transcript, job_id), partial(dialog.show_transcript, job_id))

    @Slot(list, object)
    def _on_export_chosen(self, job_ids: Sequence[JobId], choices: ExportChoices) -> None:
        self._memory.setValue("export", json.dumps(choices.to_record()))
        folder = Path(expanded(choices.folder)) if choices.folder else None
        exports = Exports(folder, choices.collision, choices.options(self.rules(self._settings)))
        self._files.export(job_ids, choices.formats, exports)

    def _export_choices(self) -> ExportChoices:
        """As the last time; the first time as the settings say."""
        from desktop.ui.export_choices import ExportChoices

        if kept := self._memory.value("export"):
            with suppress(ValueError):
                return ExportChoices.of(json.loads(str(kept)))
        settings = self._settings
        return ExportChoices(
            formats=settings.export_formats,
            style=settings.subtitle_style,
            word_timestamps=settings.word_timestamps,
            suspects=settings.export_suspects,
            folder=settings.export_folder,
            collision=settings.collision,
        )

    @Slot(object, object)
    def _on_copy_wanted(self, job: Job, target: Path) -> None:
        if self._copy.is_at_work:
            self._window.notices.show_notice(_("Another copy is being made: wait for it, or cancel it."))
            return
        exports = Exports(None, "overwrite", WriteOptions())  # the dialog has asked about a file that is there
        progress = QProgressDialog(_("Copying the video…"), _("Cancel"), 0, max(1, job.duration_ms), self._window)
        progress.setWindowTitle(_("Copy of the video with subtitles"))
        progress.setMinimumDuration(300)
        progress.canceled.connect(self._copy.cancel)
        self._copy.copied_to.connect(progress.setValue)
        self._copy.ended.connect(progress.reset)
        self._copy.ended.connect(progress.deleteLater)
        self._copy.copy(job, target, exports.new_file, WriteOptions(rules=self.rules(self._settings)))

    @Slot(object, object)
    def _on_copied(self, path: Path, notes: Sequence[AppError]) -> None:
        told = _("Written: {names}").format(names=path.name)
        self._window.notices.show_notice(" ".join([told, *map(str, notes)]), seconds=8)

    @Slot(object, list)
    def _on_imported(self, job: Job, notes: Sequence[Note]) -> None:
        self._window.choose(job.id)
        self._on_notes(notes)

    @Slot(list)
    def _on_notes(self, notes: Sequence[Note]) -> None:
        if notes:
            told = _n("{count} place in the file was odd.", "{count} places in the file were odd.", len(notes))
            self._window.notices.show_notice(f"{told} {notes[0].said}")

    @Slot(object, str)
    def _on_rules_changed(self, rules: Rules, preset: str) -> None:
        if not preset:
            try:
                keep_own_style(rules, self._paths.style_file)
            except AppError as error:
                self._window.notices.show_error(error)
                return
        self.setting_chosen.emit("subtitle_style", preset or OWN_STYLE)

    @Slot(int)
    def _on_doubt_chosen(self, percent: int) -> None:
        if percent != self._settings.doubt_percent:
            self.setting_chosen.emit("doubt_percent", percent)


def _mux(*arguments: Any, **named: Any) -> Iterator[Working | Finished]:
    """FFmpeg is loaded when the first copy is made."""
    from desktop.engine.muxing import mux

    return mux(*arguments, **named)
