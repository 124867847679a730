"""Edited subtitles put back onto the words: what stayed keeps its time to the millisecond."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.reading import read
from desktop.core.reading.matching import onto
from desktop.core.reading.notes import Notes
from desktop.core.transcript import Segment, Transcript, Word

FEW = "the a of no yes well go".split()
VOCABULARY = [*FEW, *"Anna Boston 1984 café naïve don’t x-ray sea ship, sailed. home? 今天 天气 很好".split()]
OPTIONS = WriteOptions(suspects=True)


@st.composite
def spoken(draw: st.DrawFn) -> Transcript:
    """Sentences with words at uneven times, many of them the same."""
    segments, at_ms = [], draw(st.integers(0, 2_000))
    for texts in draw(st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=25), max_size=8)):
        words = []
        for text in texts:
            end_ms = at_ms + draw(st.integers(40, 700))
            words.append(Word(at_ms, end_ms, f" {text}", 0.5))
            at_ms = end_ms + draw(st.sampled_from([0, 0, 20, 600]))
        said = "".join(word.text for word in words).strip()
        segments.append(Segment(words[0].start_ms, words[-1].end_ms, said, tuple(words), -0.3, speaker=texts[0]))
        at_ms += draw(st.sampled_from([0, 300, 3_000]))
    return Transcript(tuple(segments), language="en")


def words_of(segments: list[Segment] | tuple[Segment, ...]) -> list[Word]:
    return [replace(word, text=word.text.strip()) for segment in segments for word in segment.words]


def placed(transcript: Transcript, subtitles: Transcript, notes: Notes | None = None) -> list[Segment]:
    return onto(transcript, subtitles, notes or Notes())


def imported(transcript: Transcript, name: str = "srt") -> Transcript:
    """The transcript as its subtitles are read."""
    written = FORMATS[name].content(transcript, OPTIONS)
    return read(written, f"talk.{name}").transcript if transcript.segments else Transcript(())


@given(spoken(), st.sampled_from(["srt", "vtt"]))
def test_subtitles_that_nobody_edited_change_no_word(transcript: Transcript, name: str) -> None:
    subtitles = imported(transcript, name)
    found = placed(transcript, subtitles)
    assert words_of(found) == words_of(transcript.segments)
    cues = [(one.start_ms, one.end_ms, one.text) for one in subtitles.segments]
    assert [(one.start_ms, one.end_ms, one.text) for one in found] == cues
    assert all(one.is_pinned and one.avg_logprob == -0.3 for one in found)


@given(spoken(), st.data())
def test_words_beside_replaced_ones_keep_their_times(transcript: Transcript, data: st.DataObject) -> None:
    subtitles = imported(transcript)
    places = [(at, place) for at, cue in enumerate(subtitles.segments) for place in range(len(cue.text.split()))]
    replaced = data.draw(st.sets(st.sampled_from(places))) if places else set()
    edited = replace(
        subtitles,
        segments=tuple(
            replace(
                cue,
                text=" ".join(
                    "zzz" if (at, place) in replaced else word for place, word in enumerate(cue.text.split())
                ),
            )
            for at, cue in enumerate(subtitles.segments)
        ),
    )
    found = placed(transcript, edited)
    old = words_of(transcript.segments)
    unchanged = (
        [word for word, place in zip(old, places, strict=True) if place not in replaced] if _by_space(old) else []
    )
    new = [word for word in words_of(found) if word.text != "zzz"]
    if unchanged:
        assert new == unchanged
    assert [one.text for one in found] == [cue.text for cue in edited.segments]


def _by_space(words: list[Word]) -> bool:
    """Whether each word is what stands between two spaces; Chinese is not."""
    return all(word.text.isascii() or word.text in ("café", "naïve", "don’t") for word in words)


@given(spoken(), st.lists(st.lists(st.sampled_from([*VOCABULARY, "new"]), min_size=1, max_size=8).map(" ".join)))
def test_any_subtitles_come_onto_any_words(transcript: Transcript, texts: list[str]) -> None:
    cues = tuple(Segment(at * 1_500, at * 1_500 + 1_200, text) for at, text in enumerate(texts))
    found = placed(transcript, Transcript(cues))
    assert [(one.start_ms, one.end_ms, one.text) for one in found] == [(c.start_ms, c.end_ms, c.text) for c in cues]
    for one in found:
        if one.words:
            assert "".join(word.text for word in one.words).split() == one.text.split()
            assert all(word.start_ms <= word.end_ms for word in one.words)


def heard(text: str, start_ms: int, step_ms: int = 100, **more: str) -> Segment:
    words = tuple(
        Word(start_ms + at * step_ms, start_ms + (at + 1) * step_ms, f" {word}", 0.5)
        for at, word in enumerate(text.split())
    )
    return Segment(start_ms, words[-1].end_ms, text, words, **more)  # type: ignore[arg-type]


def cue(text: str, start_ms: int, end_ms: int, speaker: str = "") -> Segment:
    return Segment(start_ms, end_ms, text, speaker=speaker)


def test_new_words_share_the_place_of_those_that_they_replace() -> None:
    transcript = Transcript((heard("one two three four five", 1_000),))
    [found] = placed(transcript, Transcript((cue("One\nzwei drei four, five", 900, 1_600),)))
    assert found == Segment(
        900,
        1_600,
        "One\nzwei drei four, five",
        (
            Word(1_000, 1_100, " One", 0.5),
            Word(1_100, 1_200, "\nzwei", 1.0),
            Word(1_200, 1_300, " drei", 1.0),
            Word(1_300, 1_400, " four,", 0.5),
            Word(1_400, 1_500, " five", 0.5),
        ),
        is_pinned=True,
    )


def test_cues_that_were_cut_and_joined_elsewhere_take_their_words_with_them() -> None:
    transcript = Transcript((heard("one two three four", 1_000), heard("five six", 3_000)))
    found = placed(transcript, Transcript((cue("one two", 1_000, 1_200), cue("three four\nfive six", 1_200, 3_200))))
    assert [[word.start_ms for word in one.words] for one in found] == [[1_000, 1_100], [1_200, 1_300, 3_000, 3_100]]


def test_subtitles_that_were_shifted_keep_the_times_of_the_sound_for_words() -> None:
    transcript = Transcript(tuple(heard(f"w{at} x{at} y{at}", at * 1_000) for at in range(50)))
    shifted = tuple(cue(one.text, one.start_ms + 20_000, one.end_ms + 20_000) for one in transcript.segments)
    found = placed(transcript, Transcript(shifted))
    assert words_of(found) == words_of(transcript.segments)
    assert found[0].start_ms == 20_000


def test_a_cue_of_nothing_that_was_heard_has_no_words() -> None:
    transcript = Transcript((heard("one two", 1_000),))
    found = placed(transcript, Transcript((cue("one two", 1_000, 1_200), cue("[music]", 50_000, 52_000))))
    assert found[1] == Segment(50_000, 52_000, "[music]", is_pinned=True)


def test_speakers_of_the_subtitles_count_else_those_that_were_heard() -> None:
    transcript = Transcript((heard("one two", 1_000, speaker="Anna"), heard("three four", 2_000, speaker="Ben")))
    found = placed(transcript, Transcript((cue("one two", 1_000, 1_200), cue("three four", 2_000, 2_200, "Carl"))))
    assert [one.speaker for one in found] == ["Anna", "Carl"]


def test_doubtful_text_that_was_not_among_the_cues_stays() -> None:
    transcript = Transcript(
        (heard("one two", 1_000), heard("thank you for watching", 5_000, suspect="loop"), heard("three", 9_000))
    )
    found = placed(transcript, Transcript((cue("one two", 1_000, 1_200), cue("three", 9_000, 9_100))))
    assert [(one.text, one.suspect) for one in found] == [
        ("one two", ""),
        ("thank you for watching", "loop"),
        ("three", ""),
    ]


def test_doubtful_text_that_a_cue_reaches_over_stays_and_leaves_its_words_to_nobody() -> None:
    transcript = Transcript(
        (heard("one two", 1_000, speaker="Anna"), heard("a b c d e", 1_500, suspect="loop", speaker="Ben"))
    )
    notes = Notes()
    found = placed(transcript, Transcript((cue("one new two", 1_000, 4_000),)), notes)
    assert [(one.text, one.suspect, one.speaker) for one in found] == [
        ("one new two", "", "Anna"),
        ("a b c d e", "loop", "Ben"),
    ]
    assert found[1] == transcript.segments[1]
    assert [note.said for note in notes.all()] == [
        "Doubtful text at 0:01 was kept: a cue reaches over it that says something else."
    ]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("thank you all for watching", []),
        ("thank everybody", []),
        ("good evening", ["Doubtful text at 0:05 gave way to the cue in its place."]),
    ],
)
def test_doubtful_text_that_was_edited_is_not_there_twice(text: str, notes: list[str]) -> None:
    transcript = Transcript((heard("one two", 1_000), heard("thank you for watching", 5_000, suspect="loop")))
    said = Notes()
    found = placed(transcript, Transcript((cue("one two", 1_000, 1_200), cue(text, 4_900, 5_600))), said)
    assert [one.text for one in found] == ["one two", text]
    assert [note.said for note in said.all()] == notes


def test_doubtful_text_that_was_joined_with_its_neighbour_is_not_there_twice() -> None:
    transcript = Transcript((heard("one two", 1_000), heard("thank you", 1_200, suspect="loop")))
    assert [one.text for one in placed(transcript, Transcript((cue("one two\nthank you", 1_000, 1_400),)))] == [
        "one two\nthank you"
    ]


@given(spoken(), st.data())
def test_no_doubtful_text_is_lost_where_subtitles_are_written_without_it(
    transcript: Transcript, data: st.DataObject
) -> None:
    doubted = [invented(one) if data.draw(st.booleans()) else one for one in transcript.segments]
    transcript = replace(transcript, segments=tuple(doubted))
    later_ms = data.draw(st.integers(0, 5_000))
    cues = [replace(one, words=(), end_ms=one.end_ms + later_ms) for one in doubted if not one.suspect]
    found = placed(transcript, Transcript(tuple(cues)))
    assert [one for one in found if one.suspect] == [one for one in doubted if one.suspect]
    plain = [one for one in found if not one.suspect]
    assert words_of(plain) == words_of([one for one in doubted if not one.suspect])


def invented(segment: Segment) -> Segment:
    """Doubtful text whose words stand nowhere else."""
    words = tuple(replace(word, text=f" q{word.start_ms}") for word in segment.words)
    return replace(segment, text="".join(word.text for word in words).strip(), words=words, suspect="loop")


def test_doubtful_text_is_doubted_until_it_is_edited() -> None:
    transcript = Transcript((heard("one two", 1_000, suspect="loop"), heard("three four", 2_000, suspect="loop")))
    found = placed(transcript, Transcript((cue("one two", 1_000, 1_200), cue("three five", 2_000, 2_200))))
    assert [one.suspect for one in found] == ["loop", ""]


def test_words_in_parts_keep_their_times() -> None:
    words = (
        Word(0, 100, " well", 0.5),
        Word(100, 300, "-known", 0.5),
        Word(300, 400, " 今天", 0.5),
        Word(400, 500, "天气", 0.5),
    )
    transcript = Transcript((Segment(0, 500, "well-known 今天天气", words),))
    [found] = placed(transcript, Transcript((cue("well-known\n今天天气", 0, 500),)))
    assert [(word.start_ms, word.end_ms, word.text.strip()) for word in found.words] == [
        (word.start_ms, word.end_ms, word.text.strip()) for word in words
    ]


def test_nothing_onto_something_and_something_onto_nothing() -> None:
    transcript = Transcript((heard("one two", 1_000),))
    assert placed(transcript, Transcript(())) == []
    assert placed(Transcript(()), Transcript((cue("one", 0, 500),))) == [Segment(0, 500, "one", is_pinned=True)]


def test_a_long_text_of_few_words_is_matched_by_its_times() -> None:
    """No run of words is found only once: what parts them is when they were said."""
    transcript = Transcript(tuple(heard("yes no yes no yes", at * 1_000) for at in range(400)))
    edited = [replace(one, words=(), text=one.text.replace("no", "zzz", 1)) for one in transcript.segments]
    found = placed(transcript, Transcript(tuple(edited)))
    kept = [word for word in words_of(found) if word.text != "zzz"]
    wanted = [word for at, word in enumerate(words_of(transcript.segments)) if at % 5 != 1]
    assert kept == wanted
    assert all(left.start_ms <= right.start_ms for left, right in pairwise(words_of(found)))
