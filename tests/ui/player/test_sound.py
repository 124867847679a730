"""What really comes out of the speakers: pitch, place, loops and silence."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.sounds import write_sound
from tests.ui.player.speakers import RATE_HZ, TOOLS, Recording, Speakers, open_speakers

SECONDS = 40
START_HZ, RISE_HZ = 300, 50
"""The frequency tells the place in the file: it rises by 50 Hz each second."""


@pytest.fixture(scope="module")
def speakers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speakers]:
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    with open_speakers(tmp_path_factory.mktemp("pulse")) as one:
        yield one


@pytest.fixture(scope="module")
def rising(tmp_path_factory: pytest.TempPathFactory) -> Path:
    time_s = np.arange(SECONDS * RATE_HZ) / RATE_HZ
    sound = 0.5 * np.sin(2 * np.pi * (START_HZ * time_s + RISE_HZ * time_s**2 / 2))
    return write_sound(tmp_path_factory.mktemp("sound") / "rising.wav", sound.astype(np.float32), RATE_HZ)


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    time_s = np.arange(20 * RATE_HZ) / RATE_HZ
    sound = 0.5 * np.sin(2 * np.pi * 440 * time_s)
    return write_sound(tmp_path_factory.mktemp("sound") / "tone.wav", sound.astype(np.float32), RATE_HZ)


def places(recording: Recording) -> np.ndarray:
    """Times, and the place in the rising sound that was heard then, in milliseconds.

    A piece that holds the end of one sound and the start of another is neither: the middle of five goes before it.
    """
    found = np.array([(when, 1000 * (hz - START_HZ) / RISE_HZ) for when, hz in recording.tones()])
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(found[:, 1], 5), axis=1)
    return np.column_stack([found[2:-2, 0], smooth])


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_the_pitch_stays_the_same_at_every_speed(speakers: Speakers, tone: Path, speed: float) -> None:
    recording = speakers.play(tone, [(0, f"playback.set_speed({speed})"), (10, "playback.play()")], 3500)
    heard = [hz for _when, hz in recording.tones(0.1)]
    assert len(heard) > 20
    assert np.median(heard) == pytest.approx(440, abs=0.5)
    assert np.percentile(heard, [10, 90]) == pytest.approx([440, 440], abs=3)


@pytest.mark.parametrize("speed", [1.5])
def test_the_place_moves_as_fast_as_was_wished(speakers: Speakers, rising: Path, speed: float) -> None:
    recording = speakers.play(rising, [(0, f"playback.set_speed({speed})"), (10, "playback.play()")], 4500)
    heard = places(recording)
    slope, _start = np.polyfit(heard[:, 0] - heard[0, 0], heard[:, 1], 1)
    assert slope / 1000 == pytest.approx(speed, rel=0.05)


def test_what_is_shown_is_what_is_heard(speakers: Speakers, rising: Path) -> None:
    recording = speakers.play(rising, [(0, "playback.play()"), (2500, "playback.seek(20000)")], 5000)
    heard = places(recording)
    apart = [
        float(heard[np.abs(heard[:, 0] - when).argmin(), 1]) - ms for when, ms in recording.told if 21_000 < ms < 22_000
    ]
    assert len(apart) > 20
    assert abs(np.median(apart)) < LATE_MS


# How exact it is on a quiet machine is measured by tests/benchmarks/sound.py. A busy one drops pieces of the recording,
# and after an underrun the sound server itself plays late.
LATE_MS = 400


def test_a_loop_comes_back_to_its_start(speakers: Speakers, rising: Path) -> None:
    steps = [(0, "playback.play()"), (2500, "playback.play_loop(10000, 10700)")]
    heard = places(speakers.play(rising, steps, 8000))
    heard = heard[heard[:, 1] > 9500]
    returns = np.flatnonzero(np.diff(heard[:, 1]) < -300)
    assert len(returns) >= 3
    assert np.median(heard[returns, 1]) == pytest.approx(10_700, abs=LATE_MS)
    assert np.median(heard[returns + 1, 1]) == pytest.approx(10_000, abs=LATE_MS)


def test_a_pause_is_silent_and_goes_on_from_there(speakers: Speakers, rising: Path) -> None:
    steps = [(0, "playback.play()")]
    for at_ms in (2500, 3800, 5100):
        steps += [(at_ms, "playback.pause()"), (at_ms + 600, "playback.play()")]
    heard = places(speakers.play(rising, steps, 6500))
    pauses = np.flatnonzero(np.diff(heard[:, 0]) > 0.3)
    assert len(pauses) >= 3
    assert np.median(heard[pauses + 1, 1] - heard[pauses, 1]) == pytest.approx(0, abs=LATE_MS)


def test_muted_nothing_is_heard(speakers: Speakers, rising: Path) -> None:
    steps = [(0, "playback.set_volume(1.0, True)"), (10, "playback.play()")]
    recording = speakers.play(rising, steps, 2500)
    assert float(np.abs(recording.sound).max()) < 0.001
    assert recording.told[-1][1] > 500
