"""The metalog: a smooth curve through two to six percentiles, with optional bounds."""

from functools import cached_property
from typing import Literal

import numpy as np

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import parametric
from simulate.scenario.distributions.base import mean_of_quantiles
from simulate.scenario.distributions.unbounded import logistic_cdf
from simulate.scenario.values import fail

_FARTHEST = 37.0
"""Logit of the outermost probabilities that are checked and searched; that of 2**-53 is -36.7."""

_GRID = np.linspace(-_FARTHEST, _FARTHEST, 7201)

_STEPS = 4
"""Of Newton's method; a cell is a hundredth of a logit wide, and each step doubles the digits."""


class Metalog(parametric.PercentileKeys):
    """Quantile function with as many terms as percentiles are given, through all of them.

    With `min` and `max` the curve is fitted to log(x - min), log(max - x) or
    log((x - min) / (max - x)): bounds of the law itself, so nothing has to be cut off.

    References
    ----------
    Keelin, T. W. (2016), The Metalog Distributions, Decision Analysis 13(4), 243-277,
    equations 6, 14 and 17.
    """

    distribution: Literal["metalog"] = "metalog"

    @property
    def _cut(self) -> tuple[float, float]:
        """Nothing is cut off: `min` and `max` are the law's own bounds."""
        return -np.inf, np.inf

    @cached_property
    def _coefficients(self) -> Floats:
        percentiles = parametric.by_level(self.percentiles)
        levels = np.array([parametric.level_of(name) for name in percentiles])
        values = np.array([*percentiles.values()])
        logit = np.log(levels) - np.log1p(-levels)
        terms = np.stack(_terms(logit)[: levels.size], axis=-1)
        return np.asarray(np.linalg.solve(terms, self._unbounded(values)), dtype=np.float64)

    def _check(self) -> None:
        super()._check()
        n = len(self.percentiles)
        if not 2 <= n <= 6:
            raise fail(f"needs two to six percentiles (found {n})")
        parametric.check_increasing(parametric.by_level(self.percentiles))
        values = list(self.percentiles.values())
        if self.min is not None and self.min >= min(values):
            raise fail("min must be below all percentiles", at="min")
        if self.max is not None and self.max <= max(values):
            raise fail("max must be above all percentiles", at="max")
        if not np.all(np.diff(self._table) > 0):
            raise fail(
                "no metalog passes through these percentiles: its quantiles would not increase",
                hint="give fewer percentiles, or values that change more evenly",
            )

    def _unbounded(self, x: Floats) -> Floats:
        """Take values to the axis on which the curve is drawn."""
        with np.errstate(divide="ignore"):
            below = None if self.min is None else np.log(np.maximum(x - self.min, 0.0))
            above = None if self.max is None else np.log(np.maximum(self.max - x, 0.0))
        if below is not None and above is not None:
            return below - above
        if below is not None:
            return below
        return -above if above is not None else x

    def _bounded(self, y: Floats) -> Floats:
        """Inverse of `_unbounded`."""
        with np.errstate(over="ignore"):
            if self.min is not None and self.max is not None:
                e = np.exp(-np.abs(y))
                width = self.max - self.min
                return np.where(
                    y < 0, self.min + width * e / (1.0 + e), self.max - width * e / (1.0 + e)
                )
            if self.min is not None:
                return self.min + np.exp(y)
            return self.max - np.exp(-y) if self.max is not None else y

    def _curve(self, logit: Floats) -> Floats:
        finite = np.isfinite(logit)
        terms = _terms(np.where(finite, logit, 0.0))
        return np.where(finite, _weighted(terms, self._coefficients), logit)

    def _ppf(self, p: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return self._bounded(self._curve(np.log(p) - np.log1p(-p)))

    def _isf(self, q: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return self._bounded(self._curve(np.log1p(-q) - np.log(q)))

    @cached_property
    def _table(self) -> Floats:
        """The curve at the logits of the grid."""
        return self._curve(_GRID)

    def _logit(self, x: Floats) -> Floats:
        """Invert the curve by Newton's method within a cell of the table, from the chord there."""
        y = self._unbounded(x)
        k = np.clip(np.searchsorted(self._table, y), 1, _GRID.size - 1)
        low, high = _GRID[k - 1], _GRID[k]
        chord = (self._table[k] - self._table[k - 1]) / (high - low)
        logit = np.clip(low + (y - self._table[k - 1]) / chord, low, high)
        for _ in range(_STEPS):
            curve, slope = self._curve(logit), _weighted(_slopes(logit), self._coefficients)
            steep = np.where(slope > 0.0, slope, chord)
            logit = np.clip(logit + (y - curve) / steep, low, high)
        return np.where(np.isinf(y), y, logit)

    def _cdf(self, x: Floats) -> Floats:
        return logistic_cdf(self._logit(x))

    def _sf(self, x: Floats) -> Floats:
        return logistic_cdf(-self._logit(x))

    def _mean(self) -> float | None:
        return mean_of_quantiles(self)


def _terms(logit: Floats) -> list[Floats]:
    """The basis functions (Keelin 2016, equation 6)."""
    centred = 0.5 * np.tanh(0.5 * logit)  # p - 1/2
    square = centred**2
    return [np.ones_like(logit), logit, centred * logit, centred, square, square * logit]


def _slopes(logit: Floats) -> list[Floats]:
    """Their derivatives."""
    centred = 0.5 * np.tanh(0.5 * logit)
    density = 0.25 - centred**2  # derivative of `centred`
    return [
        np.zeros_like(logit),
        np.ones_like(logit),
        density * logit + centred,
        density,
        2.0 * centred * density,
        2.0 * centred * density * logit + centred**2,
    ]


def _weighted(terms: list[Floats], coefficients: Floats) -> Floats:
    """The sum of the first terms, which of a matrix product would depend on its size."""
    return np.asarray(sum(c * term for c, term in zip(coefficients, terms, strict=False)))
