"""What every distribution is: a quantile function, a CDF, and truncation that renormalises.

A family states its law once, for arrays, without truncation (`_ppf`, `_cdf`, `_mean`); this module
adds what is the same for all.
"""

from __future__ import annotations

import datetime as dt
import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from simulate.scenario.values import Axis, Day, Point, Sourced, fail

Floats = npt.NDArray[np.float64]

_quiet = np.errstate(over="ignore")
"""Infinity is the right word for what is too large for a float."""


class _Window(NamedTuple):
    """Probabilities outside `min` and `max`, and the mass between them."""

    below: float  # P(X < min)
    above: float  # P(X > max)
    mass: float


class Distribution(Sourced, ABC):
    """An uncertain number or date.

    All functions are vectorised over arrays of any shape (a family's own see one axis or more).
    For a date the axis is days since 1970-01-01 (`Day`).
    """

    min: Point | None = Field(None, description="Cut off below this value and renormalise.")
    max: Point | None = Field(None, description="Cut off above this value and renormalise.")

    @abstractmethod
    def _ppf(self, p: Floats) -> Floats:
        """Quantiles of the law before truncation."""

    @abstractmethod
    def _cdf(self, x: Floats) -> Floats:
        """Lower tail probabilities P(X <= x) of the law before truncation."""

    @abstractmethod
    def _mean(self) -> float | None:
        """Mean before truncation, None where it does not exist."""

    # A family whose upper tail has digits that 1 - p would lose overrides the first two, one whose
    # quantiles jump the third.

    def _isf(self, q: Floats) -> Floats:
        return self._ppf(1.0 - q)

    def _sf(self, x: Floats) -> Floats:
        return 1.0 - self._cdf(x)

    def _truncated_mean(self) -> float | None:
        return mean_of_quantiles(self)

    @_quiet
    def ppf(self, p: npt.ArrayLike) -> Floats:
        """Quantile function: the smallest x with P(X <= x) >= p.

        Parameters
        ----------
        p : array_like
            Probabilities in [0, 1].

        Returns
        -------
        ndarray
            Values on the input's axis, shape of `p`.

        Raises
        ------
        ValueError
            If a probability is outside [0, 1] or not a number.

        Examples
        --------
        >>> from simulate.scenario.distributions import Lognormal
        >>> float(Lognormal(p5=3000, p95=4000).ppf(0.5).round(4))
        3464.1016
        """
        p, shape = _probabilities(p)
        if self._window is None:
            return self._ppf(p).reshape(shape)
        below, above, mass = self._window
        x = self._ppf(below + p * mass) if below <= 0.5 else self._isf(above + (1.0 - p) * mass)
        return self._clip(x).reshape(shape)

    @_quiet
    def isf(self, q: npt.ArrayLike) -> Floats:
        """Inverse survival function, `ppf(1 - q)` without loss of digits for small q."""
        q, shape = _probabilities(q)
        if self._window is None:
            return self._isf(q).reshape(shape)
        below, above, mass = self._window
        x = self._isf(above + q * mass) if above <= 0.5 else self._ppf(below + (1.0 - q) * mass)
        return self._clip(x).reshape(shape)

    @_quiet
    def cdf(self, x: npt.ArrayLike) -> Floats:
        """Lower tail probability P(X <= x), shape of `x`."""
        x, shape = _at_least_1d(x)
        if self._window is None:
            return self._cdf(x).reshape(shape)
        below, above, mass = self._window
        # Where both probabilities are near one, subtract the small upper tails instead.
        p = self._cdf(x) - below if below <= 0.5 else (above + mass) - self._sf(x)
        return self._outside(x, np.clip(p / mass, 0.0, 1.0), 0.0, 1.0).reshape(shape)

    @_quiet
    def sf(self, x: npt.ArrayLike) -> Floats:
        """Upper tail probability P(X > x), shape of `x`."""
        x, shape = _at_least_1d(x)
        if self._window is None:
            return self._sf(x).reshape(shape)
        below, above, mass = self._window
        q = self._sf(x) - above if above <= 0.5 else (below + mass) - self._cdf(x)
        return self._outside(x, np.clip(q / mass, 0.0, 1.0), 1.0, 0.0).reshape(shape)

    def same_value(self, p: Floats) -> tuple[Floats, Floats]:
        """P(X < x) and P(X <= x) of the quantiles x at levels of shape (n,): all between give x.

        Both are the level where no value occurs twice, as with a continuous law.
        """
        values, place = np.unique(self.ppf(p), return_inverse=True)
        if values.size == p.size:
            return p, p
        return self.cdf(np.nextafter(values, -np.inf))[place], self.cdf(values)[place]

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and largest value that any draw can take, possibly infinite."""
        low, high = self.ppf(np.array([0.0, 1.0]))
        return float(low), float(high)

    @property
    def expectation(self) -> float | None:
        """The mean after truncation; None where it does not exist."""
        return self._mean() if self._window is None else self._truncated_mean()

    @cached_property
    def is_constant(self) -> bool:
        """Whether only one value is possible."""
        low, high = self.support
        return low == high

    def __eq__(self, other: object) -> bool:
        # As written: the arrays kept beside the fields have no single truth value.
        return isinstance(other, Distribution) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    def describe(self) -> str:
        """The distribution in words, as a file would write it."""
        fields = type(self).model_fields
        own = {
            name: getattr(self, name)
            for name in fields
            if name not in ("distribution", "percentiles", *Sourced.model_fields)
            and getattr(self, name) != fields[name].default
        }
        told = {**own, **getattr(self, "percentiles", {})}
        words = ", ".join(f"{name} {spelled(value)}" for name, value in told.items())
        return f"{self.family_name()} {words}"

    @classmethod
    def family_name(cls) -> str:
        """The name in a file's `distribution` key."""
        return str(cls.model_fields["distribution"].default)

    @cached_property
    def axis(self) -> Axis:
        """Whether the values are numbers or dates."""
        return "date" if _holds_date(tuple(self.__dict__.values())) else "number"

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As a file would have it: the family's name, and percentiles as keys of their own."""
        data: dict[str, Any] = handler(self)
        percentiles = data.pop("percentiles", {})
        return {"distribution": self.family_name(), **data, **percentiles}

    @cached_property
    def _window(self) -> _Window | None:
        if self.min is None and self.max is None:
            return None
        below, not_below, upto, above = 0.0, 1.0, 1.0, 0.0
        if self.min is not None:
            before = np.array([np.nextafter(self.min, -np.inf)])
            below, not_below = self._cdf(before).item(), self._sf(before).item()
        if self.max is not None:
            last = np.array([self.max])
            upto, above = self._cdf(last).item(), self._sf(last).item()
        return _Window(below, above, upto - below if below <= 0.5 else not_below - above)

    def _outside(self, x: Floats, probability: Floats, below: float, upto: float) -> Floats:
        """Put the exact probabilities `below` min and `upto` max, where others are rounded."""
        if self.min is not None:
            probability = np.where(x < self.min, below, probability)
        return probability if self.max is None else np.where(x >= self.max, upto, probability)

    def _clip(self, x: Floats) -> Floats:
        """Undo rounding at the ends; no mass moves here."""
        return np.clip(x, self.min, self.max)

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise fail("window", "min must be below max", at="min")
        if self._window is not None and not self._window.mass > 0:
            raise fail("window", "no value of the distribution lies between min and max", at="min")
        return self


def _at_least_1d(x: npt.ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    array = np.asarray(x, dtype=np.float64)
    return np.atleast_1d(array), array.shape


def _probabilities(p: npt.ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    array, shape = _at_least_1d(p)
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        raise ValueError("probabilities must lie between 0 and 1")
    return array, shape


def _holds_date(values: tuple[object, ...]) -> bool:
    for value in values:
        if isinstance(value, Day | dt.date):
            return True
        if isinstance(value, Distribution) and value.axis == "date":
            return True
        if isinstance(value, dict) and _holds_date(tuple(value.values())):
            return True
        if isinstance(value, tuple) and _holds_date(value):
            return True
    return False


def spelled(value: object) -> str:
    """A parameter in words."""
    if isinstance(value, Day):
        return str(value)
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, Distribution):
        return f"({value.describe()})"
    if isinstance(value, tuple):
        listed = ", ".join(spelled(part) for part in value[:4])
        return f"[{listed}, ... {len(value)} in all]" if len(value) > 4 else f"[{listed}]"
    return str(value)


def mean_of_quantiles(distribution: Distribution) -> float | None:
    """Integrate the quantile function by the tanh-sinh rule, which bears singular ends.

    Takahasi and Mori (1974), Publ. RIMS 9, 721-741; each half is integrated from its own end so
    that no digits of the tails are lost.
    """
    t = np.linspace(-5.0, 5.0, 4001)  # probabilities down to 1e-101
    lower = 1.0 / (1.0 + np.exp(-np.pi * np.sinh(t)))
    weight = 0.5 * np.pi * np.cosh(t) * lower * (1.0 - lower) * (t[1] - t[0])
    below = weight * distribution.ppf(0.5 * lower)
    above = weight * distribution.isf(0.5 * lower)
    total = float(np.sum(below + above))
    # Where what is summed does not die away towards an end, there is no mean.
    sizes = np.abs([below, above])
    dies_away = sizes[:, 0] <= 1e-12 * np.max(sizes, axis=1)
    return total if math.isfinite(total) and np.all(dies_away) else None
