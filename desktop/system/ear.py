"""The microphone of dictation: open with the key, no word lost at either end, and everything on the disk at once."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from desktop.core import errors
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.ports import Microphones
from desktop.core.recording import Device, SourceKind, chosen, flag_of
from desktop.system.capture import Capture
from desktop.system.clock import Clock
from desktop.system.sound_file import SoundFile

RATE_HZ = 16_000
"""With one channel of 16 bits, what the recogniser takes; the system makes it of whatever the device delivers."""
OPEN_WITHIN_S = 8.0
LEAVE_WITHIN_S = 2.0
ON_THE_WAY_S = 0.05
"""From the microphone to us, at the quickest."""
LATEST_S = 1.2
"""After the end was asked for, no sound is waited for any longer."""
MOST_AFTER_S = 0.8
"""So much longer at most, while speech goes on."""
FRAME = RATE_HZ // 50
QUIET_FRAMES = 4
"""After 80 ms without speech nothing more is expected."""
OVER_FLOOR, UNDER_VOICE = 3.0, 0.12
"""Speech is so many times louder than the background of the take, and no softer than that part of its loud places."""
LEAST_SPEECH = 0.002
FULL_SCALE = 32_768

Samples = npt.NDArray[np.int16]

log = logging.getLogger(__name__)


class SystemEars:
    """The Ears port."""

    def __init__(self, microphones: Callable[[], Microphones], clock: Clock | None = None) -> None:
        """`microphones` makes them, which may take a moment: it is called with the first `use`."""
        self._make = microphones
        self._clock = clock or Clock()
        self._microphones: Microphones | None = None
        self._unwatch: Callable[[], None] | None = None
        self._name = ""
        self._pre_roll = 0
        self._there: tuple[Device, ...] | None = None
        self._told = threading.Event()
        self._standby: _Standby | None = None

    def use(self, name: str, pre_roll_ms: int) -> None:
        """Listen with the microphone of that name, or the usual one; with what was said just before, if wanted."""
        if self._microphones is None:
            self._microphones = self._make()
            self._unwatch = self._microphones.watch(self._on_devices)
            self._told.wait(LEAVE_WITHIN_S)
        self._name, self._pre_roll = name, pre_roll_ms * RATE_HZ // 1000
        self._stand_by()

    def listen(self, path: Path) -> SoundOfTake:
        """Begin at once, into a new file."""
        device = self._device()
        if device is None:
            return SoundOfTake(path, self._clock, None, errors.MicrophoneGone(name=self._name or _("The microphone")))
        standby, self._standby = self._standby, None
        if standby and standby.is_of(device):
            return SoundOfTake(path, self._clock, standby.capture, None, standby.before(), self._is_there)
        if standby:
            standby.capture.leave()
        return SoundOfTake(path, self._clock, self._capture(device), None, still_there=self._is_there)

    def tick(self) -> None:
        """Keep the last moments in memory, where that is wanted; nothing of them goes anywhere else."""
        if self._standby:
            self._standby.hear()
            device = self._device()
            if device is None or not self._standby.is_of(device):
                self._standby.capture.leave()
                self._standby = None
        self._stand_by()

    def close(self) -> None:
        """Let every device go."""
        self._pre_roll = 0
        self._stand_by()
        if self._unwatch:
            self._unwatch()
            self._unwatch = None
        self._microphones = None

    def _stand_by(self) -> None:
        if not self._pre_roll and self._standby:
            self._standby.capture.leave()
            self._standby = None
        elif self._pre_roll and self._standby is None and (device := self._device()):
            self._standby = _Standby(self._capture(device), self._pre_roll)
        elif self._standby:
            self._standby.most = self._pre_roll

    def _capture(self, device: Device) -> Capture:
        assert self._microphones, "use comes first"
        as_heard = replace(device, sample_rate_hz=RATE_HZ, channels=1, sample_bits=16)
        return Capture(self._microphones, as_heard, self._clock)

    def _device(self) -> Device | None:
        return chosen(self._there or (), SourceKind.MICROPHONE, self._name)

    def _is_there(self, device: Device) -> bool:
        return any(device.is_same(one) for one in self._there or ())

    def _on_devices(self, there: tuple[Device, ...]) -> None:
        self._there = there
        self._told.set()


class _Standby:
    """A device that is open all the time, of which only the last moments are kept."""

    def __init__(self, capture: Capture, most: int) -> None:
        self.capture = capture
        self.most = most
        self._blocks: deque[Samples] = deque()

    def is_of(self, device: Device) -> bool:
        return self.capture.device.is_same(device) and not self.capture.error and not self.capture.has_ended

    def hear(self) -> None:
        block, _lost = self.capture.ring.read()
        self._blocks.append(block[:, 0].copy())
        while sum(map(len, self._blocks)) - len(self._blocks[0]) >= self.most:
            self._blocks.popleft()

    def before(self) -> Samples:
        self.hear()
        self.capture.ring.earliest_s()  # its clock may have gone astray by now
        return np.concatenate(self._blocks)[-self.most :]


class SoundOfTake:
    """The Speech port."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        capture: Capture | None,
        error: AppError | None,
        before: Samples | None = None,
        still_there: Callable[[Device], bool] = lambda _device: True,
    ) -> None:
        self.path = path
        self.error = error
        """Why there is no sound, or no more."""
        self.level = 0.0
        self.is_mute = True
        self.is_over = error is not None
        self._clock = clock
        self._capture = capture
        self._before = before
        self._still_there = still_there
        self._began_s = clock.now_s()
        self._count = 0
        self._asked_s: float | None = None
        self._is_stopped = False
        self._frames: list[float] = []
        self._rest: Samples = np.zeros(0, np.int16)
        self._lock: FileLock | None = None
        self._file: SoundFile | None = None

    @property
    def is_open(self) -> bool:
        """Whether sound has come."""
        return self.first_s is not None

    @property
    def first_s(self) -> float | None:
        """When sound came first; the beginning where it came before that."""
        first_s = self._capture.ring.first_s if self._capture else None
        return None if first_s is None else max(first_s, self._began_s)

    @property
    def duration_ms(self) -> int:
        """How much was read."""
        return 1000 * self._count // RATE_HZ

    def finish(self) -> None:
        """Take what was said up to now, and go on as long as speech does, a little while at most."""
        self._asked_s = self._clock.now_s() if self._asked_s is None else self._asked_s

    def stop(self) -> None:
        """Take what has come up to now."""
        self._is_stopped = True

    def read(self) -> bytes:
        """What has come since last asked. A disk that does not take it is an `error`; the sound goes on."""
        if self._capture is None or self.is_over:
            return b""
        block = self._capture.ring.read()[0][:, 0]
        if self._before is not None:
            block, self._before = np.concatenate([self._before, block]), None
        self._look(self._capture, len(block))
        if not len(block):
            return b""
        self._count += len(block)
        self._measure(block)
        self._keep(block)
        return block.astype("<i2").tobytes()

    def close(self, keep: bool) -> bool:
        """Let the device go and finish the file, or delete it; whether there is a whole one."""
        self.is_over = True
        is_whole = False
        if self._capture:
            self._capture.leave()
        with contextlib.suppress(OSError):
            is_whole = self._file is not None and self._file.close() and keep
            if not keep:
                self.path.unlink(missing_ok=True)
        if self._lock:
            self._lock.release()
            with contextlib.suppress(OSError):
                flag_of(self.path).unlink(missing_ok=True)
            self._lock = None
        if self._capture:
            self._capture.wait(LEAVE_WITHIN_S)
        return is_whole

    def _look(self, capture: Capture, count: int) -> None:
        """Whether it is over, and whether the device is still there: some deliver silence when they are not."""
        now_s, name = self._clock.now_s(), capture.device.name
        if capture.error:
            self.error = capture.error
        elif not self.is_open and now_s - self._began_s > OPEN_WITHIN_S:
            self.error = errors.SoundDeviceRefused(name=name, reason=_("it delivers nothing"))
        elif capture.has_ended or not self._still_there(capture.device):
            self.error = errors.MicrophoneGone(name=name)
        if self._is_stopped or self.error:
            self.is_over = True
        elif self._asked_s is not None:
            self.is_over = self._is_said(capture, count, now_s - self._asked_s)

    def _is_said(self, capture: Capture, count: int, waited_s: float) -> bool:
        """Whether all that was said before the end was asked for has come, and nothing is being said now."""
        if waited_s > LATEST_S or not self.is_open:
            return waited_s > LATEST_S
        assert self._asked_s is not None
        after = capture.ring.first_sample_s() + capture.ring.arrived / RATE_HZ - self._asked_s
        return after >= ON_THE_WAY_S and (after > MOST_AFTER_S or (count > 0 and not self._speaks()))

    def _speaks(self) -> bool:
        loud = sorted(self._frames[-50 * 20 :])
        if len(loud) < QUIET_FRAMES:
            return False
        floor, voice = loud[len(loud) // 10], loud[-1 - len(loud) // 20]
        return max(self._frames[-QUIET_FRAMES:]) > max(LEAST_SPEECH, OVER_FLOOR * floor, UNDER_VOICE * voice)

    def _measure(self, block: Samples) -> None:
        values = np.concatenate([self._rest, block]).astype(np.float32) / FULL_SCALE
        whole = len(values) // FRAME * FRAME
        self._rest = block[len(block) - (len(values) - whole) :] if len(values) > whole else block[:0]
        if whole:
            self._frames += np.sqrt(np.square(values[:whole]).reshape(-1, FRAME).mean(axis=1)).tolist()
        self.level = float(np.sqrt(np.square(values).mean()))
        self.is_mute = self.is_mute and not block.any()

    def _keep(self, block: Samples) -> None:
        if self._lock is None:
            self._begin_file()
        if self._file:
            self._file.write(0, block[:, None])
            if self._file.failure:
                self._file = None  # text comes all the same; only after a crash there would be nothing

    def _begin_file(self) -> None:
        assert self._capture
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(flag_of(self.path), timeout=0)
            self._lock.acquire()
            self._file = SoundFile(self.path, [self._capture.device])
        except OSError as error:
            log.warning("the sound of a dictation is not kept: %s", error.strerror)
