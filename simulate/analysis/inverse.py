"""The inverse question: the value of one input that makes a published date the median."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from simulate.analysis.binned import Binned
from simulate.analysis.drivers import Factor
from simulate.analysis.inputs import value_at
from simulate.analysis.mc_error import share_errors
from simulate.analysis.outcomes import instant
from simulate.analysis.request import by_road
from simulate.analysis.values import Instant
from simulate.engine.extremes import Extremes
from simulate.engine.grid import ROUNDING
from simulate.engine.pick_freeze import levels_of, passage_times, places_of
from simulate.engine.plan import Plan
from simulate.engine.run import TOGETHER
from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import Distribution
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day

DRAWS = by_road(straight=2**17, bent=2**14, walks=2**11)
"""Most draws for this question, which takes many runs."""

_OPEN_ENDS = (0.001, 0.999)
_LAST_LEVELS = (2.0**-53, 1.0 - 2.0**-53)
_QUARTERS: tuple[float, ...] = (0.25, 0.5, 0.75)
_BETWEEN = by_road(straight=_QUARTERS, bent=_QUARTERS, walks=(0.5,))
_STEP = 0.01
_TOLERANCE = by_road(straight=1e-7, bent=1e-6, walks=1e-3)


class PublishedTarget(Struct, frozen=True):
    """A date to be made the median of one threshold, by the end of the day.

    For a `period` it is the day in its middle.
    """

    label: str
    date: dt.date
    threshold: float
    period: tuple[dt.date, dt.date] | None = None


class Needed(Struct, frozen=True):
    """What one input would have to be, all else as stated.

    The input was searched from `low` to `high`; `earliest` and `latest` are the first and the last
    median over that range. `value` is None if none in the range does it; a date is rounded to the
    nearest day, and `day` is its instant in days since the origin. `mc_error` is the 95 %
    half-width of the value's Monte Carlo error, in the input's unit or in days; `level` is where
    the value lies in the input's own distribution. `jump` has the neighbouring values on either
    side, where the input takes none between them.
    """

    target: PublishedTarget
    name: str
    low: float | dt.date
    high: float | dt.date
    earliest: Instant
    latest: Instant
    value: float | dt.date | None = None
    day: float | None = None
    mc_error: float | None = None
    level: float | None = None
    jump: tuple[float | dt.date, float | dt.date] | None = None

    @property
    def error(self) -> float:
        """Error of the value shown: `mc_error`, and the rounding to a date."""
        rounding = 0.0 if self.day is None else abs(self.day - round(self.day))
        return (self.mc_error or 0.0) + rounding


def targets_of(scenario: Scenario) -> tuple[PublishedTarget, ...]:
    """The published dates, for each threshold they refer to."""
    labels: dict[tuple[dt.date, float, tuple[dt.date, dt.date] | None], list[str]] = {}
    for item in scenario.published:
        middle = item.first + (item.last - item.first) // 2
        period = (item.first, item.last) if item.date is None else None
        for threshold in scenario.thresholds:
            if item.threshold in (None, threshold):
                labels.setdefault((middle, threshold, period), []).append(item.label)
    return tuple(PublishedTarget("; ".join(said), *at) for at, said in labels.items())


def needed(plan: Plan, targets: Sequence[PublishedTarget], factor: Factor) -> tuple[Needed, ...]:
    """The value of an input that each target needs; a pure function.

    The other inputs keep their levels, so the draws for two values share all random numbers. The
    correlations of the input itself are ignored. The plan has as many draws as this question takes.
    """
    law = factor.law
    if law is None:
        return ()
    held, is_finite = _Held(plan, factor.name, law), np.isfinite(law.support).all()
    low, high = _LAST_LEVELS if is_finite else _OPEN_ENDS
    grid = (low, *_BETWEEN[plan.road], high)  # to try first
    times = held.times(grid)
    answers = []
    for target in targets:
        k = plan.thresholds.index(target.threshold)
        medians = sorted((held.median(each[k]) for each in times), key=lambda at: at.day_or_never)
        nothing = Needed(
            target,
            factor.name,
            low=value_at(law, grid[0]),
            high=value_at(law, grid[-1]),
            earliest=medians[0],
            latest=medians[-1],
        )
        search = _Search(held, k, float(Day.of(target.date)) - plan.origin + 1.0)
        for level, each in zip(grid, times, strict=True):
            search.learn(level, each)
        found = search.level(grid)
        answers.append(nothing if found is None else _answered(nothing, search, found))
    return tuple(answers)


class _Held:
    """The draws of a plan with one input held at a value."""

    def __init__(self, plan: Plan, name: str, law: Distribution) -> None:
        self.law, self.plan, self._name = law, plan, name
        self._shift = plan.origin if law.axis == "date" else 0.0
        self._replicates = range(plan.design.replicates)
        levels = np.concatenate([levels_of(plan, r) for r in self._replicates], axis=1)
        self._rest = np.delete(levels, plan.names.index(name), axis=0)
        self._places = tuple(place for r in self._replicates for place in places_of(plan, r))
        # The median, until another value is held.
        self._without = replace(
            plan,
            constants={**plan.constants, name: float(law.ppf(0.5)) - self._shift},
            columns={k: law for k, law in plan.columns.items() if k != name},
            pool=None if plan.pool is None else plan.pool.without(name),
        )

    def times(self, levels: Sequence[float]) -> list[Floats]:
        """First passages with the input at each of some levels, arrays (thresholds, n)."""
        values = self.law.ppf(np.array(levels)) - self._shift
        n = self._rest.shape[1]
        at_once = max(1, TOGETHER[self.plan.road] // n)
        found: list[Floats] = []
        for first in range(0, len(values), at_once):
            some = values[first : first + at_once]
            times = passage_times(
                self._without,
                np.tile(self._rest, len(some)),
                self._places * len(some),
                held={self._name: np.repeat(some, n)},
            )
            found += np.split(times, len(some), axis=1)
        return found

    def by_replicate(self, times: Floats) -> Floats:
        """First passages of one threshold, shape (replicates, draws)."""
        return times.reshape(len(self._replicates), -1)

    def median(self, times: Floats) -> Instant:
        """Their median date."""
        return median_date(self.plan, list(self.by_replicate(times)))


class _Search(Struct, frozen=True):
    """The search for the level at which half of the draws of one threshold come before a day."""

    held: _Held
    k: int
    day: float
    known: dict[float, Floats] = field(default_factory=dict)

    def shares(self, level: float) -> Floats:
        """Share of draws before the day by replicate, with the input at a level."""
        if level not in self.known:
            (times,) = self.held.times([level])
            self.learn(level, times)
        return self.known[level]

    def learn(self, level: float, times: Floats) -> None:
        """Keep the result of a run, since runs are expensive."""
        before = self.held.by_replicate(times[self.k]) < self.day - ROUNDING
        self.known[level] = np.asarray(before.mean(axis=1))

    def level(self, grid: Sequence[float]) -> float | None:
        """The level sought between those of a grid, the nearest to the input's median; or None."""
        from scipy.optimize import brentq

        signs = [bool(self.shares(level).mean() >= 0.5) for level in grid]
        steps = [i for i in range(len(grid) - 1) if signs[i] != signs[i + 1]]
        if not steps:
            return None
        i = min(steps, key=lambda i: abs(grid[i] + grid[i + 1] - 1.0))

        def beyond(level: float) -> float:
            # Never zero, so that the search ends where the sign changes.
            share = float(self.shares(level).mean()) - 0.5
            return share or 1e-12

        tolerance = _TOLERANCE[self.held.plan.road]
        return float(brentq(beyond, grid[i], grid[i + 1], xtol=tolerance))

    def error(self, level: float) -> float:
        """95 % half-width of the error of a level found, by the slope of the share there."""
        shares = self.shares(level)
        draws = self.held.plan.design.per_replicate
        error = float(share_errors(float(shares.mean()), shares, draws))
        low, high = _inside(level - _STEP), _inside(level + _STEP)
        rise = abs(float((self.shares(high) - self.shares(low)).mean()))
        return error * (high - low) / rise if rise else 1.0


def median_date(
    plan: Plan, times: Sequence[Floats], weights: Sequence[Floats] | None = None
) -> Instant:
    """Median date of first passages by independent replicates, with its Monte Carlo error.

    If their numbers differ slightly, as for the draws of one case, the last ones of larger
    replicates are dropped, unless they have weights.
    """
    n, bins = min(len(each) for each in times), plan.times.n_bins
    draws, weighted = float(n), None
    met, counts = Extremes.empty(bins + 1), np.zeros((len(times), bins + 1), dtype=np.int64)
    sums = np.zeros(counts.shape)
    for replicate, each in enumerate(times):
        kept = each[:n] if weights is None else each
        found = plan.times.bins(kept)
        counts[replicate] = np.bincount(found, minlength=bins + 1)
        if weights is not None:
            sums[replicate] = np.bincount(found, weights[replicate], bins + 1)
        met.note(found, kept)
    if weights is not None:
        total = sums.sum(axis=1)
        if not total.any():
            return Instant(None, None, None, "too_few_draws")
        draws = total.sum() ** 2 / sum((each**2).sum() for each in weights) / len(weights)
        weighted = sums[:, :-1] * (draws / total.mean()), total / total.mean()
    binned = Binned.with_atoms(
        plan.times.edges,
        counts[:, :-1],
        met[:-1],
        draws=draws,
        independent=plan.design.is_independent and weights is None,
        weighted=weighted,
    )
    return instant(binned, Day(plan.origin).date, 0.5)


def _answered(nothing: Needed, search: _Search, level: float) -> Needed:
    """The answer at a level found, or the two values between which it jumps."""
    law, reach = search.held.law, 2.0 * _TOLERANCE[search.held.plan.road]
    low, high = _inside(level - reach), _inside(level + reach)
    if law.cdf(law.ppf(high)) - law.cdf(law.ppf(low)) > 2.0 * (high - low):
        return replace(nothing, jump=(value_at(law, low), value_at(law, high)))
    error, value = search.error(level), float(law.ppf(level))
    dated = law.axis == "date"
    ends = law.ppf([_inside(level - error), _inside(level + error)])
    return replace(
        nothing,
        value=Day(round(value)).date if dated else value,
        day=value - search.held.plan.origin if dated else None,
        mc_error=float(np.abs(ends - value).max()),
        level=level,
    )


def _inside(level: float) -> float:
    return min(max(level, _LAST_LEVELS[0]), _LAST_LEVELS[1])
