"""Everything that can be done to cues, as actions with a key each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.cues import Cue
from desktop.core.i18n import _, mark
from desktop.core.shortcuts import Command
from desktop.ui import icons

SCOPE = "cues"
"""Where these keys hold: in the table of cues and what belongs to it."""

_DECLARED = (
    ("cue-edit", mark("&Edit text"), "words", "F2"),
    ("cue-split", mark("&Split in the middle"), "split", "Ctrl+Shift+Return"),
    ("cue-merge-next", mark("Merge with &next"), "merge", "Ctrl+J"),
    ("cue-merge-previous", mark("Merge with &previous"), "merge", "Ctrl+Shift+J"),
    ("cue-flow", mark("&Let it flow again"), "style", "Ctrl+U"),
    ("cue-delete", mark("&Delete"), "remove", "Del"),
    ("cue-start-earlier", mark("Start earlier"), "", "Ctrl+Left"),
    ("cue-start-later", mark("Start later"), "", "Ctrl+Right"),
    ("cue-end-earlier", mark("End earlier"), "", "Alt+Shift+Left"),
    ("cue-end-later", mark("End later"), "", "Alt+Shift+Right"),
    ("cue-earlier", mark("Move earlier"), "", "Ctrl+Shift+Left"),
    ("cue-later", mark("Move later"), "", "Ctrl+Shift+Right"),
    ("problem-next", mark("Ne&xt problem"), "down", "F4"),
    ("problem-previous", mark("Pre&vious problem"), "up", "Shift+F4"),
    ("problem-fix", mark("&Fix"), "fix", "F9"),
    ("problem-fix-all", mark("Fix &all that can be fixed"), "fix", "Shift+F9"),
)

COMMANDS = tuple(Command(name, (key,), SCOPE) for name, _text, _icon, key in _DECLARED)
"""For the list of all keys, where the user can change them."""

MOVES = {
    "cue-start-earlier": (-1, 0),
    "cue-start-later": (1, 0),
    "cue-end-earlier": (0, -1),
    "cue-end-later": (0, 1),
    "cue-earlier": (-1, -1),
    "cue-later": (1, 1),
}
"""By how many steps the start and the end of a cue are moved."""


class CueCommands(QObject):
    """The actions by their name. What they do is connected by the pane; it takes keys where it has the focus."""

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self.actions: dict[str, QAction] = {}
        for name, text, icon, key in _DECLARED:
            action = QAction(_(text), pane)
            if icon:
                action.setIcon(icons.icon(icon))
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setObjectName(name)
            action.setData(SCOPE)
            self.actions[name] = action

    def __getitem__(self, name: str) -> QAction:
        return self.actions[name]

    def allow(self, row: int, chosen: Sequence[Cue], count: int) -> None:
        """Offer only what makes sense for the chosen cues."""
        for name in ("cue-edit", "cue-split", "cue-delete", *MOVES):
            self.actions[name].setEnabled(bool(chosen))
        self.actions["cue-flow"].setEnabled(any(cue.is_pinned for cue in chosen))
        self.actions["cue-merge-next"].setEnabled(len(chosen) > 1 or 0 <= row < count - 1)
        self.actions["cue-merge-previous"].setEnabled(row > 0)

    def allow_fixing(self, has_chosen: bool, has_any: bool) -> None:
        """Whether a problem is chosen, and whether there is any."""
        self.actions["problem-fix"].setEnabled(has_chosen)
        for name in ("problem-next", "problem-previous", "problem-fix-all"):
            self.actions[name].setEnabled(has_any)

    def menu(self, parent: QWidget) -> QMenu:
        """What a right click on cues offers."""
        menu = QMenu(parent)
        menu.addActions([self.actions[name] for name in ("cue-edit", "problem-fix")])
        menu.addSeparator()
        menu.addActions([self.actions[name] for name in ("cue-split", "cue-merge-next", "cue-merge-previous")])
        menu.addSeparator()
        times = menu.addMenu(_("&Times"))
        times.addActions([self.actions[name] for name in MOVES])
        menu.addSeparator()
        menu.addActions([self.actions[name] for name in ("cue-flow", "cue-delete")])
        return menu
