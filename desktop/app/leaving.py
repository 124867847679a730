"""What stands between the wish to quit and the end: edits that the library cannot keep, as on a full disk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from desktop.core.document import Document
from desktop.core.errors import AppError
from desktop.core.formats import WriteOptions
from desktop.core.i18n import _
from desktop.core.jobs import JobId
from desktop.core.names import shown_name, shown_path
from desktop.services.editor import Editor, Unkept
from desktop.services.ledger import Ledger
from desktop.store.exports import Exports
from desktop.store.library import Library
from desktop.store.rescues import Rescue, Rescues
from desktop.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Leaving(QObject):
    """Asks before edits are lost. Where nobody can be asked, copies are saved and offered at the next start."""

    def __init__(self, window: MainWindow, editor: Editor, library: Library, ledger: Ledger, rescues: Rescues) -> None:
        super().__init__()
        self._window, self._editor = window, editor
        self._library, self._ledger, self._rescues = library, ledger, rescues
        self._decided: dict[JobId, Document] = {}
        """What the user has saved elsewhere or does not want."""

    # --- the end ---

    def begin(self, leave: Callable[[], None]) -> None:
        """Call `leave` when every edit is kept, or the user has decided about those that cannot be."""
        self._window.pane.keep_changes()
        self._editor.settle(partial(self._on_settled, leave))

    def save_the_rest(self) -> None:
        """Save copies of what could not be kept to the end; only when the ledger is closed."""
        for job_id, document in self._editor.unkept().documents.items():
            if self._decided.get(job_id) is document:
                continue
            try:
                self._rescues.keep(job_id, document.current)
                log.warning("edits of job %d could not be kept: a copy was saved", job_id)
            except AppError as error:
                log.error("edits of job %d are lost: %s", job_id, type(error).__name__)

    def _on_settled(self, leave: Callable[[], None], unkept: Unkept) -> None:
        if unkept.documents:
            self._ask(leave, unkept, unkept.reason)
        else:
            leave()

    def _ask(self, leave: Callable[[], None], unkept: Unkept, reason: AppError) -> None:
        from desktop.ui.unkept_dialog import UnkeptDialog

        if self._window.findChild(UnkeptDialog):
            self._window.bring_up()
            return
        names = [document.original.source for document in unkept.documents.values()]
        dialog = UnkeptDialog(names, reason, self._window)
        dialog.again_wanted.connect(partial(self.begin, leave))
        dialog.elsewhere_wanted.connect(partial(self._save_elsewhere, leave, unkept))
        dialog.leave_wanted.connect(partial(self._decide, leave, unkept))
        self._window.bring_up()
        dialog.open()

    def _save_elsewhere(self, leave: Callable[[], None], unkept: Unkept, folder: str) -> None:
        documents = tuple(unkept.documents.values())
        self._ledger.do(partial(_saved, documents, Path(folder)), partial(self._on_saved, leave, unkept))

    def _on_saved(self, leave: Callable[[], None], unkept: Unkept, trouble: AppError | None) -> None:
        if trouble:
            self._ask(leave, unkept, trouble)
        else:
            self._decide(leave, unkept)

    def _decide(self, leave: Callable[[], None], unkept: Unkept) -> None:
        self._decided.update(unkept.documents)
        leave()

    # --- the next start ---

    def offer_copies(self) -> None:
        """Say that there are copies from the last time, and offer to put them back."""
        self._ledger.do(self._copies, self._on_copies)

    def _copies(self) -> list[Rescue]:
        """Those whose text is in the library; it may be another library than last time."""
        from desktop.services.importing import opened

        found = []
        for one in self._rescues.found():
            with suppress(AppError):
                if shown_name(self._library.job(one.job_id).source) == opened(one.path).transcript.source:
                    found.append(one)
        return found

    def _on_copies(self, copies: Sequence[Rescue]) -> None:
        if copies:
            told = _("Edits that could not be kept last time were saved as {files}.")
            files = ", ".join(shown_path(one.path) for one in copies)
            self._window.notices.show_notice(
                told.format(files=files), _("Put them back"), partial(self._put_back, copies)
            )

    def _put_back(self, copies: Sequence[Rescue]) -> None:
        self._window.pane.keep_changes()
        for one in copies:
            self._editor.put_back(one.path, one.job_id)
        self._window.choose(copies[-1].job_id)


def _saved(documents: Sequence[Document], folder: Path) -> AppError | None:
    """Write the texts into a folder; why that could not be done."""
    exports = Exports(folder, "rename", WriteOptions())
    try:
        for document in documents:
            exports.export(Path(document.original.source or "transcript"), document.current, "json")
    except AppError as error:
        return error
    return None
