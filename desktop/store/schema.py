"""The tables of the library, and how an older file is brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop.core import errors
from desktop.core.names import shown_path

# Each entry brings the file from the version that is its index to the next. Never edit one that was released.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE media (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL,             -- the bytes of the file system: names need not be valid text
        size INTEGER NOT NULL,
        hash TEXT NOT NULL,
        duration_ms INTEGER NOT NULL,
        start_offset_ms INTEGER NOT NULL,
        tracks TEXT NOT NULL,           -- JSON
        has_video INTEGER NOT NULL,
        UNIQUE (path, size, hash)
    ) STRICT;
    CREATE INDEX media_by_hash ON media (hash, size);

    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        media_id INTEGER REFERENCES media (id),
        source BLOB NOT NULL,
        state TEXT NOT NULL,
        position INTEGER NOT NULL,
        queued INTEGER NOT NULL,
        options TEXT NOT NULL,          -- JSON, as they were when the job was made
        fingerprint TEXT NOT NULL,
        heard_ms INTEGER NOT NULL DEFAULT 0,
        worked_ms INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        language TEXT NOT NULL DEFAULT '',
        engine TEXT NOT NULL DEFAULT '{}',
        error TEXT,
        notes TEXT NOT NULL DEFAULT '[]',
        exported TEXT NOT NULL DEFAULT '[]',
        created_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX jobs_by_position ON jobs (position);

    CREATE TABLE segments (
        job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        text TEXT NOT NULL,             -- as heard
        avg_logprob REAL NOT NULL,
        no_speech_prob REAL NOT NULL,
        compression_ratio REAL NOT NULL,
        temperature REAL NOT NULL,
        PRIMARY KEY (job_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE words (
        job_id INTEGER NOT NULL,
        segment INTEGER NOT NULL,
        position INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        text TEXT NOT NULL,
        probability REAL NOT NULL,
        PRIMARY KEY (job_id, segment, position),
        FOREIGN KEY (job_id, segment) REFERENCES segments (job_id, position) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE segments ADD COLUMN suspect TEXT NOT NULL DEFAULT '';
    ALTER TABLE segments ADD COLUMN language TEXT NOT NULL DEFAULT '';
    ALTER TABLE jobs ADD COLUMN bookmark TEXT NOT NULL DEFAULT '';
    CREATE TABLE parts (                -- the map: which parts of the sound are speech and which have text
        job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (job_id, start_ms)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE segments ADD COLUMN speaker TEXT NOT NULL DEFAULT '';
    ALTER TABLE segments ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
    -- How many of its edits hold (the rest was undone), and the map as JSON after them if there are any.
    ALTER TABLE jobs ADD COLUMN edits_done INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE jobs ADD COLUMN checked TEXT;
    CREATE TABLE edits (                -- what a person did to the text, in order; the segments stay as they were heard
        job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,        -- from 1
        record TEXT NOT NULL,           -- JSON
        PRIMARY KEY (job_id, number)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE recordings (           -- jobs whose file this program has recorded
        job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
        devices TEXT NOT NULL,          -- JSON, one for each track
        lost_samples INTEGER NOT NULL DEFAULT 0,
        fitted_samples INTEGER NOT NULL DEFAULT 0,
        finished INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE marks (                -- moments that somebody flagged, on the clock of the sound
        job_id INTEGER NOT NULL REFERENCES recordings (job_id) ON DELETE CASCADE,
        at_ms INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX marks_by_job ON marks (job_id, at_ms);
    CREATE TABLE gaps (                 -- sound that is not there
        job_id INTEGER NOT NULL REFERENCES recordings (job_id) ON DELETE CASCADE,
        at_ms INTEGER NOT NULL,
        lasted_ms INTEGER NOT NULL,
        reason TEXT NOT NULL,
        device TEXT NOT NULL
    ) STRICT;
    CREATE INDEX gaps_by_job ON gaps (job_id, at_ms);
    """,
    """
    CREATE TABLE dictations (           -- the history of what was dictated into other programs
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        spoken_ms INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        text TEXT NOT NULL,
        heard TEXT NOT NULL,            -- before marks, own words and spaces were put in
        language TEXT NOT NULL,
        model TEXT NOT NULL,
        program TEXT NOT NULL,
        outcome TEXT NOT NULL,
        sound BLOB                      -- path of the file, while it is kept
    ) STRICT;
    CREATE INDEX dictations_by_time ON dictations (spoken_ms);
    """,
)


def migrate(db: sqlite3.Connection, file: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Make the tables, or bring them up to date; a copy of the file is kept before an update.

    Raises LibraryTooNew for a file of a later version, which stays untouched.
    """
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise errors.LibraryTooNew(folder=shown_path(file.parent))
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    if 0 < version < len(migrations):
        _back_up(db, file.with_suffix(f".v{version}.sqlite3"))
    for number, script in enumerate(migrations[version:], version + 1):
        # Two programs may start at once: the version is read again once the file is ours.
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone()[0] >= number:
            db.execute("ROLLBACK")
            continue
        for statement in script.split(";\n"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number}")
        db.execute("COMMIT")


def _back_up(db: sqlite3.Connection, file: Path) -> None:
    copy = sqlite3.connect(file)
    db.backup(copy)
    copy.close()
