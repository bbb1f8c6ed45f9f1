"""All distribution families, and the two kinds of input that take them.

A family is one class with a `distribution` name, and one line in `union.HOMES`. It is loaded when
it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.union import (
    FAMILIES,
    HOMES,
    AnyDistribution,
    Duration,
    Factor,
    Fraction,
    Growth,
    Quantity,
    When,
)

if TYPE_CHECKING:
    from simulate.scenario.distributions.bounded import Beta, Constant, Pert, Triangular, Uniform
    from simulate.scenario.distributions.counts import Binomial, NegativeBinomial, Poisson
    from simulate.scenario.distributions.data import Discrete, Empirical, Histogram
    from simulate.scenario.distributions.metalog import Metalog
    from simulate.scenario.distributions.mixture import Mixture
    from simulate.scenario.distributions.positive import Gamma, Lognormal, Weibull
    from simulate.scenario.distributions.scipy_law import Scipy
    from simulate.scenario.distributions.unbounded import Logistic, Normal, StudentT

__all__ = [
    "FAMILIES",
    "AnyDistribution",
    "Beta",
    "Binomial",
    "Constant",
    "Discrete",
    "Distribution",
    "Duration",
    "Empirical",
    "Factor",
    "Fraction",
    "Gamma",
    "Growth",
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

_NAMES = {family: name for name, (_, family) in HOMES.items()}


def __getattr__(name: str) -> type[Distribution]:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return FAMILIES[_NAMES[name]]
