"""One job from its first to its last step, and what the engine is told of in advance."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.core import errors, events
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.ports import StopFlag, Work
from desktop.core.transcript import Segment
from desktop.services.transcription import MOST_AHEAD, MOST_AHEAD_MS, Step, looked_ahead, work_of, work_on
from desktop.store.library import Library

WINDOW_MS = 10_000
MEDIA = Media(1, "talk", 3 * WINDOW_MS)
OPTIONS = Options(language="de", mode="precise")


def window(at_ms: int, language: str = "de") -> events.Heard:
    parts = (Part(at_ms, at_ms + 4000, Kind.TEXT), Part(at_ms + 4000, at_ms + WINDOW_MS, Kind.SILENCE))
    return events.Heard(
        (Segment(at_ms, at_ms + 4000, f"{at_ms}"),), at_ms + WINDOW_MS, language, parts, f"after {at_ms}"
    )


class Scripted:
    """Tells the news that it was given; looks into every file and finds the same."""

    def __init__(self, *news: events.News | Exception) -> None:
        self._news = news
        self.asked: list[tuple[Work, list[Work]]] = []
        self.media = MEDIA

    def transcribe(self, work: Work, stop: StopFlag, upcoming: Sequence[Work] = ()) -> Iterator[events.News]:
        self.asked.append((work, list(upcoming)))
        yield events.Started(Engine("small", "cpu", "int8", "because"))
        for one in self._news:
            if isinstance(one, Exception):
                raise one
            yield one

    def inspect(self, source: Path, stop: StopFlag) -> Media:
        return self.media

    def close(self) -> None: ...


def steps_of(job: Job, library: Library, engine: Scripted, upcoming: Sequence[Work] = ()) -> list[Step]:
    stop = threading.Event()
    return list(work_on(job, library, engine, engine, stop, lambda: JobState.INTERRUPTED, upcoming))


def new_job(library: Library) -> Job:
    return library.add_job(Path("/m/talk.mp3"), OPTIONS, MEDIA)


def job_of(number: int, length_ms: int) -> Job:
    return Job(number, Path(f"/m/{number}.mp3"), media=Media(1, f"{number}", length_ms))


# --- looking ahead ---------------------------------------------------------------------------------------------------


def test_what_is_left_of_a_job_is_what_the_engine_said_last() -> None:
    job = replace(job_of(1, 60_000), options=OPTIONS, heard_ms=20_000, language="de", bookmark="after 10000")
    assert work_of(job) == Work(Path("/m/1.mp3"), OPTIONS, 20_000, "de", "after 10000")


def test_many_short_files_are_looked_ahead_up_to_a_number() -> None:
    jobs = iter([job_of(number, 1000) for number in range(100)])
    assert [work.source.name for work in looked_ahead(jobs)] == [f"{number}.mp3" for number in range(MOST_AHEAD)]
    assert next(jobs).id == MOST_AHEAD, "no job is asked for that is not needed"


def test_long_files_are_looked_ahead_up_to_the_one_that_is_enough() -> None:
    third = -(-MOST_AHEAD_MS // 3)
    jobs = iter([job_of(number, third) for number in range(10)])
    assert len(looked_ahead(jobs)) == 3
    assert next(jobs).id == 3
    assert len(looked_ahead([job_of(1, 10 * MOST_AHEAD_MS), job_of(2, 1000)])) == 1
    assert looked_ahead([]) == []


# --- one job ---------------------------------------------------------------------------------------------------------


def test_what_is_heard_is_in_the_library_and_in_the_job(library: Library) -> None:
    job = new_job(library)
    engine = Scripted(window(0), window(WINDOW_MS), window(2 * WINDOW_MS), events.Finished())
    done = steps_of(job, library, engine)[-1].job
    kept = library.job(job.id)
    assert done.state is kept.state is JobState.DONE
    assert (
        done.coverage
        == kept.coverage
        == Coverage().joined(window(0).parts).joined(window(WINDOW_MS).parts).joined(window(2 * WINDOW_MS).parts)
    )
    assert done.bookmark == kept.bookmark == "after 20000"
    assert [segment.text for segment in library.transcript(job.id).segments] == ["0", "10000", "20000"]


def test_each_window_is_kept_before_it_is_told(library: Library) -> None:
    job = new_job(library)
    engine = Scripted(window(0), window(WINDOW_MS), events.Finished())
    told = []
    for step in work_on(job, library, engine, engine, threading.Event(), lambda: JobState.INTERRUPTED):
        if isinstance(step.news, events.Heard):
            kept = library.job(job.id)
            told.append((step.position, kept.heard_ms, kept.bookmark, kept.coverage == step.job.coverage))
    assert told == [(0, WINDOW_MS, "after 0", True), (1, 2 * WINDOW_MS, "after 10000", True)]


def test_the_engine_gets_the_place_the_language_and_the_bookmark_that_the_library_holds(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, window(0, "en"), 5)  # by another process, since this one last looked
    engine = Scripted(window(WINDOW_MS), events.Finished())
    ahead = [Work(Path("/m/next.mp3"), OPTIONS)]
    done = steps_of(job, library, engine, ahead)[-1].job
    assert engine.asked == [(Work(job.source, OPTIONS, WINDOW_MS, "en", "after 0"), ahead)]
    assert done.coverage == library.job(job.id).coverage
    assert done.coverage.parts[0] == Part(0, 4000, Kind.TEXT)


def test_a_failure_keeps_what_was_heard_and_the_next_attempt_goes_on_there(library: Library) -> None:
    job = new_job(library)
    failed = steps_of(job, library, Scripted(window(0), errors.EngineOutOfMemory()))[-1].job
    assert isinstance(failed.error, errors.EngineOutOfMemory)
    assert (failed.state, failed.heard_ms, failed.bookmark) == (JobState.FAILED, WINDOW_MS, "after 0")
    engine = Scripted(window(WINDOW_MS), events.Finished())
    done = steps_of(failed.stepped(JobState.WAITING), library, engine)[-1].job
    assert engine.asked[0][0] == Work(job.source, OPTIONS, WINDOW_MS, "de", "after 0")
    assert done.state is JobState.DONE
    assert [segment.text for segment in library.transcript(job.id).segments] == ["0", "10000"]


def test_an_engine_that_leaves_early_leaves_the_job_where_it_was(library: Library) -> None:
    left = steps_of(new_job(library), library, Scripted(window(0)))[-1].job
    assert (left.state, left.heard_ms) == (JobState.INTERRUPTED, WINDOW_MS)


def test_a_file_without_speech_is_done_with_a_note(library: Library) -> None:
    silence = events.Heard((), WINDOW_MS, "", (Part(0, WINDOW_MS, Kind.SILENCE),), "after 0")
    done = steps_of(new_job(library), library, Scripted(silence, events.Finished()))[-1].job
    assert done.state is JobState.DONE
    assert [type(note) for note in done.notes] == [errors.NothingSaid]
    assert done.coverage.said == "No speech was heard"


def test_a_begun_file_that_was_replaced_is_not_gone_on_with(library: Library) -> None:
    job = new_job(library)
    library.append(job.id, window(0), 5)
    engine = Scripted(events.Finished())
    engine.media = replace(MEDIA, content_hash="other")
    failed = steps_of(job, library, engine)[-1].job
    assert isinstance(failed.error, errors.FileReplaced)
    assert engine.asked == []


def test_a_job_that_another_process_works_on_is_refused(library: Library) -> None:
    job = new_job(library)
    engine = Scripted(events.Finished())
    with library.claim(job.id):
        (step,) = steps_of(job, library, engine)
    assert isinstance(step.job.error, errors.JobElsewhere)
    assert engine.asked == []


# --- recordings that still go on ---


def growing_steps(job: Job, library: Library, engine: Scripted) -> list[Step]:
    stop = threading.Event()
    return list(work_on(job, library, engine, engine, stop, lambda: JobState.INTERRUPTED, is_growing=True))


def test_a_recording_is_looked_into_when_it_is_whole(library: Library) -> None:
    job = library.add_job(Path("/m/talk.mka"), OPTIONS)
    engine = Scripted(events.Preview(0, "Hel"), window(0), events.Finished())
    steps = growing_steps(job, library, engine)
    assert [step.job.media for step in steps[:-1]] == [None] * (len(steps) - 1)
    assert (steps[-1].job.state, steps[-1].job.media) == (JobState.DONE, MEDIA)
    assert library.job(job.id).media == MEDIA
    ((work, _upcoming),) = engine.asked
    assert work == Work(Path("/m/talk.mka"), OPTIONS, is_growing=True)


def test_previews_are_passed_on_and_not_kept(library: Library) -> None:
    job = library.add_job(Path("/m/talk.mka"), OPTIONS)
    preview = events.Preview(0, "Hello wor", 5, "Me")
    steps = growing_steps(job, library, Scripted(preview, window(0), events.Finished()))
    assert preview in [step.news for step in steps]
    assert [one.text for one in library.transcript(job.id).segments] == ["0"]


def test_a_recording_whose_text_was_interrupted_goes_on_as_a_file(library: Library) -> None:
    job = library.add_job(Path("/m/talk.mka"), OPTIONS)
    growing_steps(job, library, Scripted(window(0)))
    left = library.job(job.id)
    assert (left.state, left.heard_ms, left.media) == (JobState.INTERRUPTED, WINDOW_MS, None)
    engine = Scripted(window(WINDOW_MS), events.Finished())
    assert steps_of(left.stepped(JobState.WAITING), library, engine)[-1].job.state is JobState.DONE
    assert engine.asked[0][0] == Work(Path("/m/talk.mka"), OPTIONS, WINDOW_MS, "de", "after 0")
    assert len(library.transcript(job.id).segments) == 2
