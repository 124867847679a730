"""What every test stands on: a home of its own, a quiet log, and nothing left running."""

import logging
import multiprocessing
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub.constants  # noqa: F401 - reads the environment once, and before the engine keeps it offline
import hypothesis
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # journeys start the program itself, on a real X server

from desktop.core.errors import AppError
from desktop.engine.client import EngineClient, FileInspector
from desktop.engine.models import Models
from desktop.store.library import Library
from desktop.store.paths import Paths

# A machine that is busy is no failure: times are measured by the benchmarks alone.
hypothesis.settings.register_profile("untimed", deadline=None, max_examples=25)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "resources" / "samples"
DEMO_MODEL = ROOT / "resources" / "models" / "demo"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: journeys wait more than they work."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first: they are long, and one that begins last lets the other processor wait."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test alone: settings, library and sockets of others stay out of reach."""
    folder = tmp_path / "home"
    for name in ("config", "data", "state", "cache", "run"):
        (folder / name).mkdir(parents=True)
        monkeypatch.setenv("XDG_RUNTIME_DIR" if name == "run" else f"XDG_{name.upper()}_HOME", str(folder / name))
    (folder / "run").chmod(0o700)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log that no test asked for fails the test: `@pytest.mark.usefixtures("loud_log")` asks."""
    yield
    if "loud_log" not in request.fixturenames:
        loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
        assert not loud, [record.getMessage() for record in loud]


@pytest.fixture
def loud_log() -> None:
    """This test expects warnings in the log."""


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """No thread and no process of ours outlives its test."""
    before, processes = set(threading.enumerate()), set(multiprocessing.active_children())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.name.startswith("Dummy")]
    for thread in left:
        thread.join(5)
    running = set(multiprocessing.active_children()) - processes
    for process in running:
        process.kill()  # the next tests are not to fail of it, too
        process.join(5)
    assert not [thread for thread in left if thread.is_alive()]
    assert not running


@pytest.fixture
def paths() -> Paths:
    """The folders of this test's home."""
    found = Paths.default()
    found.prepare()
    return found


@pytest.fixture
def library(paths: Paths) -> Iterator[Library]:
    """An empty library."""
    opened = Library(paths.library, paths.locks)
    yield opened
    opened.close()


@pytest.fixture
def models(paths: Paths) -> Models:
    """No model but the demo model."""
    return Models(paths.models, paths.demo_model)


@pytest.fixture
def engine(models: Models) -> Iterator[EngineClient]:
    """The real engine; its process starts with the first call."""
    client = EngineClient(models)
    yield client
    client.close()


@pytest.fixture
def inspector() -> Iterator[FileInspector]:
    """The real inspector; its process starts with the first call."""
    one = FileInspector()
    yield one
    one.close()


def sentence_of(error: AppError) -> str:
    """The two sentences of an error; shows that every fact that they name is there."""
    return f"{error.said_headline} {error.said_advice}"
