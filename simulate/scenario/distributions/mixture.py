"""Several laws combined into one: the mixture, and the average at the same probability."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import AnyDistribution
from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.data import Weights, check_weights
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.distributions.tables import Function

_Piece = tuple[float, Slice]
_Pieces = list[_Piece]


class Mixture(Distribution):
    """Each draw follows one component, chosen by weight (equal where left out)."""

    distribution: Literal["mixture"] = "mixture"
    components: Annotated[tuple[AnyDistribution, ...], Field(min_length=1, strict=False)]
    weights: Weights = ()

    def _check(self) -> None:
        check_weights(self.weights, len(self.components), "components")

    @property
    def _cut(self) -> tuple[float, float]:
        """Nothing is cut off the whole, but each component."""
        return -np.inf, np.inf

    def pieces(self, low: float = -np.inf, high: float = np.inf) -> _Pieces:
        """The slices of all components; a mixture among them contributes its own slices."""
        least, most = super()._cut
        total = sum(mass for mass, _ in self._between(least, most))
        inside = self._between(max(low, least), min(high, most))
        return [(mass / total, piece) for mass, piece in inside]

    def _between(self, low: float, high: float) -> _Pieces:
        weights = self.weights or (1.0,) * len(self.components)
        return [
            (share * mass, piece)
            for share, component in zip(_shares(weights), self.components, strict=True)
            for mass, piece in component.pieces(low, high)
            if share * mass > 0
        ]

    @cached_property
    def _parts(self) -> _Pieces:
        return self.pieces()

    @cached_property
    def has_atoms(self) -> bool:
        """Whether a component has atoms."""
        return any(piece.law.atoms for _, piece in self._parts)

    @property
    def is_slow(self) -> bool:
        """Whether each quantile has to be searched for."""
        return self._smooth is None

    @cached_property
    def _smooth(self) -> _Piece | None:
        """The only component of more than one value, if there is just one and it has no atoms."""
        others = [(mass, piece) for mass, piece in self._parts if not piece.is_point]
        return others[0] if len(others) == 1 and not others[0][1].law.atoms else None

    def _between_jumps(self, p: Floats, mass: float, piece: Slice) -> Floats:
        """Quantiles of one smooth law and of single values, at each of which the whole jumps."""
        at, jumps = self._jumps
        below = np.cumsum(jumps) - jumps
        begin = mass * piece.cdf(at) + below
        place = np.clip(np.searchsorted(begin + jumps, p), 1, at.size - 1)
        level = np.clip((p - below[place]) / mass, 0.0, 1.0)
        law = piece.ppf(level)
        law = np.where(piece.cdf(law) < level, np.nextafter(law, np.inf), law)  # the smallest one
        return np.where(p > begin[place], at[place], np.clip(law, at[place - 1], at[place]))

    def _beyond_jumps(self, q: Floats, mass: float, piece: Slice) -> Floats:
        """The same at upper tail probabilities."""
        at, jumps = self._jumps
        beyond = np.cumsum(jumps[::-1])[::-1] - jumps
        end = mass * piece.sf(at) + beyond
        place = np.clip(np.searchsorted(-end, -q), 1, at.size - 1)
        level = np.where(q < 1.0, np.clip((q - beyond[place - 1]) / mass, 0.0, 1.0), 1.0)
        law = piece.isf(level)
        law = np.where(piece.sf(law) > level, np.nextafter(law, np.inf), law)
        law = np.clip(law, at[place - 1], at[place])
        return np.where(q < end[place] + jumps[place], at[place], law)

    @cached_property
    def _jumps(self) -> Floats:
        """Single values and their probabilities, between infinite ones of none."""
        points = ((part.ppf(np.ones(1)).item(), m) for m, part in self._parts if part.is_point)
        return np.array([(-np.inf, 0.0), *sorted(points), (np.inf, 0.0)]).T

    @cached_property
    def _places(self) -> Floats:
        """Quantiles of the components, among them the ends and atoms of most."""
        n = int(np.clip(4096 // len(self._parts), 16, 256))
        tail = np.append(1.0 / (1.0 + np.exp(np.linspace(0.0, 37.0, n))), 0.0)
        places = [[piece.ppf(tail), piece.isf(tail)] for _, piece in self._parts]
        return np.ravel(places)

    @cached_property
    def _lower(self) -> "_Table":
        return _Table(self._cdf, self._places)

    @cached_property
    def _upper(self) -> "_Table":
        return _Table(self._not_beyond, self._places)

    # A quantile of the mixture lies between the smallest and largest of its components', and its
    # end is the largest of their ends, wherever the sum of their rounded probabilities is one.

    def _ppf(self, p: Floats) -> Floats:
        if self._smooth is not None:
            return self._between_jumps(p, *self._smooth)
        quantiles = [piece.ppf(p) for _, piece in self._parts]
        low, high = np.minimum.reduce(quantiles), np.maximum.reduce(quantiles)
        return np.where(p < 1.0, self._lower.inverse(p, low, high), high)

    def _isf(self, q: Floats) -> Floats:
        if self._smooth is not None:
            return self._beyond_jumps(q, *self._smooth)
        quantiles = [piece.isf(q) for _, piece in self._parts]
        low, high = np.minimum.reduce(quantiles), np.maximum.reduce(quantiles)
        return np.where(q > 0.0, self._upper.inverse(-q, low, high), high)

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(sum(mass * piece.cdf(x) for mass, piece in self._parts))

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(sum(mass * piece.sf(x) for mass, piece in self._parts))

    def _not_beyond(self, x: Floats) -> Floats:
        return -self._sf(x)

    def _mean(self) -> float | None:
        return _weighted_mean((mass, piece.mean()) for mass, piece in self._parts)


class QuantileAverage(Distribution):
    """A law whose quantile at any probability is the weighted average of its components'.

    Where a mixture of two opinions has two humps, this lies between them, as wide as they are on
    average. A scenario cannot name it; claims are pooled with it.

    References
    ----------
    Lichtendahl, Grushka-Cockayne and Winkler (2013), Management Science 59(7), 1594-1611.
    """

    distribution: Literal["quantile_average"] = "quantile_average"
    components: Annotated[tuple[AnyDistribution, ...], Field(min_length=1, strict=False)]
    weights: Weights

    @cached_property
    def _parts(self) -> list[tuple[float, Distribution]]:
        pairs = zip(_shares(self.weights), self.components, strict=True)
        return [(share, part) for share, part in pairs if share > 0]

    def _ppf(self, p: Floats) -> Floats:
        return np.asarray(sum(share * part.ppf(p) for share, part in self._parts))

    def _isf(self, q: Floats) -> Floats:
        return np.asarray(sum(share * part.isf(q) for share, part in self._parts))

    def _cdf(self, x: Floats) -> Floats:
        # P(X <= x) is the largest p whose quantile is not above x: the smallest p with one above,
        # which distinguishes a jump of the quantiles from a jump of the probability.
        levels = [part.cdf(x) for _, part in self._parts]
        above = np.nextafter(x, np.inf)
        return _inverse(self._ppf, above, np.minimum.reduce(levels), np.maximum.reduce(levels))

    def _sf(self, x: Floats) -> Floats:
        levels = [part.sf(x) for _, part in self._parts]
        low, high = np.minimum.reduce(levels), np.maximum.reduce(levels)
        return _inverse(lambda q: -self._isf(q), -x, low, high)

    def _mean(self) -> float | None:
        return _weighted_mean((share, part.expectation) for share, part in self._parts)


class PerDay(Distribution):
    """A count divided by the days in which it fell.

    A scenario cannot name it; counts of a period are pooled with it as a rate.
    """

    distribution: Literal["per_day"] = "per_day"
    count: AnyDistribution
    days: float

    @property
    def has_atoms(self) -> bool:
        """Whether the count has atoms."""
        return self.count.has_atoms

    def _ppf(self, p: Floats) -> Floats:
        return self.count.ppf(p) / self.days

    def _isf(self, q: Floats) -> Floats:
        return self.count.isf(q) / self.days

    def _cdf(self, x: Floats) -> Floats:
        return self.count.cdf(self._counted(x))

    def _sf(self, x: Floats) -> Floats:
        return self.count.sf(self._counted(x))

    def _counted(self, x: Floats) -> Floats:
        """The largest count whose rate is at most x; the product alone can round below it."""
        counted = x * self.days
        above = np.nextafter(counted, np.inf)
        return np.where(above / self.days <= x, above, counted)

    def _mean(self) -> float | None:
        mean = self.count.expectation
        return None if mean is None else mean / self.days


def _shares(weights: tuple[float, ...]) -> list[float]:
    shares: list[float] = (np.array(weights) / np.sum(weights)).tolist()
    return shares


def _weighted_mean(means: Iterable[tuple[float, float | None]]) -> float | None:
    """The mean of the whole from the means of its parts, None if a part has none."""
    total = 0.0
    for share, mean in means:
        if mean is None:
            return None
        total += share * mean
    return total


_FURTHEST = 1e300


def _inverse(quantiles: Function, x: Floats, low: Floats, high: Floats) -> Floats:
    """The smallest probability between `low` and `high` whose quantile reaches `x`."""

    def finite(p: Floats) -> Floats:
        # The search takes differences, which infinity does not have.
        return np.clip(quantiles(p), -_FURTHEST, _FURTHEST)

    return _invert(finite, np.clip(x, -_FURTHEST, _FURTHEST), low, high)


def _invert(function: Function, target: Floats, low: Floats, high: Floats) -> Floats:
    """Smallest x in [low, high], to the last digits, at which a rising function reaches the target.

    The function may jump. Where it already reaches the target at `low`, the answer is `low`; where
    it does not at `high`, `high`. The method is that of Chandrupatla (1997), Advances in
    Engineering Software 28(3), 145-149.
    """
    from scipy.optimize.elementwise import find_root

    shape = target.shape
    target, low, high = target.reshape(-1), low.reshape(-1), high.reshape(-1)
    at_low = function(low)
    solution = np.where(at_low >= target, low, high)
    open_ = np.flatnonzero((at_low < target) & (function(high) > target))
    if open_.size:

        def miss(x: Floats, y: Floats) -> Floats:
            above = function(x) - y
            # Never zero, so that the search continues to the smallest x that reaches the target.
            return np.where(above == 0, np.finfo(np.float64).tiny, above)

        with np.errstate(all="ignore"):  # the method tries steps that lead nowhere
            found = find_root(
                miss,
                (low[open_], high[open_]),
                args=(target[open_],),
                # At a jump, and where rounding makes the function flat, the bracket decides.
                tolerances={"xatol": 0.0, "xrtol": 4e-16, "fatol": 0.0, "frtol": 0.0},
                maxiter=200,
            )
        solution[open_] = np.maximum(*found.bracket)
    return solution.reshape(shape)


class _Table:
    """A non-decreasing function, tabulated at finite places for a quick inversion."""

    def __init__(self, function: Function, places: Floats) -> None:
        self._function = function
        places = places[np.isfinite(places)]
        # A jump at a place lies between it and the float below it.
        places = np.unique(np.concatenate([places, np.nextafter(places, -np.inf)]))
        self._values = np.maximum.accumulate(function(places))
        self._places = np.concatenate([[-np.inf], places, [np.inf]])

    def inverse(self, target: Floats, low: Floats, high: Floats) -> Floats:
        """Smallest x between `low` and `high` whose value reaches the target."""
        k = np.searchsorted(self._values, target)
        low = np.maximum(low, self._places[k])
        high = np.maximum(low, np.minimum(high, self._places[k + 1]))
        return _invert(self._function, target, low, high)
