"""A recorder and microphones that do as tests say."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from desktop.core import errors
from desktop.core.recording import Device, Mark, Saved, SourceKind, State, Status, Switched, TakeNews

MIC = Device("mic", "Desk", SourceKind.MICROPHONE, 48_000, 1, is_default=True)
HEADSET = Device("headset", "Headset", SourceKind.MICROPHONE, 48_000, 1)


class FakeTake:
    """Tells what it is given with `tell`, until `stop`."""

    def __init__(self, devices: Sequence[Device], path: Path) -> None:
        self.devices = tuple(devices)
        self.path = path
        self.wishes: list[object] = []
        self.saves = True
        self._news: queue.SimpleQueue[TakeNews | Exception | None] = queue.SimpleQueue()

    def run(self) -> Iterator[TakeNews]:
        while (news := self._news.get()) is not None:
            if isinstance(news, Exception):
                raise news
            yield news
        if self.saves:
            yield Saved(self.path, 5000, 2, 1)

    def tell(self, *news: TakeNews | Exception) -> None:
        """These, in order."""
        for one in news:
            self._news.put(one)

    def goes_on(self, elapsed_ms: int, state: State = State.RECORDING) -> None:
        """Its status after so much sound."""
        self.tell(Status(state, elapsed_ms, self.devices, path=self.path))

    def begin(self) -> None:
        """The first sound; the file is there."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_bytes(b"sound")
        self.tell(Status(State.STARTING))
        self.goes_on(100)

    def pause(self) -> None:
        self.goes_on(1000, State.PAUSED)

    def resume(self) -> None:
        self.goes_on(1000)

    def mark(self, text: str = "") -> None:
        self.tell(Mark(1000, text))

    def switch_to(self, device: Device) -> None:
        self.tell(Switched((device,)))

    def stop(self) -> None:
        self._news.put(None)


class FakeRecorder:
    """Keeps the takes that it has made."""

    def __init__(self) -> None:
        self.takes: list[FakeTake] = []
        self.growing: set[Path] = set()
        self.unrepairable: dict[Path, errors.AppError] = {}
        self.repaired: list[Path] = []

    @property
    def take_now(self) -> FakeTake:
        """The last one."""
        return self.takes[-1]

    def take(self, devices: Sequence[Device], path: Path) -> FakeTake:
        self.takes.append(FakeTake(devices, path))
        return self.takes[-1]

    def is_growing(self, path: Path) -> bool:
        return path in self.growing

    def repair(self, path: Path) -> None:
        if path in self.unrepairable:
            raise self.unrepairable[path]
        self.repaired.append(path)


class FakeMicrophones:
    """Devices that come and go."""

    def __init__(self) -> None:
        self.changed: Callable[[tuple[Device, ...]], None] | None = None

    def devices(self) -> tuple[Device, ...]:
        return (MIC,)

    def watch(self, changed: Callable[[tuple[Device, ...]], None]) -> Callable[[], None]:
        self.changed = changed
        changed((MIC,))
        return self.unwatch

    def unwatch(self) -> None:
        self.changed = None

    def open(self, device: Device, heard: Callable[[object], None]) -> object:
        raise AssertionError("the fake recorder opens nothing")
