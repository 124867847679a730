"""One track of a recording: sound from whichever device it has at the moment, put where it belongs in time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from desktop.core import errors
from desktop.core.clocks import WINDOW_S, DeviceClock, samples_to_fit, silence_to_fit
from desktop.core.i18n import _
from desktop.core.names import clock as shown_clock
from desktop.core.ports import Microphones
from desktop.core.recording import DEVICE, OVERRUN, Device, Gap, Level, Meter, SilenceWatch, TakeNews, Warned
from desktop.system.capture import Capture
from desktop.system.clock import Clock
from desktop.system.ring import Block
from desktop.system.sound_file import SoundFile

SETTLE_S = 0.6
"""What comes first often comes late: so long deliveries are watched before their time is believed."""
OPEN_WITHIN_S = 8.0
STALLED_S = 2.0
"""A device that delivers nothing for so long is opened once more; whichever of the two delivers first stays."""
GIVEN_UP_S = 4.0
TICK_COUNTS_S = 0.25
"""Of a longer time between two looks no more counts as stalled: it was we who were away."""
BEHIND_S = 1.5
"""Where there is no device, silence is written up to so long ago: a new one may bring sound from then on."""
LEAST_HOLE_MS = 20
AWAY_FROM_START_S = 0.5
SAMPLES_PER_FIT = 480


class Track:
    """Writes what its device delivers; silence where it delivers nothing or lost something, and says so.

    `origin_s`, the same for all tracks, is when the file begins on the clock of the machine.
    """

    def __init__(
        self, number: int, device: Device, microphones: Microphones, clock: Clock, tell: Callable[[TakeNews], None]
    ) -> None:
        self.number = number
        self.device = device
        """What is recorded from, or was last."""
        self.wanted = device
        """What somebody chose."""
        self.is_offered = False
        """Whether it has been told that the wanted device is there again."""
        self.lost_samples = 0
        self.fitted_samples = 0
        self.clock = DeviceClock()
        self.failure: errors.AppError | None = None
        """Why the last device could not be opened; None once sound comes."""
        self.silence = SilenceWatch()
        self._form = device
        self._microphones = microphones
        self._time = clock
        self._tell = tell
        self._now: Capture | None = None
        self._next: Capture | None = None
        self._leaving: list[Capture] = []
        self._consumed = 0
        self._is_second_try = False
        self._begins_s: float | None = None
        self._owed = 0
        self._spare = 0
        self._fits = 0
        self._hole_at: int | None = None
        self._window_s = 0.0
        self._stalled_s = 0.0
        self._looked_s = clock.now_s()
        self._last_s = 0.0
        self._failed_s = 0.0
        self._meter = Meter()
        self._peak = 0.0
        self._power = 0.0
        self._measured = 0
        self._zero_run = False

    # --- devices ---

    @property
    def rate_hz(self) -> int:
        """Of the track: what a device is asked for, whatever it could do by itself."""
        return self._form.sample_rate_hz

    @property
    def is_live(self) -> bool:
        """Whether sound of a device is being written."""
        return self._now is not None

    @property
    def is_opening(self) -> bool:
        """Whether a device is on its way."""
        return self._next is not None

    @property
    def hung(self) -> int:
        """How many devices have been let go and are still not gone."""
        return sum(not capture.is_left for capture in self._leaving)

    @property
    def waits_s(self) -> float:
        """How long ago the last attempt to open one failed."""
        return self._time.now_s() - self._failed_s

    @property
    def first_s(self) -> float | None:
        """When the device on its way delivered for the first time."""
        return self._next.ring.first_s if self._next else None

    def begin(self, device: Device) -> None:
        """Open a device; it takes over once it delivers."""
        if self._next:
            self._leave(self._next)
        form = self._form
        self._next = Capture(
            self._microphones,
            replace(
                device,
                sample_rate_hz=form.sample_rate_hz,
                channels=form.channels,
                sample_bits=form.sample_bits,
            ),
            self._time,
        )

    def lose(self, file: SoundFile | None) -> None:
        """The device is gone: what it delivered is written, silence follows."""
        if self._next:
            self._leave(self._next)
            self._next = None
        if self._now and file:
            self._take(self._now, file, is_paused=False)
        self._end_now(file)

    def leave(self) -> list[Capture]:
        """Let go of everything; the captures that are about to be let go."""
        for capture in (self._now, self._next):
            if capture:
                self._leave(capture)
        self._now = self._next = None
        return self._leaving

    def could_not_open(self) -> bool:
        """Whether the device on its way has failed: `failure` says why."""
        if self._next and self._next.error:
            self._fail(self._next, self._next.error)
        elif self._next and self.first_s is None and self._time.now_s() - self._next.began_s > OPEN_WITHIN_S:
            name = self._next.device.name
            self._fail(self._next, errors.SoundDeviceRefused(name=name, reason=_("it delivers nothing")))
        return self._next is None

    def begins_s(self) -> float:
        """When the first sample of the device on its way was recorded, as far as can be told."""
        assert self._next
        return self._next.ring.first_sample_s()

    # --- sound ---

    def step(self, file: SoundFile, origin_s: float, leading: DeviceClock, is_paused: bool) -> None:
        """Write what has come."""
        now_s = self._time.now_s()
        if self._next:
            self._look_at_next(self._next, file, leading, now_s)
        if self._now and self._begins_s is not None and not is_paused:
            self._place(self._begins_s, file, origin_s, leading)
        if self._now:
            self._take(self._now, file, is_paused)
            self._watch(self._now, file, now_s)
        if self._now and now_s >= self._window_s and not is_paused:
            self._window_s = now_s + WINDOW_S
            self._keep_time(self._now, file, origin_s, leading)
        if not self._now and not is_paused:
            self._wait_in_silence(file, now_s - origin_s - BEHIND_S)
        self._looked_s = now_s

    def skip(self, paused_s: float, discarded: int) -> None:
        """After a pause: `discarded` samples came in this time and were not written."""
        if self._now and self._begins_s is None:
            self._owed += discarded - round(paused_s * self.rate_hz)
            self._window_s = self._time.now_s() + WINDOW_S
            self._now.ring.earliest_s()

    @property
    def consumed(self) -> int:
        """How many samples the present device has delivered."""
        return self._consumed

    def reaches(self, file: SoundFile, file_s: float) -> bool:
        """Whether everything up to a time is written, or none is to be expected."""
        return not self._now or file.count(self.number) >= file_s * self.rate_hz

    def level(self, at_ms: int) -> Level:
        """How loud it was since last asked."""
        rms = math.sqrt(self._power / self._measured) if self._measured else 0.0
        level = self._meter.level(self._peak, min(rms, 1.0), at_ms)
        if self._measured or not self._now:
            self.silence.note(self._peak, at_ms)
        self._peak = self._power = 0.0
        self._measured = 0
        return level

    def close_hole(self, file: SoundFile) -> None:
        """Tell of the gap that ends here, if there is one."""
        if self._hole_at is None:
            return
        start_ms, end_ms = (round(1000 * at / self.rate_hz) for at in (self._hole_at, file.count(self.number)))
        self._hole_at = None
        if end_ms - start_ms >= LEAST_HOLE_MS:
            self._tell(Gap(start_ms, end_ms - start_ms, DEVICE, self.device.name))

    def _look_at_next(self, capture: Capture, file: SoundFile, leading: DeviceClock, now_s: float) -> None:
        first_s = capture.ring.first_s
        if not self.could_not_open() and first_s is not None and now_s - first_s >= SETTLE_S:
            self._take_over(capture, file, leading)

    def _fail(self, capture: Capture, error: errors.AppError) -> None:
        self._leave(capture)
        self._next = None
        self._failed_s = self._time.now_s()
        self.failure = error

    def _take_over(self, capture: Capture, file: SoundFile, leading: DeviceClock) -> None:
        if self._now:
            self._take(self._now, file, is_paused=self._begins_s is not None)
            self._leave(self._now)
            if self._stalled_s >= STALLED_S:
                self._hole_at = file.count(self.number)
        self._now, self._next = capture, None
        self._is_second_try = False
        self._begins_s = capture.ring.earliest_s()
        self._consumed = self._owed = self._spare = self._fits = 0
        self._stalled_s = 0.0
        self._last_s = capture.ring.last_s
        self._window_s = self._time.now_s() + WINDOW_S
        if self.clock is not leading:
            self.clock = DeviceClock(leading.drift_s)
        form = self._form
        self.device = replace(
            self.wanted if capture.device.is_same(self.wanted) else capture.device,
            sample_rate_hz=form.sample_rate_hz,
            channels=form.channels,
        )
        self.failure = None

    def _wait_in_silence(self, file: SoundFile, until_s: float) -> None:
        count = file.count(self.number)
        missing = int(until_s * self.rate_hz) - count
        if missing > 0:
            self._hole_at = count if self._hole_at is None else self._hole_at
            self._be_silent(file, missing)

    def _place(self, begins_s: float, file: SoundFile, origin_s: float, leading: DeviceClock) -> None:
        """Where the sound of a new device belongs: after silence, or over the end of what the last one has brought."""
        self._begins_s = None
        count = file.count(self.number)
        off_s = begins_s - origin_s - leading.drift_s - (count - self._consumed) / self.rate_hz
        if not count and off_s > AWAY_FROM_START_S:
            self._hole_at = 0
        self._owed = min(0, round(off_s * self.rate_hz)) if count else 0
        self._be_silent(file, round(off_s * self.rate_hz))
        self.close_hole(file)

    def _take(self, capture: Capture, file: SoundFile, is_paused: bool) -> None:
        block, lost = capture.ring.read()
        self._consumed += len(block) + lost
        if len(block):
            self._measure(block)
        if is_paused:
            return
        if self._owed > 0:
            self._be_silent(file, self._owed)
            self._owed = 0
        elif self._owed < 0:
            dropped = min(len(block), -self._owed)
            block = block[dropped:]
            self._owed += dropped
        file.write(self.number, self._fitted(self._without_spare(block)))
        if lost:
            self._note_loss(file, lost)

    def _measure(self, block: Block) -> None:
        full = 1 << (8 * block.dtype.itemsize - 1)
        sound = block.astype(np.float32) / full
        self._peak = max(self._peak, float(np.abs(sound).max()))
        self._power += float(np.square(sound, dtype=np.float64).mean()) * len(block)
        self._measured += len(block)
        self._zero_run = not block.any()

    def _watch(self, capture: Capture, file: SoundFile, now_s: float) -> None:
        """A device that delivers nothing may have stopped; while we were away ourselves, that proves nothing."""
        if capture.ring.last_s != self._last_s:
            self._last_s = capture.ring.last_s
            self._stalled_s = 0.0
            if self._is_second_try:
                self._call_off()
            return
        before_s, self._stalled_s = self._stalled_s, self._stalled_s + min(TICK_COUNTS_S, now_s - self._looked_s)
        if before_s < STALLED_S <= self._stalled_s or capture.has_ended:
            self._tell(Warned(errors.SoundDeviceStalled(name=self.device.name)))
            if not self._next:
                self.begin(self.device)
                self._is_second_try = True
        if self._stalled_s >= GIVEN_UP_S or capture.has_ended:
            self._end_now(file)

    def _call_off(self) -> None:
        """The device goes on by itself: what it held back is on its way, and nothing is lost."""
        self._is_second_try = False
        if self._next:
            self._leave(self._next)
            self._next = None

    def _end_now(self, file: SoundFile | None) -> None:
        if self._now:
            self._leave(self._now)
            self._now = None
            self._is_second_try = False
            self._stalled_s = 0.0
            if file:
                self._hole_at = file.count(self.number)

    def _leave(self, capture: Capture) -> None:
        capture.leave()
        self._leaving = [one for one in self._leaving if not one.is_left]
        self._leaving.append(capture)

    # --- time ---

    def _keep_time(self, capture: Capture, file: SoundFile, origin_s: float, leading: DeviceClock) -> None:
        earliest_s = capture.ring.earliest_s()
        if not math.isfinite(earliest_s):
            return
        offset_s = (file.count(self.number) - self._consumed) / self.rate_hz
        self.clock.note(earliest_s - origin_s - offset_s)
        if self._zero_run:
            self._fit_silence(file, silence_to_fit(self.clock, leading, self.rate_hz))
        elif (jump_s := self.clock.jump_s()) > 0:
            self._note_loss(file, round(jump_s * self.rate_hz))
            self.clock.corrected(jump_s)
        elif jump_s < 0:
            self.clock.accept()  # it was late before, and is not now: what is written stays
        if self.clock is not leading:
            self._fits = samples_to_fit(self.clock, leading, self.rate_hz)

    def _fit_silence(self, file: SoundFile, count: int) -> None:
        """Among zeros, zeros can be put in or left out without anybody hearing it."""
        if count > 0:
            self._be_silent(file, count)
            self.clock.corrected(count / self.rate_hz)
        else:
            self._spare = -count

    def _without_spare(self, block: Block) -> Block:
        """Without the zeros at its start, as far as there are too many."""
        if not self._spare:
            return block
        sound = block.any(axis=1)
        zeros = int(sound.argmax()) if sound.any() else len(block)
        dropped, self._spare = min(zeros, self._spare), 0
        self.clock.corrected(-dropped / self.rate_hz)
        return block[dropped:]

    def _fitted(self, block: Block) -> Block:
        """With single samples put in or left out, where neighbours are most alike: two tracks then keep one clock."""
        count = max(-(len(block) // SAMPLES_PER_FIT), min(len(block) // SAMPLES_PER_FIT, self._fits))
        if not count:
            return block
        self._fits -= count
        self.fitted_samples += abs(count)
        self.clock.corrected(count / self.rate_hz, is_drift=True)
        steps = np.abs(np.diff(block.astype(np.int64), axis=0)).sum(axis=1)
        bounds = np.linspace(0, len(steps), abs(count) + 1).astype(int)
        places = [start + int(steps[start:end].argmin()) + 1 for start, end in pairwise(bounds)]
        if count < 0:
            return np.delete(block, places, axis=0)
        return np.insert(block, places, block[np.array(places) - 1], axis=0)

    def _note_loss(self, file: SoundFile, count: int) -> None:
        at_ms = round(1000 * file.count(self.number) / self.rate_hz)
        lasted_ms = max(1, round(1000 * count / self.rate_hz))
        self.lost_samples += count
        self._be_silent(file, count)
        self._tell(Gap(at_ms, lasted_ms, OVERRUN, self.device.name))
        self._tell(Warned(errors.SamplesLost(name=self.device.name, lasted=lasted_ms, at=shown_clock(at_ms))))

    def _be_silent(self, file: SoundFile, count: int) -> None:
        if count > 0:
            file.silence(self.number, count)
