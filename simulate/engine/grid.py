"""The bins of a tally: hours for first passages, fine steps for the loss rate."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from simulate.scenario.arrays import Floats, Ints, at_most

MOST_BINS = 100_000
RATE_BINS = 2**15
ROUNDING = 0.5e-6
"""Times are rounded to a millionth of a day before their bin is looked up."""


class TimeGrid(Struct, frozen=True):
    """Bins of equal width from the origin, time 0, to the end of the horizon's day.

    The width is a whole number of hours that divides the day, one hour up to ten years.
    """

    days: int

    @property
    def hours(self) -> int:
        """Width of a bin."""
        return next(h for h in (1, 2, 3, 4, 6, 8, 12, 24) if self.days * 24 // h <= MOST_BINS)

    @property
    def per_day(self) -> int:
        """Bins a day."""
        return 24 // self.hours

    @property
    def n_bins(self) -> int:
        """Bins from the origin to the horizon."""
        return self.days * self.per_day

    @property
    def edges(self) -> Floats:
        """Days since the origin, shape (n_bins + 1,)."""
        return np.arange(self.n_bins + 1) / self.per_day

    def bins(self, time: Floats) -> Ints:
        """Bin of each time; `n_bins` for those beyond the horizon."""
        scaled = at_most(time + ROUNDING, self.days)  # first, since the largest would overflow
        scaled *= self.per_day
        return scaled.astype(np.int64)


class RateGrid(Struct, frozen=True):
    """Bins of equal relative width, from the bits of a float, which sort like its value.

    Bin 0 holds rates below `low` (also "no rate"), bin `n_bins + 1` those above `high`.
    """

    low: float
    high: float

    @property
    def _first(self) -> int:
        return int(np.float64(self.low).view(np.int64))

    @property
    def _shift(self) -> int:
        steps = int(np.float64(self.high).view(np.int64)) - self._first
        return max(0, steps.bit_length() - (RATE_BINS.bit_length() - 1))

    @property
    def n_bins(self) -> int:
        """Bins from `low` to `high`."""
        last = int(np.float64(self.high).view(np.int64))
        return ((last - self._first) >> self._shift) + 1

    @property
    def edges(self) -> Floats:
        """Units a day, shape (n_bins + 1,)."""
        bits = self._first + (np.arange(self.n_bins + 1, dtype=np.int64) << self._shift)
        return bits.view(np.float64)

    def bins(self, rate: Floats) -> Ints:
        """Bin of each rate, from 1 on; 0 and `n_bins + 1` lie outside."""
        index = rate.view(np.int64) - self._first
        index >>= self._shift
        index += 1
        return np.clip(index, 0, self.n_bins + 1, out=index)
