"""Writes the transcript of a job as files: a stage of its own, which can be repeated; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.jobs import Job
from desktop.core.ports import Exporter, Library


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of an export: the files, and the formats that are left when one could not be written."""

    job: Job
    written: tuple[Path, ...] = ()
    error: AppError | None = None
    left: tuple[str, ...] = ()


def export_job(job: Job, formats: Sequence[str], library: Library, exporter: Exporter) -> Exported:
    """Write one file a format. The first that cannot be written ends it; what is written stays."""
    written: list[Path] = []
    for done, name in enumerate(formats):
        try:
            path = exporter.export(job.source, library.transcript(job.id), name)
        except AppError as error:
            return Exported(job, tuple(written), error, tuple(formats[done:]))
        written += [path] if path else []
    return Exported(job, tuple(written))
