"""Encodings: short subtitles, as people have them, come out as they were typed."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.reading import read
from desktop.core.reading.encodings import decoded
from tests.core.reading.said import SAID

VIETNAMESE = (
    "Đêm qua anh ở đâu?",
    "Tôi không biết chuyện gì đã xảy ra với cô gái đó.",
    "Làm ơn, hãy nói với tôi đó là trò đùa.",
    "Cảm ơn. Tôi sẽ nhớ điều đó.",
)


def subtitles(lines: tuple[str, ...], line_end: str = "\r\n") -> str:
    """A file of SRT; what is ASCII in it far outweighs what is said."""
    blocks = (
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{line}\n" for number, line in enumerate(lines, 1)
    )
    return "\n".join(blocks).replace("\n", line_end)


@pytest.mark.parametrize(("language", "encoding"), SAID)
def test_six_short_cues_tell_the_encoding(language: str, encoding: str) -> None:
    text = subtitles(SAID[language, encoding])
    assert decoded(text.encode(encoding))[0] == text


@pytest.mark.parametrize(("language", "encoding"), SAID)
def test_capitals_tell_it_too(language: str, encoding: str) -> None:
    text = subtitles(SAID[language, encoding]).upper()
    assert decoded(text.encode(encoding, "replace"))[0] == text.encode(encoding, "replace").decode(encoding)


def test_vietnamese_comes_out_composed() -> None:
    """Windows-1258 has tones as marks of their own."""
    text = subtitles(VIETNAMESE)
    split = "".join(one if _is_in_1258(one) else _with_its_tone_apart(one) for one in text)
    assert decoded(split.encode("cp1258")) == (text, "cp1258")


def _is_in_1258(letter: str) -> bool:
    return letter.encode("cp1258", "ignore") != b""


def _with_its_tone_apart(letter: str) -> str:
    base, *marks = unicodedata.normalize("NFD", letter)
    shape = "".join(mark for mark in marks if mark in "\u0302\u0306\u031b")
    tone = "".join(mark for mark in marks if mark not in "\u0302\u0306\u031b")
    return unicodedata.normalize("NFC", base + shape) + tone


@pytest.mark.parametrize("language_and_encoding", SAID)
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_unicode_is_known_for_certain(language_and_encoding: tuple[str, str], mark: bytes, encoding: str) -> None:
    text = subtitles(SAID[language_and_encoding])
    assert decoded(mark + text.encode(encoding))[0] == text


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")).filter(lambda it: it[:1] != "\ufeff")
)
def test_whatever_is_utf_8_is_read_as_utf_8(text: str) -> None:
    assert decoded(text.encode()) == (text, "utf-8")


@given(st.binary())
def test_any_bytes_give_some_text(data: bytes) -> None:
    text, encoding = decoded(data)
    assert isinstance(text, str)
    codecs.lookup(encoding)


def test_a_damaged_place_does_not_make_utf_8_something_else() -> None:
    text = subtitles(SAID["fr", "cp1252"] * 3)
    data = text.encode().replace("é".encode(), b"\xc3", 1)
    found, encoding = decoded(data)
    assert encoding == "utf-8"
    assert found.count("\ufffd") == 1


def test_what_cannot_be_read_is_replaced_and_noted() -> None:
    data = subtitles(SAID["ru", "cp1251"]).encode().replace("Я".encode(), b"\xd0", 1)
    found = read(data, "film.srt")
    assert [note.said for note in found.notes] == ["Line 7: Bytes that are no text in utf-8 were replaced by “�”."]
    assert found.transcript.segments[1].text == "� не знаю, что случилось с той девушкой."


def test_an_encoding_that_was_guessed_is_named() -> None:
    found = read(subtitles(SAID["pl", "cp1250"]).encode("cp1250"), "film.srt")
    assert found.encoding == "cp1250"
    assert [note.said for note in found.notes] == ["The letters are read as cp1250: the file itself does not say."]


def test_ascii_is_utf_8() -> None:
    assert decoded(b"plain") == ("plain", "utf-8")
