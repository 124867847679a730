"""Finding and replacing: hits where a reader sees them, whatever the script; patterns that cannot hang the window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import editing, search
from desktop.core.document import Document, Edit, Splice
from desktop.core.errors import PatternTooSlow, PatternWrong, ReplacementWrong
from desktop.core.search import Hit, Query
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import SURE, spread


def transcript(*texts: str) -> Transcript:
    return Transcript(tuple(Segment(1000 * at, 1000 * at + 900, text).reworded(text) for at, text in enumerate(texts)))


def found(query: Query, *texts: str) -> list[str]:
    """What the hits cover."""
    spoken = transcript(*texts)
    return [spoken.segments[hit.segment].text[hit.start : hit.end] for hit in search.hits(spoken, query)]


def rewritten(query: Query, replacement: str, *texts: str) -> list[str]:
    spoken = transcript(*texts)
    new = search.replacements(spoken, query, replacement, search.hits(spoken, query))
    return [new.get(at, text) for at, text in enumerate(texts)]


def test_hits_come_in_the_order_of_the_text() -> None:
    spoken = transcript("the one", "none", "The other, the last")
    assert search.hits(spoken, Query("the")) == [Hit(0, 0, 3), Hit(2, 0, 3), Hit(2, 5, 8), Hit(2, 11, 14)]


def test_nothing_is_looked_for_with_an_empty_query() -> None:
    assert search.hits(transcript("some text"), Query("")) == []


def test_case_matters_on_request() -> None:
    assert found(Query("the", match_case=True), "The one, the last") == ["the"]


@pytest.mark.parametrize(
    ("looked_for", "text", "covered"),
    [
        ("strasse", "Die Straße hier", ["Straße"]),
        ("STRASSE", "Die Straße hier", ["Straße"]),
        ("straße", "Die STRASSE hier", ["STRASSE"]),
        ("hier", "Straßen und Straßen hier", ["hier"]),
        ("istanbul", "İstanbul ISTANBUL", ["İstanbul", "ISTANBUL"]),
        ("bul x", "İİİbul X", ["bul X"]),
        ("ΣΊΣΥΦΟΣ", "ο σίσυφος", ["σίσυφος"]),
        ("café", "un cafe\u0301 noir", ["cafe\u0301"]),
        ("cafe\u0301", "un café noir", ["café"]),
        ("世界", "你好世界。", ["世界"]),
        ("שלום", "אמר שלום לכולם", ["שלום"]),
        ("a b", "a\nb a\u00a0b", ["a\nb", "a\u00a0b"]),
        ("(a.b)*", "not axb but (A.B)*", ["(A.B)*"]),
    ],
)
def test_the_hit_covers_exactly_what_was_looked_for(looked_for: str, text: str, covered: list[str]) -> None:
    assert found(Query(looked_for), text) == covered


def test_a_letter_inside_another_is_no_hit() -> None:
    assert found(Query("s"), "Straße") == ["S"]


@pytest.mark.parametrize(
    ("looked_for", "text", "count"),
    [
        ("art", "art, party, Art. “art”", 3),
        ("art", "état art's l'art", 2),
        ("e\u0301t", "e\u0301t e\u0301te\u0301", 1),
        ("世界", "你好世界。", 1),
        ("C++", "C++ and C+++", 2),
        ("§", "§5 and 5§", 2),
    ],
)
def test_whole_words_end_where_a_word_ends(looked_for: str, text: str, count: int) -> None:
    assert len(found(Query(looked_for, whole_words=True), text)) == count


def test_a_pattern_finds_and_its_groups_come_back() -> None:
    query = Query(r"(\w+) and (?P<other>\w+)", is_pattern=True)
    assert rewritten(query, r"\g<other> \\ \1", "salt and pepper", "Tom AND Jerry") == [
        r"pepper \ salt",
        r"Jerry \ Tom",
    ]


def test_a_group_that_took_no_part_is_empty() -> None:
    assert rewritten(Query("a(b)?", is_pattern=True), r"[\1]", "a ab") == ["[] [b]"]


def test_a_plain_replacement_is_taken_to_the_letter() -> None:
    assert rewritten(Query("x"), r"\1$&\n", "x") == [r"\1$&\n"]


def test_an_empty_match_is_no_hit() -> None:
    assert search.hits(transcript("baac"), Query("a*", is_pattern=True)) == [Hit(0, 1, 3)]


def test_a_pattern_that_reads_backwards_still_comes_in_order() -> None:
    assert search.hits(transcript("a b a"), Query("(?r)a", is_pattern=True)) == [Hit(0, 0, 1), Hit(0, 4, 5)]


def test_the_lines_before_and_after_a_hit_count_for_the_pattern() -> None:
    assert rewritten(Query(r"(?<=x)a|b$", is_pattern=True), "-", "xa a b", "bb") == ["x- a -", "b-"]


@pytest.mark.parametrize(
    ("pattern", "place", "reason"),
    [
        ("a(b", 3, "a ) is missing"),
        ("ab)c", 3, "this ) was never opened"),
        ("ab[c", 4, "a ] is missing"),
        ("*a", 1, "there is nothing before it to repeat"),
        ("a\\", 2, "nothing follows the backslash"),
        ("[z-a]", 5, "the range runs backwards"),
        (r"\p{Klingon}", 11, "unknown property"),
        ("a{99999999999}", 3, "repeat count too big"),
    ],
)
@pytest.mark.parametrize("whole_words", [False, True])
def test_a_wrong_pattern_is_named_with_its_place(pattern: str, place: int, reason: str, whole_words: bool) -> None:
    with pytest.raises(PatternWrong) as raised:
        search.hits(transcript("text"), Query(pattern, is_pattern=True, whole_words=whole_words))
    assert raised.value.facts == {"place": place, "reason": reason}
    assert str(place) in raised.value.said_headline


@pytest.mark.parametrize("replacement", [r"\2", r"\g<name>", "\\", r"\q"])
def test_a_wrong_replacement_is_named(replacement: str) -> None:
    spoken = transcript("a b")
    query = Query("(a)", is_pattern=True)
    with pytest.raises(ReplacementWrong) as raised:
        search.replacements(spoken, query, replacement, search.hits(spoken, query))
    assert raised.value.said_headline.startswith("Mistake in the replacement: ")


def test_a_pattern_that_would_take_for_ever_is_given_up() -> None:
    with pytest.raises(PatternTooSlow):
        search.hits(transcript("a" * 5000 + "b"), Query("(a+)+$", is_pattern=True))


def test_a_pattern_nested_too_deep_is_refused() -> None:
    with pytest.raises(PatternTooSlow):
        search.hits(transcript("a"), Query("(" * 3000 + ")" * 3000, is_pattern=True))


def test_only_the_chosen_hits_are_replaced() -> None:
    spoken = transcript("one two one", "one")
    query = Query("one")
    first, _second, third = search.hits(spoken, query)
    assert search.replacements(spoken, query, "1", [third, first]) == {0: "1 two one", 1: "1"}


def test_hits_that_are_no_longer_there_are_left_alone() -> None:
    spoken = transcript("two")
    assert search.replacements(spoken, Query("one"), "1", [Hit(0, 0, 3), Hit(7, 0, 3)]) == {}


def test_replacing_by_the_same_changes_nothing() -> None:
    assert rewritten(Query("one", match_case=True), "one", "one") == ["one"]
    spoken = transcript("one")
    assert search.replacements(spoken, Query("one"), "one", search.hits(spoken, Query("one"))) == {}


def test_words_that_are_not_replaced_keep_their_times() -> None:
    words = tuple(spread(["The", " quick", " brown", " fox"], 100, 2000))
    spoken = Transcript((Segment(100, 2000, "The quick brown fox", words),))
    texts = search.replacements(spoken, Query("brown"), "red", search.hits(spoken, Query("brown")))
    (splice,) = editing.rewritten(spoken, texts).splices
    assert [word for word in splice.inserted[0].words if word.text != " red"] == [words[0], words[1], words[3]]
    assert splice.inserted[0].words[2].probability == SURE


texts = st.text(alphabet="abAB ßİé\u0301世\n", max_size=12)
queries = st.builds(
    Query, st.text(alphabet="abAßİs é世", min_size=1, max_size=3), st.just(False), st.booleans(), st.booleans()
)


@given(st.lists(texts, max_size=5), queries)
def test_hits_are_in_order_apart_and_inside_the_text(lines: list[str], query: Query) -> None:
    spoken = transcript(*lines)
    hits = search.hits(spoken, query)
    assert hits == sorted(hits)
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(lines[hit.segment])
    for one, other in zip(hits, hits[1:], strict=False):
        assert one.segment < other.segment or one.end <= other.start


@given(st.lists(texts, min_size=1, max_size=5), queries, st.text(alphabet="xy\\1 ", max_size=4))
def test_what_is_not_hit_stays_to_the_letter(lines: list[str], query: Query, replacement: str) -> None:
    spoken = transcript(*lines)
    hits = search.hits(spoken, query)
    new = search.replacements(spoken, query, replacement, hits)
    for at, line in enumerate(lines):
        left = line
        for hit in reversed([hit for hit in hits if hit.segment == at]):
            left = left[: hit.start] + replacement + left[hit.end :]
        assert new.get(at, line) == left


@st.composite
def edited(draw: st.DrawFn) -> tuple[Transcript, Edit]:
    """A transcript, and a step with a few splices that fit one after the other."""
    before = transcript(*draw(st.lists(texts, max_size=6)))
    segments, splices = list(before.segments), []
    for _time in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(segments)))
        stop = draw(st.integers(at, len(segments)))
        new = tuple(Segment(0, 1, text) for text in draw(st.lists(texts, max_size=3)))
        splices.append(Splice(at, tuple(segments[at:stop]), new))
        splices[-1].applied(segments)
    return before, Edit("Edit", tuple(splices))


@given(edited(), queries)
def test_after_an_edit_the_hits_are_those_of_a_new_search(step: tuple[Transcript, Edit], query: Query) -> None:
    before, edit = step
    after = Document.of(before, [edit]).current
    assert search.updated(search.hits(before, query), after, edit, query) == search.hits(after, query)


def test_an_edit_with_many_splices_is_searched_anew() -> None:
    before = transcript(*["one two"] * 30)
    texts = search.replacements(before, Query("two"), "one", search.hits(before, Query("two")))
    edit = editing.rewritten(before, texts)
    after = Document.of(before, [edit]).current
    assert len(search.updated(search.hits(before, Query("one")), after, edit, Query("one"))) == 60
