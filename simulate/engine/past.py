"""The past of a stock counted twice, as the counts and what came and left in between say."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from simulate.engine.first_passage import Inflow
from simulate.engine.season import Season
from simulate.scenario.arrays import Floats


class Past(Struct, frozen=True):
    """A stock of n draws from its first count to its second, used up at an even rate.

    At `end` the `stock` is there; before `begin` nothing is known, and nothing changes. Arrivals
    are days and sizes, negative for what leaves. All arrays are of shape (n,).
    """

    stock: Floats
    begin: Floats
    end: Floats
    rate: Floats
    inflows: list[Inflow]
    arrivals: list[tuple[Floats, Floats]]
    season: Season | None

    def present(self, time: Floats | float) -> Floats:
        """What is there at a time before `end`."""
        first = np.maximum(time, np.minimum(self.begin, self.end))
        days = self.end - first if self.season is None else self.season.between(first, self.end)
        found = self.stock + self.rate * days
        for inflow in self.inflows:
            found = found - inflow.between(first, self.end)
        for day, size in self.arrivals:
            found = found - np.where((day >= first) & (day < self.end), size, 0.0)
        return np.maximum(found, 0.0)
