"""Line breaks: how wide words are, and which of them belong together."""

from collections.abc import Callable
from itertools import accumulate

import budoux
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import line_breaks
from desktop.core.line_breaks import (
    BEFORE_CLAUSE,
    CLAUSE,
    INSIDE_A_WORD,
    ONE_THING,
    PLAIN,
    SENTENCE,
    TIED,
    price,
    shapes_in,
    spaceless_prices,
    width,
)


def prices_in(text: str) -> dict[int, int]:
    return spaceless_prices(text, range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("", 0),
        ("word", 4),
        ("naïve", 5),
        ("e\u0301", 1),
        ("字", 2),
        ("한국", 4),
        ("ｆｕｌｌ", 8),
        ("ที่", 1),
        ("\u200fא", 1),
    ],
)
def test_full_width_letters_are_two_narrow_ones_and_marks_have_no_width(text: str, wide: int) -> None:
    assert width(text) == wide


@pytest.mark.parametrize(
    ("language", "left", "right", "cost"),
    [
        ("en", "end.", "And", SENTENCE),
        ("en", "“Really?”", "he", SENTENCE),
        ("en", "Mr.", "Smith", ONE_THING),
        ("en", "e.g.", "this", PLAIN),
        ("en", "well,", "then", CLAUSE),
        ("en", "house", "of", BEFORE_CLAUSE),
        ("en", "of", "cards", TIED),
        ("en", "the", "house", TIED),
        ("en", "not", "here", TIED),
        ("en", "Sherlock", "Holmes", ONE_THING),
        ("en", "20", "percent", ONE_THING),
        ("en", "page", "12", ONE_THING),
        ("en", "12", "houses", TIED),
        ("en", "big", "house", PLAIN),
        ("de", "ein", "Haus", TIED),
        ("de", "Haus", "Hund", PLAIN),
        ("de", "Haus", "und", BEFORE_CLAUSE),
        ("fr", "la", "maison", TIED),
        ("es", "casa", "de", BEFORE_CLAUSE),
        ("it", "gli", "amici", TIED),
        ("pt", "uma", "casa", TIED),
        ("nl", "het", "huis", TIED),
        ("xx", "the", "house", TIED),
    ],
)
def test_what_belongs_together_costs_more(language: str, left: str, right: str, cost: int) -> None:
    shape = shapes_in(language)
    assert price(shape(f" {left}"), shape(f" {right}"), is_first=False) == cost


def test_a_space_that_binds_lets_no_line_begin() -> None:
    shape = shapes_in("fr")
    assert shape(" oui").may_start
    assert not shape("\u00a0?").may_start
    assert not shape("\u202f000").may_start
    assert not shape("-là").may_start


def test_chinese_may_be_broken_anywhere_but_best_between_words() -> None:
    text = "我们去公园，好吗？"
    prices = prices_in(text)
    assert set(prices) == {1, 2, 3, 4, 6, 7}
    assert (prices[1], prices[2], prices[3], prices[4]) == (INSIDE_A_WORD, PLAIN, PLAIN, INSIDE_A_WORD)
    assert prices[6] == CLAUSE


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("「はい」と", {1, 3}),
        ("行った。", {3}),
        ("ちょっと", {1, 2}),
        ("abc字", {1, 2}),
        ("ที่นี่", {1, 2}),
        ("เดิน", {1}),
        ("កម្ពុជា", {2, 3, 4}),
    ],
)
def test_no_line_begins_with_what_closes_stands_small_or_stands_on_top(text: str, never: set[int]) -> None:
    assert never.isdisjoint(prices_in(text))


@pytest.mark.parametrize(
    ("load", "letters"),
    [
        (budoux.load_default_simplified_chinese_parser, "今天的气很好我们一起去公园散步这是他说要"),
        (budoux.load_default_japanese_parser, "きょうはとてもいいですから私たちアイスを食べに行く"),
        (budoux.load_default_thai_parser, "สวัสดีครบนอากาศมกเรไปทใจะไม่"),
    ],
)
@given(data=st.data())
def test_words_end_where_budoux_ends_them(load: Callable[[], budoux.Parser], letters: str, data: st.DataObject) -> None:
    # Each has a letter that tells its script from the others; the model's own features make for hits among the scores.
    parser = load()
    known = [feature for scores in parser.model.values() for feature in scores if set(feature) <= set(letters)]
    text = letters + "".join(data.draw(st.lists(st.sampled_from([*letters, *known]), max_size=30)))
    ends = set(accumulate(map(len, parser.parse(text))))
    for at, cost in prices_in(text).items():
        if text[at - 1].isalnum():
            assert cost == (PLAIN if at in ends else INSIDE_A_WORD)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_places_lie_inside_the_text_whatever_it_holds(text: str) -> None:
    assert all(0 < at < len(text) for at in prices_in(text))


def test_what_was_asked_before_does_not_decide(monkeypatch: pytest.MonkeyPatch):
    pairs = ["๓〈", "๓⟬"]  # the same classes of line breaking; one bracket is wide
    answers = []
    for order in (pairs, pairs[::-1]):
        monkeypatch.setattr(line_breaks, "_PARTABLE", {})
        line_breaks._may_part.cache_clear()
        answers.append({pair: line_breaks._may_part(pair) for pair in order})
    assert answers[0] == answers[1]
