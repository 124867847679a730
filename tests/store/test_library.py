"""The library: whole or not at all, whoever writes and whatever happens."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core import errors
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


def new_job(library: Library, name: str = "talk.mp4", **values: object) -> Job:
    job = library.add_job(Path("/media") / name, Options(language="en"), MEDIA)
    job = replace(job, **values)  # type: ignore[arg-type]
    library.save(job)
    return library.job(job.id)


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
    library.append(job.id, SEGMENTS, 30_000, 1000, "en")
    library.append(job.id, SEGMENTS[:1], 60_000, 2000, "en")
    assert library.transcript(job.id).segments == (*SEGMENTS, SEGMENTS[0])
    assert (library.job(job.id).heard_ms, library.job(job.id).worked_ms) == (60_000, 2000)


def test_a_reworded_segment_keeps_its_words(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, SEGMENTS, 30_000, 1000, "en")
    library.reword(job.id, 0, "One three.")
    segment = library.transcript(job.id).segments[0]
    assert segment.text == "One three."
    assert segment.words == SEGMENTS[0].words
    assert segment.is_edited


def test_a_window_is_kept_whole_or_not_at_all(library: Library) -> None:
    job = new_job(library)
    broken = replace(SEGMENTS[1], words=(Word(0, 1, "x", None),))  # type: ignore[arg-type]
    with pytest.raises(errors.LibraryUnusable):
        library.append(job.id, (SEGMENTS[0], broken), 30_000, 1000, "en")
    assert library.transcript(job.id).segments == ()
    assert library.job(job.id).heard_ms == 0


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
    library.append(heard.id, SEGMENTS, 30_000, 1000, "en")
    for job in (heard, unheard):
        library.discard(job.id)
    assert [job.id for job in library.jobs()] == [heard.id]
    assert library.jobs(queued_only=True) == []


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
            library.append(job.id, SEGMENTS[:1], 1, 1, "en")

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
from desktop.core.transcript import Segment
from desktop.store.library import Library
library = Library(Path(sys.argv[1]), Path(sys.argv[2]))
for number in range(20):
    library.append(int(sys.argv[3]), [Segment(0, 1, "x")], 1, 1, "en")
"""


def test_a_writer_that_is_killed_leaves_whole_windows(library: Library, paths: Paths) -> None:
    job = new_job(library)
    code = _WRITE.replace("range(20)", "range(10**6)").replace(
        'Segment(0, 1, "x")', 'Segment(0, 1, "x")] * 7 + [Segment(0, 1, "y")'
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(paths.library), str(paths.locks), str(job.id)])
    while len(library.transcript(job.id).segments) < 40:
        pass
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
    library.append(job.id, SEGMENTS, 30_000, 1000, "en")
    pages = library._db.execute("PRAGMA page_count").fetchone()[0]
    library._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(errors.DiskFull, match="undertone"):
        for _ in range(1000):
            library.append(job.id, SEGMENTS * 50, 60_000, 2000, "en")
    library._db.execute("PRAGMA max_page_count = 1000000")
    kept = library.transcript(job.id).segments
    assert kept[:2] == SEGMENTS
    assert (len(kept) - 2) % 100 == 0
    library.append(job.id, SEGMENTS, 60_000, 2000, "en")


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
