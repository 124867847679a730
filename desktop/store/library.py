"""Jobs and transcripts in SQLite; every write is whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from desktop.core import errors
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.dictated import Entry, EntryId, Outcome
from desktop.core.document import Document
from desktop.core.events import Heard
from desktop.core.jobs import Engine, Job, JobId, JobState
from desktop.core.journal import edit_of, edit_record
from desktop.core.media import AudioTrack, Media
from desktop.core.names import shown_name, shown_path
from desktop.core.options import Options
from desktop.core.recording import Device, Facts, Gap, Mark
from desktop.core.transcript import Segment, Transcript, Word
from desktop.store.schema import migrate

BUSY_TIMEOUT_S = 15
LEAST_ROOM = 64 << 10
_ENTRY_COLUMNS = (
    *("spoken_ms", "duration_ms", "text", "heard", "language", "model", "program", "outcome"),
    "sound",
)


class Library:
    """Keeps jobs and transcripts. Calls may come from any thread, and from several processes at once.

    A transaction that has been committed survives the death of the process and a power cut (WAL, full sync).
    Raises LibraryUnusable, LibraryTooNew or DiskFull.
    """

    def __init__(self, file: Path, locks: Path) -> None:
        self._file = file
        self._locks = locks
        self._lock = threading.RLock()
        with self._translated():
            file.parent.mkdir(parents=True, exist_ok=True)
            locks.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            # Two that switch a new file to WAL at once do not wait for each other: SQLite says "locked" at once.
            with FileLock(locks / "library.lock", timeout=BUSY_TIMEOUT_S):
                migrate(self._db, file)

    def close(self) -> None:
        """Nothing can be read or written after this."""
        with self._lock:
            self._db.close()

    # --- jobs ---

    def add_job(self, source: Path, options: Options, media: Media | None = None, queued: bool = True) -> Job:
        """A new job at the end of the queue; one that is not queued is only in the library."""
        with self._write() as db:
            job = _added_job(db, source, options, queued)
            return _with_media(db, job, media) if media else job

    def save(self, job: Job) -> None:
        """Everything about a job but what was heard, which `append` keeps.

        A job that is done stays done: another process may have finished it since this one last looked.
        """
        with self._write() as db:
            if job.media:
                _with_media(db, job, job.media)
            db.execute(
                "UPDATE jobs SET source = ?, state = ?, options = ?, fingerprint = ?, attempts = ?, engine = ?,"
                " error = ?, notes = ?, exported = ? WHERE id = ? AND (state <> ? OR ? = ?)",
                (
                    os.fsencode(job.source),
                    job.state,
                    json.dumps(job.options.to_record()),
                    job.options.fingerprint(),
                    job.attempts,
                    json.dumps(asdict(job.engine)),
                    json.dumps(job.error.to_record()) if job.error else None,
                    json.dumps([note.to_record() for note in job.notes]),
                    json.dumps([os.fsencode(path).hex() for path in job.exported]),
                    job.id,
                    JobState.DONE,
                    job.state,
                    JobState.DONE,
                ),
            )

    def set_media(self, job: Job, media: Media) -> Job:
        """Note what the file of a job is; nothing else of the job is written."""
        with self._write() as db:
            return _with_media(db, job, media)

    def jobs(self, queued_only: bool = False) -> list[Job]:
        """All jobs, or those of the queue, in the order of the queue."""
        where = "WHERE queued" if queued_only else ""
        return self._read_jobs(f"{where} ORDER BY position, jobs.id")

    def job(self, job_id: JobId) -> Job:
        """One job. Raises TranscriptMissing."""
        found = self._read_jobs("WHERE jobs.id = ?", job_id)
        if not found:
            raise errors.TranscriptMissing(id=job_id)
        return found[0]

    def twins(self, media: Media, options: Options) -> list[Job]:
        """Jobs on the same sound with options that give the same text, the newest first."""
        return self._read_jobs(
            "WHERE media.hash = ? AND media.size = ? AND fingerprint = ? ORDER BY jobs.id DESC",
            media.content_hash,
            media.size,
            options.fingerprint(),
        )

    def set_order(self, job_ids: Sequence[JobId]) -> None:
        """The order of the queue."""
        with self._write() as db:
            rows = [(position, job_id) for position, job_id in enumerate(job_ids, 1)]
            db.executemany("UPDATE jobs SET position = ? WHERE id = ?", rows)

    def set_queued(self, job_ids: Sequence[JobId], queued: bool) -> None:
        """Put jobs into the queue or take them out; what they heard stays in the library either way."""
        with self._write() as db:
            db.executemany("UPDATE jobs SET queued = ? WHERE id = ?", [(queued, job_id) for job_id in job_ids])

    def discard(self, job_id: JobId) -> None:
        """Forget a job of which nothing was heard; another one only leaves the queue."""
        with self._write() as db:
            db.execute("DELETE FROM jobs WHERE id = ? AND heard_ms = 0", (job_id,))
            db.execute("UPDATE jobs SET queued = 0 WHERE id = ?", (job_id,))

    def recover(self) -> None:
        """Mark as interrupted what a process that is no more has left running."""
        for job in self._read_jobs("WHERE state = ?", JobState.RUNNING):
            with self.claim(job.id) as is_ours:
                latest = self.job(job.id)
                if is_ours and latest.state is JobState.RUNNING:
                    self.save(latest.stepped(JobState.INTERRUPTED))

    @contextlib.contextmanager
    def claim(self, job_id: JobId) -> Iterator[bool]:
        """Whether this process may work on the job, for as long as the block lasts. Ends with the process, too."""
        lock = FileLock(self._locks / f"job-{job_id}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        except OSError as error:
            raise self._named(error) from error
        try:
            yield True
        finally:
            lock.release()

    def forget(self, job_id: JobId) -> None:
        """Forget a job with everything that was heard, written and marked in it."""
        with self._write() as db:
            db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    # --- recordings ---

    def add_recording(self, source: Path, options: Options, devices: Sequence[Device]) -> Job:
        """A new job on a file that is being recorded, with a track for each device; not in the queue yet."""
        with self._write() as db:
            job = _added_job(db, source, options, queued=False)
            record = json.dumps([device.to_record() for device in devices])
            db.execute("INSERT INTO recordings (job_id, devices) VALUES (?, ?)", (job.id, record))
            return job

    def keep_mark(self, job_id: JobId, mark: Mark) -> None:
        """Keep a moment of a recording."""
        with self._write() as db:
            db.execute("INSERT INTO marks VALUES (?, ?, ?)", (job_id, mark.at_ms, mark.text))

    def keep_gap(self, job_id: JobId, gap: Gap) -> None:
        """Keep where sound of a recording is missing."""
        with self._write() as db:
            row = (job_id, gap.at_ms, gap.lasted_ms, gap.reason, gap.device)
            db.execute("INSERT INTO gaps VALUES (?, ?, ?, ?, ?)", row)

    def finish_recording(self, job_id: JobId, lost_samples: int = 0, fitted_samples: int = 0) -> None:
        """Note that the file of a recording is whole."""
        with self._write() as db:
            db.execute(
                "UPDATE recordings SET finished = 1, lost_samples = ?, fitted_samples = ? WHERE job_id = ?",
                (lost_samples, fitted_samples, job_id),
            )

    def recording(self, job_id: JobId) -> Facts | None:
        """What is known about a recording; None for a job on any other file."""
        with self._read() as db:
            row = db.execute("SELECT * FROM recordings WHERE job_id = ?", (job_id,)).fetchone()
            if row is None:
                return None
            marks = db.execute("SELECT at_ms, text FROM marks WHERE job_id = ? ORDER BY at_ms", (job_id,))
            gaps = db.execute(
                "SELECT at_ms, lasted_ms, reason, device FROM gaps WHERE job_id = ? ORDER BY at_ms", (job_id,)
            )
            return Facts(
                devices=tuple(Device.from_record(record) for record in json.loads(row["devices"])),
                marks=tuple(Mark(*mark) for mark in marks),
                gaps=tuple(Gap(*gap) for gap in gaps),
                lost_samples=row["lost_samples"],
                fitted_samples=row["fitted_samples"],
                is_finished=bool(row["finished"]),
            )

    def unfinished_recordings(self) -> list[Job]:
        """Recordings that go on, or were cut off."""
        return self._read_jobs("JOIN recordings ON recordings.job_id = jobs.id WHERE NOT finished ORDER BY jobs.id")

    # --- what was heard ---

    def append(self, job_id: JobId, heard: Heard, worked_ms: int) -> int:
        """Keep one window: its segments, its map and the place up to which everything is heard now, as one.

        Returns the position of its first segment in the transcript.
        """
        with self._write() as db:
            first = db.execute(
                "SELECT coalesce(max(position) + 1, 0) FROM segments WHERE job_id = ?", (job_id,)
            ).fetchone()[0]
            db.executemany(
                "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_segment_row(job_id, position, segment) for position, segment in enumerate(heard.segments, first)],
            )
            db.executemany(
                "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (job_id, position, place, word.start_ms, word.end_ms, word.text, word.probability)
                    for position, segment in enumerate(heard.segments, first)
                    for place, word in enumerate(segment.words)
                ],
            )
            _add_parts(db, job_id, heard.parts)
            checked = db.execute("SELECT id, checked FROM jobs WHERE id = ?", (job_id,)).fetchone()
            if checked and checked["checked"] is not None:
                rows = json.dumps(_part_rows(_coverage(db, checked).joined(heard.parts).parts))
                db.execute("UPDATE jobs SET checked = ? WHERE id = ?", (rows, job_id))
            db.execute(
                "UPDATE jobs SET heard_ms = ?, worked_ms = ?, language = ?, bookmark = ? WHERE id = ?",
                (heard.heard_ms, worked_ms, heard.language, heard.bookmark, job_id),
            )
            return int(first)

    def document(self, job_id: JobId) -> Document:
        """What was heard so far, and what a person did to it. Raises TranscriptMissing."""
        job = self.job(job_id)
        with self._read() as db:
            word_rows = db.execute("SELECT * FROM words WHERE job_id = ? ORDER BY segment, position", (job_id,))
            words: dict[int, list[Word]] = {}
            for row in word_rows:
                words.setdefault(row["segment"], []).append(
                    Word(row["start_ms"], row["end_ms"], row["text"], row["probability"])
                )
            rows = db.execute("SELECT * FROM segments WHERE job_id = ? ORDER BY position", (job_id,))
            segments = tuple(_segment(row, words.get(row["position"], [])) for row in rows)
            edits = [edit_of(row["record"]) for row in _edit_rows(db, job_id)]
            done = db.execute("SELECT edits_done FROM jobs WHERE id = ?", (job_id,)).fetchone()[0]
            coverage = _heard_coverage(db, job_id)
        original = Transcript(
            segments=segments,
            source=shown_name(job.source),
            language=job.language,
            model=job.engine.model,
            duration_ms=job.duration_ms,
            is_demo=job.engine.is_demo,
            coverage=coverage,
        )
        return Document.of(original, edits, done)

    def transcript(self, job_id: JobId) -> Transcript:
        """The text as it is now. Raises TranscriptMissing."""
        return self.document(job_id).current

    def keep_edits(self, job_id: JobId, document: Document, whole: bool = False) -> None:
        """Keep the edits of a document, how many of them hold, and the map after them.

        Only the last one that holds, and those that are not there, are written; all of them if `whole`, which is
        needed where an earlier call has failed: one that is there may be older than that of the document.
        """
        with self._write() as db:
            db.execute(
                "DELETE FROM edits WHERE job_id = ? AND (number > ? OR number = ? OR ?)",
                (job_id, len(document.edits), document.done, whole),
            )
            there = {row[0] for row in db.execute("SELECT number FROM edits WHERE job_id = ?", (job_id,))}
            db.executemany(
                "INSERT INTO edits VALUES (?, ?, ?)",
                [
                    (job_id, number, edit_record(edit))
                    for number, edit in enumerate(document.edits, 1)
                    if number not in there
                ],
            )
            checked = json.dumps(_part_rows(document.current.coverage.parts)) if document.done else None
            db.execute("UPDATE jobs SET edits_done = ?, checked = ? WHERE id = ?", (document.done, checked, job_id))

    # --- dictations ---

    def keep_entry(self, entry: Entry) -> Entry:
        """Keep an entry of the history of dictations; one without an id is new and gets one."""
        sound = os.fsencode(entry.sound) if entry.sound else None
        row = (*(getattr(entry, name) for name in _ENTRY_COLUMNS[:-1]), sound)
        with self._write() as db:
            if not entry.id:
                columns, marks = ", ".join(_ENTRY_COLUMNS), ", ".join("?" * len(row))
                added = db.execute(f"INSERT INTO dictations ({columns}) VALUES ({marks})", row)
                return replace(entry, id=int(added.lastrowid or 0))
            changes = ", ".join(f"{name} = ?" for name in _ENTRY_COLUMNS)
            db.execute(f"UPDATE dictations SET {changes} WHERE id = ?", (*row, entry.id))
            return entry

    def entry(self, entry_id: EntryId) -> Entry | None:
        """One entry, if it is there."""
        with self._read() as db:
            row = db.execute("SELECT * FROM dictations WHERE id = ?", (entry_id,)).fetchone()
            return _entry(row) if row else None

    def entries(self) -> list[Entry]:
        """The history of dictations, the newest first."""
        with self._read() as db:
            return [_entry(row) for row in db.execute("SELECT * FROM dictations ORDER BY spoken_ms DESC, id DESC")]

    def forget_entries(self, entry_ids: Sequence[EntryId]) -> None:
        """Delete entries; their files are the caller's."""
        with self._write() as db:
            db.executemany("DELETE FROM dictations WHERE id = ?", [(entry_id,) for entry_id in entry_ids])

    # --- rows ---

    def _read_jobs(self, where: str, *values: object) -> list[Job]:
        with self._read() as db:
            rows = db.execute(
                "SELECT jobs.*, size, hash, duration_ms, start_offset_ms, tracks, has_video"
                f" FROM jobs LEFT JOIN media ON media.id = media_id {where}",
                values,
            ).fetchall()
            return [_job(row, _coverage(db, row)) for row in rows]

    # --- transactions ---

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                # After some errors, a full disk among them, SQLite has rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextlib.contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            yield self._db

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._named(error) from error

    def _has_no_room(self) -> bool:
        """SQLite says "disk I/O error" when its shared memory file finds no room."""
        try:
            return shutil.disk_usage(self._file.parent).free < LEAST_ROOM
        except OSError:
            return False

    def _named(self, error: Exception) -> errors.AppError:
        folder = shown_path(self._file.parent)
        code = getattr(error, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_FULL or "No space left" in str(error) or self._has_no_room():
            return errors.DiskFull(folder=folder)
        return errors.LibraryUnusable(folder=folder, reason=str(error))


def _added_job(db: sqlite3.Connection, source: Path, options: Options, queued: bool) -> Job:
    now_ms = time.time_ns() // 1_000_000
    position = db.execute("SELECT coalesce(max(position), 0) + 1 FROM jobs").fetchone()[0]
    added = db.execute(
        "INSERT INTO jobs (source, state, position, queued, options, fingerprint, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            os.fsencode(source),
            JobState.WAITING,
            position,
            queued,
            json.dumps(options.to_record()),
            options.fingerprint(),
            now_ms,
        ),
    )
    return Job(id=int(added.lastrowid or 0), source=source, options=options, created_ms=now_ms)


def _with_media(db: sqlite3.Connection, job: Job, media: Media) -> Job:
    path = os.fsencode(job.source)
    media_id = db.execute(
        "INSERT INTO media (path, size, hash, duration_ms, start_offset_ms, tracks, has_video)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (path, size, hash) DO UPDATE SET duration_ms = excluded.duration_ms RETURNING id",
        (
            path,
            media.size,
            media.content_hash,
            media.duration_ms,
            media.start_offset_ms,
            json.dumps([asdict(track) for track in media.tracks]),
            media.has_video,
        ),
    ).fetchone()[0]
    db.execute("UPDATE jobs SET media_id = ? WHERE id = ?", (media_id, job.id))
    return replace(job, media=media)


def _segment_row(job_id: JobId, position: int, segment: Segment) -> tuple[object, ...]:
    return (
        job_id,
        position,
        segment.start_ms,
        segment.end_ms,
        segment.text,
        segment.avg_logprob,
        segment.no_speech_prob,
        segment.compression_ratio,
        segment.temperature,
        segment.suspect,
        segment.language,
        segment.speaker,
        segment.is_pinned,
    )


def _segment(row: sqlite3.Row, words: Sequence[Word]) -> Segment:
    return Segment(
        row["start_ms"],
        row["end_ms"],
        row["text"],
        tuple(words),
        row["avg_logprob"],
        row["no_speech_prob"],
        row["compression_ratio"],
        row["temperature"],
        row["suspect"],
        row["language"],
        row["speaker"],
        bool(row["pinned"]),
    )


def _add_parts(db: sqlite3.Connection, job_id: JobId, parts: Sequence[Part]) -> None:
    rows = [(job_id, part.start_ms, part.end_ms, part.kind) for part in parts]
    db.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", rows)


def _coverage(db: sqlite3.Connection, row: sqlite3.Row) -> Coverage:
    """The map as a person has left it."""
    if row["checked"] is None:
        return _heard_coverage(db, row["id"])
    return Coverage(tuple(Part(start, end, Kind(kind)) for start, end, kind in json.loads(row["checked"])))


def _heard_coverage(db: sqlite3.Connection, job_id: JobId) -> Coverage:
    rows = db.execute("SELECT start_ms, end_ms, kind FROM parts WHERE job_id = ? ORDER BY start_ms", (job_id,))
    return Coverage().joined([Part(row["start_ms"], row["end_ms"], Kind(row["kind"])) for row in rows])


def _edit_rows(db: sqlite3.Connection, job_id: JobId) -> Iterator[sqlite3.Row]:
    return db.execute("SELECT record FROM edits WHERE job_id = ? ORDER BY number", (job_id,))


def _part_rows(parts: Sequence[Part]) -> list[tuple[int, int, str]]:
    return [(part.start_ms, part.end_ms, part.kind.value) for part in parts]


def _job(row: sqlite3.Row, coverage: Coverage) -> Job:
    return Job(
        id=row["id"],
        source=Path(os.fsdecode(row["source"])),
        options=Options.from_record(json.loads(row["options"])),
        state=JobState(row["state"]),
        media=_media(row) if row["media_id"] is not None else None,
        heard_ms=row["heard_ms"],
        worked_ms=row["worked_ms"],
        attempts=row["attempts"],
        language=row["language"],
        coverage=coverage,
        bookmark=row["bookmark"],
        engine=Engine(**json.loads(row["engine"])),
        error=errors.AppError.from_record(json.loads(row["error"])) if row["error"] else None,
        notes=tuple(errors.AppError.from_record(note) for note in json.loads(row["notes"])),
        exported=tuple(Path(os.fsdecode(bytes.fromhex(path))) for path in json.loads(row["exported"])),
        created_ms=row["created_ms"],
    )


def _entry(row: sqlite3.Row) -> Entry:
    values = {name: row[name] for name in ("id", *_ENTRY_COLUMNS)}
    sound = Path(os.fsdecode(row["sound"])) if row["sound"] is not None else None
    return Entry(**{**values, "outcome": Outcome(row["outcome"]), "sound": sound})


def _media(row: sqlite3.Row) -> Media:
    tracks: list[dict[str, Any]] = json.loads(row["tracks"])
    return Media(
        size=row["size"],
        content_hash=row["hash"],
        duration_ms=row["duration_ms"],
        start_offset_ms=row["start_offset_ms"],
        tracks=tuple(AudioTrack(**track) for track in tracks),
        has_video=bool(row["has_video"]),
    )
