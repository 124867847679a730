"""The right side of the window: the chosen job, its text as a document or as cues, and its sound."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.core import editing
from desktop.core.coverage import Kind
from desktop.core.document import Edit
from desktop.core.editing import Case
from desktop.core.i18n import _
from desktop.core.jobs import Job, JobState
from desktop.core.review import span
from desktop.core.rules import Rules
from desktop.core.search import Hit
from desktop.core.shortcuts import TEXT
from desktop.core.transcript import Segment, Transcript
from desktop.ui.commands import Choices, Commands
from desktop.ui.cues.cues_pane import CuesPane
from desktop.ui.document.document_view import DocumentView
from desktop.ui.find_bar import FindBar
from desktop.ui.job_head import JobHead
from desktop.ui.recorder.marks_bar import MarksBar
from desktop.ui.review_bar import ReviewBar
from desktop.ui.sound_dock import SoundDock
from desktop.ui.two_panes import TwoPanes

LOWEST_FOR_ALL_PX = 440
"""A pane that is lower has no room for waveform and picture beside the text."""
LOOP_MARGIN_MS = 300
"""Sound on both sides of a doubtful word that is played with it."""


class EditorPane(QWidget):
    """Shows one text in several ways. It changes nothing itself: every step is a wish that comes back as news."""

    edit_wanted = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()
    options_wanted = Signal(dict)
    mend_wanted = Signal()
    hearing_wanted = Signal(int, int)
    """Hear a stretch again in another way."""
    doubt_chosen = Signal(int)
    """Words that are less probable, in percent, are to be marked and reviewed."""
    revert_wanted = Signal(list)
    """Positions of segments that shall be as they were heard."""
    failed = Signal(object)
    """An AppError."""

    def __init__(self, models: Choices, commands: Commands) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._commands = commands
        self._transcript = Transcript(())
        self._jobs: list[Job] = []
        self._place_ms = 0
        self._hits: list[tuple[int, int, int]] = []
        self._found: tuple[int, int, int] | None = None
        """The hit that was shown last."""
        self.head = JobHead(models, commands)
        self.marks = MarksBar()
        self.document = DocumentView()
        self.cues = CuesPane()
        self.find_bar = FindBar(self)
        self.review_bar = ReviewBar(parent=self)
        self.sound = SoundDock(commands)
        self._hint = QLabel()
        self._texts = QStackedWidget()
        self._lay_out()
        self._connect()
        self._connect_commands()
        self.clear()

    # --- what is shown ---

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Show name, state and options of the chosen jobs."""
        self._jobs = list(jobs)
        self.head.show_jobs(jobs)
        job = self._job
        self.sound.show_job(job)
        self._refresh()

    def show_transcript(self, transcript: Transcript) -> None:
        """Show the text of the job from its start."""
        self._transcript = transcript
        self.sound.take(transcript)
        self.document.show_transcript(transcript)
        self.cues.show_transcript(transcript)
        self.find_bar.show_transcript(transcript)
        self.review_bar.show_transcript(transcript)
        self._show_missing()
        self._refresh()

    def take(self, transcript: Transcript, edit: Edit) -> None:
        """Show the text after a step."""
        self._transcript = transcript
        self.sound.take(transcript)  # first: the document tells at once what is chosen in it
        self.document.take(transcript, edit)
        self.cues.take(transcript, edit)
        self.find_bar.take(transcript, edit)
        self.review_bar.take(transcript, edit)
        self._show_missing()
        self._refresh()

    def grow(self, transcript: Transcript) -> None:
        """Show what has just been heard at the end."""
        self._transcript = transcript
        self.sound.take(transcript)
        self.document.add_segments(transcript)
        self.cues.take(transcript)
        self.find_bar.show_transcript(transcript)
        self.review_bar.show_transcript(transcript)
        self._show_missing()
        self._refresh()

    def clear(self) -> None:
        """Show no text."""
        self.show_transcript(Transcript(()))

    def keep_changes(self) -> None:
        """What is being typed becomes a step."""
        self.document.commit()
        self.cues.table.finish_editing()

    @property
    def text(self) -> QWidget:
        """The view of the text that is shown."""
        return self.cues if self._shows_cues else self.document

    @property
    def transcript(self) -> Transcript:
        """The text that is shown."""
        return self._transcript

    def use_settings(self, rules: Rules, doubt_percent: int) -> None:
        """Compose cues by these rules, and mark words that are less probable."""
        self.cues.set_rules(rules)
        self.sound.set_rules(rules)
        self.document.set_doubt_threshold(doubt_percent / 100)
        if doubt_percent:
            self.review_bar.set_threshold(doubt_percent / 100)

    # --- places ---

    @Slot(int)
    def show_place(self, ms: int) -> None:
        """Bring the text of a time into sight."""
        self._place_ms = ms
        (self.cues if self._shows_cues else self.document).show_place(ms)

    @Slot()
    def show_next_place(self) -> None:
        """Go to the next place to check; behind the last comes the first."""
        self._place_ms = self.document.place_ms() if not self._shows_cues else self._place_ms
        starts = self._places()
        self._show_first([*(start for start in starts if start > self._place_ms), *starts])

    @Slot()
    def show_previous_place(self) -> None:
        """Go to the place to check before; before the first comes the last."""
        self._place_ms = self.document.place_ms() if not self._shows_cues else self._place_ms
        starts = self._places()[::-1]
        self._show_first([*(start for start in starts if start < self._place_ms), *starts])

    def _places(self) -> list[int]:
        return [part.start_ms for part in self._transcript.coverage.to_check]

    def _show_first(self, starts: Sequence[int]) -> None:
        if starts:
            self.show_place(starts[0])
            self.sound.seek(starts[0])

    # --- parts of the text ---

    @property
    def stretch(self) -> tuple[int, int]:
        """The stretch that is chosen: of the sound, of speech without text, of segments, or of the one at the caret."""
        if chosen := self.sound.stretch:
            return chosen
        if not self._shows_cues and (gap := self.document.gap):
            return gap.start_ms, gap.end_ms
        segments = [self._transcript.segments[at] for at in self._chosen()]
        if not segments:
            return 0, 0
        return segments[0].start_ms, segments[-1].end_ms

    def present(self, start_ms: int, end_ms: int) -> tuple[Segment, ...]:
        """The segments of a stretch as they are."""
        first, last = editing.stretch(self._transcript, start_ms, end_ms)
        return self._transcript.segments[first : last + 1]

    def _chosen(self) -> list[int]:
        if not self._transcript.segments:
            return []
        if self._shows_cues and (cue := self.cues.current_cue()):
            count = len(self._transcript.segments)  # the cues may be those of a moment ago, with more segments
            return list(range(cue.first[0], min(cue.last[0] + 1, count)))
        return list(self.document.selected_positions())

    @property
    def _job(self) -> Job | None:
        return self._jobs[0] if len(self._jobs) == 1 else None

    @property
    def _shows_cues(self) -> bool:
        return self._texts.currentWidget() is self.cues

    # --- keeping everything in step ---

    def _show_missing(self) -> None:
        parts = self._transcript.coverage.to_check
        self.document.set_missing([one for one in parts if one.kind is Kind.MISSING])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sound.give_way(self.height() < LOWEST_FOR_ALL_PX)

    def _refresh(self) -> None:
        job, is_empty = self._job, not self._transcript.segments
        self._hint.setText(_hint(job) if job and is_empty else "")
        shown: QWidget = self._hint
        if job and not is_empty:
            shown = self.cues if self._commands.show_cues.isChecked() else self.document
        self._texts.setCurrentWidget(shown)
        has_text = job is not None and not is_empty
        for command in (*self._commands.of_scope(TEXT), *self._text_commands):
            command.setEnabled(has_text)
        self._commands.keep.setEnabled(has_text and bool(self._suspects()))
        self._commands.follow.setEnabled(has_text and not self.document.following)
        if not has_text:
            self.find_bar.close_bar()
            self.review_bar.hide()

    def _suspects(self) -> list[int]:
        return [at for at in self._chosen() if self._transcript.segments[at].suspect]

    def _lay_out(self) -> None:
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        for text in (self._hint, self.document, self.cues):
            self._texts.addWidget(text)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.marks, self.find_bar):
            column.addWidget(part)
        beside = QSplitter()
        beside.setHandleWidth(1)
        beside.addWidget(self._texts)
        beside.addWidget(self.sound.video)
        beside.setStretchFactor(0, 1)
        beside.setSizes([600, 320])
        column.addWidget(beside, 1)
        column.addWidget(self.review_bar)
        self.splitter = TwoPanes(upper, self.sound, self.sound, Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.review_bar.hide()

    def _connect(self) -> None:
        for part in (self.document, self.cues, self.sound, self.find_bar, self.review_bar):
            part.edit_wanted.connect(self.edit_wanted)
        for view in (self.document, self.cues):
            view.undo_wanted.connect(self.undo_wanted)
            view.redo_wanted.connect(self.redo_wanted)
            view.seek_wanted.connect(self.sound.seek)
            view.place_changed.connect(self._on_place_changed)
        self.head.options_wanted.connect(self.options_wanted)
        self.head.mend_wanted.connect(self.mend_wanted)
        self.head.place_wanted.connect(self.show_place)
        self.document.word_clicked.connect(self._on_word_clicked)
        self.document.selection_changed.connect(self._on_selection_changed)
        self.document.following_changed.connect(self._commands.follow.setDisabled)
        self.document.insert_wanted.connect(self._on_insert_wanted)
        self.document.transcribe_wanted.connect(self.hearing_wanted)
        self.document.context_menu_wanted.connect(self._on_context_menu_wanted)
        self.cues.failed.connect(self.failed)
        self.cues.rules_changed.connect(self.sound.set_rules)
        self.sound.position_changed.connect(self.document.set_playhead)
        self.sound.position_changed.connect(self.cues.set_playhead)
        self.sound.segment_chosen.connect(self._on_segment_chosen)
        self.sound.failed.connect(self.failed)
        self.find_bar.hits_changed.connect(self._on_hits_changed)
        self.find_bar.hit_chosen.connect(self._on_hit_chosen)
        self.review_bar.place_wanted.connect(self._on_doubt)
        self.review_bar.closed.connect(self._on_review_closed)
        self.review_bar.threshold_changed.connect(self._on_threshold_changed)
        self.find_bar.closed.connect(self._on_find_closed)
        self.document.can_keep_changed.connect(self._commands.keep.setEnabled)
        self.sound.stretch_changed.connect(self._on_selection_changed)

    def _connect_commands(self) -> None:
        commands, document, sound = self._commands, self.document, self.sound
        self._text_commands = [
            commands.find, commands.replace, commands.find_next, commands.find_previous, commands.speaker,
            commands.review, commands.hear_again, commands.compare, commands.revert, commands.start_here,
            commands.end_here, commands.show_cues, commands.import_onto,
        ]  # fmt: skip
        self.document.addActions(commands.of_scope(TEXT))
        for command, do in (
            (commands.find, self._on_find),
            (commands.replace, self._on_replace),
            (commands.find_next, self.find_bar.find_next),
            (commands.find_previous, self.find_bar.find_previous),
            (commands.split, document.split_here),
            (commands.merge_next, document.merge_with_next),
            (commands.merge_previous, document.merge_with_previous),
            (commands.insert, self._on_insert),
            (commands.delete, document.delete_selected),
            (commands.speaker, document.choose_speaker),
            (commands.keep, document.keep_text),
            (commands.follow, document.resume_following),
            (commands.review, self._on_review),
            (commands.next_place, self.show_next_place),
            (commands.previous_place, self.show_previous_place),
            (commands.hear_again, self._on_hear_again),
            (commands.revert, self._on_revert),
            (commands.start_here, self._on_start_here),
            (commands.end_here, self._on_end_here),
            (commands.play, sound.playback.toggle),
            (commands.back, sound.back),
            (commands.forward, sound.forward),
            (commands.previous_word, self._on_previous_word),
            (commands.next_word, self._on_next_word),
            (commands.previous_segment, self._on_previous_segment),
            (commands.next_segment, self._on_next_segment),
            (commands.slower, sound.slower),
            (commands.faster, sound.faster),
            (commands.usual_speed, sound.usual_speed),
            (commands.zoom_in, sound.waveform.zoom_in),
            (commands.zoom_out, sound.waveform.zoom_out),
            (commands.zoom_all, sound.waveform.show_all),
        ):
            command.triggered.connect(do)
        commands.loop.triggered.connect(self._on_loop)  # not toggled: the player checks it by itself
        commands.show_cues.toggled.connect(self._on_show_cues)
        commands.show_waveform.toggled.connect(sound.show_waveform)
        commands.show_waveform.toggled.connect(self.head.hide_strip)
        commands.show_video.toggled.connect(sound.show_video)
        commands.case_wanted.connect(self._on_case_wanted)

    # --- news from the views ---

    @Slot(int)
    def _on_place_changed(self, ms: int) -> None:
        self._place_ms = ms
        self._on_selection_changed()

    @Slot()
    def _on_selection_changed(self) -> None:
        self.sound.set_selection(self._chosen())
        self._refresh_keep()

    def _refresh_keep(self) -> None:
        self._commands.keep.setEnabled(bool(self._transcript.segments) and bool(self._suspects()))

    @Slot(int)
    def _on_word_clicked(self, ms: int) -> None:
        self.sound.seek(ms)

    @Slot(int)
    def _on_segment_chosen(self, position: int) -> None:
        self.show_place(self._transcript.segments[position].start_ms)

    @Slot(int, int)
    def _on_insert_wanted(self, start_ms: int, end_ms: int) -> None:
        self.edit_wanted.emit(editing.inserted(self._transcript, start_ms, end_ms))
        self.document.show_place(start_ms)

    @Slot(QPoint, list)
    def _on_context_menu_wanted(self, place: QPoint, _positions: Sequence[int]) -> None:
        self._commands.text_menu.popup(place)

    @Slot(list)
    def _on_hits_changed(self, hits: Sequence[Hit]) -> None:
        self._hits = [(hit.segment, hit.start, hit.end) for hit in hits]
        if self._found not in self._hits and not self.find_bar.isHidden():
            self._found = None
        self.document.set_found(self._hits)

    @Slot(object)
    def _on_hit_chosen(self, hit: Hit) -> None:
        self._commands.show_cues.setChecked(False)
        self._found = hit.segment, hit.start, hit.end
        self.document.set_found(self._hits, self._hits.index(self._found))

    @Slot()
    def _on_find_closed(self) -> None:
        """What was found is selected then, as in a browser."""
        self.document.setFocus()
        if self._found:
            self.document.select(*self._found)
        self._found = None

    @Slot(int, int, int, int)
    def _on_doubt(self, segment: int, word: int, start_ms: int, end_ms: int) -> None:
        self._commands.show_cues.setChecked(False)
        self.document.set_found([(segment, *span(self._transcript.segments[segment], word))], 0)
        self.sound.play_loop(max(0, start_ms - LOOP_MARGIN_MS), end_ms + LOOP_MARGIN_MS)

    @Slot(float)
    def _on_threshold_changed(self, threshold: float) -> None:
        self.doubt_chosen.emit(round(100 * threshold))

    @Slot()
    def _on_review_closed(self) -> None:
        self.sound.playback.pause()
        self.sound.end_loop()
        self.document.set_found([])
        self.document.setFocus()

    # --- commands that need the text ---

    @Slot()
    def _on_insert(self) -> None:
        """Where the speech that is visited has no text; else behind the segment with the caret."""
        if self.document.gap:
            self.document.write_here()
        else:
            self.document.insert_after()

    @Slot()
    def _on_find(self) -> None:
        self._find(replacing=False)

    @Slot()
    def _on_replace(self) -> None:
        self._find(replacing=True)

    def _find(self, replacing: bool) -> None:
        self.keep_changes()
        segment, word, _ms = self.document.caret_place()
        letter = span(self._transcript.segments[segment], word)[0] if word >= 0 else 0
        self.find_bar.open("", (max(0, segment), letter), replacing)

    @Slot()
    def _on_review(self) -> None:
        self.keep_changes()
        self.review_bar.open(self._transcript, self._place_ms)

    @Slot()
    def _on_hear_again(self) -> None:
        self.keep_changes()
        start_ms, end_ms = self.stretch
        if end_ms > start_ms:
            self.hearing_wanted.emit(start_ms, end_ms)

    @Slot()
    def _on_revert(self) -> None:
        self.keep_changes()
        self.revert_wanted.emit(self._chosen())

    @Slot(str)
    def _on_case_wanted(self, case: Case) -> None:
        self.keep_changes()
        self.edit_wanted.emit(editing.recased(self._transcript, self._chosen(), case))

    @Slot()
    def _on_start_here(self) -> None:
        self.keep_changes()
        if chosen := self._chosen():
            segment = self._transcript.segments[chosen[0]]
            at_ms = self.sound.position_ms
            self.edit_wanted.emit(editing.retimed(self._transcript, chosen[0], at_ms, segment.end_ms))

    @Slot()
    def _on_end_here(self) -> None:
        self.keep_changes()
        if chosen := self._chosen():
            segment = self._transcript.segments[chosen[-1]]
            at_ms = self.sound.position_ms
            self.edit_wanted.emit(editing.retimed(self._transcript, chosen[-1], segment.start_ms, at_ms))

    @Slot(bool)
    def _on_loop(self, wanted: bool) -> None:
        if wanted:
            self.sound.play_loop(*self.stretch)
        else:
            self.sound.end_loop()

    @Slot(bool)
    def _on_show_cues(self, _wanted: bool) -> None:
        at_ms = self._place_ms
        self.keep_changes()
        self._refresh()
        self.show_place(at_ms)
        self.text.setFocus()

    # --- steps through the text ---

    @Slot()
    def _on_previous_word(self) -> None:
        self._step([word.start_ms for one in self._near() for word in one.words], back=True)

    @Slot()
    def _on_next_word(self) -> None:
        self._step([word.start_ms for one in self._near() for word in one.words], back=False)

    @Slot()
    def _on_previous_segment(self) -> None:
        self._step([one.start_ms for one in self._near()], back=True)

    @Slot()
    def _on_next_segment(self) -> None:
        self._step([one.start_ms for one in self._near()], back=False)

    def _near(self) -> Sequence[Segment]:
        at = editing.position_at(self._transcript, self.sound.position_ms + 1)
        return self._transcript.segments[max(0, at - 3) : at + 3]

    def _step(self, starts: Sequence[int], back: bool) -> None:
        at_ms = self.sound.position_ms
        found = [start for start in starts if (start < at_ms - 20 if back else start > at_ms + 20)]
        if found:
            self.sound.seek(max(found) if back else min(found))
            self.document.resume_following()


def _hint(job: Job) -> str:
    match job.state:
        case JobState.RUNNING | JobState.WAITING:
            return _("Words appear here as they are heard.")
        case JobState.DONE:
            return _("There is no text.")
        case _:
            return ""
