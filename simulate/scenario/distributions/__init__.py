"""All distribution families, and the two kinds of input that take them.

A family is one class with a `distribution` name, and one word in the union `AnyFamily`.
"""

from __future__ import annotations

from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.bounded import Beta, Constant, Pert, Triangular, Uniform
from simulate.scenario.distributions.counts import Binomial, NegativeBinomial, Poisson
from simulate.scenario.distributions.data import Discrete, Empirical, Histogram
from simulate.scenario.distributions.metalog import Metalog
from simulate.scenario.distributions.positive import Gamma, Lognormal, Weibull
from simulate.scenario.distributions.scipy_law import Scipy
from simulate.scenario.distributions.unbounded import Logistic, Normal, StudentT
from simulate.scenario.distributions.union import FAMILIES, AnyDistribution, Mixture, Quantity, When

__all__ = [
    "FAMILIES",
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
