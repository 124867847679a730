"""Words keep their places in the sound while a person types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.words import SURE, Word, pieces, realigned, spread

HEARD = (
    Word(0, 300, " Thank", 0.9),
    Word(300, 500, " you", 0.9),
    Word(500, 900, " fo", 0.4),
    Word(1000, 1500, " coming.", 0.9),
)


def times(words: tuple[Word, ...]) -> list[tuple[str, int, int]]:
    return [(word.text.strip(), word.start_ms, word.end_ms) for word in words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thank you fo coming.", [("Thank", 0, 300), ("you", 300, 500), ("fo", 500, 900), ("coming.", 1000, 1500)]),
        ("thank YOU, fo coming", [("thank", 0, 300), ("YOU,", 300, 500), ("fo", 500, 900), ("coming", 1000, 1500)]),
        ("Thank you for coming.", [("Thank", 0, 300), ("you", 300, 500), ("for", 500, 900), ("coming.", 1000, 1500)]),
        ("Thank coming.", [("Thank", 0, 300), ("coming.", 1000, 1500)]),
        ("Thank you fo coming. now.", [*times(HEARD), ("now.", 1500, 2000)]),
        ("Thank you", [("Thank", 0, 300), ("you", 300, 500)]),
        ("", []),
    ],
    ids=["same", "case and punctuation", "reworded", "deleted", "added at the end", "cut off", "emptied"],
)
def test_words_that_stay_keep_their_times(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert times(realigned(HEARD, text, 0, 2000)) == expected


def test_unchanged_text_gives_the_same_words() -> None:
    assert realigned(HEARD, "Thank you fo coming.", 0, 2000) == HEARD


def test_new_words_share_the_gap_they_were_typed_into_by_their_length() -> None:
    words = realigned(HEARD, "Thank you fo a longer coming.", 0, 2000)
    assert times(words)[3:] == [("a", 900, 922), ("longer", 922, 1000), ("coming.", 1000, 1500)]
    assert [word.probability for word in words[3:5]] == [SURE, SURE]


def test_a_word_that_was_heard_in_two_keeps_both_times() -> None:
    heard = (Word(0, 400, " well", 0.9), Word(400, 800, "-known", 0.9), Word(900, 1200, " man", 0.9))
    assert times(realigned(heard, "a well-known man", 0, 1200))[1:] == times(heard)
    assert times(realigned(heard, "Well-known man", 0, 1200)) == [("Well-known", 0, 800), ("man", 900, 1200)]


def test_one_letter_of_a_script_without_spaces_can_change() -> None:
    heard = (Word(0, 400, "今天", 0.9), Word(400, 800, "天气", 0.9), Word(800, 1200, "好。", 0.9))
    words = realigned(heard, "今天空气好。", 0, 1200)
    assert times(words) == [("今天", 0, 400), ("空", 400, 600), ("气", 600, 800), ("好。", 800, 1200)]


def test_pieces_hold_the_whole_text() -> None:
    assert pieces(" We are in 北京 now. ") == [" We", " are", " in", " 北", "京", " now. "]


words = st.lists(st.sampled_from([" a", " bee", " see,", " Dee.", "-e", "字", " 字", " "]), max_size=12).map(
    lambda texts: tuple(spread(texts, 1000, 9000))
)


@given(words, st.text(st.sampled_from("abe Dse,.字 \n-"), max_size=40))
def test_the_words_always_say_the_text_in_order_and_in_place(before: tuple[Word, ...], text: str) -> None:
    after = realigned(before, text, 1000, 9000)
    assert "".join(word.text for word in after).split() == text.split()
    edges = [edge for word in after for edge in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges)
    assert all(1000 <= edge <= 9000 for edge in edges)


@given(words)
def test_realigning_the_same_text_changes_nothing(before: tuple[Word, ...]) -> None:
    text = "".join(word.text for word in before)
    spoken = [(word.start_ms, word.end_ms) for word in before if word.text.strip()]
    after = realigned(before, text, 1000, 9000)
    assert [(word.start_ms, word.end_ms) for word in after if word.text.strip()] == spoken
