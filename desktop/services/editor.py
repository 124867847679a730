"""The transcript that is open for editing: every step is in the library as soon as it is made, and can be undone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core.coverage import Coverage
from desktop.core.document import Document, Edit
from desktop.core.errors import AppError
from desktop.core.jobs import JobId
from desktop.core.ports import Library
from desktop.core.transcript import Segment, Transcript
from desktop.services.ledger import Ledger

if TYPE_CHECKING:
    from desktop.core.reading import Note

log = logging.getLogger(__name__)

REST_S = 2.0
"""Typing that goes on after such a rest is a step of its own."""
TRY_AGAIN_MS = 3000
"""What the library could not keep, as on a full disk, is offered to it again so often."""


@dataclass(frozen=True, slots=True)
class Unkept:
    """Documents with steps that the library does not have, and why the last try to keep them failed."""

    documents: Mapping[JobId, Document]
    reason: AppError


class Editor(QObject):
    """Holds the document of one job. Views show what it tells, and ask it for edits; it knows none of them."""

    opened = Signal(int, object)
    """Job id and transcript: another text is there to be shown."""
    changed = Signal(object, object)
    """The transcript after a step, and the Edit that led to it from the one before."""
    grown = Signal(object)
    """The transcript with what has just been heard at its end."""
    history_changed = Signal(str, str)
    """Labels of the steps that undo and redo would take; empty where there is none."""
    imported = Signal(list)
    """Notes on what was odd in subtitles that are part of the text now."""
    edited = Signal(int)
    """The text of this job was changed by a person, and the library is told."""

    def __init__(self, library: Library, ledger: Ledger) -> None:
        super().__init__()
        self._library = library
        self._ledger = ledger
        self._job_id: JobId | None = None
        self._document: Document | None = None
        self._typed_at = 0.0
        self._unkept: dict[JobId, Document] = {}
        """Documents with steps that the library does not have. Only the thread of the ledger changes it."""
        self._reason = AppError()
        self._again = QTimer(self, interval=TRY_AGAIN_MS)
        self._again.timeout.connect(self._try_again)
        self._again.start()

    @property
    def job_id(self) -> JobId | None:
        """The job whose text is open."""
        return self._job_id

    @property
    def document(self) -> Document | None:
        """The open document; none while it is being loaded."""
        return self._document

    def open(self, job_id: JobId | None) -> None:
        """Open the text of a job, as the library has it; none closes what is open."""
        self._job_id, self._document = job_id, None
        self._tell_history()
        if job_id is not None:
            self._ledger.do(partial(self._load, job_id), partial(self._on_loaded, job_id))

    @Slot(object)
    def do(self, edit: Edit) -> None:
        """Make a step; one that changes nothing is none."""
        if self._document is None or not edit:
            return
        if not self._document.fits(edit):  # a bug of a view: better a step too few than a text that is torn
            log.error("an edit for another text: %s", edit.label)
            return
        now = time.monotonic()
        if now - self._typed_at > REST_S:
            self._document = self._document.closed()
        self._typed_at = now
        self._become(self._document.did(edit), edit)

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        if self._document and (step := self._document.undo_step):
            self._become(self._document.undone(), step)

    @Slot()
    def redo(self) -> None:
        """Make the step again that was taken back last."""
        if self._document and (step := self._document.redo_step):
            self._become(self._document.redone(), step)

    def settle(self, then: Callable[[Unkept], None]) -> None:
        """Try once more to keep what could not be kept; `then` is told, on the main thread, what is left of it."""
        self._ledger.do(self._keep_unkept)
        self._ledger.do(self.unkept, then)

    def close(self) -> None:
        """Try for the last time to keep everything."""
        self._again.stop()
        self._ledger.do(self._keep_unkept)

    def unkept(self) -> Unkept:
        """What the library does not have. To be asked once the ledger is closed."""
        return Unkept(dict(self._unkept), self._reason)

    def put_back(self, path: Path, job_id: JobId) -> None:
        """Make the text of a job again what it was when a copy of it was saved, and let go of the copy."""
        self._ledger.do(partial(self._put_back, path, job_id), partial(self._on_put_back, job_id))

    def _on_put_back(self, job_id: JobId, _nothing: None) -> None:
        if job_id == self._job_id:
            self.open(job_id)
        self.edited.emit(job_id)

    def import_onto(self, path: Path) -> None:
        """Put edited subtitles onto the words of the open text, as one step."""
        from desktop.services.importing import import_onto

        if self._document:
            present = self._document.current
            self._ledger.do(partial(import_onto, path, present), partial(self._on_read, path, present))

    def _on_read(self, path: Path, transcript: Transcript, read: tuple[Edit, Sequence[Note]]) -> None:
        if self._document and self._document.current is transcript:
            self.do(read[0])
            self.imported.emit(list(read[1]))
        else:
            self.import_onto(path)  # the text has changed meanwhile

    def hear(self, job_id: JobId, position: int, segments: Sequence[Segment], coverage: Coverage) -> None:
        """More was heard of a job, and is in the library already."""
        if job_id != self._job_id or self._document is None:
            return
        known = len(self._document.original.segments)
        if position == known:
            self._document = self._document.heard(segments, coverage)
            self.grown.emit(self._document.current)
        elif position > known:
            self.open(job_id)

    # --- what the library is told ---

    def _on_loaded(self, job_id: JobId, document: Document) -> None:
        if job_id == self._job_id and self._document is None:
            self._document = document
            self._tell_history()
            self.opened.emit(job_id, document.current)

    def _become(self, document: Document, step: Edit) -> None:
        """`step` is what led to the document from the one before."""
        assert self._job_id is not None
        self._document = document
        self._ledger.do(partial(self._keep, self._job_id, document))
        self.changed.emit(document.current, step)
        self._tell_history()
        self.edited.emit(self._job_id)

    # --- on the thread of the ledger ---

    def _keep(self, job_id: JobId, document: Document) -> None:
        whole = job_id in self._unkept
        self._unkept[job_id] = document
        try:
            self._library.keep_edits(job_id, document, whole)
        except AppError as error:
            self._reason = error
            raise
        del self._unkept[job_id]

    def _load(self, job_id: JobId) -> Document:
        if unkept := self._unkept.get(job_id):
            try:
                self._keep(job_id, unkept)
            except AppError:  # told when it was to be kept first
                return unkept
        return self._library.document(job_id)

    def _keep_unkept(self) -> None:
        for job_id, document in list(self._unkept.items()):
            with suppress(AppError):  # told when it was to be kept first
                self._keep(job_id, document)

    def _put_back(self, path: Path, job_id: JobId) -> None:
        from desktop.services.importing import put_back

        if job_id in self._unkept:
            self._keep(job_id, self._unkept[job_id])
        put_back(path, job_id, self._library)
        with suppress(OSError):
            path.unlink()

    # --- the main thread ---

    @Slot()
    def _try_again(self) -> None:
        if self._unkept:
            self._ledger.do(self._keep_unkept)

    def _tell_history(self) -> None:
        document = self._document
        can_undo = document.edits[document.done - 1].label if document and document.done else ""
        can_redo = document.edits[document.done].label if document and document.redo_step else ""
        self.history_changed.emit(can_undo, can_redo)
