"""Words lie where somebody speaks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.transcript import Word
from desktop.engine.speech import Window
from desktop.engine.word_times import NEAR_MS, placed

# Two stretches of speech, 3 s apart in the file and put together in the window.
WINDOW = Window(
    np.zeros(16 * 4000, np.float32),
    ((0, 10_000, 2000), (2000, 15_000, 2000)),
    9_800,
    17_500,
    speech=((10_200, 11_800), (15_200, 16_800)),
)


def word(start_ms: int, end_ms: int, text: str = " word") -> Word:
    return Word(start_ms, end_ms, text, 0.9)


def times(*words: Word) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in placed(words, WINDOW)]


def test_a_word_is_found_in_the_file() -> None:
    assert times(word(300, 700), word(2500, 3000)) == [(10_300, 10_700), (15_500, 16_000)]


def test_a_word_that_reaches_into_a_pause_ends_with_the_speech() -> None:
    assert times(word(1500, 2300)) == [(11_500, 11_800)]


def test_the_last_word_of_a_stretch_lasts_as_long_as_the_speech() -> None:
    assert times(word(900, 1300), word(2500, 3400)) == [(10_900, 11_800), (15_500, 16_800)]
    assert times(word(300, 1100), word(1200, 1500)) == [(10_300, 11_100), (11_200, 11_800)]


def test_much_speech_after_a_word_is_not_a_part_of_it() -> None:
    assert times(word(300, 1100)) == [(10_300, 11_100)]


def test_a_word_that_starts_before_the_speech_starts_with_it() -> None:
    assert times(word(1950, 2700)) == [(15_200, 15_700)]


def test_a_word_just_beside_speech_is_moved_to_its_edge() -> None:
    assert times(word(0, 100)) == [(10_200, 10_200)]


def test_a_word_far_from_speech_stays_to_be_seen() -> None:
    silent = Window(np.zeros(16 * 9000, np.float32), ((0, 0, 9000),), 0, 9000, speech=((500, 1000),))
    (found,) = placed([word(6000, 7000)], silent)
    assert (found.start_ms, found.end_ms) == (6000, 7000)


@given(st.lists(st.tuples(st.integers(-100, 4200), st.integers(0, 1500)), max_size=12))
def test_words_are_in_order_apart_and_in_speech(drawn: list[tuple[int, int]]) -> None:
    found = placed([word(start, start + length) for start, length in sorted(drawn)], WINDOW)
    assert len(found) == len(drawn)
    for one, follower in zip(found, found[1:], strict=False):
        assert one.start_ms <= one.end_ms <= follower.start_ms
    for one in found:
        assert any(start <= one.start_ms <= one.end_ms <= end for start, end in WINDOW.speech)
    assert NEAR_MS > 400  # the silence that a window keeps beside speech is near
