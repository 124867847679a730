"""Records from one device or two into a file that is safe at every moment, whatever devices, disk and clock do."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.names import clock as shown_clock
from desktop.core.names import rough_duration, shown_name, shown_path
from desktop.core.ports import Microphones
from desktop.core.recording import (
    LEAST_FREE_BYTES,
    PAUSED,
    SUSPENDED,
    Device,
    Gap,
    Mark,
    Saved,
    SourceKind,
    State,
    Status,
    Switched,
    TakeNews,
    Warned,
    chosen,
    flag_of,
    is_disk_low,
    lasts_ms,
    usual_bytes_a_second,
)
from desktop.system import sound_file
from desktop.system.clock import Clock
from desktop.system.sound_file import SoundFile
from desktop.system.track import SETTLE_S, Track

TICK_S = 0.05
STATUS_EVERY_S = 0.1
LOOK_AT_DISK_S = 1.0
FIRST_WITHIN_S = 3.0
"""A second device that delivers nothing by then does not keep the first waiting."""
LAST_WITHIN_S = 0.4
"""After Stop: until what was said before it has come through the sound server."""
LEAVE_WITHIN_S = 2.0
RETRY_S = 2.0
MOST_HUNG = 2
"""Captures that wait for a sound server that hangs: it is not asked once more before it has answered."""
ROOM_TO_END_BYTES = 1 << 20
"""With less a recording could not be ended whole: it goes on in the hope for room."""
HOPE_S = 30.0
"""How long a full disk is hoped to get room again."""
MEASURED_AFTER_MS = 10_000
SLEPT_S = 1.0
AWAY_S = 60.0
"""Of which this program was not run at all: as good as asleep."""


class SystemRecorder:
    """The Recorder port."""

    def __init__(
        self,
        microphones: Microphones,
        clock: Clock | None = None,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._microphones = microphones
        self._clock = clock or Clock()
        self._free_bytes = free_bytes

    def take(self, devices: Sequence[Device], path: Path) -> FileTake:
        """A recording into a new file, a track for each device."""
        return FileTake(devices, path, self._microphones, self._clock, self._free_bytes)

    def is_growing(self, path: Path) -> bool:
        """Whether some process is recording into this file."""
        flag = flag_of(path)
        if not flag.exists():
            return False
        try:
            with FileLock(flag, timeout=0):
                return False
        except Timeout:
            return True

    def repair(self, path: Path) -> None:
        """Give the file of a recording that was cut off its length and its index, and take away its flag.

        Raises FileMissing, NoSound, RecordingUnfinished.
        """
        if not path.exists():
            raise errors.FileMissing(name=shown_name(path))
        try:
            sound_file.repair(path)
        except ValueError as error:
            raise errors.NoSound(name=shown_name(path)) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise errors.RecordingUnfinished(name=shown_name(path), reason=reason) from error
        flag_of(path).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Command:
    do: Callable[[float], None]
    at_s: float


class FileTake:
    """One recording. `run` is the work, on the thread that iterates it; all else may be called from any other."""

    def __init__(
        self,
        devices: Sequence[Device],
        path: Path,
        microphones: Microphones,
        clock: Clock,
        free_bytes: Callable[[Path], int],
    ) -> None:
        self._path = path
        self._microphones = microphones
        self._clock = clock
        self._free_bytes = free_bytes
        self._commands: deque[_Command] = deque()
        self._woken = threading.Event()
        self._news: deque[TakeNews] = deque()
        self._devices = tuple(devices)
        self._tracks: list[Track] = []
        self._there: tuple[Device, ...] | None = None
        self._state = self._told_state = State.STARTING
        self._origin_s = 0.0
        self._paused_s = 0.0
        self._consumed_before: list[int] = []
        self._stop_s: float | None = None
        self._ending: errors.AppError | None = None
        self._stuck_at_ms = 0
        self._disk = _Disk()
        self._looked_s = self._asleep_s = self._told_s = 0.0
        self._file: SoundFile | None = None

    # --- wishes, from any thread ---

    def pause(self) -> None:
        """Leave out what comes from here on."""
        self._wish(self._pause)

    def resume(self) -> None:
        """Go on."""
        self._wish(self._resume)

    def mark(self, text: str = "") -> None:
        """Flag this moment."""
        self._wish(lambda at_s: self._mark(at_s, text))

    def switch_to(self, device: Device) -> None:
        """Go on with another device on the track of its kind; on the only track, whatever its kind."""
        self._wish(lambda _at_s: self._switch(device))

    def stop(self) -> None:
        """End the recording after what was said up to now."""
        self._wish(self._stop)

    def _wish(self, do: Callable[[float], None]) -> None:
        self._commands.append(_Command(do, self._clock.now_s()))
        self._woken.set()

    # --- the work ---

    def run(self) -> Iterator[TakeNews]:
        """Record until `stop`; the last news is `Saved` where the file is whole. Raises AppError."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(flag_of(self._path), timeout=0):
                try:
                    yield from self._recorded()
                finally:
                    self._let_go()
                    if self._file:
                        self._file.close()
        except OSError as error:
            raise self._cut_off(error) from error
        finally:
            with contextlib.suppress(OSError):
                flag_of(self._path).unlink(missing_ok=True)

    def _recorded(self) -> Iterator[TakeNews]:
        self._look_at_disk()
        if self._ending:
            raise errors.DiskFull(folder=shown_path(self._path.parent))
        self._tracks = [
            Track(number, device, self._microphones, self._clock, self._tell)
            for number, device in enumerate(self._devices)
        ]
        for track in self._tracks:
            track.begin(track.wanted)
        unwatch = self._microphones.watch(self._on_devices)
        try:
            yield from self._started()
            if self._state is State.STOPPING:
                return
            speakers = (_("Me"), _("Them")) if self._are_speakers() else ()
            self._file = SoundFile(self._path, self._devices, speakers)
            yield from self._going(self._file)
            yield from self._ended(self._file)
        finally:
            unwatch()

    def _are_speakers(self) -> bool:
        return [device.kind for device in self._devices] == [SourceKind.MICROPHONE, SourceKind.SYSTEM]

    def _started(self) -> Iterator[TakeNews]:
        """Until sound comes. What has come is kept meanwhile."""
        began_s = self._looked_s = self._clock.now_s()
        self._asleep_s = self._clock.asleep_s()
        while self._state is State.STARTING:
            if self._clock.now_s() - self._told_s >= STATUS_EVERY_S:
                yield self._status()
            self._wait()
            now_s = self._clock.now_s()
            failed = [track for track in self._tracks if track.could_not_open()]
            if failed and failed[0].failure:
                raise failed[0].failure
            firsts = [track.first_s for track in self._tracks if track.first_s is not None]
            waited_s = now_s - began_s
            are_all = len(firsts) == len(self._tracks) or waited_s > FIRST_WITHIN_S
            if firsts and are_all and now_s - max(firsts) >= SETTLE_S:
                self._origin_s = min(track.begins_s() for track in self._tracks if track.first_s is not None)
                self._state = State.RECORDING

    def _going(self, file: SoundFile) -> Iterator[TakeNews]:
        while True:
            self._look_for_sleep(file)
            for track in self._tracks:
                track.step(file, self._origin_s, self._tracks[0].clock, self._state is State.PAUSED)
                self._care_for(track)
            file.catch_up()
            if file.failure:
                raise file.failure
            self._look_at_disk()
            if self._clock.now_s() - self._told_s >= STATUS_EVERY_S or self._told_state is not self._shown_state:
                yield self._status()
            while self._news:
                yield self._news.popleft()
            if self._stop_s is not None and self._has_all(file, self._stop_s):
                return
            self._wait()

    def _has_all(self, file: SoundFile, stop_s: float) -> bool:
        if self._clock.now_s() - stop_s > LAST_WITHIN_S or self._paused_s:
            return True
        until_s = stop_s - self._origin_s - self._tracks[0].clock.drift_s
        return all(track.reaches(file, until_s) for track in self._tracks)

    def _ended(self, file: SoundFile) -> Iterator[TakeNews]:
        self._let_go()
        length_s = max(file.count(track.number) / track.rate_hz for track in self._tracks)
        for track in self._tracks:
            file.silence(track.number, round(length_s * track.rate_hz) - file.count(track.number))
            track.close_hole(file)
        at_ms = file.duration_ms()
        if not file.close():
            lost_from_ms = self._stuck_at_ms if self._disk.is_stuck else at_ms
            raise errors.RecordingCutOff(reason=_("the disk is full"), at=shown_clock(lost_from_ms))
        while self._news:
            yield self._news.popleft()
        if self._ending:
            yield Warned(self._ending)
        lost = sum(track.lost_samples for track in self._tracks)
        yield Saved(self._path, at_ms, lost, sum(track.fitted_samples for track in self._tracks))

    def _let_go(self) -> None:
        leaving = [capture for track in self._tracks for capture in track.leave()]
        for capture in leaving:
            capture.wait(LEAVE_WITHIN_S)

    def _wait(self) -> None:
        self._clock.wait(self._woken, TICK_S)
        self._woken.clear()
        while self._commands:
            command = self._commands.popleft()
            command.do(command.at_s)

    def _cut_off(self, error: OSError) -> errors.AppError:
        if self._file is None:
            folder = shown_path(self._path.parent)
            return errors.RecordingImpossible(folder=folder, reason=error.strerror or str(error))
        at_ms = self._file.duration_ms()
        return errors.RecordingCutOff(reason=error.strerror or str(error), at=shown_clock(at_ms))

    # --- wishes, carried out on the thread of the work ---

    def _pause(self, _at_s: float) -> None:
        if self._state is State.RECORDING and self._file:
            for track in self._tracks:
                track.step(self._file, self._origin_s, self._tracks[0].clock, is_paused=False)
            self._paused_s = self._clock.now_s()
            self._consumed_before = [track.consumed for track in self._tracks]
            self._state = State.PAUSED

    def _resume(self, _at_s: float) -> None:
        if self._state is not State.PAUSED or not self._file:
            return
        lasted_s = self._clock.now_s() - self._paused_s
        for track, before in zip(self._tracks, self._consumed_before, strict=True):
            track.step(self._file, self._origin_s, self._tracks[0].clock, is_paused=True)
            track.skip(lasted_s, track.consumed - before)
        self._origin_s += lasted_s
        self._paused_s = 0.0
        self._state = State.RECORDING
        self._tell(Gap(self._file.duration_ms(), round(1000 * lasted_s), PAUSED))

    def _mark(self, at_s: float, text: str) -> None:
        if self._state is State.PAUSED and self._file:
            at_ms = self._file.duration_ms()
        elif self._state is State.RECORDING:
            at_ms = max(0, round(1000 * (at_s - self._origin_s - self._tracks[0].clock.drift_s)))
        else:
            at_ms = 0
        self._tell(Mark(at_ms, text))

    def _stop(self, at_s: float) -> None:
        self._stop_s = at_s if self._stop_s is None else self._stop_s
        if self._state is State.STARTING:
            self._state = State.STOPPING

    def _switch(self, device: Device) -> None:
        fitting = [track for track in self._tracks if track.wanted.kind is device.kind] or self._tracks[:1]
        for track in fitting[:1]:
            track.wanted = device
            track.is_offered = True
            track.begin(device)

    # --- devices ---

    def _on_devices(self, there: tuple[Device, ...]) -> None:
        self._wish(lambda _at_s: self._see(there))

    def _see(self, there: tuple[Device, ...]) -> None:
        self._there = there
        if self._state is State.STARTING:
            return
        for track in self._tracks:
            is_there = any(track.device.is_same(device) for device in there)
            if track.is_live and not is_there:
                self._replace(track, there)
            elif not track.device.is_same(track.wanted):
                self._offer(track, there)

    def _replace(self, track: Track, there: Sequence[Device]) -> None:
        gone = track.device
        track.lose(self._file)
        track.is_offered = False
        instead = chosen(there, track.wanted.kind)
        if instead:
            track.begin(instead)
            self._tell(Warned(errors.SoundDeviceGone(name=gone.name, instead=instead.name)))
        else:
            self._tell(Warned(errors.SoundDeviceLost(name=gone.name)))

    def _offer(self, track: Track, there: Sequence[Device]) -> None:
        is_back = any(track.wanted.is_same(device) for device in there)
        if is_back and track.is_live and not track.is_offered:
            track.is_offered = True
            self._tell(Warned(errors.SoundDeviceBack(name=track.wanted.name)))
        elif not is_back:
            track.is_offered = False

    def _care_for(self, track: Track) -> None:
        """A track without a device gets the wanted one if it is there, else the default one, once there is any."""
        if track.device is not self._devices[track.number]:
            devices = tuple(one.device for one in self._tracks)
            if devices != self._devices:
                self._devices = devices
                self._tell(Switched(devices))
        if track.is_live or track.is_opening or track.waits_s < RETRY_S or track.hung >= MOST_HUNG:
            return
        there = self._there if self._there is not None else (track.wanted,)
        wanted = next((device for device in there if device.is_same(track.wanted)), None)
        if track.failure and wanted:
            others = [device for device in there if not device.is_same(wanted)]
            wanted = chosen(others, wanted.kind) if track.device.is_same(wanted) else wanted
        if found := wanted or chosen(there, track.wanted.kind):
            track.begin(found)

    def _tell(self, news: TakeNews) -> None:
        self._news.append(news)

    # --- disk, sleep, status ---

    def _look_at_disk(self) -> None:
        now_s = self._clock.now_s()
        is_news = self._file is not None and self._file.is_stuck and not self._disk.is_stuck
        if not self._disk.is_due(now_s) and not is_news:
            return
        folder = shown_path(self._path.parent)
        size = self._file.size if self._file else 0
        length_ms = self._file.duration_ms() if self._file else 0
        self._disk.look(now_s, self._free_bytes(self._path.parent), _bytes_a_second(self._devices, size, length_ms))
        if self._file and (self._file.is_stuck or self._disk.free_bytes < ROOM_TO_END_BYTES):
            if self._disk.has_become_stuck(now_s):
                self._stuck_at_ms = length_ms
                self._tell(Warned(errors.DiskFullWhileRecording(folder=folder, seconds=round(HOPE_S))))
            if self._disk.is_hopeless(now_s) or self._file.is_hopeless:
                self._end_full(folder, length_ms, now_s)
            return
        self._disk.has_room()
        if self._disk.free_bytes < LEAST_FREE_BYTES:
            self._end_full(folder, length_ms, now_s)
        elif self._disk.is_newly_low():
            lasts = rough_duration(self._disk.lasts_ms / 1000)
            self._tell(Warned(errors.DiskLow(folder=folder, lasts=lasts)))

    def _end_full(self, folder: str, length_ms: int, now_s: float) -> None:
        self._ending = self._ending or errors.RecordingEndedFull(folder=folder, at=shown_clock(length_ms))
        self._stop(now_s)

    def _look_for_sleep(self, file: SoundFile) -> None:
        """The machine may have slept, or this program may not have been run for long."""
        now_s, asleep_s = self._clock.now_s(), self._clock.asleep_s()
        slept_s, away_s = asleep_s - self._asleep_s, now_s - self._looked_s
        self._looked_s, self._asleep_s = now_s, asleep_s
        if away_s > AWAY_S:
            self._origin_s += away_s
            slept_s = max(slept_s, away_s)
        if slept_s > SLEPT_S and self._state is not State.PAUSED:
            self._tell(Gap(file.duration_ms(), round(1000 * slept_s), SUSPENDED))

    @property
    def _shown_state(self) -> State:
        return self._state if self._stop_s is None else State.STOPPING

    def _status(self) -> Status:
        now_s = self._told_s = self._clock.now_s()
        now_ms = round(1000 * now_s)
        levels = tuple(track.level(now_ms) for track in self._tracks)
        self._told_state = self._shown_state
        return Status(
            state=self._told_state,
            elapsed_ms=self._file.duration_ms() if self._file else 0,
            devices=self._devices,
            levels=levels,
            silent=tuple(track.device.name for track in self._tracks if track.silence.is_silent),
            free_bytes=self._disk.free_bytes,
            lasts_ms=self._disk.lasts_ms,
            lost_samples=sum(track.lost_samples for track in self._tracks),
            path=self._path,
        )


class _Disk:
    """How much room there is, and since when there is none."""

    def __init__(self) -> None:
        self.free_bytes = 0
        self.lasts_ms = 0
        self._looked_s = -LOOK_AT_DISK_S
        self._stuck_s: float | None = None
        self._was_low = False

    def is_due(self, now_s: float) -> bool:
        return now_s - self._looked_s >= LOOK_AT_DISK_S

    def look(self, now_s: float, free_bytes: int, bytes_a_second: float) -> None:
        self._looked_s = now_s
        self.free_bytes = free_bytes
        self.lasts_ms = lasts_ms(free_bytes, bytes_a_second)

    def is_newly_low(self) -> bool:
        before, self._was_low = self._was_low, is_disk_low(self.free_bytes, self.lasts_ms)
        return self._was_low and not before

    @property
    def is_stuck(self) -> bool:
        return self._stuck_s is not None

    def has_become_stuck(self, now_s: float) -> bool:
        is_new = self._stuck_s is None
        self._stuck_s = now_s if self._stuck_s is None else self._stuck_s
        return is_new

    def is_hopeless(self, now_s: float) -> bool:
        return self._stuck_s is not None and now_s - self._stuck_s > HOPE_S

    def has_room(self) -> None:
        self._stuck_s = None


def _bytes_a_second(devices: Sequence[Device], size: int, length_ms: int) -> float:
    """As measured; at the start as is usual."""
    return 1000 * size / length_ms if length_ms > MEASURED_AFTER_MS else usual_bytes_a_second(devices)
