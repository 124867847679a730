"""Mends every problem that can be mended, in small steps that leave the window alive, as one edit."""

from __future__ import annotations

import time
from collections.abc import Iterator

from desktop.core.document import Edit, Splice
from desktop.core.i18n import mark
from desktop.core.problems import Problem, fix
from desktop.core.rules import Rules
from desktop.core.transcript import Transcript
from desktop.ui.cues.cue_edits import after
from desktop.ui.cues.cue_list import CueList

MOST_ROUNDS = 8
"""Mending a cue may trouble the one beside it; what is left after so many rounds stays."""

Key = tuple[int, int, tuple[str, ...], str]


class Mending:
    """The transcript is gone through in rounds.

    Within a round, mends that touch segments which were mended already wait for the next: their places would no longer
    be right. What could not be mended is not tried again unless its cue has changed.
    """

    def __init__(self, transcript: Transcript, rules: Rules) -> None:
        self._transcript = transcript
        self._cues = CueList(rules)
        self._splices: list[Splice] = []
        self._hopeless: set[Key] = set()
        self._steps = self._rounds()
        self.count = 0
        """The problems at the beginning."""
        self.tried = 0
        """How many of them have been tried."""

    @property
    def edit(self) -> Edit:
        """All that was mended, as one step."""
        return Edit(mark("Fix all"), tuple(self._splices))

    def go_on(self, seconds: float) -> bool:
        """Work for about so long; False when there is nothing more to do."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if next(self._steps, None) is None:
                return False
        return True

    def _rounds(self) -> Iterator[bool]:
        for number in range(MOST_ROUNDS):
            for _piece in self._cues.pieces(self._transcript) if number == 0 else ():
                yield True
            self._cues.compose(self._transcript)
            self.count = self.count or len(self._cues.problems)
            before = len(self._splices)
            yield True
            yield from self._round(is_first=number == 0)
            if len(self._splices) == before:
                return
            self._transcript = after(self._transcript, Edit("", tuple(self._splices[before:])))

    def _round(self, is_first: bool) -> Iterator[bool]:
        cues, rules = self._cues.cues, self._cues.rules
        free_up_to = len(self._transcript.segments)
        # From the back, so that a mend leaves the places before it as they are.
        for problem in sorted(self._cues.problems, key=lambda one: cues[one.cue].first, reverse=True):
            self.tried += is_first
            key = self._key(problem)
            if key in self._hopeless or cues[problem.cue].last[0] >= free_up_to:
                continue
            edit = fix(self._transcript, cues, problem, rules)
            if not edit:
                self._hopeless.add(key)
            elif max(one.at + len(one.removed) for one in edit.splices) <= free_up_to:
                self._splices += edit.splices
                free_up_to = min(one.at for one in edit.splices)
            yield True

    def _key(self, problem: Problem) -> Key:
        cue = self._cues.cues[problem.cue]
        return cue.start_ms, cue.end_ms, cue.lines, problem.code
