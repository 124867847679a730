"""Which part of the sound is in view, and where its times lie on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

FINEST_MS = 2.5
"""No pixel stands for less: the peaks are 10 ms apart."""
STEPS_MS = (
    10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
    1_800_000, 3_600_000, 7_200_000, 18_000_000, 36_000_000,
)  # fmt: skip
"""What lies between two times of a ruler."""


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of time over a width. Time runs from left to right, as on every player, however one reads."""

    start_ms: float
    ms_per_px: float
    width: float

    @staticmethod
    def whole(length_ms: float, width: float) -> View:
        """All of a file."""
        return View(0.0, max(length_ms, 1) / max(width, 1), max(width, 1))

    @property
    def span_ms(self) -> float:
        """How much is in view."""
        return self.ms_per_px * self.width

    @property
    def end_ms(self) -> float:
        """Where it ends."""
        return self.start_ms + self.span_ms

    def x_of(self, ms: float) -> float:
        """Where a time lies."""
        return (ms - self.start_ms) / self.ms_per_px

    def ms_at(self, x: float) -> float:
        """The time at a place."""
        return self.start_ms + x * self.ms_per_px

    def is_all_of(self, length_ms: float) -> bool:
        """Whether it shows all of a file."""
        return self.span_ms >= length_ms * (1 - 1e-9)

    def holds(self, ms: float) -> bool:
        """Whether a time is in view."""
        return self.start_ms <= ms <= self.end_ms

    def moved(self, by_ms: float, length_ms: float) -> View:
        """Further along the file, as far as there is any."""
        return replace(self, start_ms=self.start_ms + by_ms).within(length_ms)

    def zoomed(self, factor: float, x: float, length_ms: float) -> View:
        """Closer by a factor; what lies at a place stays there."""
        coarsest = View.whole(length_ms, self.width).ms_per_px
        ms_per_px = min(max(self.ms_per_px / factor, min(FINEST_MS, coarsest)), coarsest)
        return View(self.ms_at(x) - x * ms_per_px, ms_per_px, self.width).within(length_ms)

    def widened(self, width: float, length_ms: float) -> View:
        """The same scale over another width; all of a file stays all of it."""
        return (
            View.whole(length_ms, width)
            if self.is_all_of(length_ms)
            else replace(self, width=max(width, 1)).within(length_ms)
        )

    def within(self, length_ms: float) -> View:
        """The nearest view that shows nothing outside the file."""
        if self.is_all_of(length_ms):
            return View.whole(length_ms, self.width)
        return replace(self, start_ms=min(max(self.start_ms, 0.0), length_ms - self.span_ms))

    def step_ms(self, least_px: float) -> int:
        """What lies between two times of a ruler whose labels need so much room."""
        return next((step for step in STEPS_MS if step / self.ms_per_px >= least_px), STEPS_MS[-1])
