"""The sentences that the demo model is made of: known words, exact translations, nothing shared with its report."""

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "packaging"))

from demo_model import english, parallel, sentences, vocabulary, voices

COUNT = 300


@pytest.fixture(params=sentences.LANGUAGES)
def drawn(request: pytest.FixtureRequest) -> list[sentences.Sentence]:
    pick = random.Random(5)
    return [sentences.draw(pick, request.param) for _ in range(COUNT)]


def words_of(text: str) -> list[str]:
    return text.strip("¿?.").split()


def test_english_has_the_words_of_the_test_recordings():
    assert len(english.WORDS) == 288


@pytest.mark.parametrize("language", parallel.LANGUAGES.values(), ids=lambda one: one.code)
def test_another_language_has_about_sixty_words(language: parallel.Language):
    assert 60 <= len(language.words) <= 75


def test_each_word_of_a_sentence_is_one_token(drawn: list[sentences.Sentence]):
    for one in drawn:
        marks = 2 if one.text.startswith("¿") else 1
        assert len(vocabulary.encoded(one.text)) == len(words_of(one.text)) + marks, one.text


def test_translations_are_made_of_the_english_words(drawn: list[sentences.Sentence]):
    known = {word.lower() for word in english.WORDS}
    for one in drawn:
        assert {word.lower() for word in words_of(one.english)} <= known, one.english


def test_counting_is_translated_word_by_word():
    for language in parallel.LANGUAGES.values():
        numbers = dict(zip(language.numbers.split(), english.NUMBERS, strict=False))
        said, meant = language._counting(random.Random(2))
        assert [numbers[word] for word in said.split()] == meant.split()


def test_an_adjective_agrees_with_its_noun():
    found = {parallel.SPANISH._state(random.Random(seed)) for seed in range(COUNT)}
    assert all("roja" not in said for said, _ in found if said.startswith(("el perro", "el gato")))
    assert any("roja" in said for said, meant in found if meant.startswith("the house"))


def test_training_and_report_share_no_sentence(drawn: list[sentences.Sentence]):
    pick = random.Random(6)
    held_out = {sentences.draw(pick, drawn[0].language, held_out=True).text for _ in range(COUNT)}
    assert not held_out & {one.text for one in drawn}


def test_training_never_has_a_voice_of_the_report():
    pick = random.Random(7)
    names = {voices.training_voice(pick, language).name for language in sentences.LANGUAGES for _ in range(COUNT)}
    kept = {*voices.HELD_OUT_VARIANTS, *voices.HELD_OUT_FLITE}
    assert not {name.replace("-", "+").split("+")[-1] for name in names} & kept


def test_any_text_can_be_spelt():
    tokens = vocabulary.encoded("Żółć 東京!")
    assert all(token < vocabulary.END for token in tokens)


def test_the_vocabulary_is_small():
    assert len(vocabulary.TOKENS) < 2800
