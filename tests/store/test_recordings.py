"""What the library keeps of recordings."""

import sqlite3
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.jobs import JobState
from desktop.core.options import Options
from desktop.core.recording import DEVICE, OVERRUN, PAUSED, SUSPENDED, Device, Facts, Gap, Mark, SourceKind
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.store.schema import MIGRATIONS, migrate

MIC = Device("mic", "Desk „Mikro“", SourceKind.MICROPHONE, 48_000, 1, is_default=True, sample_bits=24)
SYSTEM = Device("a.monitor", "Speakers", SourceKind.SYSTEM, 44_100, 2)
SOURCE = Path("/recordings/one.mka")

marks = st.builds(Mark, at_ms=st.integers(0, 10**8), text=st.text(st.characters(exclude_categories=["Cs"])))
gaps = st.builds(
    Gap,
    at_ms=st.integers(0, 10**8),
    lasted_ms=st.integers(1, 10**8),
    reason=st.sampled_from((PAUSED, SUSPENDED, DEVICE, OVERRUN)),
    device=st.sampled_from(("", MIC.name)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(marks, max_size=5), st.lists(gaps, max_size=5))
def test_marks_and_gaps_are_kept_in_the_order_of_time(library: Library, made: list[Mark], missing: list[Gap]) -> None:
    job = library.add_recording(SOURCE, Options(), [MIC, SYSTEM])
    for mark in made:
        library.keep_mark(job.id, mark)
    for gap in missing:
        library.keep_gap(job.id, gap)
    facts = library.recording(job.id)
    assert facts
    assert facts.devices == (MIC, SYSTEM)
    assert sorted(facts.marks, key=repr) == sorted(made, key=repr)
    assert sorted(facts.gaps, key=repr) == sorted(missing, key=repr)
    assert [mark.at_ms for mark in facts.marks] == sorted(mark.at_ms for mark in made)
    assert [gap.at_ms for gap in facts.gaps] == sorted(gap.at_ms for gap in missing)


def test_a_recording_is_a_job_outside_the_queue_until_it_is_over(library: Library) -> None:
    job = library.add_recording(SOURCE, Options(model="demo"), [MIC])
    assert library.job(job.id) == job
    assert job.state is JobState.WAITING
    assert library.jobs(queued_only=True) == []
    assert library.jobs() == [job]


def test_a_recording_is_unfinished_until_its_file_is_whole(library: Library) -> None:
    first = library.add_recording(SOURCE, Options(), [MIC])
    second = library.add_recording(Path("/recordings/two.mka"), Options(), [MIC])
    library.add_job(Path("/other.wav"), Options())
    assert [job.id for job in library.unfinished_recordings()] == [first.id, second.id]
    library.finish_recording(first.id, lost_samples=7, fitted_samples=3)
    assert [job.id for job in library.unfinished_recordings()] == [second.id]
    assert library.recording(first.id) == Facts((MIC,), (), (), 7, 3, is_finished=True)


def test_other_jobs_are_no_recordings(library: Library) -> None:
    assert library.recording(library.add_job(Path("/other.wav"), Options()).id) is None


def test_what_is_forgotten_is_gone_with_all_that_belongs_to_it(library: Library) -> None:
    job = library.add_recording(SOURCE, Options(), [MIC])
    library.keep_mark(job.id, Mark(1, "x"))
    library.keep_gap(job.id, Gap(1, 2, "paused"))
    library.forget(job.id)
    assert library.jobs() == []
    for table in ("recordings", "marks", "gaps"):
        assert library._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_marks_survive_the_death_of_the_program(library: Library, paths: Paths) -> None:
    job = library.add_recording(SOURCE, Options(), [MIC])
    library.keep_mark(job.id, Mark(1234, "here"))
    other = Library(paths.library, paths.locks)
    facts = other.recording(job.id)
    assert facts
    assert facts.marks == (Mark(1234, "here"),)
    other.close()


def test_a_library_of_before_recordings_gets_their_tables(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite3"
    db = sqlite3.connect(file, isolation_level=None)
    migrate(db, file, MIGRATIONS[:3])
    db.close()
    library = Library(file, tmp_path / "locks")
    job = library.add_recording(SOURCE, Options(), [MIC])
    assert library.recording(job.id) == Facts((MIC,))
    library.close()
