"""Keeps the tracks of a recording on one clock: how far a device has run ahead, or lost, is seen from when sound comes.

No two devices count seconds alike, and some lose samples without a word. What comes late is no proof, since a busy
machine delays; but the earliest of many deliveries is as early as the device can be. Where even that comes later and
later, the device is slow; where it jumps, and stays there, samples are missing.
"""

from __future__ import annotations

from collections import deque

WINDOW_S = 1.0
"""How long deliveries are watched for the earliest one."""
STEADY_WINDOWS = 3
STEADY_S = 0.015
JUMP_S = 0.1
"""What a device is off by at once and for good is a loss; less may be its clock."""
MOST_DRIFT = 0.0005
"""The worst crystals: half a millisecond in a second."""
FIT_FROM_S = 0.01
"""Two tracks may be so far apart: less is neither heard nor certain."""
SILENCE_FIT_S = 0.06


class DeviceClock:
    """One device against the clock of the machine.

    `off_s` says how much later than its place in the file its sound comes: above 0 there is too little in the file.
    """

    def __init__(self, drift_s: float = 0.0) -> None:
        self.drift_s = drift_s
        """What the device is off by, as far as its clock is the cause."""
        self._recent: deque[float] = deque(maxlen=STEADY_WINDOWS)

    def note(self, off_s: float) -> None:
        """The earliest delivery of one window."""
        self._recent.append(off_s)
        if abs(off_s - self.drift_s) < JUMP_S:
            most = MOST_DRIFT * WINDOW_S
            self.drift_s += min(most, max(-most, off_s - self.drift_s))

    def jump_s(self) -> float:
        """How much has gone missing at once; 0 while that is not certain. Below 0: there is too much in the file."""
        if len(self._recent) < STEADY_WINDOWS or max(self._recent) - min(self._recent) > STEADY_S:
            return 0.0
        jump = self._recent[-1] - self.drift_s
        return jump if abs(jump) > JUMP_S else 0.0

    def latest_s(self) -> float:
        """What it is off by beside its drift, uncertain as that is."""
        return self._recent[-1] - self.drift_s if self._recent else 0.0

    def accept(self) -> None:
        """What it is off by now is right from here on."""
        if self._recent:
            self.drift_s = self._recent[-1]
        self._recent.clear()

    def corrected(self, by_s: float, is_drift: bool = False) -> None:
        """So much has been put into the file (below 0: left out)."""
        self._recent = deque((off - by_s for off in self._recent), maxlen=STEADY_WINDOWS)
        if is_drift:
            self.drift_s -= by_s


def samples_to_fit(following: DeviceClock, leading: DeviceClock, rate_hz: int) -> int:
    """How many single samples a track needs (below 0: has too many) to keep the clock of the leading one."""
    apart_s = following.drift_s - leading.drift_s
    return round(apart_s * rate_hz) if abs(apart_s) > FIT_FROM_S else 0


def silence_to_fit(clock: DeviceClock, leading: DeviceClock, rate_hz: int) -> int:
    """How many samples of silence may be put in or left out where there is nothing but zeros anyway."""
    drift_s = 0.0 if clock is leading else clock.drift_s - leading.drift_s
    off_s = clock.latest_s() + drift_s
    return round(off_s * rate_hz) if abs(off_s) > SILENCE_FIT_S else 0
