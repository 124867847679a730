"""The heights of many rows one below the other, and which row lies where, without a walk over all of them."""

from __future__ import annotations

from collections.abc import Iterable

CHUNK = 256
"""So many rows share a sum: a question looks at the sums, and then at the rows of one chunk."""


class Heights:
    """A list of heights in whole pixels. Changing one is free, inserting costs one pass over the sums."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._rows = list(heights)
        self._sums: list[int] = []
        self._sum_up(0)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> int:
        return self._rows[row]

    def __setitem__(self, row: int, height: int) -> None:
        self._sums[row // CHUNK] += height - self._rows[row]
        self._rows[row] = height

    def splice(self, at: int, removed: int, inserted: Iterable[int]) -> None:
        """Other rows in place of some neighbours."""
        self._rows[at : at + removed] = inserted
        self._sum_up(at // CHUNK)

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self._sums)

    def top(self, row: int) -> int:
        """Where a row begins; of the row behind the last one, where all end."""
        chunk = row // CHUNK
        return sum(self._sums[:chunk]) + sum(self._rows[chunk * CHUNK : row])

    def row_at(self, y: int) -> int:
        """The row at a height; the first one above all, the last one below all, 0 where there are none."""
        passed = chunk = 0
        while chunk < len(self._sums) - 1 and passed + self._sums[chunk] <= y:
            passed += self._sums[chunk]
            chunk += 1
        first, last = chunk * CHUNK, len(self._rows) - 1
        for row in range(first, min(first + CHUNK, last)):
            passed += self._rows[row]
            if passed > y:
                return row
        return max(0, min(first + CHUNK, last))

    def _sum_up(self, chunk: int) -> None:
        starts = range(chunk * CHUNK, len(self._rows), CHUNK)
        self._sums[chunk:] = [sum(self._rows[start : start + CHUNK]) for start in starts]
