"""Every edit can be taken back to the first, and what was heard is never touched."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import doubts, editing
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.document import Document, Edit
from desktop.core.journal import edit_of, edit_record
from desktop.core.transcript import Segment, Transcript, Word
from desktop.core.words import spread


def said(start_ms: int, end_ms: int, text: str, **more: object) -> Segment:
    words = spread([f" {word}" for word in text.split()], start_ms, end_ms)
    return Segment(start_ms, end_ms, text, tuple(words), **more)  # type: ignore[arg-type]


TALK = Transcript(
    (
        said(0, 2000, "Thank you all for coming.", speaker="Anna"),
        said(3000, 5000, "Shall we start?", speaker="Peter"),
        said(5000, 6000, "Thanks for watching.", suspect=doubts.BOILERPLATE),
        said(9000, 12_000, "Yes, it was in the spring of that year.", speaker="Anna"),
    ),
    duration_ms=20_000,
    coverage=Coverage(
        (
            Part(0, 5000, Kind.TEXT),
            Part(5000, 6000, Kind.SUSPECT),
            Part(6000, 9000, Kind.MISSING),
            Part(9000, 12_000, Kind.TEXT),
            Part(12_000, 20_000, Kind.SILENCE),
        )
    ),
)


def after(edit: Edit) -> Transcript:
    return Document.of(TALK).did(edit).current


def texts(transcript: Transcript) -> list[str]:
    return [segment.text for segment in transcript.segments]


def places(transcript: Transcript) -> list[tuple[int, int]]:
    return [(segment.start_ms, segment.end_ms) for segment in transcript.segments]


def test_split_takes_the_time_of_the_word_at_the_caret() -> None:
    split = after(editing.split(TALK, 0, len("Thank you ")))
    assert texts(split)[:2] == ["Thank you", "all for coming."]
    third = TALK.segments[0].words[2]
    assert (split.segments[0].end_ms, split.segments[1].start_ms) == (third.start_ms, third.start_ms)
    assert split.segments[0].words + split.segments[1].words == TALK.segments[0].words


def test_split_inside_a_word_parts_its_time() -> None:
    split = after(editing.split(TALK, 0, len("Thank y")))
    assert texts(split)[:2] == ["Thank y", "ou all for coming."]
    word = TALK.segments[0].words[1]
    assert word.start_ms < split.segments[1].start_ms < word.end_ms


@pytest.mark.parametrize("offset", [0, 25, 99])
def test_split_at_an_end_is_no_step(offset: int) -> None:
    assert not editing.split(TALK, 0, offset)


def test_merge_keeps_all_words_and_the_first_speaker() -> None:
    merged = after(editing.merged(TALK, 0, 1)).segments[0]
    assert (merged.text, merged.speaker) == ("Thank you all for coming. Shall we start?", "Anna")
    assert (merged.start_ms, merged.end_ms) == (0, 5000)
    assert merged.words == TALK.segments[0].words + TALK.segments[1].words


def test_merge_puts_no_space_into_chinese() -> None:
    merged = editing.joined([Segment(0, 1000, "今天"), Segment(1000, 2000, "天气好。")])
    assert merged.text == "今天天气好。"
    assert "".join(word.text for word in merged.words) == merged.text


def test_a_new_segment_has_the_room_its_neighbours_leave_and_fills_the_map() -> None:
    edit = editing.inserted(TALK, 5500, 9500, "Some words")
    inserted = after(edit)
    assert places(inserted)[3] == (6000, 9000)
    assert [part.kind for part in inserted.coverage.parts] == [Kind.TEXT, Kind.SUSPECT, Kind.TEXT, Kind.SILENCE]


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "expected"),
    [
        (3500, 5000, (3500, 5000)),
        (1000, 5000, (2000, 5000)),
        (3000, 9000, (3000, 5000)),
        (4990, 5000, (4900, 5000)),
        (3000, 3050, (3000, 3100)),
        (2500, 4500, (2500, 4500)),
    ],
)
def test_a_retimed_segment_never_overlaps_its_neighbours(start_ms: int, end_ms: int, expected: tuple[int, int]) -> None:
    retimed = after(editing.retimed(TALK, 1, start_ms, end_ms))
    assert places(retimed)[1] == expected
    assert all(expected[0] <= word.start_ms <= word.end_ms <= expected[1] for word in retimed.segments[1].words)


def test_a_speaker_is_renamed_everywhere_in_one_step() -> None:
    document = Document.of(TALK).did(editing.renamed_speaker(TALK, "Anna", "Dr Lee"))
    assert [one.speaker for one in document.current.segments] == ["Dr Lee", "Peter", "", "Dr Lee"]
    assert document.undone().current == TALK


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("lower", "shall we start?"),
        ("upper", "SHALL WE START?"),
        ("title", "Shall We Start?"),
        ("sentence", "Shall we start?"),
    ],
)
def test_case_changes_and_times_stay(case: editing.Case, expected: str) -> None:
    changed = after(editing.recased(TALK, [1], case)).segments[1]
    assert changed.text == expected
    assert [word.start_ms for word in changed.words] == [word.start_ms for word in TALK.segments[1].words]


def test_a_cue_set_by_hand_is_cut_out_of_its_segments() -> None:
    pinned = after(editing.pinned(TALK, (0, 3), (1, 1), "for coming.\nShall we", 1500, 4200))
    assert texts(pinned)[:3] == ["Thank you all", "for coming.\nShall we", "start?"]
    assert [one.is_pinned for one in pinned.segments] == [False, True, False, False, False]
    assert places(pinned)[:3] == [(0, TALK.segments[0].words[2].end_ms), (1500, 4200), (4200, 5000)]
    flowing = after(editing.unpinned(pinned, [1])).segments[1]
    assert (flowing.text, flowing.is_pinned) == ("for coming. Shall we", False)


def test_revert_brings_back_what_was_heard_where_the_segment_is() -> None:
    document = Document.of(TALK)
    document = document.did(editing.reworded(document.current, 0, "Thanks!", typing=False))
    document = document.did(editing.merged(document.current, 0, 1))
    document = document.did(editing.reworded(document.current, 2, "Yes.", typing=False))
    reverted = document.did(editing.reverted(document.current, TALK, 0)).current
    assert reverted.segments[:3] == TALK.segments[:3]
    assert reverted.segments[3].text == "Yes."
    assert document.did(editing.all_reverted(document.current, TALK)).current == TALK


def test_all_that_is_chosen_is_reverted_as_one_step() -> None:
    document = Document.of(TALK)
    for at in range(3):
        document = document.did(editing.reworded(document.current, at, f"Other {at}.", typing=False))
    changed = document.did(editing.split(document.current, 1, 5))
    back = changed.did(editing.reverted_each(changed.current, TALK, [0, 1, 2, 3]))
    assert back.current == TALK
    assert back.undone().current == changed.current
    two = changed.did(editing.reverted_each(changed.current, TALK, [1, 3]))
    assert [one.text for one in two.current.segments[:3]] == ["Other 0.", *(one.text for one in TALK.segments[1:3])]


def test_a_deleted_doubt_is_silence_and_a_kept_one_is_text() -> None:
    assert after(editing.deleted(TALK, [2])).coverage.parts[1].kind is Kind.SILENCE
    assert after(editing.kept(TALK, 2)).coverage.parts[0] == Part(0, 6000, Kind.TEXT)


def test_typing_in_one_segment_is_one_step_until_it_is_closed() -> None:
    document = Document.of(TALK)
    for text in ("S", "So", "So."):
        document = document.did(editing.reworded(document.current, 1, text))
    assert len(document.edits) == 1
    document = document.closed().did(editing.reworded(document.current, 1, "So it is."))
    assert len(document.edits) == 2
    assert texts(document.undone().current)[1] == "So."
    assert document.undone().undone().current == TALK


def test_an_edit_for_another_text_is_known() -> None:
    document = Document.of(TALK)
    stale = editing.merged(TALK, 0, 1)
    several = editing.deleted(TALK, [0, 2])
    assert document.fits(stale)
    assert document.fits(several)
    changed = document.did(editing.reworded(TALK, 0, "Thanks."))
    assert not changed.fits(stale)
    assert not changed.fits(several)
    assert document.current == TALK


def test_what_is_heard_meanwhile_is_no_edit() -> None:
    document = Document.of(TALK).did(editing.deleted(TALK, [0]))
    more = said(13_000, 14_000, "And then?")
    grown = document.heard([more], TALK.coverage)
    assert texts(grown.current) == [*texts(TALK)[1:], "And then?"]
    assert grown.undone().current.segments == (*TALK.segments, more)


def random_edit(transcript: Transcript, dice: random.Random) -> Edit:
    count = len(transcript.segments)
    if not count:
        return editing.inserted(transcript, dice.randrange(20_000), 20_000, "new words here")
    at = dice.randrange(count)
    segment = transcript.segments[at]
    last = min(count - 1, at + dice.randrange(3))
    places = [(number, word) for number, one in enumerate(transcript.segments) for word in range(len(one.words))]
    pair = sorted(dice.choices(places, k=2)) if places else []
    choices = [
        lambda: editing.reworded(transcript, at, segment.text[: dice.randrange(20)] + " typed"),
        lambda: editing.split(transcript, at, dice.randrange(len(segment.text) + 2)),
        lambda: editing.merged(transcript, at, last),
        lambda: editing.deleted(transcript, {at, last}),
        lambda: editing.inserted(transcript, dice.randrange(20_000), dice.randrange(25_000), "new words"),
        lambda: editing.retimed(transcript, at, dice.randrange(20_000), dice.randrange(20_000)),
        lambda: editing.spoken_by(transcript, [at, last], "Maria"),
        lambda: editing.recased(transcript, [at], "upper"),
        lambda: editing.kept(transcript, at),
        lambda: editing.reverted(transcript, TALK, at),
        lambda: editing.unpinned(transcript, [at]),
    ]
    if pair:
        choices.append(lambda: editing.pinned(transcript, *pair, "set\nby hand", 100, 900))
    return dice.choice(choices)()


@given(st.integers())
def test_any_edits_are_undone_redone_and_read_again_to_the_same(seed: int) -> None:
    dice = random.Random(seed)
    document, seen = Document.of(TALK), [TALK]
    for _ in range(12):
        edit = random_edit(document.current, dice)
        if edit:
            document = document.did(edit).closed()
            seen.append(document.current)
    assert Document.of(TALK, [edit_of(edit_record(edit)) for edit in document.edits]) == document
    for expected in reversed(seen[:-1]):
        document = document.undone()
        assert document.current == expected
    for expected in seen[1:]:
        document = document.redone()
        assert document.current == expected
    assert document.original == TALK


@given(st.integers())
def test_words_always_say_their_segment(seed: int) -> None:
    dice = random.Random(seed)
    document = Document.of(TALK)
    for _ in range(12):
        document = document.did(random_edit(document.current, dice))
        for segment in document.current.segments:
            assert not segment.is_edited
            assert all(isinstance(word, Word) for word in segment.words)
