"""Transcripts and segments: values that a person's judgement changes."""

from dataclasses import replace

from desktop.core import doubts
from desktop.core.transcript import Segment, Transcript, Word

WORDS = (Word(0, 400, " One", 0.9), Word(400, 900, " two.", 0.2))
DOUBTED = Segment(0, 900, "One too.", WORDS, suspect=doubts.UNSURE)
SURE = Segment(1000, 2000, " Three. ")


def test_what_a_person_writes_or_keeps_is_no_longer_suspect() -> None:
    assert DOUBTED.reworded("One two.") == replace(DOUBTED, text="One two.", suspect="")
    assert DOUBTED.kept() == replace(DOUBTED, suspect="")


def test_a_text_is_edited_when_its_words_say_something_else() -> None:
    assert DOUBTED.is_edited
    assert not DOUBTED.reworded(" One two. ").is_edited
    assert not SURE.is_edited


def test_without_suspects_the_rest_stays_as_it_was() -> None:
    transcript = Transcript((DOUBTED, SURE), "talk.mp4", "en", "small", 2000)
    assert transcript.without_suspects() == replace(transcript, segments=(SURE,))
    assert transcript.text == "One too.\nThree."
