"""All distribution families, and the two kinds of input that take them.

A family is one class with a `distribution` name, and one word in the union `AnyDistribution`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WrapValidator

from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.bounded import Beta, Constant, Pert, Triangular, Uniform
from simulate.scenario.distributions.counts import Binomial, NegativeBinomial, Poisson
from simulate.scenario.distributions.data import Discrete, Empirical, Histogram
from simulate.scenario.distributions.metalog import Metalog
from simulate.scenario.distributions.positive import Gamma, Lognormal, Weibull
from simulate.scenario.distributions.scipy_law import Scipy
from simulate.scenario.distributions.unbounded import Logistic, Normal, StudentT
from simulate.scenario.distributions.union import AnyDistribution, Mixture
from simulate.scenario.values import on_axis

Quantity = Annotated[
    AnyDistribution, WrapValidator(on_axis("number")), Field(json_schema_extra={"x-axis": "number"})
]
"""An uncertain number: a bare number or a distribution."""

When = Annotated[
    AnyDistribution, WrapValidator(on_axis("date")), Field(json_schema_extra={"x-axis": "date"})
]
"""An uncertain date: a bare date or a distribution over dates."""

__all__ = [
    "AnyDistribution",
    "Beta",
    "Binomial",
    "Constant",
    "Discrete",
    "Distribution",
    "Empirical",
    "Gamma",
    "Histogram",
    "Logistic",
    "Lognormal",
    "Metalog",
    "Mixture",
    "NegativeBinomial",
    "Normal",
    "Pert",
    "Poisson",
    "Quantity",
    "Scipy",
    "StudentT",
    "Triangular",
    "Uniform",
    "Weibull",
    "When",
]
