"""All families in one union, and the mixture, which is made of any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

import numpy as np
from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import core_schema

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
from simulate.scenario.values import Axis, did_you_mean, fail, nested, reading


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


AnyFamily = (
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
    | Scipy
)
"""All families. A new one is a class and a word here."""

FAMILIES: Mapping[str, type[Distribution]] = {
    family.family_name(): family for family in get_args(AnyFamily)
}
"""All families by the name they have in a file."""


def _read(value: object, info: ValidationInfo) -> Distribution:
    """Validate with the family that is named; a bare number or date is a constant."""
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict):
        value = {"distribution": "constant", "value": value}
    if "distribution" not in value:
        raise fail(
            "family",
            "needs distribution, the name of a family",
            hint="for instance distribution: uniform, with low and high",
        )
    name = str(value["distribution"])
    if name not in FAMILIES:
        hint = did_you_mean(name, FAMILIES)
        raise fail("family", f"unknown distribution {name}", hint=hint, at="distribution")
    try:
        return FAMILIES[name].model_validate(value, context=info.context)
    except ValidationError as error:
        raise nested(error) from None


@dataclass(frozen=True)
class _ByFamily:
    """How pydantic reads and writes a distribution, on an axis or on that of the field around it.

    A union of all families would do the same, but build the validators of all of them for each
    input, which takes longer than a small run.
    """

    axis: Axis | None = None

    def read(self, value: object, info: ValidationInfo) -> Distribution:
        if self.axis is None:
            return _read(value, info)
        with reading(self.axis):
            law = _read(value, info)
        if law.axis != self.axis:  # made in Python, where it was validated by itself
            raise fail(self.axis, f"must be a {self.axis} (found a {law.axis})")
        return law

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda law: law.model_dump(mode="json", exclude_defaults=True)
            ),
        )

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"x-distribution": True, "x-axis": self.axis}


AnyDistribution = Annotated[Distribution, _ByFamily()]
"""A distribution inside another one."""

Quantity = Annotated[Distribution, _ByFamily("number")]
"""An uncertain number: a bare number or a distribution."""

When = Annotated[Distribution, _ByFamily("date")]
"""An uncertain date: a bare date or a distribution over dates."""
