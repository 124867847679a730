"""What really comes out of the speakers: pitch, place, loops and silence."""

import shutil
from collections.abc import Iterator
from itertools import pairwise
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


def places(recording: Recording) -> list[tuple[float, float]]:
    """Times, and the place in the rising sound that was heard then, in milliseconds."""
    return [(when, 1000 * (hz - START_HZ) / RISE_HZ) for when, hz in recording.tones()]


def stretches(recording: Recording) -> list[list[tuple[float, float]]]:
    """What was heard without a break or a jump, of some length."""
    found: list[list[tuple[float, float]]] = [[]]
    for when, place in places(recording):
        last = found[-1][-1:] or [(when, place)]
        if when - last[0][0] > 0.05 or abs(place - last[0][1]) > 100:
            found.append([])
        found[-1].append((when, place))
    return [one for one in found if len(one) > 20]


def begin(stretch: list[tuple[float, float]]) -> float:
    """The place where it begins. The first pieces may hold something of what was heard before: seen from the fifth."""
    return stretch[4][1] - 1000 * (stretch[4][0] - stretch[0][0])


def end(stretch: list[tuple[float, float]]) -> float:
    """The place where it ends, likewise."""
    return stretch[-5][1] + 1000 * (stretch[-1][0] - stretch[-5][0])


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.5, 2.0])
def test_the_pitch_stays_the_same_at_every_speed(speakers: Speakers, tone: Path, speed: float) -> None:
    recording = speakers.play(tone, [(0, f"playback.set_speed({speed})"), (10, "playback.play()")], 3500)
    heard = [hz for _when, hz in recording.tones(0.1)]
    assert len(heard) > 20
    assert np.median(heard) == pytest.approx(440, abs=0.5)
    assert np.percentile(heard, [10, 90]) == pytest.approx([440, 440], abs=3)


@pytest.mark.parametrize("speed", [0.5, 1.5])
def test_the_place_moves_as_fast_as_was_wished(speakers: Speakers, rising: Path, speed: float) -> None:
    recording = speakers.play(rising, [(0, f"playback.set_speed({speed})"), (10, "playback.play()")], 4500)
    heard = max(stretches(recording), key=len)[4:-4]
    (first_s, first_ms), (last_s, last_ms) = heard[0], heard[-1]
    assert (last_ms - first_ms) / (last_s - first_s) / 1000 == pytest.approx(speed, rel=0.05)


def test_what_is_shown_is_what_is_heard(speakers: Speakers, rising: Path) -> None:
    recording = speakers.play(rising, [(0, "playback.play()"), (2500, "playback.seek(20000)")], 5000)
    heard = np.array(places(recording))
    apart = [
        float(heard[np.abs(heard[:, 0] - when).argmin(), 1]) - ms for when, ms in recording.told if 21_000 < ms < 22_000
    ]
    assert len(apart) > 20
    assert abs(np.median(apart)) < 60
    assert max(apart) - min(apart) < 60


def test_a_loop_comes_back_in_time_without_a_gap(speakers: Speakers, rising: Path) -> None:
    steps = [(0, "playback.play()"), (2500, "playback.play_loop(10000, 10700)")]
    rounds = stretches(speakers.play(rising, steps, 6500))[1:]
    assert len(rounds) >= 4
    for one, other in pairwise(rounds):
        assert other[0][0] - one[0][0] == pytest.approx(0.7, abs=0.05)
        assert begin(other) == pytest.approx(10_000, abs=50)
        assert end(one) == pytest.approx(10_700, abs=50)


def test_a_stretch_and_a_pause_end_in_silence_at_once_and_go_on_from_there(speakers: Speakers, rising: Path) -> None:
    steps = [
        (0, "playback.play()"), (2000, "playback.play_stretch(20000, 20800)"), (4000, "playback.play()"),
        (5000, "playback.pause()"), (5500, "playback.play()"),
    ]  # fmt: skip
    _first, stretch, after, again = stretches(speakers.play(rising, steps, 6500))
    assert begin(stretch) == pytest.approx(20_000, abs=50)
    assert end(stretch) == pytest.approx(20_800, abs=50)
    assert begin(after) == pytest.approx(20_800, abs=50)
    assert begin(again) == pytest.approx(end(after), abs=80)


def test_muted_nothing_is_heard(speakers: Speakers, rising: Path) -> None:
    steps = [(0, "playback.set_volume(1.0, True)"), (10, "playback.play()")]
    recording = speakers.play(rising, steps, 2500)
    assert float(np.abs(recording.sound).max()) < 0.001
    assert recording.told[-1][1] > 500
