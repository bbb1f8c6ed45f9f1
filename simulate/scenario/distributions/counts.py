"""Whole numbers: Poisson, binomial, negative binomial. For dates they count days after a date."""

import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import special
from simulate.scenario.distributions.base import mean_of_quantiles
from simulate.scenario.distributions.normal_quantile import normal_ppf
from simulate.scenario.distributions.parametric import DelayDistribution
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.distributions.tables import Steps
from simulate.scenario.values import Positive, Share

_LARGEST_MEAN = 1e9
"""Above it, steps of one no longer matter, and a normal law gives the same."""

_MOST_TERMS = 100_000
"""With more terms, the steps between counts are too small to matter."""

Mean = Annotated[Positive, Field(le=_LARGEST_MEAN)]


def _cornish_fisher(p: Floats, mean: float, sd: float, skewness_sd: float) -> Floats:
    """A quantile from three moments, the third as skewness times sd.

    Within one of the right count unless `sd` is small; SciPy's inverses take up to milliseconds.
    """
    z = normal_ppf(p)
    return mean + sd * z + skewness_sd * (z * z - 1.0) / 6.0


def mean_of_counts(part: Slice) -> float | None:
    """The mean of a slice of a law of whole numbers, as the sum of its upper tail."""
    low, high = part.ppf(np.array([0.0])).item(), part.isf(np.array([1e-17])).item()
    if not high - low <= _MOST_TERMS:
        return mean_of_quantiles(part)
    return float(low + np.sum(part.sf(np.arange(low, high))))


class CountDistribution(DelayDistribution, ABC):
    """Whole numbers from zero up."""

    only_atoms: ClassVar = True

    @abstractmethod
    def _guess(self, p: Floats) -> Floats:
        """A quantile; the closer, the faster the search."""

    @abstractmethod
    def _upto(self, k: Floats) -> Floats:
        """P(K <= k) for whole k >= 0."""

    @abstractmethod
    def _beyond(self, k: Floats) -> Floats:
        """P(K > k) for whole k >= 0."""

    @property
    def _largest(self) -> float:
        """The largest number possible."""
        return math.inf

    def _not_beyond(self, k: Floats) -> Floats:
        return -self._beyond(k)

    @cached_property
    def _lower(self) -> Steps:
        return Steps(self._upto, self._guess, 0.0, self._largest, 0.0)

    @cached_property
    def _upper(self) -> Steps:
        return Steps(self._not_beyond, self._guess, 0.0, self._largest, -1.0)

    def _standard_ppf(self, p: Floats) -> Floats:
        return self._lower.smallest(p)

    def _standard_isf(self, q: Floats) -> Floats:
        return self._upper.smallest(-q)

    def _standard_cdf(self, z: Floats) -> Floats:
        k = np.floor(z)
        return np.where(k < 0, 0.0, self._upto(np.maximum(k, 0.0)))

    def _standard_sf(self, z: Floats) -> Floats:
        k = np.floor(z)
        return np.where(k < 0, 1.0, self._beyond(np.maximum(k, 0.0)))

    def _mean_between(self, part: Slice) -> float | None:
        return mean_of_counts(part)


class Poisson(CountDistribution):
    """Number of independent events with the given mean."""

    distribution: Literal["poisson"] = "poisson"
    mean: Mean = Field(description="Mean.")

    def _guess(self, p: Floats) -> Floats:
        return _cornish_fisher(p, self.mean, math.sqrt(self.mean), 1.0)

    def _upto(self, k: Floats) -> Floats:
        return special.pdtr(k, self.mean)

    def _beyond(self, k: Floats) -> Floats:
        return special.pdtrc(k, self.mean)

    def _standard_mean(self) -> float:
        return self.mean


class Binomial(CountDistribution):
    """Number of successes in `trials` independent trials of the given probability."""

    distribution: Literal["binomial"] = "binomial"
    trials: Annotated[int, Field(gt=0, le=_LARGEST_MEAN)] = Field(description="Number of trials.")
    probability: Share = Field(description="Probability of success in each trial.")

    @property
    def _largest(self) -> float:
        return float(self.trials)

    def _guess(self, p: Floats) -> Floats:
        mean, rest = self.trials * self.probability, 1.0 - self.probability
        return _cornish_fisher(p, mean, math.sqrt(mean * rest), rest - self.probability)

    def _upto(self, k: Floats) -> Floats:
        n, p = self.trials, self.probability
        return np.where(k >= n, 1.0, special.betaincc(k + 1.0, np.maximum(n - k, 1.0), p))

    def _beyond(self, k: Floats) -> Floats:
        n, p = self.trials, self.probability
        return np.where(k >= n, 0.0, special.betainc(k + 1.0, np.maximum(n - k, 1.0), p))

    def _standard_mean(self) -> float:
        return self.trials * self.probability


class NegativeBinomial(CountDistribution):
    """Counts that scatter more than Poisson: variance = mean + mean^2 / size."""

    distribution: Literal["negative_binomial"] = "negative_binomial"
    mean: Mean = Field(description="Mean.")
    size: Positive = Field(description="The smaller, the more scatter.")

    @property
    def _success(self) -> float:
        """Probability of success in the form "failures before the size-th success"."""
        return self.size / (self.size + self.mean)

    def _guess(self, p: Floats) -> Floats:
        return special.nbdtrik(p, self.size, self._success)

    def _upto(self, k: Floats) -> Floats:
        return special.betainc(self.size, k + 1.0, self._success)

    def _beyond(self, k: Floats) -> Floats:
        return special.betaincc(self.size, k + 1.0, self._success)

    def _standard_mean(self) -> float:
        return self.mean
