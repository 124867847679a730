"""Cues: readable, in order, and nothing that was said is lost."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.core.cues import LINE_CHARACTERS, LONGEST_MS, READABLE_MS, SHORTEST_MS, Cue, beginning, compose, one_line
from desktop.core.transcript import Segment, Transcript, Word
from tests.core.formats.hostile import HOUR_MS, heard, segments, texts, transcripts


def cues_of(*parts: Segment) -> list[Cue]:
    return compose(Transcript(parts))


def said(text: str) -> str:
    """What has to survive: all but white space."""
    return "".join(one_line(text).split())


def test_a_short_segment_is_one_cue_with_its_words() -> None:
    segment = heard(" Hello there.", 1_000, 2_500)
    assert cues_of(segment) == [Cue(1_000, 2_500, ("Hello there.",), segment.words)]


def test_a_longer_segment_is_broken_over_two_balanced_lines() -> None:
    (cue,) = cues_of(heard(" It was a bright cold day in April, and the clocks were striking.", 0, 5_000))
    assert cue.lines == ("It was a bright cold day in April,", "and the clocks were striking.")


def test_a_text_of_exactly_one_line_stays_on_one() -> None:
    text = "a" * 20 + " " + "b" * 21
    assert [cue.lines for cue in cues_of(Segment(0, 1_000, text), Segment(2_000, 3_000, text + "b"))] == [
        (text,),
        ("a" * 20, "b" * 22),
    ]


def test_a_very_long_segment_is_cut_at_the_end_of_its_sentences_with_the_times_of_its_words() -> None:
    text = " The first sentence of this is about as long as a cue. The second sentence is just about as long as that."
    first, second = cues_of(heard(text, 0, 6_300))
    assert first.lines == ("The first sentence of this", "is about as long as a cue.")
    assert second.lines == ("The second sentence is", "just about as long as that.")
    assert (first.start_ms, first.end_ms, second.start_ms, second.end_ms) == (0, 3_436, 3_436, 6_300)
    assert first.words[-1].text == " cue."
    assert second.words[0].text == " The"


def test_a_cut_at_the_end_of_a_clause_is_better_than_one_in_the_very_middle() -> None:
    first, second = (
        "The first half of it ends before the other,",
        "which goes on for a while and is by far the longer one.",
    )
    assert [" ".join(cue.lines) for cue in cues_of(heard(f" {first} {second}", 0, 6_000))] == [first, second]


def test_a_slow_segment_is_cut_by_time_and_a_pause_inside_it_stays_empty() -> None:
    words = (Word(0, 500, " One.", 0.9), Word(20_000, 20_900, " Two.", 0.9))
    first, second = cues_of(Segment(0, 21_000, " One. Two.", words))
    assert (first.text, first.start_ms, first.end_ms) == ("One.", 0, READABLE_MS)
    assert (second.text, second.start_ms, second.end_ms) == ("Two.", 20_000, 21_000)


def test_edited_text_is_spread_by_length_and_has_no_word_times() -> None:
    segment = heard(" one two three", 0, 10_000).reworded(" ".join(["word"] * 32))
    cues = cues_of(segment)
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(0, 5_000), (5_000, 10_000)]
    assert all(cue.words == () for cue in cues)


def test_edited_text_that_fits_is_one_cue_however_long_it_lasts() -> None:
    assert cues_of(heard(" one two", 0, 12_000).reworded("One, two.")) == [Cue(0, 12_000, ("One, two.",))]


def test_segments_without_text_are_left_out() -> None:
    assert cues_of(*(Segment(0, 1_000, text) for text in ("", "  ", "\n\r\n", "\x00", "\ufeff", " \u00a0 "))) == []


def test_a_segment_of_no_length_stays_long_enough_to_be_read() -> None:
    assert [(cue.start_ms, cue.end_ms) for cue in cues_of(Segment(5_000, 5_000, "Yes."))] == [(5_000, 5_833)]
    assert [(cue.start_ms, cue.end_ms) for cue in cues_of(Segment(5_000, 4_000, "Yes."))] == [(5_000, 5_833)]


def test_segments_are_sorted_and_clipped_to_the_next() -> None:
    cues = cues_of(Segment(4_000, 9_000, "third"), Segment(0, 3_000, "first"), Segment(2_000, 5_000, "second"))
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in cues] == [
        (0, 2_000, "first"),
        (2_000, 4_000, "second"),
        (4_000, 9_000, "third"),
    ]


def test_segments_at_the_same_time_follow_one_another() -> None:
    cues = cues_of(*(Segment(1_000, 2_000, name) for name in "abc"))
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in cues] == [
        (1_000, 1_100, "a"),
        (1_100, 1_200, "b"),
        (1_200, 2_033, "c"),
    ]


def test_a_start_before_zero_is_zero() -> None:
    assert [(cue.start_ms, cue.end_ms) for cue in cues_of(Segment(-500, 1_500, "early"))] == [(0, 1_500)]


def test_words_outside_their_segment_are_brought_inside() -> None:
    words = (Word(500, 900, " One", 0.9), Word(800, 700, " two", 0.9), Word(5_000, 9_000, " three", 0.9))
    (cue,) = cues_of(Segment(1_000, 3_000, " One two three", words))
    assert [(word.start_ms, word.end_ms) for word in cue.words] == [(1_000, 1_000), (1_000, 1_000), (3_000, 3_000)]


def test_a_word_that_whisper_hears_as_two_is_not_broken() -> None:
    heard_as = [" It", " was", " a", " rather", " well", "-known", " and", " often", " told", " story"]
    words = tuple(Word(at * 100, at * 100 + 100, text, 0.9) for at, text in enumerate(heard_as))
    (cue,) = cues_of(Segment(0, 1_000, "".join(heard_as), words))
    assert cue.lines == ("It was a rather well-known", "and often told story")


def test_chinese_is_broken_between_its_words_and_not_only_where_a_space_happens_to_be() -> None:
    spoken = ["好", " 今天", *["天气", "很好", "今天"] * 10]
    words = tuple(Word(at * 200, at * 200 + 200, text, 0.9) for at, text in enumerate(spoken))
    (cue,) = cues_of(Segment(0, 6_400, "".join(spoken), words))
    assert cue.lines == ("好 今天" + "天气很好今天" * 4 + "天气很好", "今天" + "天气很好今天" * 5)


@pytest.mark.parametrize("character", ["字", "a", "e\u0301", "👩‍👩‍👧"])
def test_ten_thousand_characters_without_a_space_become_cues_and_no_character_is_cut(character: str) -> None:
    text = character * 10_000
    cues = cues_of(Segment(0, HOUR_MS, text))
    lines = [line for cue in cues for line in cue.lines]
    assert "".join(lines) == text
    assert all(len(line) <= LINE_CHARACTERS and line == character * (len(line) // len(character)) for line in lines)


def test_ten_thousand_words_are_cut_evenly() -> None:
    cues = cues_of(heard(" word" * 10_000, 0, 5_000_000))
    assert {len(cue.lines) for cue in cues} == {2}
    assert max(cue.end_ms - cue.start_ms for cue in cues) <= LONGEST_MS
    assert len(cues) == 1_024


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [("abc", 5, "abc"), ("abc", 2, "ab"), ("ae\u0301", 2, "a"), ("e\u0301\u0301", 2, "e\u0301"), ("👩‍👩b", 3, "👩‍👩")],
)
def test_the_beginning_of_a_text_ends_with_a_whole_character(text: str, most: int, expected: str) -> None:
    assert beginning(text, most) == expected


@given(transcripts)
def test_cues_are_sorted_and_never_overlap_nor_flash(transcript: Transcript) -> None:
    cues = compose(transcript)
    assert all(cue.start_ms >= 0 and cue.end_ms - cue.start_ms >= SHORTEST_MS for cue in cues)
    assert all(one.end_ms <= following.start_ms for one, following in zip(cues, cues[1:], strict=False))


@given(transcripts)
def test_cues_fit_the_screen_and_hold_nothing_that_a_format_could_stumble_over(transcript: Transcript) -> None:
    for cue in compose(transcript):
        assert 1 <= len(cue.lines) <= 2
        for line in cue.lines:
            assert 0 < len(line) <= LINE_CHARACTERS
            assert line == line.strip() == one_line(line)
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]", line)


@given(segments())
def test_nothing_that_was_said_is_lost_or_doubled(segment: Segment) -> None:
    assert "".join(said(cue.text) for cue in cues_of(segment)) == said(segment.text)


@given(texts, st.integers(0, 100_000))
def test_the_words_of_a_cue_say_its_text(text: str, length_ms: int) -> None:
    for cue in cues_of(heard(text, 0, length_ms)):
        assert said("".join(word.text for word in cue.words)) == said(cue.text)
        starts = [word.start_ms for word in cue.words]
        assert starts == sorted(starts)


@given(st.lists(st.text("abc.,-", min_size=1, max_size=LINE_CHARACTERS), min_size=1, max_size=60), st.booleans())
def test_no_word_is_broken(spoken: list[str], is_edited: bool) -> None:
    segment = heard(" ".join(spoken), 0, 60_000)
    cues = cues_of(segment.reworded(segment.text.upper()) if is_edited else segment)
    assert [word.lower() for cue in cues for line in cue.lines for word in line.split(" ")] == spoken


@given(st.lists(st.integers(0, LONGEST_MS), min_size=1, max_size=60))
def test_no_cue_with_heard_words_lasts_longer_than_it_may(lengths_ms: list[int]) -> None:
    words, at_ms = [], 0
    for length_ms in lengths_ms:
        words.append(Word(at_ms, at_ms + length_ms, " word", 0.9))
        at_ms += length_ms
    assume(at_ms)
    cues = cues_of(Segment(0, at_ms, " word" * len(words), tuple(words)))
    # A start that has to wait moves what follows by as much.
    assert all(cue.end_ms - cue.start_ms <= LONGEST_MS + READABLE_MS for cue in cues)
