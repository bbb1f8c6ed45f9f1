"""The probability of depletion by date, as a curve and as equal shares of the draws."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from simulate.analysis.binned import Binned, known
from simulate.scenario.arrays import Floats

DOTS = 50
"""Equal shares of the draws: few enough to be counted (Kay and others 2016, CHI, 5092-5103)."""

_KNOTS = 400


class CdfCurve(Struct, frozen=True):
    """A distribution of first passages for drawing; days count from the run's origin.

    `probability` of depletion is linear between the `days`, and `mc_error` the half-width of its
    95 % Monte Carlo error bar; all are empty where no draw is depleted. `dots` are the middles of
    `DOTS` equal shares of all draws, None for a share never depleted.
    """

    days: tuple[float, ...]
    probability: tuple[float, ...]
    mc_error: tuple[float, ...]
    dots: tuple[float | None, ...]

    def at(self, day: float) -> float:
        """Probability of depletion up to an instant."""
        if not self.days:
            return 0.0
        return float(np.interp(day, self.days, self.probability, left=0.0))


def curve_of(passages: Binned) -> CdfCurve:
    """Read the curve off the draws of one threshold.

    Its knots are quantiles, so that it is as fine where all draws lie on one day as where they
    are spread over a hundred years.
    """
    dots = tuple(map(known, passages.quantiles([(k + 0.5) / DOTS for k in range(DOTS)])))
    total = passages.cdf(float(passages.edges[-1]))
    if total <= 0:
        return CdfCurve((), (), (), dots)
    found = passages.quantiles([total * k / _KNOTS for k in range(1, _KNOTS + 1)])
    days = np.array(sorted({*found[~np.isnan(found)].tolist()}))
    # Before and after the draws that share a day: the curve jumps there.
    jumps = np.flatnonzero(passages.cdfs(days, "left") < passages.cdfs(days))
    first = int((passages.counts.sum(axis=0) > 0).argmax())
    places, before = np.append(0, jumps), np.append(passages.edges[first], days[jumps])

    def knots(upto: Floats, below: Floats) -> tuple[float, ...]:
        return tuple(np.insert(upto, places, below).tolist())

    return CdfCurve(
        knots(days, before),
        knots(passages.cdfs(days), passages.cdfs(before, "left")),
        knots(passages.cdf_errors(days), passages.cdf_errors(before, "left")),
        dots,
    )
