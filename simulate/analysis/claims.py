"""The part of an answer for several claims: each claim's rate, and the weight of each source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from simulate.analysis.inputs import INPUT_LEVELS, input_summary
from simulate.analysis.outcomes import INTERVAL_LEVELS, in_bins_of, rate_summary, rates_of, shifts
from simulate.analysis.summary import ClaimSummary, LeftOut, Outcome, PooledClaims, SourcePart
from simulate.analysis.values import ValueQuantile
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import run_rates
from simulate.engine.tally import Tally
from simulate.scenario.arrays import Ints
from simulate.scenario.claims import LossClaim
from simulate.scenario.inputs import Input
from simulate.scenario.model import Scenario

RATE_DRAWS = 32_768
"""Most draws for the rate of one claim."""


def plans_without(scenario: Scenario, plan: Plan) -> tuple[Plan, ...]:
    """For each of several sources, a plan without its claims."""
    found, claims = scenario.losses.sources, scenario.losses.pooled_claims
    if len(found) < 2:
        return ()
    rest = ([c for n, c in claims if n not in numbers] for _, numbers in found)
    draws, method = plan.design.asked, plan.design.method
    made = (
        plan_for(scenario.following(*others), draws=draws, seed=plan.seed, method=method)
        for others in rest
    )
    # Neither updated nor divided by source.
    return tuple(
        replace(each, evidence=None, pool=each.pool and replace(each.pool, groups=()))
        for each in made
    )


def pooled_claims(
    scenario: Scenario,
    plan: Plan,
    tally: Tally,
    beside: Sequence[tuple[Plan, Tally]],
    outcomes: Sequence[Outcome],
) -> PooledClaims:
    """Each claim by itself, the part of each source in the dates, and the result without it.

    `plan` and `tally` are those with all claims, `outcomes` their results, `beside` the runs of
    `plans_without`.
    """
    losses, rates = scenario.losses, rates_of(plan, tally)
    shares = dict(zip((n for n, _ in losses.pooled_claims), losses.shares, strict=True))

    def summary(number: int, claim: LossClaim) -> ClaimSummary:
        own = _own_rates(scenario, claim, plan)
        median = next((q.value for q in own if q.level == 0.5 and isinstance(q.value, float)), None)
        level, error = (None, None) if median is None else rates.level(median)
        return ClaimSummary(
            number=number,
            label=claim.source.strip() or f"claim {number}",
            source=claim.source,
            url=claim.url,
            published=claim.published,
            counts=claim.counts,
            qualifier=claim.qualifier or "",
            days=claim.days,
            weight=claim.weight if number in shares else None,
            share=shares.get(number),
            count=input_summary(Input("count", claim.count)).quantiles,
            as_of=input_summary(Input("as_of", claim.as_of)).quantiles,
            rates=own,
            rate_level=level,
            rate_level_mc_error=error,
        )

    claims = tuple(summary(*item) for item in enumerate(losses.claims, start=1))
    levels = sorted({*scenario.levels, *INTERVAL_LEVELS})
    left_out = tuple(
        LeftOut(source, numbers, tuple(shifts((plan, tally), run, plan.thresholds, levels)))
        # A single source has no run beside it.
        for (source, numbers), run in zip(losses.sources, beside, strict=False)
    )
    parts = tuple(_parts(scenario, plan, tally, shares, outcomes))
    return PooledClaims(losses.pooling, claims, left_out, parts)


def _parts(
    scenario: Scenario,
    plan: Plan,
    tally: Tally,
    shares: Mapping[int, float],
    outcomes: Sequence[Outcome],
) -> Iterator[SourcePart]:
    """Each source's part of the histograms; nothing where a draw follows no single claim."""
    if tally.groups is None:
        return
    daily, n = tally.groups.sum(axis=0), plan.design.n_draws
    for g, (source, numbers) in enumerate(scenario.losses.groups):
        rows = (
            in_bins_of(outcome.histogram, daily[k, g], scenario.origin, n)
            for k, outcome in enumerate(outcomes)
        )
        share = sum(shares[i] for i in numbers)
        dates = (_reached(own[g], share * n, scenario.origin) for own in daily)
        yield SourcePart(source, numbers, share, tuple(rows), tuple(dates))


def _reached(daily: Ints, n: float, origin: dt.date) -> tuple[dt.date | None, ...]:
    """The dates that 5, 50 and 95 % of `n` draws reach, counted by day from `origin` on."""
    days = np.searchsorted(np.cumsum(daily), np.multiply(INPUT_LEVELS, n)).tolist()
    return tuple(origin + dt.timedelta(days=day) if day < daily.size else None for day in days)


def _own_rates(scenario: Scenario, claim: LossClaim, plan: Plan) -> tuple[ValueQuantile, ...]:
    if claim.days is not None:
        per_day = claim.count.ppf(INPUT_LEVELS) / claim.days
        return tuple(map(ValueQuantile, INPUT_LEVELS, per_day.tolist()))
    draws = min(RATE_DRAWS, plan.design.n_draws)
    following = scenario.following(claim)
    alone = plan_for(following, draws=draws, seed=plan.seed, method="lattice", observed=False)
    return rate_summary(rates_of(alone, run_rates(alone)), INPUT_LEVELS).quantiles
