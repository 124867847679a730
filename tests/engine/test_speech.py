"""Windows for the model: cut at pauses, nothing lost, the same wherever work begins."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.engine.media import SAMPLE_RATE_HZ, Samples
from desktop.engine.speech import WINDOW_SAMPLES, Window, speech_regions, windows
from tests.sounds import samples_of


def blocks_of(sound: Samples, size: int) -> Iterator[Samples]:
    for at in range(0, len(sound), size):
        yield sound[at : at + size]


def shape(window: Window) -> tuple[object, ...]:
    return window.spans, window.end_ms, window.samples.tobytes()


def speech_with_pauses() -> Samples:
    return np.concatenate([samples_of("demo-pauses"), samples_of("demo-minute"), samples_of("demo-short")])


def test_a_window_never_exceeds_its_length_and_every_region_is_in_one() -> None:
    sound = speech_with_pauses()
    found = list(windows(blocks_of(sound, 160_000), 0, vad=True))
    assert all(len(window.samples) <= WINDOW_SAMPLES for window in found)
    spans = [span for window in found for span in window.spans]
    covered = np.zeros(len(sound) // 16 + 1, bool)
    for _at, start_ms, length_ms in spans:
        covered[start_ms : start_ms + length_ms] = True
    # The pads at the rim of a region may differ by some frames between the whole and its parts.
    for start, end in speech_regions(sound):
        assert covered[start // 16 + 450 : end // 16 - 450].all()
    assert found[-1].end_ms == len(sound) // 16


def test_windows_do_not_depend_on_the_size_of_blocks() -> None:
    sound = speech_with_pauses()
    assert [shape(one) for one in windows(blocks_of(sound, 160_000), 0, vad=True)] == [
        shape(one) for one in windows(blocks_of(sound, 12_345), 0, vad=True)
    ]


def test_work_that_goes_on_from_the_end_of_a_window_finds_the_same_windows() -> None:
    sound = speech_with_pauses()
    whole = list(windows(blocks_of(sound, 160_000), 0, vad=True))
    assert len(whole) > 3
    for number, window in enumerate(whole[:-1]):
        rest = windows(blocks_of(sound[window.end_ms * 16 :], 160_000), window.end_ms, vad=True)
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
    assert all(len(window.samples) <= WINDOW_SAMPLES for window in found)


def test_silence_gives_windows_without_sound_to_its_end() -> None:
    sound = np.zeros(200 * SAMPLE_RATE_HZ, np.float32)
    found = list(windows(blocks_of(sound, 160_000), 0, vad=True))
    assert not any(len(window.samples) for window in found)
    assert found[-1].end_ms == 200_000


def test_a_place_in_a_window_is_found_in_the_file() -> None:
    window = Window(np.zeros(16 * 3000, np.float32), ((0, 10_000, 1000), (1000, 20_000, 2000)), 22_000)
    assert window.file_ms(500) == 10_500
    assert window.file_ms(1000, is_end=True) == 11_000
    assert window.file_ms(1000) == 20_000
    assert window.file_ms(3000, is_end=True) == 22_000
    assert window.file_ms(9999) == 22_000
