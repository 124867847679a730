"""The speech detector on a stream says what it says of a whole file, and what faster-whisper's says."""

import numpy as np
import pytest

from desktop.engine.voice import FRAME_SAMPLES, VoiceState, listen
from tests.sounds import samples_of


def whole_file(sound: np.ndarray) -> np.ndarray:
    return listen(sound, VoiceState())[0]


def noise(seed: int, loudness: float) -> np.ndarray:
    return loudness * np.random.default_rng(seed).standard_normal(10 * 16_000, np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        samples_of("demo-minute"),
        samples_of("demo-pauses"),
        samples_of("demo-german"),
        noise(1, 0.001),
        noise(2, 0.1),
        noise(3, 10.0),
        np.zeros(16_000, np.float32),
    ],
    ids=["minute", "pauses", "german", "hiss", "noise", "overdriven", "silence"],
)
def test_it_says_what_the_detector_of_faster_whisper_says(sound: np.ndarray) -> None:
    from faster_whisper.vad import get_vad_model

    sound = np.pad(sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES], (0, FRAME_SAMPLES))  # it spoils the last frame
    theirs = get_vad_model()(sound)
    assert whole_file(sound) == pytest.approx(theirs, abs=2e-5)


@pytest.mark.parametrize("frames", [1, 7, 64, 312])
def test_in_pieces_the_probabilities_are_those_of_the_whole_file(frames: int) -> None:
    sound = samples_of("demo-pauses")[: 20 * 16_000 + 100]
    state, found = VoiceState(), []
    for at in range(0, len(sound), frames * FRAME_SAMPLES):
        probabilities, state = listen(sound[at : at + frames * FRAME_SAMPLES], state)
        found.append(probabilities)
    assert np.array_equal(np.concatenate(found), whole_file(sound))


def test_a_state_that_was_written_down_goes_on_as_if_it_had_never_stopped() -> None:
    sound = samples_of("demo-short")[: 80 * FRAME_SAMPLES]
    cut = 33 * FRAME_SAMPLES
    _first, state = listen(sound[:cut], VoiceState())
    rest, _state = listen(sound[cut:], VoiceState.from_text(state.to_text()))
    assert np.array_equal(rest, whole_file(sound)[33:])


@pytest.mark.parametrize("text", ["", "?", "AAAA", VoiceState().to_text()[:-8], "A" * 1720])
def test_a_damaged_state_is_that_of_the_start_of_a_file(text: str) -> None:
    assert VoiceState.from_text(text).to_text() == VoiceState().to_text()


def test_no_sound_has_no_probabilities() -> None:
    found, state = listen(np.zeros(0, np.float32), VoiceState())
    assert len(found) == 0
    assert state.to_text() == VoiceState().to_text()
