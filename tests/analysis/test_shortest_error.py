"""The error stated for ends of shortest intervals holds, for as many draws as they are given of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from simulate.analysis import binned
from simulate.analysis.binned import Binned
from tests.cases import ALARM
from tests.exact import shortest_interval

if TYPE_CHECKING:
    import pytest

RUNS, REPLICATES, PROBABILITY = 100, 8, 0.95
HOURS = np.arange(24 * 2000 + 1) / 24
LAW = stats.lognorm(0.8, loc=60, scale=150)


def held(draws: int) -> int:
    """In how many runs of independent draws the error of the lower end holds."""
    low, _ = shortest_interval(LAW.ppf, PROBABILITY)
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(RUNS):
        values = LAW.ppf(rng.random((REPLICATES, draws // REPLICATES)))
        counts = np.array([np.histogram(row, HOURS)[0] for row in values])
        none = np.zeros(REPLICATES, dtype=np.int64)
        law = Binned(HOURS, counts, none, draws // REPLICATES, independent=False)
        (ends,) = law.shortest([PROBABILITY])
        assert ends is not None
        found += abs(ends[0][0] - low) <= ends[0][1]
    return found


def test_from_32768_draws_on_the_error_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least in nine runs of ten; with 4,096 draws it would hold far less often."""
    least = int(stats.binom.ppf(ALARM, RUNS, 0.9))
    assert held(binned.SHORTEST_DRAWS) >= least
    monkeypatch.setattr(binned, "SHORTEST_DRAWS", 0)
    assert held(4096) < least


def test_of_fewer_draws_there_is_none() -> None:
    counts = np.full((REPLICATES, HOURS.size - 1), 1, dtype=np.int64)
    none = np.zeros(REPLICATES, dtype=np.int64)
    for draws, given in ((32_768, True), (32_760, False)):
        per = draws // REPLICATES
        part = counts[:, :per]
        law = Binned(HOURS[: per + 1], part, none, per, independent=False)
        (found,) = law.shortest([0.9])
        assert (found is not None) is given
