"""Speech of any length: as long as asked, the same every time, never the same minute twice."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.benchmark.material import RATE_HZ, Material
from tests.conftest import SAMPLES


@pytest.mark.parametrize("seconds", [3.0, 61.5])
def test_it_is_as_long_as_asked(tmp_path: Path, seconds: float) -> None:
    path = Material(SAMPLES, tmp_path).speech(seconds)
    found = soundfile.info(path)
    assert (found.samplerate, found.channels, found.frames) == (RATE_HZ, 1, seconds * RATE_HZ)


def test_it_is_the_same_every_time_and_another_for_another_seed(tmp_path: Path) -> None:
    first = Material(SAMPLES, tmp_path / "a").speech(20.0, seed=5)
    again = Material(SAMPLES, tmp_path / "b").speech(20.0, seed=5)
    other = Material(SAMPLES, tmp_path / "b").speech(20.0, seed=6)
    assert first.read_bytes() == again.read_bytes()
    assert again.read_bytes() != other.read_bytes()


def test_no_two_minutes_are_alike_and_all_hold_speech_and_pauses(tmp_path: Path) -> None:
    sound, _rate_hz = soundfile.read(Material(SAMPLES, tmp_path).speech(180.0), dtype="float32")
    minutes = sound.reshape(3, 60 * RATE_HZ)
    for number, minute in enumerate(minutes):
        loud = np.abs(minute.reshape(-1, RATE_HZ // 10)).max(axis=1) > 0.01
        assert 0.3 < loud.mean() < 0.95
        assert np.abs(np.corrcoef(minute, minutes[number - 1])[0, 1]) < 0.1
    assert np.abs(sound).max() <= 1.0
    assert (np.abs(sound) > 0).mean() > 0.5, "there is noise in the pauses"


def test_an_mp3_can_be_had_as_well(tmp_path: Path) -> None:
    path = Material(SAMPLES, tmp_path).speech(5.0, kind="mp3")
    assert path.suffix == ".mp3"
    assert soundfile.info(path).duration == pytest.approx(5.0, abs=0.1)


def test_clips_are_short_and_begin_differently(tmp_path: Path) -> None:
    clips = Material(SAMPLES, tmp_path).clips(3)
    assert len({clip.read_bytes() for clip in clips}) == 3
    assert all(soundfile.info(clip).duration == 5.0 for clip in clips)


def test_a_file_is_made_once(tmp_path: Path) -> None:
    material = Material(SAMPLES, tmp_path / "sound")
    made = material.speech(3.0).stat().st_mtime_ns
    assert material.speech(3.0).stat().st_mtime_ns == made
    assert [path.name for path in (tmp_path / "sound").iterdir()] == ["speech-3s-0.flac"]
