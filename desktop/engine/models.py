"""Which models are installed, whether a folder is a whole model, and which one is best."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import expanduser as expanded  # unlike the one of Path it never raises
from pathlib import Path

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.names import shown_path
from desktop.core.options import AUTO

DEMO_NAME = "demo-en"

# Worst to best, by the word error rates that the makers of the models publish.
RANKED = (
    "tiny.en tiny base.en base small.en small distil-small.en distil-medium.en medium.en medium large-v1 "
    "distil-large-v2 distil-large-v3 distil-large-v3.5 large-v3-turbo turbo large-v2 large-v3"
).split()

# Trained without the translation task: they answer in the spoken language instead.
CANNOT_TRANSLATE = ("turbo", "distil")

NEEDED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
LEAST_MODEL_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Model:
    """A model that lies whole on the disk."""

    name: str
    path: Path
    size: int
    is_multilingual: bool
    is_demo: bool = False

    @property
    def can_translate(self) -> bool:
        """Whether it was trained to write English for speech in other languages."""
        return self.is_multilingual and not any(part in self.name for part in CANNOT_TRANSLATE)


class Models:
    """The models in the user's folder, and the demo model that ships with the program."""

    def __init__(self, folder: Path, demo: Path) -> None:
        self.folder = folder
        self._demo = demo

    def installed(self) -> list[Model]:
        """Every whole model, best first; the demo model, if it is there, is the last."""
        found = sorted(self._in_folder(), key=_rank)
        return [*found, *self._the_demo()]

    def find(self, wanted: str) -> Model:
        """The model of this name or in this folder; "auto" is the best one. Raises ModelMissing or ModelBroken."""
        if wanted == AUTO:
            return self._best()
        if wanted == DEMO_NAME:
            return check(self._demo, DEMO_NAME, is_demo=True)
        named = self.folder / wanted
        path = named if "/" not in wanted and "\\" not in wanted and named.is_dir() else Path(expanded(wanted))
        if not path.is_dir():
            raise errors.ModelMissing(model=shown_path(wanted), installed=self._names())
        is_demo = path.resolve() == self._demo.resolve()
        return check(path.absolute(), DEMO_NAME if is_demo else path.absolute().name, is_demo)

    def resolve(self, wanted: str) -> str:
        """The name that finds the same model later: "auto" made definite, a folder made absolute."""
        model = self.find(wanted)
        return model.name if model.is_demo or model.path.parent == self.folder else str(model.path)

    def translators(self) -> str:
        """The names of the installed models that can translate, or of some that could be installed."""
        return ", ".join(model.name for model in self.installed() if model.can_translate) or "small, medium, large-v3"

    def _best(self) -> Model:
        models = self.installed()
        if not models:
            raise errors.ModelMissing(model=AUTO, installed=self._names())
        return models[0]

    def _in_folder(self) -> Iterator[Model]:
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.is_dir() and not path.name.startswith("."):
                try:
                    yield check(path, path.name)
                except errors.ModelBroken:
                    continue

    def _the_demo(self) -> Iterator[Model]:
        if self._demo.is_dir():
            yield check(self._demo, DEMO_NAME, is_demo=True)

    def _names(self) -> str:
        return ", ".join(model.name for model in self.installed()) or _("none")


def check(path: Path, name: str, is_demo: bool = False) -> Model:
    """The model in a folder, if it is whole. Raises ModelBroken that names what is missing or wrong."""
    try:
        return _checked(path, name, is_demo)
    except (OSError, ValueError, TypeError) as error:
        raise _broken(name, _("it cannot be read ({reason})").format(reason=type(error).__name__)) from error


def _checked(path: Path, name: str, is_demo: bool) -> Model:
    missing = [file for file in NEEDED if not (path / file).is_file()]
    if not any((path / file).is_file() for file in VOCABULARIES):
        missing.append(VOCABULARIES[0])
    if missing:
        raise _broken(name, _("missing {files}").format(files=", ".join(missing)))
    size = (path / "model.bin").stat().st_size
    if size < LEAST_MODEL_BYTES:
        raise _broken(name, _("model.bin has only {count} bytes").format(count=size))
    for file in path.glob("*.json"):
        _check_json(file, name)
    return Model(name, path, size, _is_multilingual(path), is_demo)


def _rank(model: Model) -> tuple[int, str]:
    plain = model.name.removeprefix("faster-").removeprefix("whisper-")
    return (-RANKED.index(plain) if plain in RANKED else 1, model.name)


def _check_json(file: Path, name: str) -> None:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(name, _("{file} is damaged").format(file=file.name)) from error


def _is_multilingual(path: Path) -> bool:
    # CTranslate2's own test: the vocabulary of a multilingual model has the empty token.
    file = next(path / one for one in VOCABULARIES if (path / one).is_file())
    text = file.read_text(encoding="utf-8")
    return "" in (json.loads(text) if file.suffix == ".json" else text.split("\n")[:-1])


def _broken(name: str, reason: str) -> errors.ModelBroken:
    return errors.ModelBroken(model=name, reason=reason)
