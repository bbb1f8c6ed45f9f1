"""Several laws averaged at the same probability: the quantile average of expert opinions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.data import Weights
from simulate.scenario.distributions.inversion import invert_increasing
from simulate.scenario.distributions.union import AnyDistribution


class QuantileAverage(Distribution):
    """A law whose quantile at any probability is the weighted average of its components'.

    Where a mixture of two opinions has two humps, this lies between them, as wide as they are on
    average. A scenario cannot name it; claims are pooled with it.

    References
    ----------
    Lichtendahl, Grushka-Cockayne and Winkler (2013), Management Science 59(7), 1594-1611.
    """

    distribution: Literal["quantile_average"] = "quantile_average"
    components: Annotated[tuple[AnyDistribution, ...], Field(min_length=1, strict=False)]
    weights: Weights

    @cached_property
    def _parts(self) -> list[tuple[float, Distribution]]:
        shares = np.array(self.weights) / sum(self.weights)
        pairs = zip(shares.tolist(), self.components, strict=True)
        return [(share, part) for share, part in pairs if share > 0]

    def _ppf(self, p: Floats) -> Floats:
        return np.asarray(sum(share * part.ppf(p) for share, part in self._parts))

    def _isf(self, q: Floats) -> Floats:
        return np.asarray(sum(share * part.isf(q) for share, part in self._parts))

    def _cdf(self, x: Floats) -> Floats:
        # P(X <= x) is the largest p whose quantile is not above x: the smallest p with one above,
        # which tells a jump of the quantiles from a jump of the probability.
        levels = [part.cdf(x) for _, part in self._parts]
        above = np.nextafter(x, np.inf)
        return _inverse(self._ppf, above, np.minimum.reduce(levels), np.maximum.reduce(levels))

    def _sf(self, x: Floats) -> Floats:
        levels = [part.sf(x) for _, part in self._parts]
        low, high = np.minimum.reduce(levels), np.maximum.reduce(levels)
        return _inverse(lambda q: -self._isf(q), -x, low, high)

    def _mean(self) -> float | None:
        means = [(share, part.expectation) for share, part in self._parts]
        return None if any(m is None for _, m in means) else sum(s * m for s, m in means if m)


_FURTHEST = 1e300


def _inverse(quantiles: Callable[[Floats], Floats], x: Floats, low: Floats, high: Floats) -> Floats:
    """The smallest probability between `low` and `high` whose quantile reaches `x`."""

    def finite(p: Floats) -> Floats:
        # The search takes differences, which infinity has not.
        return np.clip(quantiles(p), -_FURTHEST, _FURTHEST)

    return invert_increasing(finite, np.clip(x, -_FURTHEST, _FURTHEST), low, high)
