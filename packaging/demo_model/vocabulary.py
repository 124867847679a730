"""The tokens: each known word is one, other text is spelt in bytes, then Whisper's special tokens and time stamps."""

import json
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer

from demo_model import sentences

STAMPS = 1501
STEP_S = 0.02
"""Time stamps and the encoder's output lie so far apart."""
_TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")


def _letters() -> list[str]:
    """One printable character for each of the 256 bytes, by value: itself where it prints, else one from U+0100 on."""
    prints = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(value if value in prints else next(others)) for value in range(256)]


_LETTERS = _letters()


def _token(text: str) -> str:
    return "".join(_LETTERS[value] for value in text.encode())


def _word_tokens() -> list[str]:
    """Words inside a sentence and at its start. The word after an opening question mark has no space before it."""
    forms = {form for word in sentences.words() for form in (f" {word}", f" {word[0].upper()}{word[1:]}")}
    return [_token(form) for form in sorted(forms | {" ¿", "Dónde"})]


# CTranslate2 takes a model for multilingual by the empty token before the special ones.
TEXT = [*_LETTERS, *_word_tokens(), ""]
SPECIAL = [f"<|{name}|>" for name in ("endoftext", "startoftranscript", *sentences.LANGUAGES, *_TASKS)]
TOKENS = [*TEXT, *SPECIAL, *(f"<|{number * STEP_S:.2f}|>" for number in range(STAMPS))]
_NUMBERS = {token: number for number, token in enumerate(TOKENS)}

END, START, TRANSLATE, TRANSCRIBE, BEFORE, NO_SPEECH, NO_STAMPS = (
    _NUMBERS[f"<|{name}|>"]
    for name in ("endoftext", "startoftranscript", "translate", "transcribe", "startofprev", "nospeech", "notimestamps")
)
FIRST_STAMP = NO_STAMPS + 1
LANGUAGES = {code: _NUMBERS[f"<|{code}|>"] for code in sentences.LANGUAGES}


@cache
def encoded(text: str) -> tuple[int, ...]:
    """The tokens of a text that follows a space."""
    return tuple(_tokenizer().encode(f" {text}").ids)


def write_tokenizer(path: Path) -> None:
    """Write tokenizer.json as the tokenizers library reads it.

    Words need no merge rules since those in the vocabulary are taken whole. The time stamps are left out: nobody
    decodes them by name, and they would take a twentieth of the whole model.
    """
    path.write_text(_tokenizer().to_str(), encoding="utf-8")


@cache
def _tokenizer() -> Tokenizer:
    as_letters = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    quiet = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    record = {
        "version": "1.0",
        "added_tokens": [{"id": _NUMBERS[name], "content": name, "special": True, **quiet} for name in SPECIAL],
        "pre_tokenizer": as_letters,
        "decoder": as_letters,
        "model": {
            "type": "BPE",
            "vocab": {token: _NUMBERS[token] for token in TEXT},
            "merges": [],
            "ignore_merges": True,
        },
    }
    return Tokenizer.from_str(json.dumps(record))
