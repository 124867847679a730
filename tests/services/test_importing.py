"""Subtitles into a real library, and onto what is there."""

import os
from pathlib import Path

import pytest

from desktop.core import editing
from desktop.core.coverage import Kind, Part
from desktop.core.document import Document
from desktop.core.errors import FileForbidden, FileMissing, LibraryUnusable, NotSubtitles
from desktop.core.events import Heard
from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.jobs import Job, JobState
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.transcript import Segment, Transcript, Word
from desktop.services.importing import IMPORT, PUT_BACK, import_file, import_onto, opened, put_back, sound_of
from desktop.store.library import Library

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello\nthere.\n\n2\n00:00:03,000 --> 00:00:04,000\nAll.\n"


def written(folder: Path, text: str = SRT, name: str = "talk.srt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_import_is_a_job_that_is_done(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path)
    imported = import_file(path, library, Options())
    assert imported.job.state is JobState.DONE
    assert imported.job.source == path
    assert imported.job.fraction == 1.0
    assert [job.id for job in library.jobs(queued_only=True)] == [imported.job.id]
    assert library.transcript(imported.job.id).segments == (
        Segment(1_000, 2_500, "Hello\nthere.", is_pinned=True),
        Segment(3_000, 4_000, "All.", is_pinned=True),
    )
    assert imported.notes == ()


def test_an_import_can_belong_to_a_sound(library: Library, tmp_path: Path) -> None:
    sound, media = tmp_path / "talk.mp4", Media(7, "hash", 9_000)
    job = import_file(written(tmp_path), library, Options(), sound, media).job
    assert (job.source, job.media, job.duration_ms) == (sound, media, 9_000)


def test_our_own_json_keeps_all_that_a_job_can_hold(library: Library, tmp_path: Path) -> None:
    words = (Word(0, 400, " Hi", 0.5), Word(400, 900, " you", 0.25))
    given = Transcript((Segment(0, 900, "Hi you", words, -0.5, suspect="loop", speaker="Anna"),), "t", "en", "tiny")
    path = tmp_path / "talk.json"
    path.write_bytes(FORMATS["json"].content(given, WriteOptions()))
    job = import_file(path, library, Options()).job
    found = library.transcript(job.id)
    assert (found.segments, found.language, found.model) == (given.segments, "en", "tiny")


def test_what_was_odd_is_handed_back(library: Library, tmp_path: Path) -> None:
    imported = import_file(written(tmp_path, f"Before all\n\n{SRT}"), library, Options())
    assert [note.line for note in imported.notes] == [1]


def test_what_cannot_be_read_leaves_no_job(library: Library, tmp_path: Path) -> None:
    with pytest.raises(NotSubtitles):
        import_file(written(tmp_path, "no subtitles"), library, Options())
    with pytest.raises(FileMissing):
        import_file(tmp_path / "nowhere.srt", library, Options())
    assert library.jobs() == []


def test_what_cannot_be_kept_leaves_no_job(library: Library, tmp_path: Path) -> None:
    class Failing(Library):
        def append(self, job_id: int, heard: Heard, worked_ms: int) -> int:
            raise LibraryUnusable(folder="x", reason="y")

    failing = Failing(tmp_path / "home" / "other.sqlite3", tmp_path / "home" / "locks")
    with pytest.raises(LibraryUnusable):
        import_file(written(tmp_path), failing, Options())
    assert failing.jobs() == []
    failing.close()


def test_a_folder_cannot_be_imported(tmp_path: Path) -> None:
    with pytest.raises(FileForbidden):
        opened(tmp_path)


def test_edited_subtitles_come_onto_a_transcript_as_one_step(library: Library, tmp_path: Path) -> None:
    words = tuple(Word(1_000 + at * 500, 1_500 + at * 500, f" {word}", 0.5) for at, word in enumerate(["Hello", "all"]))
    job: Job = library.add_job(tmp_path / "talk.mp4", Options())
    library.append(job.id, Heard((Segment(1_000, 2_000, "Hello all", words),), 2_000), 0)
    document = library.document(job.id)
    edit, notes = import_onto(written(tmp_path), document.current)
    assert (edit.label, notes) == (IMPORT, ())
    after = document.did(edit)
    segments = after.current.segments
    assert [(one.start_ms, one.end_ms, one.text) for one in segments] == [
        (1_000, 2_500, "Hello\nthere."),
        (3_000, 4_000, "All."),
    ]
    assert [word.start_ms for one in segments for word in one.words if word.text in (" Hello", " All.")] == [
        1_000,
        1_500,
    ]
    assert after.undone().current == document.current


def test_an_import_onto_nothing_is_a_step_too(tmp_path: Path) -> None:
    edit, _ = import_onto(written(tmp_path), Transcript(()))
    assert len(Document.of(Transcript(())).did(edit).current.segments) == 2


@pytest.mark.parametrize(
    ("names", "subtitles", "sound"),
    [
        (["talk.mp4", "other.mp4"], "talk.srt", "talk.mp4"),
        (["talk.mp4"], "talk.en.srt", "talk.mp4"),
        (["talk.mp4", "talk.en.mkv"], "talk.en.srt", "talk.en.mkv"),
        (["talk.txt"], "talk.srt", None),
        ([], ".srt", None),
    ],
)
def test_the_sound_beside_subtitles_is_found(
    tmp_path: Path, names: list[str], subtitles: str, sound: str | None
) -> None:
    for name in names:
        (tmp_path / name).touch()
    found = sound_of(tmp_path / subtitles)
    assert found == (tmp_path / sound if sound else None)


def test_a_copy_brings_a_text_back_exactly_and_leaves_what_was_heard_since(library: Library, tmp_path: Path) -> None:
    words = (Word(0, 400, " Hi", 0.5), Word(400, 900, " you", 0.25))
    job = library.add_job(tmp_path / "talk.mp4", Options())
    library.append(job.id, Heard((Segment(0, 900, "Hi you", words),), 1_000, parts=(Part(0, 1_000, Kind.TEXT),)), 0)
    heard = library.transcript(job.id)
    edited = Document.of(heard).did(editing.split(heard, 0, 2)).current
    copy = tmp_path / "copy.json"
    copy.write_bytes(FORMATS["json"].content(edited, WriteOptions()))
    later = Segment(1_200, 1_900, "Later.")
    library.append(job.id, Heard((later,), 2_000, parts=(Part(1_000, 2_000, Kind.TEXT),)), 0)
    put_back(copy, job.id, library)
    assert library.transcript(job.id).segments == (*edited.segments, later)
    assert [edit.label for edit in library.document(job.id).edits] == [PUT_BACK]
    put_back(copy, job.id, library)
    assert len(library.document(job.id).edits) == 1, "nothing was left to do"


def test_names_that_are_no_text_can_be_imported(library: Library, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/t\xffalk.srt"))
    path.write_text(SRT, encoding="utf-8")
    assert import_file(path, library, Options()).job.source == path
