"""Any law of scipy.stats by its name."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.base import mean_of_quantiles
from simulate.scenario.distributions.counts import mean_of_counts
from simulate.scenario.distributions.parametric import DelayDistribution
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.distributions.tables import FURTHEST, Steps, smallest_whole
from simulate.scenario.values import Line, Number, fail

_MOST_TERMS = 1_000_000
"""The most terms that are added up for a law without a formula."""

_LEFT_OUT = 1e-12
"""Total probability of omitted terms, too small for any run to notice."""

_quiet = np.errstate(all="ignore")
"""SciPy also evaluates formulas outside their range, and discards what they give."""


class _Sums(NamedTuple):
    """P(K <= k) and P(K > k) of consecutive whole numbers, the first of which is `first`."""

    first: float
    upto: Floats
    beyond: Floats

    def cdf(self, k: Floats) -> Floats:
        return np.asarray(np.append(0.0, self.upto)[self._place(k)])

    def sf(self, k: Floats) -> Floats:
        return np.asarray(np.append(1.0, self.beyond)[self._place(k)])

    def _place(self, k: Floats) -> Any:
        return np.clip(k - self.first + 1.0, 0.0, self.upto.size).astype(np.int64)


def _sorted(given: Mapping[str, float]) -> dict[str, float]:
    """In one order, however they were written: a law is described by them."""
    return dict(sorted(given.items()))


class Scipy(DelayDistribution):
    """Any continuous or discrete law of `scipy.stats`, by its name and arguments."""

    distribution: Literal["scipy"] = "scipy"
    name: Line = Field(description="Name in scipy.stats, for instance burr12.")
    args: Annotated[Mapping[str, Number], AfterValidator(_sorted)] = Field(
        {}, description="Its arguments by name, such as loc."
    )

    @cached_property
    def _law(self) -> Any:
        from scipy import stats

        family = getattr(stats, self.name, None)
        if not isinstance(family, stats.rv_continuous | stats.rv_discrete):
            raise fail(f"scipy.stats has no distribution {self.name!r}", at="name")
        try:
            return family(**self.args)
        except TypeError as error:
            wanted = ", ".join(filter(None, [family.shapes, "loc", "scale"]))
            raise fail(
                f"{self.name} does not take these arguments", hint=f"it takes {wanted}", at="args"
            ) from error

    @property
    def has_atoms(self) -> bool:
        """Whether the law is discrete."""
        return hasattr(self._law, "pmf")

    @property
    def is_slow(self) -> bool:
        """Whether the law is continuous; most have to search for each quantile."""
        return not self.has_atoms

    @cached_property
    def _ends(self) -> tuple[float, float]:
        low, high = self._law.support()
        return float(low), float(high)

    @_quiet
    def _check(self) -> None:
        super()._check()
        low, high = self._ends
        if np.isnan([low, high]).any() or not (self.has_atoms or np.isfinite(self._law.median())):
            raise fail(f"{self.name} is not defined for these arguments", at="args")
        if self.has_atoms and np.isfinite(low) and low % 1:
            raise fail(f"loc of {self.name} must be a whole number", at="args")
        if self.has_atoms:
            self._tails  # noqa: B018  (raises for what cannot be added up)

    @cached_property
    def _tails(self) -> Any:
        """What gives P(K <= k) and P(K > k): the law itself, or sums of its terms.

        SciPy adds up all terms for each k where a law has no formula; that, and a search beyond
        2**53, can take all memory and never end.
        """
        from scipy.stats import rv_discrete

        low, high = self._ends
        # A law without a formula inherits the sum; SciPy has no public way to ask.
        summed = type(self._law.dist)._cdf is rv_discrete._cdf  # noqa: SLF001  (as above)
        furthest = low + _MOST_TERMS - 1.0 if summed else FURTHEST
        end = high if self.max is None else min(high, self.max - self._start)
        last = min(end, furthest)
        terms = self._law.pmf(np.arange(low, last + 1.0)) if summed else np.array([])
        left = 1.0 - float(np.sum(terms)) if summed else float(self._law.sf(furthest))
        if last < end and not left <= _LEFT_OUT:
            raise fail(
                f"{self.name} has values too far out to be calculated",
                hint=f"cut it off with max: {self._start + furthest:.0f} or less",
                at="name",
            )
        if not summed:
            return self._law
        beyond = 0.0 if last == high else max(left, 0.0)
        upto = np.minimum(np.cumsum(terms), 1.0)
        return _Sums(low, upto, beyond + np.append(np.cumsum(terms[:0:-1])[::-1], 0.0))

    @cached_property
    def _median(self) -> float:
        """Where the search for a quantile of a discrete law begins."""
        low, high = self._ends
        guess = np.array([0.0])
        return smallest_whole(lambda k: self._tails.cdf(k) >= 0.5, guess, low, high).item()

    def _guess(self, p: Floats) -> Floats:
        return np.full_like(p, self._median)

    def _not_beyond(self, k: Floats) -> Floats:
        return np.asarray(-self._tails.sf(k))

    @cached_property
    def _lower(self) -> Steps:
        return Steps(self._tails.cdf, self._guess, *self._ends, 0.0)

    @cached_property
    def _upper(self) -> Steps:
        return Steps(self._not_beyond, self._guess, *self._ends, -1.0)

    @_quiet
    def _standard_ppf(self, p: Floats) -> Floats:
        if self.has_atoms:
            return self._lower.smallest(p)
        return np.asarray(self._law.ppf(p), dtype=np.float64)

    @_quiet
    def _standard_isf(self, q: Floats) -> Floats:
        if self.has_atoms:
            return self._upper.smallest(-q)
        return np.asarray(self._law.isf(q), dtype=np.float64)

    # Some discrete laws of SciPy keep rising between whole numbers.

    @_quiet
    def _standard_cdf(self, z: Floats) -> Floats:
        return np.asarray(self._tails.cdf(np.floor(z)) if self.has_atoms else self._law.cdf(z))

    @_quiet
    def _standard_sf(self, z: Floats) -> Floats:
        return np.asarray(self._tails.sf(np.floor(z)) if self.has_atoms else self._law.sf(z))

    @_quiet
    def _standard_mean(self) -> float:
        return float(self._law.mean())

    def _mean_between(self, part: Slice) -> float | None:
        return mean_of_counts(part) if self.has_atoms else mean_of_quantiles(part)
