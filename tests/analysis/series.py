"""Series of counts for back-tests."""

from __future__ import annotations

import datetime as dt

import numpy as np

from simulate.scenario.arrays import Floats
from simulate.scenario.counts import Counts

FIRST = dt.date(2022, 3, 1)


def daily(lost: Floats, every: int = 1) -> Counts:
    """Cumulative counts from 0 of the losses of each day, with a row every so many days."""
    totals = [0.0, *np.cumsum(lost).tolist()]
    rows = [(FIRST + dt.timedelta(k), total) for k, total in enumerate(totals)]
    return Counts.of(tuple(rows[::every]), cumulative=True)
