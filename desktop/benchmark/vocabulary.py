"""The tokens of a Whisper model that needs no download: as many as the real one has, special ones at their places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase

TEXT_TOKENS = 50257
LETTERS = 256
STAMPS = 1501
SPACE = "Ġ"

# A made-up word is a capital, a letter of one kind, one of the other kind and one of the first: there is only one way
# to put it together from pairs, so that a text is split into the tokens that it was made of.
_OPEN, _CLOSED = "aeiouyhjqvwxz", "bcdfgklmnprst"
_FIRST = ["".join(pair) for pair in product(ascii_uppercase, _OPEN)]
_SECOND = ["".join(pair) for pair in product(_CLOSED, _OPEN)]
PARTS = LETTERS + 2 * len(_FIRST) + len(_SECOND)

# In the order of their tokens; Cantonese came with large-v3.
LANGUAGES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml "
    "cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am "
    "yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue"
).split()


@dataclass(frozen=True)
class Vocabulary:
    """Letters, made-up words, special tokens and time stamps: 51,865 with 99 languages, 51,866 with 100.

    Each made-up word is one token and has one capital letter, so that the tokens of a text can be counted in the text.
    """

    language_count: int = 99
    words: tuple[str, ...] = ()
    """Words that are to be tokens of their own, with the space before them."""

    @cached_property
    def tokens(self) -> list[str]:
        """All tokens, by their number."""
        return self.text + self.special + [f"<|{number * 0.02:.2f}|>" for number in range(STAMPS)]

    @cached_property
    def text(self) -> list[str]:
        """The tokens that stand for text. CTranslate2 takes a model for multilingual by the empty one at the end."""
        own = [word.replace(" ", SPACE) for word in dict.fromkeys(self.words)]
        parts = [*_letters(), *_FIRST, *_SECOND, *(SPACE + first for first in _FIRST)]
        made_up = ["".join(pair) for pair in islice(_pairs(), TEXT_TOKENS - PARTS - len(own) - 1)]
        return [*parts, *own, *made_up, ""]

    @cached_property
    def special(self) -> list[str]:
        """The tokens that steer the model."""
        names = ["endoftext", "startoftranscript", *self.languages, "translate", "transcribe"]
        names += ["startoflm", "startofprev", "nospeech", "notimestamps"]
        return [f"<|{name}|>" for name in names]

    @property
    def languages(self) -> list[str]:
        """The codes of the languages."""
        return LANGUAGES[: self.language_count]

    def number(self, token: str) -> int:
        """The number of a token."""
        return self._numbers[token.replace(" ", SPACE)]

    def stamp(self, seconds: float) -> int:
        """The number of the token that stands for a time within the window."""
        return self.number("<|notimestamps|>") + 1 + round(seconds / 0.02)

    @cached_property
    def silent(self) -> list[int]:
        """What a random model must never say: parts of words, what steers it, time stamps."""
        return [*range(PARTS), TEXT_TOKENS - 1, *range(TEXT_TOKENS, len(self.tokens))]

    @cached_property
    def raw(self) -> list[bytes]:
        """The text tokens as the bytes that they stand for, as ggml files hold them."""
        values = {letter: bytes([value]) for value, letter in enumerate(_letters())}
        return [b"".join(values[letter] for letter in token) for token in self.text]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    def write_tokenizer(self, path: Path) -> None:
        """Write tokenizer.json as the tokenizers library reads it."""
        special = [*self.special, *self.tokens[TEXT_TOKENS + len(self.special) :]]
        numbers = {token: number for number, token in enumerate(self.text)}
        record = {
            "version": "1.0",
            "added_tokens": [_added(number, token) for number, token in enumerate(special, TEXT_TOKENS)],
            "pre_tokenizer": _bytes_as_letters(),
            "decoder": _bytes_as_letters(),
            "model": {
                "type": "BPE",
                "vocab": numbers,
                "merges": self._merges(),
            },
        }
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def _merges(self) -> list[str]:
        known = set(self.text)
        merges = [f"{one[0]} {one[1]}" for one in (*_FIRST, *_SECOND)] + [f"{SPACE} {first}" for first in _FIRST]
        return merges + [" ".join(pair) for pair in _pairs() if "".join(pair) in known]


def count_tokens(text: str) -> int:
    """How many made-up words a text has, and so how many tokens it was."""
    return sum(letter in ascii_uppercase for letter in text)


def _letters() -> list[str]:
    """One printable character for each of the 256 bytes, by value: itself where it prints, else one from U+0100 on."""
    prints = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(value if value in prints else next(others)) for value in range(LETTERS)]


def _pairs() -> Iterator[tuple[str, str]]:
    """All made-up words in two parts; as in English three tokens of four begin a word."""
    for number, (first, second) in enumerate(product(_FIRST, _SECOND)):
        yield (SPACE if number % 4 else "") + first, second


def _added(number: int, token: str) -> dict[str, object]:
    quiet = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": token, "special": not token[2].isdigit(), **quiet}


def _bytes_as_letters() -> dict[str, object]:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
