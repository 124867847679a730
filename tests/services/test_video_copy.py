"""A copy of a video gets its subtitles whole or not at all."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from pytestqt.qtbot import QtBot

from desktop.core import errors
from desktop.core.events import Finished, Heard, Working
from desktop.core.formats import WriteOptions
from desktop.core.jobs import Job
from desktop.core.options import Options
from desktop.core.transcript import Segment
from desktop.engine.muxing import mux
from desktop.services.video_copy import VideoCopy
from desktop.store.exports import Exports
from desktop.store.library import Library

EXPORTS = Exports(None, "overwrite", WriteOptions())


@pytest.fixture
def job(library: Library, tmp_path: Path) -> Job:
    """Two seconds of picture and sound, with one sentence."""
    video = tmp_path / "talk.mkv"
    sources = ["-f", "lavfi", "-i", "testsrc=d=2:s=64x48", "-f", "lavfi", "-i", "sine=d=2"]
    subprocess.run(["ffmpeg", "-v", "error", *sources, str(video)], check=True)
    job = library.add_job(video, Options())
    library.append(job.id, Heard((Segment(200, 1800, "Good morning."),), 2000, "en"), 100)
    return library.job(job.id)


@pytest.fixture
def copying(qtbot: QtBot, library: Library) -> Iterator[VideoCopy]:
    copying = VideoCopy(library, mux)
    yield copying
    copying.close()


def test_the_copy_has_the_subtitles_as_a_track(qtbot: QtBot, copying: VideoCopy, job: Job, tmp_path: Path) -> None:
    target = tmp_path / "copy.mkv"
    told: list[Path] = []
    copying.done.connect(lambda path, _notes: told.append(path))
    with qtbot.waitSignal(copying.ended, timeout=20_000):
        copying.copy(job, target, EXPORTS.new_file, WriteOptions())
    assert told == [target]
    with av.open(str(target)) as file:
        assert [stream.type for stream in file.streams] == ["video", "audio", "subtitle"]
    text = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(target), "-f", "srt", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "Good morning." in text


def test_a_cancelled_copy_leaves_nothing(qtbot: QtBot, library: Library, job: Job, tmp_path: Path) -> None:
    def mux_when_cancelled(*given: Any) -> Iterator[Working | Finished]:
        *_others, stop, _language = given
        assert stop.wait(20)  # two seconds of video could be copied before
        yield from mux(*given)

    copying = VideoCopy(library, mux_when_cancelled)
    target = tmp_path / "copy.mkv"
    before = sorted(tmp_path.iterdir())
    copying.done.connect(lambda *_news: pytest.fail("it was cancelled"))
    with qtbot.waitSignal(copying.ended, timeout=20_000):
        copying.copy(job, target, EXPORTS.new_file, WriteOptions())
        copying.cancel()
    copying.close()
    assert sorted(tmp_path.iterdir()) == before


def test_a_kind_without_subtitles_is_said(qtbot: QtBot, copying: VideoCopy, job: Job, tmp_path: Path) -> None:
    failures: list[Exception] = []
    copying.failed.connect(failures.append)
    with qtbot.waitSignal(copying.ended, timeout=20_000):
        copying.copy(job, tmp_path / "copy.avi", EXPORTS.new_file, WriteOptions())
    assert [type(one) for one in failures] == [errors.ContainerWithoutSubtitles]
    assert not (tmp_path / "copy.avi").exists()
