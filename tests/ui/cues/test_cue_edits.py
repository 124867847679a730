"""Steps on cues: nothing else moves, no word is lost, nothing overlaps, and all of it can be undone."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.cues import Cue, compose
from desktop.core.document import Document
from desktop.core.editing import SHORTEST_MS
from desktop.core.rules import DEFAULT, PRESETS
from desktop.core.transcript import Segment, Transcript
from desktop.ui.cues import cue_edits
from tests.ui.cues.talk import after, said, segment, talk, talks, words_of

rules_of_presets = st.sampled_from([preset.rules for preset in PRESETS.values()])


def row_with(cues: list[Cue], text: str) -> int:
    return next(row for row, cue in enumerate(cues) if text in cue.text)


def check_in_order(cues: list[Cue]) -> None:
    for one, other in zip(cues, cues[1:], strict=False):
        assert one.end_ms <= other.start_ms, (one, other)


@given(talks(), rules_of_presets, st.data())
def test_typing_pins_the_cue_and_leaves_all_other_words_alone(
    transcript: Transcript, rules: object, data: st.DataObject
) -> None:
    cues = compose(transcript, rules)  # type: ignore[arg-type]
    cue = data.draw(st.sampled_from(cues))
    edited = after(transcript, cue_edits.reworded(transcript, cue, "Something else,\nin two lines"))
    pinned = [one for one in edited.segments if one.is_pinned]
    assert [(one.text, one.start_ms, one.end_ms) for one in pinned] == [
        ("Something else,\nin two lines", cue.start_ms, cue.end_ms)
    ]
    rest = " ".join("".join(one.text if not one.is_pinned else " § " for one in edited.segments).split())
    before, _cue, behind = rest.partition("§")
    whole = said(transcript)
    plain = lambda text: "".join(text.split())  # noqa: E731
    assert plain(whole).startswith(plain(before))
    assert plain(whole).endswith(plain(behind))
    kept = set(words_of(transcript))
    others = [word for one in edited.segments if not one.is_pinned and one.words for word in one.words]
    if all(one.words for one in transcript.segments):
        assert set(others) <= kept


def test_both_ends_at_once_leave_a_cue_its_shortest_time() -> None:
    one, two = Segment(0, 550, "Thank you."), Segment(550, 1100, "Thank you.", speaker="Anna")
    transcript = Transcript((one, two), language="en")
    cues = compose(transcript)
    edit = cue_edits.retimed(transcript, cues, 1, 549, 649, typing=False)
    (pinned,) = [one for one in after(transcript, edit).segments if one.is_pinned]
    assert (pinned.start_ms, pinned.end_ms) == (550, 650)


@given(talks(), st.data(), st.integers(-4_000, 4_000), st.integers(-4_000, 4_000))
def test_times_never_go_over_the_neighbours_nor_below_the_shortest(
    transcript: Transcript, data: st.DataObject, start: int, end: int
) -> None:
    cues = compose(transcript)
    row = data.draw(st.integers(0, len(cues) - 1))
    cue = cues[row]
    edit = cue_edits.retimed(transcript, cues, row, max(0, cue.start_ms + start), cue.end_ms + end, typing=False)
    if not edit:
        return
    edited = after(transcript, edit)
    (pinned,) = [one for one in edited.segments if one.is_pinned]
    assert pinned.end_ms - pinned.start_ms >= min(SHORTEST_MS, cue.end_ms - cue.start_ms)
    assert said(edited) == said(transcript)
    again = compose(edited)
    check_in_order(again)
    assert (pinned.start_ms, pinned.end_ms) in [(one.start_ms, one.end_ms) for one in again if one.is_pinned]
    assert pinned.text == cue.text


@given(talks(), st.data(), st.integers(-9_000, 9_000))
def test_moving_keeps_the_length(transcript: Transcript, data: st.DataObject, by_ms: int) -> None:
    cues = compose(transcript)
    row = data.draw(st.integers(0, len(cues) - 1))
    edit = cue_edits.moved(transcript, cues, row, by_ms, typing=False)
    if not edit:
        return
    edited = after(transcript, edit)
    (pinned,) = [one for one in edited.segments if one.is_pinned]
    assert pinned.end_ms - pinned.start_ms == cues[row].end_ms - cues[row].start_ms
    check_in_order(compose(edited))


@given(talks(), st.data())
def test_a_cut_cue_says_the_same_in_two(transcript: Transcript, data: st.DataObject) -> None:
    cues = compose(transcript)
    cue = data.draw(st.sampled_from(cues))
    offset = data.draw(st.integers(0, len(cue.text)))
    edited = after(transcript, cue_edits.split(transcript, cue, cue.text, offset, DEFAULT.least_gap_ms))
    pinned = [one for one in edited.segments if one.is_pinned]
    is_cut = bool(cue.text[:offset].strip() and cue.text[offset:].strip())
    assert len(pinned) == (2 if is_cut else 1)
    assert "".join("".join(one.text for one in pinned).split()) == "".join(cue.text.split())
    assert pinned[0].start_ms == cue.start_ms
    assert pinned[-1].end_ms == cue.end_ms
    if is_cut:
        assert pinned[0].end_ms <= pinned[1].start_ms
    assert "".join(said(edited).split()) == "".join(said(transcript).split())


@given(talks(), rules_of_presets, st.data())
def test_merging_keeps_every_word_and_the_whole_time(
    transcript: Transcript, rules: object, data: st.DataObject
) -> None:
    cues = compose(transcript, rules)  # type: ignore[arg-type]
    if len(cues) < 2:
        return
    row = data.draw(st.integers(0, len(cues) - 2))
    edited = after(transcript, cue_edits.merged(transcript, cues, row, row + 1, DEFAULT))
    (pinned,) = [one for one in edited.segments if one.is_pinned]
    assert (pinned.start_ms, pinned.end_ms) == (cues[row].start_ms, cues[row + 1].end_ms)
    assert pinned.text.split() == [*cues[row].text.split(), *cues[row + 1].text.split()]
    assert len(pinned.text.split("\n")) <= 2


@given(talks(), st.data())
def test_deleting_takes_the_words_of_the_chosen_cues_and_no_others(transcript: Transcript, data: st.DataObject) -> None:
    cues = compose(transcript)
    rows = data.draw(st.sets(st.integers(0, len(cues) - 1), min_size=1))
    edited = after(transcript, cue_edits.deleted(transcript, [cues[row] for row in rows]))
    left = [cue.text for row, cue in enumerate(cues) if row not in rows]
    assert said(edited).split() == " ".join(left).split()


@given(talks(), st.data())
def test_a_cue_that_flows_again_is_composed_as_if_nobody_had_touched_it(
    transcript: Transcript, data: st.DataObject
) -> None:
    cues = compose(transcript)
    row = data.draw(st.integers(0, len(cues) - 1))
    edited = after(transcript, cue_edits.reworded(transcript, cues[row], cues[row].text))
    now = compose(edited)
    back = after(edited, cue_edits.let_flow(edited, now))
    assert not any(one.is_pinned for one in back.segments)
    assert said(back) == said(transcript)


def test_merged_lines_fit_if_they_can() -> None:
    transcript = talk(2)
    edited = after(transcript, cue_edits.merged(transcript, compose(transcript), 0, 1, DEFAULT))
    assert edited.segments[0].text == "Thank you for coming.\nShall we start with the first question?"


def test_a_short_cue_joins_on_one_line() -> None:
    transcript = Transcript((segment("Yes, of course.", 0), segment("Why not?", 3_000)))
    edited = after(transcript, cue_edits.merged(transcript, compose(transcript), 0, 1, DEFAULT))
    assert edited.segments[0].text == "Yes, of course. Why not?"


def test_long_cues_are_merged_on_two_like_lines() -> None:
    transcript = talk(4)
    cues = compose(transcript)
    row = next(row for row, cue in enumerate(cues) if len(cue.lines) == 2)
    edited = after(transcript, cue_edits.merged(transcript, cues, row, row + 1, DEFAULT))
    lines = next(one for one in edited.segments if one.is_pinned).text.split("\n")
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) < 20


def test_chinese_is_merged_without_a_space() -> None:
    transcript = Transcript((segment("我們", 0), segment("走吧", 3_000)), language="zh")
    edited = after(transcript, cue_edits.merged(transcript, compose(transcript), 0, 1, DEFAULT))
    assert edited.segments[0].text == "我們走吧"


def test_a_cue_without_text_goes() -> None:
    transcript = talk(2)
    edited = after(transcript, cue_edits.reworded(transcript, compose(transcript)[0], " \n "))
    assert said(edited) == said(talk(2)).removeprefix("Thank you for coming. ")


def test_a_flowing_neighbour_gives_way_as_far_as_its_words_allow() -> None:
    transcript = talk(2, pause_ms=100)
    cues = compose(transcript)
    row = row_with(cues, "Shall we")
    words_end = transcript.segments[0].end_ms
    edit = cue_edits.retimed(transcript, cues, row, 0, cues[row].end_ms, typing=False)
    assert edit.splices[0].inserted[0].start_ms == words_end


def test_a_pinned_neighbour_does_not_give_way() -> None:
    transcript = talk(2, pause_ms=2_000)
    cues = compose(transcript)
    pinned = after(transcript, cue_edits.retimed(transcript, cues, 0, cues[0].start_ms, cues[0].end_ms + 900, False))
    now = compose(pinned)
    edit = cue_edits.retimed(pinned, now, 1, 0, now[1].end_ms, typing=False)
    assert edit.splices[0].inserted[0].start_ms == now[0].end_ms


def test_steps_one_after_the_other_are_one_step_of_undo() -> None:
    transcript = talk(4)
    document, before = Document.of(transcript), None
    row = row_with(compose(transcript), "nobody")
    for _press in range(5):
        cues = compose(document.current)
        cue = cues[row]
        edit = cue_edits.retimed(document.current, cues, row, cue.start_ms, cue.end_ms - 10, typing=True)
        before = cue_edits.continued(before, edit) if before else edit
        document = document.did(before)
    assert document.done == 1
    assert document.undone().current == transcript


def test_an_edit_elsewhere_does_not_continue_the_one_before() -> None:
    transcript = talk(3)
    cues = compose(transcript)
    first = cue_edits.retimed(transcript, cues, 0, cues[0].start_ms, cues[0].end_ms + 10, typing=True)
    edited = after(transcript, first)
    cues = compose(edited)
    other = cue_edits.retimed(edited, cues, 1, cues[1].start_ms, cues[1].end_ms - 10, typing=True)
    assert cue_edits.continued(first, other) == other


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("one two three four", ("one two", " three four")),
        ("one\ntwo three four", ("one", "\ntwo three four")),
        ("我們走吧", ("我們", "走吧")),
    ],
)
def test_the_middle_is_a_line_break_or_a_space(text: str, halves: tuple[str, str]) -> None:
    at = cue_edits.middle(text)
    assert (text[:at], text[at:]) == halves


def test_a_cue_never_reaches_into_the_next_segment_though_its_words_begin_later() -> None:
    transcript = talk(3, pause_ms=1_000)
    segments = transcript.segments
    begun = segments[1].end_ms + 10
    early = replace(transcript, segments=(*segments[:2], replace(segments[2], start_ms=begun)))
    cue = next(one for one in compose(early) if one.last[0] == 1)
    edited = after(
        early, cue_edits.retimed(early, compose(early), compose(early).index(cue), cue.start_ms, 60_000, False)
    )
    assert [one.end_ms <= other.start_ms for one, other in pairwise(edited.segments)] == [True, True]
