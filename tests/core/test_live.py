"""Words that are shown while somebody speaks: what stands never changes, what is agreed upon stands."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.live import Draft
from desktop.core.words import pieces

words = st.sampled_from("the The the. a house. House, we will will, go on 一 二 é - “so”".split())
previews = st.lists(st.lists(words, max_size=8).map(" ".join), max_size=10)


def drafts_of(texts: list[str]) -> list[Draft]:
    drafts = [Draft()]
    for text in texts:
        drafts.append(drafts[-1].heard(text))
    return drafts


@given(previews)
def test_what_stands_is_never_taken_back(texts: list[str]) -> None:
    for before, after in pairwise(drafts_of(texts)):
        assert after.standing[: len(before.standing)] == before.standing
        assert after.text[: before.stable] == before.text[: before.stable]


@given(previews)
def test_the_text_is_what_stands_and_what_may_change(texts: list[str]) -> None:
    for draft in drafts_of(texts):
        assert draft.text == "".join((*draft.standing, *draft.open))
        assert draft.text[: draft.stable] == "".join(draft.standing)
        assert "  " not in draft.text


@given(previews, st.lists(words, min_size=1, max_size=8).map(" ".join))
def test_a_text_heard_twice_stands_but_for_its_last_word(texts: list[str], text: str) -> None:
    before = drafts_of(texts)[-1]
    once = before.heard(text)
    twice = once.heard(text)
    assert len(twice.open) <= 1
    assert twice.text == once.text


@given(st.lists(words, min_size=1, max_size=8).map(" ".join))
def test_a_first_preview_is_shown_as_it_is_and_nothing_of_it_stands(text: str) -> None:
    draft = Draft().heard(text)
    assert (draft.text, draft.stable) == (text, 0)


@given(previews)
def test_only_what_two_previews_in_a_row_say_stands(texts: list[str]) -> None:
    for (before, after), text in zip(pairwise(drafts_of(texts)), texts, strict=True):
        new = after.standing[len(before.standing) :]
        assert [plain(word) for word in new] == [plain(word) for word in before.open[: len(new)]]
        assert all(word.strip() in [piece.strip() for piece in pieces(text)] for word in new)


def plain(word: str) -> str:
    return word.strip().casefold().strip(".,“”") or word.strip()


def test_words_come_to_stand_as_a_sentence_grows() -> None:
    drafts = drafts_of(
        ["My bird.", "My bird takes.", "My bird takes a report on.", "my bird takes our report on a night."]
    )
    assert [(draft.text[: draft.stable], draft.text[draft.stable :]) for draft in drafts[1:]] == [
        ("", "My bird."),
        ("My", " bird takes."),
        ("My bird", " takes a report on."),
        ("My bird takes", " our report on a night."),
    ]


def test_a_preview_that_hears_the_beginning_otherwise_goes_on_behind_what_stands() -> None:
    draft = Draft(("The", " meeting", " starts"), (" at", " one"))
    assert draft.heard("A meeting starts at one on Monday").text == "The meeting starts at one on Monday"
    assert draft.heard("Meeting starts at one on").text == "The meeting starts at one on"
    assert draft.heard("The big meeting starts at one").text == "The meeting starts at one"


def test_scripts_without_spaces_are_taken_letter_by_letter() -> None:
    draft = Draft().heard("今日は").heard("今日は天気")
    assert (draft.text[: draft.stable], draft.text) == ("今日", "今日は天気")
    assert draft.heard("今天は天気が").text.startswith("今日")


def test_nothing_heard_leaves_what_stands() -> None:
    draft = Draft(("Yes,",), (" and",)).heard("")
    assert (draft.text, draft.stable) == ("Yes,", 4)
