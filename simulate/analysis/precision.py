"""How many draws a precision takes, and whether the run reached it: a two-stage rule.

A pilot of many short replicates estimates how far each date would move with other random numbers,
and so how many draws the run needs (Stein 1945, Annals of Mathematical Statistics 16(3), 243-258).
Drawing until the error first looks small enough, as in JCGM 101:2008, 7.9, stops where the error
happens to be understated: too early, and at erratic numbers of draws
(Wübbeler, Harris, Cox and Elster 2010, Metrologia 47, 317-324).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.binned import Binned
from simulate.analysis.mc_error import NORMAL, STUDENT_T, centred
from simulate.analysis.outcomes import PROBABILITIES, passages_of
from simulate.analysis.request import by_road
from simulate.analysis.summary import Precision, Summary, dates_of, tails
from simulate.analysis.values import Instant
from simulate.analysis.weighted import Weighted
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import REPLICATES, Design, design_for
from simulate.engine.workers import Workers
from simulate.scenario.fields import Sampling
from simulate.scenario.model import Scenario

PILOT_REPLICATES = 32
PILOT_SEED = 20_090_518
"""Not a default seed, so that a run does not share the numbers of its pilot."""

PILOT_POINTS = by_road(straight=2**14, bent=2**12, walks=2**10)
"""Points of each replicate of the pilot: a fraction of a second, by days some seconds. A replicate
of the run has at least as many, since the error of even points falls faster than one over the
square root of their number: the pilot bounds it from above for longer replicates only."""

MOST_BY_DEFAULT = by_road(straight=2**27, bent=2**23, walks=2**20)
"""Draws after which a run gives up: ten to thirty seconds, by days two minutes."""

MISSES = 0.05
"""Largest share of runs that may report an error above the precision."""


class Promise(Struct, frozen=True):
    """A precision in days, and the number of draws at which it is given up."""

    days: float
    most_draws: int

    @classmethod
    def of(cls, sampling: Sampling, plan: Plan, most_draws: int) -> Self:
        """The promise of a sampling; its number of draws, if given, is the most."""
        most = MOST_BY_DEFAULT[plan.road]
        if "draws" in sampling.model_fields_set:
            most = sampling.draws
        if most > most_draws:  # a power of two, which no method rounds up
            most = 1 << (most_draws.bit_length() - 1)
        return cls(sampling.precision or math.inf, most)

    def judged(self, summary: Summary) -> Summary:
        """The summary with the promise checked, after an update for the updated dates.

        The ends of shortest intervals converge with the cube root of the number of draws only:
        those that miss the precision are left out, so that every reported date keeps it.
        """
        outcomes, left_out = [], []
        for outcome in summary.outcomes:
            kept = []
            for each in outcome.intervals:
                if each.kind == "equal-tailed" or self._keeps(each.low, each.high):
                    kept.append(each)
                else:
                    left_out.append((outcome.threshold, each.probability))
            outcomes.append(replace(outcome, intervals=tuple(kept)))
        answer = summary.updated or summary
        dates = [date for outcome in answer.outcomes for date in dates_of(outcome)]
        errors = (date.at.mc_error_days for date in dates)
        found = Precision(
            days=self.days,
            most_draws=self.most_draws,
            largest=max((error for error in errors if error is not None), default=None),
            missed=tuple(date for date in dates if not self._keeps(date.at)),
            shortest_left_out=tuple(left_out),
        )
        run = replace(summary.run, precision=found)
        return replace(summary, outcomes=tuple(outcomes), run=run)

    def _keeps(self, *moments: Instant) -> bool:
        """Whether all these dates are precise enough; "not by the horizon" is no date."""
        return all(
            at.missing == "beyond_horizon"
            or (at.mc_error_days is not None and at.mc_error_days <= self.days)
            for at in moments
        )


def planned(scenario: Scenario, plan: Plan, promise: Promise, workers: Workers) -> Plan:
    """The plan with as many draws as the promise takes, from a pilot that ignores the seed."""
    levels = sorted({0.5, *scenario.levels, *(level for p in PROBABILITIES for level in tails(p))})
    dates = [date for law in _pilot(plan, workers) for date in _dates(law, promise.days, levels)]
    points, risk = PILOT_POINTS[plan.road], MISSES / max(len(dates), 1)
    weighted = plan.evidence is not None
    need = _independent if plan.design.is_independent and not weighted else _spread
    found = (need(date, points, risk) if date.allowed else math.inf for date in dates)
    needed = max([REPLICATES * points, *found])
    design = design_for(plan.design.method, promise.most_draws)
    if needed < promise.most_draws:
        # Rounded up first, so that the same number of draws gives the same run.
        design = design_for(design.method, design_for(design.method, math.ceil(needed)).n_draws)
    return replace(plan, design=design)


def _pilot(plan: Plan, workers: Workers) -> Iterator[Binned]:
    """The law of each threshold, from draws of a plan in many short replicates.

    The updated one, where later reports are evidence.
    """
    design = Design(plan.design.method, 1, PILOT_POINTS[plan.road], PILOT_REPLICATES)
    short = replace(plan, design=design, seed=PILOT_SEED)
    if plan.evidence is None:
        short = replace(short, strength=None)
    tally, none = run_plan(short, workers), np.zeros(PILOT_REPLICATES, dtype=np.int64)
    sums = tally.updated
    # Where no draw of the pilot fits the reports, those of the run hardly do.
    weighted = Weighted.of(sums) if sums is not None and sums.effective[0] > 0 else None
    for k in range(len(plan.thresholds)):
        if weighted is None:
            counts = tally.passages[:, k]
            yield Binned(plan.times.edges, counts, none, design.points, design.is_independent)
        else:
            yield passages_of(short, tally, k, weighted)


class _Date(NamedTuple):
    """A date as the pilot sees it.

    `share` is the standard deviation between replicates of the share of draws before it; `allowed`
    is the error of that share at which the date is just precise enough.
    """

    level: float
    share: float
    allowed: float


def _dates(law: Binned, days: float, levels: Sequence[float]) -> Iterator[_Date]:
    for level in levels:
        x = law.quantile(level)
        if x is None:
            continue
        shares = centred(law.shares(x), level, law.weights)
        share = float(np.std(shares, ddof=1))
        own = STUDENT_T[PILOT_REPLICATES - 1] * share / math.sqrt(PILOT_REPLICATES)
        ends = (law.quantile(level - own), law.quantile(level + own))
        # No narrower than the pilot's own error.
        width = max(days, *(abs(end - x) for end in ends if end is not None))
        sides = (law.cdf(x + width) - level, level - law.cdf(x - width))
        yield _Date(level, share, max(min(sides), 0.0) * days / width)


def _spread(date: _Date, points: int, risk: float) -> float:
    """Draws of a run that takes its errors from the spread between its replicates.

    The ratio of the run's variance to the pilot's, of `points` each, follows F if both have the
    same spread; the variance of even points falls faster, which is on the safe side.
    """
    ratio = _f_point(REPLICATES - 1, PILOT_REPLICATES - 1, risk)
    error = STUDENT_T[REPLICATES - 1] * date.share * math.sqrt(ratio / REPLICATES)
    # A share is never known better than to half a point.
    return REPLICATES * max(points * (error / date.allowed) ** 2, 0.5 / date.allowed)


def _independent(date: _Date, points: int, risk: float) -> float:
    """Draws of a run that takes its errors from order statistics.

    The length of a bar between ranks k draws apart has a relative standard deviation of one over
    the square root of k, as a standard deviation with k / 2 degrees of freedom has.
    """
    spread = NORMAL * math.sqrt(date.level * (1.0 - date.level))
    run, pilot = (0.5 * spread * math.sqrt(n * points) for n in (REPLICATES, PILOT_REPLICATES))
    return (spread / date.allowed) ** 2 * _f_point(run, pilot, risk)


def _f_point(above: float, below: float, risk: float) -> float:
    """The value that F with these degrees of freedom exceeds with probability `risk`."""
    from scipy.special import fdtri

    return float(fdtri(above, below, 1.0 - risk))
