"""The library: whole or not at all, whoever writes and whatever happens."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core import doubts, editing, errors
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.document import Document, Edit
from desktop.core.events import Heard
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.media import AudioTrack, Media
from desktop.core.options import Options
from desktop.core.transcript import Segment, Word
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.store.schema import MIGRATIONS, migrate

MEDIA = Media(1000, "abc", 60_000, 40, (AudioTrack(1, "deu", "Ton", "flac", 2, 48_000, True),), True)
SEGMENTS = (
    Segment(0, 1500, "One two.", (Word(0, 700, " One", 0.9), Word(800, 1500, " two.", 0.5)), -0.2, 0.01, 1.1, 0.2),
    Segment(2000, 2500, "Three & <four> 🎙️", (), -0.3, 0.02, 1.2, 0.0),
)
# A window with a sure text, one in doubt and speech without text, and the one after it.
WINDOW = Heard(
    (
        Segment(0, 1500, "One two.", (Word(0, 700, " One", 0.9), Word(800, 1500, " two.", 0.5)), -0.2, 0.01, 1.1, 0.2),
        Segment(2000, 2500, "Thank you.", (), -0.3, 0.7, 1.2, 1.0, doubts.BOILERPLATE, "de"),
    ),
    30_000,
    "en",
    (
        Part(0, 1500, Kind.TEXT),
        Part(1500, 2000, Kind.SILENCE),
        Part(2000, 2500, Kind.SUSPECT),
        Part(2500, 20_000, Kind.TEXT),
        Part(20_000, 30_000, Kind.SILENCE),
    ),
    "here",
)
NEXT = Heard(
    (Segment(41_000, 45_000, "Thank you.", suspect=doubts.NO_SPEECH),),
    60_000,
    "en",
    (
        Part(30_000, 40_000, Kind.SILENCE),
        Part(40_000, 41_000, Kind.MISSING),
        Part(41_000, 45_000, Kind.SUSPECT),
        Part(45_000, 60_000, Kind.SILENCE),
    ),
    "there",
)


def new_job(library: Library, name: str = "talk.mp4", **values: object) -> Job:
    job = library.add_job(Path("/media") / name, Options(language="en"), MEDIA)
    job = replace(job, **values)  # type: ignore[arg-type]
    library.save(job)
    return library.job(job.id)


def kinds(coverage: Coverage) -> list[tuple[int, int, str]]:
    return [(part.start_ms, part.end_ms, str(part.kind)) for part in coverage.parts]


def test_a_job_comes_back_as_it_was_kept(library: Library) -> None:
    job = new_job(
        library,
        name=os.fsdecode(b"bytes \xff\n.mp4"),
        state=JobState.FAILED,
        attempts=3,
        engine=Engine("small", "cpu", "int8", "because", True),
        error=errors.NotMedia(name="talk.mp4"),
        notes=(errors.EndsEarly(name="talk.mp4", heard="0:10", duration="1:00"),),
        exported=(Path("/media/talk.srt"), Path(os.fsdecode(b"/media/\xff.vtt"))),
    )
    assert job.media == MEDIA
    assert str(job.error) == str(errors.NotMedia(name="talk.mp4"))
    assert str(job.notes[0]) == str(errors.EndsEarly(name="talk.mp4", heard="0:10", duration="1:00"))
    assert job.source == Path(os.fsdecode(b"/media/bytes \xff\n.mp4"))
    assert job.exported[1] == Path(os.fsdecode(b"/media/\xff.vtt"))
    assert job.engine.reason == "because"


def test_segments_come_back_as_they_were_heard(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, Heard(SEGMENTS, 30_000, "en"), 1000)
    library.append(job.id, Heard(SEGMENTS[:1], 60_000, "en"), 2000)
    assert library.transcript(job.id).segments == (*SEGMENTS, SEGMENTS[0])
    assert (library.job(job.id).heard_ms, library.job(job.id).worked_ms) == (60_000, 2000)


def test_a_window_comes_back_with_its_doubts_its_map_and_its_bookmark(library: Library) -> None:
    job = new_job(library)
    assert library.append(job.id, WINDOW, 1000) == 0
    assert library.job(job.id).bookmark == "here"
    assert library.append(job.id, NEXT, 2000) == len(WINDOW.segments)
    assert library.transcript(job.id).segments == WINDOW.segments + NEXT.segments
    assert library.job(job.id).bookmark == "there"
    coverage = library.job(job.id).coverage
    assert coverage == Coverage().joined(WINDOW.parts).joined(NEXT.parts)
    assert kinds(coverage)[4] == (20_000, 40_000, "silence"), "the silence of both windows is one"
    assert library.transcript(job.id).coverage == coverage
    assert library.jobs()[0].coverage == coverage


def test_silence_is_kept_with_its_place_and_has_no_segments(library: Library) -> None:
    job = new_job(library)
    silence = Heard((), 30_000, "", (Part(0, 30_000, Kind.SILENCE),), "here")
    assert library.append(job.id, silence, 1000) == 0
    kept = library.job(job.id)
    assert (kept.heard_ms, kept.bookmark, kept.language) == (30_000, "here", "")
    assert kinds(kept.coverage) == [(0, 30_000, "silence")]


def test_the_maps_of_two_jobs_are_apart(library: Library) -> None:
    first, second = new_job(library, "one.mp3"), new_job(library, "two.mp3")
    library.append(first.id, WINDOW, 1000)
    library.append(second.id, replace(WINDOW, parts=(Part(0, 30_000, Kind.MISSING),)), 1000)
    edit(library, second.id, editing.kept, 1)
    assert kinds(library.job(second.id).coverage) == [(0, 30_000, "missing")]
    assert library.job(first.id).coverage == Coverage(WINDOW.parts)
    assert library.transcript(first.id).segments == WINDOW.segments


def edit(library: Library, job_id: int, how: Callable[..., Edit], *about: object) -> Document:
    """One step of a person, kept."""
    document = library.document(job_id)
    document = document.did(how(document.current, *about))
    library.keep_edits(job_id, document)
    return document


@pytest.mark.parametrize("how", ["keep", "reword"])
def test_a_text_that_a_person_kept_or_changed_is_suspect_no_longer_and_text_in_the_map(
    library: Library, how: str
) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    library.append(job.id, NEXT, 2000)
    if how == "keep":
        edit(library, job.id, editing.kept, 1)
    else:
        edit(library, job.id, editing.reworded, 1, "Thank you all.")
    sure, checked, other = library.transcript(job.id).segments
    heard = WINDOW.segments[1]
    assert checked == (heard.kept() if how == "keep" else heard.reworded("Thank you all."))
    assert (sure, other) == (WINDOW.segments[0], NEXT.segments[0])
    assert library.document(job.id).original.segments == WINDOW.segments + NEXT.segments, "what was heard stays"
    assert kinds(library.job(job.id).coverage) == [
        (0, 1500, "text"),
        (1500, 2000, "silence"),
        (2000, 20_000, "text"),
        (20_000, 40_000, "silence"),
        (40_000, 41_000, "missing"),
        (41_000, 45_000, "suspect"),
        (45_000, 60_000, "silence"),
    ]


def test_the_map_follows_undo_and_redo(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    document = edit(library, job.id, editing.kept, 1)
    changed = Coverage(WINDOW.parts).changed(2000, 2500, Kind.SUSPECT, Kind.TEXT)
    assert library.job(job.id).coverage == changed
    library.keep_edits(job.id, document.undone())
    assert library.job(job.id).coverage == Coverage(WINDOW.parts)
    library.keep_edits(job.id, document.undone().redone())
    assert library.job(job.id).coverage == changed


def test_every_edit_is_there_again_with_what_was_undone(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    for text in ("One two three.", "Four.", "Five."):
        document = edit(library, job.id, editing.reworded, 0, text, False)
    document = document.undone()
    library.keep_edits(job.id, document)
    assert library.document(job.id) == document
    assert library.transcript(job.id).segments[0].text == "Four."
    redone = library.document(job.id).redone()
    assert redone.current.segments[0].text == "Five."
    document = edit(library, job.id, editing.reworded, 0, "Six.", False)
    assert library.document(job.id) == document
    assert document.redo_step is None


def test_an_edit_that_could_not_be_kept_is_kept_with_the_next(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    document = library.document(job.id)
    for text in ("One.", "Two.", "Three."):
        document = document.did(editing.reworded(document.current, 0, text, typing=False))
    library.keep_edits(job.id, document)
    assert library.document(job.id) == document


def test_after_a_failure_the_journal_is_written_whole(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    document = edit(library, job.id, editing.reworded, 0, "Typed.")
    document = document.did(editing.reworded(document.current, 0, "Typed on."))  # one step with the first; not kept
    document = document.did(editing.reworded(document.current, 1, "Another."))
    library.keep_edits(job.id, document, whole=True)
    assert library.document(job.id) == document


def test_what_follows_joins_a_map_that_a_person_has_changed(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    edit(library, job.id, editing.kept, 1)
    library.append(job.id, NEXT, 2000)
    changed = Coverage(WINDOW.parts).changed(2000, 2500, Kind.SUSPECT, Kind.TEXT)
    assert library.job(job.id).coverage == changed.joined(NEXT.parts)
    assert library.transcript(job.id).coverage == changed.joined(NEXT.parts)


def test_saving_a_job_leaves_what_was_heard_alone(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, WINDOW, 1000)
    library.save(replace(job, state=JobState.PAUSED, coverage=Coverage(), bookmark="elsewhere", heard_ms=0))
    kept = library.job(job.id)
    assert (kept.state, kept.coverage, kept.bookmark, kept.heard_ms) == (
        JobState.PAUSED,
        Coverage(WINDOW.parts),
        "here",
        30_000,
    )


def test_a_window_is_kept_whole_or_not_at_all(library: Library) -> None:
    job = new_job(library)
    broken = replace(SEGMENTS[1], words=(Word(0, 1, "x", None),))  # type: ignore[arg-type]
    with pytest.raises(errors.LibraryUnusable):
        library.append(job.id, replace(WINDOW, segments=(SEGMENTS[0], broken)), 1000)
    assert library.transcript(job.id).segments == ()
    assert library.transcript(job.id).coverage == Coverage()
    assert (library.job(job.id).heard_ms, library.job(job.id).bookmark) == (0, "")


def test_a_job_that_is_done_stays_done(library: Library) -> None:
    job = new_job(library)
    library.save(replace(job, state=JobState.DONE, exported=(Path("/media/talk.srt"),)))
    library.save(replace(job, state=JobState.WAITING))
    assert library.job(job.id).state is JobState.DONE
    assert library.job(job.id).exported == (Path("/media/talk.srt"),)


def test_the_queue_keeps_its_order(library: Library) -> None:
    ids = [new_job(library, f"{number}.mp3").id for number in range(5)]
    order = [ids[3], ids[0], ids[4], ids[1], ids[2]]
    library.set_order(order)
    library.set_queued([ids[0]], False)
    assert [job.id for job in library.jobs()] == order
    assert [job.id for job in library.jobs(queued_only=True)] == [one for one in order if one != ids[0]]


def test_twins_are_the_same_sound_with_options_that_give_the_same_text(library: Library) -> None:
    job = new_job(library, "one.mp4")
    copy = new_job(library, "copy of one.mp4")
    library.add_job(Path("/media/one.mp4"), Options(language="de"), MEDIA)
    library.add_job(Path("/media/other.mp4"), Options(language="en"), replace(MEDIA, content_hash="other"))
    assert [twin.id for twin in library.twins(MEDIA, Options(language="en", device="cpu"))] == [copy.id, job.id]


def test_a_job_of_which_something_was_heard_is_never_forgotten(library: Library) -> None:
    heard, unheard = new_job(library, "heard.mp3"), new_job(library, "unheard.mp3")
    library.append(heard.id, Heard(SEGMENTS, 30_000, "en"), 1000)
    for job in (heard, unheard):
        library.discard(job.id)
    assert [job.id for job in library.jobs()] == [heard.id]
    assert library.jobs(queued_only=True) == []
    assert library.transcript(heard.id).segments == SEGMENTS


def test_a_missing_transcript_is_named(library: Library) -> None:
    with pytest.raises(errors.TranscriptMissing, match="77"):
        library.job(77)


# --- several processes ---


def test_what_a_dead_process_left_running_is_interrupted(library: Library) -> None:
    job = new_job(library)
    library.save(job.stepped(JobState.RUNNING))
    library.recover()
    assert library.job(job.id).state is JobState.INTERRUPTED


def test_what_a_living_process_works_on_is_left_alone(library: Library, paths: Paths) -> None:
    job = new_job(library)
    library.save(job.stepped(JobState.RUNNING))
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(paths.library), str(paths.locks), str(job.id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    library.recover()
    assert library.job(job.id).state is JobState.RUNNING
    with library.claim(job.id) as is_ours:
        assert not is_ours
    holder.kill()
    holder.communicate()
    library.recover()
    assert library.job(job.id).state is JobState.INTERRUPTED


_HOLD = """
import sys
from pathlib import Path
from desktop.store.library import Library
library = Library(Path(sys.argv[1]), Path(sys.argv[2]))
with library.claim(int(sys.argv[3])) as is_ours:
    assert is_ours
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_processes_and_four_threads_write_without_losing_anything(library: Library, paths: Paths) -> None:
    job = new_job(library)
    other = subprocess.Popen([sys.executable, "-c", _WRITE, str(paths.library), str(paths.locks), str(job.id)])

    def write() -> None:
        for _ in range(20):
            library.append(job.id, Heard(SEGMENTS[:1], 1, "en"), 1)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait(60) == 0
    assert len(library.transcript(job.id).segments) == 4 * 20 + 20


_WRITE = """
import sys
from pathlib import Path
from desktop.core.events import Heard
from desktop.core.transcript import Segment
from desktop.store.library import Library
library = Library(Path(sys.argv[1]), Path(sys.argv[2]))
for number in range(20):
    library.append(int(sys.argv[3]), Heard((*[Segment(0, 1, "x")],), 1, "en"), 1)
"""


def test_a_writer_that_is_killed_leaves_whole_windows(library: Library, paths: Paths) -> None:
    job = new_job(library)
    code = _WRITE.replace("range(20)", "range(10**6)").replace(
        'Segment(0, 1, "x")', 'Segment(0, 1, "x")] * 7 + [Segment(0, 1, "y")'
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(paths.library), str(paths.locks), str(job.id)])
    while len(library.transcript(job.id).segments) < 40:
        assert writer.poll() is None
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    texts = [segment.text for segment in library.transcript(job.id).segments]
    assert len(texts) % 8 == 0
    assert texts == (["x"] * 7 + ["y"]) * (len(texts) // 8)


def test_many_processes_may_make_the_library_at_once(paths: Paths) -> None:
    code = "import sys; from pathlib import Path; from desktop.store.library import Library\n"
    code += "Library(Path(sys.argv[1]), Path(sys.argv[2])).jobs()"
    command = [sys.executable, "-c", code, str(paths.library), str(paths.locks)]
    for process in [subprocess.Popen(command) for _ in range(6)]:
        assert process.wait(60) == 0


# --- the disk ---


def test_a_full_disk_is_named_and_what_was_kept_stays(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, Heard(SEGMENTS, 30_000, "en"), 1000)
    pages = library._db.execute("PRAGMA page_count").fetchone()[0]
    library._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(errors.DiskFull, match="undertone"):
        for _ in range(1000):
            library.append(job.id, Heard(SEGMENTS * 50, 60_000, "en"), 2000)
    library._db.execute("PRAGMA max_page_count = 1000000")
    kept = library.transcript(job.id).segments
    assert kept[:2] == SEGMENTS
    assert (len(kept) - 2) % 100 == 0
    library.append(job.id, Heard(SEGMENTS, 60_000, "en"), 2000)


def test_a_file_that_is_no_library_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"Dear Sir or Madam" * 1000)
    with pytest.raises(errors.LibraryUnusable, match=str(tmp_path)):
        Library(tmp_path / "library.sqlite3", tmp_path / "locks")


def test_a_newer_library_is_refused_and_left_alone(library: Library, paths: Paths) -> None:
    library._db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(errors.LibraryTooNew):
        Library(paths.library, paths.locks)


def test_an_older_library_is_brought_up_to_date_after_a_copy(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite3"
    db = sqlite3.connect(file, isolation_level=None)
    migrate(db, file, MIGRATIONS[:1])
    db.execute("INSERT INTO media VALUES (1, x'00', 1, 'h', 1, 0, '[]', 0)")
    migrate(db, file, (*MIGRATIONS[:1], "ALTER TABLE media ADD COLUMN seen INTEGER NOT NULL DEFAULT 7"))
    assert db.execute("SELECT seen FROM media").fetchall() == [(7,)]
    db.close()
    copy = sqlite3.connect(tmp_path / "library.v1.sqlite3")
    assert copy.execute("SELECT hash FROM media").fetchall() == [("h",)]
    copy.close()


# The columns as they were in version 1; what is not named has its default.
VERSION_1_DATA = """
INSERT INTO media VALUES (1, x'2F6D2F74616C6B2E6D7034', 1000, 'abc', 60000, 40, '[]', 1);
INSERT INTO jobs (id, media_id, source, state, position, queued, options, fingerprint, heard_ms, worked_ms, attempts,
    language, engine, created_ms) VALUES (1, 1, x'2F6D2F74616C6B2E6D7034', 'running', 1, 1,
    '{"model": "small", "language": "en", "task": "transcribe", "device": "auto", "compute_type": "auto",
    "audio_track": 0, "beam_size": 5, "temperatures": [0.0, 0.2], "max_new_tokens": 0, "vad": true}', 'f', 30000, 1000,
    1, 'en', '{"model": "small", "device": "cpu", "compute_type": "int8", "reason": "because", "is_demo": false}', 7);
INSERT INTO segments VALUES (1, 0, 0, 1500, 'One two.', -0.2, 0.01, 1.1, 0.2);
INSERT INTO segments VALUES (1, 1, 2000, 2500, 'Three & <four> 🎙️', -0.3, 0.02, 1.2, 0.0);
INSERT INTO words VALUES (1, 0, 0, 0, 700, ' One', 0.9);
INSERT INTO words VALUES (1, 0, 1, 800, 1500, ' two.', 0.5);
INSERT INTO jobs (id, source, state, position, queued, options, fingerprint, error, created_ms)
    VALUES (2, x'2F6D2F622E6D7034', 'failed', 2, 1, '{"task": "translate"}', 'g',
    '{"code": "CannotTranslate", "facts": {"model": "demo"}}', 8);
"""


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A library as version 1 left it, in the middle of a job."""
    file = tmp_path / "old" / "library.sqlite3"
    file.parent.mkdir()
    db = sqlite3.connect(file, isolation_level=None)
    migrate(db, file, MIGRATIONS[:1])
    db.executescript(VERSION_1_DATA)
    db.close()
    return file


def test_a_library_of_version_1_keeps_its_jobs_and_texts(version_1: Path) -> None:
    library = Library(version_1, version_1.parent / "locks")
    job, failed = library.jobs()
    assert (job.source, job.state, job.heard_ms, job.worked_ms) == (Path("/m/talk.mp4"), JobState.RUNNING, 30_000, 1000)
    assert job.options == Options("small", "en", temperatures=(0.0, 0.2))
    assert job.media == replace(MEDIA, tracks=())
    assert (job.coverage, job.bookmark) == (Coverage(), "")
    assert library.transcript(job.id).segments == SEGMENTS
    assert "demo" in str(failed.error)
    library.close()
    copy = sqlite3.connect(version_1.with_suffix(".v1.sqlite3"))
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    assert copy.execute("SELECT count(*) FROM segments").fetchone() == (2,)
    copy.close()


def test_a_job_of_version_1_goes_on(version_1: Path) -> None:
    library = Library(version_1, version_1.parent / "locks")
    library.recover()
    job = library.job(1)
    assert job.state is JobState.INTERRUPTED
    assert library.append(job.id, NEXT, 2000) == 2
    edit(library, job.id, editing.kept, 0)
    assert library.transcript(job.id).segments == (*SEGMENTS, *NEXT.segments)
    kept = library.job(job.id)
    assert (kept.heard_ms, kept.bookmark, kept.coverage) == (60_000, "there", Coverage(NEXT.parts))
    library.close()


def test_a_library_that_is_up_to_date_is_not_copied(version_1: Path) -> None:
    for _ in range(2):
        Library(version_1, version_1.parent / "locks").close()
    assert sorted(path.name for path in version_1.parent.glob("*.sqlite3")) == [
        "library.sqlite3",
        "library.v1.sqlite3",
    ]


def test_removing_a_job_removes_its_map(library: Library, paths: Paths) -> None:
    job = new_job(library)
    library.append(job.id, replace(WINDOW, heard_ms=0), 1000)
    library.discard(job.id)
    db = sqlite3.connect(paths.library)
    assert db.execute("SELECT count(*) FROM parts").fetchone() == (0,)
    db.close()
