"""Which models are installed, whether a folder is a whole model, and which one is best."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from os.path import expanduser as expanded  # unlike the one of Path it never raises
from pathlib import Path

from desktop.core import errors
from desktop.core.catalogue import ALIASES, RANKED, can_translate, name_here
from desktop.core.i18n import _
from desktop.core.names import shown_path
from desktop.core.options import AUTO
from desktop.engine.holding import WEIGHTS
from desktop.engine.receipt import Receipt

DEMO_NAME = "demo"

NEEDED = (WEIGHTS, "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
OPTIONAL = ("preprocessor_config.json",)
LEAST_MODEL_BYTES = 1000
MOST_QUICK_BYTES = 600 << 20
"""“small” has 480 MB; what is larger takes seconds on a processor."""
KIND = "WhisperSpec"
"""What CTranslate2 writes at the start of the weights of a Whisper model."""


class Origin(StrEnum):
    """Who put a model there."""

    OWN = "own"
    """The user: it may be removed."""
    DEMO = "demo"
    CACHE = "cache"
    """Some program that keeps its models in the cache of Hugging Face, as faster-whisper does."""
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Model:
    """A model that lies whole on the disk."""

    name: str
    path: Path
    size: int
    is_multilingual: bool
    is_demo: bool = False
    origin: Origin = Origin.ELSEWHERE

    @property
    def can_translate(self) -> bool:
        """Whether it was trained to write English for speech in other languages."""
        return can_translate(self.name, self.is_multilingual)


class Models:
    """The models in the user's folder, those in the caches of other programs, and the demo model of this one."""

    def __init__(self, folder: Path, demo: Path, caches: Sequence[Path] | None = None) -> None:
        """`caches` are those of Hugging Face; None means where the environment says that it is."""
        self.folder = folder
        self._demo = demo
        self._caches = hub_caches(os.environ) if caches is None else tuple(caches)

    def installed(self) -> list[Model]:
        """Every whole model, best first; the demo model, if it is there, is the last."""
        found = {model.name: model for model in (*self._in_caches(), *self._in_folder())}
        return [*sorted(found.values(), key=_rank), *self._the_demo()]

    def broken(self) -> dict[str, errors.ModelBroken]:
        """The folders among the user's models that are no whole model, and what is wrong with each."""
        found = {}
        for path in self._folders():
            try:
                check(path, path.name)
            except errors.ModelBroken as error:
                found[path.name] = error
        return found

    def has(self, name: str) -> bool:
        """Whether a model of this name lies whole in the user's own folder or in a cache."""
        try:
            check(self.folder / name, name)
        except errors.ModelBroken:
            return self._in_cache(name) is not None
        return True

    def find(self, wanted: str) -> Model:
        """The model of this name or in this folder; "auto" is the best one. Raises ModelMissing or ModelBroken."""
        if wanted == AUTO:
            return self._best()
        if wanted == DEMO_NAME:
            return check(self._demo, DEMO_NAME, is_demo=True)
        named = self.folder / wanted
        is_plain = "/" not in wanted and "\\" not in wanted
        if is_plain and not named.is_dir() and (cached := self._in_cache(wanted)):
            return cached
        path = named if is_plain and named.is_dir() else Path(expanded(wanted))
        if not path.is_dir():
            raise errors.ModelMissing(model=shown_path(wanted), installed=self.names())
        is_demo = path.resolve() == self._demo.resolve()
        return check(path.absolute(), DEMO_NAME if is_demo else path.absolute().name, is_demo)

    def resolve(self, wanted: str) -> str:
        """The name that finds the same model later: "auto" made definite, a folder made absolute."""
        model = self.find(wanted)
        is_named = model.is_demo or model.origin is Origin.CACHE or model.path.parent == self.folder
        return model.name if is_named else str(model.path)

    def quick(self, wanted: str) -> str:
        """As `resolve`, but that "auto" is the best of those that answer while somebody waits."""
        if wanted != AUTO:
            return self.resolve(wanted)
        installed = self.installed()
        small = [model for model in installed if model.size <= MOST_QUICK_BYTES]
        quick = small or sorted(installed, key=lambda one: one.size)
        return self.resolve(quick[0].name if quick else AUTO)

    def translators(self) -> str:
        """The names of the installed models that can translate, or of some that could be installed."""
        return ", ".join(model.name for model in self.installed() if model.can_translate) or "small, medium, large-v3"

    def names(self) -> str:
        """The names of the installed ones, for people."""
        return ", ".join(model.name for model in self.installed()) or _("none")

    def _best(self) -> Model:
        models = self.installed()
        if not models:
            raise errors.ModelMissing(model=AUTO, installed=self.names())
        return models[0]

    def _folders(self) -> Iterator[Path]:
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.is_dir() and not path.name.startswith("."):
                yield path

    def _in_folder(self) -> Iterator[Model]:
        for path in self._folders():
            try:
                yield check(path, path.name, origin=Origin.OWN)
            except errors.ModelBroken:
                continue

    def _in_caches(self) -> Iterator[Model]:
        for cache in self._caches:
            for path in sorted(cache.glob("models--*--*")):
                if (snapshot := _snapshot(path)) and (snapshot / WEIGHTS).is_file():
                    try:
                        yield check(snapshot, _name_of_cached(path.name), origin=Origin.CACHE)
                    except errors.ModelBroken:
                        continue

    def _in_cache(self, name: str) -> Model | None:
        return next((model for model in self._in_caches() if model.name == name), None)

    def _the_demo(self) -> Iterator[Model]:
        if self._demo.is_dir():
            yield check(self._demo, DEMO_NAME, is_demo=True, origin=Origin.DEMO)


def hub_caches(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Where Hugging Face's library, and with it faster-whisper, keeps what it has fetched."""
    if cache := environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE"):
        return (Path(expanded(cache)),)
    home = environment.get("HF_HOME") or Path(environment.get("XDG_CACHE_HOME") or "~/.cache", "huggingface")
    return (Path(expanded(home)) / "hub",)


def _snapshot(cached: Path) -> Path | None:
    """The present version of a repository in the cache."""
    try:
        commit = (cached / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    folder = cached / "snapshots" / commit
    return folder if commit and "/" not in commit and folder.is_dir() else None


def _name_of_cached(folder: str) -> str:
    return name_here(folder.removeprefix("models--").replace("--", "/", 1))


def needed_files() -> str:
    """The files that make a model, for people."""
    return ", ".join((*NEEDED, VOCABULARIES[0]))


def missing(names: Collection[str]) -> str:
    """What these files lack to be a model, for people; empty if nothing."""
    absent = [file for file in NEEDED if file not in names]
    if not any(file in names for file in VOCABULARIES):
        absent.append(VOCABULARIES[0])
    return ", ".join(absent)


def check(path: Path, name: str, is_demo: bool = False, origin: Origin = Origin.ELSEWHERE) -> Model:
    """The model in a folder, if it is whole. Raises ModelBroken that names what is missing or wrong."""
    try:
        return _checked(path, name, is_demo, origin)
    except (OSError, ValueError, TypeError) as error:
        raise _broken(name, _("it cannot be read ({reason})").format(reason=type(error).__name__)) from error


def _checked(path: Path, name: str, is_demo: bool, origin: Origin) -> Model:
    if absent := missing([file for file in (*NEEDED, *VOCABULARIES) if (path / file).is_file()]):
        raise _broken(name, _("missing {files}").format(files=absent))
    size = (path / WEIGHTS).stat().st_size
    if size < LEAST_MODEL_BYTES:
        raise _broken(name, _("model.bin has only {count} bytes").format(count=size))
    _check_kind(path / WEIGHTS, name)
    for file in path.glob("*.json"):
        _check_json(file, name)
    _check_sizes(path, name)
    return Model(name, path, size, _is_multilingual(path), is_demo, origin)


def _check_kind(weights: Path, name: str) -> None:
    """CTranslate2 begins with a version, the length of a name and the name: 4, 2 and so many bytes."""
    with weights.open("rb") as file:
        head = file.read(64)
    length = struct.unpack_from("<H", head, 4)[0]
    kind = head[6 : 6 + length].rstrip(b"\0").decode("ascii", "replace")
    if kind == KIND:
        return
    if length < len(head) and kind.isidentifier():
        raise _broken(name, _("it is no Whisper model, but a {kind}").format(kind=kind))
    raise _broken(name, _("model.bin was not made by CTranslate2"))


def _check_sizes(path: Path, name: str) -> None:
    """What was installed by us has to be as long as it was then."""
    receipt = Receipt.of(path)
    for file, seal in (receipt.files if receipt else {}).items():
        try:
            size = (path / file).stat().st_size
        except FileNotFoundError:
            raise _broken(name, _("missing {files}").format(files=file)) from None
        if size != seal.size:
            words = _("{file} has {count} bytes instead of {wanted}")
            raise _broken(name, words.format(file=file, count=size, wanted=seal.size))


def _rank(model: Model) -> tuple[int, str]:
    plain = model.name.removeprefix("faster-").removeprefix("whisper-")
    plain = ALIASES.get(plain, plain)
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
