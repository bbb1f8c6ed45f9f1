"""How many draws a precision asked for takes, and whether the run kept it: a two-stage rule.

A pilot of many short replicates estimates how far each date would move with other random numbers;
one batch of as many draws as that takes follows (Stein 1945, Annals of Mathematical Statistics
16(3), 243-258). Drawing on until the error first looks small enough, as JCGM 101:2008, 7.9 does,
stops where the error happens to be understated: too early, and at erratic numbers of draws
(Wübbeler, Harris, Cox and Elster 2010, Metrologia 47, 317-324).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simulate.analysis.binned import STUDENT_T, Binned
from simulate.analysis.outcomes import PROBABILITIES
from simulate.analysis.summary import Outcome, Precision, Summary, dates_of, tails
from simulate.analysis.values import Instant, Interval
from simulate.engine.plan import Plan
from simulate.engine.run import each_part
from simulate.engine.sampling.design import REPLICATES, Design, design_for
from simulate.engine.workers import Workers
from simulate.scenario.fields import Sampling
from simulate.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PILOT_REPLICATES = 32
PILOT_SEED = 20_090_518
"""That of no run by default, so that a run does not share the numbers it was planned by."""

PILOT_POINTS = {"straight": 2**14, "bent": 2**12, "events": 2**10, "daily": 2**10}
"""Points of each replicate of the pilot, by road: a fraction of a second, by days some seconds. A
run has at least as many in each of its replicates: the error of even points falls faster than one
over the square root of their number, so it is known from above for longer ones only."""

MOST_BY_DEFAULT = {"straight": 2**27, "bent": 2**23, "events": 2**20, "daily": 2**20}
"""Draws after which a run gives up, by road: ten to thirty seconds, by days two minutes."""

MISSES = 0.05
"""Share of runs that may report an error above the precision asked for, at most."""

_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Promise:
    """A precision asked for, in days, and the number of draws at which it is given up."""

    days: float
    most_draws: int

    @classmethod
    def of(cls, sampling: Sampling, plan: Plan, most_draws: int) -> Self:
        """The promise of a sampling: its own number of draws, where given, is the most."""
        most = MOST_BY_DEFAULT[plan.shape.road]
        if "draws" in sampling.model_fields_set:
            most = sampling.draws
        if most > most_draws:  # a power of two, which no method rounds up beyond it
            most = 1 << (most_draws.bit_length() - 1)
        return cls(sampling.precision or math.inf, most)

    def judged(self, summary: Summary) -> Summary:
        """The summary with what became of the promise.

        The ends of shortest intervals converge with the cube root of the number of draws only:
        those that do not keep the promise are left out, so that all that is reported does.
        """
        outcomes = tuple(map(self._kept, summary.outcomes))
        left_out = tuple(
            (outcome.threshold, interval.probability)
            for outcome in summary.outcomes
            for interval in outcome.intervals
            if interval.kind == "shortest" and not self._keeps(interval.low, interval.high)
        )
        errors = [
            date.at.mc_error_days
            for outcome in summary.outcomes
            for date in dates_of(outcome)
            if date.at.mc_error_days is not None
        ]
        missed = tuple(
            date
            for outcome in summary.outcomes
            for date in dates_of(outcome)
            if not self._keeps(date.at)
        )
        found = Precision(self.days, self.most_draws, max(errors, default=None), missed, left_out)
        return replace(summary, outcomes=outcomes, run=replace(summary.run, precision=found))

    def _kept(self, outcome: Outcome) -> Outcome:
        def is_kept(interval: Interval) -> bool:
            return interval.kind != "shortest" or self._keeps(interval.low, interval.high)

        return replace(outcome, intervals=tuple(filter(is_kept, outcome.intervals)))

    def _keeps(self, *moments: Instant) -> bool:
        """Whether all these dates keep it; "not by the horizon" is no date."""
        return all(
            at.missing == "beyond_horizon"
            or (at.mc_error_days is not None and at.mc_error_days <= self.days)
            for at in moments
        )


def planned(scenario: Scenario, plan: Plan, promise: Promise, workers: Workers) -> Plan:
    """The plan with as many draws as the promise takes, by a pilot that no seed changes."""
    design = design_for(plan.design.method, promise.most_draws)
    pilot = _Pilot.of(plan, workers)
    levels = {0.5, *scenario.levels}
    levels.update(level for p in PROBABILITIES for level in tails(p))
    needed = pilot.draws_for(promise.days, sorted(levels))
    if needed < promise.most_draws:
        # The whole of the design, so that the same number asked for gives the same run.
        design = design_for(design.method, design_for(design.method, math.ceil(needed)).n_draws)
    return replace(plan, design=design)


class _Date(NamedTuple):
    """A date as the pilot sees it.

    `share` is how much the share of draws before it varies between replicates, as a standard
    deviation; `allowed` is by how much that share may be wrong, so that the date is not wrong by
    more than is asked for.
    """

    level: float
    share: float
    allowed: float


@dataclass(frozen=True, slots=True)
class _Pilot:
    """Draws of a plan in many short replicates.

    Attributes
    ----------
    laws : tuple of Binned
        For each threshold all draws, as one replicate.
    replicates : tuple of tuple of _Filled
        What each replicate holds, by threshold.
    """

    design: Design
    laws: tuple[Binned, ...]
    replicates: tuple[tuple[_Filled, ...], ...]

    @classmethod
    def of(cls, plan: Plan, workers: Workers) -> Self:
        points, n = PILOT_POINTS[plan.shape.road], len(plan.thresholds)
        design = Design(plan.design.method, 1, points, PILOT_REPLICATES)
        short = replace(plan, design=design, seed=PILOT_SEED, strength=None)
        total = np.zeros((n, plan.times.n_bins), dtype=np.int64)
        found = {}
        for parts in each_part(short, workers):
            for task, part in parts:
                total += part.passages[0]
                found[task] = tuple(map(_Filled.of, part.passages[0]))
        none = np.zeros(1, dtype=np.int64)
        independent = design.method == "random"
        laws = tuple(
            Binned(plan.times.edges, counts[np.newaxis], none, design.n_draws, independent)
            for counts in total
        )
        return cls(design, laws, tuple(found[task] for task in design.tasks))

    def draws_for(self, days: float, levels: Sequence[float]) -> float:
        """Draws that bring the error of each date down to `days`; inf where none do."""
        dates = [date for k in range(len(self.laws)) for date in self._dates(k, days, levels)]
        least = float(REPLICATES * self.design.points)
        risk = MISSES / max(len(dates), 1)
        need = self._independent if self.laws[0].independent else self._spread
        return max([least, *(need(date, least, risk) for date in dates)])

    def _dates(self, k: int, days: float, levels: Sequence[float]) -> Iterable[_Date]:
        law = self.laws[k]
        for level in levels:
            x = law.quantile(level)
            if x is None:
                continue
            shares = [
                filled[k].below(law.edges, x) / self.design.points for filled in self.replicates
            ]
            share = float(np.std(shares, ddof=1))
            own = STUDENT_T[PILOT_REPLICATES - 1] * share / math.sqrt(PILOT_REPLICATES)
            ends = (law.quantile(level - own), law.quantile(level + own))
            # Not closer than the pilot itself can tell dates apart.
            width = max(days, *(abs(end - x) for end in ends if end is not None))
            sides = (law.cdf(x + width) - level, level - law.cdf(x - width))
            yield _Date(level, share, max(min(sides), 0.0) * days / width)

    def _spread(self, date: _Date, least: float, risk: float) -> float:
        """Draws, where the run reads its errors off the spread between its replicates.

        Its variance between `REPLICATES` over that of the pilot follows F, if both have the same
        spread; that of even points falls faster, which is on the safe side.
        """
        del least
        if date.allowed == 0.0:
            return math.inf
        ratio = _f_point(REPLICATES - 1, PILOT_REPLICATES - 1, risk)
        error = STUDENT_T[REPLICATES - 1] * date.share * math.sqrt(ratio / REPLICATES)
        points = self.design.points * (error / date.allowed) ** 2
        # Nor is a share known better than to half a point.
        return REPLICATES * max(points, 0.5 / date.allowed)

    def _independent(self, date: _Date, least: float, risk: float) -> float:
        """Draws, where the run reads its errors off order statistics.

        The length of a bar between ranks k draws apart has a relative standard deviation of one
        over the square root of k, as a standard deviation with k / 2 degrees of freedom has.
        """
        if date.allowed == 0.0:
            return math.inf
        spread = _NORMAL * math.sqrt(date.level * (1.0 - date.level))
        run, pilot = (0.5 * spread * math.sqrt(n) for n in (least, float(self.design.n_draws)))
        return (spread / date.allowed) ** 2 * _f_point(run, pilot, risk)


class _Filled(NamedTuple):
    """Draws of a replicate in the bins that hold any, of which there are few."""

    bins: Ints
    upto: Ints

    @classmethod
    def of(cls, counts: Ints) -> Self:
        """Those of counts by bin."""
        bins = np.flatnonzero(counts)
        return cls(bins, np.cumsum(counts[bins]))

    def below(self, edges: Floats, x: float) -> float:
        """Draws below `x`, spread evenly in their bins."""
        k = int(np.clip(np.searchsorted(edges, x), 1, edges.size - 1))
        before, after = self._before(k - 1), self._before(k)
        return before + (after - before) * (x - float(edges[k - 1])) / float(
            edges[k] - edges[k - 1]
        )

    def _before(self, edge: int) -> int:
        place = int(np.searchsorted(self.bins, edge))
        return int(self.upto[place - 1]) if place else 0


def _f_point(above: float, below: float, risk: float) -> float:
    """The value that F with these degrees of freedom exceeds with the probability `risk`."""
    from scipy.special import fdtri

    return float(fdtri(above, below, 1.0 - risk))
