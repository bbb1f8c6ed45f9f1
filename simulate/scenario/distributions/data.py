"""Families given by data: weighted values, observations, a histogram."""

from abc import ABC
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, ValidationInfo, model_validator

from simulate.scenario.arrays import Floats
from simulate.scenario.data_file import DataFolder, read_column
from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.values import Number, Point, Text, fail, shown

Weight = Annotated[Number, Field(ge=0)]
Points = Annotated[tuple[Point, ...], Field(min_length=1, strict=False)]
Weights = Annotated[tuple[Weight, ...], Field(strict=False)]


Steps = tuple[Floats, Floats]
"""Distinct values in increasing order and P(X <= value)."""


def check_weights(weights: tuple[float, ...], n: int, what: str) -> None:
    """Refuse weights unless there are `n` of them, not all zero."""
    if weights and len(weights) != n:
        message = f"needs one weight for each of the {n} {what} (found {len(weights)})"
        raise fail(message, at="weights")
    if weights and not sum(weights) > 0:
        raise fail("weights are all zero", at="weights")


class StepDistribution(Distribution, ABC):
    """Finitely many values."""

    only_atoms: ClassVar = True

    values: Points

    @cached_property
    def _steps(self) -> Steps:
        """Of equal values the weights are added up; those of zero weight are dropped."""
        distinct, where = np.unique(np.asarray(self.values, dtype=np.float64), return_inverse=True)
        weight = np.bincount(where, weights=getattr(self, "weights", ()) or None)
        upto = np.cumsum(weight[weight > 0], dtype=np.float64)
        upto /= upto[-1]
        return distinct[weight > 0], upto

    def _ppf(self, p: Floats) -> Floats:
        values, upto = self._steps
        return values[np.minimum(np.searchsorted(upto, p), values.size - 1)]

    def _cdf(self, x: Floats) -> Floats:
        values, upto = self._steps
        return np.concatenate([[0.0], upto])[np.searchsorted(values, x, side="right")]

    def _mean(self) -> float:
        values, upto = self._steps
        return float(values @ np.diff(upto, prepend=0.0))

    def _mean_between(self, part: Slice) -> float:
        values, _ = self._steps
        return float(values @ np.diff(part.cdf(values), prepend=0.0))


class Discrete(StepDistribution):
    """Listed values with weights (equal where left out)."""

    distribution: Literal["discrete"] = "discrete"
    weights: Weights = ()

    def _check(self) -> None:
        check_weights(self.weights, len(self.values), "values")


class Empirical(StepDistribution):
    """Observed values, each equally likely: a list, or a column of a CSV file."""

    distribution: Literal["empirical"] = "empirical"
    file: Text = Field("", description="CSV file, relative to the scenario file.")
    column: Text = Field("", description="Name of the column in the file.")

    @model_validator(mode="before")
    @classmethod
    def _read_file(cls, data: Any, info: ValidationInfo) -> Any:
        """Use the file's column as `values`."""
        if not isinstance(data, dict) or "file" not in data or "values" in data:
            return data
        if "column" not in data:
            raise fail("needs column, the name of the CSV column to read", at="file")
        for key in ("file", "column"):
            if not isinstance(data[key], str):
                hint = "put it in quotes, written as in the file"
                raise fail(f"{key} must be text (found {shown(data[key])})", hint=hint, at=key)
        folder = (info.context or {}).get("data") or DataFolder(Path())
        return {**data, "values": read_column(data["file"], data["column"], folder)}


class Histogram(Distribution):
    """Bins between rising edges, each filled evenly according to its weight."""

    distribution: Literal["histogram"] = "histogram"
    edges: Annotated[tuple[Point, ...], Field(min_length=2, strict=False)]
    weights: Weights

    def _check(self) -> None:
        for low, high in pairwise(self.edges):
            if not low < high:
                found = f"(found {shown(low)}, then {shown(high)})"
                raise fail(f"edges must increase {found}", at="edges")
        check_weights(self.weights, len(self.edges) - 1, "bins")

    @cached_property
    def _knots(self) -> Steps:
        upto = np.concatenate([[0.0], np.cumsum(self.weights)])
        return np.asarray(self.edges, dtype=np.float64), upto / upto[-1]

    def _ppf(self, p: Floats) -> Floats:
        values, upto = self._knots
        # The first bin that reaches p; empty bins are passed over.
        k = np.clip(np.searchsorted(upto, p), 1, None)
        k = np.where(p <= 0, np.searchsorted(upto, 0.0, side="right"), k)
        share = np.clip((p - upto[k - 1]) / (upto[k] - upto[k - 1]), 0.0, 1.0)
        return values[k - 1] + share * (values[k] - values[k - 1])

    def _cdf(self, x: Floats) -> Floats:
        values, upto = self._knots
        return np.interp(x, values, upto)

    def _mean(self) -> float:
        values, upto = self._knots
        return float(0.5 * (values[1:] + values[:-1]) @ np.diff(upto))

    def _mean_between(self, part: Slice) -> float:
        edges = np.clip(self._knots[0], part.low, part.high)
        return float(0.5 * (edges[1:] + edges[:-1]) @ np.diff(part.cdf(edges)))
