"""Every failure has two sentences, and can be stored and read again."""

import pickle
import re
from string import Formatter

import pytest

from desktop.core.errors import AppError


@pytest.mark.parametrize("code", sorted(AppError.codes))
def test_every_error_says_what_happened_and_what_to_do(code: str) -> None:
    kind = AppError.codes[code]
    assert kind.__doc__
    fields = {name for text in (kind.headline, kind.advice) for _, name, _, _ in Formatter().parse(text) if name}
    error = kind(**dict.fromkeys(fields, "something"))
    for sentence in (error.said_headline, error.said_advice):
        assert len(sentence) > 15
        assert re.fullmatch(r"[A-Z“].*[.?:…]?", sentence, re.DOTALL)
        assert "{" not in sentence
    for again in (AppError.from_record(error.to_record()), pickle.loads(pickle.dumps(error))):
        assert type(again) is kind
        assert str(again) == str(error)


def test_an_error_of_a_later_version_is_still_a_sentence() -> None:
    assert str(AppError.from_record({"code": "OfTomorrow", "facts": {"planet": "Mars"}}))


def test_an_error_of_an_earlier_version_is_still_a_sentence() -> None:
    # It was kept without the models that can translate.
    error = AppError.from_record({"code": "CannotTranslate", "facts": {"model": "demo"}})
    assert str(error).startswith("The model “demo” cannot translate.")
    assert "small, medium, large-v3" in str(error)
