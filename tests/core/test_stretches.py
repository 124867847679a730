"""Stretches: clean words in their order, whatever stands in the segments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.rules import DEFAULT
from desktop.core.stretches import beginning, cleaned, one_line, spoken, stretch_of
from desktop.core.transcript import Segment, Word
from tests.core.formats.hostile import any_character, heard, segments


@given(segments(), segments())
def test_units_cover_the_words_and_their_times_never_go_back(one: Segment, other: Segment) -> None:
    stretch = stretch_of((one, other), ("en", ""), 0, 1 << 50, DEFAULT)
    units = stretch.units
    assert stretch.begins[:1] in ([0], [])
    assert stretch.begins == sorted(set(stretch.begins)) or not stretch.words
    assert stretch.places == sorted(stretch.places)
    edges = [ms for pair in zip(units.starts, units.ends, strict=True) for ms in pair]
    assert edges == sorted(edges)
    assert {len(part) for part in (units.widths, units.spaces, units.prices, units.is_cut, units.is_turn)} == {
        len(units.starts)
    }
    assert all(word.text.strip() for word in stretch.words)


@given(segments(), st.integers(0, 10_000), st.integers(0, 10_000))
def test_words_do_not_leave_the_time_they_are_given(segment: Segment, least_ms: int, room_ms: int) -> None:
    units = stretch_of((segment,), ("",), least_ms, least_ms + room_ms, DEFAULT).units
    assert all(least_ms <= ms <= least_ms + room_ms for ms in (*units.starts, *units.ends))


def test_words_of_two_segments_have_a_space_between_them_where_their_script_has_any() -> None:
    def text(*parts: str) -> str:
        segments_of = tuple(Segment(at * 1_000, at * 1_000 + 900, part) for at, part in enumerate(parts))
        return "".join(word.text for word in stretch_of(segments_of, ("",) * len(parts), 0, 1 << 50, DEFAULT).words)

    assert text("one", "two") == "one two"
    assert text("今天", "天气") == "今天天气"


def test_a_blank_word_is_no_word_and_its_space_goes_to_the_next() -> None:
    words = (
        Word(0, 100, " one", 0.9),
        Word(100, 200, " ", 0.9),
        Word(200, 300, "two ", 0.9),
        Word(300, 400, "three", 0.9),
    )
    stretch = stretch_of((Segment(0, 400, "one two three", words),), ("en",), 0, 1 << 50, DEFAULT)
    assert [word.text for word in stretch.words] == [" one", " two", " three"]
    assert [place for _, place in stretch.places] == [0, 2, 3]


def test_words_of_a_text_that_nobody_timed_are_those_that_typing_gives() -> None:
    assert spoken(Segment(0, 1_000, "one two")) == Segment(0, 1_000, "").reworded("one two").words
    assert spoken(heard(" one two", 0, 1_000)) == heard(" one two", 0, 1_000).words


@given(st.text(any_character))
def test_clean_text_can_be_written_and_stays_clean(text: str) -> None:
    assert cleaned(text).encode().decode() == cleaned(cleaned(text))
    assert one_line(text) == one_line(one_line(text))
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [("abc", 5, "abc"), ("abc", 2, "ab"), ("ae\u0301", 2, "a"), ("e\u0301\u0301", 2, "e\u0301"), ("👩‍👩b", 3, "👩‍👩")],
)
def test_the_beginning_of_a_text_ends_with_a_whole_character(text: str, most: int, expected: str) -> None:
    assert beginning(text, most) == expected
