"""Every step is in the library at once, and the way back leads to the first, also after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core import editing, errors
from desktop.core.coverage import Coverage
from desktop.core.events import Heard
from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.jobs import JobId
from desktop.core.options import Options
from desktop.core.transcript import Segment, Transcript
from desktop.services.editor import Editor, Unkept
from desktop.services.ledger import Ledger
from desktop.store.library import Library

SEGMENTS = (Segment(0, 2000, "Thank you."), Segment(2000, 4000, "Shall we start?"), Segment(5000, 6000, "Yes."))


@pytest.fixture
def job_id(library: Library) -> JobId:
    job = library.add_job(Path("/m/talk.mp3"), Options())
    library.append(job.id, Heard(SEGMENTS, 6000, "en"), 100)
    return job.id


@pytest.fixture
def ledger(qtbot: QtBot) -> Iterator[Ledger]:
    ledger = Ledger()
    yield ledger
    ledger.close()


@pytest.fixture
def editor(library: Library, ledger: Ledger) -> Iterator[Editor]:
    editor = Editor(library, ledger)
    yield editor
    editor.close()


def opened(qtbot: QtBot, editor: Editor, job_id: JobId) -> Transcript:
    with qtbot.waitSignal(editor.opened):
        editor.open(job_id)
    return present(editor)


def present(editor: Editor) -> Transcript:
    assert editor.document
    return editor.document.current


def kept(qtbot: QtBot, library: Library, editor: Editor, job_id: JobId) -> None:
    """The library has what the editor has."""
    qtbot.waitUntil(lambda: library.document(job_id) == editor.document)


def test_steps_are_kept_told_and_taken_back(qtbot: QtBot, library: Library, editor: Editor, job_id: JobId) -> None:
    transcript = opened(qtbot, editor, job_id)
    assert transcript.segments == SEGMENTS
    history: list[tuple[str, str]] = []
    editor.history_changed.connect(lambda undo, redo: history.append((undo, redo)))
    step = editing.merged(transcript, 0, 1)
    with qtbot.waitSignals([editor.changed, editor.edited]):
        editor.do(step)
    kept(qtbot, library, editor, job_id)
    editor.undo()
    kept(qtbot, library, editor, job_id)
    assert library.transcript(job_id).segments == SEGMENTS
    editor.redo()
    kept(qtbot, library, editor, job_id)
    assert history == [("Merge", ""), ("", "Merge"), ("Merge", "")]
    editor.undo()
    editor.undo()
    editor.redo()
    editor.redo()
    assert present(editor).segments[0].text == "Thank you. Shall we start?"


def test_another_editor_finds_the_steps_again(qtbot: QtBot, library: Library, editor: Editor, job_id: JobId) -> None:
    for text in ("One.", "Two.", "Three."):
        transcript = opened(qtbot, editor, job_id) if editor.document is None else present(editor)
        editor.do(editing.reworded(transcript, 0, text, typing=False))
    editor.undo()
    kept(qtbot, library, editor, job_id)
    again = opened(qtbot, editor, job_id)
    assert again.segments[0].text == "Two."
    editor.redo()
    assert present(editor).segments[0].text == "Three."
    for _ in range(3):
        editor.undo()
    assert present(editor).segments == SEGMENTS


def test_an_edit_for_another_text_changes_nothing(qtbot: QtBot, editor: Editor, job_id: JobId, loud_log: None) -> None:
    transcript = opened(qtbot, editor, job_id)
    editor.do(editing.reworded(transcript, 0, "Thanks."))
    with qtbot.assertNotEmitted(editor.changed):
        editor.do(editing.merged(transcript, 0, 1))
    assert [one.text for one in present(editor).segments] == ["Thanks.", "Shall we start?", "Yes."]


def test_what_could_not_be_kept_stays_and_is_kept_when_it_can_be(
    qtbot: QtBot, library: Library, editor: Editor, job_id: JobId, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = opened(qtbot, editor, job_id)
    editor.do(editing.reworded(transcript, 0, "Typed."))
    kept(qtbot, library, editor, job_id)

    def full(*_about: object) -> None:
        raise errors.DiskFull(folder="/")

    with monkeypatch.context() as disk:
        disk.setattr(library, "keep_edits", full)
        editor.do(editing.reworded(present(editor), 0, "Typed on."))  # one step with the first
        editor.do(editing.reworded(present(editor), 1, "Another."))
        now = editor.document
        assert opened(qtbot, editor, job_id).segments[1].text == "Another.", "another text was open meanwhile"
    editor._again.setInterval(10)
    kept(qtbot, library, editor, job_id)
    assert editor.document == now


def test_before_the_end_it_is_tried_once_more_and_what_is_left_is_told(
    qtbot: QtBot, library: Library, editor: Editor, job_id: JobId, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = library.add_job(Path("/m/other.mp3"), Options())
    library.append(other.id, Heard(SEGMENTS, 6000, "en"), 100)
    refused = {job_id, other.id}
    keep = library.keep_edits

    def nearly_full(job: JobId, *about: object) -> None:
        if job in refused:
            raise errors.DiskFull(folder="/")
        keep(job, *about)  # type: ignore[arg-type]

    monkeypatch.setattr(library, "keep_edits", nearly_full)
    for one in (job_id, other.id):
        editor.do(editing.reworded(opened(qtbot, editor, one), 0, "Typed."))
    document = editor.document
    assert settled(qtbot, editor).documents.keys() == refused
    refused.remove(job_id)
    left = settled(qtbot, editor)
    assert left.documents == {other.id: document}, "one that cannot be kept keeps no other from it"
    assert isinstance(left.reason, errors.DiskFull)
    assert library.transcript(job_id).segments[0].text == "Typed."
    refused.clear()
    editor.close()
    assert not settled(qtbot, editor).documents


def settled(qtbot: QtBot, editor: Editor) -> Unkept:
    told: list[Unkept] = []
    editor.settle(told.append)
    qtbot.waitUntil(lambda: bool(told))
    return told[0]


def test_a_copy_is_put_back_as_one_step_and_then_gone(
    qtbot: QtBot, library: Library, editor: Editor, job_id: JobId, tmp_path: Path
) -> None:
    transcript = opened(qtbot, editor, job_id)
    editor.do(editing.reworded(transcript, 0, "Typed."))
    copy = tmp_path / "copy.json"
    copy.write_bytes(FORMATS["json"].content(present(editor), WriteOptions()))
    wanted = present(editor)
    editor.undo()
    kept(qtbot, library, editor, job_id)
    with qtbot.waitSignals([editor.opened, editor.edited]):
        editor.put_back(copy, job_id)
    assert present(editor).segments == wanted.segments
    assert not copy.exists()
    editor.undo()
    assert present(editor).segments == SEGMENTS


def test_a_copy_stays_as_long_as_the_library_takes_nothing(
    qtbot: QtBot,
    library: Library,
    ledger: Ledger,
    editor: Editor,
    job_id: JobId,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_about: object) -> None:
        raise errors.DiskFull(folder="/")

    copy = tmp_path / "copy.json"
    copy.write_bytes(FORMATS["json"].content(opened(qtbot, editor, job_id), WriteOptions()))
    monkeypatch.setattr(library, "keep_edits", full)
    editor.do(editing.reworded(present(editor), 0, "Typed."))
    failures: list[Exception] = []
    ledger.failed.connect(failures.append)
    editor.put_back(copy, job_id)
    settled(qtbot, editor)
    assert [type(one) for one in failures] == [errors.DiskFull, errors.DiskFull], "of the edit and of the copy"
    assert copy.exists()


def test_what_is_heard_meanwhile_joins_the_text_and_a_gap_is_loaded(
    qtbot: QtBot, library: Library, editor: Editor, job_id: JobId
) -> None:
    transcript = opened(qtbot, editor, job_id)
    editor.do(editing.deleted(transcript, [0]))
    more = (Segment(7000, 8000, "Good."),)
    position = library.append(job_id, Heard(more, 8000, "en"), 200)
    with qtbot.waitSignal(editor.grown):
        editor.hear(job_id, position, more, Coverage())
    assert [one.text for one in present(editor).segments] == ["Shall we start?", "Yes.", "Good."]
    editor.hear(job_id, position, more, Coverage())
    assert len(present(editor).segments) == 3, "it is there already"
    library.append(job_id, Heard(more, 9000, "en"), 300)
    last = library.append(job_id, Heard(more, 9000, "en"), 300)
    with qtbot.waitSignal(editor.opened):
        editor.hear(job_id, last, more, Coverage())
    assert len(present(editor).segments) == 5


def test_edited_subtitles_come_onto_the_words_as_one_step(
    qtbot: QtBot, library: Library, editor: Editor, job_id: JobId, tmp_path: Path
) -> None:
    transcript = opened(qtbot, editor, job_id)
    written = FORMATS["srt"].content(transcript, WriteOptions()).replace(b"start", b"begin")
    (tmp_path / "talk.srt").write_bytes(written)
    with qtbot.waitSignal(editor.imported):
        editor.import_onto(tmp_path / "talk.srt")
    assert "Shall we begin?" in present(editor).text
    editor.undo()
    assert present(editor).segments == SEGMENTS


def test_closing_shows_no_history(qtbot: QtBot, editor: Editor, job_id: JobId) -> None:
    editor.do(editing.merged(opened(qtbot, editor, job_id), 0, 1))
    with qtbot.waitSignal(editor.history_changed) as told:
        editor.open(None)
    assert told.args == ["", ""]
    editor.undo()
    assert editor.document is None
