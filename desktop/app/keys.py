"""The joints around the keys of the commands: those the user has chosen, and the page that changes them."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, QSettings, Qt, Slot

from desktop.core.i18n import _
from desktop.core.shortcuts import Shortcuts
from desktop.ui import theme
from desktop.ui.main_window import MainWindow
from desktop.ui.shortcuts_page import ShortcutsPage, give_keys, shortcuts_of

SIZE = (640, 560)


class KeysDesk(QObject):
    """Gives the commands their keys, and remembers them."""

    def __init__(self, window: MainWindow, memory: QSettings) -> None:
        super().__init__()
        self._window, self._memory = window, memory
        self._page: ShortcutsPage | None = None
        self._keys = self._kept()
        window.shortcuts_wanted.connect(self._on_shortcuts_wanted)

    def _kept(self) -> Shortcuts:
        """The keys of the last time, given to the commands."""
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
        if self._page:
            self._page.raise_()
            self._page.activateWindow()
            return
        scopes = {"queue": _("Queue"), "text": _("Text"), "cues": _("Cues"), "review": _("Review")}
        page = ShortcutsPage(self._window.actions_with_keys(), self._keys, scopes, self._window)
        page.changed.connect(self._on_changed)
        page.setWindowFlag(Qt.WindowType.Dialog)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.setWindowTitle(_("Keys"))
        page.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        page.resize(*SIZE)
        page.destroyed.connect(self._on_page_gone)
        page.show()
        self._page = page

    @Slot()
    def _on_page_gone(self) -> None:
        self._page = None

    @Slot(object)
    def _on_changed(self, keys: Shortcuts) -> None:
        self._keys = keys
        give_keys(self._window.actions_with_keys(), keys)
        self._memory.setValue("keys", json.dumps(keys.to_record()))
