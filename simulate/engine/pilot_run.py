"""A few draws made beforehand to choose the bins; they do not depend on seed or method."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from simulate.engine.draws import DrawBatch
from simulate.engine.evidence import DatedReports
from simulate.engine.grid import RateGrid, TimeGrid
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import design_for
from simulate.engine.sampling.points import METHODS
from simulate.engine.sampling.pool import CHOICE, LinearPool
from simulate.engine.shape import Shape, claim_of
from simulate.engine.strength import MOST_MOMENTS, PilotRecorder, moments_for
from simulate.scenario.distributions.bounded import Uniform
from simulate.scenario.evidence import evidence_of, reports_of
from simulate.scenario.model import Scenario
from simulate.scenario.stocks import main_threshold
from simulate.scenario.values import Day

_DRAWS = 4096
_MARGIN = 4.0
_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the bands of strength."""
_SETTLED = 0.99
"""Once this share of draws is depleted, bands up to the 95th percentile no longer change."""


def _rate_grid(shape: Shape, draws: DrawBatch) -> RateGrid:
    rate = claim_of(draws.values, shape, draws.n).rate
    rate = rate[rate > 0]
    if not rate.size:
        return RateGrid(1.0, 1.0)
    low, high = float(rate.min()), float(rate.max())
    return RateGrid(low, high) if low == high else RateGrid(low / _MARGIN, high * _MARGIN)


def _last_change(plan: Plan, draws: DrawBatch) -> int:
    """The day after which hardly any draw changes, at most the horizon."""
    if plan.road != "straight" or plan.shape.flows:
        return plan.times.days
    claim = claim_of(draws.values, plan.shape, draws.n)
    with np.errstate(divide="ignore"):
        ended = claim.start + claim.size / claim.rate
    if draws.end_time is not None:
        ended = np.minimum(ended, draws.end_time)
    # "higher", since interpolation towards infinity gives infinity.
    last = float(np.quantile(ended, _SETTLED, method="higher"))
    return max(int(min(last + 1.0, float(plan.times.days))), 1)


def plan_for(
    scenario: Scenario,
    *,
    draws: int,
    seed: int,
    method: str,
    strength: bool = False,
    observed: bool = True,
) -> Plan:
    """Prepare a run.

    Parameters
    ----------
    scenario : Scenario
    draws : int
    seed : int
    method : str
    strength : bool
        Whether to tally strength and losses by date as well.
    observed : bool
        Whether to tally losses on the days of counts published later.

    Raises
    ------
    LimitError
        If there are more draws than the limit.
    """
    origin = float(Day.of(scenario.origin))
    constants = {}
    for item in scenario.sampled:
        if item.distribution.is_constant and not item.followed:
            shift = origin if item.distribution.axis == "date" else 0.0
            constants[item.name] = item.distribution.support[0] - shift
    names, matrix = scenario.copula
    unit, pool = Uniform(low=0.0, high=1.0), LinearPool.of(scenario, origin)
    plan = Plan(
        design=design_for(method, draws),
        seed=seed,
        columns={
            item.name: unit if item.followed else item.distribution for item in scenario.uncertain
        }
        | ({} if pool is None else {CHOICE: unit})
        | {f"ends[{i}].happens": unit for i in range(len(scenario.ends))},
        constants=constants,
        origin=origin,
        shape=Shape.of(scenario),
        times=TimeGrid((scenario.last_day - scenario.origin).days + 1),
        rates=RateGrid(1.0, 1.0),
        correlated=names,
        correlations=tuple(map(tuple, matrix)),
        pool=pool,
    )
    days = sorted({(item.date - scenario.origin).days for item in scenario.observed if observed})
    pilot = design_for("lattice", 8 * _DRAWS)
    points = next(METHODS["lattice"](pilot, 0, plan.names, 0, 0))
    sampled = plan.draws(points)._replace(seed=0)
    times = tuple(map(float, days))
    if strength:
        last = _last_change(plan, sampled)
        times = moments_for(0, last, [*days, *_bends(scenario, plan, sampled, last)])
    grid = None
    if times:
        sketch = PilotRecorder(times, losses_only=not strength)
        plan.first_passage(sampled, [sketch])
        grid = sketch.grid(times)
    return replace(
        plan,
        rates=_rate_grid(plan.shape, sampled),
        strength=grid,
        evidence=_evidence(scenario, times) if observed else None,
    )


def _bends(scenario: Scenario, plan: Plan, draws: DrawBatch, last: int) -> set[int]:
    """Whole days up to `last` around those at which the lines of percentiles can bend.

    One line for all draws bends at certain dates, too.
    """
    if plan.columns and last < MOST_MOMENTS:  # every day is a moment
        return set()
    reached = plan.first_passage(draws).time
    if plan.columns:
        main = reached[plan.thresholds.index(main_threshold(plan.thresholds))]
        days = np.quantile(main, _LEVELS, method="higher")
        at = days[np.isfinite(days)].tolist()
    else:
        dates = [item.name for item in scenario.sampled if item.distribution.axis == "date"]
        first = reached[:, 0]
        at = [*(plan.constants[name] for name in dates), *first[np.isfinite(first)].tolist()]
    near = {int(day) + more for day in at for more in (0, 1)}
    return {day for day in near if 0 <= day <= last}


def _evidence(scenario: Scenario, times: tuple[float, ...]) -> DatedReports | None:
    """The reports on which the result is updated, where there are some."""
    found = evidence_of(scenario)
    days = [float((item.date - scenario.origin).days) for item in found]
    return DatedReports(reports_of(scenario), tuple(map(times.index, days))) if found else None
