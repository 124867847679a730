"""Problems: what breaks the rules is named with its reason, and a fix leaves one less."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from desktop.core.cues import Cue, compose
from desktop.core.document import Document
from desktop.core.problems import CODES, Problem, fix, problems, read_per_second
from desktop.core.rules import PRESETS, Rules
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import heard
from tests.core.test_cues import rule_sets, talks

RULES = Rules()
NETFLIX = PRESETS["netflix"].rules
CHINESE = PRESETS["netflix-zh"].rules


def cue(start_ms: int, end_ms: int, *lines: str) -> Cue:
    return Cue(start_ms, end_ms, lines)


def pin(start_ms: int, end_ms: int, text: str) -> Segment:
    segment = heard(text.replace("\n", " "), start_ms, end_ms)
    return replace(segment, text=text, is_pinned=True)


def said(*cues: Cue, rules: Rules = RULES) -> list[str]:
    return [one.said for one in problems(cues, rules)]


@pytest.mark.parametrize(
    ("cues", "reasons"),
    [
        ([cue(0, 1_000, "a" * 24)], ["24 characters per second, limit 20"]),
        ([cue(0, 1_000, "a" * 12, "b" * 12)], ["25 characters per second, limit 20"]),
        ([cue(0, 4_000, "a" * 43)], ["43 characters in a line, limit 42"]),
        ([cue(0, 4_000, "字" * 22)], ["44 characters in a line, limit 42"]),
        ([cue(0, 4_000, "a", "b", "c")], ["3 lines, limit 2"]),
        ([cue(0, 800, "Yes.")], ["0.8 s on the screen, at least 0.833 s"]),
        ([cue(0, 7_250, "Yes.")], ["7.25 s on the screen, limit 7 s"]),
        (
            [cue(0, 1_000, "Yes."), cue(1_300, 3_000, "No.")],
            ["a gap of 0.3 s before the next cue: it flickers below 0.5 s"],
        ),
        ([cue(0, 1_200, "Yes."), cue(1_000, 3_000, "No.")], ["0.2 s over the next cue"]),
        ([cue(0, 1_000, "Yes."), cue(1_500, 3_000, "No.")], []),
        ([cue(0, 1_000, "a" * 20)], []),
        ([], []),
    ],
)
def test_reasons_are_sentences_with_the_value_and_the_limit(cues: list[Cue], reasons: list[str]) -> None:
    assert said(*cues) == reasons


def test_a_gap_that_is_too_small_is_named() -> None:
    assert said(cue(0, 1_000, "Yes."), cue(1_040, 3_000, "No."), rules=NETFLIX) == [
        "0.04 s before the next cue, at least 0.084 s"
    ]


def test_full_width_letters_are_counted_as_the_style_counts_them() -> None:
    assert said(cue(0, 1_000, "字" * 10), rules=CHINESE) == ["10 characters per second, limit 9"]
    assert said(cue(0, 4_000, "a" * 34), rules=CHINESE) == ["17 characters in a line, limit 16"]
    assert read_per_second(cue(0, 2_000, "字字", "字字"), CHINESE) == 2.0


def test_dashes_before_speakers_are_not_read() -> None:
    assert said(cue(0, 1_000, "-" + "a" * 9, "-" + "b" * 10), rules=NETFLIX) == []
    assert said(cue(0, 1_000, "-", "-" + "b" * 10), rules=NETFLIX) == []


def test_an_overlap_with_a_cue_that_is_not_the_next_is_found() -> None:
    found = problems([cue(0, 5_000, "One"), cue(1_000, 2_000, "Two"), cue(3_000, 6_000, "Three")], RULES)
    assert [(one.cue, one.code, one.value) for one in found] == [(0, "overlap", 4_000), (0, "overlap", 2_000)]


def test_a_record_is_plain_and_counts_cues_as_files_do() -> None:
    (problem,) = problems([cue(0, 1_000, "Hi"), cue(3_000, 4_000, "a" * 24)], RULES)
    assert problem.to_record() == {
        "cue": 2,
        "code": "fast",
        "value": 24.0,
        "limit": 20.0,
        "reason": "24 characters per second, limit 20",
    }


def test_every_code_has_a_sentence() -> None:
    assert all("{" not in Problem(0, code, 1, 2).said for code in CODES)


# --- fixes ---


def fixed(*segments: Segment, rules: Rules = RULES, code: str = "") -> tuple[Transcript, list[Problem]]:
    """The transcript after fixing the first problem (of a kind), and what problems are left."""
    transcript = Transcript(segments)
    cues = compose(transcript, rules)
    problem = next(one for one in problems(cues, rules) if code in ("", one.code))
    edit = fix(transcript, cues, problem, rules)
    assert edit
    after = Document.of(transcript).did(edit).current
    return after, problems(compose(after, rules), rules)


def test_a_pinned_cue_that_is_too_fast_stays_longer_where_it_is_silent() -> None:
    after, left = fixed(pin(0, 1_000, "This has thirty letters, I say"), pin(5_000, 6_000, "So."))
    assert left == []
    assert (after.segments[0].start_ms, after.segments[0].end_ms) == (0, 1_500)
    assert after.segments[0].is_pinned


def test_it_starts_earlier_where_there_is_silence_only_before_it() -> None:
    after, left = fixed(
        pin(0, 1_000, "So."), pin(5_000, 6_000, "This has thirty letters, I say"), pin(6_000, 7_000, "So.")
    )
    assert left == []
    assert (after.segments[1].start_ms, after.segments[1].end_ms) == (4_500, 6_000)


def test_a_cue_that_flows_and_is_too_fast_is_set_to_start_earlier() -> None:
    segments = pin(0, 1_000, "So."), heard(" This has thirty letters, I say", 5_000, 6_000), pin(6_000, 7_000, "So.")
    after, left = fixed(*segments)
    assert left == []
    assert (after.segments[1].start_ms, after.segments[1].is_pinned) == (4_500, True)


def test_a_pinned_line_that_is_too_wide_is_broken() -> None:
    after, left = fixed(pin(0, 5_000, "It was a bright cold day in April, and the clocks were striking thirteen."))
    assert left == []
    assert after.segments[0].text == "It was a bright cold day in April,\nand the clocks were striking thirteen."


def test_a_pinned_cue_of_too_many_lines_becomes_several_that_are_pinned() -> None:
    text = (
        "It was a bright cold day in April,\nand the clocks\nwere striking thirteen.\nWinston Smith slipped quickly in."
    )
    after, left = fixed(pin(0, 6_000, text))
    assert left == []
    assert all(one.is_pinned for one in after.segments)
    assert len(after.segments) == 2
    assert " ".join(after.text.split()) == " ".join(text.split())


def test_a_pinned_cue_that_stays_too_long_ends_earlier() -> None:
    after, left = fixed(pin(0, 9_000, "Yes."))
    assert left == []
    assert after.segments[0].end_ms == 7_000


@pytest.mark.parametrize(("end_ms", "code"), [(2_000, "gap"), (2_200, "overlap"), (1_700, "open")])
def test_what_lies_between_two_pinned_cues_is_put_right_by_the_end_of_the_first(end_ms: int, code: str) -> None:
    after, left = fixed(pin(0, end_ms, "Yes, indeed."), pin(2_000, 4_000, "No, never."), rules=NETFLIX, code=code)
    assert left == []
    assert after.segments[0].end_ms == 2_000 - NETFLIX.least_gap_ms


def test_pinned_cues_without_any_room_are_let_flow_together() -> None:
    after, left = fixed(pin(0, 400, "Yes."), pin(400, 2_000, "No, never."))
    assert left == []
    assert len(compose(after, RULES)) == 1


def test_nothing_helps_against_a_word_that_is_too_wide() -> None:
    transcript = Transcript((heard(" " + "a" * 60, 0, 4_000),))
    cues = compose(transcript, RULES)
    (problem,) = problems(cues, RULES)
    assert fix(transcript, cues, problem, RULES) is None


@settings(max_examples=40)
@given(talks(), rule_sets)
def test_a_fix_leaves_fewer_problems_and_every_word(transcript: Transcript, rules: Rules) -> None:
    cues = compose(transcript, rules)
    before = problems(cues, rules)
    for problem in before[:3]:
        edit = fix(transcript, cues, problem, rules)
        if not edit:
            continue
        after = Document.of(transcript).did(edit).current
        assert after.text.split() == transcript.text.split()
        left = problems(compose(after, rules), rules)
        assert len(left) < len(before)
