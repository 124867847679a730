"""How exact the player is, heard through a sound server of its own: pitch, place, loops, the end of a stretch."""

import tempfile
from pathlib import Path

import numpy as np

from tests.sounds import write_sound
from tests.ui.player.speakers import RATE_HZ, open_speakers
from tests.ui.player.test_sound import RISE_HZ, SECONDS, START_HZ, places


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, open_speakers(Path(name)) as speakers:
        time_s = np.arange(SECONDS * RATE_HZ) / RATE_HZ
        rising = 0.5 * np.sin(2 * np.pi * (START_HZ * time_s + RISE_HZ * time_s**2 / 2))
        tone = 0.5 * np.sin(2 * np.pi * 440 * time_s)
        rising_file = write_sound(Path(name) / "rising.wav", rising.astype(np.float32), RATE_HZ)
        tone_file = write_sound(Path(name) / "tone.wav", tone.astype(np.float32), RATE_HZ)
        for speed in (0.5, 1.0, 1.5, 2.0):
            steps = [(0, f"playback.set_speed({speed})"), (10, "playback.play()")]
            heard = [hz for _when, hz in speakers.play(tone_file, steps, 3500).tones(0.1)]
            print(f"440 Hz at {speed} times: {np.median(heard):.3f} Hz")
        recording = speakers.play(rising_file, [(0, "playback.play()"), (2500, "playback.seek(20000)")], 5000)
        shown = places(recording)
        apart = [
            float(shown[np.abs(shown[:, 0] - when).argmin(), 1]) - ms
            for when, ms in recording.told
            if 21_000 < ms < 22_000
        ]
        print(f"heard against shown: {np.median(apart):+.0f} ms")
        steps = [(0, "playback.play()"), (2500, "playback.play_loop(10000, 10700)")]
        heard_at = places(speakers.play(rising_file, steps, 8000))
        heard_at = heard_at[heard_at[:, 1] > 9500]
        returns = np.flatnonzero(np.diff(heard_at[:, 1]) < -300)
        print(f"a loop of 700 ms comes back every {1000 * np.median(np.diff(heard_at[returns, 0])):.0f} ms")


if __name__ == "__main__":
    main()
