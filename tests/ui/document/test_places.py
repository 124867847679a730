"""Words in texts, and places that move with changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.transcript import Segment
from desktop.core.words import Word
from desktop.ui.document import places

letters = st.text("ab é中😀👩‍👩‍👧\n", max_size=30)
SEGMENT = Segment(
    1000, 2000, "One two.", (Word(1000, 1400, "One", 0.9), Word(1500, 2000, " two.", 0.4)), speaker="Anna"
)


def test_words_are_found_where_they_stand() -> None:
    found = places.spots(SEGMENT)
    assert [(one.word.text, one.start, one.end) for one in found] == [("One", 0, 3), (" two.", 4, 8)]


def test_words_that_nobody_timed_share_the_time() -> None:
    found = places.spots(Segment(0, 900, "  abc abc"))
    assert [(one.start, one.end, one.word.start_ms) for one in found] == [(2, 5, 0), (6, 9, 450)]


def test_words_that_no_longer_say_the_text_are_not_used() -> None:
    found = places.spots(replace(SEGMENT, text="One and two."))
    assert [(one.start, one.end) for one in found] == [(0, 3), (4, 7), (8, 12)]
    assert found[2].word.start_ms == 1500


def test_the_word_at_a_place_or_a_time_is_named() -> None:
    spots = places.spots(SEGMENT)
    assert [places.spot_at(spots, offset) for offset in (0, 3, 4, 8, 99)] == [0, 0, 1, 1, 1]
    assert [places.spot_at_ms(spots, ms) for ms in (999, 1000, 1450, 1500, 5000)] == [-1, 0, 0, 1, 1]
    assert places.spot_at((), 3) == -1


@given(letters, st.data())
def test_places_are_counted_both_ways(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    units = places.units(text, offset)
    assert units == len(text[:offset].encode("utf-16-le")) // 2
    assert places.letters(text, units) == offset
    assert places.letters(text, units + 1000) == len(text)


@given(letters)
def test_a_text_is_shown_letter_for_letter_in_one_paragraph(text: str) -> None:
    shown = places.shown(text + "\r\u2029")
    assert len(shown) == len(text) + 2
    assert not set(shown) & set("\n\r\u2029")


@given(letters, letters, letters, letters)
def test_what_is_different_is_found(head: str, before: str, after: str, tail: str) -> None:
    start, end, now = places.changed_part(head + before + tail, head + after + tail)
    old, new = head + before + tail, head + after + tail
    assert old[:start] == new[:start]
    assert old[end:] == new[now:]
    assert start <= min(end, now)


def test_words_beside_what_is_typed_keep_their_places() -> None:
    moved = places.moved(places.spots(SEGMENT), "One two.", "One or two.")
    assert [(one.word.text, one.start, one.end) for one in moved] == [("One", 0, 3), (" two.", 7, 11)]
    changed = places.moved(places.spots(SEGMENT), "One two.", "Ones two.")
    assert [(one.word.text, one.start) for one in changed] == [("One", 0), (" two.", 5)]
    assert places.moved(places.spots(SEGMENT), "One two.", "On two.")[0].start == 3


def test_the_first_letter_with_a_direction_decides() -> None:
    found = [places.is_right_to_left(text) for text in ("abc", "12 שלום abc", "«عربي»", "12, 😀", "")]
    assert found == [False, True, True, None, None]
