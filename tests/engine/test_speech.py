"""Windows for the model: cut at pauses, nothing lost, the same wherever work begins."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.engine.media import SAMPLE_RATE_HZ, Samples
from desktop.engine.speech import SPEECH, Window, windows
from desktop.engine.voice import FRAME_MS, VoiceState, listen
from tests.sounds import samples_of

MOST_MS = 30_000


def blocks_of(sound: Samples, size: int) -> Iterator[Samples]:
    for at in range(0, len(sound), size):
        yield sound[at : at + size]


def shape(window: Window) -> tuple[object, ...]:
    return window.spans, window.end_ms, window.speech, window.samples.tobytes(), window.voice.to_text()


def speech_with_pauses() -> Samples:
    return np.concatenate([samples_of("demo-pauses"), samples_of("demo-minute"), samples_of("demo-short")])


def monologue(seconds: int) -> Samples:
    """Speech of which every pause of more than a tenth of a second was cut out."""
    sound = samples_of("demo-minute")
    probabilities, _state = listen(sound, VoiceState())
    spoken = np.repeat(probabilities >= 0.9, 512)[: len(sound)]
    return np.resize(sound[: len(spoken)][spoken], seconds * SAMPLE_RATE_HZ)


def is_given(found: list[Window], count: int) -> np.ndarray:
    """For each frame whether some window holds it."""
    held = np.zeros(count * FRAME_MS + MOST_MS, bool)
    for _at, start_ms, length_ms in (span for window in found for span in window.spans):
        held[start_ms : start_ms + length_ms] = True
    return held[::FRAME_MS][:count]


sounds = st.lists(
    st.tuples(st.sampled_from(["speech", "silence", "noise"]), st.integers(50, 9000), st.integers(0, 40_000)),
    min_size=1,
    max_size=12,
)


def made_of(parts: list[tuple[str, int, int]]) -> Samples:
    speech, random = samples_of("demo-minute"), np.random.default_rng(1)
    kinds = {
        "speech": lambda length, at: np.resize(np.roll(speech, -at * 16), length),
        "silence": lambda length, _at: np.zeros(length, np.float32),
        "noise": lambda length, _at: random.standard_normal(length).astype(np.float32) * 0.02,
    }
    return np.concatenate([kinds[kind](ms * 16, at) for kind, ms, at in parts]).astype(np.float32)


@settings(max_examples=25)
@given(sounds, st.booleans(), st.integers(3000, 200_000))
def test_no_speech_is_left_out_whatever_the_pattern(parts: list[tuple[str, int, int]], vad: bool, block: int) -> None:
    sound = made_of(parts)
    found = list(windows(blocks_of(sound, block), 0, vad))
    probabilities, _state = listen(sound, VoiceState())
    assert np.array_equal(np.concatenate([window.probabilities for window in found]), probabilities)
    assert is_given(found, len(probabilities))[probabilities >= SPEECH].all()
    assert all(window.length_ms <= MOST_MS for window in found)
    edges = [0, *(window.end_ms for window in found)]
    assert [window.start_ms for window in found] == edges[:-1]
    assert edges[-1] == len(sound) // 16


@pytest.mark.parametrize("vad", [True, False])
def test_a_monologue_without_pauses_is_cut_and_nothing_of_it_is_lost(vad: bool) -> None:
    sound = monologue(82)
    found = list(windows(blocks_of(sound, 160_000), 0, vad))
    probabilities, _state = listen(sound, VoiceState())
    assert len(found) <= 5
    assert is_given(found, len(probabilities))[probabilities >= SPEECH].all()


def test_windows_do_not_depend_on_the_size_of_blocks() -> None:
    sound = speech_with_pauses()
    assert [shape(one) for one in windows(blocks_of(sound, 160_000), 0, vad=True)] == [
        shape(one) for one in windows(blocks_of(sound, 12_345), 0, vad=True)
    ]


@pytest.mark.parametrize("vad", [True, False])
def test_work_that_goes_on_from_the_end_of_a_window_finds_the_same_windows(vad: bool) -> None:
    sound = speech_with_pauses()
    whole = list(windows(blocks_of(sound, 160_000), 0, vad))
    assert len(whole) > 3
    for number, window in enumerate(whole[:-1]):
        voice = VoiceState.from_text(window.voice.to_text())
        rest = windows(blocks_of(sound[window.end_ms * 16 :], 160_000), window.end_ms, vad, voice)
        assert [shape(one) for one in rest] == [shape(one) for one in whole[number + 1 :]]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.booleans()), min_size=1, max_size=8), st.integers(800, 50_000))
def test_without_speech_detection_no_sample_is_lost_or_doubled(parts: list[tuple[int, bool]], block: int) -> None:
    random = np.random.default_rng(1)
    sound = np.concatenate(
        [(random.standard_normal(ms * 16) * (0.1 if loud else 0.0)).astype(np.float32) for ms, loud in parts]
    )
    found = list(windows(blocks_of(sound, block), 0, vad=False))
    joined = np.concatenate([window.samples for window in found]) if found else sound[:0]
    assert np.array_equal(joined, sound)
    assert all(window.length_ms <= MOST_MS for window in found)


def test_silence_gives_windows_without_sound_to_its_end() -> None:
    found = list(windows(blocks_of(np.zeros(200 * SAMPLE_RATE_HZ, np.float32), 160_000), 0, vad=True))
    assert not any(len(window.samples) for window in found)
    assert found[-1].end_ms == 200_000


def test_a_long_silence_ends_a_window_so_that_memory_stays_flat() -> None:
    pause = np.zeros(100 * SAMPLE_RATE_HZ, np.float32)
    found = list(windows(blocks_of(np.concatenate([samples_of("demo-short"), pause]), 160_000), 0, vad=True))
    assert max(window.end_ms - window.start_ms for window in found) < 35_000


def test_pieces_cover_the_window_and_are_shorter() -> None:
    window = next(one for one in windows(blocks_of(speech_with_pauses(), 160_000), 0, vad=True) if len(one.samples))
    pieces = window.pieces(4)
    assert len(pieces) == 4
    assert (pieces[0].start_ms, pieces[-1].end_ms) == (window.start_ms, window.end_ms)
    assert [one.end_ms for one in pieces[:-1]] == [one.start_ms for one in pieces[1:]]
    assert np.array_equal(np.concatenate([one.samples for one in pieces]), window.samples)
    assert [span for one in pieces for span in one.speech] == list(window.speech)
    assert max(one.length_ms for one in pieces) < window.length_ms / 2


def test_sound_without_a_pause_is_not_cut_into_pieces() -> None:
    (window,) = windows(blocks_of(monologue(3), 160_000), 0, vad=False)
    assert window.pieces(4)[0].length_ms <= window.length_ms
    silence = Window(np.zeros(16_000, np.float32), ((0, 0, 1000),), 0, 1000)
    assert silence.pieces(4) == [silence]


def test_the_silence_that_was_left_out_can_be_had_back() -> None:
    short = samples_of("demo-short")
    sound = np.concatenate([short, np.zeros(3 * SAMPLE_RATE_HZ, np.float32), short])
    (window,) = windows(blocks_of(sound, 160_000), 0, vad=True)
    whole = window.unabridged()
    assert whole is not None
    assert np.array_equal(whole.samples, sound)
    assert whole.file_ms(5000) == 5000
    assert window.length_ms < whole.length_ms


def test_a_place_in_a_window_is_found_in_the_file() -> None:
    window = Window(np.zeros(16 * 3000, np.float32), ((0, 10_000, 1000), (1000, 20_000, 2000)), 9_000, 22_000)
    assert window.file_ms(500) == 10_500
    assert window.file_ms(1000, is_end=True) == 11_000
    assert window.file_ms(1000) == 20_000
    assert window.file_ms(3000, is_end=True) == 22_000
    assert window.file_ms(9999) == 22_000


def test_clearness_is_how_sure_the_detector_is_of_the_speech_in_a_place() -> None:
    probabilities = np.array([0.0, 0.6, 0.8, 0.1], np.float32)
    window = Window(np.zeros(0, np.float32), (), 1000, 1128, probabilities=probabilities)
    assert window.clearness(1000, 1128) == pytest.approx(0.7)
    assert window.clearness(1000, 1032) == 0.0
