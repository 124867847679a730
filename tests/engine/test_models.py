"""Which models there are, and what is wrong with a folder that is none."""

import json
import os
import shutil
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.engine.models import Models, check
from tests.conftest import DEMO_MODEL


def copy_of_demo(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(DEMO_MODEL, folder / name))


def test_the_best_installed_model_is_taken_and_the_demo_model_only_when_alone(tmp_path: Path) -> None:
    models = Models(tmp_path, DEMO_MODEL)
    assert models.find("auto").is_demo
    for name in ("tiny", "large-v3", "small.en", "of-my-own"):
        copy_of_demo(tmp_path, name)
    assert [model.name for model in models.installed()] == ["large-v3", "small.en", "tiny", "of-my-own", "demo"]
    assert models.resolve("auto") == "large-v3"


def test_a_model_is_found_by_its_name_and_by_its_folder(tmp_path: Path) -> None:
    models = Models(tmp_path / "models", DEMO_MODEL)
    path = copy_of_demo(tmp_path, "elsewhere")
    assert models.find(str(path)).name == "elsewhere"
    assert models.resolve(str(path)) == str(path)
    assert models.resolve(str(DEMO_MODEL)) == "demo"


def test_a_missing_model_names_what_is_installed(tmp_path: Path) -> None:
    with pytest.raises(errors.ModelMissing, match=r"large-v9.*demo"):
        Models(tmp_path, DEMO_MODEL).find("large-v9")


@pytest.mark.parametrize("file", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_folder_that_lacks_a_file_is_refused_by_its_name(tmp_path: Path, file: str) -> None:
    path = copy_of_demo(tmp_path, "half")
    (path / file).unlink()
    with pytest.raises(errors.ModelBroken, match=file):
        check(path, "half")
    assert [model.name for model in Models(tmp_path, DEMO_MODEL).installed()] == ["demo"]


def test_rubbish_in_place_of_a_file_is_refused_by_its_name(tmp_path: Path) -> None:
    path = copy_of_demo(tmp_path, "rubbish")
    (path / "tokenizer.json").write_bytes(os.urandom(100))
    with pytest.raises(errors.ModelBroken, match=r"tokenizer\.json"):
        check(path, "rubbish")


@pytest.mark.parametrize("words", [b"\xff\xfe\x00rubbish", b"5"])
def test_a_vocabulary_of_rubbish_is_refused(tmp_path: Path, words: bytes) -> None:
    path = copy_of_demo(tmp_path, "rubbish")
    (path / "vocabulary.json").unlink()
    (path / ("vocabulary.txt" if words[0] == 0xFF else "vocabulary.json")).write_bytes(words)
    with pytest.raises(errors.ModelBroken, match="rubbish"):
        check(path, "rubbish")
    with pytest.raises(errors.ModelMissing):
        Models(tmp_path, DEMO_MODEL).find("~nobody-of-this-name/model")


def test_english_only_models_and_turbo_cannot_translate(tmp_path: Path) -> None:
    path = copy_of_demo(tmp_path, "large-v3-turbo")
    words = [word for word in json.loads((path / "vocabulary.json").read_text(encoding="utf-8")) if word]
    (path / "vocabulary.json").write_text(json.dumps(words), encoding="utf-8")
    assert not check(path, "tiny.en").can_translate
    (path / "vocabulary.json").write_text(json.dumps([*words, ""]), encoding="utf-8")
    assert check(path, "small").can_translate
    assert not check(path, "large-v3-turbo").can_translate
