"""The mixture of any families."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from simulate.scenario.distributions.base import Distribution, Floats
from simulate.scenario.distributions.data import Weights, check_weights
from simulate.scenario.distributions.inversion import invert_increasing
from simulate.scenario.distributions.union import AnyDistribution


class Mixture(Distribution):
    """Each draw follows one component, chosen by weight (equal where left out)."""

    distribution: Literal["mixture"] = "mixture"
    components: Annotated[tuple[AnyDistribution, ...], Field(min_length=1, strict=False)]
    weights: Weights = ()

    @model_validator(mode="after")
    def _check_weights(self) -> Self:
        check_weights(self.weights, len(self.components), "components")
        return self

    @cached_property
    def _parts(self) -> list[tuple[float, Distribution]]:
        """Share and law of each component that can be chosen."""
        shares = np.array(self.weights or [1.0] * len(self.components))
        shares /= shares.sum()
        return [(s, c) for s, c in zip(shares.tolist(), self.components, strict=True) if s > 0]

    def _ppf(self, p: Floats) -> Floats:
        p = np.asarray(p)
        quantiles = [part.ppf(p) for _, part in self._parts]
        # A quantile of the mixture lies between the smallest and largest of its components'.
        return invert_increasing(
            self._cdf, p, np.minimum.reduce(quantiles), np.maximum.reduce(quantiles)
        )

    def _isf(self, q: Floats) -> Floats:
        q = np.asarray(q)
        quantiles = [part.isf(q) for _, part in self._parts]
        return invert_increasing(
            lambda x: -self._sf(x), -q, np.minimum.reduce(quantiles), np.maximum.reduce(quantiles)
        )

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(sum(share * part.cdf(x) for share, part in self._parts))

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(sum(share * part.sf(x) for share, part in self._parts))

    def _mean(self) -> float | None:
        means = [(share, part.expectation) for share, part in self._parts]
        return None if any(m is None for _, m in means) else sum(s * m for s, m in means if m)
