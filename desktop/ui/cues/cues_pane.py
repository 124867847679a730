"""The page of cues: style above, table in the middle, problems below; edits go out as wishes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from desktop.core import problems as finding
from desktop.core.cues import Cue
from desktop.core.document import Edit
from desktop.core.i18n import _, _n
from desktop.core.problems import Problem
from desktop.core.rules import DEFAULT, Rules
from desktop.core.transcript import Transcript
from desktop.ui.cues import cue_edits
from desktop.ui.cues.cue_commands import MOVES, CueCommands
from desktop.ui.cues.cue_list import CueList, beyond
from desktop.ui.cues.cue_table import CueTable
from desktop.ui.cues.mending import Mending
from desktop.ui.cues.problems_panel import ProblemsPanel
from desktop.ui.cues.style_box import StyleBox
from desktop.ui.cues.time_field import stepped
from desktop.ui.theme import GRID, MARGIN

MENDING_S = 0.03
"""So long the window may stand still for mending."""


class CuesPane(QWidget):
    """Shows the cues of a transcript under a style. It changes nothing itself: `edit_wanted` carries every step."""

    edit_wanted = Signal(object)
    """An `Edit` of the transcript that is shown."""
    undo_wanted = Signal()
    redo_wanted = Signal()
    seek_wanted = Signal(int)
    rules_changed = Signal(object, str)
    """The `Rules` that the user has chosen, and the name of their preset; empty for rules of one's own."""
    place_changed = Signal(int)
    """The start of the current cue."""
    problems_counted = Signal(int)
    failed = Signal(object)
    """An `AppError`: the file of a style could not be read or written."""

    def __init__(self) -> None:
        super().__init__()
        self._transcript = Transcript(())
        self._rules = DEFAULT
        self._list = CueList(DEFAULT)
        self._composed = 0
        self._is_due = False
        self._is_new = True
        self._is_quiet = False
        self._goal_ms: int | None = None
        self._nudge: Edit | None = None
        self._mending: Mending | None = None
        self.commands = CueCommands(self)
        self.table = CueTable()
        self.style_box = StyleBox()
        self.panel = ProblemsPanel(
            [self.commands["problem-previous"], self.commands["problem-next"]],
            self.commands["problem-fix"],
            self.commands["problem-fix-all"],
        )
        self._count = QLabel()
        self._count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        # What has to be composed is composed after the page has been painted once.
        self._clock = QTimer(self, singleShot=True, interval=0)
        self._clock.timeout.connect(self._on_due)
        self._mending_clock = QTimer(self, singleShot=True, interval=0)
        self._mending_clock.timeout.connect(self._on_mending)
        self._connect()
        self._lay_out()
        self._allow()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    # --- what is shown ---

    def show_transcript(self, transcript: Transcript) -> None:
        """Show another transcript from its start."""
        self.table.finish_editing()
        self._stop_mending()
        self._transcript, self._is_new, self._goal_ms, self._nudge = transcript, True, None, None
        self._list, self._composed, self._is_quiet = CueList(self._rules), 0, False
        self.table.show_cues((), (), self._rules)
        self.table.say(_("Composing…") if transcript.segments else _("There is no text yet."))
        self._count.clear()
        self._due()

    def take(self, transcript: Transcript, edit: Edit | None = None) -> None:
        """The same transcript after an edit, or with more that was heard at its end (without an edit)."""
        self._stop_mending()
        if edit is None or edit is not self._nudge:
            self._nudge = None
        self._transcript = transcript
        if edit is None or not self.isVisible() or not self._composed:
            self._due()
        else:
            self._compose()

    def set_rules(self, rules: Rules) -> None:
        """Compose with other rules."""
        if rules != self._rules:
            self._rules = rules
            # What is shown stays until all is composed anew.
            self._list, self._composed, self._is_quiet = CueList(rules), 0, not self._is_new
            self.style_box.show_rules(rules)
            self._stop_mending()
            self._due()

    def set_playhead(self, ms: int) -> None:
        """Mark the cue that is said at this time."""
        self.table.show_playing(ms)

    def show_place(self, ms: int) -> None:
        """Bring the cue of this time into sight and make it the current one."""
        if self._is_due:
            self._goal_ms = ms
        if self.cues and (not self._is_due or ms < self.cues[-1].start_ms):
            self.table.choose(self.table.row_at(ms))

    def current_cue(self) -> Cue | None:
        """The cue of the current row."""
        row = self.table.row
        return self.cues[row] if 0 <= row < len(self.cues) else None

    @property
    def problems(self) -> Sequence[Problem]:
        """All that break the present rules."""
        return self._list.problems

    @property
    def cues(self) -> Sequence[Cue]:
        """As they are shown."""
        return self.table.cues

    # --- composing: a piece at a time, so that the window stays alive ---

    def _due(self) -> None:
        self._is_due = True
        if self.isVisible():
            self._clock.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_due:
            self._clock.start()

    @Slot()
    def _on_due(self) -> None:
        if self._is_due and self.isVisible():
            self._composed = beyond(self._composed)
            self._is_due = self._composed < len(self._transcript.segments)
            self._compose()
            if self._is_due:
                self._clock.start()

    def _compose(self) -> None:
        self._list.compose(self._transcript, self._composed)
        if self._is_quiet and self._is_due:
            return
        self._is_quiet = False
        before, count = self.current_cue(), len(self.cues)
        show = self.table.show_cues if self._is_new else self.table.take
        show(self._list.cues, self._list.problems, self._rules)
        self._is_new = False
        self._go_on_at(before, count)
        self.table.say("" if self.cues else _("There is no text yet."))
        self._count.setText(_n("{count} cue", "{count} cues", len(self.cues)) if self.cues else "")
        self.panel.show_problems(self.cues, self.problems, self.style_box.label)
        self.panel.show_row(self.table.row)
        self._allow()
        self.problems_counted.emit(len(self.problems))

    def _go_on_at(self, before: Cue | None, count: int) -> None:
        """Keep the current cue, or go where an edit or a search leads to as soon as that is composed."""
        goal_ms, now = self._goal_ms, self.current_cue()
        if goal_ms is None and before and now and len(self.cues) != count and now.start_ms != before.start_ms:
            goal_ms = before.start_ms
        if goal_ms is not None and self.cues and (not self._is_due or goal_ms < self.cues[-1].start_ms):
            self.table.choose(self.table.row_at(goal_ms))
            self._goal_ms = None

    # --- edits ---

    def _want(self, edit: Edit, goal_ms: int | None = None) -> None:
        if edit:
            self._goal_ms = goal_ms
            self.edit_wanted.emit(edit)
            self._goal_ms = None

    @Slot(int, str)
    def _on_text_typed(self, row: int, text: str) -> None:
        self._want(cue_edits.reworded(self._transcript, self.cues[row], text))

    @Slot(int, int, int)
    def _on_time_typed(self, row: int, start_ms: int, end_ms: int) -> None:
        self._want(cue_edits.retimed(self._transcript, self.cues, row, start_ms, end_ms, typing=False))

    @Slot(int, str, int)
    def _on_split(self, row: int, text: str, offset: int) -> None:
        cue = self.cues[row]
        self._want(cue_edits.split(self._transcript, cue, text, offset, self._rules.least_gap_ms), goal_ms=cue.start_ms)

    @Slot()
    def _on_split_in_the_middle(self) -> None:
        self.table.finish_editing()
        cue = self.current_cue()
        if cue:
            self._on_split(self.table.row, cue.text, cue_edits.middle(cue.text))

    @Slot()
    def _on_merge_next(self) -> None:
        rows = self.table.chosen_rows()
        if len(rows) > 1:
            self._merge(rows[0], rows[-1])
        else:
            self._merge(self.table.row, self.table.row + 1)

    @Slot()
    def _on_merge_previous(self) -> None:
        self._merge(self.table.row - 1, self.table.row)

    def _merge(self, first: int, last: int) -> None:
        self.table.finish_editing()
        if 0 <= first < last < len(self.cues):
            edit = cue_edits.merged(self._transcript, self.cues, first, last, self._rules)
            self._want(edit, goal_ms=self.cues[first].start_ms)

    @Slot()
    def _on_delete(self) -> None:
        self.table.finish_editing()
        rows = self.table.chosen_rows()
        if rows:
            rest = set(range(rows[0], len(self.cues))).difference(rows)
            goal_ms = self.cues[min(rest)].start_ms if rest else None
            self._want(cue_edits.deleted(self._transcript, [self.cues[row] for row in rows]), goal_ms)

    @Slot()
    def _on_flow(self) -> None:
        self.table.finish_editing()
        self._want(cue_edits.let_flow(self._transcript, [self.cues[row] for row in self.table.chosen_rows()]))

    def _move(self, start: int, end: int, _checked: bool = False) -> None:
        """Move the edges of the current cue by so many steps; one after the other, they are one step of undo."""
        self.table.finish_editing()
        row, cue = self.table.row, self.current_cue()
        if cue is None:
            return
        start_ms = stepped(cue.start_ms, start, self._rules)
        end_ms = stepped(cue.end_ms, end, self._rules)
        if start == end:
            edit = cue_edits.moved(self._transcript, self.cues, row, start_ms - cue.start_ms, typing=True)
        else:
            edit = cue_edits.retimed(self._transcript, self.cues, row, start_ms, end_ms, typing=True)
        if edit:
            self._nudge = cue_edits.continued(self._nudge, edit) if self._nudge else edit
            self._want(self._nudge)

    # --- problems ---

    @Slot()
    def _on_next_problem(self) -> None:
        self.panel.choose_beside(self.table.row, forward=True)

    @Slot()
    def _on_previous_problem(self) -> None:
        self.panel.choose_beside(self.table.row, forward=False)

    @Slot(int)
    def _on_problem_chosen(self, row: int) -> None:
        self.table.choose(row)

    @Slot()
    def _on_fix(self) -> None:
        self.table.finish_editing()
        problem = self.panel.problem
        if problem is None or problem.cue != self.table.row:
            problem = next((one for one in self.problems if one.cue == self.table.row), None)
        if problem:
            self._fix(problem)

    @Slot(object)
    def _fix(self, problem: Problem) -> None:
        edit = finding.fix(self._transcript, self.cues, problem, self._rules)
        if edit:
            self._want(edit, goal_ms=self.cues[problem.cue].start_ms)
        else:
            self.panel.say(
                _("#{number} cannot be fixed by itself: change its text or times.").format(number=problem.cue + 1)
            )

    @Slot()
    def _on_fix_all(self) -> None:
        self.table.finish_editing()
        if self.problems and not self._mending:
            self._mending = Mending(self._transcript, self._rules)
            self.panel.show_working((0, len(self.problems)))
            self._mending_clock.start()

    @Slot()
    def _on_mending(self) -> None:
        """Some more of it; the page is painted in between."""
        mending = self._mending
        if mending is None:
            return
        if mending.go_on(MENDING_S):
            self.panel.show_working((mending.tried, mending.count))
            self._mending_clock.start()
            return
        before, edit = len(self.problems), mending.edit
        self._stop_mending()
        self._want(edit)
        mended = before - len(self.problems)
        if mended > 0:
            self.panel.say(_n("{count} problem fixed.", "{count} problems fixed.", mended))
        else:
            self.panel.say(_("None of them can be fixed by itself: change texts or times."))

    @Slot()
    def _stop_mending(self) -> None:
        self._mending = None
        self._mending_clock.stop()
        self.panel.show_working(None)

    # --- the page ---

    @Slot(object, str)
    def _on_rules_chosen(self, rules: Rules, preset: str) -> None:
        self.set_rules(rules)
        self.rules_changed.emit(rules, preset)

    @Slot(int)
    def _on_row_chosen(self, row: int) -> None:
        self.panel.show_row(row)
        self._allow()
        if 0 <= row < len(self.cues):
            self.place_changed.emit(self.cues[row].start_ms)

    @Slot()
    def _allow(self) -> None:
        row, count = self.table.row, len(self.cues)
        rows = [one for one in self.table.chosen_rows() if one < count]
        self.commands.allow(row, [self.cues[one] for one in rows], count)
        self.commands.allow_fixing(self.panel.problem is not None, bool(self.problems))

    def _connect(self) -> None:
        for name, slot in (
            ("cue-edit", self.table.open_text),
            ("cue-split", self._on_split_in_the_middle),
            ("cue-merge-next", self._on_merge_next),
            ("cue-merge-previous", self._on_merge_previous),
            ("cue-flow", self._on_flow),
            ("cue-delete", self._on_delete),
            ("problem-next", self._on_next_problem),
            ("problem-previous", self._on_previous_problem),
            ("problem-fix", self._on_fix),
            ("problem-fix-all", self._on_fix_all),
        ):
            self.commands[name].triggered.connect(slot)
        for name, (start, end) in MOVES.items():
            self.commands[name].triggered.connect(partial(self._move, start, end))
        self.addActions(list(self.commands.actions.values()))
        self.table.use_actions(list(self.commands.actions.values()))
        self.table.use_menu(self.commands.menu(self))
        self.table.text_typed.connect(self._on_text_typed)
        self.table.time_typed.connect(self._on_time_typed)
        self.table.split_wanted.connect(self._on_split)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.selectionModel().selectionChanged.connect(self._allow)
        self.table.seek_wanted.connect(self.seek_wanted)
        self.table.undo_wanted.connect(self.undo_wanted)
        self.table.redo_wanted.connect(self.redo_wanted)
        self.panel.chosen.connect(self._on_problem_chosen)
        self.panel.fix_wanted.connect(self._fix)
        self.panel.stop_wanted.connect(self._stop_mending)
        self.style_box.rules_changed.connect(self._on_rules_chosen)
        self.style_box.failed.connect(self.failed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN - GRID // 2, GRID // 2, MARGIN, GRID // 2)
        head.addWidget(self.style_box)
        head.addStretch(1)
        head.addWidget(self._count)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.panel)
        parts.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(parts, 1)
        self.setFocusProxy(self.table)
