"""All families by their names, and the fields that take any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, ValidationInfo
from pydantic_core import core_schema

from simulate.scenario.distributions.base import Distribution
from simulate.scenario.notation import Kind, in_a_file
from simulate.scenario.values import (
    ISO_DATE,
    Axis,
    did_you_mean,
    fail,
    nested,
    not_a_date,
    not_a_number,
    reading,
    reading_axis,
)

HOMES: Mapping[str, tuple[str, str]] = {
    "constant": ("bounded", "Constant"),
    "uniform": ("bounded", "Uniform"),
    "triangular": ("bounded", "Triangular"),
    "pert": ("bounded", "Pert"),
    "beta": ("bounded", "Beta"),
    "normal": ("unbounded", "Normal"),
    "logistic": ("unbounded", "Logistic"),
    "student_t": ("unbounded", "StudentT"),
    "lognormal": ("positive", "Lognormal"),
    "gamma": ("positive", "Gamma"),
    "weibull": ("positive", "Weibull"),
    "metalog": ("metalog", "Metalog"),
    "poisson": ("counts", "Poisson"),
    "binomial": ("counts", "Binomial"),
    "negative_binomial": ("counts", "NegativeBinomial"),
    "discrete": ("data", "Discrete"),
    "empirical": ("data", "Empirical"),
    "histogram": ("data", "Histogram"),
    "mixture": ("mixture", "Mixture"),
    "scipy": ("scipy_law", "Scipy"),
}
"""Module and class of each family, by the name it has in a file."""


class _Families(Mapping[str, type[Distribution]]):
    """All families by name, each loaded when it is first used: a scenario needs only a few."""

    def __getitem__(self, name: str) -> type[Distribution]:
        module, family = HOMES[name]
        found: type[Distribution] = getattr(
            import_module(f"simulate.scenario.distributions.{module}"), family
        )
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(HOMES)

    def __len__(self) -> int:
        return len(HOMES)

    def __contains__(self, name: object) -> bool:
        return name in HOMES


FAMILIES = _Families()


def _read(value: object, info: ValidationInfo) -> Distribution:
    """Validate with the family that is named; a bare number or date is a constant."""
    if isinstance(value, Distribution):
        return value
    if isinstance(value, str) and reading_axis() == "number":
        raise not_a_number(value, in_a_file)
    if isinstance(value, str) and reading_axis() == "date" and not ISO_DATE.fullmatch(value):
        raise not_a_date(value, in_a_file)
    if not isinstance(value, dict):
        value = {"distribution": "constant", "value": value}
    if "distribution" not in value:
        raise fail(
            "needs distribution, the name of a family",
            hint="for instance distribution: uniform, with low and high",
        )
    name = str(value["distribution"])
    if name not in FAMILIES:
        hint = did_you_mean(name, FAMILIES)
        raise fail(f"unknown distribution {name}", hint=hint, at="distribution")
    try:
        return FAMILIES[name].model_validate(value, context=info.context)
    except ValidationError as error:
        raise nested(error.errors(include_url=False)) from None


@dataclass(frozen=True)
class _ByFamily:
    """How pydantic reads and writes a distribution, on its own axis or that of the field around it.

    A union of all families would do the same, but build the validators of all of them for each
    input, which takes longer than a small run.
    """

    axis: Axis | None = None
    kind: Kind = "number"

    def read(self, value: object, info: ValidationInfo) -> Distribution:
        if self.axis is None:
            return _read(value, info)
        with reading(self.axis, self.kind):
            law = _read(value, info)
        if law.axis != self.axis:  # made in Python, where it was validated by itself
            raise fail(f"must be a {self.axis} (found a {law.axis})")
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

Quantity = Annotated[Distribution, _ByFamily("number", "count")]
"""An uncertain number of what is counted: a bare number or a distribution."""

Duration = Annotated[Distribution, _ByFamily("number", "days")]
"""An uncertain number of days."""

Fraction = Annotated[Distribution, _ByFamily("number", "share")]
"""An uncertain share, 0 to 1."""

Factor = Annotated[Distribution, _ByFamily("number", "factor")]
"""An uncertain factor, 0 or more."""

Growth = Annotated[Distribution, _ByFamily("number", "growth")]
"""An uncertain relative change, which can be negative."""

When = Annotated[Distribution, _ByFamily("date")]
"""An uncertain date: a bare date or a distribution over dates."""
