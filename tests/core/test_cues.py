"""Cues: what the rules ask for, in order, and nothing that was said is lost."""

import re
from dataclasses import replace
from itertools import pairwise, product, zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core import editing
from desktop.core.cues import SHORTEST_MS, Composer, Cue, compose, one_line
from desktop.core.document import Document, Edit
from desktop.core.frames import FRAME_RATES, Frames
from desktop.core.line_breaks import width
from desktop.core.problems import problems
from desktop.core.rules import DEFAULT, PRESETS, Rules
from desktop.core.stretches import spoken
from desktop.core.transcript import Segment, Transcript, Word
from tests.core.formats.hostile import HOUR_MS, heard, texts, transcripts

NETFLIX = PRESETS["netflix"].rules
CHINESE = PRESETS["netflix-zh"].rules
PLAIN = Rules(close_gaps_ms=0)


def cues_of(*parts: Segment, rules: Rules = PLAIN) -> list[Cue]:
    return compose(Transcript(parts), rules)


def times_of(cues: list[Cue]) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in cues]


def said(text: str) -> str:
    """What has to survive: all but white space."""
    return "".join(one_line(text).split())


def in_order(transcript: Transcript) -> list[Segment]:
    return sorted(transcript.segments, key=lambda one: one.start_ms)


def pinned(start_ms: int, end_ms: int, text: str, **more: str) -> Segment:
    return replace(heard(text, start_ms, end_ms), is_pinned=True, **more)


# --- words to cues ---


def test_a_short_segment_is_one_cue_with_its_words_and_their_places() -> None:
    segment = heard(" Hello there.", 1_000, 2_500)
    assert cues_of(segment) == [Cue(1_000, 2_500, ("Hello there.",), segment.words, (0, 0), (0, 1))]


def test_a_longer_one_is_broken_into_two_lines_at_the_clause() -> None:
    (cue,) = cues_of(heard(" It was a bright cold day in April, and the clocks were striking.", 0, 5_000))
    assert cue.lines == ("It was a bright cold day in April,", "and the clocks were striking.")


def test_a_text_of_exactly_one_line_stays_on_one() -> None:
    text = "a" * 20 + " " + "b" * 21
    assert [cue.lines for cue in cues_of(Segment(0, 3_000, text), Segment(5_000, 8_000, text + "b"))] == [
        (text,),
        ("a" * 20, "b" * 22),
    ]


def test_the_shorter_line_stands_above() -> None:
    (cue,) = cues_of(heard(" We talked about anything at all that one could wish for", 0, 5_000))
    assert len(cue.lines[0]) < len(cue.lines[1])


def test_each_sentence_is_a_cue_of_its_own_when_it_fills_one() -> None:
    first, second = "The first sentence of this is about as long as a cue.", "The second is about as long as that one."
    cues = cues_of(heard(f" {first} {second}", 0, 6_300))
    assert [" ".join(cue.lines) for cue in cues] == [first, second]
    assert cues[0].words[-1].text == " cue."
    assert cues[1].start_ms == cues[1].words[0].start_ms


def test_short_sentences_share_a_cue_when_they_would_flash_alone() -> None:
    (cue,) = cues_of(heard(" Yes.", 0, 300), heard(" I think so.", 350, 1_000))
    assert (cue.text, cue.first, cue.last) == ("Yes. I think so.", (0, 0), (1, 2))


def test_a_long_sentence_is_cut_where_a_part_of_it_begins() -> None:
    text = (
        " Winston Smith, his chin nuzzled into his breast in an effort to escape the vile wind,"
        " slipped quickly through the glass doors of Victory Mansions."
    )
    assert [cue.lines for cue in cues_of(heard(text, 0, 11_000))] == [
        ("Winston Smith,", "his chin nuzzled into his breast"),
        ("in an effort to escape the vile wind,",),
        ("slipped quickly through the glass doors", "of Victory Mansions."),
    ]


def test_articles_names_and_numbers_stay_with_what_they_belong_to() -> None:
    text = " Yesterday we walked for more than twenty or 25 kilometres with Mr. Sherlock Holmes and then took the train"
    lines = [line for cue in cues_of(heard(text, 0, 9_000), rules=Rules(line_characters=24)) for line in cue.lines]
    assert not any(line.endswith(("25", "Mr.", "Sherlock", " the", "more", "than")) for line in lines)


def test_a_long_pause_ends_a_cue_and_stays_empty() -> None:
    words = (Word(0, 500, " One,", 0.9), Word(20_000, 20_900, " two.", 0.9))
    assert times_of(cues_of(Segment(0, 21_000, " One, two.", words))) == [(0, 833, "One,"), (20_000, 20_900, "two.")]


def test_what_is_said_meanwhile_lets_no_cue_last_too_long() -> None:
    slow = tuple(Word(at * 1_000, at * 1_000 + 900, f" w{at}", 0.9) for at in range(10))
    cues = cues_of(
        Segment(0, 9_900, "".join(word.text for word in slow), slow),
        heard(" Hm.", 1_000, 1_400),
        heard(" And on it goes.", 4_000, 12_000),
    )
    assert max(cue.end_ms - cue.start_ms for cue in cues) <= PLAIN.longest_ms
    assert [one.code for one in problems(cues, PLAIN)] == []


def test_the_next_speaker_gets_a_cue_of_their_own() -> None:
    cues = cues_of(Segment(0, 1_000, "Yes.", speaker="Anna"), Segment(1_000, 2_000, "No.", speaker="Ben"))
    assert [(cue.text, cue.speaker) for cue in cues] == [("Yes.", "Anna"), ("No.", "Ben")]


def test_two_short_turns_share_a_cue_with_dashes_where_the_style_has_them() -> None:
    segments = Segment(0, 400, "Yes?", speaker="Anna"), Segment(400, 1_000, "No!", speaker="Ben")
    (cue,) = cues_of(*segments, rules=NETFLIX)
    assert (cue.lines, cue.speaker, cue.first, cue.last) == (("-Yes?", "-No!"), "Anna", (0, 0), (1, 0))


def test_turns_that_need_more_than_a_line_each_do_not_share_a_cue() -> None:
    one, other = (
        "That is a sentence of more than one line, I think.",
        "This one, too, has rather more than it could hold.",
    )
    cues = cues_of(Segment(0, 3_000, one, speaker="A"), Segment(3_000, 6_000, other, speaker="B"), rules=NETFLIX)
    assert [" ".join(cue.lines) for cue in cues] == [one, other]


def test_a_cue_stays_for_as_long_as_it_takes_to_read_if_it_is_silent_then() -> None:
    text = " Supercalifragilistic expialidocious."  # 36 letters: 1.8 s
    assert times_of(cues_of(heard(text, 0, 1_000)))[0][1] == 1_800
    another = replace(heard(" Pardon?", 1_500, 3_000), speaker="B")
    assert times_of(cues_of(heard(text, 0, 1_000), another))[0][1] == 1_500


def test_small_gaps_are_closed_but_for_the_one_between_two_cues() -> None:
    segments = heard(" " + "a" * 80, 0, 5_000), heard(" " + "b" * 80, 5_400, 9_000)
    assert times_of(cues_of(*segments))[0][1] == 5_000
    assert times_of(cues_of(*segments, rules=DEFAULT))[0][1] == 5_400
    assert times_of(cues_of(*segments, rules=NETFLIX))[0][1] == 5_400 - 84


def test_words_that_adjoin_give_way_to_the_gap_between_cues() -> None:
    cues = cues_of(heard(" " + "a" * 80, 0, 5_000), heard(" " + "b" * 80, 5_000, 9_000), rules=NETFLIX)
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(0, 4_916), (5_000, 9_000)]


def test_karaoke_is_a_line_at_a_time_with_its_words() -> None:
    cues = cues_of(heard(" and" * 30, 0, 15_000), rules=PRESETS["karaoke"].rules)
    assert {len(cue.lines) for cue in cues} == {1}
    assert [word for cue in cues for word in cue.words] == list(heard(" and" * 30, 0, 15_000).words)


def test_vertical_video_gets_a_few_words_at_a_time() -> None:
    cues = cues_of(heard(" one two three four" * 6, 0, 9_000), rules=PRESETS["vertical"].rules)
    assert max(len(cue.words) for cue in cues) <= 6


def test_edited_text_has_the_times_of_its_words() -> None:
    segment = heard(" one two three", 0, 3_000).reworded("one zwei three")
    (cue,) = cues_of(segment)
    assert cue.words == segment.words


def test_text_without_words_has_none_but_its_places_are_known() -> None:
    (cue,) = cues_of(Segment(0, 3_000, "one two three"))
    assert (cue.words, cue.first, cue.last) == ((), (0, 0), (0, 2))


def test_line_breaks_flow_where_nobody_pinned_them() -> None:
    assert cues_of(Segment(0, 3_000, "one\ntwo"))[0].lines == ("one two",)


# --- scripts without spaces, and right-to-left ---


def test_chinese_is_broken_between_words_and_counted_in_full_width_letters() -> None:
    text = "今天的天气很好，我们一起去公园散步吧。他说：「明天可能会下雨。」今天的天气很好，我们一起去公园散步吧。"
    assert [cue.lines for cue in cues_of(Segment(0, 14_000, text), rules=CHINESE)] == [
        ("今天的天气很好，", "我们一起去公园散步吧。"),
        ("他说：「明天可能会下雨。」",),
        ("今天的天气很好，", "我们一起去公园散步吧。"),
    ]


def test_latin_letters_count_half_among_full_width_ones() -> None:
    lines = [line for cue in cues_of(Segment(0, 9_000, "我们用Python写程序" * 5), rules=CHINESE) for line in cue.lines]
    assert max(map(width, lines)) == 30
    assert not any("Pyth" in line and "Python" not in line for line in lines)


def test_no_line_begins_with_what_closes_or_ends_with_what_opens() -> None:
    text = "「はい」、と言った。（本当に）「いいえ」！" * 8
    lines = [line for cue in cues_of(Segment(0, 60_000, text), rules=CHINESE) for line in cue.lines]
    assert not any(line[0] in "」、。）！" or line[-1] in "「（" for line in lines)


def test_thai_is_broken_between_words_and_marks_stay_on_their_letters() -> None:
    text = "สวัสดีครับวันนี้อากาศดีมากเราไปเดินเล่นที่สวนสาธารณะกันเถอะ" * 2
    lines = [line for cue in cues_of(Segment(0, 14_000, text)) for line in cue.lines]
    assert "".join(lines) == text
    assert lines[0] == "สวัสดีครับวันนี้อากาศดีมากเราไป"


def test_words_of_whisper_in_chinese_stay_whole() -> None:
    spoken_as = ["好", " 今天", *["天气", "很好", "今天"] * 10]
    words = tuple(Word(at * 200, at * 200 + 200, text, 0.9) for at, text in enumerate(spoken_as))
    cues = cues_of(Segment(0, 6_400, "".join(spoken_as), words))
    assert [word for cue in cues for word in cue.words] == list(words)
    assert said("".join(cue.text for cue in cues)) == said("".join(spoken_as))


def test_right_to_left_text_keeps_its_order_and_marks() -> None:
    text = "\u200fזה משפט ארוך למדי, שצריך להישבר לשתי שורות על המסך.\u200e"
    (cue,) = cues_of(Segment(0, 6_000, text))
    assert " ".join(cue.lines) == text
    assert cue.lines[0].endswith("למדי,")


# --- what cannot be held ---


def test_a_word_that_whisper_hears_as_two_is_not_broken() -> None:
    spoken_as = [" It", " was", " a", " rather", " well", "-known", " and", " often", " told", " story"]
    words = tuple(Word(at * 300, at * 300 + 300, text, 0.9) for at, text in enumerate(spoken_as))
    (cue,) = cues_of(Segment(0, 3_000, "".join(spoken_as), words))
    assert cue.lines == ("It was a rather well-known", "and often told story")


def test_a_word_that_is_wider_than_a_line_stays_whole_and_is_named() -> None:
    (cue,) = cues = cues_of(heard(f" {'a' * 60} and more", 0, 6_000))
    assert cue.lines == ("a" * 60, "and more")
    assert [one.code for one in problems(cues, PLAIN)] == ["wide"]


def test_words_that_come_too_fast_are_all_there_and_it_is_named() -> None:
    cues = cues_of(
        heard(" one two three", 0, 200), replace(heard(" And then something else.", 200, 3_000), speaker="B")
    )
    assert times_of(cues) == [(0, 200, "one two three"), (200, 3_000, "And then something else.")]
    assert [one.said for one in problems(cues, PLAIN)] == [
        "0.2 s on the screen, at least 0.833 s",
        "65 characters per second, limit 20",
    ]


@pytest.mark.parametrize("character", ["字", "a", "e\u0301", "👩‍👩‍👧"])
def test_ten_thousand_characters_without_a_space_become_cues_and_no_character_is_cut(character: str) -> None:
    text = character * 10_000
    cues = cues_of(Segment(0, HOUR_MS, text))
    lines = [line for cue in cues for line in cue.lines]
    assert "".join(lines) == text
    assert all(width(line) <= 42 and line == character * (len(line) // len(character)) for line in lines)


# --- segments that a broken engine or file could send ---


def test_segments_without_text_are_left_out() -> None:
    assert cues_of(*(Segment(0, 1_000, text) for text in ("", "  ", "\n\r\n", "\x00", "\ufeff", " \u00a0 "))) == []
    assert cues_of(*(pinned(0, 1_000, text) for text in ("", "  ", "\n\r\n", "\x00", "\ufeff", " \u00a0 "))) == []


def test_a_segment_of_no_length_stays_long_enough_to_be_read() -> None:
    assert times_of(cues_of(Segment(5_000, 5_000, "Yes."))) == [(5_000, 5_833, "Yes.")]
    assert times_of(cues_of(Segment(5_000, 4_000, "Yes."))) == [(5_000, 5_833, "Yes.")]


def test_segments_are_sorted_and_know_where_they_stand() -> None:
    cues = cues_of(Segment(4_000, 9_000, "third"), Segment(0, 1_500, "first"), Segment(2_500, 3_000, "second"))
    assert [(cue.text, cue.first, cue.last) for cue in cues] == [
        ("first", (1, 0), (1, 0)),
        ("second", (2, 0), (2, 0)),
        ("third", (0, 0), (0, 0)),
    ]


def test_speakers_at_the_same_time_follow_one_another() -> None:
    cues = cues_of(*(Segment(1_000, 2_000, name, speaker=name) for name in "abc"))
    assert times_of(cues) == [(1_000, 1_100, "a"), (1_100, 1_200, "b"), (1_200, 2_033, "c")]


def test_a_start_before_zero_is_zero() -> None:
    assert times_of(cues_of(Segment(-500, 1_500, "early"))) == [(0, 1_500, "early")]


def test_words_outside_their_segment_are_brought_inside() -> None:
    words = (Word(500, 900, " One", 0.9), Word(800, 700, " two", 0.9), Word(5_000, 9_000, " three", 0.9))
    cues = cues_of(Segment(1_000, 3_000, " One two three", words), rules=Rules(pause_ms=9_000))
    times = [(word.start_ms, word.end_ms) for cue in cues for word in cue.words]
    assert times == [(1_000, 1_000), (1_000, 1_000), (3_000, 3_000)]


# --- cues set by hand ---


def test_a_pinned_segment_is_one_cue_exactly_as_it_is() -> None:
    text = "This line is much longer than any line may be, and nobody\n breaks it.\n\nthird"
    (cue,) = cues_of(Segment(1_000, 1_050, text, speaker="Anna", is_pinned=True))
    assert (cue.start_ms, cue.end_ms, cue.speaker, cue.is_pinned) == (1_000, 1_050, "Anna", True)
    assert cue.lines == ("This line is much longer than any line may be, and nobody", "breaks it.", "third")
    assert (cue.first, cue.last) == ((0, 0), (0, 14))


def test_what_flows_keeps_out_of_the_way_of_what_is_pinned() -> None:
    cues = cues_of(
        heard(" one two three four", 0, 2_000),
        pinned(1_000, 3_000, "Mine"),
        heard(" five six", 2_500, 4_000),
    )
    assert times_of(cues) == [(0, 1_000, "one two three four"), (1_000, 3_000, "Mine"), (3_000, 4_000, "five six")]


def test_words_between_two_pinned_cues_without_room_are_not_lost() -> None:
    cues = cues_of(pinned(0, 1_000, "A"), heard(" b c", 1_000, 1_000), pinned(1_000, 2_000, "D"))
    assert [cue.text for cue in cues] == ["A", "b c", "D"]
    assert [one.code for one in problems(cues, PLAIN)] == ["short", "fast", "overlap"]


def test_pinned_cues_over_each_other_stay_as_they_are_and_it_is_named() -> None:
    cues = cues_of(pinned(0, 3_000, "Anna speaks"), pinned(1_000, 4_000, "Ben speaks"))
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(0, 3_000), (1_000, 4_000)]
    assert [one.said for one in problems(cues, PLAIN)] == ["2 s over the next cue"]


# --- frames ---


@given(st.sampled_from(FRAME_RATES), st.integers(0, 5), st.lists(texts, min_size=1, max_size=6))
def test_times_fall_on_frames_with_at_least_the_gap_between_them(rate: float, gap: int, said_texts: list[str]) -> None:
    rules = replace(NETFLIX, frame_rate=rate, gap_frames=gap)
    segments = [heard(f" {text}", at * 3_001, at * 3_001 + 2_999) for at, text in enumerate(said_texts)]
    cues = cues_of(*segments, rules=rules)
    frames = Frames(rate)
    for cue in cues:
        assert frames.down_ms(cue.start_ms) == cue.start_ms
        assert frames.down_ms(cue.end_ms) == cue.end_ms
    for one, other in pairwise(cues):
        room = frames.shown_at(other.start_ms) - frames.shown_at(one.end_ms)
        assert room >= gap or other.start_ms - one.start_ms <= 500


# --- properties ---

TEXTS = ("a", "be", "see,", "well-known", "Anna", "end.", "12", "kilometres", "-,-", "so", "the", "extraordinarily")
small = st.sampled_from(TEXTS)
# A word, how long it takes and how long it is silent then.
spoken_words = st.lists(
    st.sampled_from([*product(TEXTS, (80, 350), (0, 0, 120)), ("slow", 900, 0), ("hm", 0, 0), ("and", 150, 700)]),
    min_size=1,
    max_size=14,
)
rule_sets = st.sampled_from([PLAIN, *(preset.rules for preset in PRESETS.values())]) | st.builds(
    Rules,
    line_characters=st.integers(6, 50),
    lines=st.integers(1, 3),
    characters_per_second=st.sampled_from([0.0, 12.0, 20.0]),
    shortest_ms=st.integers(100, 1_500),
    longest_ms=st.integers(1_500, 9_000),
    gap_ms=st.sampled_from([0, 80, 200, 1_500]),
    close_gaps_ms=st.integers(0, 1_000),
    pause_ms=st.integers(300, 2_000),
    dash=st.sampled_from(["", "- "]),
)


@st.composite
def talks(draw: st.DrawFn) -> Transcript:
    """People who talk one after the other, with a cue set by hand now and then."""
    segments, at_ms = [], draw(st.integers(0, 500))
    for _ in range(draw(st.integers(0, 5))):
        words = []
        for text, length_ms, silence_ms in draw(spoken_words):
            words.append(Word(at_ms, at_ms + length_ms, f" {text}", 0.9))
            at_ms += length_ms + silence_ms
        text = "".join(word.text for word in words)
        one = Segment(words[0].start_ms, words[-1].end_ms, text, tuple(words), speaker=draw(st.sampled_from("AAAB")))
        kind = draw(st.sampled_from(["heard", "heard", "typed", "pinned"]))
        if kind == "typed":
            one = replace(one, words=())
        if kind == "pinned":
            one = replace(one.reworded(text.strip().replace(" ", "\n", 1)), is_pinned=True)
        segments.append(one)
        at_ms += draw(st.sampled_from([0, 0, 60, 400, 3_000]))
    return Transcript(tuple(segments), language="en")


def moved(one: Segment, by_ms: int) -> Segment:
    words = tuple(replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in one.words)
    return replace(one, start_ms=one.start_ms + by_ms, end_ms=one.end_ms + by_ms, words=words)


@st.composite
def crowds(draw: st.DrawFn) -> Transcript:
    """People who talk at the same time, too."""
    talk = draw(talks())
    early_ms = st.sampled_from([0, 0, 300, 2_000, 8_000])
    return replace(talk, segments=tuple(moved(one, -min(one.start_ms, draw(early_ms))) for one in talk.segments))


@given(crowds(), rule_sets)
def test_no_cue_that_flows_lasts_too_long_but_for_one_word(transcript: Transcript, rules: Rules) -> None:
    for cue in compose(transcript, rules):
        if not cue.is_pinned and cue.first != cue.last:
            assert cue.end_ms - cue.start_ms <= rules.longest_ms


@given(talks(), rule_sets)
def test_every_word_is_in_one_cue_and_in_its_order(transcript: Transcript, rules: Rules) -> None:
    cues = compose(transcript, rules)
    places = [
        (at, word)
        for cue in cues
        for at in range(cue.first[0], cue.last[0] + 1)
        for word in range(len(spoken(transcript.segments[at])))
        if cue.first <= (at, word) <= cue.last
    ]
    expected = [(at, word) for at, one in enumerate(transcript.segments) for word in range(len(spoken(one)))]
    assert places == expected
    lines = [line.removeprefix(rules.dash) if rules.dash else line for cue in cues for line in cue.lines]
    heard_words = [word for one in transcript.segments for word in one.text.split()]
    assert [word for line in lines for word in line.split(" ") if word] == heard_words or rules.dash
    for cue in cues:
        if cue.words:
            assert [word.text.strip() for word in cue.words] == heard_words[: len(cue.words)]
        heard_words = heard_words[len(cue.text.split()) :] if not rules.dash else heard_words[_count(cue, transcript) :]


def _count(cue: Cue, transcript: Transcript) -> int:
    return sum(
        cue.first <= (at, word) <= cue.last
        for at in range(cue.first[0], cue.last[0] + 1)
        for word in range(len(spoken(transcript.segments[at])))
    )


@given(talks(), rule_sets)
def test_a_cue_spans_its_words_and_reaches_only_into_silence(transcript: Transcript, rules: Rules) -> None:
    cues = compose(transcript, rules)
    pins = [one for one in transcript.segments if one.is_pinned]
    for cue, following in zip_longest(cues, cues[1:]):
        assert cue.start_ms < cue.end_ms
        if cue.is_pinned:
            continue
        first = spoken(transcript.segments[cue.first[0]])[cue.first[1]]
        last = spoken(transcript.segments[cue.last[0]])[cue.last[1]]
        is_crowded = any(abs(cue.start_ms - one.start_ms) < 4 * SHORTEST_MS for one in cues if one is not cue)
        is_beside_pin = any(one.end_ms > first.start_ms > one.start_ms for one in pins)
        if not (is_crowded or is_beside_pin):
            assert cue.start_ms == first.start_ms
        if following:
            assert cue.end_ms <= following.start_ms or (following.is_pinned and is_crowded)
        room_ms = following.start_ms - rules.least_gap_ms if following else cue.end_ms
        if not is_crowded:
            assert cue.end_ms >= min(last.end_ms, room_ms)


@given(talks(), rule_sets)
def test_pinned_cues_are_as_they_were_set(transcript: Transcript, rules: Rules) -> None:
    cues = [cue for cue in compose(transcript, rules) if cue.is_pinned]
    assert [(cue.start_ms, max(cue.end_ms, cue.start_ms + 1), cue.text) for cue in cues] == [
        (one.start_ms, max(one.end_ms, one.start_ms + 1), one.text) for one in transcript.segments if one.is_pinned
    ]


@given(talks(), rule_sets)
def test_no_cue_that_flows_breaks_a_limit_of_lines_but_for_one_word(transcript: Transcript, rules: Rules) -> None:
    cues = compose(transcript, rules)
    for one in problems(cues, rules):
        cue = cues[one.cue]
        if not cue.is_pinned:
            assert one.code not in ("lines", "open")
            if one.code == "wide":
                assert any(width(word) > rules.line_characters * rules.unit - 2 for word in cue.text.split())


@given(transcripts)
def test_cues_of_anything_are_in_order_and_fit_for_any_format(transcript: Transcript) -> None:
    cues = compose(transcript)
    for cue in cues:
        assert 0 <= cue.start_ms < cue.end_ms
        assert cue.lines
        for line in cue.lines:
            assert line
            assert line == line.strip()
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]", line)
    starts = [cue.start_ms for cue in cues]
    assert starts == sorted(starts) or any(cue.is_pinned for cue in cues)


@given(transcripts)
def test_nothing_that_anyone_could_send_is_lost_or_doubled(transcript: Transcript) -> None:
    assert "".join(said(cue.text) for cue in compose(transcript)) == "".join(
        said(one.text) for one in in_order(transcript)
    )


@given(transcripts)
def test_where_nothing_is_pinned_no_cue_overlaps_nor_flashes(transcript: Transcript) -> None:
    free = replace(transcript, segments=tuple(replace(one, is_pinned=False) for one in transcript.segments))
    cues = compose(free)
    assert all(cue.end_ms - cue.start_ms >= SHORTEST_MS for cue in cues)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(cues))


@given(transcripts)
def test_what_flows_overlaps_nothing_if_there_is_a_millisecond_for_each(transcript: Transcript) -> None:
    cues = compose(transcript)
    least_ms = 0
    for number, cue in enumerate(cues):
        if cue.is_pinned:
            least_ms = max(least_ms, cue.end_ms)
            continue
        rest = cues[number:]
        flowing = next((at for at, one in enumerate(rest) if one.is_pinned), len(rest))
        wall_ms = rest[flowing].start_ms if flowing < len(rest) else cue.end_ms + flowing
        if wall_ms - max(least_ms, cue.start_ms) >= flowing:
            assert least_ms <= cue.start_ms
            assert cue.end_ms <= wall_ms


# --- composing again ---


def edits_of(transcript: Transcript, draw: st.DrawFn) -> Edit:  # noqa: PLR0911 - one for each kind
    at = draw(st.integers(0, len(transcript.segments) - 1))
    one = transcript.segments[at]
    kind = draw(st.sampled_from(["type", "split", "merge", "delete", "pin", "unpin", "speaker", "retime"]))
    match kind:
        case "type":
            return editing.reworded(transcript, at, draw(st.lists(small, max_size=12).map(" ".join)))
        case "split":
            return editing.split(transcript, at, draw(st.integers(0, len(one.text))))
        case "merge":
            return editing.merged(transcript, at, min(at + 1, len(transcript.segments) - 1))
        case "delete":
            return editing.deleted(transcript, [at])
        case "pin" if one.words:
            last = (at, draw(st.integers(0, len(one.words) - 1)))
            return editing.pinned(transcript, (at, 0), last, "set by hand", one.start_ms, one.end_ms)
        case "unpin":
            return editing.unpinned(transcript, [at])
        case "retime":
            return editing.retimed(transcript, at, one.start_ms + draw(st.integers(-400, 400)), one.end_ms)
        case _:
            return editing.spoken_by(transcript, [at], draw(st.sampled_from("AB")))


@settings(max_examples=40)
@given(st.data())
def test_composing_again_after_edits_is_as_composing_from_scratch(data: st.DataObject) -> None:
    first, second = data.draw(talks()), data.draw(talks())
    parts, at_ms = list[Segment](), 0
    for one in (*first.segments, *second.segments):
        shifted = _later(one, at_ms - one.start_ms)
        parts.append(shifted)
        at_ms = shifted.end_ms + data.draw(st.sampled_from([0, 40, 2_000]))
    rules = data.draw(rule_sets)
    composer = Composer(rules)
    document = Document.of(Transcript(tuple(parts), language="en"))
    assert composer.compose(document.current) == compose(document.current, rules)
    for _ in range(3):
        if not document.current.segments:
            break
        edit = edits_of(document.current, data.draw)
        document = document.did(edit) if edit else document
        assert composer.compose(document.current) == compose(document.current, rules)
    while document.done:
        document = document.undone()
        assert composer.compose(document.current) == compose(document.current, rules)


def _later(segment: Segment, by_ms: int) -> Segment:
    words = tuple(replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in segment.words)
    return replace(segment, start_ms=segment.start_ms + by_ms, end_ms=segment.end_ms + by_ms, words=words)


def test_an_edit_leaves_all_cues_that_are_not_near_as_the_objects_they_were() -> None:
    segments = tuple(
        heard(f" This is sentence number {at} of many.", at * 3_000, at * 3_000 + 2_990) for at in range(300)
    )
    composer = Composer(DEFAULT)
    before = composer.compose(Transcript(segments))
    edited = (*segments[:150], segments[150].reworded("Another text."), *segments[151:])
    after = composer.compose(Transcript(edited))
    fresh = [cue for cue in after if not any(cue is one for one in before)]
    assert 1 <= len(fresh) <= 60
