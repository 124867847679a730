"""Words become segments: sentences and pauses end them, and no word is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.sentences import LONGEST_MS, PAUSE_MS, SHORTEST_CUT_MS, segmented
from desktop.core.transcript import Word

FRAGMENTS = (
    *' Hello| there,| Dr.| e.g.| 3.|5| J.|.|?|!| …|-known|\'s| "Go!"|)|今日|は。|、|نعم؟| हाँ।| |'.split("|"),
    " a" * 20,
)

lengths_ms = st.integers(0, 1500) | st.integers(0, 40_000)
spoken = st.lists(st.tuples(st.sampled_from(FRAGMENTS) | st.text(max_size=4), lengths_ms, lengths_ms), max_size=60)


def words_of(drawn: list[tuple[str, int, int]]) -> list[Word]:
    """Words in order, each with a pause before it."""
    words, at_ms = [], 0
    for text, pause_ms, length_ms in drawn:
        words.append(Word(at_ms + pause_ms, at_ms + pause_ms + length_ms, text, 0.9))
        at_ms += pause_ms + length_ms
    return words


def evenly(*texts: str, step_ms: int = 400) -> list[Word]:
    return words_of([(text, 0, step_ms) for text in texts])


def heard(text: str) -> list[Word]:
    """A text as Whisper writes it: a word carries the space before it."""
    return evenly(*(f" {word}" for word in text.split()))


def texts_of(words: list[Word]) -> list[str]:
    return ["".join(word.text for word in part).strip() for part in segmented(words)]


def parted(text: str) -> list[str]:
    return texts_of(heard(text))


# --- what holds for all words ----------------------------------------------------------------------------------------


@given(spoken)
def test_no_word_is_lost_doubled_or_moved(drawn: list[tuple[str, int, int]]) -> None:
    words = words_of(drawn)
    parts = segmented(words)
    assert all(parts)
    found = [word for part in parts for word in part]
    assert len(found) == len(words)
    assert all(one is other for one, other in zip(found, words, strict=True))


@given(spoken)
def test_nothing_is_longer_than_fifteen_seconds_but_a_single_word(drawn: list[tuple[str, int, int]]) -> None:
    for part in segmented(words_of(drawn)):
        assert len(part) == 1 or part[-1].end_ms - part[0].start_ms <= LONGEST_MS


@given(spoken)
def test_no_segment_goes_on_over_a_pause_between_two_words(drawn: list[tuple[str, int, int]]) -> None:
    for part in segmented(words_of(drawn)):
        for word, following in pairwise(part):
            assert not following.text.startswith(" ") or following.start_ms - word.end_ms < PAUSE_MS


@given(st.lists(st.sampled_from(["Hello", "there", "you", "3", "Dr"]), min_size=1, max_size=40))
def test_words_without_an_end_of_a_sentence_or_a_pause_stay_together(texts: list[str]) -> None:
    assert len(segmented(evenly(*(f" {text}" for text in texts), step_ms=LONGEST_MS // 40))) == 1


def test_without_words_there_are_no_segments() -> None:
    assert segmented([]) == []


# --- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rains. We stay.", ["It rains.", "We stay."]),
        ("Does it? It does! Well… Yes.", ["Does it?", "It does!", "Well…", "Yes."]),
        ("Well... Then go.", ["Well...", "Then go."]),
        ("Well... then go.", ["Well... then go."]),
        # Abbreviations and initials.
        ("Ask Dr. Smith or Mrs. Jones.", ["Ask Dr. Smith or Mrs. Jones."]),
        ("We use fruit, e.g. Apples.", ["We use fruit, e.g. Apples."]),
        ("Er kommt z.B. Montag. Gut.", ["Er kommt z.B. Montag.", "Gut."]),
        ("The U.S. Army left. It rained.", ["The U.S. Army left.", "It rained."]),
        ("Mr. J. R. Smith went. He did.", ["Mr. J. R. Smith went.", "He did."]),
        ("J.R.R. Tolkien wrote. Much.", ["J.R.R. Tolkien wrote.", "Much."]),
        ("Ask (Dr. Smith) now.", ["Ask (Dr. Smith) now."]),
        ("“Mr. Smith is here.” Then he left.", ["“Mr. Smith is here.”", "Then he left."]),
        # Numbers.
        ("It costs 3.5 euros. Or 1.000.000 in all.", ["It costs 3.5 euros.", "Or 1.000.000 in all."]),
        ("It was in 1984. Then it ended.", ["It was in 1984.", "Then it ended."]),
        ("Counted 3. 2. 1. Go.", ["Counted 3. 2. 1.", "Go."]),
        # A full stop before a small letter ends nothing.
        ("at approx. ten and incl. one. Fine.", ["at approx. ten and incl. one.", "Fine."]),
        # Closing quotes and brackets.
        ('He said "Go." She went.', ['He said "Go."', "She went."]),
        ("(It rained.) We stayed.", ["(It rained.)", "We stayed."]),
        ("«Es regnet.» Gut so.", ["«Es regnet.»", "Gut so."]),
        # Other scripts.
        ("Привет. Как дела? Хорошо.", ["Привет.", "Как дела?", "Хорошо."]),
        ("هل تسمع؟ نعم.", ["هل تسمع؟", "نعم."]),
        ("यह है। हाँ।", ["यह है।", "हाँ।"]),
    ],
)
def test_segments_end_where_sentences_do(text: str, expected: list[str]) -> None:
    assert parted(text) == expected


def test_scripts_without_spaces_are_parted_at_their_own_full_stops() -> None:
    words = evenly("今日", "は", "天気", "が", "いい。", "散歩", "し", "ます", "か？", "はい！", "行こう")
    assert texts_of(words) == ["今日は天気がいい。", "散歩しますか？", "はい！", "行こう"]


def test_scripts_without_spaces_are_parted_at_pauses() -> None:
    words = words_of([("今日", 0, 400), ("は", PAUSE_MS - 1, 400), ("天気", PAUSE_MS, 400)])
    assert texts_of(words) == ["今日は", "天気"]


def test_what_is_written_without_a_space_stays_with_its_word() -> None:
    assert texts_of(evenly(" well", ".", "known", " 3.", "5", " One", ".", " Two")) == ["well.known 3.5 One.", "Two"]
    assert texts_of(words_of([(" rather", 0, 400), (" well", 0, 400), ("-known", PAUSE_MS, 400)])) == [
        "rather well-known"
    ]


# --- pauses and length -----------------------------------------------------------------------------------------------


def test_a_pause_ends_a_segment_wherever_it_stands() -> None:
    words = words_of([(" one", 0, 400), (" two", PAUSE_MS - 1, 400), (" three", PAUSE_MS, 400)])
    assert texts_of(words) == ["one two", "three"]


def test_what_is_too_long_is_cut_at_the_end_of_a_clause() -> None:
    texts = [" word"] * 15 + [" clause,"] + [" word"] * 24
    words = evenly(*texts)
    first, second = segmented(words)
    assert first[-1].text == " clause,"
    assert len(first) + len(second) == len(words)


def test_what_is_too_long_is_cut_at_its_longest_pause_if_there_is_no_better_place() -> None:
    words = words_of([(" word", 0, 500)] * 20 + [(" here", PAUSE_MS - 1, 500)] + [(" word", 0, 500)] * 19)
    first, second = segmented(words)
    assert second[0].text == " here"
    assert len(first) == len(second) == 20


def test_what_is_too_long_is_not_cut_near_its_ends() -> None:
    words = words_of([(" Well,", 0, 400), (" word", PAUSE_MS - 1, 400), *[(" word", 0, 400)] * 40])
    for part in segmented(words):
        assert part[-1].end_ms - part[0].start_ms >= SHORTEST_CUT_MS


def test_a_word_that_lasts_longer_than_a_segment_may_stays_whole() -> None:
    words = words_of([(" one", 0, 400), (" looong", 0, LONGEST_MS + 1), (" three", 0, 400)])
    assert texts_of(words) == ["one", "looong", "three"]


def test_a_text_of_a_single_long_word_is_cut_inside_it_only_where_nothing_else_can_be_done() -> None:
    pieces = [" a", *["-b"] * 60]
    assert [part for part in segmented(evenly(*pieces)) if len(part) == 1] == []
    assert "".join(texts_of(evenly(*pieces))) == "".join(pieces).strip()
