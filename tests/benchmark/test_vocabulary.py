"""The made-up tokens: as many as Whisper's, and a text is split into the tokens that it was made of."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from desktop.benchmark.vocabulary import PARTS, TEXT_TOKENS, Vocabulary, count_tokens


@pytest.mark.parametrize(("languages", "count", "first_stamp"), [(99, 51865, 50364), (100, 51866, 50365)])
def test_it_is_as_large_as_whispers_and_the_special_tokens_have_their_places(
    languages: int, count: int, first_stamp: int
) -> None:
    vocabulary = Vocabulary(languages)
    assert len(vocabulary.tokens) == len(set(vocabulary.tokens)) == count
    assert vocabulary.number("<|endoftext|>") == TEXT_TOKENS
    assert vocabulary.number("<|startoftranscript|>") == TEXT_TOKENS + 1
    assert vocabulary.number("<|notimestamps|>") + 1 == vocabulary.stamp(0.0) == first_stamp
    assert vocabulary.tokens[-1] == "<|30.00|>"


def test_a_text_is_split_into_the_tokens_that_it_was_made_of(tmp_path: Path) -> None:
    Vocabulary().write_tokenizer(tmp_path / "tokenizer.json")
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    tokens = np.random.default_rng(3).integers(PARTS, TEXT_TOKENS - 1, 500).tolist()
    text = tokenizer.decode(tokens)
    assert tokenizer.encode(text).ids == tokens
    assert count_tokens(text) == 500


def test_special_tokens_leave_no_trace_in_a_text(tmp_path: Path) -> None:
    vocabulary = Vocabulary(words=(" Hello",))
    vocabulary.write_tokenizer(tmp_path / "tokenizer.json")
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    numbers = [vocabulary.number(token) for token in ("<|startoftranscript|>", " Hello", "<|endoftext|>")]
    assert tokenizer.decode(numbers) == " Hello"
