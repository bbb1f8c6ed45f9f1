"""The result updated on later reports: weighted draws, and what to be careful about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from simulate.analysis.outcomes import outcome
from simulate.analysis.strength import observed_checks, strength_over_time
from simulate.analysis.summary import ObservedCheck, Update
from simulate.analysis.values import Report
from simulate.analysis.warnings import rough_percent
from simulate.analysis.weighted import Weighted
from simulate.engine.evidence import MOST_DRAWS, ONE
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.errors import Problem, UpdateError
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.model import Scenario
from simulate.scenario.numerals import exact
from simulate.scenario.values import Day

FEWEST, FEW, FEW_OF_A_REPLICATE = 100, 1000, 100
"""Effective sample sizes: below the first there is no update, below the others a warning."""

_MOST_NAMED = 3
"""Reports that messages name one by one."""

CONFLICT = 0.01
"""A report below this level, or above one less this level, contradicts the scenario."""


CONFLICTS, FEW_FIT = "conflicts with the scenario", "few draws fit the reports"
"""What two kinds of warnings say, before their figures."""


class Weighing(NamedTuple):
    """The draws of a tally as later reports weigh them, or why too few fit.

    `prior` says where the counts fall before the update, `effective` is the effective sample size.
    """

    prior: tuple[ObservedCheck, ...]
    effective: float
    doubts: tuple[str, ...]
    weighted: Weighted | None = None
    refused: str = ""


def weigh(loaded: LoadedScenario, plan: Plan, tally: Tally) -> Weighing | None:
    """Weigh the draws of a tally; None where no reports are evidence."""
    sums, by_date = tally.updated, tally.strength
    if sums is None or by_date is None:
        return None
    prior = observed_checks(loaded.scenario, plan, by_date)
    effective, _ = sums.effective
    doubts = tuple(_doubts(loaded.scenario, plan, sums.effective, prior))
    if effective < FEWEST:
        return Weighing(prior, effective, doubts, refused=_refused(loaded, plan, effective, prior))
    return Weighing(prior, effective, doubts, Weighted.of(sums))


def updated(
    scenario: Scenario, plan: Plan, tally: Tally, found: Weighing, *, strength: bool
) -> Update:
    """The result of a tally updated on reports, with `strength` also strength and losses by date.

    Raises
    ------
    UpdateError
        If too few draws fit them.
    """
    sums, by_date, weighted = tally.updated, tally.strength, found.weighted
    if sums is None or by_date is None or weighted is None:
        raise UpdateError(found.refused)
    after, errors = observed_checks(scenario, plan, by_date, weighted), scenario.evidence
    return Update(
        error=errors.error,
        source_bias=errors.source_bias,
        common_bias=errors.common_bias,
        reports=_reports(scenario, found.prior, after),
        effective_sample_size=found.effective,
        smallest_effective_sample_size=sums.effective[1],
        mean_likelihood=sum(sums.total.tolist()) / (ONE * plan.design.n_draws),
        outcomes=tuple(
            outcome(scenario, plan, tally, k, weighted) for k in range(len(plan.thresholds))
        ),
        observed=after,
        strength=strength_over_time(scenario, plan, by_date, weighted) if strength else None,
    )


def _reports(
    scenario: Scenario, prior: tuple[ObservedCheck, ...], after: tuple[ObservedCheck, ...]
) -> tuple[Report, ...]:
    return tuple(
        Report(
            label=count.label,
            date=count.date,
            source=count.source,
            qualifier=count.qualifier or "",
            bound=count.qualifier == "at_least",
            losses=before.middle.losses,
            level=before.middle.level,
            mc_error=before.middle.mc_error,
            updated_level=then.middle.level,
            updated_mc_error=then.middle.mc_error,
        )
        for count, before, then in zip(scenario.observed, prior, after, strict=True)
        if count.evidence
    )


# --- what to be careful about ---


def _doubts(
    scenario: Scenario,
    plan: Plan,
    sizes: tuple[float, float],
    prior: tuple[ObservedCheck, ...],
) -> Iterator[str]:
    """Doubts about an update, the gravest first; sizes of all draws and of the least replicate."""
    conflicts = _conflicts(scenario, prior)
    yield from conflicts
    effective, smallest = sizes
    if effective < FEW or smallest < FEW_OF_A_REPLICATE:
        draws, replicates = plan.design.n_draws, plan.design.replicates
        least = min(effective, max(smallest, 1.0) * FEW / FEW_OF_A_REPLICATE)
        more = _way_out(scenario) if conflicts else _more_draws(plan, least)
        yield (
            f"{FEW_FIT}: effective sample size {effective:,.0f} of {draws:,} "
            f"draws, at least {smallest:,.0f} in each of {replicates} replicates; {more}"
        )


def _conflicts(scenario: Scenario, prior: tuple[ObservedCheck, ...]) -> list[str]:
    found, words = list[str](), scenario.wording.words
    for count, check in zip(scenario.observed, prior, strict=True):
        # A range conflicts if all of it does, from its lower to its upper end.
        least, most = check.reported[0], check.reported[-1]
        low, high = most.level, 1.0 - least.level
        is_met = min(low, high) >= CONFLICT or (count.qualifier == "at_least" and low < high)
        if is_met or not count.evidence:
            continue
        where, nearest = ("below", most) if low < high else ("above", least)
        share = 1.0 - nearest.level if low < high else nearest.level
        part = "all" if share == 1 else f"{rough_percent(share)} of the"
        found.append(
            f"the report “{count.label}” {CONFLICTS}: "
            f"{exact(round(nearest.losses))} is {where} {part} simulated {words.losses}"
        )
    if (more := len(found) - _MOST_NAMED) > 0:
        others = f"{more} more reports" if more > 1 else "one more report"
        found[_MOST_NAMED:] = [f"{others} conflict{'' if more > 1 else 's'} with the scenario"]
    return found


def _way_out(scenario: Scenario) -> str:
    """What can resolve a conflict, which more draws cannot."""
    name, law = scenario.counted_from
    first, last = (f"{Day(end).date}" for end in law.support)
    since = first if first == last else f"a day from {first} to {last}"
    return (
        "widen what the scenario assumes or the error of the reports (evidence.error), or check "
        "since when the reported numbers count: the simulated "
        f"{scenario.wording.words.losses} count since {since} ({name})"
    )


def _more_draws(plan: Plan, effective: float) -> str:
    if effective <= 0:
        return f"none of {plan.design.n_draws:,} draws fits the reports"
    least = plan.design.n_draws * FEW / effective
    needed = 1 << math.ceil(math.log2(least))
    if needed > MOST_DRAWS:
        return f"no run of up to {MOST_DRAWS:,} draws has enough"
    return f"more draws: about {needed:,}"


def _refused(
    loaded: LoadedScenario, plan: Plan, effective: float, prior: tuple[ObservedCheck, ...]
) -> str:
    """Why there is no update, with the place of the reports and a way out."""
    reports = _reports(loaded.scenario, prior, prior)
    named = [
        f"{report.label} {rough_percent(report.level)}" for report in reports[: 2 * _MOST_NAMED]
    ]
    more = len(reports) - len(named)
    levels = ", ".join([*named, *([f"{more} more"] if more else [])])
    message = (
        "observed: too few draws fit the reports for an update: effective sample size "
        f"{effective:,.0f} of {plan.design.n_draws:,} draws, at least {FEWEST} are "
        f"needed; levels of the reports before it: {levels}"
    )
    conflicts = _conflicts(loaded.scenario, prior)
    wider = "widen what the scenario assumes, or the error of the reports (evidence.error)"
    more_draws = f"{_more_draws(plan, effective)}; or {wider}"
    hint = _way_out(loaded.scenario) if conflicts else more_draws
    problems = (
        *(Problem(conflict, loaded.file) for conflict in conflicts),
        Problem(message, loaded.file, hint=hint),
    )
    return "\n".join(map(str, problems))
