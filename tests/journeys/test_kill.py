"""Kill engine and program at random moments: nothing that was kept is lost, nothing is doubled."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from desktop.core import events
from desktop.core.jobs import Job, JobState
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.core.transcript import Segment
from desktop.engine.client import EngineClient, FileInspector
from desktop.engine.models import Models
from desktop.services.transcription import work_on
from desktop.store.library import Library
from desktop.store.paths import Paths
from tests.sounds import long_sound

SECONDS = 200
KILLS = 8
OPTIONS = Options(language="en", model="demo", temperatures=(0.0,))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_sound(tmp_path_factory.mktemp("sound") / "long.flac", SECONDS)


@pytest.fixture(scope="module")
def undisturbed(source: Path) -> tuple[Segment, ...]:
    resources = Paths.default().resources
    engine = EngineClient(Models(Path("/nowhere"), resources / "models" / "demo"))
    news = list(engine.transcribe(Work(source, OPTIONS), threading.Event()))
    engine.close()
    return tuple(segment for one in news if isinstance(one, events.Heard) for segment in one.segments)


def test_engine_killed_at_random_moments(
    library: Library, engine: EngineClient, inspector: FileInspector, source: Path, undisturbed: tuple[Segment, ...]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    moment = random.Random(seed)
    job = library.add_job(source, OPTIONS)
    kills = 0
    while job.state is not JobState.DONE:
        killer = threading.Timer(moment.uniform(0.2, 2.0), lambda: kill_engine(engine))
        if kills < KILLS:
            killer.start()
        job = run(job, library, engine, inspector)
        killer.cancel()
        killer.join()
        kills += 1
        kept = library.transcript(job.id).segments
        assert kept == undisturbed[: len(kept)]
        if job.state is JobState.FAILED:
            job = job.stepped(JobState.WAITING)
            library.save(job)
        elif job.state is JobState.DONE and kills < KILLS:
            assert kept == undisturbed
            job = library.add_job(source, OPTIONS)
    assert library.transcript(job.id).segments == undisturbed


def kill_engine(engine: EngineClient) -> None:
    if pid := engine.child_pid:
        os.kill(pid, signal.SIGKILL)


def run(job: Job, library: Library, engine: EngineClient, inspector: FileInspector) -> Job:
    for step in work_on(job, library, inspector, engine, threading.Event(), lambda: JobState.INTERRUPTED):
        job = step.job
    return job


def test_program_killed_at_random_moments(paths: Paths, source: Path, undisturbed: tuple[Segment, ...]) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    moment = random.Random(seed)
    command = [sys.executable, "-m", "desktop", "transcribe", str(source), "--model", "demo", "--language", "en"]
    command += ["--temperature", "0", "--suspects", "--quiet"]
    kept: tuple[Segment, ...] = ()
    for _kill in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(moment.uniform(0.2, 2.2))
        process.kill()
        process.wait()
        now = segments_in(paths)
        assert now[: len(kept)] == kept, "a kept segment was lost"
        assert now == undisturbed[: len(now)], "a segment was doubled or changed"
        kept = now
        if len(kept) == len(undisturbed):
            shutil.rmtree(paths.data)
            kept = ()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [segment.text for segment in undisturbed]


def segments_in(paths: Paths) -> tuple[Segment, ...]:
    if not paths.library.exists():
        return ()
    library = Library(paths.library, paths.locks)
    jobs = library.jobs()
    found = library.transcript(max(jobs, key=lambda job: job.id).id).segments if jobs else ()
    library.close()
    return found
