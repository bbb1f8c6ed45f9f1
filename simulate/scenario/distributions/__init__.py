"""All families of distributions, and the kinds of input that take them.

To add a family, write one class with a `distribution` name in one of these modules, and that name
in `HOMES`. The JSON Schema and the hints then know it, and the tests ask for cases in
`tests/scenario/laws.py` and `test_any_law.py`, which every contract test runs, and for a row in
`configs/REFERENCE.md`. A module is loaded when a scenario first names one of its families.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, get_args

from msgspec import Struct
from pydantic_core import core_schema

from simulate.scenario.distributions.base import Distribution as Distribution
from simulate.scenario.names import did_you_mean
from simulate.scenario.values import (
    ISO_DATE,
    Axis,
    fail,
    not_a_date,
    not_a_number,
    reading,
    reading_axis,
)
from simulate.scenario.written_numbers import Kind

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo

HOMES: Mapping[str, tuple[str, ...]] = {
    "bounded": ("constant", "uniform", "triangular"),
    "beta_shaped": ("pert", "beta"),
    "unbounded": ("normal", "logistic", "student_t"),
    "positive": ("lognormal", "gamma", "weibull"),
    "metalog": ("metalog",),
    "counts": ("poisson", "binomial", "negative_binomial"),
    "data": ("discrete", "empirical", "histogram"),
    "mixture": ("mixture",),
    "scipy_law": ("scipy",),
}
"""The families of each module, by their names in a file; the class of `student_t` is StudentT."""

_MODULES = {name: module for module, names in HOMES.items() for name in names}


class _Families(Mapping[str, type[Distribution]]):
    """All families by name, each loaded when it is first used: a scenario needs only a few."""

    def __getitem__(self, name: str) -> type[Distribution]:
        module = import_module(f"{__name__}.{_MODULES[name]}")
        family: type[Distribution] = getattr(module, name.title().replace("_", ""))
        return family

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


FAMILIES = _Families()
_SAME = {
    **dict.fromkeys(("gaussian", "gauss", "bell_curve"), "normal"),
    **dict.fromkeys(("rectangular", "flat", "range"), "uniform"),
    **dict.fromkeys(("galton", "lognorm"), "lognormal"),
    **dict.fromkeys(("t", "student"), "student_t"),
    **dict.fromkeys(("fixed", "deterministic"), "constant"),
    **dict.fromkeys(("nbinom", "pascal"), "negative_binomial"),
    **dict.fromkeys(("triangle", "triang"), "triangular"),
}
"""Other names of families."""


def _read(value: object, info: ValidationInfo) -> Distribution:
    """Validate with the family that is named; a bare number or date is a constant."""
    if isinstance(value, Distribution):
        return value
    if isinstance(value, str | list) and reading_axis() == "number":
        raise not_a_number(value, ranges=True)
    is_date = isinstance(value, str) and ISO_DATE.fullmatch(value) is not None
    if isinstance(value, str | list | int) and reading_axis() == "date" and not is_date:
        raise not_a_date(value, ranges=True)
    if not isinstance(value, dict):
        value = {"distribution": "constant", "value": value}
    if "value" in value:  # as a run writes a constant with its source
        value = {"distribution": "constant", **value}
    if "distribution" not in value:
        raise fail(
            "needs distribution, the name of a family",
            hint="for instance distribution: uniform, with low and high",
        )
    name = str(value["distribution"])
    if name not in FAMILIES:
        same = _SAME.get(name.lower().replace("-", "_").replace(" ", "_"))
        hint = f"write {same}" if same else did_you_mean(name, FAMILIES)
        raise fail(f"unknown distribution {name}", hint=hint, at="distribution")
    return FAMILIES[name].model_validate(value, context=info.context)


Limits = tuple[float, float]
NOT_NEGATIVE: Limits = (0.0, math.inf)


class Holds(Struct, frozen=True):
    """How pydantic reads and writes a distribution, on its own axis or that of the field around it.

    Numbers are of a `kind`, and all of them must lie within the `limits`, if there are any.

    A union of all families would do the same, but build the validators of all of them for each
    input, which takes longer than a small run.
    """

    axis: Axis | None = None
    kind: Kind = "number"
    limits: Limits | None = None

    def read(self, value: object, info: ValidationInfo) -> Distribution:
        """Validate a distribution, a bare number or a date."""
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


def held_by(*annotations: Any) -> Holds | None:
    """What a field with these annotations holds; None where that is no distribution."""
    found = (part if isinstance(part, Holds) else held_by(*get_args(part)) for part in annotations)
    return next(filter(None, found), None)


# What a field takes: a bare value or a distribution, on which axis, and what its numbers measure.
AnyDistribution = Annotated[Distribution, Holds()]  # inside another distribution
Quantity = Annotated[Distribution, Holds("number", "count")]
Size = Annotated[Distribution, Holds("number", "count", NOT_NEGATIVE)]
Duration = Annotated[Distribution, Holds("number", "days")]
Fraction = Annotated[Distribution, Holds("number", "share", (0.0, 1.0))]
Factor = Annotated[Distribution, Holds("number", "factor", NOT_NEGATIVE)]
Pace = Annotated[Distribution, Holds("number", "rate", NOT_NEGATIVE)]  # so many per unit of time
Growth = Annotated[Distribution, Holds("number", "growth", (-1e6, 1e6))]  # can be negative
When = Annotated[Distribution, Holds("date")]
