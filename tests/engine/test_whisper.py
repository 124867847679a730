"""The steps of the model give exactly what the model gives by itself."""

from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from desktop.core import errors
from desktop.core.options import Options
from desktop.engine.speech import Window, windows
from desktop.engine.whisper import MOST_HINT_TOKENS, Recogniser
from tests.models import SENTENCE, recogniser_of, scripted_model
from tests.sounds import samples_of

OPTIONS = Options(language="en", temperatures=(0.0,))


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return recogniser_of()


@pytest.fixture(scope="module")
def spoken() -> list[Window]:
    sound = np.concatenate([samples_of("demo-pauses"), samples_of("demo-minute"), samples_of("demo-short")])
    return [one for one in windows(iter([sound]), 0, vad=True) if len(one.samples)]


def test_tokens_are_those_of_the_models_own_generate(recogniser: Recogniser, spoken: list[Window]) -> None:
    from faster_whisper.transcribe import get_suppressed_tokens

    whisper = recogniser._whisper
    features = [recogniser.features(window.samples) for window in spoken]
    prompt = recogniser.prompt("en", OPTIONS)
    ours = recogniser.read(recogniser.encode(features).all, [prompt] * len(features), OPTIONS)
    suppressed = get_suppressed_tokens(recogniser._tokenizer("en", "transcribe"), [-1])
    for reading, one in zip(ours, features, strict=True):
        (theirs,) = whisper.model.generate(
            ctranslate2.StorageView.from_array(one[None].copy()), [prompt], beam_size=5, suppress_tokens=suppressed
        )
        assert list(reading.tokens) == theirs.sequences_ids[0]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_window_reads_the_same_whatever_it_is_decoded_with(
    recogniser: Recogniser, spoken: list[Window], size: int
) -> None:
    prompt = recogniser.prompt("en", OPTIONS)
    features = [recogniser.features(window.samples) for window in spoken]
    together = recogniser.encode(features)
    whole = recogniser.read(together.all, [prompt] * len(features), OPTIONS)
    parts = []
    for at in range(0, len(features), size):
        some = features[at : at + size]
        encoded = recogniser.encode(some)
        readings = recogniser.read(encoded.all, [prompt] * len(some), OPTIONS)
        lengths = [len(window.samples) for window in spoken[at : at + size]]
        words = [
            recogniser.words(encoded.one(row), [reading], "en", "transcribe", [length])[0]
            for row, (reading, length) in enumerate(zip(readings, lengths, strict=True))
        ]
        # As a card does it: all at once. Sums in another order may move a probability in its last digit.
        at_once = recogniser.words(encoded.all, readings, "en", "transcribe", lengths)
        assert [[(one.text, one.start_ms, one.end_ms) for one in each] for each in at_once] == [
            [(one.text, one.start_ms, one.end_ms) for one in each] for each in words
        ]
        parts += list(zip(readings, words, strict=True))
    assert [reading for reading, _words in parts] == whole
    for row, (reading, words) in enumerate(parts):
        length = len(spoken[row].samples)
        assert recogniser.words(together.one(row), [reading], "en", "transcribe", [length]) == [words]
        assert "".join(word.text for word in words).strip() == reading.text


def test_a_limit_of_tokens_is_kept_exactly(recogniser: Recogniser, spoken: list[Window]) -> None:
    options = Options(language="en", max_new_tokens=7)
    encoded = recogniser.encode([recogniser.features(spoken[0].samples)])
    (reading,) = recogniser.read(encoded.all, [recogniser.prompt("en", options)], options)
    assert len(reading.tokens) == 7


def test_hints_leave_half_of_the_decoder_for_the_text(recogniser: Recogniser) -> None:
    plain = recogniser.prompt("en", OPTIONS)
    hinted = recogniser.prompt("en", Options(prompt="the house " * 300, hotwords="the river " * 300), "a tree " * 300)
    assert len(hinted) == MOST_HINT_TOKENS + 1 + len(plain)
    assert hinted[-len(plain) :] == plain


def test_a_multilingual_model_finds_the_language_and_says_it(tmp_path: Path) -> None:
    german = recogniser_of(scripted_model(tmp_path / "says", language="de"))
    encoded = german.encode([german.features(samples_of("demo-short"))])
    (likely,) = german.detect(encoded)
    assert max(likely, key=lambda language: likely[language]) == "de"
    (reading,) = german.read(encoded.all, [german.prompt("de", OPTIONS)], OPTIONS)
    assert reading.text == SENTENCE.strip()


def test_a_folder_that_is_no_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"rubbish" * 400)
    with pytest.raises(errors.ModelBroken):
        recogniser_of(tmp_path)
