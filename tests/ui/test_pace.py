"""How long a job still takes, by what it has shown and by what was measured before."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.jobs import Engine, Job, JobState
from desktop.core.media import Media
from desktop.ui.pace import Pace, state_line

HOUR_MS = 3_600_000
JOB = Job(1, Path("talk.mp3"), state=JobState.RUNNING, media=Media(1, "h", HOUR_MS))
MEASURED = replace(JOB, engine=Engine("base", "cpu", "int8", factor=20.0))


def test_nothing_is_said_before_anything_is_known() -> None:
    assert Pace.of(JOB).seconds_left() is None
    assert state_line(JOB) == "Transcribing…"


def test_what_was_measured_tells_the_time_left_from_the_start() -> None:
    assert Pace.of(MEASURED).seconds_left() == pytest.approx(180, rel=0.01)
    assert state_line(MEASURED) == "3 min left"


def test_the_file_itself_counts_more_the_longer_it_is_worked_on() -> None:
    at_first = replace(MEASURED, heard_ms=20_000, worked_ms=2000)
    later = replace(MEASURED, heard_ms=1_200_000, worked_ms=120_000)
    assert Pace.of(at_first).expected == pytest.approx(19.1, rel=0.01)
    assert Pace.of(later).expected == pytest.approx(11.4, rel=0.01)
    assert Pace.of(replace(later, engine=Engine())).expected == pytest.approx(10)
    assert state_line(later).startswith("10× · ")
