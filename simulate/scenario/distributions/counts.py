"""Whole numbers: Poisson, binomial, negative binomial. For dates they count days after a date."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.distributions.base import DelayDistribution, Floats
from simulate.scenario.values import Positive, Share

_LARGEST_MEAN = 1e9
"""Above it neighbouring whole numbers no longer matter, and a normal law says the same."""

Mean = Annotated[Positive, Field(le=_LARGEST_MEAN)]


class CountDistribution(DelayDistribution, ABC):
    """Whole numbers from zero up."""

    @abstractmethod
    def _guess(self, p: Floats) -> Floats:
        """A continuous inverse of the CDF, good to about one."""

    @abstractmethod
    def _upto(self, k: Floats) -> Floats:
        """P(K <= k) for whole k >= 0."""

    @abstractmethod
    def _beyond(self, k: Floats) -> Floats:
        """P(K > k) for whole k >= 0."""

    @property
    @abstractmethod
    def _largest(self) -> float:
        """The largest whole number possible, or infinity."""

    def _ppf(self, p: Floats) -> Floats:
        p = np.asarray(p)
        inside = (p > 0.0) & (p < 1.0)
        k = np.ceil(np.nan_to_num(self._guess(np.where(inside, p, 0.5)), nan=0.0))
        k = np.clip(k, 0.0, min(self._largest, 2.0**62))
        # The guess is an inverse to a few digits; the definition decides.
        step = np.where(self._upto(k) < p, 1.0, -1.0)
        moving = inside.copy()
        while np.any(moving):
            there = k + np.where(step < 0, -1.0, 0.0)
            enough = (there >= 0) & (self._upto(np.maximum(there, 0.0)) >= p)
            moving &= np.where(step < 0, enough, ~enough)
            k = np.where(moving, k + step, k)
        return self._start + np.where(p <= 0.0, 0.0, np.where(p >= 1.0, self._largest, k))

    def _cdf(self, x: Floats) -> Floats:
        k = np.floor(x - self._start)
        return np.where(k < 0, 0.0, self._upto(np.maximum(k, 0.0)))

    def _sf(self, x: Floats) -> Floats:
        k = np.floor(x - self._start)
        return np.where(k < 0, 1.0, self._beyond(np.maximum(k, 0.0)))


class Poisson(CountDistribution):
    """Number of independent events with the given mean."""

    distribution: Literal["poisson"] = "poisson"
    mean: Mean = Field(description="Mean.")

    @property
    def _largest(self) -> float:
        return np.inf

    def _guess(self, p: Floats) -> Floats:
        from scipy.special import pdtrik

        return np.asarray(pdtrik(p, self.mean))

    def _upto(self, k: Floats) -> Floats:
        from scipy.special import pdtr

        return np.asarray(pdtr(k, self.mean))

    def _beyond(self, k: Floats) -> Floats:
        from scipy.special import pdtrc

        return np.asarray(pdtrc(k, self.mean))

    def _mean(self) -> float:
        return self._start + self.mean


class Binomial(CountDistribution):
    """Number of successes in `trials` independent trials of the given probability."""

    distribution: Literal["binomial"] = "binomial"
    trials: Annotated[int, Field(gt=0, le=_LARGEST_MEAN)] = Field(description="Number of trials.")
    probability: Share = Field(description="Probability of success in each trial.")

    @property
    def _largest(self) -> float:
        return float(self.trials)

    def _guess(self, p: Floats) -> Floats:
        from scipy.special import bdtrik

        return np.asarray(bdtrik(p, float(self.trials), self.probability))

    def _upto(self, k: Floats) -> Floats:
        from scipy.special import betaincc

        n, p = self.trials, self.probability
        return np.where(k >= n, 1.0, betaincc(k + 1.0, np.maximum(n - k, 1.0), p))

    def _beyond(self, k: Floats) -> Floats:
        from scipy.special import betainc

        n, p = self.trials, self.probability
        return np.where(k >= n, 0.0, betainc(k + 1.0, np.maximum(n - k, 1.0), p))

    def _mean(self) -> float:
        return self._start + self.trials * self.probability


class NegativeBinomial(CountDistribution):
    """Counts that scatter more than Poisson: variance = mean + mean^2 / size."""

    distribution: Literal["negative_binomial"] = "negative_binomial"
    mean: Mean = Field(description="Mean.")
    size: Positive = Field(description="The smaller, the more scatter.")

    @property
    def _largest(self) -> float:
        return np.inf

    @property
    def _success(self) -> float:
        """Probability of success in the form "failures before the size-th success"."""
        return self.size / (self.size + self.mean)

    def _guess(self, p: Floats) -> Floats:
        from scipy.special import nbdtrik

        return np.asarray(nbdtrik(p, self.size, self._success))

    def _upto(self, k: Floats) -> Floats:
        from scipy.special import betainc

        return np.asarray(betainc(self.size, k + 1.0, self._success))

    def _beyond(self, k: Floats) -> Floats:
        from scipy.special import betaincc

        return np.asarray(betaincc(self.size, k + 1.0, self._success))

    def _mean(self) -> float:
        return self._start + self.mean
