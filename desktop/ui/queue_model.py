"""The jobs as a list for the view: rows, what a row says, and dragging them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from desktop.core.jobs import Job, JobId, JobState
from desktop.core.names import clock, shown_name, shown_path
from desktop.ui.pace import Pace, state_line

JOBS_MIME = "application/x-undertone-jobs"
REPAINT_MS = 100

JOB_ROLE = Qt.ItemDataRole.UserRole
PACE_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


def dropped_paths(mime: QMimeData) -> list[Path]:
    """The local files of a drop or paste."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class QueueModel(QAbstractListModel):
    """Shows job values; holds nothing that is not shown."""

    files_dropped = Signal(list)
    move_wanted = Signal(list, object)
    """Job ids and the id in front of which they go, or None for the end."""

    def __init__(self) -> None:
        super().__init__()
        self._jobs: list[Job] = []
        self._paces: dict[JobId, Pace] = {}
        self._ticker = QTimer(self, interval=REPAINT_MS)
        self._ticker.timeout.connect(self._on_tick)

    # --- what is shown ---

    def show_job(self, job: Job) -> None:
        """Add a job at the end, or show its new value."""
        self._follow_pace(job)
        row = self.row_of(job.id)
        if row is None:
            self.beginInsertRows(QModelIndex(), len(self._jobs), len(self._jobs))
            self._jobs.append(job)
            self.endInsertRows()
        else:
            self._jobs[row] = job
            self.dataChanged.emit(self.index(row), self.index(row))

    def remove(self, job_ids: Sequence[JobId]) -> None:
        """Show these jobs no more."""
        for job_id in job_ids:
            row = self.row_of(job_id)
            if row is not None:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._jobs[row]
                self.endRemoveRows()

    def reorder(self, order: Sequence[JobId]) -> None:
        """Show the jobs in this order; selection and focus stay with their jobs."""
        places = {job_id: place for place, job_id in enumerate(order)}
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        ids = [self._jobs[index.row()].id for index in old]
        self._jobs.sort(key=lambda job: places.get(job.id, len(places)))
        self.changePersistentIndexList(old, [self.index(self.row_of(job_id) or 0) for job_id in ids])
        self.layoutChanged.emit()

    def job(self, index: Index) -> Job:
        """The job of a row."""
        return self._jobs[index.row()]

    def jobs(self) -> tuple[Job, ...]:
        """All jobs as they are shown."""
        return tuple(self._jobs)

    def row_of(self, job_id: JobId) -> int | None:
        """Where a job is shown."""
        return next((row for row, job in enumerate(self._jobs) if job.id == job_id), None)

    def pace(self, job_id: JobId) -> Pace | None:
        """The pace of a running job."""
        return self._paces.get(job_id)

    def _follow_pace(self, job: Job) -> None:
        known = self._paces.get(job.id)
        if job.state is not JobState.RUNNING:
            self._paces.pop(job.id, None)
        elif known is None or known.job.heard_ms != job.heard_ms:
            self._paces[job.id] = Pace.of(job)
        if self._paces and not self._ticker.isActive():
            self._ticker.start()
        elif not self._paces:
            self._ticker.stop()

    @Slot()
    def _on_tick(self) -> None:
        for job_id in self._paces:
            row = self.row_of(job_id)
            if row is not None:
                self.dataChanged.emit(self.index(row), self.index(row), [PACE_ROLE])

    # --- Qt's model ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._jobs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self._jobs[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown_name(job.source)
            case Qt.ItemDataRole.ToolTipRole:
                return _told(job)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{shown_name(job.source)}, {clock(job.duration_ms)}, {state_line(job, self.pace(job.id))}"
            case _ if role == JOB_ROLE:
                return job
            case _ if role == PACE_ROLE:
                return self.pace(job.id)
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    # --- dragging ---

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [JOBS_MIME, "text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        ids = [str(self.job(index).id) for index in sorted(indexes, key=lambda index: index.row())]
        mime.setData(JOBS_MIME, QByteArray(" ".join(ids).encode()))
        return mime

    def dropMimeData(self, mime: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if mime.hasFormat(JOBS_MIME):
            ids = [int(part) for part in bytes(mime.data(JOBS_MIME).data()).split()]
            self.move_wanted.emit(ids, self._jobs[row].id if 0 <= row < len(self._jobs) else None)
        elif paths := dropped_paths(mime):
            self.files_dropped.emit(paths)
        return False  # the rows move when the queue says so; True would make the view delete the dragged ones


def _told(job: Job) -> str:
    lines = [shown_path(os.fsdecode(job.source))]
    if job.error:
        lines += [job.error.said_headline, job.error.said_advice]
    for note in job.notes:
        lines += [note.said_headline, note.said_advice]
    if job.coverage.parts:
        lines.append(job.coverage.said)
    if job.engine.reason:
        lines.append(f"{job.engine.model}: {job.engine.reason}")
    return "\n".join(lines)
