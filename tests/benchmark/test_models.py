"""Random models in three forms: each is what its reader expects, and all hold the same weights."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from faster_whisper import WhisperModel
from tqdm import tqdm

from desktop.benchmark.models import GGML_MAGIC, Wanted, dimensions, write_ctranslate2, write_ggml
from desktop.benchmark.weights import SIZES, RandomWeights, ScriptedWeights
from tests.sounds import samples_of

MICRO = SIZES["micro"]
TOKENS = 12


@pytest.fixture(autouse=True)
def without_a_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """faster-whisper makes a progress bar even when it shows none, and tqdm a thread that watches it for ever."""
    monkeypatch.setattr(tqdm, "monitor_interval", 0)


@pytest.fixture(scope="module")
def micro(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The smallest random model, loaded."""
    path = Wanted("micro", "ctranslate2").make(tmp_path_factory.mktemp("models"))
    return WhisperModel(str(path), "cpu", compute_type="int8", cpu_threads=1)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("tiny", 37760640),
        ("base", 72593920),
        ("small", 241734912),
        ("medium", 763857920),
        ("large-v2", 1543304960),
        ("large-v3", 1543490560),
        ("turbo", 808878080),
    ],
)
def test_each_size_holds_as_many_numbers_as_openais(name: str, numbers: int) -> None:
    """Counted in the `state_dict` of `whisper.model.Whisper`, openai-whisper 20250625."""
    assert sum(math.prod(shape) for shape in RandomWeights(SIZES[name]).shapes.values()) == numbers


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    name = "encoder.blocks.0.mlp.0.weight"
    first, again, other = (RandomWeights(MICRO, seed)[name] for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_model_has_its_true_shape(micro: Any) -> None:
    assert micro.model.is_multilingual
    assert micro.feature_extractor.mel_filters.shape[0] == 80
    assert micro.model.num_languages == 99
    encoded = np.asarray(micro.encode(np.zeros((80, 3000), np.float32)))
    assert encoded.shape == (1, 1500, MICRO.width)


def test_a_random_model_decodes_up_to_the_limit_and_says_only_words(micro: Any) -> None:
    vocabulary = RandomWeights(MICRO).vocabulary
    sound = samples_of("demo-minute")
    how = {"language": "en", "beam_size": 5, "temperature": [0], "condition_on_previous_text": False}
    segments = list(micro.transcribe(sound, max_new_tokens=2 * TOKENS - 3, **how)[0])
    assert [segment.seek for segment in segments] == [0, 3000, 6000]
    for segment in segments:
        assert len(segment.tokens) == TOKENS
        assert segment.tokens[0] == vocabulary.stamp(0.0)
        assert not set(segment.tokens[1:]) & set(vocabulary.silent)
        assert segment.avg_logprob > -1.0
        assert segment.no_speech_prob < 0.01
    unstamped = micro.transcribe(sound, max_new_tokens=2 * TOKENS - 4, without_timestamps=True, **how)[0]
    assert {len(segment.tokens) for segment in unstamped} == {TOKENS}


def test_a_random_model_does_not_repeat_itself(micro: Any) -> None:
    segments = micro.transcribe(samples_of("demo-short"), language="en", max_new_tokens=77, temperature=[0])[0]
    (segment,) = segments
    assert len(set(segment.tokens)) > len(segment.tokens) * 0.8


def test_an_unsure_model_trusts_no_text_of_its_own(tmp_path: Path) -> None:
    path = Wanted("micro", "ctranslate2", sure=False).make(tmp_path)
    model = WhisperModel(str(path), "cpu", compute_type="float32", cpu_threads=1)
    segments = model.transcribe(samples_of("demo-short"), language="en", max_new_tokens=17, temperature=[0])[0]
    assert all(segment.avg_logprob < -1.0 for segment in segments)


@pytest.mark.parametrize("without_timestamps", [True, False])
def test_a_scripted_model_says_its_sentence_whatever_it_hears(tmp_path: Path, without_timestamps: bool) -> None:
    write_ctranslate2(ScriptedWeights("Hello world. This is a test."), tmp_path, "int8")
    model = WhisperModel(str(tmp_path), "cpu", compute_type="int8", cpu_threads=1)
    for sound in (samples_of("demo-short"), np.zeros(16_000, np.float32)):
        found, info = model.transcribe(sound, language="en", without_timestamps=without_timestamps)
        assert [segment.text for segment in found] == [" Hello world. This is a test."]
    assert info.language == "en"


def test_the_ggml_file_holds_measures_filters_tokens_and_every_tensor(tmp_path: Path) -> None:
    weights = RandomWeights(MICRO)
    write_ggml(weights, tmp_path / "micro.ggml")
    with (tmp_path / "micro.ggml").open("rb") as file:
        assert struct.unpack("<12i", file.read(48)) == (GGML_MAGIC, 51865, 1500, 64, 2, 1, 448, 64, 2, 1, 80, 1)
        bands, bins = struct.unpack("<2i", file.read(8))
        filters = np.fromfile(file, np.float32, bands * bins).reshape(bands, bins)
        assert filters.shape == (80, 201)
        assert (filters.max(axis=1) > 0).all()
        (count,) = struct.unpack("<i", file.read(4))
        tokens = [file.read(*struct.unpack("<i", file.read(4))) for _ in range(count)]
        tensors = dict(_tensors(file))
    assert tokens == weights.vocabulary.raw
    assert (len(tokens), tokens[65], tokens[-1]) == (50257, b"A", b"")
    assert set(tensors) == set(weights)
    for name, values in weights.items():
        assert np.array_equal(tensors[name].reshape(values.shape), values.astype(tensors[name].dtype)), name
    assert tensors["encoder.conv1.bias"].shape == (64, 1)
    assert tensors["encoder.conv1.weight"].dtype == np.float16
    assert tensors["decoder.positional_embedding"].dtype == np.float32


def _tensors(file: BinaryIO) -> Iterator[tuple[str, np.ndarray]]:
    while head := file.read(12):
        rank, length, kind = struct.unpack("<3i", head)
        shape = struct.unpack(f"<{rank}i", file.read(4 * rank))[::-1]
        name = file.read(length).decode()
        yield name, np.fromfile(file, (np.float32, np.float16)[kind], int(np.prod(shape))).reshape(shape)


def test_the_measures_are_those_that_openais_code_asks_for() -> None:
    assert dimensions(SIZES["large-v3"]) == {
        "n_mels": 128,
        "n_vocab": 51866,
        "n_audio_ctx": 1500,
        "n_audio_state": 1280,
        "n_audio_head": 20,
        "n_audio_layer": 32,
        "n_text_ctx": 448,
        "n_text_state": 1280,
        "n_text_head": 20,
        "n_text_layer": 32,
    }


def test_a_model_is_made_once_and_never_left_half_made(tmp_path: Path) -> None:
    wanted = Wanted("micro", "ggml")
    path = wanted.make(tmp_path / "models")
    made = path.stat().st_mtime_ns
    assert wanted.make(tmp_path / "models") == path
    assert path.stat().st_mtime_ns == made
    assert [one.name for one in path.parent.iterdir()] == ["micro.ggml"]
