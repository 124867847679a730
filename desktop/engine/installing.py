"""Models come in whole: fetched, copied, unpacked or converted, proved, and put in place by one rename."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from errno import EDQUOT, ENOSPC
from os.path import expanduser as expanded
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from desktop.core import errors
from desktop.core.catalogue import ALIASES, BY_NAME, OFFERS, Installed, Progress, Stage, megabytes
from desktop.core.i18n import _
from desktop.core.names import shown_name, shown_path
from desktop.core.ports import StopFlag, Stopped
from desktop.engine import converting, holding, unpacking
from desktop.engine.hub import Contents, Hub, PassingTrouble, RemoteFile, Startover
from desktop.engine.models import NEEDED, OPTIONAL, VOCABULARIES, Model, Models, Origin, check
from desktop.engine.receipt import Receipt, Seal, blocks

News = Progress | Installed

STAGING = ".installing"
PART = ".part"
EVERY_S = 0.1
"""So often progress is told at most."""
WINDOW_S = 5.0
"""The speed is that of the last seconds."""
SPARE = 0.02
"""So much more than the files needs to be free: file systems keep books, too."""

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_REPOSITORIES = {offer.repository: offer.name for offer in OFFERS}


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
        name, repository = target(wanted)
        if self._models.has(name):
            yield Installed(name)
            return
        with self._alone(name), self._written(name), closing(self._hub()) as hub:
            yield Progress(name, Stage.ASKING)
            contents = yield from self._asked(name, repository, hub, stop)
            if contents is None:
                return
            is_checkpoint = converting.is_checkpoint([file.name for file in contents.files])
            files = _checkpoint(contents) if is_checkpoint else _needed(contents)
            if is_checkpoint:
                converting.check_possible(repository)
            folder = self._aside(name) / contents.commit
            self._forget_others(folder)
            self._check_room(name, sum(file.size for file in files), folder)
            fetching = _Fetching(name, hub, contents, folder, _Meter(name, sum(f.size for f in files), self._clock))
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
                name=shown_path(source), reason=_("a model “{name}” is there").format(name=name), needed=_wanted()
            )
        with self._alone(name), self._written(name):
            aside = self._aside(name)
            shutil.rmtree(aside, ignore_errors=True)
            folder = aside / "given"
            folder.mkdir(parents=True)
            given = unpacking.open_given(source, _wanted())
            is_checkpoint = converting.is_checkpoint([one.name for one in given])
            if is_checkpoint:
                converting.check_possible(name)
            elif missing := _missing([one.name for one in given]):
                raise errors.ModelUnlike(
                    name=shown_path(source), reason=_("{files} is missing").format(files=missing), needed=_wanted()
                )
            keep = _is_of_checkpoint if is_checkpoint else _is_of_model
            given = [one for one in given if keep(one.name)]
            total = sum(one.size for one in given)
            self._check_room(name, total, folder)
            meter = _Meter(name, total, self._clock)
            seals = {}
            for one in given:
                digest = Seal(one.size).begun()
                with (folder / one.name).open("wb") as file:
                    for block in one.blocks():
                        file.write(block)
                        digest.update(block)
                        yield from meter.moved(len(block), Stage.COPYING)
                        if stop.is_set():
                            break
                    _keep(file)
                if stop.is_set():
                    shutil.rmtree(aside, ignore_errors=True)
                    return
                seals[one.name] = Seal(one.size, digest.hexdigest())
            if is_checkpoint:
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
        meter = _Meter(model.name, sum(seal.size for seal in seals.values()), self._clock)
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

    def _asked(
        self, name: str, repository: str, hub: Hub, stop: StopFlag
    ) -> Generator[Progress, None, Contents | None]:
        failures = 0
        while True:
            try:
                return hub.contents(repository, stop)
            except PassingTrouble as trouble:
                failures += 1
                yield from _waited(name, trouble, failures, hub, stop)
            except Stopped:
                return None
            if stop.is_set():
                return None

    def _convert(self, name: str, source: Path, quantization: str, stop: StopFlag, receipt: Receipt) -> Iterator[News]:
        yield Progress(name, Stage.CONVERTING)
        target_folder = source.parent / "converted"
        shutil.rmtree(target_folder, ignore_errors=True)
        if not converting.convert(source, target_folder, name, quantization or converting.QUANTIZATIONS[0], stop):
            return
        seals = {}
        for file in sorted(target_folder.iterdir()):
            digest = Seal(0).begun()
            for block in blocks(file):
                digest.update(block)
            seals[file.name] = Seal(file.stat().st_size, digest.hexdigest())
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


class _Fetching:
    """The files of one model on their way from the hub."""

    def __init__(self, name: str, hub: Hub, contents: Contents, folder: Path, meter: _Meter) -> None:
        self._name = name
        self._hub = hub
        self._contents = contents
        self._folder = folder
        self._meter = meter

    def fetch(self, file: RemoteFile, stop: StopFlag) -> Iterator[Progress]:
        """One file, from where it was left. It has its own name once it is proved; before that it ends in `.part`."""
        whole = self._folder / file.name
        if whole.is_file():
            self._meter.found(file.size)
            return
        part = whole.with_name(whole.name + PART)
        was_begun = part.exists()
        while not stop.is_set():
            if (yield from self._arrived(file, part, stop)):
                part.rename(whole)
                return
            if stop.is_set():
                return
            part.unlink()
            self._meter.lost(file.size)
            if not was_begun:
                raise errors.ModelDamaged(file=file.name, model=self._name, host=self._hub.host)
            was_begun = False  # the bytes of an earlier try may be the bad ones: once more from the start

    def _arrived(self, file: RemoteFile, part: Path, stop: StopFlag) -> Generator[Progress, None, bool]:
        """Whether the file is what the hub said it is, once it is all there."""
        seal = Seal(file.size, file.sha256, file.git_sha1)
        failures = 0
        with part.open("ab", buffering=0) as target_file:
            digest, size = seal.begun(), 0
            for block in blocks(part):
                digest.update(block)
                size += len(block)
                yield from self._meter.moved(len(block), Stage.CHECKING)
            self._meter.begin()
            while size < file.size and not stop.is_set():
                before = size
                try:
                    for block in self._hub.content(self._contents, file, size, stop):
                        _write(target_file, block)
                        digest.update(block)
                        size += len(block)
                        yield from self._meter.moved(len(block), Stage.FETCHING)
                    if size < file.size and not stop.is_set():
                        raise PassingTrouble(errors.HubUnreachable(host=self._hub.host, reason=_("it broke off")))
                except Startover:
                    self._meter.lost(size)
                    target_file.truncate(0)
                    digest, size = seal.begun(), 0
                except PassingTrouble as trouble:
                    failures = 1 if size > before else failures + 1
                    yield from _waited(self._name, trouble, failures, self._hub, stop)
            _keep(target_file)
        return seal.is_of(size, digest)


class _Meter:
    """How much there is of all, how fast it comes and how long the rest takes."""

    def __init__(self, name: str, total: int, clock: Callable[[], float]) -> None:
        self._name = name
        self._total = total
        self._clock = clock
        self._done = 0
        self._seen: deque[tuple[float, int]] = deque()
        self._told = -1.0

    def begin(self) -> None:
        """What comes from here on tells the speed."""
        self._seen.clear()
        self._seen.append((self._clock(), self._done))

    def found(self, count: int) -> None:
        """So many bytes are there already."""
        self._done += count

    def lost(self, count: int) -> None:
        """So many bytes have to come again."""
        self._done = max(0, self._done - count)
        self.begin()

    def moved(self, count: int, stage: Stage) -> Iterator[Progress]:
        """So many more; told now and then."""
        self._done += count
        now = self._clock()
        if now - self._told >= EVERY_S:
            self._told = now
            yield self.told(stage)

    def told(self, stage: Stage) -> Progress:
        """How it stands."""
        now = self._clock()
        self._seen.append((now, self._done))
        while now - self._seen[0][0] > WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        since, had = self._seen[0]
        rate = (self._done - had) / (now - since) if now > since else 0.0
        left = (self._total - self._done) / rate if rate > 0 else -1.0
        return Progress(self._name, stage, self._done, self._total, rate, left)


def target(wanted: str) -> tuple[str, str]:
    """The name that a model has here and its repository on the hub. Raises ModelUnlike."""
    name = ALIASES.get(wanted, wanted)
    if name in BY_NAME:
        return name, BY_NAME[name].repository
    if not _ID.fullmatch(wanted):
        reason = _("it is no file, no offered model and no name on the hub")
        raise errors.ModelUnlike(name=shown_path(wanted), reason=reason, needed=_wanted())
    return _REPOSITORIES.get(wanted, wanted.replace("/", "--")), wanted


def _waited(name: str, trouble: PassingTrouble, failures: int, hub: Hub, stop: StopFlag) -> Iterator[Progress]:
    """A pause before the next try. Raises the trouble when there were enough, or when the pause would be too long."""
    patience = hub.patience
    if failures >= patience.tries or trouble.wait_s > patience.longest_pause_s:
        raise trouble.error
    pause_s = trouble.wait_s or min(patience.longest_pause_s, patience.first_pause_s * 2 ** (failures - 1))
    said = _("{trouble} Trying again…").format(trouble=trouble.error.said_headline)
    yield Progress(name, Stage.WAITING, waits_for=said)
    stop.wait(pause_s)


def _needed(contents: Contents) -> list[RemoteFile]:
    missing = _missing([file.name for file in contents.files])
    if missing:
        reason = _("{files} is missing").format(files=missing)
        raise errors.ModelUnlike(name=contents.repository, reason=reason, needed=_wanted())
    return _small_first([file for file in contents.files if _is_of_model(file.name)])


def _checkpoint(contents: Contents) -> list[RemoteFile]:
    names = converting.needed([file.name for file in contents.files])
    return _small_first([file for file in contents.files if file.name in names])


def _small_first(files: list[RemoteFile]) -> list[RemoteFile]:
    """What is wrong with a model shows in its small files: they come first."""
    return sorted(files, key=lambda file: (file.size, file.name))


def _is_of_model(name: str) -> bool:
    return name in (*NEEDED, *VOCABULARIES, *OPTIONAL)


def _is_of_checkpoint(name: str) -> bool:
    return name.endswith(converting.ENDINGS)


def _missing(names: list[str]) -> str:
    missing = [one for one in NEEDED if one not in names]
    if not any(one in names for one in VOCABULARIES):
        missing.append(VOCABULARIES[0])
    return ", ".join(missing)


def _wanted() -> str:
    return ", ".join((*NEEDED, VOCABULARIES[0]))


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


def _write(file: Any, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[file.write(view) :]


def _keep(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _keep_folder(folder: Path) -> None:
    """The rename itself survives a power cut, where folders can be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
