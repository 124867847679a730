"""Checkpoints of Transformers become models; what is no Whisper, or has no converter, gets a sentence."""

import json
import shutil
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.core.catalogue import Installed
from desktop.engine import converting
from desktop.engine.converting import check_possible, convert, is_checkpoint, needed
from desktop.engine.hub import Hub
from desktop.engine.installing import Installer
from desktop.engine.models import Models, check
from tests.conftest import DEMO_MODEL
from tests.hub_server import open_hub

with_the_converter = pytest.mark.skipif(
    not (find_spec("torch") and find_spec("transformers")), reason="the extra “convert” is not installed"
)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Whisper of random weights, as Transformers keeps it."""
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    folder = tmp_path_factory.mktemp("checkpoint") / "whisper-random"
    vocabulary = json.loads((DEMO_MODEL / "vocabulary.json").read_text(encoding="utf-8"))
    config = WhisperConfig(
        vocab_size=len(vocabulary),
        d_model=64,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=128,
        decoder_ffn_dim=128,
        pad_token_id=0,
        bos_token_id=0,
        eos_token_id=0,
        decoder_start_token_id=0,
    )
    WhisperForConditionalGeneration(config).save_pretrained(folder)
    shutil.copy(DEMO_MODEL / "tokenizer.json", folder)
    shutil.copy(DEMO_MODEL / "preprocessor_config.json", folder)
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "WhisperTokenizerFast"}')
    return folder


@with_the_converter
@pytest.mark.parametrize("quantization", ["float16", "int8"])
def test_a_checkpoint_is_converted_and_can_be_used(tmp_path: Path, checkpoint: Path, quantization: str) -> None:
    assert convert(checkpoint, tmp_path / "made", "made", quantization, threading.Event())
    assert check(tmp_path / "made", "made").size > 1000
    from tests.models import recogniser_of

    assert recogniser_of(tmp_path / "made").self_test() >= 0


@with_the_converter
def test_a_checkpoint_of_the_hub_is_fetched_and_converted(models: Models, checkpoint: Path) -> None:
    with open_hub() as hub:
        hub.add("somebody/whisper-random", checkpoint)
        installer = Installer(models, lambda: Hub(hub.address))
        news = list(installer.install("somebody/whisper-random", threading.Event()))
    assert news[-1] == Installed("somebody--whisper-random")
    assert models.find("somebody--whisper-random")
    list(installer.verify(models.find("somebody--whisper-random"), threading.Event()))


@with_the_converter
def test_a_checkpoint_of_a_folder_is_converted_when_it_is_added(models: Models, checkpoint: Path) -> None:
    news = list(Installer(models, Hub).bring(str(checkpoint), threading.Event(), "int8"))
    assert news[-1] == Installed("whisper-random")
    assert models.has("whisper-random")


@with_the_converter
def test_a_damaged_checkpoint_is_said(tmp_path: Path, checkpoint: Path) -> None:
    damaged = Path(shutil.copytree(checkpoint, tmp_path / "damaged"))
    (damaged / "model.safetensors").write_bytes(b"rubbish")
    with pytest.raises(errors.ConversionFailed, match="damaged"):
        convert(damaged, tmp_path / "made", "damaged", "float16", threading.Event())


@with_the_converter
def test_a_conversion_can_be_stopped(tmp_path: Path, checkpoint: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert not convert(checkpoint, tmp_path / "made", "made", "float16", stop)


def test_a_checkpoint_is_told_from_a_model() -> None:
    weights = ["model.safetensors", "config.json", "tokenizer.json"]
    assert is_checkpoint(weights)
    assert is_checkpoint(["pytorch_model-00001-of-00002.bin", "config.json"])
    assert not is_checkpoint(["model.bin", *weights])
    assert not is_checkpoint(["README.md", "config.json"])
    assert needed([*weights, "pytorch_model.bin", "flax_model.msgpack", "README.md"]) == set(weights)
    assert needed(["pytorch_model.bin", "config.json", "x/model.bin"]) == {"pytorch_model.bin", "config.json"}


def test_another_kind_of_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "wav2vec2"}')
    with pytest.raises(errors.ConversionFailed, match="wav2vec2"):
        convert(tmp_path, tmp_path / "made", "other", "float16", threading.Event())
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(errors.ConversionFailed, match="damaged"):
        convert(tmp_path, tmp_path / "made", "other", "float16", threading.Event())
    with pytest.raises(errors.BadOption, match="int3"):
        convert(tmp_path, tmp_path / "made", "other", "int3", threading.Event())


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch, models: Models) -> None:
    monkeypatch.setattr(converting, "find_spec", lambda _name: None)
    with pytest.raises(errors.ConverterMissing, match=r"undertone\[convert\]"):
        check_possible("openai/whisper-tiny")
    with open_hub() as hub:
        hub.repositories["openai/whisper-tiny"] = {"config.json": b"{}", "model.safetensors": bytes(10)}
        with pytest.raises(errors.ConverterMissing):
            list(Installer(models, lambda: Hub(hub.address)).install("openai/whisper-tiny", threading.Event()))
        assert not hub.sent
