"""The smallest and largest value in each bin, which reveal values that many draws share."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from msgspec import Struct

from simulate.scenario.arrays import Bools, Floats, Ints

SHARED = 1e-6
"""Draws within this fraction of their bin's width share one value and differ by rounding only."""

CROWDED = 8.0
"""A bin this many standard deviations of its count above its neighbours holds an atom. The
difference of two counts has about 1.4 of them, so chance passes for an atom in one bin of 10^8."""


class Extremes(Struct, frozen=True):
    """Smallest and largest value by bin over all replicates; they merge exactly.

    Both have the shape (..., bins), with inf and -inf in a bin without draws.
    """

    lowest: Floats
    highest: Floats

    @classmethod
    def empty(cls, *shape: int) -> Self:
        """The extremes of no draws."""
        return cls(np.full(shape, np.inf), np.full(shape, -np.inf))

    def note(self, keys: Ints, values: Floats) -> None:
        """Record values; a key is the number of a bin in the flattened array."""
        lowest, highest = self.lowest.reshape(-1), self.highest.reshape(-1)
        np.minimum.at(lowest, keys, values)
        np.maximum.at(highest, keys, values)

    def merge(self, other: Extremes) -> None:
        """Add the extremes of other draws, in place."""
        np.minimum(self.lowest, other.lowest, out=self.lowest)
        np.maximum(self.highest, other.highest, out=self.highest)

    def __getitem__(self, key: Any) -> Extremes:
        return Extremes(self.lowest[key], self.highest[key])

    def tight(self, counts: Ints, low: Floats, high: Floats) -> tuple[Floats, Floats, Bools]:
        """Ends of the bins, replaced by the extremes where draws are not spread over the bin.

        That is where all draws of a bin share one value, an atom of the distribution, and where a
        bin holds far more draws than its neighbours: one or more atoms, perhaps with other draws.
        Values that differ by rounding count as one. `counts` are the draws of all replicates; the
        third array returned marks the bins replaced.
        """
        shared = (counts > 1) & (self.highest - self.lowest <= SHARED * (high - low))
        beside = np.zeros_like(counts)
        beside[..., 1:] = counts[..., :-1]
        np.maximum(beside[..., :-1], counts[..., 1:], out=beside[..., :-1])
        tight = shared | (counts - beside > CROWDED * np.sqrt(counts))
        first = np.where(tight, np.clip(self.lowest, low, high), low)
        last = np.where(tight, np.clip(self.highest, low, high), high)
        return first, np.where(shared, first, last), tight
