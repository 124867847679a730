"""`undertone list`: the transcripts in the library."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from desktop import cli
from desktop.cli.place import Place
from desktop.core.errors import AppError
from desktop.core.jobs import Job
from desktop.core.names import clock, shown_name, shown_path


def run_list(as_json: bool) -> int:
    """Print every transcript, the newest last."""
    try:
        library = Place.of_the_user().library()
        jobs = sorted(library.jobs(), key=lambda job: job.id)
        library.close()
    except AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    if as_json:
        print(json.dumps([_record(job) for job in jobs], ensure_ascii=False, indent=1))
    else:
        for job in jobs:
            length = clock(job.duration_ms)
            print(f"{job.id:>5}  {_date(job):%Y-%m-%d %H:%M}  {job.state:<11}  {length:>8}  {shown_name(job.source)}")
    return cli.DONE


def _record(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "name": shown_name(job.source),
        "path": shown_path(job.source),
        "date": _date(job).isoformat(timespec="seconds"),
        "state": job.state,
        "duration_ms": job.duration_ms,
        "heard_ms": job.heard_ms,
        "language": job.language,
        "model": job.engine.model,
    }


def _date(job: Job) -> datetime:
    return datetime.fromtimestamp(job.created_ms / 1000).astimezone()
