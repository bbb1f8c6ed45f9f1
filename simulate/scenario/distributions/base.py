"""What every distribution is: a quantile function, a CDF, and truncation that renormalises.

A family states its law once, for arrays, without truncation (`_ppf`, `_cdf`, `_mean`), and the
rules for its parameters (`_check`); this module adds what all families share.
"""

import datetime as dt
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.slice import Law, Slice
from simulate.scenario.numerals import exact
from simulate.scenario.values import Axis, Day, Point, Sourced, fail, shown

_CHECKED = np.array([0.0, 1e-100, 2.0**-53, *np.linspace(0.01, 0.99, 15), 1.0 - 2.0**-53, 1.0])
"""Probabilities whose quantiles every distribution must have."""

_LARGEST = 1e100
"""Keeps squares and products of the numbers of a distribution within the range of floats."""

_quiet = np.errstate(over="ignore")
"""Values too large for a float are infinity, without a warning."""


class Distribution(Sourced, ABC):
    """An uncertain number or date.

    All functions are vectorised over arrays of any shape (a family's own see one axis or more).
    For a date the axis is days since 1970-01-01 (`Day`).
    """

    only_atoms: ClassVar[bool] = False
    slow_quantiles: ClassVar[bool] = False

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

    def _check(self) -> None:
        """Refuse parameters that define no law."""

    # Override `_isf` and `_sf` where 1 - p would lose digits of the upper tail, `_mean_between` and
    # `only_atoms` where quantiles jump, `slow_quantiles` where they are smooth and each takes long.

    def _isf(self, q: Floats) -> Floats:
        return self._ppf(1.0 - q)

    def _sf(self, x: Floats) -> Floats:
        return 1.0 - self._cdf(x)

    def _mean_between(self, part: Slice) -> float | None:
        return mean_of_quantiles(part)

    @property
    def has_atoms(self) -> bool:
        """Whether single values have a positive probability."""
        return self.only_atoms

    @property
    def is_slow(self) -> bool:
        """Whether its quantiles are better taken from a table."""
        return self.slow_quantiles

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
        >>> from simulate.scenario.distributions.positive import Lognormal
        >>> float(Lognormal(p5=3000, p95=4000).ppf(0.5).round(4))
        3464.1016
        """
        return _elementwise(self._truncated.ppf, _probabilities(p))

    def isf(self, q: npt.ArrayLike) -> Floats:
        """Inverse survival function, `ppf(1 - q)` without loss of digits for small q."""
        return _elementwise(self._truncated.isf, _probabilities(q))

    def cdf(self, x: npt.ArrayLike) -> Floats:
        """Lower tail probability P(X <= x), shape of `x`."""
        return _elementwise(self._truncated.cdf, x)

    def sf(self, x: npt.ArrayLike) -> Floats:
        """Upper tail probability P(X > x), shape of `x`."""
        return _elementwise(self._truncated.sf, x)

    def same_value(self, p: Floats) -> tuple[Floats, Floats]:
        """P(X < x) and P(X <= x) of the quantiles x at levels of shape (n,).

        All levels between the two give x. Where no value occurs twice, as with a continuous law,
        both are the level.
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
    @_quiet
    def expectation(self) -> float | None:
        """The mean after truncation; None if it does not exist or is too large for a float."""
        # The probability beyond a cut can be too small for a float.
        return self.support[0] if self.is_constant else self._truncated.mean()

    @_quiet
    def pieces(self, low: float = -math.inf, high: float = math.inf) -> list[tuple[float, Slice]]:
        """The slices that make up this distribution from `low` to `high`.

        Returns
        -------
        list of tuple
            The probability of each slice in this distribution, and the slice.
        """
        own = self._truncated
        part = Slice(own.law, max(low, own.low), min(high, own.high))
        return [(part.mass / own.mass, part)] if part.low <= part.high and part.mass > 0 else []

    @cached_property
    def is_constant(self) -> bool:
        """Whether only one value is possible."""
        low, high = self.support
        return low == high

    def __eq__(self, other: object) -> bool:
        # By their fields; arrays cached beside them have no single truth value.
        return isinstance(other, Distribution) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    def describe(self) -> str:
        """The distribution in words, with its parameters as in a file."""
        fields = type(self).model_fields
        own = {
            name: getattr(self, name)
            for name in fields
            if name not in ("distribution", "percentiles", *Sourced.model_fields)
            and getattr(self, name) != fields[name].default
        }
        parameters = {**own, **getattr(self, "percentiles", {})}
        words = ", ".join(f"{name} {spelled(value)}" for name, value in parameters.items())
        return f"{self.family_name()} {words}"

    @classmethod
    def family_name(cls) -> str:
        """The name in a file's `distribution` key."""
        return str(cls.model_fields["distribution"].default)

    @cached_property
    def axis(self) -> Axis:
        """Whether the values are numbers or dates."""
        dates = (
            leaf.axis == "date"
            if isinstance(leaf, Distribution)
            else isinstance(leaf, Day | dt.date)
            for leaf in leaves(self.__dict__)
        )
        return "date" if any(dates) else "number"

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As written in a file: with the family's name, each percentile as a key."""
        data: dict[str, Any] = handler(self)
        percentiles = data.pop("percentiles", {})
        return {"distribution": self.family_name(), **data, **percentiles}

    @property
    def _cut(self) -> tuple[float, float]:
        """Where the law is cut off."""
        low = -math.inf if self.min is None else self.min
        return low, math.inf if self.max is None else self.max

    @cached_property
    def _truncated(self) -> Slice:
        tails = (self._ppf, self._isf, self._cdf, self._sf)
        means = self._mean, self._mean_between
        return Slice(Law(*tails, *means, self.has_atoms, self.is_slow), *self._cut)

    @model_validator(mode="after")
    @_quiet
    def _check_all(self) -> Self:
        for name, value in self.__dict__.items():
            for number in leaves(value):
                if isinstance(number, float) and not abs(number) <= _LARGEST:
                    text = f"must be at most {_LARGEST:g} in size (found {shown(number)})"
                    raise fail(text, at=name)
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise fail("min must be below max", at="min")
        try:
            with np.errstate(divide="raise", invalid="raise"):
                self._check()
                is_empty = not self.pieces()
                rises = is_empty or self._rises()
        except PydanticCustomError:
            raise
        except (ArithmeticError, ValueError):
            is_empty = rises = False
        if is_empty:
            at = "max" if self.min is None else "min"
            raise fail("no value of the distribution lies between min and max", at=at)
        if not rises:
            raise fail(
                "the quantiles of this distribution cannot be calculated: its numbers are too "
                "large, too small or too far apart"
            )
        return self

    def _rises(self) -> bool:
        """Whether the quantiles are numbers that increase, up to rounding."""
        own = self._truncated
        pairs = [(x[:-1], x[1:]) for x in (own.own_ppf(_CHECKED), own.own_isf(_CHECKED)[::-1])]
        return all(np.all((a <= b) | np.isclose(a, b, rtol=1e-9, atol=0.0)) for a, b in pairs)


@_quiet
def _elementwise(function: Callable[[Floats], Floats], x: npt.ArrayLike) -> Floats:
    """The values of a function that takes one axis or more, shape of `x`."""
    array = np.asarray(x, dtype=np.float64)
    return function(np.atleast_1d(array)).reshape(array.shape)


def _probabilities(p: npt.ArrayLike) -> Floats:
    array = np.asarray(p, dtype=np.float64)
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        raise ValueError("probabilities must lie between 0 and 1")
    return array


def leaves(value: object) -> Iterator[object]:
    """What a parameter holds: itself, or the entries of its lists and mappings, at any depth."""
    if isinstance(value, tuple | Mapping):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(part)
    else:
        yield value


def spelled(value: object) -> str:
    """A parameter in words."""
    if isinstance(value, Day):
        return str(value)
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, Distribution):
        return f"({value.describe()})"
    if isinstance(value, tuple):
        listed = ", ".join(spelled(part) for part in value[:4])
        return f"[{listed}, ... {len(value)} in all]" if len(value) > 4 else f"[{listed}]"
    return str(value)


def mean_of_quantiles(law: Slice | Distribution) -> float | None:
    """Integrate the quantile function by the tanh-sinh rule, which tolerates singular ends.

    Takahasi and Mori (1974), Publ. RIMS 9, 721-741; each half is integrated from its own end so
    that no digits of the tails are lost.
    """
    t = np.linspace(-5.0, 5.0, 4001)  # probabilities down to 1e-101
    lower = 1.0 / (1.0 + np.exp(-np.pi * np.sinh(t)))
    weight = 0.5 * np.pi * np.cosh(t) * lower * (1.0 - lower) * (t[1] - t[0])
    with np.errstate(invalid="ignore"):  # infinite values mean that there is no mean
        below = weight * law.ppf(0.5 * lower)
        above = weight * law.isf(0.5 * lower)
        total = float(np.sum(below + above))
    # If the terms do not vanish towards an end, there is no mean.
    sizes = np.abs([below, above])
    dies_away = sizes[:, 0] <= 1e-12 * np.max(sizes, axis=1)
    return total if math.isfinite(total) and np.all(dies_away) else None
