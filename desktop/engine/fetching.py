"""The files of a model on their way from the hub: gone on with where they were left, and proved."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from desktop.core import errors
from desktop.core.catalogue import Progress, Stage
from desktop.core.i18n import _
from desktop.core.ports import StopFlag, Stopped
from desktop.engine.hub import Contents, Hub, PassingTrouble, RemoteFile, Startover
from desktop.engine.receipt import Seal, blocks

PART = ".part"
EVERY_S = 0.1
"""So often progress is told at most."""
WINDOW_S = 5.0
"""The speed is that of the last seconds."""


def contents_of(name: str, repository: str, hub: Hub, stop: StopFlag) -> Generator[Progress, None, Contents | None]:
    """What belongs to a model, from a hub that may be in passing trouble; None when stopped. Raises AppError."""
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


class Fetching:
    """The files of one model on their way from the hub."""

    def __init__(self, name: str, hub: Hub, contents: Contents, folder: Path, meter: Meter) -> None:
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
            synced(target_file)
        return seal.is_of(size, digest)


class Meter:
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


def _waited(name: str, trouble: PassingTrouble, failures: int, hub: Hub, stop: StopFlag) -> Iterator[Progress]:
    """A pause before the next try. Raises the trouble when there were enough, or when the pause would be too long."""
    patience = hub.patience
    if failures >= patience.tries or trouble.wait_s > patience.longest_pause_s:
        raise trouble.error
    pause_s = trouble.wait_s or min(patience.longest_pause_s, patience.first_pause_s * 2 ** (failures - 1))
    said = _("{trouble} Trying again…").format(trouble=trouble.error.said_headline)
    yield Progress(name, Stage.WAITING, waits_for=said)
    stop.wait(pause_s)


def _write(file: Any, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[file.write(view) :]


def synced(file: Any) -> None:
    """What was written is on the disk, and not only on its way there."""
    file.flush()
    os.fsync(file.fileno())
