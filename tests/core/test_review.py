"""The review of doubtful words: which are doubted, how they are settled, and that the place is never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import doubts, editing, review
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.document import Document, Edit
from desktop.core.journal import edit_of, edit_record
from desktop.core.review import BESIDE_MISSING, WHOLE, Doubt, Order, Walk
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import SURE, Word


def segment(start_ms: int, *said: tuple[str, float], suspect: str = "", speaker: str = "") -> Segment:
    """One whose words take 100 ms each."""
    words = tuple(
        Word(start_ms + 100 * at, start_ms + 100 * at + 90, (" " if at else "") + text, probability)
        for at, (text, probability) in enumerate(said)
    )
    text = "".join(word.text for word in words)
    return Segment(start_ms, words[-1].end_ms, text, words, suspect=suspect, speaker=speaker)


def two() -> Transcript:
    return Transcript(
        (
            segment(0, ("The", 0.99), ("quick", 0.3), ("brown", 0.6), ("fox.", 0.2)),
            segment(1000, ("It", 0.9), ("jumps.", 0.45)),
        )
    )


def texts(found: list[Doubt]) -> list[str]:
    return [one.text for one in found]


def after(spoken: Transcript, edit: Edit) -> Transcript:
    return Document.of(spoken, [edit]).current


def test_words_below_the_threshold_are_doubted_in_the_order_of_time() -> None:
    found = review.doubted(two(), 0.5)
    assert texts(found) == ["quick", "fox.", "jumps."]
    assert found[1] == Doubt(0, 3, 300, 390, "fox.", 0.2, doubts.UNSURE)
    assert found[1].said == "The engine was 20 % sure"


def test_a_higher_threshold_doubts_more_but_never_a_word_of_a_person() -> None:
    typed = Transcript((two().segments[0].reworded("The quick brown dog sat"),))
    assert texts(review.doubted(typed, 1.0)) == ["The", "quick", "brown"]


def test_signs_without_letters_are_not_doubted() -> None:
    assert review.doubted(Transcript((segment(0, ("–", 0.1), ("♪", 0.1), ("5", 0.1)),)))[0].text == "5"
    assert len(review.doubted(Transcript((segment(0, ("–", 0.1), ("♪", 0.1), ("5", 0.1)),)))) == 1


def test_words_that_the_text_no_longer_has_are_not_doubted() -> None:
    old = Segment(0, 900, "Something else", segment(0, ("The", 0.1)).words)
    assert review.doubted(Transcript((old,))) == []


def test_a_doubtful_segment_is_one_doubt() -> None:
    loop = segment(0, ("ha", 0.1), ("ha", 0.2), suspect=doubts.REPEATS)
    (found,) = review.doubted(Transcript((loop,)))
    assert (found.word, found.text, found.said) == (WHOLE, "ha ha", "It repeats itself")


def test_words_beside_missing_speech_are_doubted_on_request() -> None:
    parts = (Part(0, 200, Kind.TEXT), Part(200, 1900, Kind.MISSING), Part(1900, 2200, Kind.TEXT))
    spoken = Transcript(
        (segment(0, ("Far", 0.9), ("near", 0.9)), segment(2000, ("Next", 0.8), ("on", 0.7))), coverage=Coverage(parts)
    )
    assert review.doubted(spoken) == []
    found = review.doubted(spoken, beside_missing=True)
    assert texts(found) == ["near", "Next"]
    assert {one.reason for one in found} == {BESIDE_MISSING}
    assert found[0].said == "Beside speech without text"
    assert texts(review.doubted(spoken, 0.75, beside_missing=True)) == ["near", "Next", "on"]


def test_a_word_of_a_person_beside_missing_speech_is_not_doubted() -> None:
    coverage = Coverage((Part(200, 1900, Kind.MISSING),))
    spoken = Transcript((segment(0, ("near", SURE)),), coverage=coverage)
    assert review.doubted(spoken, beside_missing=True) == []


@pytest.mark.parametrize(
    ("text", "word", "covered"),
    [("  The quick fox. ", 1, "quick"), ("The\nquick fox.", 2, "fox."), ("  The quick fox. ", WHOLE, "The quick fox.")],
)
def test_a_word_is_found_in_the_text(text: str, word: int, covered: str) -> None:
    spoken = segment(0, ("The", 0.9), ("quick", 0.3), ("fox.", 0.2))
    start, end = review.span(Segment(0, 900, text, spoken.words), word)
    assert text[start:end] == covered


def test_the_second_of_two_equal_words_is_found() -> None:
    assert review.span(segment(0, ("no", 0.9), ("no", 0.2)), 1) == (3, 5)


def test_an_accepted_word_is_sure_and_nothing_else_changes() -> None:
    spoken = two()
    doubt = review.doubted(spoken)[0]
    edit = review.accepted(spoken, doubt)
    now = after(spoken, edit)
    assert edit.label == "Accept word"
    assert len(edit.splices) == 1
    assert now.segments[0].words[1].probability == SURE
    assert now.text == spoken.text
    assert texts(review.doubted(now)) == ["fox.", "jumps."]
    assert after(now, edit.inverse) == spoken


def test_what_was_accepted_survives_the_journal() -> None:
    spoken = two()
    edit = edit_of(edit_record(review.accepted(spoken, review.doubted(spoken)[0])))
    assert texts(review.doubted(after(spoken, edit))) == ["fox.", "jumps."]


def test_accepting_a_doubtful_segment_settles_all_of_it() -> None:
    spoken = Transcript((segment(0, ("ha", 0.1), ("ha", 0.2), suspect=doubts.REPEATS),))
    now = after(spoken, review.accepted(spoken, review.doubted(spoken)[0]))
    assert review.doubted(now) == []
    assert now.segments[0].suspect == ""


def test_a_correction_takes_the_place_of_the_word_and_is_sure() -> None:
    spoken = two()
    now = after(spoken, review.corrected(spoken, review.doubted(spoken)[0], " slow  old "))
    assert now.segments[0].text == "The slow old brown fox."
    assert [word.probability for word in now.segments[0].words] == [0.99, SURE, SURE, 0.6, 0.2]
    assert now.segments[0].words[3] == spoken.segments[0].words[2]


def test_a_correction_of_case_alone_settles_the_word_too() -> None:
    spoken = two()
    now = after(spoken, review.corrected(spoken, review.doubted(spoken)[0], "Quick"))
    assert now.segments[0].words[1] == Word(100, 190, " Quick", SURE)


def test_typing_the_same_accepts_it() -> None:
    spoken = two()
    doubt = review.doubted(spoken)[0]
    assert review.corrected(spoken, doubt, "quick") == review.accepted(spoken, doubt)


@pytest.mark.parametrize(("number", "text"), [(0, "quick brown fox."), (1, "The brown fox."), (3, "The quick brown")])
def test_nothing_typed_takes_the_word_away(number: int, text: str) -> None:
    spoken = two()
    word = spoken.segments[0].words[number]
    doubt = Doubt(0, number, word.start_ms, word.end_ms, word.text.strip(), word.probability, doubts.UNSURE)
    assert after(spoken, review.corrected(spoken, doubt, "")).segments[0].text == text


def test_nothing_typed_for_all_of_a_segment_deletes_it() -> None:
    spoken = Transcript((segment(0, ("Bye", 0.1), suspect=doubts.BOILERPLATE), segment(1000, ("Right", 0.9))))
    now = after(spoken, review.corrected(spoken, review.doubted(spoken)[0], "  "))
    assert now.text == "Right"


def test_a_corrected_segment_is_sure_throughout() -> None:
    spoken = Transcript((segment(0, ("ha", 0.1), ("ha", 0.2), suspect=doubts.REPEATS),))
    now = after(spoken, review.corrected(spoken, review.doubted(spoken)[0], "ha ho"))
    assert now.text == "ha ho"
    assert review.doubted(now, 0.99) == []


# --- the way through them ---


def walk(spoken: Transcript, order: Order = Order.TIME) -> Walk:
    return Walk.of(review.doubted(spoken), order)


def current(one: Walk) -> str:
    return one.current.text if one.current else ""


def test_the_way_leads_round_the_end() -> None:
    one = walk(two())
    assert [current(one.moved(by)) for by in (0, 1, 2, 3, -1)] == ["quick", "fox.", "jumps.", "quick", "jumps."]


def test_the_most_doubtful_can_come_first() -> None:
    one = walk(two(), Order.DOUBT)
    assert [current(one.moved(by)) for by in range(3)] == ["fox.", "quick", "jumps."]


def test_it_begins_where_the_reader_is() -> None:
    assert current(Walk.of(review.doubted(two()), from_ms=250)) == "fox."
    assert current(Walk.of(review.doubted(two()), from_ms=9000)) == "quick"


def test_another_order_keeps_the_place() -> None:
    one = walk(two()).moved(2)
    assert current(one.ordered(Order.DOUBT)) == "jumps."
    assert current(walk(two()).ordered(Order.DOUBT).moved(1)) == "jumps."


@pytest.mark.parametrize(("order", "following"), [(Order.TIME, "fox."), (Order.DOUBT, "jumps.")])
def test_what_is_settled_gives_way_to_what_follows(order: Order, following: str) -> None:
    spoken = two()
    one = walk(spoken).ordered(order)
    assert one.current
    now = after(spoken, review.accepted(spoken, one.current))
    one = one.renewed(review.doubted(now))
    assert (current(one), len(one.doubts), one.total) == (following, 2, 3)


def test_settling_the_last_one_leads_to_the_first_that_is_left() -> None:
    spoken = two()
    one = walk(spoken).moved(-1)
    assert one.current
    now = after(spoken, review.accepted(spoken, one.current))
    assert current(one.renewed(review.doubted(now))) == "quick"


def test_with_everything_settled_nothing_is_left() -> None:
    one = walk(two()).renewed([])
    assert (one.current, one.total) == (None, 3)
    assert one.moved(1) == one
    assert one.renewed(review.doubted(two())).current


def test_undoing_leads_back_to_what_it_brings_back() -> None:
    spoken = two()
    one = walk(spoken)
    assert one.current
    edit = review.accepted(spoken, one.current)
    gone = one.renewed(review.doubted(after(spoken, edit)))
    back = gone.renewed(review.doubted(spoken))
    assert current(back) == "fox."
    assert current(back.at_the_new(gone)) == "quick"
    assert back.at_the_new(back) == back


def test_edits_before_it_do_not_lose_the_place() -> None:
    spoken = two()
    one = walk(spoken).moved(2)
    now = after(spoken, editing.split(spoken, 0, len("The ")))
    one = one.renewed(review.doubted(now))
    assert current(one) == "jumps."
    assert one.current
    assert one.current.segment == 2


def test_what_is_heard_meanwhile_is_added_without_losing_the_place() -> None:
    spoken = two()
    one = walk(spoken)
    assert one.current
    now = after(spoken, review.accepted(spoken, one.current))
    one = one.renewed(review.doubted(now))
    more = Transcript((*now.segments, segment(2000, ("Late", 0.1))))
    one = one.grown(review.doubted(more))
    assert (current(one), len(one.doubts), one.total) == ("fox.", 3, 4)


probabilities = st.sampled_from([0.1, 0.3, 0.6, 1.0])
lines = st.lists(st.tuples(st.sampled_from(["no", "yes", "oh,"]), probabilities), min_size=1, max_size=4)


@given(st.lists(lines, min_size=1, max_size=4), st.sampled_from(Order), st.data())
def test_each_enter_settles_exactly_one_until_none_is_left(
    spoken_lines: list[list[tuple[str, float]]], order: Order, data: st.DataObject
) -> None:
    spoken = Transcript(tuple(segment(1000 * at, *line) for at, line in enumerate(spoken_lines)))
    one = walk(spoken, order)
    for left in range(one.total, 0, -1):
        assert len(one.doubts) == left
        assert one.current
        typed = data.draw(st.sampled_from([one.current.text, "Zoë’s", "one two"]))
        spoken = after(spoken, review.corrected(spoken, one.current, typed))
        one = one.renewed(review.doubted(spoken))
    assert one.current is None
