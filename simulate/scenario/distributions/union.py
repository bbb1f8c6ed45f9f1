"""All families in one union, and the mixture, which is made of any of them."""

from __future__ import annotations

from functools import cached_property
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from simulate.scenario.distributions.base import Distribution, Floats
from simulate.scenario.distributions.bounded import Beta, Constant, Pert, Triangular, Uniform
from simulate.scenario.distributions.counts import Binomial, NegativeBinomial, Poisson
from simulate.scenario.distributions.data import (
    Discrete,
    Empirical,
    Histogram,
    Weights,
    check_weights,
)
from simulate.scenario.distributions.inversion import invert_increasing
from simulate.scenario.distributions.metalog import Metalog
from simulate.scenario.distributions.positive import Gamma, Lognormal, Weibull
from simulate.scenario.distributions.scipy_law import Scipy
from simulate.scenario.distributions.unbounded import Logistic, Normal, StudentT


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


def _bare(value: Any) -> Any:
    """A bare number or date is a constant."""
    if isinstance(value, dict | Distribution):
        return value
    return {"distribution": "constant", "value": value}


AnyDistribution = Annotated[
    Constant
    | Uniform
    | Triangular
    | Pert
    | Beta
    | Normal
    | Logistic
    | StudentT
    | Lognormal
    | Gamma
    | Weibull
    | Metalog
    | Poisson
    | Binomial
    | NegativeBinomial
    | Discrete
    | Empirical
    | Histogram
    | Mixture
    | Scipy,
    Field(discriminator="distribution"),
    BeforeValidator(_bare),
]

FAMILIES: Mapping[str, type[Distribution]] = {
    family.family_name(): family for family in get_args(get_args(AnyDistribution)[0])
}
"""All families by the name they have in a file."""
