"""Spoken text as a hand would have typed it: exact texts, language by language."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.doubts import BOILERPLATE, ECHO, NO_SPEECH, UNSURE
from desktop.core.replacements import Replacement
from desktop.core.spoken import Around, Tidying, said, tidied
from desktop.core.spoken_words import SPEECH, Mark
from desktop.core.transcript import Segment


def typed(text: str, language: str = "en", before: str | None = None, after: str = "", **wanted: object) -> str:
    around = None if before is None else Around(before, after)
    return tidied(text, Tidying(language, **{"space_after": False, **wanted}), around)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("Thank you comma as always period", "Thank you, as always."),
        ("Thank you, comma, as always, period.", "Thank you, as always."),
        ("Hello. New line. How are you?", "Hello.\nHow are you?"),
        (
            "Dear Anna, comma, new paragraph, thank you for your letter, period. How are you, question mark?",
            "Dear Anna,\n\nThank you for your letter. How are you?",
        ),
        ("He said open quote yes close quote and left, period.", "He said “yes” and left."),
        ("My name is open parenthesis secret close parenthesis.", "My name is (secret)."),
        ("one dash two hyphen three slash four", "one – two-three/four"),
        ("me at sign example underscore home", "me@example_home"),
        ("Milk. Bullet point eggs. Bullet point. Butter.", "Milk.\n- Eggs.\n- Butter."),
        ("All caps stop it", "STOP it"),
        ("I think so. Scratch that. No, never.", "No, never."),
        ("One. Two is wrong. Scratch that. Three.", "One. Three."),
        ("really? Question mark.", "really?"),
        ("quote. Comma. My name.", "quote, my name."),
        ("quote. Comma. Anna.", "quote, Anna."),  # it may be a name
        ("New line.", "\n"),
    ],
)
def test_marks_and_orders_in_english(spoken: str, written: str) -> None:
    assert typed(spoken) == written


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("de", "Liebe Anna, Komma, neue Zeile, wie geht es dir, Fragezeichen.", "Liebe Anna,\nWie geht es dir?"),
        ("de", "Das ist klar Punkt neuer Absatz bis bald Ausrufezeichen", "Das ist klar.\n\nBis bald!"),
        ("de", "Er sagte Doppelpunkt Anführungszeichen auf ja Anführungszeichen zu.", "Er sagte: „ja“."),
        ("es", "Querido Juan, dos puntos, nueva línea.", "Querido Juan:\n"),
        ("es", "Abre interrogación, cómo estás, cierra interrogación.", "¿Cómo estás?"),
        ("es", "Hola coma adiós punto y aparte fin punto", "Hola, adiós.\nFin."),
        ("fr", "Bonjour virgule comment allez-vous point d’interrogation", "Bonjour, comment allez-vous\u00a0?"),
        ("fr", "Voici deux points à la ligne merci point", "Voici\u00a0:\nMerci."),
    ],
)
def test_marks_in_other_languages(language: str, spoken: str, written: str) -> None:
    assert typed(spoken, language) == written


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It was a period of time."),
        ("en", "That is the comma. It needs a new line."),
        ("en", "A literal reading."),
        ("de", "Der Punkt ist klar. Punkt 12 Uhr."),
        ("es", "Hasta el punto de partida."),
        ("fr", "Le point de départ."),
        ("", "Hello comma you."),
        ("it", "Ciao comma period."),
    ],
)
def test_the_name_of_a_mark_may_be_a_word(language: str, sentence: str) -> None:
    assert typed(sentence, language) == sentence


def test_a_literal_mark_is_its_name() -> None:
    assert typed("Write literal comma here, comma, please.") == "Write comma here, please."
    assert typed("Say literal question mark.") == "Say question mark."


def test_all_this_can_be_switched_off() -> None:
    text = "Thank you comma um period. New line."
    assert typed(text, with_marks=False) == text


@pytest.mark.parametrize("language", sorted(SPEECH))
def test_every_mark_of_every_language_is_written(language: str) -> None:
    for phrase, meaning in SPEECH[language].spoken.items():
        if isinstance(meaning, Mark):
            written = typed(f"xyz {phrase} zyx", language)
            assert meaning.text.strip(" ") in written, phrase
            assert written.lower().startswith("xyz")
            assert written.lower().endswith("zyx")
            assert len(written) <= 6 + len(meaning.text) + 2


@pytest.mark.parametrize("language", sorted(SPEECH))
def test_phrases_stand_as_they_are_looked_for(language: str) -> None:
    speech = SPEECH[language]
    assert all(phrase == " ".join(phrase.lower().split()) and phrase for phrase in speech.spoken)
    assert not speech.fillers & (set(speech.spoken) | speech.small_words)


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("en", "Well, um, I think so. Um, hello. I think, uh.", "Well, I think so. Hello. I think."),
        ("en", "Um.", ""),
        ("en", "So, hmm? Yes.", "So, hmm? Yes."),
        ("de", "Ähm, also das ist, äh, gut.", "Also das ist, gut."),
        ("es", "Eh, bueno.", "Bueno."),
        ("fr", "Euh, oui.", "Oui."),
        ("it", "Um, ciao.", "Um, ciao."),
    ],
)
def test_fillers_go_if_the_user_wants_it(language: str, spoken: str, written: str) -> None:
    assert typed(spoken, language, without_fillers=True) == written
    assert typed(spoken, language) == spoken


class TestReplacements:
    table = (
        Replacement("btw", "by the way"),
        Replacement("", "Kubernetes"),
        Replacement("i phone", "iPhone"),
        Replacement("my address", "1 Main Street\nSpringfield"),
        Replacement("period", "epoch"),
        Replacement("umlaut o", "ö, comma"),
        Replacement("new york", "NYC"),
        Replacement("new", "brand-new"),
    )

    @pytest.mark.parametrize(
        ("spoken", "written"),
        [
            ("Btw, it works.", "By the way, it works."),
            ("It works, btw.", "It works, by the way."),
            ("about kubernetes and KUBERNETES", "about Kubernetes and Kubernetes"),
            ("I phone you.", "iPhone you."),
            ("Send it to my address.", "Send it to 1 Main Street\nSpringfield."),
            ("the period", "the epoch"),
            ("umlaut o", "ö, comma"),
            ("new york is new", "NYC is brand-new"),
            ("unbtw btwx", "unbtw btwx"),
            ("btw, period", "by the way, epoch"),
        ],
    )
    def test_they_are_written_for_what_is_heard(self, spoken: str, written: str) -> None:
        assert typed(spoken, replacements=self.table) == written

    def test_they_need_no_language(self) -> None:
        assert typed("btw", "", replacements=self.table) == "by the way"


@pytest.mark.parametrize(
    ("before", "text", "inserted"),
    [
        ("I like", "The house.", " the house."),
        ("I like ", "The house.", "the house."),
        ("and", "Anna came.", " Anna came."),
        ("Done.", "hello", " Hello"),
        ("Done. ", "hello", "Hello"),
        ("", "hello", "Hello"),
        ("Line\n", "hello", "Hello"),
        ("(", "The end)", "the end)"),
        ('He said "', "The end", "the end"),
        ('He said "yes"', "And left.", " and left."),
        ('"', "Hello", "Hello"),
        ("Well", "comma, the end", ", the end"),
        ("日本", "語です。", "語です。"),
        ("I", "iPhone", " iPhone"),
        ("Ok. ", "iPhone", "iPhone"),
        ("He said “Hi.”", "The end", " The end"),
        ("(It ended.)", "The end", " The end"),
    ],
)
def test_capital_and_space_fit_what_stands_before_the_caret(before: str, text: str, inserted: str) -> None:
    assert typed(text, before=before) == inserted


@pytest.mark.parametrize(
    ("after", "text", "inserted"),
    [
        ("house", "the big", "the big "),
        (" house", "the big", "the big"),
        (", and", "the house", "the house"),
        ("\nNext", "the end.", "the end."),
        ("(or not)", "perhaps", "perhaps "),
        ("日本", "語です。", "語です。"),
        ("house", "new line", "\n"),
    ],
)
def test_a_space_follows_where_a_word_stands_after_the_caret(after: str, text: str, inserted: str) -> None:
    assert typed(text, before="so ", after=after) == inserted
    assert typed(text, before="so ", after=after, space_after=True) == inserted


def test_at_the_end_of_a_text_a_space_follows_as_the_user_wishes() -> None:
    assert typed("hello.", before="so ", space_after=True) == "hello. "
    assert typed("hello.", before="so ") == "hello."


def test_a_space_follows_where_nothing_is_known() -> None:
    assert tidied("Hello.", Tidying("en")) == "Hello. "
    assert tidied("Hello. New line.", Tidying("en")) == "Hello.\n"
    assert tidied("こんにちは。", Tidying("ja")) == "こんにちは。"
    assert tidied("", Tidying("en")) == ""
    assert tidied(" … ", Tidying("en")) == "… "


def test_what_nobody_said_is_left_out() -> None:
    def one(text: str, suspect: str = "") -> Segment:
        return Segment(0, 1000, text, suspect=suspect)

    heard = [one(" Yes."), one(" Thank you.", BOILERPLATE), one(" Anna, Berta.", ECHO), one(" Hm.", NO_SPEECH)]
    assert said([*heard, one(" Perhaps.", UNSURE)]) == "Yes. Perhaps."
    assert said([]) == ""


WORDS = st.text("abcdé 12,.!?;:'’()“”-…\n\u00a0日本", max_size=60)


@given(WORDS)
def test_without_rules_nothing_changes(text: str) -> None:
    assert typed(text, "") == text.strip()


@given(st.lists(st.sampled_from([*SPEECH["en"].spoken, "Hello", "the", "um", "it.", "it,", "Anna", "a"]), max_size=12))
def test_any_order_of_phrases_is_written_without_loss(parts: list[str]) -> None:
    text = typed(" ".join(parts), without_fillers=True)
    assert "  " not in text
    assert not text.startswith(" ")
    if "scratch that" not in parts:
        assert text.lower().count("anna") == parts.count("Anna")


@given(WORDS, st.sampled_from([*SPEECH, ""]), st.none() | st.text("a .\n(", max_size=4))
def test_every_word_that_is_no_rule_is_there(text: str, language: str, before: str | None) -> None:
    written = typed(text, language, before).casefold()
    for word in re.findall(r"\w+", text):
        assert word.casefold() in written
