"""Models come in whole: fetched, copied, unpacked or converted, proved, and put in place by one rename."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from errno import EDQUOT, ENOSPC
from os.path import expanduser as expanded
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.core import errors
from desktop.core.catalogue import ALIASES, BY_NAME, Installed, Progress, Stage, megabytes, name_here
from desktop.core.i18n import _
from desktop.core.names import shown_name, shown_path
from desktop.core.ports import StopFlag
from desktop.engine import converting, holding, unpacking
from desktop.engine.fetching import Fetching, Meter, contents_of, synced
from desktop.engine.hub import Hub
from desktop.engine.models import (
    NEEDED,
    OPTIONAL,
    VOCABULARIES,
    Model,
    Models,
    Origin,
    check,
    missing,
    needed_files,
)
from desktop.engine.receipt import Receipt, Seal, blocks

News = Progress | Installed

STAGING = ".installing"
SPARE = 0.02
"""So much more than the files needs to be free: file systems keep books, too."""

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


class Installer:
    """Puts models into the user's folder and takes them out. Whatever ends it, a model is there whole or not at all.

    What was fetched before an interruption stays aside, and the next try goes on from there.
    """

    def __init__(self, models: Models, hub: Callable[[], Hub], clock: Callable[[], float] = time.monotonic) -> None:
        """`hub` is asked for each installation: settings may have changed."""
        self._models = models
        self._hub = hub
        self._clock = clock

    # --- what comes in ---

    def bring(self, wanted: str, stop: StopFlag, quantization: str = "") -> Iterator[News]:
        """Install an offered model by its name, any other by its name on the hub, or add a folder or a zip."""
        if wanted in BY_NAME or wanted in ALIASES:
            return self.install(wanted, stop, quantization)
        path = Path(expanded(wanted))
        if path.exists():
            return self.add(path.absolute(), stop, quantization)
        return self.install(wanted, stop, quantization)

    def install(self, wanted: str, stop: StopFlag, quantization: str = "") -> Iterator[News]:
        """Fetch a model by its name here or on the hub. Raises AppError; ends without Installed when stopped."""
        name, repository = _target(wanted)
        if self._models.has(name):
            yield Installed(name)
            return
        with self._alone(name), self._written(name), closing(self._hub()) as hub:
            yield Progress(name, Stage.ASKING)
            contents = yield from contents_of(name, repository, hub, stop)
            if contents is None:
                return
            wanted_files, is_checkpoint = _wanted([file.name for file in contents.files], repository)
            files = [file for file in contents.files if file.name in wanted_files]
            files.sort(key=lambda file: (file.size, file.name))  # what is wrong with a model shows in its small files
            folder = self._aside(name) / contents.commit
            self._forget_others(folder)
            total = sum(file.size for file in files)
            self._check_room(name, total, folder)
            fetching = Fetching(name, hub, contents, folder, Meter(name, total, self._clock))
            for file in files:
                yield from fetching.fetch(file, stop)
                if stop.is_set():
                    return
            if is_checkpoint:
                yield from self._convert(name, folder, quantization, stop, Receipt(repository, contents.commit))
            else:
                seals = {file.name: Seal(file.size, file.sha256, file.git_sha1) for file in files}
                Receipt(repository, contents.commit, seals).write(folder)
                yield from self._put_in_place(name, folder)

    def add(self, source: Path, stop: StopFlag, quantization: str = "") -> Iterator[News]:
        """Copy a folder or unpack a zip into the folder of the models. Raises AppError that names what is missing."""
        name = shown_name(source.name.removesuffix(".zip") if source.is_file() else source).lstrip(".") or "model"
        if self._models.has(name):
            raise errors.ModelUnlike(
                name=shown_path(source), reason=_("a model “{name}” is there").format(name=name), needed=needed_files()
            )
        with self._alone(name), self._written(name):
            aside = self._aside(name)
            shutil.rmtree(aside, ignore_errors=True)
            folder = aside / "given"
            folder.mkdir(parents=True)
            given = unpacking.open_given(source)
            wanted_files, is_checkpoint = _wanted([one.name for one in given], shown_path(source))
            given = [one for one in given if one.name in wanted_files]
            total = sum(one.size for one in given)
            self._check_room(name, total, folder)
            seals = yield from _copied(given, folder, Meter(name, total, self._clock), stop)
            if stop.is_set():
                shutil.rmtree(aside, ignore_errors=True)
            elif is_checkpoint:
                yield from self._convert(name, folder, quantization, stop, Receipt())
            else:
                try:
                    check(folder, shown_path(source))
                except errors.ModelBroken:
                    shutil.rmtree(aside, ignore_errors=True)
                    raise
                Receipt(files=seals).write(folder)
                yield from self._put_in_place(name, folder)

    # --- what goes out ---

    def remove(self, name: str) -> int:
        """Take a model away, and what was fetched of it; the bytes that this frees. Raises AppError."""
        path = self._models.folder / name
        known = next((one for one in self._models.installed() if one.name == name), None)
        folder = shown_path(self._models.folder)
        if known and known.origin is Origin.DEMO:
            raise errors.ModelKept(model=name, reason=_("it came with the program"), folder=folder)
        if known and known.origin is Origin.CACHE:
            raise errors.ModelKept(model=name, reason=_("other programs use it too"), folder=folder)
        aside = self._aside(name)
        if name in ("", ".", "..") or "/" in name or "\\" in name or not (path.is_dir() or aside.is_dir()):
            raise errors.ModelMissing(model=name, installed=self._models.names())
        with self._alone(name), self._written(name):
            if holding.is_held(path):
                raise errors.ModelInUse(model=name)
            freed = _size_of(path) + _size_of(aside)
            if path.is_dir():
                gone = aside / "gone"
                shutil.rmtree(gone, ignore_errors=True)
                aside.mkdir(parents=True, exist_ok=True)
                _rename_used(path, gone, name)
            shutil.rmtree(aside)
        return freed

    def verify(self, model: Model, stop: StopFlag) -> Iterator[Progress]:
        """Read every byte and compare it with what the hub said. Raises ModelBroken that names the damaged file."""
        check(model.path, model.name, model.is_demo)
        receipt = Receipt.of(model.path)
        seals = dict(receipt.files) if receipt else _seals_of_cache(model)
        meter = Meter(model.name, sum(seal.size for seal in seals.values()), self._clock)
        for file, seal in seals.items():
            digest, size = seal.begun(), 0
            for block in blocks(model.path / file):
                digest.update(block)
                size += len(block)
                yield from meter.moved(len(block), Stage.CHECKING)
                if stop.is_set():
                    return
            if not seal.is_of(size, digest):
                raise errors.ModelBroken(model=model.name, reason=_("{file} is damaged").format(file=file))
        yield meter.told(Stage.CHECKING)

    def fetched(self) -> dict[str, int]:
        """Models that were begun and left, with the bytes that lie aside."""
        staging = self._models.folder / STAGING
        found = sorted(staging.iterdir()) if staging.is_dir() else []
        return {path.name: _size_of(path) for path in found if path.is_dir()}

    # --- steps ---

    def _convert(self, name: str, source: Path, quantization: str, stop: StopFlag, receipt: Receipt) -> Iterator[News]:
        yield Progress(name, Stage.CONVERTING)
        target_folder = source.parent / "converted"
        shutil.rmtree(target_folder, ignore_errors=True)
        if not converting.convert(source, target_folder, name, quantization or converting.QUANTIZATIONS[0], stop):
            return
        seals = {file.name: Seal.of(file) for file in sorted(target_folder.iterdir())}
        Receipt(receipt.repository, receipt.commit, seals).write(target_folder)
        yield from self._put_in_place(name, target_folder)

    def _put_in_place(self, name: str, folder: Path) -> Iterator[News]:
        """The one moment in which a model comes to be there."""
        check(folder, name)
        target_folder, aside = self._models.folder / name, self._aside(name)
        if target_folder.exists():  # a broken one: a whole one would not have been installed again
            shutil.rmtree(aside / "gone", ignore_errors=True)
            _rename_used(target_folder, aside / "gone", name)
        folder.rename(target_folder)
        _keep_folder(self._models.folder)
        shutil.rmtree(aside, ignore_errors=True)
        yield Installed(name)

    def _aside(self, name: str) -> Path:
        return self._models.folder / STAGING / name

    def _forget_others(self, folder: Path) -> None:
        """What is left of another version is of no use."""
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def _check_room(self, name: str, size: int, folder: Path) -> None:
        needed = round(size * (1 + SPARE)) - _size_of(folder)
        free = shutil.disk_usage(folder).free
        if needed > free:
            raise errors.ModelRoomMissing(
                model=name, needed=megabytes(needed), free=megabytes(free), folder=shown_path(self._models.folder)
            )

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """No other process works on this model. The lock ends with the process."""
        staging = self._models.folder / STAGING
        lock = FileLock(staging / f"{name}.lock")
        try:
            staging.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise errors.ModelBusy(model=name) from error
        except OSError as error:
            raise self._unwritable(name, error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _written(self, name: str) -> Iterator[None]:
        """What the disk refuses is said."""
        try:
            yield
        except OSError as error:
            raise self._unwritable(name, error) from error

    def _unwritable(self, name: str, error: OSError) -> errors.AppError:
        folder = shown_path(self._models.folder)
        if error.errno in (ENOSPC, EDQUOT):
            return errors.DiskFull(folder=folder)
        return errors.ModelUnwritable(model=name, folder=folder, reason=error.strerror or str(error))


def _target(wanted: str) -> tuple[str, str]:
    """The name that a model has here and its repository on the hub. Raises ModelUnlike."""
    name = ALIASES.get(wanted, wanted)
    if name in BY_NAME:
        return name, BY_NAME[name].repository
    if not _ID.fullmatch(wanted):
        reason = _("it is no file, no offered model and no name on the hub")
        raise errors.ModelUnlike(name=shown_path(wanted), reason=reason, needed=needed_files())
    return name_here(wanted), wanted


def _wanted(names: Sequence[str], said: str) -> tuple[set[str], bool]:
    """Which of these files make the model, and whether they are a checkpoint. Raises ModelUnlike, ConverterMissing."""
    if converting.is_checkpoint(names):
        converting.check_possible(said)
        return converting.needed(names), True
    if absent := missing(names):
        reason = _("{files} is missing").format(files=absent)
        raise errors.ModelUnlike(name=said, reason=reason, needed=needed_files())
    return {*NEEDED, *VOCABULARIES, *OPTIONAL}, False


def _copied(
    given: Sequence[unpacking.Given], folder: Path, meter: Meter, stop: StopFlag
) -> Generator[Progress, None, dict[str, Seal]]:
    """The seals of the files that were given, once they are in the folder; of fewer when stopped."""
    seals: dict[str, Seal] = {}
    for one in given:
        digest = Seal(one.size).begun()
        with (folder / one.name).open("wb") as file:
            for block in one.blocks():
                file.write(block)
                digest.update(block)
                yield from meter.moved(len(block), Stage.COPYING)
                if stop.is_set():
                    return seals
            synced(file)
        seals[one.name] = Seal(one.size, digest.hexdigest())
    return seals


def _seals_of_cache(model: Model) -> dict[str, Seal]:
    """The cache of Hugging Face names what its links point to after their digests."""
    seals = {}
    for file in sorted(model.path.iterdir()):
        blob = file.resolve().name
        if file.is_symlink() and re.fullmatch(r"[0-9a-f]{64}", blob):
            seals[file.name] = Seal(file.stat().st_size, blob)
        elif file.is_symlink() and re.fullmatch(r"[0-9a-f]{40}", blob):
            seals[file.name] = Seal(file.stat().st_size, git_sha1=blob)
    return seals


def _size_of(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir()) if folder.is_dir() else 0


def _rename_used(path: Path, to: Path, name: str) -> None:
    try:
        path.rename(to)
    except PermissionError as error:  # Windows, where somebody has a file of it open
        raise errors.ModelInUse(model=name) from error


def _keep_folder(folder: Path) -> None:
    """The rename itself survives a power cut, where folders can be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
